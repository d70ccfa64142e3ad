"""Compares the README's table of backends and features with the output of `wrl backends --json`.

Usage: features.py WRL README [--write]

With --write, updates the table instead. The last line counts the checks that passed and failed.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys

# The order of the columns: the engines first.
BACKENDS = ["wasmi", "wasmtime", "null"]
BEGIN = "<!-- features:begin -->\n"
END = "<!-- features:end -->\n"
MARKS = {True: "yes", False: "–"}


def known_backends(wrl):
    """Returns the tool's output by backend: {"wasmi": {"multi-value": True, …}, …}."""
    output = subprocess.run([wrl, "backends", "--json"], check=True, stdout=subprocess.PIPE).stdout
    known = {backend["name"]: backend for backend in json.loads(output)}
    for name, backend in known.items():
        if backend["error"]:
            sys.exit(f"features.py: {name}: {backend['error']}")
    return {name: backend["features"] for name, backend in known.items()}


def rows_of(backends):
    """Returns the expected table: lists of cells, the heading first."""
    rows = [["feature", *BACKENDS]]
    for feature in backends[BACKENDS[0]]:
        rows.append([feature, *(MARKS[backends[name][feature]] for name in BACKENDS)])
    return rows


def format_table(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |\n" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|\n")
    return "".join(lines)


def split(text):
    """Returns the text before the table, the table, and the text after it."""
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        sys.exit("features.py: the table needs one marker at its beginning and one at its end")
    before, rest = text.split(BEGIN)
    table, after = rest.split(END)
    return before + BEGIN, table, END + after


def read_table(table):
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    return [row for row in rows if not all(re.fullmatch(r"-+", cell) for cell in row)]


def compare(found, expected):
    """Prints the differences. Returns the number of right rows, and of rows that are wrong, missing or unexpected."""
    passed = failed = 0
    for i in range(max(len(found), len(expected))):
        is_row = found[i] if i < len(found) else None
        should = expected[i] if i < len(expected) else None
        if is_row == should:
            passed += 1
        else:
            failed += 1
            print(f"FAIL row {i}: README has {is_row}, wrl says {should}")
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wrl")
    parser.add_argument("readme", type=pathlib.Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()

    backends = known_backends(arguments.wrl)
    strange = sorted(set(backends) ^ set(BACKENDS))
    if strange:
        sys.exit(f"features.py: the table has {BACKENDS}; these differ: {strange}")
    expected = rows_of(backends)
    before, table, after = split(arguments.readme.read_text(encoding="utf-8"))
    if arguments.write:
        arguments.readme.write_text(before + format_table(expected) + after, encoding="utf-8")
        return 0
    passed, failed = compare(read_table(table), expected)
    if failed:
        print("features.py --write rewrites the table.")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
