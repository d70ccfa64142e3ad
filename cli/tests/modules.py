"""WebAssembly modules for the tests: text, and binaries that are assembled byte by byte."""

VALUES = r"""
(module $values
  (type $callback (func (param i32) (result i32)))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "add_one") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func (export "i32") (param i32) (result i32) (local.get 0))
  (func (export "i64") (param i64) (result i64) (local.get 0))
  (func (export "f32") (param f32) (result f32) (local.get 0))
  (func (export "f64") (param f64) (result f64) (local.get 0))
  (func (export "v128") (param v128) (result v128) (local.get 0))
  (func (export "lane0") (param v128) (result i32) (i32x4.extract_lane 0 (local.get 0)))
  (func (export "externref") (param externref) (result externref) (local.get 0))
  (func (export "funcref") (param funcref) (result funcref) (local.get 0))
  (func (export "f32_bits") (param f32) (result i32) (i32.reinterpret_f32 (local.get 0)))
  (func (export "f64_bits") (param f64) (result i64) (i64.reinterpret_f64 (local.get 0)))
  (func (export "none"))
  (func (export "all") (param i32 i64 f32 f64 v128 externref funcref)
        (result funcref externref v128 f64 f32 i64 i32)
    (local.get 6) (local.get 5) (local.get 4) (local.get 3) (local.get 2) (local.get 1) (local.get 0))
  (table (export "table") 2 10 funcref)
  (memory (export "memory") 1 3)
  (global (export "global") (mut i32) (i32.const 7))
)
"""

REFERENCES = r"""
(module
  (type $callback (func (param i32) (result i32)))
  (func (export "add_one") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func (export "any") (param anyref) (result anyref) (local.get 0))
  (func (export "callback") (param (ref null $callback)) (result (ref null $callback)) (local.get 0))
  (func (export "i31") (result i31ref) (ref.i31 (i32.const 1)))
  (func (export "get") (param (ref i31)) (result i32) (i31.get_s (local.get 0)))
)
"""

TRAPS = r"""
(module $traps
  (memory 1)
  (table 3 funcref)
  (elem (i32.const 1) $none)
  (func $none)
  (func $deep (export "unreachable") unreachable)
  (func (export "outer") (call $deep))
  (func (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "convert") (param f64) (result i32) (i32.trunc_f64_s (local.get 0)))
  (func (export "indirect") (param i32) (result i32) (call_indirect (result i32) (local.get 0)))
  (func $recurse (export "recurse") (param i32) (result i32)
    (i32.add (i32.const 1) (call $recurse (local.get 0))))
)
"""

# For each export of TRAPS: arguments, and text that the trap's message must contain.
TRAP_CALLS = [
    ("unreachable", [], "unreachable"),
    ("divide", ["1", "0"], "division by zero"),
    ("divide", ["-2147483648", "-1"], "overflow"),
    ("load", ["-1"], "out of bounds memory"),
    ("convert", ["nan"], "conversion to integer"),
    ("convert", ["1e10"], "overflow"),
    ("indirect", ["0"], "null"),
    ("indirect", ["1"], "indirect call type mismatch"),
    ("indirect", ["7"], "out of bounds table"),
    ("recurse", ["0"], "stack"),
]


def leb(value):
    out = bytearray()
    while True:
        byte = value & 0x7F
        value >>= 7
        out.append(byte | (0x80 if value else 0))
        if not value:
            return bytes(out)


def name(text):
    data = text.encode() if isinstance(text, str) else text
    return leb(len(data)) + data


def vector(items):
    return leb(len(items)) + b"".join(items)


def section(number, contents):
    return bytes([number]) + leb(len(contents)) + contents


def custom(title, contents):
    return section(0, name(title) + contents)


HEADER = b"\0asm\x01\0\0\0"


def with_names(import_names, export_names, custom_names=()):
    """Makes a module with an imported function for each (module, name), and one own function, exported under each name."""
    return (
        HEADER
        + section(1, vector([b"\x60\x00\x00"]))
        + section(2, vector([name(m) + name(n) + b"\x00\x00" for m, n in import_names]))
        + section(3, vector([b"\x00"]))
        + section(7, vector([name(n) + b"\x00" + leb(len(import_names)) for n in export_names]))
        + section(10, vector([b"\x02\x00\x0b"]))
        + b"".join(custom(n, b"contents") for n in custom_names)
    )


def slow(functions):
    """Makes a module that takes long to compile, with that many functions of some thousand instructions each."""
    step = b"\x20\x00\x41\x03\x6c\x20\x01\x6a\x22\x01\x41\x07\x77\x20\x00\x73\x21\x00"
    body = b"\x00" + step * 300 + b"\x20\x00\x0b"
    code = leb(len(body)) + body
    return (
        HEADER
        + section(1, vector([b"\x60\x02\x7f\x7f\x01\x7f"]))
        + section(3, vector([b"\x00"] * functions))
        + section(10, vector([code] * functions))
    )
