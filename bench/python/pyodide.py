"""Compares the package in Pyodide with js.WebAssembly, both used from the same Python; see pyodide.mjs.

Each row runs the same guest on the same engine through both interfaces. The last expression is the results as JSON lines.
"""

import json
import sys

import js
from pyodide.ffi import create_proxy, to_js

import wasm_runtime_layer as wrl
from measure import GUEST, Layer, compare, identity


class JavaScript:
    def __init__(self):
        imports = to_js({"host": {"f": create_proxy(identity)}}, dict_converter=js.Object.fromEntries)
        module = js.WebAssembly.Module.new(to_js(wrl.wat2wasm(GUEST)))
        self.instance = js.WebAssembly.Instance.new(module, imports)
        exports = self.instance.exports
        self.add_one, self.host = exports.add_one, exports.call_host
        self.bytes = js.Uint8Array.new(exports.memory.buffer, 0, 64)

    call = Layer.call

    def read(self, count):
        view = self.bytes
        for _ in range(count):
            view.to_bytes()

    def write(self, count):
        view, data = self.bytes, bytes(64)
        for _ in range(count):
            view.assign(data)


def look_up_and_call(side):
    instance = side.instance

    def run(count):
        for _ in range(count):
            instance.exports.add_one(42)

    return run


ROWS = [
    ("instance.exports.add_one(42)", look_up_and_call, 5),
    ("add_one(42), kept", lambda side: side.call, 5),
    ("host function", lambda side: side.host, 5),
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
