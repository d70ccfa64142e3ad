"""Engines, modules, instances, imports, types."""

import copy
import inspect
import os
import pickle
import sys
import threading

import pytest

import wasm_runtime_layer as wrl
from wasm_runtime_layer import (Config, Engine, ExportType, Func, FuncType, Global, GlobalType, Imports, ImportType,
                                Instance, Limits, Memory, MemoryType, Module, Store, Table, TableType, ValType, f64,
                                funcref, i32, i64)

WAT = """(module $named
  (import "env" "log" (func $log (param i32 i64)))
  (import "env" "memory" (memory 1 2))
  (import "env" "limit" (global i32))
  (import "env" "table" (table 1 funcref))
  (func (export "run") (result f64) f64.const 1.5)
  (global (export "counter") (mut i64) (i64.const 7)))"""


def test_backends():
    infos = wrl.backends()
    assert [info.is_default for info in infos].count(True) == 1
    assert all(info.engine_name and info.engine_version for info in infos)
    assert Engine().backend == next(info.name for info in infos if info.is_default)


def test_engines(engine):
    assert engine.version and engine.backend in repr(engine)
    assert "multi-value" in engine.features and engine.supports("multi-value")
    assert engine.features == {name for name in engine.features if engine.supports(name)}
    with pytest.raises(ValueError, match="unknown feature"):
        engine.supports("magic")
    with pytest.raises(TypeError):
        engine.supports(1)
    assert Engine(engine.backend).backend == Engine(backend=engine.backend).backend == engine.backend
    assert Engine(Config(backend=engine.backend, max_reentry=5)).backend == engine.backend


def test_exact_traps(engine):
    """All engines of the layer report exact traps, at least with the option. The option has to be a bool."""
    guest = """(module
        (func (export "nan") (result i32) (i32.trunc_f32_s (f32.const nan)))
        (func (export "large") (result i32) (i32.trunc_f32_s (f32.const 1e30))))"""
    for made in (Engine(engine.backend, exact_traps=True), Engine(Config(engine.backend, exact_traps=True))):
        exports = wrl.Instance(Store(made), Module(made, guest)).exports
        codes = []
        for name in ("nan", "large"):
            with pytest.raises(wrl.Trap) as trap:
                getattr(exports, name)()
            codes.append(trap.value.code)
        assert codes == [wrl.TrapCode.BAD_CONVERSION_TO_INTEGER, wrl.TrapCode.INTEGER_OVERFLOW]
    with pytest.raises(TypeError, match="exact_traps must be a bool"):
        Engine(engine.backend, exact_traps=1)


@pytest.mark.threads
def test_stack_options(engine):
    """The options reach the layer, which checks the thread's stack before it enters a guest."""
    guest = """(module (func $f (export "f") (param i32) (result i32)
        (if (result i32) (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 7)))))"""

    def function(**options):
        made = Engine(Config(engine.backend, **options))
        return wrl.Instance(Store(made), Module(made, guest)).exports.f

    def run(depth, **options):
        return function(**options)(depth)

    assert repr(Config("null", 1, 2, 3, 4, 5)) == ("Config(backend='null', max_reentry=1, stack_size=2, stack_reserve=3, "
                                                   "max_compile_work=4, max_compile_memory=5, exact_traps=None, fuel=None)")
    assert run(1, stack_reserve=65536) == 7
    outcome = []
    # Compiled on the main thread: the thread sanitizer leaves little of a small stack.
    reserving = function(stack_reserve=2**20)

    def on_small_stack():
        with pytest.raises(wrl.Trap, match="stack") as trap:
            reserving(1)
        outcome.append(trap.value.code)

    before = threading.stack_size(768 * 1024)
    try:
        thread = threading.Thread(target=on_small_stack)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert outcome == [wrl.TrapCode.STACK_OVERFLOW]
    if engine.backend != "wasmtime":
        with pytest.raises(wrl.Error, match="stack_size") as error:
            run(1, stack_size=65536)
        assert error.value.kind == wrl.ErrorKind.UNSUPPORTED
        return
    assert run(1, stack_size=65536) == 7 and run(5000) == 7
    with pytest.raises(wrl.Trap) as trap:
        run(5000, stack_size=16384)
    assert trap.value.code == wrl.TrapCode.STACK_OVERFLOW


