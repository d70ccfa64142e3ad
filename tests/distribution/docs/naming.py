"""Checks the rules of docs/naming.md: no old name is in use, and the headers avoid certain words.

Usage: naming.py SOURCE

Old names are the first column of the table "Changed names". They may occur only in that page, the changelog and frozen headers. A
new name in the second column must be in the headers. The last line is "N passed, N failed".
"""

import pathlib
import re
import sys

ROW = re.compile(r"^\| `([^`]+)` \| `([^`]+)` \|", re.M)
LIST = re.compile(r"a program can find without mistake: ([^.]+)\.")
PLACES = ["README.md", "include", "src", "backends", "bindings", "cli", "docs", "examples", "tests", "wat"]
SUFFIXES = {".h", ".hpp", ".c", ".cpp", ".md", ".py", ".pyi", ".rs", ".js", ".mjs", ".txt"}
EXEMPT = {"docs/naming.md", "tests/core/symbols/old/include/wrl.h"}


def texts(source, places):
    """Yields (path, text) of all files there."""
    for place in places:
        start = source / place
        for path in [start] if start.is_file() else sorted(start.rglob("*")):
            name = path.relative_to(source).as_posix()
            if path.suffix in SUFFIXES and name not in EXEMPT and "node_modules" not in name and "/target/" not in name:
                yield name, path.read_text(encoding="utf-8", errors="replace")


def main():
    source = pathlib.Path(sys.argv[1])
    page = (source / "docs/naming.md").read_text(encoding="utf-8")
    changed = dict(ROW.findall(page))
    found = LIST.search(re.sub(r"\s+", " ", page))
    if len(changed) < 5 or not found:
        sys.exit("naming.py: docs/naming.md cannot be read")
    words = [word.strip() for word in found[1].split(",")]
    headers = list(texts(source, ["include"]))
    problems = []
    for name, text in texts(source, PLACES):
        problems += [f"{name}: {old}, which is {new} now" for old, new in changed.items()
                     if re.search(rf"(?<![\w-]){re.escape(old)}(?![\w-])", text)]
    for name, text in headers:
        plain = re.sub(r"[\s*]+", " ", text).lower()
        problems += [f"{name}: \"{word}\", see docs/naming.md" for word in words if word in plain]
    all_headers = "\n".join(text for _, text in headers)
    problems += [f"docs/naming.md: {new} is not in the headers" for new in changed.values() if new not in all_headers]
    for problem in problems:
        print(f"FAIL {problem}")
    print(f"{len(changed) + len(words)} passed, {len(problems)} failed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
