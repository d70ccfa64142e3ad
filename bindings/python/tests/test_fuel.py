"""Fuel."""

import pytest

import wasm_runtime_layer as wrl
from wasm_runtime_layer import Caller, Config, Engine, Instance, Module, Store, TrapCode

GUEST = """(module
  (import "host" "work" (func $work (param i32)))
  (func (export "loop") (loop $again (br $again)))
  (func (export "nothing"))
  (func (export "works") (param i32) (call $work (local.get 0))))"""


def work(caller: Caller, fuel):
    caller.use_fuel(fuel)


@pytest.fixture
def fuelled(engine):
    if not engine.supports("fuel"):
        with pytest.raises(wrl.Error, match="fuel") as refused:
            Engine(engine.backend, fuel=True)
        assert refused.value.kind == wrl.ErrorKind.UNSUPPORTED
        pytest.skip(f"{engine.backend} does not support fuel")
    made = Engine(Config(engine.backend, fuel=True))
    store = Store(made)
    return store, Instance(store, Module(made, GUEST), {"host": {"work": work}}).exports


def test_a_guest_without_fuel_traps(fuelled):
    store, exports = fuelled
    assert store.fuel == 0
    for fuel in (0, 1000):
        store.fuel = fuel
        with pytest.raises(wrl.Trap) as trap:
            exports.loop()
        assert trap.value.code == TrapCode.OUT_OF_FUEL
        assert store.fuel <= fuel
    store.fuel = 2**64 - 1
    assert store.fuel == 2**64 - 1
    exports.nothing()
    assert 2**64 - 100 < store.fuel < 2**64 - 1


def test_a_host_function_takes_fuel(fuelled):
    store, exports = fuelled
    store.fuel = 10000
    exports.works(5000)
    assert 4900 < store.fuel <= 5000
    with pytest.raises(wrl.Trap) as trap:
        exports.works(5000)
    assert trap.value.code == TrapCode.OUT_OF_FUEL
    assert store.fuel == 0


def test_without_the_option(engine, load):
    exports = load(GUEST, {"host": {"work": work}}).exports
    exports.works(2**31 - 1)
    store = Store(engine)
    assert store.fuel == 0
    with pytest.raises(wrl.Error, match="takes no fuel"):
        store.fuel = 1


def test_values(engine, fuelled):
    store, exports = fuelled
    for bad in (None, 1.0, "1", True):
        with pytest.raises(TypeError):
            store.fuel = bad
    for bad in (-1, 2**64):
        with pytest.raises(OverflowError):
            store.fuel = bad
    with pytest.raises(TypeError):
        del store.fuel
    store.fuel = 1000
    with pytest.raises(OverflowError):
        exports.works(-1)
    with pytest.raises(TypeError, match="fuel must be a bool"):
        Engine(engine.backend, fuel=1)
