"""Every place that allocates has seen an allocation fail: alloc_sites.py UNIT-TESTS SOURCES...

Runs the tests of failing allocations, which note the stack at each failure, and looks for the calls in the sources.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

# What asks for memory, and what does so for its caller.
CALL = re.compile(
    r"(?:->alloc|\bwrl_(?:alloc|alloc_array|grow|arena_alloc"
    r"|scratch_take|functype_copy|idmap_add|names_reserve|names_add))\("
)
DEFINITION = re.compile(r"^\w[\w *]*\Z")
ALLOCATOR = {"alloc.c"}
FORGOTTEN = re.compile(r"\b(?:malloc|calloc|realloc|strdup|aligned_alloc)\(")
STATEMENT_END = re.compile(r"[;{}]")


def sites(path):
    """First and last line of each statement that allocates."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", lambda found: re.sub(r"[^\n]", " ", found.group()),
                  path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for found in CALL.finditer(text):
        before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        # What is thrown away cannot fail: room was reserved.
        if DEFINITION.match(before) or before.endswith("(void)"):
            continue
        start = max((end.end() for end in STATEMENT_END.finditer(text, 0, found.start())), default=0)
        start += len(text[start:]) - len(text[start:].lstrip())
        end = STATEMENT_END.search(text, found.end()).start()
        yield text.count("\n", 0, start) + 1, text.count("\n", 0, end) + 1


def failed_lines(unit):
    """The lines of the sources that were on the stack when an allocation failed: file names to numbers."""
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
    """How many places that allocate are among the lines, and how many are not. There are known to be so many at least."""
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
        print("there are fewer places than the sources are known to have")
        failed += 1
    return passed, failed


def main():
    unit, *sources = sys.argv[1:]
    passed, failed = compare(failed_lines(unit), sources, 30)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
