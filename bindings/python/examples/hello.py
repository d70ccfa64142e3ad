"""The README's example: instantiates a module and calls an exported function.

python hello.py [BACKEND]
"""

import sys

from wasm_runtime_layer import Engine, Instance, Module, Store

GUEST = """(module
  (func (export "add_one") (param i32) (result i32)
    local.get 0
    i32.const 1
    i32.add))"""


def main(backend=None):
    engine = Engine(backend)  # None selects the default engine.
    with Store(engine) as store:  # Deletes the store and everything in it at the end.
        instance = Instance(store, Module(engine, GUEST))
        add_one = instance.exports["add_one"]
        print(f"add_one(42) = {add_one(42)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
