"""Checks that every allocation of the js backend has failed in a test: alloc_sites.py NODE DRIVER PROGRAM SOURCES...

Runs the driver, alloc.mjs, which prints the places, and compares them with the calls in the sources.
"""

import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "core" / "unit"))
import alloc_sites  # noqa: E402

# In KiB. Small, so that a guest overflows the stack soon.
STACK = "--stack-size=200"


def main():
    node, driver, program, *sources = sys.argv[1:]
    run = subprocess.run([node, STACK, driver, program], stdout=subprocess.PIPE, encoding="utf-8")
    print(run.stdout, end="")
    lines = {}
    for source, number in re.findall(r"^site (.*):(\d+)$", run.stdout, re.MULTILINE):
        lines.setdefault(os.path.realpath(source), set()).add(int(number))
    counts = re.search(r"^(\d+) passed, (\d+) failed\Z", run.stdout.rstrip(), re.MULTILINE)
    passed, failed = map(int, counts.groups()) if counts else (0, 1)
    here, missing = alloc_sites.compare(lines, sources, 14)
    print(f"{passed + here} passed, {failed + missing} failed")
    return 1 if failed or missing or run.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