def test_compile_limits(engine):
    """Each limit alone rejects the module, and the message names it. Without limits the module compiles."""
    limitless = 2**64 - 1
    names = ("max_compile_work", "max_compile_memory")

    def compiled(*limits):
        made = Engine(Config(engine.backend, **dict(zip(names, limits))))
        # Each of 200 loops has 200 parameters and results.
        values = "i64 " * 200
        return Module(made, f"(module (func (param {values}) (result {values}) {' '.join(f'local.get {i}' for i in range(200))}"
                            f" {f'loop (param {values}) (result {values}) ' * 200} {'end ' * 200}))")

    def refusal(*limits):
        with pytest.raises(wrl.Error) as error:
            compiled(*limits)
        return error.value

    if sys.platform == "emscripten":
        assert refusal(limitless, limitless).kind == wrl.ErrorKind.UNSUPPORTED
        return
    for name, limits in zip(names, ((1, limitless), (limitless, 1))):
        error = refusal(*limits)
        assert error.kind == wrl.ErrorKind.RESOURCE_LIMIT and name in str(error)
    compiled(limitless, limitless)


def test_bad_engines():
    with pytest.raises(wrl.Error, match="wasmmagic") as caught:
        Engine("wasmmagic")
    assert caught.value.kind == wrl.ErrorKind.INVALID_ARGUMENT
    for bad in (1, b"wasmi", ["wasmi"]):
        with pytest.raises(TypeError):
            Engine(bad)
    with pytest.raises(TypeError):
        Engine("null", backend="null")
    with pytest.raises(TypeError):
        Engine(backend=1)
    with pytest.raises(TypeError):
        Engine(max_reentry="5")
    for bad in (0, -1):
        with pytest.raises(ValueError):
            Engine(max_reentry=bad)
    for name in ("stack_size", "stack_reserve", "max_compile_work", "max_compile_memory"):
        for bad, exception in ((0, ValueError), (-1, ValueError), ("5", TypeError), (1.5, TypeError), (True, TypeError)):
            with pytest.raises(exception, match=name):
                Engine(**{name: bad})
        with pytest.raises(OverflowError, match=name):
            Engine(backend="null", **{name: 2**64})
    for name in ("stack_size", "stack_reserve"):
        with pytest.raises(wrl.Error, match=name):
            Engine(backend="null", **{name: 2**30})
    with pytest.raises((OverflowError, wrl.Error)):
        Engine(max_reentry=2**70)
    with pytest.raises(wrl.Error):
        Engine(max_reentry=70_000)
    with pytest.raises(ValueError):
        Engine("nul\0l")


def test_closing_engines_and_modules(engine):
    backend = engine.backend
    with Engine(backend) as own:
        module = Module(own, "(module)")
        store = Store(own)
    assert own.closed
    own.close()
    for use in (lambda: own.features, lambda: own.backend, lambda: Store(own), lambda: Module(own, "(module)"),
                lambda: own.__enter__()):
        with pytest.raises(ValueError, match="engine is closed"):
            use()
    assert repr(own)
    instance = Instance(store, module)
    with module:
        pass
    assert module.closed
    for use in (lambda: module.exports, lambda: module.imports, lambda: module.name, lambda: module.memories,
                lambda: module.tables, lambda: Instance(store, module),
                lambda: module.custom_section("x"), lambda: module.__enter__()):
        with pytest.raises(ValueError, match="module is closed"):
            use()
    assert list(instance.exports) == []
    assert instance.module is module


