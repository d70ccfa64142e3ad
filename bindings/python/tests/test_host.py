"""Host functions: calls from guests into Python."""

import functools
import sys
import traceback

import pytest

import wasm_runtime_layer as wrl
from wasm_runtime_layer import Caller, Func, FuncType, Imports, Store, f32, f64, i32, i64

CALLS = """(module
  (import "host" "f" (func $f (param i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "hello")
  (func (export "run") (param i32) (result i32) local.get 0 call $f))"""


def test_a_plain_callable(load):
    run = load(CALLS, {"host": {"f": lambda x: x * 2}}).exports.run
    assert run(21) == 42


@pytest.mark.parametrize("make", [
    lambda: int,
    lambda: abs,
    lambda: functools.partial(lambda a, b: b, 1),
    lambda: "0123456789".__len__ and (lambda x: x),
    lambda: type("C", (), {"__call__": lambda self, x: x})(),
    lambda: type("C", (), {"m": lambda self, x: x})().m,
    lambda: type("C", (), {"m": classmethod(lambda cls, x: x)}).m,
])
def test_all_kinds_of_callables(load, make):
    assert load(CALLS, {"host": {"f": make()}}).exports.run(5) == 5


def test_caller(load):
    seen = []

    def f(caller: Caller, x):
        seen.append(caller)
        memory = caller["memory"]
        assert caller.get("memory") == memory
        assert caller.get("none") is None and caller.get("none", 1) == 1
        with pytest.raises(KeyError) as missing:
            caller["none"]
        assert missing.value.args == ("none",)
        assert "memory" in caller and "none" not in caller
        for bad in (1, None, b"memory"):
            assert bad not in caller
            with pytest.raises(TypeError):
                caller[bad]
        assert caller.store.engine.backend
        assert memory.read(8, 13) == b"hello"
        memory.write(b"HELLO", x)
        return caller["run"] == instance.exports.run

    instance = load(CALLS, {"host": {"f": f}})
    assert instance.exports.run(8) == 1
    assert instance.exports.memory[8:13] == b"HELLO"
    for use in (lambda caller: caller["memory"], lambda caller: caller.get("none"), lambda caller: "none" in caller,
                lambda caller: 1 in caller):
        with pytest.raises(ValueError, match="has returned"):
            use(seen[0])
    with pytest.raises(TypeError):
        Caller()


def test_the_callers_instance(engine, store, load):
    seen = []

    def f(caller: Caller, x):
        seen.append((caller, caller.instance))
        return x

    host = {"host": {"f": f}}
    one, other = load(CALLS, host), load(CALLS, host)
    for instance in (one, other, one):
        instance.exports.run(1)
    assert [instance for _, instance in seen] == [one, other, one]
    assert one != other and len({one, other, *(instance for _, instance in seen)}) == 2
    assert seen[1][1].store is store and seen[1][1].module.engine is engine
    assert [item.name for item in seen[1][1].module.exports] == ["memory", "run"]
    # It is a different object for the same instance.
    assert seen[1][1].exports.memory == other.exports.memory
    assert seen[1][1].exports.run(5) == 5
    with pytest.raises(ValueError, match="has returned"):
        seen[0][0].instance
    # The host itself makes the call.
    assert Func(store, FuncType([i32], [i32]), f)(7) == 7 and seen[-1][1] is None
    assert (one == 1) is False


def test_the_callers_instance_is_in_the_making(load):
    starts = """(module (import "host" "f" (func $f)) (func $g call $f) (start $g) (global (export "g") i32 (i32.const 7)))"""
    seen = []

    def f(caller: Caller):
        seen.append(caller.instance)

    instance = load(starts, {"host": {"f": f}})
    assert seen == [instance] and seen[0].exports.g.value == 7


def test_caller_by_flag_and_by_text(store, load):
    def f(caller, x):
        return caller["memory"].size + x

    def g(caller: "wrl.Caller", x: int) -> int:
        return caller["memory"].size + x

    type = FuncType([i32], [i32])
    assert load(CALLS, [Func(store, type, f, access_caller=True)]).exports.run(1) == 2
    assert load(CALLS, [Func(store, type, g)]).exports.run(1) == 2
    assert load(CALLS, [Func(store, g)]).exports.run(1) == 2
    # The flag overrides the annotation.
    with pytest.raises(TypeError):
        load(CALLS, [Func(store, type, g, access_caller=False)]).exports.run(1)


