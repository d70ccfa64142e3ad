"""Calls from Python into guests."""

import math
import struct

import pytest

import wasm_runtime_layer as wrl
from wasm_runtime_layer import Limits, Memory, MemoryType, Table, TableType, funcref

ADD_ONE = """(module (func (export "add_one") (param i32) (result i32) local.get 0 i32.const 1 i32.add))"""
ECHO = """(module
  (func (export "i32") (param i32) (result i32) local.get 0)
  (func (export "i64") (param i64) (result i64) local.get 0)
  (func (export "f32") (param f32) (result f32) local.get 0)
  (func (export "f64") (param f64) (result f64) local.get 0)
  (func (export "bits") (param f64) (result i64) local.get 0 i64.reinterpret_f64)
  (func (export "f32bits") (param f32) (result i32) local.get 0 i32.reinterpret_f32)
  (func (export "nothing"))
  (func (export "swap") (param i32 f64) (result f64 i32) local.get 1 local.get 0))"""


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


def test_add_one(load):
    add_one = load(ADD_ONE).exports["add_one"]
    assert add_one(42) == 43
    assert add_one(2**31 - 1) == -(2**31)
    assert type(add_one(1)) is int


@pytest.mark.parametrize("value, result", [
    (0, 0), (-1, -1), (2**31 - 1, 2**31 - 1), (-(2**31), -(2**31)),
    (2**31, -(2**31)), (2**32 - 1, -1), (True, 1), (Index(7), 7),
])
def test_i32(load, value, result):
    assert load(ECHO).exports.i32(value) == result


@pytest.mark.parametrize("value, result", [
    (0, 0), (-1, -1), (2**63 - 1, 2**63 - 1), (-(2**63), -(2**63)),
    (2**63, -(2**63)), (2**64 - 1, -1), (Index(2**40), 2**40),
])
def test_i64(load, value, result):
    assert load(ECHO).exports.i64(value) == result


@pytest.mark.parametrize("name, value", [
    ("i32", 2**32), ("i32", -(2**31) - 1), ("i32", 2**64), ("i32", -(2**200)), ("i32", Index(2**32)),
    ("i64", 2**64), ("i64", -(2**63) - 1), ("i64", 2**200), ("i64", -(2**200)),
])
def test_overflow(load, name, value):
    with pytest.raises(OverflowError, match=f"argument 1 is too large for {name}"):
        load(ECHO).exports[name](value)


@pytest.mark.parametrize("name, value", [
    ("i32", 1.0), ("i32", "1"), ("i32", None), ("i32", b"1"), ("i32", []), ("i64", 1.0), ("i64", "1"),
    ("f32", "1"), ("f32", None), ("f64", "1"), ("f64", b"1"), ("f64", 1j),
])
def test_wrong_type(load, name, value):
    with pytest.raises(TypeError, match="argument 1 must be an? (int|float), for " + name):
        load(ECHO).exports[name](value)


def test_floats(load):
    exports = load(ECHO).exports
    assert exports.f64(0.1) == 0.1
    assert exports.f64(3) == 3.0 and type(exports.f64(3)) is float
    assert exports.f32(0.1) == struct.unpack("f", struct.pack("f", 0.1))[0]
    assert exports.f32(1e300) == math.inf
    assert math.copysign(1, exports.f64(-0.0)) == -1
    assert math.isnan(exports.f32(math.nan))
    # The payload of a NaN is preserved.
    nan = struct.unpack("<d", struct.pack("<Q", 0x7FF8_0000_0000_1234))[0]
    assert exports.bits(nan) == 0x7FF8_0000_0000_1234
    assert struct.pack("<d", exports.f64(nan)) == struct.pack("<d", nan)
    assert exports.f32bits(1.5) == 0x3FC00000


def nearest_f32(number):
    """Computes the float nearest to an int, ties to even, from the definition."""
    sign, number = (-1 if number < 0 else 1), abs(number)
    shift = max(number.bit_length() - 24, 0)
    quotient, rest = number >> shift, number & ((1 << shift) - 1)
    half = 1 << shift >> 1
    quotient += rest > half or (rest == half and shift > 0 and quotient & 1)
    return sign * float(quotient << shift)


def test_an_int_becomes_an_f32_in_one_step(load):
    f32 = load(ECHO).exports.f32
    # Rounding first to a double and then to a float would result in the next lower float.
    assert f32(2**60 + 2**36 + 1) == 2**60 + 2**37
    assert f32(Index(2**60 + 2**36 + 1)) == 2**60 + 2**37
    for exponent in (24, 25, 30, 53, 54, 60, 63, 64, 100, 126, 127):
        ulp = 2 ** (exponent - 23)
        for step in (0, 1, 2, 3):
            for off in (-2, -1, 0, 1, 2, 2**10, -(2**10)):
                number = 2**exponent + step * ulp + ulp // 2 + off
                for signed in (number, -number):
                    assert f32(signed) == nearest_f32(signed), signed
    assert f32(True) == 1.0 and f32(0) == 0.0


def test_an_int_too_large_for_a_float(load):
    exports = load(ECHO).exports
    largest = 2**128 - 2**104
    assert exports.f32(largest + 2**103 - 1) == largest and exports.f32(-largest) == -largest
    for number in (largest + 2**103, 2**128, 10**300, 10**400):
        for value in (number, -number, Index(number)):
            with pytest.raises(OverflowError, match="argument 1 is too large for f32"):
                exports.f32(value)
    assert exports.f64(2**1023) == 2.0**1023
    for value in (2**1024, -(10**400), Index(10**400)):
        with pytest.raises(OverflowError, match="argument 1 is too large for f64"):
            exports.f64(value)


