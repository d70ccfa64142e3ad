#!/usr/bin/env python3
"""A program that was compiled before, with the library of now.

Usage: old_program.py --cc CC --include FOLDER [--library FILE] [--freeze]

The folder old/ holds the headers of an earlier state, in one file without comments, and a program of that time. Three
things are tried:

- What programs rely on (functions, types of callbacks, constants, sizes and places of members, as abi.py measures them) is asked of the old
  header and of the headers of now. What the old header has must be the same now. Additions pass, also those at the end
  of a struct that begins with its own size.
- The old program is compiled with the old header, linked with the library of now, and run.
- A planted break of each sort is seen, and a planted addition passes.

Whoever breaks the interface on purpose records that with --freeze, which writes the header anew; CONTRIBUTING.md says
when. The last line is "N passed, N failed".
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
    """A header with what it includes of the library's, each file once, without comments and empty lines."""
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
    """What programs rely on, by what it is about. The functions are read, the rest is measured."""
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
    """Whether only the size of a struct that begins with its own size has grown."""
    found = MEMBER.match(old[subject])
    if not found or found[3] or f"{subject}.size" not in old:
        return False
    return old[f"{subject}.size"].endswith(" at 0") and size_of(new[subject]) > size_of(old[subject])


def size_of(line):
    return int(re.search(r": (\d+) bytes", line)[1])


def breaks(old, new):
    """The lines of the old header that are not true any more."""
    return [f"{old[subject]}   now: {new.get(subject, 'gone')}" for subject in sorted(old)
            if new.get(subject) != old[subject] and not (subject in new and grows(subject, old, new))]


def planted(cc, text):
    """What each change leads to: (what, whether it is as it has to be)."""
    old = facts(cc, text)

    def change(what, before, after, is_break):
        if before not in text:
            return what + ": its place is not there", False
        return what, bool(breaks(old, facts(cc, text.replace(before, after, 1)))) == is_break

    first = re.search(r"WRL_EXTERN_GLOBAL = (\d+)", text)
    yield change("a member that moves is seen", "const char *name;\n    wrl_extern_t item;", "wrl_extern_t item;\n    const char *name;", True)
    yield change("an enumerator that changes is seen", first[0], f"WRL_EXTERN_GLOBAL = {int(first[1]) + 40}", True)
    yield change("a function that goes is seen", "WRL_API const char *wrl_version(void);", "", True)
    yield change("a parameter that changes is seen", "wrl_version(void)", "wrl_version(int which)", True)
    yield change("a callback that changes is seen", "(*wrl_finalizer_t)(void *data)", "(*wrl_finalizer_t)(void *data, int why)", True)
    yield change("a member that is wider is seen", "uint8_t page_size_log2;", "uint64_t page_size_log2;", True)
    yield change("a struct that grows and has no size is seen", "uint8_t page_size_log2;", "uint8_t page_size_log2; uint64_t more;", True)
    yield change("a function that is new passes", "WRL_API const char *wrl_version(void);",
                 "WRL_API const char *wrl_version(void); WRL_API void wrl_new_one(void);", False)
    yield change("an enumerator that is new passes", first[0], first[0] + ", WRL_EXTERN_NEW = 77", False)
    yield change("a config that grows at its end passes", "bool keep_custom_sections;", "bool keep_custom_sections; uint64_t more;", False)


def run_old(cc, library):
    """Compiles the program with the old header alone, and runs it with the library of now."""
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
    parser.add_argument("--library", type=pathlib.Path, help="libwrl.so; without it the program is not run")
    parser.add_argument("--freeze", action="store_true", help="record the headers of now as the old ones")
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
        print("Programs that were compiled before break: CONTRIBUTING.md says what to do, under \"Compatibility\".")
    print(f"{sum(held for _, held in outcomes)} passed, {sum(not held for _, held in outcomes)} failed")
    return 0 if all(held for _, held in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