def test_the_host_calls_its_own_function(store):
    def f(caller: Caller, x):
        assert caller.get("memory") is None
        return x + 1

    assert Func(store, FuncType([i32], [i32]), f)(1) == 2


def test_types_from_annotations(store):
    def f(a: int, b: float, c: i64, d: f32, e: object) -> None:
        pass

    assert Func(store, f).type == FuncType(["i32", "f64", "i64", "f32", "externref"], [])

    def g() -> tuple[i32, f64]:
        return 1, 2.0

    assert Func(store, g).type == FuncType([], [i32, f64])
    assert Func(store, g)() == (1, 2.0)

    def h(a: "int") -> "i64":
        return a

    assert Func(store, h).type == FuncType([i32], [i64])

    class C:
        def method(self, a: int) -> int:
            return a + 1

    assert Func(store, C().method)(1) == 2


def test_annotations_of_imports(load):
    def whole(a: int) -> int:
        return a + 1

    def partly(a: int):
        return a + 1

    def foreign(a: str) -> int:
        return a + 1

    for f in (whole, partly, foreign):
        assert load(CALLS, {"host": {"f": f}}).exports.run(1) == 2
    wide = CALLS.replace("$f (param i32)", "$f (param i64)").replace("get 0 call", "get 0 i64.extend_i32_s call")
    with pytest.raises(wrl.LinkError, match='"host" "f" is of the wrong type'):
        load(wide, {"host": {"f": whole}})
    for f in (partly, foreign):
        assert load(wide, {"host": {"f": f}}).exports.run(1) == 2


def test_bad_annotations(store):
    def no_param(a) -> None: ...
    def no_result(a: int): ...
    def wrong(a: str) -> None: ...
    def keyword(*, a: int) -> None: ...
    def many(*a: int) -> None: ...
    def unknown(a: "NotThere") -> None: ...  # noqa: F821

    for bad in (no_param, no_result, wrong, keyword, many, unknown):
        with pytest.raises(TypeError):
            Func(store, bad)
    with pytest.raises(TypeError):
        Func(store, 1)
    with pytest.raises(TypeError):
        Func(store, FuncType([], []), 1)

    # A parameter list whose len() is wrong.
    class Lies(tuple):
        def __len__(self):
            return 60000

    mutated = FuncType([i32], [])
    object.__setattr__(mutated, "params", Lies((i32,)))
    assert Func(store, mutated, lambda x: None).type == FuncType([i32], [])
    with pytest.raises(TypeError):
        Func(store, "i32", lambda: None)
    with pytest.raises(TypeError):
        Func(1, FuncType([], []), lambda: None)
    with pytest.raises(TypeError):
        Func()


def test_results(store):
    def returning(value, *types):
        return Func(store, FuncType([], types), lambda: value)

    assert returning(None)() is None
    assert returning((1, 2), i32, i32)() == (1, 2)
    assert returning([1, 2], i32, i32)() == (1, 2)
    for value, types, message in [
        (1, (), "must return None"),
        (None, (i32,), "an int, for i32"),
        ("1", (i32,), "an int, for i32"),
        (1.5, (i64,), "an int, for i64"),
        ("1", (f64,), "a float, for f64"),
        (1, (i32, i32), "a tuple of 2 results"),
        ((1,), (i32, i32), "2 results, not 1"),
        ((1, 2, 3), (i32, i32), "2 results, not 3"),
        ((1, "x"), (i32, i32), "result of a host function 2"),
    ]:
        with pytest.raises(TypeError, match=message):
            returning(value, *types)()
    with pytest.raises(OverflowError):
        returning(2**32, i32)()


@pytest.mark.parametrize("count", [0, 1, 5, 6, 7, 8, 9, 30])
@pytest.mark.parametrize("caller", [False, True])
def test_many_arguments(store, count, caller):
    def f(*args):
        if caller:
            assert isinstance(args[0], Caller)
        return sum(args[caller:])

    func = Func(store, FuncType([i64] * count, [i64]), f, access_caller=caller)
    assert func(*range(count)) == sum(range(count))


def test_arguments_are_not_kept(store):
    class Thing:
        pass

    thing = Thing()
    func = Func(store, FuncType(["externref"] * 3, []), lambda a, b, c: None)
    func(thing, thing, thing)
    before = sys.getrefcount(thing)
    for _ in range(100):
        func(thing, thing, thing)
    assert sys.getrefcount(thing) == before


