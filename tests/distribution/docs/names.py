"""Checks that the identifiers in the documents exist.

Usage: names.py SOURCE [--wasmtime-include FOLDER] [--cc COMMAND]

Every wrl_… and WRL_… identifier in the documents must be in the headers, the code or the build files. An identifier in a guide
from another interface (docs/from-*.md) must be in the headers. If FOLDER is given, every wasm_… and wasmtime_… identifier must be
in wasmtime's headers. The last line counts the identifiers that were found and not found.
"""

import argparse
import pathlib
import re
import shlex
import subprocess
import sys

WORD = re.compile(r"\b(?:wrl|WRL)_[A-Za-z0-9_]*[A-Za-z0-9]\b(?![A-Za-z0-9_…*])")
FOREIGN = re.compile(r"\b(?:wasm|WASM|wasmtime|WASMTIME)_[A-Za-z0-9_]*[A-Za-z0-9]\b(?![A-Za-z0-9_…*])")
SOURCES = ["include", "src", "cmake", "backends", "cli", "wat", "tests/conformance", "tests/hosts/browser", "tests/robustness/hostile"]
SUFFIXES = {".h", ".hpp", ".c", ".in", ".cmake", ".txt", ".rs", ".json"}
# Made by the steps in writing-a-backend.md.
MADE_BY_STEPS = {"wrl_backend_mine"}
# The old names in naming.md no longer exist.
OLD_NAME = re.compile(r"^\| `[^`]+` \|", re.MULTILINE)
# Crates and functions in Rust.
NOT_OF_C = {"wasm_runtime_layer", "wasmi_runtime_layer", "wasmtime_runtime_layer"}


def words_of(files):
    return {word for file in files for word in WORD.findall(file.read_text(encoding="utf-8"))}


def files_in(source, folders):
    return [file for folder in folders for file in (source / folder).rglob("*") if file.suffix in SUFFIXES]


def foreign_words(include, compiler):
    """Returns the identifiers in wasmtime's headers, including those that macros make."""
    text = "#include <wasm.h>\n#include <wasmtime.h>\n"
    command = [*shlex.split(compiler), "-E", "-dD", f"-I{include}", "-xc", "-"]
    output = subprocess.run(command, input=text, text=True, check=True, stdout=subprocess.PIPE).stdout
    return set(FOREIGN.findall(output))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("--wasmtime-include", type=pathlib.Path)
    parser.add_argument("--cc", default="cc")
    options = parser.parse_args()
    source = options.source

    public = words_of(files_in(source, ["include"]))
    known = public | MADE_BY_STEPS | words_of(files_in(source, SOURCES))
    known |= words_of([source / "CMakeLists.txt", source / "CMakePresets.json"])
    foreign = foreign_words(options.wasmtime_include, options.cc) if options.wasmtime_include else None

    passed = failed = 0
    for document in [*sorted(source.glob("*.md")), *sorted((source / "docs").glob("*.md"))]:
        text = document.read_text(encoding="utf-8")
        if document.name == "naming.md":
            text = OLD_NAME.sub("", text)
        used = set(WORD.findall(text))
        missing = used - (public if document.name.startswith("from-") else known)
        theirs = set(FOREIGN.findall(text)) - NOT_OF_C if foreign is not None else set()
        missing |= theirs - (foreign or set())
        for word in sorted(missing):
            print(f"FAIL {document.relative_to(source)}: {word} does not exist")
        failed += len(missing)
        passed += len(used) + len(theirs) - len(missing)
    if foreign is None:
        print("wasmtime's identifiers are not checked: its headers are missing")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