def test_closed_stores(engine):
    with Store(engine, data="x") as store:
        instance = Instance(store, Module(engine, '(module (func (export "f")) (memory (export "m") 1) '
                                                  '(global (export "g") i32 (i32.const 1)) (table (export "t") 1 funcref))'))
        exports = instance.exports
        f, m, g, t = exports.f, exports.m, exports.g, exports.t
    assert store.closed
    store.close()
    for use in (f, lambda: f.type, lambda: m[0], lambda: m.read(), lambda: m.write(b""), lambda: m.grow(1),
                lambda: m.size, lambda: m.data_len, lambda: len(m), lambda: m.type, lambda: m.__setitem__(0, 1),
                lambda: memoryview(m), lambda: g.value, lambda: setattr(g, "value", 1), lambda: g.type, lambda: t[0],
                lambda: t.__setitem__(0, None), lambda: t.grow(1), lambda: len(t), lambda: t.size, lambda: t.type,
                lambda: store.data, lambda: setattr(store, "data", 1), lambda: store.__enter__(),
                lambda: Instance(store, instance.module), lambda: Func(store, FuncType([], []), lambda: None),
                lambda: Memory(store, MemoryType(Limits(1))), lambda: Global(store, GlobalType(i32), 1),
                lambda: Table(store, TableType(funcref, Limits(1)))):
        with pytest.raises(ValueError, match="store is closed"):
            use()
    assert store.engine is engine and f == f and hash(m) == hash(m)


def test_stores(engine):
    assert Store().engine.backend == Engine().backend
    data = object()
    store = Store(engine, data)
    assert store.data is data and store.engine is engine
    store.data = None
    assert store.data is None
    for bad in (1, "wasmi"):
        with pytest.raises(TypeError):
            Store(bad)


def test_modules(engine):
    module = Module(engine, WAT)
    assert module.name == "named" and module.engine is engine
    assert module.imports == (
        ImportType("env", "log", FuncType([i32, i64], [])),
        ImportType("env", "memory", MemoryType(Limits(1, 2))),
        ImportType("env", "limit", GlobalType(i32, False)),
        ImportType("env", "table", TableType(funcref, Limits(1))),
    )
    assert module.exports == (ExportType("run", FuncType([], [f64])), ExportType("counter", GlobalType(i64, True)))
    assert module.imports is module.imports
    assert module.memories == (MemoryType(Limits(1, 2)),) and module.tables == (TableType(funcref, Limits(1)),)
    assert Module(engine, "(module (memory 3) (table 4 5 externref))").memories == (MemoryType(Limits(3)),)
    assert Module(engine, "(module)").name is None


def test_forms_of_modules(engine, tmp_path):
    text = '(module (func (export "f")))'
    wasm = wrl.wat2wasm(text)
    assert wasm[:8] == b"\0asm\1\0\0\0"
    assert wrl.wat2wasm(wasm) == wasm == wrl.wat2wasm(text.encode())
    for form in (text, text.encode(), wasm, bytearray(wasm), memoryview(wasm), memoryview(bytes(10) + wasm)[10:]):
        assert [item.name for item in Module(engine, form).exports] == ["f"]
    for name, contents in (("a.wasm", wasm), ("a.wat", text.encode())):
        path = tmp_path / name
        path.write_bytes(contents)
        for form in (path, str(path), os.fsencode(path)):
            assert [item.name for item in Module.from_file(engine, form).exports] == ["f"]
    with pytest.raises(FileNotFoundError):
        Module.from_file(engine, tmp_path / "none.wasm")
    with pytest.raises(TypeError):
        Module.from_file(engine, 1.5)


def test_bad_modules(engine):
    for bad, kind in ((b"", "MALFORMED"), (b"\0asm", "MALFORMED"), (b"\0asm\2\0\0\0", "MALFORMED"),
                      ("(module", "MALFORMED"), ("(module (func i32.frob))", "MALFORMED"),
                      ("(module (func (result i32)))", "INVALID"), ("", "MALFORMED")):
        with pytest.raises(wrl.Error) as caught:
            Module(engine, bad)
        assert caught.value.kind == wrl.ErrorKind[kind] and str(caught.value) and caught.value.message
        with pytest.raises(wrl.Error) as validated:
            Module.validate(engine, bad)
        assert validated.value.kind == caught.value.kind and validated.value.message
    for bad in (None, 1, [0, 97], object()):
        with pytest.raises(TypeError):
            Module(engine, bad)
        with pytest.raises(TypeError):
            wrl.wat2wasm(bad)
    for bad in (None, "wasmi", Store(engine)):
        with pytest.raises(TypeError):
            Module(bad, "(module)")
        with pytest.raises(TypeError):
            Module.validate(bad, "(module)")
    assert Module.validate(engine, WAT) is None
    assert Module.validate(engine, wasm=wrl.wat2wasm(WAT)) is None
    with pytest.raises(UnicodeEncodeError):
        Module(engine, "(module) ;; \ud800")


