"""Threads: the interpreter lock is released while guests run and modules compile; one thread at a time uses a store."""

import subprocess
import sys
import threading
import time

import pytest

import wasm_runtime_layer as wrl
from wasm_runtime_layer import Instance, Module, Store

pytestmark = pytest.mark.threads

SPIN = """(module
  (import "h" "f" (func $f (param i32)))
  (func (export "spin") (param i64)
    (loop $again
      local.get 0 i64.const 1 i64.sub local.tee 0 i64.const 0 i64.gt_s br_if $again))
  (func (export "call") (param i32)
    (loop $again
      local.get 0 call $f
      local.get 0 i32.const 1 i32.sub local.tee 0 br_if $again)))"""


def start(*targets):
    threads = [threading.Thread(target=target) for target in targets]
    for thread in threads:
        thread.start()
    return threads


def join(threads):
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def rounds_for(engine, seconds):
    """Returns the number of rounds of spin() that take about that time."""
    spin = Instance(Store(engine), Module(engine, SPIN), {"h": {"f": lambda x: None}}).exports.spin
    rounds = 10_000
    while True:
        began = time.perf_counter()
        spin(rounds)
        took = time.perf_counter() - began
        if took > seconds / 4:
            return int(rounds * seconds / took)
        rounds *= 4


def test_python_goes_on_while_a_guest_runs(engine):
    spin = Instance(Store(engine), Module(engine, SPIN), {"h": {"f": lambda x: None}}).exports.spin
    rounds = rounds_for(engine, 0.5)
    done = threading.Event()
    threads = start(lambda: (spin(rounds), done.set()))
    ticks = 0
    while threads[0].is_alive():
        time.sleep(0.001)
        ticks += 1
    join(threads)
    assert done.is_set()
    assert ticks > 10


def leb(number):
    low, high = number & 127, number >> 7
    return bytes([low | 128]) + leb(high) if high else bytes([low])


def section(kind, items):
    data = leb(len(items)) + b"".join(items)
    return bytes([kind]) + leb(len(data)) + data


def large_text(functions):
    body = "local.get 0 i32.const 7 i32.mul local.set 0 " * 200
    return "(module " + f"(func (param i32) {body}) " * functions + ")"


def large_module(functions):
    """Makes the module of large_text() in the binary format, faster than wat2wasm() would."""
    body = b"\0" + bytes.fromhex("200041076c2100") * 200 + b"\x0b"
    return (b"\0asm\1\0\0\0" + section(1, [bytes.fromhex("60017f00")]) + section(3, [b"\0"] * functions)
            + section(10, [leb(len(body)) + body] * functions))


@pytest.mark.parametrize("make, use", [(large_module, Module), (large_text, lambda engine, text: wrl.wat2wasm(text))],
                         ids=["compiled", "translated"])
def test_python_goes_on_while_a_module_is(engine, make, use):
    assert large_module(20) == wrl.wat2wasm(large_text(20))
    functions, took = 10, 0
    while took < 0.2:
        functions *= 3
        wasm = make(functions)
        began = time.perf_counter()
        use(engine, wasm)
        took = time.perf_counter() - began
    threads = start(lambda: use(engine, wasm))
    ticks = 0
    while threads[0].is_alive():
        time.sleep(0.001)
        ticks += 1
    join(threads)
    assert ticks > 10


def test_guests_run_in_parallel(engine):
    """The times that the two threads spend in their guests overlap. The speedup would be a less reliable measure."""
    inside = [threading.Event(), threading.Event()]
    rounds = rounds_for(engine, 1)
    overlaps = []

    def work(own, other):
        def f(x):
            pass

        exports = Instance(Store(engine), Module(engine, SPIN), {"h": {"f": f}}).exports
        inside[own].set()
        inside[other].wait(10)
        began = time.perf_counter()
        exports.spin(rounds)
        overlaps.append((began, time.perf_counter()))

    join(start(lambda: work(0, 1), lambda: work(1, 0)))
    (begin_a, end_a), (begin_b, end_b) = overlaps
    overlap = min(end_a, end_b) - max(begin_a, begin_b)
    assert overlap > 0.5 * min(end_a - begin_a, end_b - begin_b)


def test_a_store_in_use_refuses_other_threads(engine):
    inside, leave = threading.Event(), threading.Event()

    def f(x):
        inside.set()
        leave.wait(60)

    store = Store(engine)
    module = Module(engine, SPIN.replace("(func (export", '(memory (export "memory") 1) (func (export', 1))
    instance = Instance(store, module, {"h": {"f": f}})
    call, spin, memory = instance.exports.call, instance.exports.spin, instance.exports.memory
    threads = start(lambda: call(1))
    assert inside.wait(60)
    try:
        for use in (lambda: spin(1), lambda: call(1), lambda: memory[0], lambda: memory.write(b"x"), lambda: memory.grow(1),
                    lambda: memory.size, lambda: memoryview(memory), store.close, lambda: store.data,
                    lambda: Instance(store, module, {"h": {"f": f}}), lambda: spin.type):
            with pytest.raises(RuntimeError, match="another thread"):
                use()
    finally:
        leave.set()
        join(threads)
    spin(1)
    assert memory[0] == 0
    store.close()


