"""Times what is compared, in rounds that alternate."""

import statistics
import time

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


def took(run, count):
    began = time.perf_counter()
    run(count)
    return (time.perf_counter() - began) / count


def count_for(run, seconds):
    """How many fit into a round of so many seconds."""
    count = 100
    while True:
        each = took(run, count)
        if each * count > seconds / 10:
            return max(1, int(seconds / each))
        count *= 4


def compare(sides, seconds):
    """The median of each side, in nanoseconds, and of the ratios of rounds side by side."""
    counts = [count_for(run, seconds / ROUNDS / len(sides)) for run in sides]
    rounds = [[took(run, count) for run, count in zip(sides, counts)] for _ in range(ROUNDS)]
    medians = [statistics.median(column) * 1e9 for column in zip(*rounds)]
    return medians, [statistics.median(row[i] / row[0] for row in rounds) for i in range(1, len(sides))]