def test_custom_sections(engine):
    text = '(module (@custom "mine" "contents\\00x") (@custom "blank" ""))'
    module = Module(engine, text, keep_custom_sections=True)
    assert module.custom_section("mine") == b"contents\0x"
    assert module.custom_section("blank") == b"" and module.custom_section("other") is None
    module = Module(engine, text)
    assert module.custom_section("blank") == b"" and module.custom_section("other") is None
    with pytest.raises(ValueError, match="keep_custom_sections"):
        module.custom_section("mine")
    with pytest.raises(TypeError):
        Module(engine, text, True)
    with pytest.raises(TypeError):
        module.custom_section(1)


def test_exports(load):
    exports = load("""(module (func (export "f")) (memory (export "memory") 1) (func (export "keys") (result i32) i32.const 7)
        (global (export "with space") i32 (i32.const 3)) (func (export "") (result i32) i32.const 9)
        (func (export "\\c3\\a4") (result i32) i32.const 10))""").exports
    assert list(exports) == ["f", "memory", "keys", "with space", "", "ä"] and len(exports) == 6
    assert "f" in exports and "g" not in exports and 0 not in exports
    assert exports["f"] is exports.f is exports[0] and exports[-1] is exports["ä"] is exports.ä
    assert exports["with space"].value == 3 and exports[""]() == 9
    assert exports["keys"]() == 7 and list(exports.keys()) == list(exports)
    assert [type(item).__name__ for item in exports.values()] == ["Func", "Memory", "Func", "Global", "Func", "Func"]
    assert dict(exports.items())["f"] is exports.f
    assert exports.get("none") is None
    assert {"f", "memory"} <= set(dir(exports)) and "memory" in repr(exports)
    with pytest.raises(KeyError) as missing:
        exports["memori"]
    assert missing.value.args == ("memori",) and "memori" not in exports and exports.get("memori", 1) == 1
    with pytest.raises(AttributeError, match="^the instance has no export 'memori'$"):
        exports.memori
    with pytest.raises(AttributeError):
        exports.f = 1
    with pytest.raises(AttributeError):
        del exports.f
    with pytest.raises(IndexError):
        exports[6]
    for bad in (1.0, None, b"f"):
        with pytest.raises(TypeError):
            exports[bad]


def test_exports_with_hostile_names(load):
    exports = load("""(module
        (func (export "_find") (result i32) i32.const 1) (func (export "_order") (result i32) i32.const 2)
        (func (export "_names") (result i32) i32.const 3) (func (export "_items") (result i32) i32.const 4)
        (func (export "\\1b[2J\\0a\\e2\\80\\ae")))""").exports
    assert (exports._find(), exports._order(), exports._names(), exports._items()) == (1, 2, 3, 4)
    assert len(exports) == 5 and exports[0] is exports._find
    assert "\\x1b[2J\\n\\u202e" in repr(exports) and "\x1b" not in repr(exports)


def test_exports_of_a_closed_store(load):
    exports = load('(module (func (export "f")) (func (export "g")))').exports
    f = exports.f
    f.store.close()
    assert exports.f is f and "g" in exports and "h" not in exports
    for name in ("g", "h"):
        with pytest.raises(ValueError, match="closed"):
            exports[name]
        with pytest.raises(ValueError, match="closed"):
            exports.get(name)


def test_names_with_nul(load):
    exports = load('(module (func (export "a\\00b") (result i32) i32.const 1) (func (export "a") (result i32) i32.const 2))').exports
    assert exports["a\0b"]() == 1 and exports["a"]() == 2 and exports["a\0b"] != exports["a"]
    f = load('(module (import "m\\00" "n\\00" (func $f (result i32))) (export "f" (func $f)))',
             {"m\0": {"n\0": lambda: 5}}).exports.f
    assert f() == 5


def fill(store):
    return {"log": lambda a, b: None, "memory": Memory(store, MemoryType(Limits(1, 2))),
            "limit": Global(store, GlobalType(i32), 1), "table": Table(store, TableType(funcref, Limits(1)))}