def test_an_exception_comes_out_as_itself(load):
    class Mine(Exception):
        pass

    mine = Mine("x")

    def thrower(x):
        raise mine

    run = load(CALLS, {"host": {"f": thrower}}).exports.run
    for _ in range(3):
        with pytest.raises(Mine) as caught:
            run(1)
        assert caught.value is mine
        names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
        assert names[-1] == "thrower" and names[0] == "test_an_exception_comes_out_as_itself"
        mine.__traceback__ = None


@pytest.mark.parametrize("exception", [KeyboardInterrupt, SystemExit, GeneratorExit, StopIteration])
def test_exceptions_of_all_kinds(load, exception):
    def f(x):
        raise exception

    run = load(CALLS, {"host": {"f": f}}).exports.run
    with pytest.raises(exception):
        run(1)


def test_cause_and_context_survive(load):
    def f(x):
        try:
            1 // 0
        except ZeroDivisionError as error:
            raise ValueError("outer") from error

    with pytest.raises(ValueError) as caught:
        load(CALLS, {"host": {"f": f}}).exports.run(1)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_exceptions_through_several_levels(load):
    """Each level may catch, replace or propagate an exception of an inner level."""

    def f(x):
        if x == 0:
            raise KeyError("inner")
        if x == 3:
            with pytest.raises(KeyError):
                instance.exports.run(x - 1)
            raise LookupError("replaced")
        if x == 5:
            with pytest.raises(LookupError, match="replaced"):
                instance.exports.run(x - 1)
            return 55
        return instance.exports.run(x - 1)

    instance = load(CALLS, {"host": {"f": f}})
    with pytest.raises(KeyError, match="inner"):
        instance.exports.run(2)
    with pytest.raises(LookupError, match="replaced"):
        instance.exports.run(4)
    assert instance.exports.run(7) == 55


def test_an_exception_of_another_store(engine, load):
    def thrower(x):
        raise KeyError("far")

    other = wrl.Instance(Store(engine), wrl.Module(engine, CALLS), {"host": {"f": thrower}}).exports.run
    with pytest.raises(KeyError, match="far"):
        load(CALLS, {"host": {"f": lambda x: other(x)}}).exports.run(1)


def test_a_trap_of_the_hosts(load):
    trap = wrl.Trap("enough", wrl.TrapCode.UNREACHABLE)

    def f(x):
        raise trap

    with pytest.raises(wrl.Trap) as caught:
        load(CALLS, {"host": {"f": f}}).exports.run(1)
    assert caught.value is trap and trap.code is wrl.TrapCode.UNREACHABLE


THROWING = """(module $guest
  (import "host" "f" (func $f (param i32) (result i32)))
  (func $deep (param i32) (result i32) local.get 0 call $f)
  (func (export "run") (param i32) (result i32) local.get 0 call $deep))"""


class OwnError(wrl.Error):
    """Does not call the base class's constructor."""

    def __init__(self):
        pass


@pytest.mark.parametrize("kind", [wrl.Trap, wrl.Error, wrl.LinkError, wrl.ExitTrap, OwnError])
def test_an_error_of_the_hosts_has_the_guests_frames(engine, load, kind):
    error = kind()

    def f(x):
        raise error

    assert error.frames == []
    run = load(THROWING, {"host": {"f": f}}).exports.run
    with pytest.raises(wrl.Error) as caught:
        run(1)
    assert caught.value is error
    frames = error.frames
    if not engine.supports("backtrace"):
        assert frames == []
        return
    assert [frame.func_index for frame in frames] == [1, 2]
    assert frames[0].func_name == "deep" and frames[0].module_name in ("guest", None)
    # An error that already has frames keeps them.
    with pytest.raises(wrl.Error):
        load(CALLS, {"host": {"f": f}}).exports.run(1)
    assert error.frames is frames


def test_an_error_keeps_the_frames_of_the_innermost_call(engine, load):
    frames = None

    def f(x):
        nonlocal frames
        if x == 0:
            raise wrl.Error("inner")
        try:
            return inner.exports.run(0)
        except wrl.Error as error:
            frames = error.frames
            raise

    inner = load(THROWING, {"host": {"f": f}})
    outer = load(CALLS, {"host": {"f": f}})
    with pytest.raises(wrl.Error) as caught:
        outer.exports.run(1)
    # The engine may also report the frames of the outer call.
    assert [frame.func_index for frame in frames][:2] == ([1, 2] if engine.supports("backtrace") else [])
    assert caught.value.frames == frames


