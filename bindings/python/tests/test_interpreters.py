"""Subinterpreters. Those that share the main interpreter's lock each have their own copy of the package. Those with
their own lock, available since Python 3.12, get an ImportError."""

import subprocess
import sys

import pytest

# Each interpreter runs this program. The program leaves objects that the interpreter destroys only when its own
# shutdown is nearly complete.
GUEST = """
import gc
import wasm_runtime_layer as wrl
from wasm_runtime_layer import Engine, Instance, Module, Store

engine = Engine(backend)
module = Module(engine, '''(module
  (import "h" "f" (func $f (param externref) (result externref)))
  (func (export "trap") unreachable)
  (func (export "run") (param externref) (result externref) local.get 0 call $f))''')

class Ends:
    def __init__(self, name):
        self.name = name
        self.store = Store(engine, self)
        self.run = Instance(self.store, module, {"h": {"f": lambda x: self and x}}).exports.run

    def __del__(self):
        print(self.name, self.run(7), flush=True)

try:
    Instance(Store(engine), module, {"h": {"f": lambda x: x}}).exports.trap()
except wrl.Trap as trap:
    print(trap.code.name, flush=True)
Ends("collected")
gc.collect()
kept = Ends("kept")
"""

PROGRAM = """
import sys
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters

source = f"backend = {sys.argv[1]!r}\\n{sys.argv[2]}"
first = {}
exec(source, first)

# An interpreter with its own lock, available since 3.12.
other = interpreters.create()
interpreters.run_string(other, '''
import sys
try:
    import wasm_runtime_layer
    print("it works" if sys.version_info < (3, 12) else "it should not have been imported", flush=True)
except ImportError as error:
    print("it works" if "does not support loading in subinterpreters" in str(error) else error, flush=True)
''')
interpreters.destroy(other)

for _ in range(2):
    other = interpreters.create("legacy") if sys.version_info >= (3, 13) else interpreters.create(isolated=False)
    assert interpreters.run_string(other, source) is None
    interpreters.destroy(other)
    print("destroyed", flush=True)
assert first["kept"].run(5) == 5
print("the end", flush=True)
"""


@pytest.mark.process
def test_interpreters(engine):
    done = subprocess.run([sys.executable, "-c", PROGRAM, engine.backend, GUEST], capture_output=True, text=True, timeout=120)
    mine, whole = ["UNREACHABLE", "collected 7"], ["UNREACHABLE", "collected 7", "kept 7", "destroyed"]
    expected = [*mine, "it works", *whole, *whole, "the end", "kept 7"]
    assert (done.returncode, done.stdout.split("\n"), done.stderr) == (0, [*expected, ""], "")