def test_a_guest_that_runs_refuses_other_threads(engine):
    """As above, while the other thread runs guest code without the interpreter lock."""
    store = Store(engine)
    spin = Instance(store, Module(engine, SPIN), {"h": {"f": lambda x: None}}).exports.spin
    rounds = rounds_for(engine, 0.5)
    refused, done = 0, threading.Event()
    threads = start(lambda: (spin(rounds), done.set()))
    while threads[0].is_alive():
        try:
            spin(1)
        except RuntimeError:
            refused += 1
        time.sleep(0.001)
    join(threads)
    assert done.is_set()
    assert refused > 2


def test_a_store_goes_from_thread_to_thread(engine):
    store = Store(engine)
    counter = []
    call = Instance(store, Module(engine, SPIN), {"h": {"f": counter.append}}).exports.call
    for _ in range(5):
        join(start(lambda: call(3)))
    assert counter == [3, 2, 1] * 5


def test_host_functions_on_many_threads(engine):
    module = Module(engine, SPIN)
    results = []

    def work():
        seen = []
        Instance(Store(engine), module, {"h": {"f": seen.append}}).exports.call(2000)
        results.append(sum(seen))

    join(start(*[work] * 6))
    assert results == [2000 * 2001 // 2] * 6


def test_exceptions_on_many_threads(engine):
    module = Module(engine, SPIN)
    results = []

    def work(number):
        def f(x):
            raise KeyError(number)

        call = Instance(Store(engine), module, {"h": {"f": f}}).exports.call
        for _ in range(300):
            try:
                call(1)
            except KeyError as error:
                results.append(error.args[0] == number)

    join(start(*[lambda n=n: work(n) for n in range(4)]))
    assert results == [True] * 1200


def test_compiling_in_parallel_and_closing_meanwhile(engine):
    """Several threads compile a large module while the engine is closed."""
    body = " ".join("local.get 0 i32.const 7 i32.mul local.set 0" for _ in range(200))
    text = "(module " + " ".join(f'(func (export "f{i}") (param i32) (result i32) {body} local.get 0)' for i in range(50)) + ")"
    wasm = wrl.wat2wasm(text)
    own = wrl.Engine(engine.backend)
    modules = []
    ready = threading.Barrier(4)

    def work():
        ready.wait(60)
        try:
            modules.append(Module(own, wasm))
        except ValueError:  # The engine was closed first.
            modules.append(None)

    threads = start(*[work] * 3)
    ready.wait(60)
    time.sleep(0.001)
    own.close()
    join(threads)
    assert len(modules) == 3
    for module in modules:
        assert module is None or len(module.exports) == 50


def test_collecting_while_guests_run(engine, collect):
    rounds = rounds_for(engine, 0.3)
    done = threading.Event()

    def work():
        store = Store(engine)
        instance = Instance(store, Module(engine, SPIN), {"h": {"f": lambda x: None if instance else store}})
        instance.exports.spin(rounds)
        instance.exports.call(100)
        done.set()

    threads = start(work)
    while threads[0].is_alive():
        collect()
    join(threads)
    assert done.is_set()


def test_an_engine_is_closed_while_text_is_translated(engine):
    text = "(module " + "(func (result i32) i32.const 1) " * 30_000 + ")"
    own = wrl.Engine(engine.backend)
    ends = []

    def work():
        try:
            ends.append(Module(own, text))
        except Exception as error:
            ends.append(error)

    threads = start(work)
    time.sleep(0.02)
    own.close()
    join(threads)
    assert len(ends) == 1
    assert isinstance(ends[0], Module) or (type(ends[0]) is ValueError and "the engine is closed" in str(ends[0]))


AT_EXIT = """
import sys, threading, time
from wasm_runtime_layer import Engine, Instance, Module, Store

engine = Engine(sys.argv[1])
module = Module(engine, '(module (import "h" "f" (func $f)) (func (export "run") (loop $again call $f br $again)))')
ready = threading.Barrier(4)

def work(f):
    first = iter([ready.wait])
    Instance(Store(engine), module, {"h": {"f": lambda: (next(first, f)(), None)[1]}}).exports.run()

def nested():
    Instance(Store(engine), module, {"h": {"f": lambda: None}}).exports.run()

for f in (lambda: None, lambda: time.sleep(0.001), nested):
    threading.Thread(target=work, args=(f,), daemon=True).start()
ready.wait(60)
time.sleep(0.05)
print("the end")
"""


@pytest.mark.process
def test_the_interpreter_ends_while_threads_are_in_host_functions(engine):
    """The threads are daemon threads, so the interpreter does not wait for them."""
    done = subprocess.run([sys.executable, "-c", AT_EXIT, engine.backend], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "the end\n", "")
