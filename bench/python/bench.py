"""Compares the Python package with wasmtime's own, in one process and in alternating rounds. Prints medians and their ratio.

Usage: bench.py [--seconds S] [--json FILE]

Each row runs the same guest on the same engine, wasmtime, through each of the packages. The figures on wasmi are for information.
"""

import argparse
import importlib.metadata
import json
import sys

import wasm_runtime_layer as wrl
import wasmtime
from measure import GUEST, Layer, compare, identity


class Wasmtime:
    def __init__(self):
        engine = wasmtime.Engine()
        self.store = wasmtime.Store(engine)
        type = wasmtime.FuncType([wasmtime.ValType.i32()], [wasmtime.ValType.i32()])
        f = wasmtime.Func(self.store, type, identity)
        exports = wasmtime.Instance(self.store, wasmtime.Module(engine, GUEST), [f]).exports(self.store)
        self.add_one, self.call_host, self.memory = exports["add_one"], exports["call_host"], exports["memory"]

    def call(self, count):
        add_one, store = self.add_one, self.store
        for _ in range(count):
            add_one(store, 42)

    def host(self, count):
        self.call_host(self.store, count)

    def read(self, count):
        memory, store = self.memory, self.store
        for _ in range(count):
            memory.read(store, 0, 64)

    def write(self, count):
        memory, store, data = self.memory, self.store, bytearray(64)
        for _ in range(count):
            memory.write(store, data, 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5, help="duration of each row")
    parser.add_argument("--json", help="also write the results to this file, one object per line")
    options = parser.parse_args()
    layer, wasmi, other = Layer("wasmtime"), Layer("wasmi"), Wasmtime()
    assert layer.add_one(42) == wasmi.add_one(42) == other.add_one(other.store, 42) == 43
    print(f"Python {sys.version.split()[0]}, the layer {wrl.__version__} with wasmtime {layer.instance.store.engine.version} and wasmi "
          f"{wasmi.instance.store.engine.version}, wasmtime's package {importlib.metadata.version('wasmtime')}")
    print(f"{'':24} {'layer':>10} {'wasmtime-py':>12} {'ratio':>8} {'wanted':>8} {'on wasmi':>10}")
    lines = []
    for name, method, wanted in (("call of add_one", "call", 50), ("host function", "host", 20),
                                 ("read of 64 bytes", "read", None), ("write of 64 bytes", "write", None)):
        sides = [getattr(side, method) for side in (layer, other, wasmi)]
        (ours, theirs, on_wasmi), (ratio, _) = compare(sides, options.seconds)
        print(f"{name:24} {ours:7.0f} ns {theirs:9.0f} ns {ratio:8.1f} {wanted or '':>8} {on_wasmi:7.0f} ns", flush=True)
        lines.append(json.dumps({"name": name, "ns": ours, "wasmtime_py_ns": theirs, "ratio": ratio, "wanted": wanted,
                                 "wasmi_ns": on_wasmi}))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
