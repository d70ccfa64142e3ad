#!/usr/bin/env python3
"""Uses the installed files of an Emscripten build from programs outside the tree, with a plain emcc command and with CMake.

emscripten.py --build FOLDER --source FOLDER --libdir NAME --node FILE
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

EXPECTED = "add_one(42) = 43"


def run(*command, **options):
    """Runs a command and returns its exit status and its output."""
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, **options)
    return done.returncode, done.stdout


class Tests:
    """Counts checks and prints the failures."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, name, done, output):
        if done:
            self.passed += 1
            print(f"pass  {name}")
        else:
            self.failed += 1
            print(f"FAIL  {name}\n{output}")
        return done


def check_program(tests, name, node, program):
    """Runs the example on the default backend, and on each of the others."""
    for backend in ("", "js", "wasmi"):
        status, output = run(node, program, *([backend] if backend else []))
        tests.check(f"{name}, backend {backend or 'by default'}", status == 0 and EXPECTED in output, output)
    status, output = run(node, program, "nothing")
    tests.check(f"{name}, an unknown backend", status != 0 and "known backends: js" in output, output)


def plain_line(tests, options, prefix, work):
    """Runs the command that docs/js-hosts.md shows."""
    lib = prefix / options.libdir
    program = work / "hello.js"
    status, output = run("emcc", "-std=c11", "-O2", f"-I{prefix / 'include'}", options.source / "examples/hello/hello.c",
                         lib / "libwrl.a", lib / "libwrl-engines.a", "-sALLOW_TABLE_GROWTH=1", "-sALLOW_MEMORY_GROWTH=1",
                         "-sWASM_ASYNC_COMPILATION=0", "-o", program)
    if tests.check("emcc links", status == 0, output):
        check_program(tests, "emcc", options.node, program)


def by_cmake(tests, options, prefix, work):
    build = work / "build"
    project = pathlib.Path(__file__).parent / "emscripten"
    status, output = run("emcmake", "cmake", "-S", project, "-B", build, f"-DHELLO={options.source}/examples/hello/hello.c",
                         f"-Dwrl_DIR={prefix / options.libdir}/cmake/wrl", "-DCMAKE_BUILD_TYPE=Release")
    if not tests.check("CMake finds the package", status == 0, output):
        return
    status, output = run("cmake", "--build", build)
    if tests.check("CMake links", status == 0, output):
        check_program(tests, "CMake", options.node, build / "hello.js")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("build", "source", "libdir", "node"):
        parser.add_argument(f"--{name}", required=True, type=str if name == "libdir" else pathlib.Path)
    options = parser.parse_args()
    # Debian's Emscripten does not find the parser that it depends on.
    os.environ.setdefault("NODE_PATH", "/usr/share/nodejs")
    tests = Tests()
    work = pathlib.Path(tempfile.mkdtemp(prefix="wrl-package-"))
    try:
        prefix = work / "prefix"
        status, output = run("cmake", "--install", options.build, "--prefix", prefix)
        if tests.check("installs", status == 0, output):
            # The installed files may be moved.
            moved = work / "moved"
            prefix.rename(moved)
            plain_line(tests, options, moved, work)
            by_cmake(tests, options, moved, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"{tests.passed} passed, {tests.failed} failed")
    return 1 if tests.failed or not tests.passed else 0


if __name__ == "__main__":
    sys.exit(main())
