"""references.py [STORES]: stores that are made and released, with everything they can contain, leave nothing behind: in the tables
that the js backend keeps in JS, in the JS heap, and in Pyodide's memory. Objects that only a store refers to end between tasks, when
the JS collector has found that no guest refers to them. Node must run with --expose-gc."""

import asyncio
import gc
import sys
import weakref

import js
import pyodide_js

import wasm_runtime_layer as wrl

GUEST = """(module
  (import "h" "f" (func $f (param externref) (result externref)))
  (import "h" "g" (func $g (param i32)))
  (memory (export "memory") 1)
  (global (export "global") (mut externref) (ref.null extern))
  (table (export "objects") 2 externref)
  (table (export "functions") 4 funcref)
  (elem (table 1) (i32.const 0) func $f $own $g)
  (func $own (export "own") (param i32) (result i32) local.get 0)
  (func (export "run") (param externref) (result externref) (call $f (local.get 0)))
  (func (export "raise") (call $g (i32.const 1)))
  (func (export "trap") unreachable))"""
BROKEN = wrl.wat2wasm('(module (import "h" "missing" (func)))')

# The backend's object in JS, which the exports of the package's extension module contain; see backends/js/host/glue.c.
_path = sys.modules["wasm_runtime_layer._native"].__file__
_libraries = pyodide_js._module.LDSO.loadedLibsByName


def tables():
    """Returns how many handles, functions and externrefs are in use, and how many entries of Pyodide's own table."""
    held = getattr(_libraries, _path).exports.wrlJs
    counts = {name: getattr(held, name).length - getattr(held, free).length for name, free in
              (("h", "hf"), ("F", "Ff"), ("x", "xf"))}
    return {**counts, "places": held.slots, "table": held.tab.length}


def memory():
    return pyodide_js._module.HEAPU8.length


def heap():
    for _ in range(3):
        js.gc()
    return js.process.memoryUsage().heapUsed


class Thing:
    pass


class Stop(Exception):
    pass


def fails(exception, function, *args):
    try:
        function(*args)
    except exception:
        return
    raise AssertionError(f"{function} did not raise {exception}")


def stop(number):
    raise Stop(number)


def one_store(engine, module, number):
    """Makes a store with a cycle through a closure, externrefs, functions in tables, and errors. The store is closed or left to the collector."""
    store = wrl.Store(engine, object())
    instance = wrl.Instance(store, module, {"h": {"f": lambda thing: (instance, thing)[1], "g": stop}})
    exports, thing = instance.exports, Thing()
    thing.store = store
    assert exports.run(thing) is thing
    exports["global"].value = thing
    exports.objects[1] = exports
    assert exports.objects[1] is exports
    assert exports.functions[1](7) == 7
    exports.functions[3] = wrl.Func(store, wrl.FuncType([], []), lambda: None)
    exports.functions[3]()
    exports.functions[0](None)
    exports.memory.write(b"hello", 0)
    wrl.Memory(store, wrl.MemoryType(wrl.Limits(1, 2))).grow(1)
    wrl.Table(store, wrl.TableType(wrl.externref, wrl.Limits(3)), thing)
    wrl.Global(store, wrl.GlobalType(wrl.v128, True), bytes(16)).value = bytes(range(16))
    fails(wrl.Trap, exports.trap)
    fails(Stop, exports["raise"])
    if number % 10 == 0:
        fails(wrl.Error, wrl.Module, engine, BROKEN[:-1])
        fails(wrl.LinkError, wrl.Instance, store, wrl.Module(engine, BROKEN))
    if number % 2:
        store.close()
    return store


def many(engine, module, count):
    for number in range(count):
        one_store(engine, module, number)
        if number % 100 == 0:
            gc.collect()
    while gc.collect():
        pass


# A leak makes the JS heap grow in every round. Code that the engine recompiles at an arbitrary time makes it grow once.
ROUNDS = 4

passed = failed = 0


def check(what, holds):
    global passed, failed
    passed += bool(holds)
    failed += not holds
    print(f"{'ok   ' if holds else 'FAIL '} {what}")


def main(count):
    engine = wrl.Engine()
    module = wrl.Module(engine, GUEST)
    many(engine, module, max(count // 5, 200))
    before, size, used = tables(), memory(), heap()
    many(engine, module, count)
    after, size_after, grown = tables(), memory(), [heap() - used]
    while grown[-1] >= 10 * count and len(grown) < ROUNDS:
        used = heap()
        many(engine, module, count)
        grown.append(heap() - used)
    print(f"      {before}; then {after}")
    check(f"{count} stores leave nothing in the tables", after == before)
    print(f"      {size} bytes of memory; then {size_after}")
    check("nor any of Pyodide's memory", size_after == size)
    print(f"      JS's heap of {used} bytes has grown by {' and '.join(map(str, grown))}")
    check("nor anything in the heap of JS", grown[-1] < 10 * count)
    # Shows that the measurements detect a leak.
    kept = one_store(engine, module, 0)
    more = tables()
    check("what one store holds is seen", all(more[name] > before[name] for name in ("h", "F", "x")))
    del kept
    gc.collect()
    check("and its end", tables() == before)
    used = heap()
    kept = js.eval(f"Array.from({{ length: {count} }}, () => ({{}}))")
    check("an object of JS for each store would be seen", heap() - used >= 10 * kept.length)


async def end_of_objects():
    """The last object is in a table. The others were passed to a guest, which returned another object for each."""
    count, turns = 1000, 5
    engine = wrl.Engine()
    store = wrl.Store(engine)
    seen = []

    def exchange(_):
        thing = Thing()
        seen.append(weakref.ref(thing))
        return thing

    exports = wrl.Instance(store, wrl.Module(engine, GUEST), {"h": {"f": exchange, "g": stop}}).exports

    async def alive():
        for _ in range(turns):
            store.collect()
            js.gc()
            await asyncio.sleep(0.02)
        store.collect()
        return sum(one() is not None for one in seen)

    for _ in range(count):
        passed_on = Thing()
        seen.append(weakref.ref(passed_on))
        returned = exports.run(passed_on)
    exports.objects[0] = returned
    del passed_on, returned
    check("objects that neither the program nor a guest refers to go between tasks", await alive() == 1)
    check("one in a table stays, and is the same", exports.objects[0] is seen[-1]() is not None)
    exports.objects[0] = None
    check("until the guest lets go of it", await alive() == 0)


main(int(args[0]) if args else 10_000)
await end_of_objects()  # Run by runPythonAsync().
print(f"{passed} passed, {failed} failed")
int(failed > 0)
