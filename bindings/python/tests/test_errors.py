"""Traps and other errors of guests."""

import pickle

import pytest

import wasm_runtime_layer as wrl
from wasm_runtime_layer import TrapCode

TRAPS = """(module $guest
  (memory 1)
  (table 1 funcref)
  (type $f (func))
  (func $deep (export "unreachable") unreachable)
  (func (export "memory") (result i32) i32.const 65536 i32.load)
  (func (export "divide") (result i32) i32.const 1 i32.const 0 i32.div_s)
  (func (export "overflow") (result i32) i32.const 0x80000000 i32.const -1 i32.div_s)
  (func (export "table") i32.const 9 call_indirect (type $f))
  (func $loop (export "stack") call $loop)
  (func (export "outer") call $deep))"""


@pytest.mark.parametrize("name, code", [
    ("unreachable", TrapCode.UNREACHABLE), ("memory", TrapCode.MEMORY_OUT_OF_BOUNDS),
    ("divide", TrapCode.INTEGER_DIVISION_BY_ZERO), ("overflow", TrapCode.INTEGER_OVERFLOW),
    ("table", TrapCode.TABLE_OUT_OF_BOUNDS), ("stack", TrapCode.STACK_OVERFLOW),
])
def test_codes(load, name, code):
    exports = load(TRAPS).exports
    for _ in range(3):
        with pytest.raises(wrl.Trap) as caught:
            exports[name]()
        trap = caught.value
        assert trap.code is code and trap.kind is wrl.ErrorKind.TRAP and isinstance(trap, wrl.Error)
        assert trap.message == str(trap) != ""


def test_frames(engine, load):
    with pytest.raises(wrl.Trap) as caught:
        load(TRAPS).exports.outer()
    frames = caught.value.frames
    if not engine.supports("backtrace"):
        assert frames == []
        return
    assert [frame.func_index for frame in frames] == [0, 6]
    assert frames[0].func_name == "deep" and frames[1].func_name is None
    assert all(frame.module_name in ("guest", None) for frame in frames)
    assert "deep" in repr(frames[0])


def test_a_trap_in_the_start_function(load):
    with pytest.raises(wrl.Trap):
        load("(module (func $f unreachable) (start $f))")


def test_a_segment_out_of_bounds(load):
    with pytest.raises(wrl.Trap) as caught:
        load('(module (memory 1) (data (i32.const 65535) "ab"))')
    assert caught.value.code is TrapCode.MEMORY_OUT_OF_BOUNDS


def test_errors_made_by_programs():
    trap = wrl.Trap("why")
    assert trap.code is TrapCode.OTHER and trap.frames == [] and str(trap) == "why"
    assert wrl.Trap("x", 2).code is TrapCode.UNREACHABLE
    with pytest.raises(ValueError):
        wrl.Trap("x", 99)
    error = wrl.Error("x", wrl.ErrorKind.IO)
    assert error.kind is wrl.ErrorKind.IO and wrl.Error("x").kind is wrl.ErrorKind.HOST
    assert wrl.ExitTrap("x", 3).code == 3 and wrl.ExitTrap(code=3).code == 3 and str(wrl.ExitTrap("x", 3)) == "x"
    with pytest.raises(TypeError, match="code=3"):
        wrl.ExitTrap(3)
    for made in (trap, error, wrl.LinkError("x"), wrl.ExitTrap("x", 3)):
        assert made.frames == [] and made.frames is not wrl.Error("x").frames
        made.frames.append(wrl.Frame(1, "f", None, None, None))
        again = pickle.loads(pickle.dumps(made))
        assert type(again) is type(made) and str(again) == str(made) and again.kind is made.kind
        assert getattr(again, "code", None) == getattr(made, "code", None) and again.frames[0].func_name == "f"
    assert issubclass(wrl.Trap, wrl.Error) and issubclass(wrl.LinkError, wrl.Error)


def test_numbers_are_those_of_the_library():
    """The Python enumerations must stay complete: an unknown number would become OTHER or HOST."""
    assert len(wrl.ErrorKind) == 11 and len(TrapCode) == 18
