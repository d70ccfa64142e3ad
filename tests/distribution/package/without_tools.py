#!/usr/bin/env python3
"""Runs `make` and `make run` as a newcomer whose machine has no cargo, C++ compiler or clang.

The sources are copied, and PATH is a folder with the available tools alone. The last line is "N passed, N failed".
"""


import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))

from results import Results  # noqa: E402

SOURCES = ["CMakeLists.txt", "CMakePresets.json", "Makefile", "LICENSE-APACHE", "LICENSE-MIT", "backends", "bindings", "cli",
           "cmake", "examples", "include", "packaging", "src", "wat"]
HIDDEN = re.compile(r"(cargo|rust|clang|c\+\+|.*g\+\+|.*-c\+\+|wasm-ld|lld)")
# CMake also searches the system's folders, where a distribution's cargo is.
TOOLCHAIN = "set(CMAKE_FIND_USE_CMAKE_SYSTEM_PATH OFF)\nset(CMAKE_FIND_USE_PACKAGE_REGISTRY OFF)\n"
LEFT_OUT = "Left out: {}. Needed is Rust's cargo {} or newer, there is no cargo: install it from https://rustup.rs"
# The size limit of the stripped shared library without engines, in bytes.
CORE_LIMIT = 160_000


def script(path, line):
    path.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
    path.chmod(0o755)


class Newcomer:
    def __init__(self, results, arguments, work):
        self.results = results
        self.source = work / "source"
        self.source.mkdir()
        for name in SOURCES:
            path = arguments.source / name
            if path.is_dir():
                shutil.copytree(path, self.source / name, ignore=shutil.ignore_patterns("target", "node_modules", "__pycache__"))
            else:
                shutil.copy(path, self.source)
        self.tools = work / "tools"
        self.tools.mkdir()
        for folder in os.environ["PATH"].split(os.pathsep):
            for program in pathlib.Path(folder).glob("*"):
                link = self.tools / program.name
                if not HIDDEN.match(program.name) and not link.is_symlink():
                    link.symlink_to(program)
        (self.tools / "cc").unlink(missing_ok=True)
        # A script instead of a link, as compilers find their parts relative to the target of a link.
        script(self.tools / "cc", f'exec "{shutil.which(arguments.cc)}" "$@"')
        toolchain = work / "toolchain.cmake"
        toolchain.write_text(TOOLCHAIN, encoding="utf-8")
        kept = {name: value for name, value in os.environ.items() if name in {"HOME", "TMPDIR"}}
        self.environment = {**kept, "PATH": str(self.tools), "LC_ALL": "C", "CMAKE_TOOLCHAIN_FILE": str(toolchain)}

    def make(self, *words):
        """Runs make. Returns whether it succeeded, and its output."""
        done = subprocess.run([self.tools / "make", *words], cwd=self.source, env=self.environment, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        return done.returncode == 0, done.stdout

    def check(self, what, ok, output):
        self.results.check(what, ok, "it printed\n" + "\n".join(output.splitlines()[-30:]))

    def last_lines(self, what, output, *starts):
        """Checks that lines with these beginnings follow the build's output, in this order."""
        end = output[output.rindex("Built target") :] if "Built target" in output else ""
        at = 0
        for start in starts:
            found = end.find("\n" + start, at)
            self.check(f"{what} says at the end: {start}", found >= 0, output)
            at = max(found, at)

    def check_run(self):
        ok, output = self.make("run", "JOBS=2")
        self.check("make run succeeds", ok, output)
        self.last_lines("make run", output, LEFT_OUT.format("wasmi", "1.86"),
                        "The library is built, but the example hello needs an engine", "null: no engine")
        ok, output = self.make("run", "BACKEND=wasmi")
        self.check("make run BACKEND=wasmi fails", not ok, output)
        self.last_lines("make run BACKEND=wasmi", output, "Left out: wasmi.")

    def check_all(self):
        ok, output = self.make("all", "JOBS=2")
        self.check("make succeeds", ok, output)
        self.last_lines("make", output, LEFT_OUT.format("wasmi, wasmtime, the text format", "1.95"),
                        "Left out: the examples in C++.", "Left out: the guest of the example strings.")
        tool = self.source / "build/release/bin/wrl"
        self.check("make builds the tool", tool.is_file(), output)
        listed = subprocess.run([tool, "backends"], check=False, stdout=subprocess.PIPE, text=True).stdout
        self.check("the tool lists null alone", listed.startswith("null: ") and "wasm" not in listed, listed)

    def check_size(self):
        """Checks the size of the library without engines."""
        library = self.source / "build" / "stripped.so"
        subprocess.run(["strip", "-o", library, self.source / "build/release/lib/libwrl.so"], check=True)
        size = library.stat().st_size
        print(f"the library without engines: {size} bytes stripped")
        self.results.check(f"the library: at most {CORE_LIMIT} bytes", size <= CORE_LIMIT, f"{size} bytes")

    def check_old_cargo(self):
        """Checks that a cargo that is too old counts as missing, and that the configuration fails if an engine is ON without cargo."""
        cargo = self.tools / "cargo"
        script(cargo, "echo cargo 1.63.0")
        ok, output = self.configure("old")
        self.check("an old cargo is named", ok and "this cargo is 1.63.0" in output, output)
        cargo.unlink()
        ok, output = self.configure("on", "-DWRL_BACKEND_WASMI=ON")
        self.check("an engine that was asked for is an error", not ok and "cargo is needed to build wasmi" in output, output)
        ok, output = self.configure("tests", "-DWRL_BUILD_TESTS=ON")
        self.check("tests are an error", not ok and "The tests need Rust's cargo" in output, output)

    def configure(self, name, *options):
        done = subprocess.run([self.tools / "cmake", "-S", self.source, "-B", self.source / "build" / name,
                               "-DWRL_BUILD_EXAMPLES=OFF", *options], env=self.environment, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        return done.returncode == 0, done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--cc", required=True)
    arguments = parser.parse_args()

    results = Results()
    with tempfile.TemporaryDirectory() as folder:
        newcomer = Newcomer(results, arguments, pathlib.Path(folder))
        newcomer.check_run()
        newcomer.check_all()
        newcomer.check_size()
        newcomer.check_old_cargo()
    return results.close()


if __name__ == "__main__":
    sys.exit(main())
