#!/usr/bin/env python3
"""Compares what compiled programs rely on with abi.txt: the functions and their types, the constants and their values, the
sizes of structs and the offsets of their members.

`abi.py … --write` adds new lines to abi.txt. A line that changes or disappears breaks programs that are linked with an older
library: raise WRL_SOVERSION with it (or WRL_BACKEND_ABI, if only backends are affected). A new member at the end of a struct
that begins with its own size breaks nothing, although the struct's size changes. The last line is "N passed, N failed".
"""

import argparse
import difflib
import pathlib
import re
import subprocess
import sys
import tempfile

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
FUNCTION = re.compile(r"\bWRL_API\b([^;{}]*?\b(wrl_\w+)\s*\([^;{}]*);", re.S)
ENUM = re.compile(r"\benum\b(?:\s+\w+)?\s*\{(.*?)\}", re.S)
RECORD = re.compile(r"\b(?:typedef\s+)?(struct|union)\s+(wrl_\w+)\s*\{")


def bare(text):
    """Returns a header without comments and preprocessor lines."""
    text = COMMENT.sub(" ", text)
    return re.sub(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", " ", text, flags=re.M)


def functions(text):
    return {re.sub(r"\s+", " ", declaration).strip() for declaration, _ in FUNCTION.findall(text)}


def constants(text):
    words = (part.split("=")[0].strip() for body in ENUM.findall(text) for part in body.split(","))
    return [word for word in words if word]


def body_of(text, start):
    """Returns the text from `start` to the matching closing brace."""
    depth = 1
    for at in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return text[start:at]
    sys.exit("a brace is not closed")


def members(body):
    """Returns the names of a struct's direct members."""
    while "{" in body:
        body = re.sub(r"\{[^{}]*\}", " ", body)
    names = []
    for declaration in filter(None, (part.strip() for part in body.split(";"))):
        pointer = re.search(r"\(\s*\*\s*(\w+)", declaration)
        if pointer:
            names.append(pointer[1])
        else:
            names += [re.search(r"(\w+)\s*(?:\[[^\]]*\]\s*)*$", part)[1] for part in declaration.split(",")]
    return names


def records(text):
    """Returns tuples of "struct" or "union", the name, and the members."""
    return [(found[1], found[2], members(body_of(text, found.end()))) for found in RECORD.finditer(text)]


def measure(cc, include, headers, text):
    """Returns the compiler's values of constants and layouts of structs, one line each."""
    lines = ["#include <stddef.h>", "#include <stdio.h>", *[f"#include <{header}>" for header in headers], "int main(void) {"]
    lines += [f'printf("constant {name} = %lld\\n", (long long){name});' for name in constants(text)]
    for kind, name, parts in records(text):
        tag = f"{kind} {name}"
        lines.append(f'printf("{tag}: %zu bytes\\n", sizeof({tag}));')
        lines += [f'printf("{tag}.{part}: %zu bytes at %zu\\n", sizeof((({tag} *)0)->{part}), offsetof({tag}, {part}));'
                  for part in parts]
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "abi.c"
        source.write_text("\n".join([*lines, "return 0; }", ""]), encoding="utf-8")
        program = pathlib.Path(folder) / "abi"
        for command in [[cc, "-std=c11", "-I", include, source, "-o", program], [program]]:
            done = subprocess.run([str(word) for word in command], check=False, capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(f"{command[0]}: {done.stderr}")
    return done.stdout.splitlines()


def selftest():
    """Checks that every form of declaration is found."""
    text = bare("WRL_API WRL_NODISCARD int\nwrl_a(int b); /* WRL_API int wrl_no(void); */\n#define X {\n"
                "typedef enum wrl_e { WRL_ONE = 1, /* , */ WRL_TWO } wrl_e_t;\n"
                "struct wrl_s { int a, b[2]; void *(*call)(void *x, int y); union { int c; struct { int d; } e; } of; };\n")
    return (functions(text) == {"WRL_NODISCARD int wrl_a(int b)"} and constants(text) == ["WRL_ONE", "WRL_TWO"]
            and records(text) == [("struct", "wrl_s", ["a", "b", "call", "of"])])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--include", type=pathlib.Path, required=True)
    parser.add_argument("--write", action="store_true", help="write abi.txt anew")
    arguments = parser.parse_args()

    paths = sorted(arguments.include.rglob("*.h"))
    headers = [str(path.relative_to(arguments.include)) for path in paths]
    text = "\n".join(bare(path.read_text(encoding="utf-8")) for path in paths)
    found = sorted(functions(text)) + measure(arguments.cc, arguments.include, headers, text)
    file = pathlib.Path(__file__).with_name("abi.txt")
    if arguments.write:
        file.write_text("\n".join(found) + "\n", encoding="utf-8")
    wanted = file.read_text(encoding="utf-8").splitlines()

    failed = 0
    if not selftest():
        failed += 1
        print("FAILED: selftest")
    changes = [line for line in difflib.unified_diff(wanted, found, "abi.txt", "the headers", lineterm="", n=0)
               if not line.startswith("@@")]
    if changes:
        failed += len(changes) - 2
        print("\n".join(changes))
        print("The binary interface has changed. The comment in abi.py says what to do.")
    print(f"{len(set(found) & set(wanted))} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