def test_an_exception_of_the_programs_has_no_frames(load):
    def f(x):
        raise ValueError("x")

    with pytest.raises(ValueError) as caught:
        load(THROWING, {"host": {"f": f}}).exports.run(1)
    assert vars(caught.value) == {}


class Stubborn(wrl.Error):
    frames = property(lambda self: (), lambda self, value: 1 // 0)


def test_an_error_that_takes_no_frames(engine, load, monkeypatch):
    """The error is raised anyway. The failure to set its frames is reported through sys.unraisablehook."""
    unraisable = []
    monkeypatch.setattr(sys, "unraisablehook", lambda args: unraisable.append(args.exc_type))
    error = Stubborn()

    def f(x):
        raise error

    with pytest.raises(Stubborn) as caught:
        load(THROWING, {"host": {"f": f}}).exports.run(1)
    assert caught.value is error
    assert unraisable == ([ZeroDivisionError] if engine.supports("backtrace") else [])


def test_an_exception_in_the_start_function(load):
    def f():
        raise KeyError("start")

    with pytest.raises(KeyError, match="start"):
        load('(module (import "host" "f" (func $f)) (start $f))', {"host": {"f": f}})


def test_recursion_ends(load):
    depth = 0

    def f(x):
        nonlocal depth
        depth += 1
        return instance.exports.run(x + 1)

    instance = load(CALLS, {"host": {"f": f}})
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(10_000)
    try:
        with pytest.raises(wrl.Trap) as caught:
            instance.exports.run(0)
    finally:
        sys.setrecursionlimit(limit)
    assert caught.value.code is wrl.TrapCode.STACK_OVERFLOW
    # The layer's default, except in Pyodide, which uses the stack of JS.
    assert depth == (50 if sys.platform == "emscripten" else 200)


def test_max_reentry():
    engine = wrl.Engine(max_reentry=3)
    store = Store(engine)
    instance = wrl.Instance(store, wrl.Module(engine, CALLS), {"host": {"f": lambda x: instance.exports.run(x)}})
    with pytest.raises(wrl.Trap):
        instance.exports.run(0)


def test_imports_serve_several_stores(engine):
    imports = Imports()
    imports.define_func("host", "f", FuncType([i32], [i32]), lambda x: x + 1)
    module = wrl.Module(engine, CALLS)
    for _ in range(3):
        assert imports.instantiate(Store(engine), module).exports.run(1) == 2


def test_the_store_is_closed_from_within(engine):
    def f(x):
        store.close()
        store.close()
        assert store.closed
        with pytest.raises(ValueError, match="closed"):
            instance.exports.run(1)
        with pytest.raises(ValueError, match="closed"):
            instance.exports.memory
        return x

    store = Store(engine)
    instance = wrl.Instance(store, wrl.Module(engine, CALLS), {"host": {"f": f}})
    run = instance.exports.run
    assert run(5) == 5
    with pytest.raises(ValueError, match="closed"):
        run(5)


def test_the_store_is_closed_from_within_and_an_exception_raised(engine):
    def f(x):
        store.close()
        raise KeyError("after")

    store = Store(engine)
    instance = wrl.Instance(store, wrl.Module(engine, CALLS), {"host": {"f": f}})
    with pytest.raises(KeyError, match="after"):
        instance.exports.run(5)


def test_arguments_that_close_the_store(engine):
    class Closes:
        def __index__(self):
            store.close()
            return 1

    store = Store(engine)
    run = wrl.Instance(store, wrl.Module(engine, CALLS), {"host": {"f": lambda x: x}}).exports.run
    with pytest.raises(ValueError, match="closed"):
        run(Closes())


@pytest.mark.parametrize("annotation", ["the number", "none.such", "1 / 0", "list[int]"])
def test_annotations_that_are_no_types(store, load, annotation):
    """Annotations may be arbitrary text. The type of an import then comes from the module."""
    def f(x):
        return x + 1

    f.__annotations__ = {"x": annotation, "return": annotation}
    assert load(CALLS, {"host": {"f": f}}).exports.run(5) == 6
    assert Func(store, FuncType([i32], [i32]), f)(6) == 7
    with pytest.raises(TypeError):
        Func(store, f)
