"""Checks that every allocation in the sources has failed in a test: alloc_sites.py UNIT-TESTS SOURCES...

Runs the tests of failing allocations, which record the stack at each failure, and compares it with the calls in the sources.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

# Functions that allocate, and functions that allocate for their caller.
CALL = re.compile(
    r"(?:->alloc|\bwrl__(?:alloc|alloc_array|grow|arena_alloc"
    r"|scratch_take|functype_copy|idmap_add|names_reserve|names_add))\("
)
DEFINITION = re.compile(r"^\w[\w *]*\Z")
ALLOCATOR = {"alloc.c"}
FORGOTTEN = re.compile(r"\b(?:malloc|calloc|realloc|strdup|aligned_alloc)\(")
STATEMENT_END = re.compile(r"[;{}]")


def sites(path):
    """Yields the first and the last line of each allocating statement."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", lambda found: re.sub(r"[^\n]", " ", found.group()),
                  path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for found in CALL.finditer(text):
        before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        # A call whose result is discarded cannot fail, as the space was reserved.
        if DEFINITION.match(before) or before.endswith("(void)"):
            continue
        start = max((end.end() for end in STATEMENT_END.finditer(text, 0, found.start())), default=0)
        start += len(text[start:]) - len(text[start:].lstrip())
        end = STATEMENT_END.search(text, found.end()).start()
        yield text.count("\n", 0, start) + 1, text.count("\n", 0, end) + 1


def failed_lines(unit):
    """Returns the source lines that were on the stack when an allocation failed, by file."""
    with tempfile.TemporaryDirectory() as folder:
        noted = pathlib.Path(folder, "sites")
        subprocess.run([unit, "--gtest_brief=1", "--gtest_filter=*AllocFailure*"], check=True,
                       env={**os.environ, "WRL_ALLOC_SITES": str(noted)})
        addresses = {}
        for line in noted.read_text(encoding="utf-8").splitlines():
            file, address = line.rsplit(" ", 1)
            addresses.setdefault(file, set()).add(address)
    lines = {}
    for file, numbers in addresses.items():
        told = subprocess.run(["addr2line", "-i", "-e", file, *sorted(numbers)], check=True, stdout=subprocess.PIPE,
                              encoding="utf-8").stdout
        for source, number in re.findall(r"^(.*):(\d+)", told, re.MULTILINE):
            lines.setdefault(os.path.realpath(source), set()).add(int(number))
    return lines


def compare(lines, sources, least):
    """Counts the allocating statements that are among the lines, and those that are not. At least `least` must be."""
    passed = failed = 0
    for path in map(pathlib.Path, sources):
        if path.name in ALLOCATOR:
            continue
        seen = lines.get(os.path.realpath(path), set())
        for first, last in sites(path):
            hit = any(first <= line <= last for line in seen)
            passed += hit
            failed += not hit
            if not hit:
                print(f"{path}:{first}: no allocation has failed here")
        for found in FORGOTTEN.finditer(path.read_text(encoding="utf-8")):
            failed += 1
            print(f"{path}: {found.group()} does not go through the library's allocator")
    if passed < least:
        print("fewer allocations were found than the sources have")
        failed += 1
    return passed, failed


def main():
    unit, *sources = sys.argv[1:]
    passed, failed = compare(failed_lines(unit), sources, 30)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
