"""The parts that the benchmarks share: the guest, the layer's side, and measuring in alternating rounds."""

import statistics
import time

import wasm_runtime_layer as wrl

ROUNDS = 21

GUEST = """(module
  (import "host" "f" (func $f (param i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "add_one") (param i32) (result i32) local.get 0 i32.const 1 i32.add)
  (func (export "call_host") (param i32)
    (loop $again
      local.get 0 call $f drop
      local.get 0 i32.const 1 i32.sub local.tee 0 br_if $again)))"""


def identity(x):
    return x


class Layer:
    """The layer's side. Each method performs the operation of a row `count` times."""

    def __init__(self, backend=None):
        engine = wrl.Engine(backend)
        self.instance = wrl.Instance(wrl.Store(engine), wrl.Module(engine, GUEST), {"host": {"f": identity}})
        exports = self.instance.exports
        self.add_one, self.host, self.memory = exports.add_one, exports.call_host, exports.memory

    def call(self, count):
        add_one = self.add_one
        for _ in range(count):
            add_one(42)

    def read(self, count):
        memory = self.memory
        for _ in range(count):
            memory[0:64]

    def write(self, count):
        memory, data = self.memory, bytes(64)
        for _ in range(count):
            memory.write(data, 0)


def took(run, count):
    began = time.perf_counter()
    run(count)
    return (time.perf_counter() - began) / count


def count_for(run, seconds):
    """Returns the number of operations that fit into a round of that duration."""
    count = 100
    while True:
        each = took(run, count)
        if each * count > seconds / 10:
            return max(1, int(seconds / each))
        count *= 4


def compare(sides, seconds):
    """Returns the median of each side in nanoseconds, and the median of the ratios of adjacent rounds."""
    counts = [count_for(run, seconds / ROUNDS / len(sides)) for run in sides]
    rounds = [[took(run, count) for run, count in zip(sides, counts)] for _ in range(ROUNDS)]
    medians = [statistics.median(column) * 1e9 for column in zip(*rounds)]
    return medians, [statistics.median(row[i] / row[0] for row in rounds) for i in range(1, len(sides))]
