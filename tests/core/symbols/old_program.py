#!/usr/bin/env python3
"""Checks that programs compiled earlier work with the current library.

Usage: old_program.py --cc CC --include FOLDER [--library FILE] [--freeze]

The folder old/ contains earlier headers, in one file without comments, and a program that uses them. There are three checks:

- What programs rely on (functions, types of callbacks, constants, sizes and offsets of members, as abi.py measures them) must
  be the same in the current headers as in the old one. Additions pass, also those at the end of a struct that begins with its
  own size.
- The old program is compiled with the old header, linked with the current library, and run.
- A planted break of each kind is detected, and a planted addition passes.

A deliberate break is recorded with --freeze, which replaces the old header; CONTRIBUTING.md has the rules. The last line is
"N passed, N failed".
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

import abi

HERE = pathlib.Path(__file__).resolve().parent
OLD = HERE / "old"
FROZEN = OLD / "include" / "wrl.h"
NOT_FOR_PROGRAMS = {"wrl/js.h"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+"([^"]+)"[ \t]*$', re.M)
TYPEDEF = re.compile(r"\btypedef\b[^;{}]*;")
MEMBER = re.compile(r"^(struct|union) (wrl_\w+)(\.\w+)?: (.*)$")


def flatten(include, path, seen):
    """Returns a header with the library's headers that it includes, each file once, without comments and empty lines."""
    path = path.resolve()
    if path in seen:
        return ""
    seen.add(path)
    text = abi.COMMENT.sub(" ", path.read_text(encoding="utf-8"))
    text = INCLUDE.sub(lambda found: flatten(include, path.parent / found[1], seen), text)
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip()) + "\n"


def amalgamate(include):
    headers = ["wrl.h", *sorted(str(path.relative_to(include)) for path in include.glob("wrl/**/*.h"))]
    seen = set()
    return "".join(flatten(include, include / header, seen) for header in headers if header not in NOT_FOR_PROGRAMS)


def facts(cc, text):
    """Returns what programs rely on, by subject. Functions are parsed, everything else is measured."""
    bare = abi.bare(text)
    found = {re.search(r"\b(wrl_\w+)\s*\(", line)[1]: line for line in abi.functions(bare)}
    for line in TYPEDEF.findall(bare):
        line = re.sub(r"\s+", " ", line)
        found["typedef " + (re.search(r"\(\s*\*\s*(wrl_\w+)", line) or re.search(r"(wrl_\w+)\s*;", line))[1]] = line
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "flat.h").write_text(text, encoding="utf-8")
        for line in abi.measure(cc, folder, ["flat.h"], bare):
            subject = line.split(" = " if line.startswith("constant") else ":")[0]
            found[subject] = line
    return found


def grows(subject, old, new):
    """Returns whether the only change is a larger size of a struct that begins with its own size."""
    found = MEMBER.match(old[subject])
    if not found or found[3] or f"{subject}.size" not in old:
        return False
    return old[f"{subject}.size"].endswith(" at 0") and size_of(new[subject]) > size_of(old[subject])


def size_of(line):
    return int(re.search(r": (\d+) bytes", line)[1])


def breaks(old, new):
    """Returns the facts of the old header that have changed."""
    return [f"{old[subject]}   now: {new.get(subject, 'gone')}" for subject in sorted(old)
            if new.get(subject) != old[subject] and not (subject in new and grows(subject, old, new))]


def planted(cc, text):
    """Yields the result of each planted change: its description and whether the result is right."""
    old = facts(cc, text)

    def change(what, before, after, is_break):
        if before not in text:
            return what + ": the text to change is missing", False
        return what, bool(breaks(old, facts(cc, text.replace(before, after, 1)))) == is_break

    first = re.search(r"WRL_EXTERN_GLOBAL = (\d+)", text)
    yield change("a moved member is detected", "const char *name;\n    wrl_extern_t item;", "wrl_extern_t item;\n    const char *name;", True)
    yield change("a changed enumerator is detected", first[0], f"WRL_EXTERN_GLOBAL = {int(first[1]) + 40}", True)
    yield change("a removed function is detected", "WRL_API const char *wrl_version(void);", "", True)
    yield change("a changed parameter is detected", "wrl_version(void)", "wrl_version(int which)", True)
    yield change("a changed callback is detected", "(*wrl_finalizer_t)(void *data)", "(*wrl_finalizer_t)(void *data, int why)", True)
    yield change("a wider member is detected", "uint8_t page_size_log2;", "uint64_t page_size_log2;", True)
    yield change("growth of a struct without a size is detected", "uint8_t page_size_log2;", "uint8_t page_size_log2; uint64_t more;", True)
    yield change("a new function passes", "WRL_API const char *wrl_version(void);",
                 "WRL_API const char *wrl_version(void); WRL_API void wrl_new_one(void);", False)
    yield change("a new enumerator passes", first[0], first[0] + ", WRL_EXTERN_NEW = 77", False)
    yield change("growth at the end of a config passes", "bool keep_custom_sections;", "bool keep_custom_sections; uint64_t more;", False)


def run_old(cc, library):
    """Compiles the program with the old header alone and runs it with the current library."""
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "program"
        build = [cc, "-std=c11", "-Wall", "-Wextra", "-Werror", "-I", FROZEN.parent, OLD / "program.c", library,
                 f"-Wl,-rpath,{library.parent}", "-o", program]
        for command in (build, [program]):
            done = subprocess.run([str(word) for word in command], check=False, capture_output=True, text=True)
            if done.returncode != 0:
                return f"{pathlib.Path(command[0]).name}: {done.stdout}{done.stderr}"
    return ""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--include", type=pathlib.Path, required=True)
    parser.add_argument("--library", type=pathlib.Path, help="libwrl.so; the program runs only with this option")
    parser.add_argument("--freeze", action="store_true", help="record the current headers as the old ones")
    arguments = parser.parse_args()

    now = amalgamate(arguments.include)
    if arguments.freeze:
        FROZEN.write_text(now, encoding="utf-8")
    text = FROZEN.read_text(encoding="utf-8")
    outcomes = list(planted(arguments.cc, text))
    broken = breaks(facts(arguments.cc, text), facts(arguments.cc, now))
    outcomes.append(("what compiled programs rely on is the same\n  " + "\n  ".join(broken), not broken))
    if arguments.library:
        why = run_old(arguments.cc, arguments.library.resolve())
        outcomes.append((f"the old program runs\n  {why}", not why))
    for what, held in outcomes:
        if not held:
            print(f"FAILED: {what}")
    if broken:
        print("Programs compiled earlier no longer work. CONTRIBUTING.md says what to do, under \"Compatibility\".")
    print(f"{sum(held for _, held in outcomes)} passed, {sum(not held for _, held in outcomes)} failed")
    return 0 if all(held for _, held in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
