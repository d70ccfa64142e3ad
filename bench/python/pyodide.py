"""Compares the package in Pyodide with js.WebAssembly, driven from the same Python; see pyodide.mjs.

Each row runs the same guest, on the same engine, once through each. The last expression is what there was as JSON lines.
"""

import json
import sys

import js
from pyodide.ffi import create_proxy, to_js

import wasm_runtime_layer as wrl
from measure import GUEST, compare, identity


class Layer:
    def __init__(self):
        engine = wrl.Engine()
        self.instance = wrl.Instance(wrl.Store(engine), wrl.Module(engine, GUEST), {"host": {"f": identity}})
        exports = self.instance.exports
        self.add_one, self.call_host, self.memory = exports.add_one, exports.call_host, exports.memory

    def read(self, count):
        memory = self.memory
        for _ in range(count):
            memory[0:64]

    def write(self, count):
        memory, data = self.memory, bytes(64)
        for _ in range(count):
            memory.write(data, 0)


class JavaScript:
    def __init__(self):
        imports = to_js({"host": {"f": create_proxy(identity)}}, dict_converter=js.Object.fromEntries)
        module = js.WebAssembly.Module.new(to_js(wrl.wat2wasm(GUEST)))
        self.instance = js.WebAssembly.Instance.new(module, imports)
        exports = self.instance.exports
        self.add_one, self.call_host = exports.add_one, exports.call_host
        self.bytes = js.Uint8Array.new(exports.memory.buffer, 0, 64)

    def read(self, count):
        view = self.bytes
        for _ in range(count):
            view.to_bytes()

    def write(self, count):
        view, data = self.bytes, bytes(64)
        for _ in range(count):
            view.assign(data)


def call(side):
    instance = side.instance

    def run(count):
        for _ in range(count):
            instance.exports.add_one(42)

    return run


def call_kept(side):
    add_one = side.add_one

    def run(count):
        for _ in range(count):
            add_one(42)

    return run


ROWS = [
    ("instance.exports.add_one(42)", call, 5),
    ("add_one(42), kept", call_kept, 5),
    ("host function", lambda side: side.call_host, 5),
    ("read of 64 bytes", lambda side: side.read, None),
    ("write of 64 bytes", lambda side: side.write, None),
]


def main(seconds):
    layer, other = Layer(), JavaScript()
    assert layer.add_one(42) == other.add_one(42) == 43
    print(f"Python {sys.version.split()[0]}, the layer {wrl.__version__} on {layer.instance.store.engine.version}")
    print(f"{'':30} {'layer':>10} {'js.WebAssembly':>14} {'ratio':>8} {'wanted':>8}")
    lines = []
    for name, runner, wanted in ROWS:
        (ours, theirs), (ratio,) = compare([runner(layer), runner(other)], seconds)
        print(f"{name:30} {ours:7.0f} ns {theirs:11.0f} ns {ratio:8.1f} {wanted or '':>8}")
        lines.append(json.dumps({"name": name, "ns": ours, "js_ns": theirs, "ratio": ratio, "wanted": wanted}) + "\n")
    return "".join(lines)


main(float(args[0]))