def test_forms_of_imports(engine, store):
    module = Module(engine, WAT)
    items = fill(store)
    for form in ({"env": items}, {"env": items, "more": {}}, {"env": {**items, "more": items["memory"]}}, Imports({"env": items}),
                 list(items.values()), tuple(items.values())):
        assert Instance(store, module, form).exports.run() == 1.5
    imports = Imports()
    for name, item in items.items():
        imports.define("env", name, item)
    assert imports.instantiate(store, module).exports.counter.value == 7


def test_bad_imports(engine, store):
    module = Module(engine, WAT)
    items = fill(store)
    for missing in items:
        with pytest.raises(wrl.LinkError, match=missing) as caught:
            Instance(store, module, {"env": {name: item for name, item in items.items() if name != missing}})
        assert caught.value.kind == wrl.ErrorKind.LINK
    with pytest.raises(wrl.LinkError):
        Instance(store, module)
    with pytest.raises(wrl.LinkError, match="memory"):
        Instance(store, module, {"env": {**items, "memory": Memory(store, MemoryType(Limits(1, 9)))}})
    with pytest.raises(wrl.LinkError):
        Instance(store, module, {"env": {**items, "log": Func(store, FuncType([], []), lambda: None)}})
    with pytest.raises(wrl.LinkError):
        Instance(store, module, {"env": {**items, "log": items["memory"]}})
    for name, bad in (("memory", 1), ("memory", lambda: None), ("log", 1), ("limit", 5), ("table", [])):
        with pytest.raises(TypeError, match=name):
            Instance(store, module, {"env": {**items, name: bad}})
    for bad in (1, "env", {"env": 1}, {"env": [items]}, [items], list(items.values())[1:]):
        with pytest.raises(TypeError):
            Instance(store, module, bad)
    for args in ((None, module), (store, None), (store,), (module, store)):
        with pytest.raises(TypeError):
            Instance(*args)
    other = Store(engine)
    with pytest.raises(wrl.Error):
        Instance(store, module, {"env": {**items, "memory": Memory(other, MemoryType(Limits(1, 2)))}})
    with pytest.raises(wrl.Error):
        Instance(Store(Engine("null")), module, {"env": items})


def test_the_collection(store, load):
    imports = Imports()
    memory = Memory(store, MemoryType(Limits(1)))
    imports.define("a", "m", memory)
    imports["a", "f"] = print
    imports.define_func("b", "g", FuncType([], []), len)
    assert len(imports) == 3 and list(imports) == [("a", "m"), ("a", "f"), ("b", "g")]
    assert imports["a", "m"] is memory and imports.get("a", "f") is print and imports.get("b", "g") is len
    assert imports.get("a", "x") is None and ("a", "m") in imports and ("a", "x") not in imports
    assert imports.has_module("b") and not imports.has_module("c") and repr(imports) == "<Imports ('a', 'm'), ('a', 'f'), ('b', 'g')>"
    with pytest.raises(KeyError):
        imports["a", "x"]
    imports.define("a", "m", print)
    assert imports["a", "m"] is print
    for bad in (("a", 1, print), (1, "a", print), ("a", "b", 1), ("a", "b", None)):
        with pytest.raises(TypeError):
            imports.define(*bad)
    with pytest.raises(TypeError):
        imports.define_func("a", "b", [i32], print)
    with pytest.raises(TypeError):
        imports.define_func("a", "b", FuncType([], []), 1)
    with pytest.raises(TypeError):
        imports.define_module("z", {"ok": print, "bad": 1})
    assert not imports.has_module("z")
    first = load('(module (func (export "one") (result i32) i32.const 1) (memory (export "memory") 1))')
    imports.define_instance("first", first)
    assert imports["first", "one"] is first.exports.one
    second = load('(module (import "first" "one" (func $f (result i32))) (func (export "run") (result i32) call $f))', imports)
    assert second.exports.run() == 1
    with pytest.raises(TypeError):
        imports.define_instance("x", first.exports)


