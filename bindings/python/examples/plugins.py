"""A plug-in host. Loads all plug-ins in a folder, runs each in its own store, and survives the bad ones.

python plugins.py FOLDER [BACKEND]

A plug-in is a file NAME.wasm or NAME.wat. It exports a function "run" of type () -> (i32). It may import from "host":

    say(address: i32, size: i32)       takes a text in the plug-in's memory, which it exports as "memory"
    option(number: i32) -> (i32)       returns a setting; an unknown number is an error

Memories and tables must declare a maximum. The host adds up the maxima before it makes an instance, so no plug-in can exceed
the limits below. Time is not limited: a plug-in that never returns blocks this program for ever.
"""

import pathlib
import sys

from wasm_runtime_layer import Caller, Engine, Error, FuncType, Instance, Memory, Module, Store, i32

# The limits of each plug-in.
MAX_FILE_SIZE = 4 << 20
MAX_MEMORY = 16 << 20
MAX_ELEMENTS = 10_000
MAX_TEXT = 60

OPTIONS = [40, 2]


class Refused(Exception):
    """The file is not a plug-in, or exceeds a limit."""


class Plugin:
    """One run of a plug-in, and its output."""

    def __init__(self):
        self.said = ""

    # The host functions. Their annotations define their types. A module that imports one with another type is rejected.

    def say(self, caller: Caller, address: i32, size: i32) -> None:
        address, size = address & 0xFFFFFFFF, size & 0xFFFFFFFF  # An i32 arrives signed, but addresses are unsigned.
        if size > MAX_TEXT:
            raise Refused(f"say: at most {MAX_TEXT} bytes, not {size}")
        memory = caller.get("memory")
        if not isinstance(memory, Memory):
            raise Refused('it exports no memory "memory"')
        self.said = memory.read(address, address + size).decode(errors="replace")

    def option(self, number: i32) -> i32:
        if not 0 <= number < len(OPTIONS):
            raise Refused(f"option: there is no number {number}")
        return OPTIONS[number]

    def run(self, engine, path):
        if path.stat().st_size > MAX_FILE_SIZE:
            raise Refused(f"it has more than {MAX_FILE_SIZE} bytes")
        module = Module.from_file(engine, path)
        check_limits(module)
        check_entry(module)
        # No other plug-in can see what happens in this store, and the end of the block deletes everything in it.
        with Store(engine) as store:
            instance = Instance(store, module, {"host": {"say": self.say, "option": self.option}})
            return instance.exports["run"]()


def check_limits(module):
    """Checks the declared maxima, which is enough because the engine enforces them."""
    largest = [float("inf") if type.limits.max is None else type.limits.max * type.page_size for type in module.memories]
    if sum(largest) > MAX_MEMORY:
        raise Refused(f"its memory may grow to more than {MAX_MEMORY} bytes")
    if sum(float("inf") if type.limits.max is None else type.limits.max for type in module.tables) > MAX_ELEMENTS:
        raise Refused(f"its table may grow to more than {MAX_ELEMENTS} elements")


def check_entry(module):
    """Checks the type of "run" on the module, before any of its code runs."""
    types = {item.name: item.type for item in module.exports}
    if "run" not in types:
        raise Refused('it has no export "run"')
    if types["run"] != FuncType([], [i32]):
        raise Refused(f'its export "run" is not a function () -> (i32), but {types["run"]}')


def plain(text):
    """Replaces control characters. File names and texts of plug-ins are untrusted and must not control the terminal."""
    return "".join(c if " " <= c <= "~" else "?" for c in text)


def main(folder, backend=None):
    engine = Engine(backend)
    paths = sorted(path for path in pathlib.Path(folder).iterdir() if path.suffix in (".wasm", ".wat"))
    good = 0
    for path in paths:
        plugin = Plugin()
        try:
            result = plugin.run(engine, path)
        except (Error, Refused, IndexError, OSError) as error:
            print(plain(f"{path.name}: {error}"))
            continue
        good += 1
        print(plain(f"{path.name}: {result}" + (f", and says: {plugin.said}" if plugin.said else "")))
    print(f"{len(paths)} plug-ins: {good} good, {len(paths) - good} bad")


if __name__ == "__main__":
    main(*sys.argv[1:])
