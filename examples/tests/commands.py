"""Runs the commands from the first comments of the examples, outside of the source tree, with an installed copy of the layer.

Usage: commands.py BUILD SOURCE

The commands run in a copy of the example's folder: first those that build, then those that run, whose output must be the
expected one. The page in browser and the module in pyodide_extension are built differently; tests/hosts/browser and
tests/hosts/pyodide test them. The last line of the output is the number of commands that passed and failed.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# Indented lines of the first comment.
COMMAND = re.compile(r"^ \*     ((?:cc|c\+\+|clang|\./)\S* ?.*)$", re.MULTILINE)
# The start of a command that compiles for the host.
COMPILE = re.compile(r"c(c|\+\+) ")
# The exit status that the guest of this example requests.
STATUS = {"errors": 3}
ELSEWHERE = {"browser", "pyodide_extension"}
TIMEOUT = 120


def commands(file):
    comment = file.read_text(encoding="utf-8").split("*/", 1)[0]
    return COMMAND.findall(comment)


def install(build, prefix):
    subprocess.run(["cmake", "--install", build, "--prefix", prefix], check=True, stdout=subprocess.DEVNULL)
    cache = (build / "CMakeCache.txt").read_text(encoding="utf-8")
    libdir = re.search(r"^CMAKE_INSTALL_LIBDIR:\w+=(.*)$", cache, re.MULTILINE).group(1)
    if libdir != "lib":
        (prefix / "lib").symlink_to(prefix / libdir)


def expected_output(folder):
    """Returns the expected output on the default backend, wasmi."""
    own = folder / "expected.wasmi.txt"
    file = own if own.exists() else folder / "expected.txt"
    return file.read_text(encoding="utf-8")


def run(command, folder, prefix):
    environment = {**os.environ, "PREFIX": str(prefix)}
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=TIMEOUT
    )


def check(command, folder, prefix):
    """Runs a command. Returns a description of the problem, or None."""
    done = run(command, folder, prefix)
    is_run = command.startswith("./")
    status = STATUS.get(folder.name, 0) if is_run else 0
    if done.returncode != status:
        return f"the exit status is {done.returncode}:\n{done.stdout}{done.stderr}"
    if is_run and done.stdout != expected_output(folder):
        return f"it printed:\n{done.stdout}"
    return None


def main():
    build, source = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    passed = failed = 0
    with tempfile.TemporaryDirectory() as name:
        prefix = pathlib.Path(name) / "prefix"
        install(build, prefix)
        examples = {file.parent for file in (source / "examples").glob("*/*.c") if file.parent.name not in ELSEWHERE}
        for original in sorted(examples):
            folder = pathlib.Path(name) / original.name
            shutil.copytree(original, folder)
            sources = sorted([*folder.glob("*.c"), *folder.glob("*.cpp")])
            told = {file.suffix: [] for file in sources}
            for file in sources:
                told[file.suffix] += commands(file)
            found = [command for of_one in told.values() for command in of_one]
            wrong = {command: check(command, folder, prefix) for command in sorted(found, key=lambda c: c[:2] == "./")}
            # For each language, the comments must contain at least one command that builds and one that runs.
            for suffix, of_one in told.items():
                if not any(c.startswith("./") for c in of_one) or not any(COMPILE.match(c) for c in of_one):
                    failed += 1
                    print(f"FAIL {original.name}/*{suffix}: the comment has no commands that build and run it")
            for command, what in wrong.items():
                if what:
                    print(f"FAIL {original.name}: {command}\n{what}")
            failed += sum(what is not None for what in wrong.values())
            passed += sum(what is None for what in wrong.values())
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