def test_value_types():
    assert ValType.i32() is i32 and str(i32) == "i32" and ValType.externref() == wrl.externref
    assert i32 == ValType.i32() and i32 != i64 and len({i32, i64, ValType.i32()}) == 2
    assert FuncType(["i32", int, i32], [float]) == FuncType([i32] * 3, [f64])
    assert i32 != "i32"
    with pytest.raises(TypeError):
        ValType()
    for bad in ("i33", str, 1, None, [i32]):
        with pytest.raises(TypeError):
            FuncType([bad], [])
    with pytest.raises(TypeError):
        FuncType("i32", [])
    with pytest.raises(TypeError):
        FuncType(1, [])


def test_types_never_change():
    type = FuncType([i32], [])
    with pytest.raises(AttributeError):
        type.params = ()
    with pytest.raises(AttributeError):
        del type.params
    assert hash(type) == hash(FuncType([i32], [])) and type != FuncType([], []) and type != 1
    assert "FuncType" in repr(type)
    assert len({Limits(1), Limits(1, 2), Limits(1), MemoryType(Limits(1)), TableType(funcref, Limits(1))}) == 4
    for bad in ((-1,), (2**64,), (0, -1), (0, 2**64)):
        with pytest.raises(OverflowError):
            Limits(*bad)
    for bad in (("1",), (None,), (1, "2"), (True,)):
        with pytest.raises(TypeError):
            Limits(*bad)


def test_types_that_are_not_immutable(engine):
    for cls in (Engine, Module, Store, Instance, Func, Memory, Global, Table):
        with pytest.raises(TypeError):
            cls.attribute = 1
        with pytest.raises(TypeError):
            type("Derived", (cls,), {})


def test_messages_that_are_no_text():
    """File names need not be UTF-8."""
    with pytest.raises(wrl.Error) as caught:
        wrl.load_backend(b"/none/\xff.so")
    assert "/none/\\xff.so" in str(caught.value) or caught.value.kind is wrl.ErrorKind.UNSUPPORTED


def test_types_are_copied_and_pickled():
    types = [i32, funcref, FuncType([i32, "externref"], [f64]), GlobalType(i64, True), MemoryType(Limits(1, 2), True, True, 0),
             TableType(funcref, Limits(3), True), ImportType("a", "b", FuncType([], [])), ExportType("a", GlobalType(i32))]
    for copied in (copy.copy(types), copy.deepcopy(types), pickle.loads(pickle.dumps(types)), [copy.copy(one) for one in types]):
        assert copied == types
        assert copied[0] is i32 and copied[1] is funcref


def test_classes_go_by_their_public_names():
    for name in wrl.__all__:
        if isinstance(getattr(wrl, name), type):
            assert getattr(wrl, name).__module__ == "wasm_runtime_layer", name


def test_load_backend(tmp_path):
    with pytest.raises(wrl.Error) as caught:
        wrl.load_backend(tmp_path / "wrl-none.so")
    assert caught.value.kind in (wrl.ErrorKind.IO, wrl.ErrorKind.UNSUPPORTED)
    with pytest.raises(TypeError):
        wrl.load_backend(1)
    with pytest.raises(ValueError):
        wrl.load_backend("a\0b")


def test_docstrings_and_names():
    for name in wrl.__all__:
        item = getattr(wrl, name)
        if isinstance(item, type) or callable(item):
            assert item.__doc__, name
        for member, value in vars(item).items() if isinstance(item, type) else ():
            if not member.startswith("_") and (callable(getattr(item, member)) or inspect.isgetsetdescriptor(value)):
                assert inspect.getdoc(getattr(item, member)), (name, member)
    assert wrl.__version__ == "0.1.0"


def test_signatures():
    """inspect, which help() and editors use, finds the signatures of the C part."""
    for cls in (Engine, Module, Store, Instance, Func, Memory, Global, Table):
        assert inspect.signature(cls).parameters
        for name, method in vars(cls).items():
            if not name.startswith("_") and callable(method):
                assert next(iter(inspect.signature(method).parameters)) in ("self", "type"), (cls, name)
    assert list(inspect.signature(Memory.read).parameters) == ["self", "start", "stop"]
    assert list(inspect.signature(Module.from_file).parameters) == ["engine", "path", "keep_custom_sections"]
    for function in (wrl.wat2wasm, wrl.load_backend):
        assert len(inspect.signature(function).parameters) == 1
