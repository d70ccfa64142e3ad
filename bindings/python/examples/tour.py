"""A program that runs on every host: natively on wasmi or wasmtime, and in Pyodide on the browser's own engine.

python tour.py [BACKEND]

A guest calls Python, and Python reads the guest's memory. A trap and an exception propagate out of the guest. Endless
recursion through guest and Python is stopped. The page in examples/pyodide runs this file.
"""

import sys

from wasm_runtime_layer import Caller, Engine, Instance, Module, Store, Trap, TrapCode, i32

GUEST = """(module
  (import "host" "say" (func $say (param i32 i32)))
  (import "host" "again" (func $again (param i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "good morning")
  (func (export "greet")
    (call $say (i32.const 16) (i32.const 12)))
  (func (export "fibonacci") (param $n i32) (result i64) (local $a i64) (local $b i64)
    (local.set $b (i64.const 1))
    (block $done (loop $next
      (br_if $done (i32.eqz (local.get $n)))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (local.get $b)
      (local.set $b (i64.add (local.get $a) (local.get $b)))
      (local.set $a)
      (br $next)))
    (local.get $a))
  (func (export "divide") (param i32 i32) (result i32)
    (i32.div_s (local.get 0) (local.get 1)))
  (func (export "dive") (param i32) (result i32)
    (i32.add (i32.const 1) (call $again (local.get 0)))))"""


class Enough(Exception):
    pass


def main(backend=None):
    engine = Engine(backend)  # None selects the default engine.
    module = Module(engine, GUEST)

    def say(caller: Caller, address: i32, size: i32) -> None:
        print("the guest says:", caller["memory"].read(address, address + size).decode())

    def again(depth: i32) -> i32:
        if depth == 0:
            raise Enough("this is deep enough")
        return exports.dive(depth - 1)

    with Store(engine) as store:
        exports = Instance(store, module, {"host": {"say": say, "again": again}}).exports
        exports.greet()
        exports.memory[16:28] = b"good evening"
        exports.greet()
        print("fibonacci:", *map(exports.fibonacci, range(10, 100, 20)))
        try:
            exports.divide(1, 0)
        except Trap as trap:
            print("a trap:", trap.code.name)
        try:
            exports.dive(10)
        except Enough as enough:
            print("an exception through ten calls into the guest:", enough)
        try:
            exports.dive(-1)
        except Trap as trap:
            print("nested calls:", "too many" if trap.code == TrapCode.STACK_OVERFLOW else trap)


if __name__ == "__main__":
    main(*sys.argv[1:])
