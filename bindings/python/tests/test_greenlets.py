"""Greenlets: which of their calls may be in progress at the same time on one thread."""

import pytest

import wasm_runtime_layer as wrl
from wasm_runtime_layer import Caller

pytestmark = pytest.mark.greenlets

GUEST = """(module
  (import "host" "wait" (func $wait (param i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "plain") (param i32) (result i32) (local.get 0))
  (func (export "run") (param i32) (result i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (call $wait (local.get 0))))
      (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get $sum)))"""


class Tasks:
    """Greenlets that each call a guest, and the order in which they resume."""

    def __init__(self, engine):
        self.greenlet = __import__("greenlet")
        self.main = self.greenlet.getcurrent()
        self.module = wrl.Module(engine, GUEST)
        self.results = {}

    def wait(self, n):
        self.main.switch()
        return n

    def exports(self, store):
        return wrl.Instance(store, self.module, {"host": {"wait": self.wait}}).exports

    def add(self, key, call):
        def run():
            try:
                self.results[key] = call()
            except (RuntimeError, wrl.Error) as error:
                self.results[key] = str(error)

        return self.greenlet.greenlet(run)

    @staticmethod
    def in_turn(greenlets):
        while any(not task.dead for task in greenlets):
            for task in greenlets:
                if not task.dead:
                    task.switch()


def test_a_store_for_each(engine):
    tasks = Tasks(engine)
    stores = [tasks.exports(wrl.Store(engine)) for _ in range(3)]
    tasks.in_turn([tasks.add(i, lambda i=i: stores[i].run(5)) for i in range(3)])
    assert tasks.results[0] == 15
    if engine.backend == "wasmi":
        assert tasks.results == {0: 15, 1: 15, 2: 15}
    else:
        assert "suspended in another greenlet" in tasks.results[1] and "suspended in another greenlet" in tasks.results[2]
    assert [exports.plain(7) for exports in stores] == [7, 7, 7]
    # One greenlet after the other.
    tasks.results.clear()
    for i in range(3):
        task = tasks.add(i, lambda i=i: stores[i].run(5))
        while not task.dead:
            task.switch()
    assert tasks.results == {0: 15, 1: 15, 2: 15}


def test_one_store_for_all(engine):
    tasks = Tasks(engine)
    exports = tasks.exports(wrl.Store(engine))
    tasks.in_turn([tasks.add(0, lambda: exports.run(5)), tasks.add(1, lambda: exports.plain(5)),
                   tasks.add(2, lambda: exports.memory.size), tasks.add(3, lambda: exports.memory.read(0, 4))])
    assert tasks.results.pop(0) == 15
    assert set(tasks.results.values()) == {"the store is in use by another greenlet"}
    assert exports.plain(7) == 7 and exports.memory.read(0, 4) == bytes(4)


def test_a_greenlet_that_was_made_inside_a_host_function(engine):
    """The greenlet's frames are below those of the waiting call, like those of a nested call."""
    tasks = Tasks(engine)
    exports = tasks.exports(wrl.Store(engine))
    other = tasks.exports(wrl.Store(engine))
    inner = []

    def spawn(n):
        if not inner:
            here = tasks.greenlet.getcurrent()
            tasks.main = here
            inner.extend([tasks.add("same", lambda: exports.run(5)), tasks.add("other", lambda: other.run(5))])
            for task in inner:
                task.switch()
        return n

    outer = wrl.Instance(wrl.Store(engine), tasks.module, {"host": {"wait": spawn}}).exports
    assert outer.run(3) == 6
    tasks.main = tasks.greenlet.getcurrent()
    tasks.in_turn(inner)
    if engine.backend == "wasmi":
        assert tasks.results == {"same": 15, "other": 15}
    else:
        assert all("suspended in another greenlet" in result for result in tasks.results.values()), tasks.results
    assert exports.plain(7) == other.plain(7) == outer.plain(7) == 7


def test_calls_inside_one_another_in_a_greenlet(engine, store):
    tasks = Tasks(engine)

    def wait(caller: Caller, n):
        tasks.main.switch()
        return caller["plain"](n) + caller["plain"](0)

    exports = wrl.Instance(store, tasks.module, {"host": {"wait": wait}}).exports
    tasks.in_turn([tasks.add(0, lambda: exports.run(5))])
    assert tasks.results == {0: 15}


def test_a_greenlet_that_is_dropped(engine, store):
    """An exception ends the greenlet's host function, and with it the call."""
    tasks = Tasks(engine)
    exports = tasks.exports(store)
    task = tasks.add(0, lambda: exports.run(5))
    task.switch()
    with pytest.raises(RuntimeError, match="another greenlet"):
        exports.plain(7)
    del task
    assert exports.plain(7) == 7