def test_ints_that_convert_themselves(load):
    class Half(int):
        def __float__(self):
            return int(self) / 2

    assert load(ECHO).exports.f32(Half(3)) == 1.5
    assert load(ECHO).exports.f64(Half(3)) == 1.5


def test_results(load):
    exports = load(ECHO).exports
    assert exports.nothing() is None
    assert exports.swap(1, 2.5) == (2.5, 1)


def test_exceptions_of_conversions_come_out(load):
    class Bad:
        def __index__(self):
            raise LookupError("mine")

        def __float__(self):
            raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        load(ECHO).exports.i32(Bad())
    with pytest.raises(LookupError, match="mine"):
        load(ECHO).exports.f64(Bad())


def test_type_errors_of_conversions_are_those_of_the_program(load):
    class Bad:
        def __index__(self):
            raise TypeError("mine")

        __float__ = __index__

    for name in ("i32", "i64", "f32", "f64"):
        with pytest.raises(TypeError, match="^mine$"):
            load(ECHO).exports[name](Bad())


def test_ints_of_thousands_of_digits(store, load):
    """Python refuses to print such ints. This must not make the error message fail."""
    large = 10**5000
    exports = load(ECHO).exports
    memory = Memory(store, MemoryType(Limits(1, 2)))
    table = Table(store, TableType(funcref, Limits(1)))
    for use in (exports.i32, exports.i64, memory.grow, memory.read, table.grow, Limits):
        for value in (large, -large):
            with pytest.raises(OverflowError):
                use(value)
    for use in (lambda: table[large], lambda: table.get(-large), lambda: memory[large]):
        with pytest.raises(IndexError):
            use()
    with pytest.raises(ValueError, match="a byte must be"):
        memory[0] = large


def test_wrong_counts(load):
    exports = load(ECHO).exports
    with pytest.raises(TypeError, match="takes 1 argument, but 0 were given"):
        exports.i32()
    with pytest.raises(TypeError, match="takes 1 argument, but 2 were given"):
        exports.i32(1, 2)
    with pytest.raises(TypeError, match="takes 0 arguments, but 1 was given"):
        exports.nothing(1)
    with pytest.raises(TypeError, match="no keyword"):
        exports.i32(x=1)
    with pytest.raises(TypeError, match="no keyword"):
        exports.i32(*[], **{"x": 1})


def test_arguments_from_a_tuple(load):
    exports = load(ECHO).exports
    assert exports.swap(*(1, 2.0)) == (2.0, 1)
    assert exports.i32(*[5], **{}) == 5
    assert list(map(exports.i32, range(3))) == [0, 1, 2]
    with pytest.raises(TypeError, match="3 were given"):
        exports.swap(*(1, 2.0, 3))
    # Calls through tp_call, which not all callers use.
    assert type(exports.i32).__call__(exports.i32, 8) == 8
    with pytest.raises(TypeError, match="2 were given"):
        type(exports.i32).__call__(exports.i32, 8, 9)


@pytest.mark.parametrize("count", [8, 9, 40, 1000])
def test_many_slots(load, count):
    names = " ".join(["i64"] * count)
    gets = " ".join(f"local.get {i}" for i in range(count))
    many = load(f'(module (func (export "many") (param {names}) (result {names}) {gets}))').exports.many
    values = tuple(range(count))
    assert many(*values) == values
    with pytest.raises(TypeError):
        many(*values[1:])


def test_v128(load, engine):
    wat = """(module (func (export "v") (param v128) (result v128) local.get 0)
                     (func (export "neg") (param v128) (result v128) local.get 0 i8x16.neg))"""
    if not engine.supports("simd"):
        with pytest.raises(wrl.Error):
            load(wat)
        return
    exports = load(wat).exports
    value = bytes(range(16))
    assert exports.v(value) == value
    assert exports.neg(value) == bytes(-i & 255 for i in range(16))
    for bad in (b"", bytes(15), bytes(17), "0123456789abcdef", 1, None):
        with pytest.raises(TypeError, match="bytes object of length 16"):
            exports.v(bad)


def test_funcrefs(load):
    exports = load("""(module
      (func $f (export "f") (param i32) (result i32) local.get 0 i32.const 2 i32.mul)
      (func (export "give") (result funcref) ref.func $f)
      (func (export "null") (result funcref) ref.null func)
      (func (export "echo") (param funcref) (result funcref) local.get 0))""").exports
    f = exports.give()
    assert isinstance(f, wrl.Func) and f(21) == 42
    assert f == exports.f and hash(f) == hash(exports.f) and f is not exports.f
    assert f != exports.give and f != 1
    assert exports.null() is None
    assert exports.echo(f) == f
    assert exports.echo(None) is None
    for bad in (1, "f", lambda: None):
        with pytest.raises(TypeError, match="a Func or None"):
            exports.echo(bad)


def test_a_func_of_another_store(engine, load):
    other = wrl.Instance(wrl.Store(engine), wrl.Module(engine, ADD_ONE)).exports.add_one
    echo = load('(module (func (export "echo") (param funcref) (result funcref) local.get 0))').exports.echo
    with pytest.raises(wrl.Error) as caught:
        echo(other)
    assert caught.value.kind == wrl.ErrorKind.INVALID_ARGUMENT


def test_types(load):
    exports = load(ECHO).exports
    assert exports.swap.type == wrl.FuncType([wrl.i32, wrl.f64], [wrl.f64, wrl.i32])
    assert str(exports.swap.type) == "(i32, f64) -> (f64, i32)"


def test_order_of_comparison_is_not_defined(load):
    exports = load(ECHO).exports
    with pytest.raises(TypeError):
        exports.i32 < exports.i64
