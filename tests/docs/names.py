"""Checks that the names and links in the documents lead somewhere.

Usage: names.py SOURCE

Every wrl_… and WRL_… word in README.md, docs/ and examples/README.md has to occur in the headers, the code or the build
files, and every relative link has to name a file. The last line says how many checks passed and failed.
"""

import pathlib
import re
import sys

WORD = re.compile(r"\b(?:wrl|WRL)_[A-Za-z0-9_]*[A-Za-z0-9]\b(?![A-Za-z0-9_…*])")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
SOURCES = ["include", "src", "cmake", "backends", "cli", "wat", "tests/conformance"]
SUFFIXES = {".h", ".c", ".in", ".cmake", ".txt", ".rs", ".json"}


def words_of_sources(source):
    files = [file for folder in SOURCES for file in (source / folder).rglob("*") if file.suffix in SUFFIXES]
    files += [source / "CMakeLists.txt", source / "CMakePresets.json"]
    return {word for file in files for word in WORD.findall(file.read_text(encoding="utf-8"))}


def main():
    source = pathlib.Path(sys.argv[1])
    known = words_of_sources(source)
    # Names that writing-a-backend.md makes by its own steps.
    known.add("wrl_backend_mine")
    passed = failed = 0
    for document in [source / "README.md", source / "examples/README.md", *sorted((source / "docs").glob("*.md"))]:
        text = document.read_text(encoding="utf-8")
        wrong = [f"there is no {word}" for word in sorted(set(WORD.findall(text)) - known)]
        links = LINK.findall(text)
        wrong += [f"no file {link}" for link in links if not (document.parent / link).exists()]
        for what in wrong:
            print(f"FAIL {document.relative_to(source)}: {what}")
        failed += len(wrong)
        passed += len(set(WORD.findall(text))) + len(links) - len(wrong)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
