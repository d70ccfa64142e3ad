#!/usr/bin/env python3
"""Checks the manual pages: mandoc reports no problem, wrl.1 has each option and command in the tool's help, and wrl.3 shows
functions as the headers declare them. The last line is "N passed, N failed".
"""

import pathlib
import re
import subprocess
import sys

passed = failed = 0


def check(what, ok, detail=""):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print(f"FAILED: {what}: {detail}")


def output(*command):
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def main():
    mandoc, tool, source = sys.argv[1:]
    source = pathlib.Path(source)
    tool_page, library_page = source / "packaging/man/wrl.1", source / "packaging/man/wrl.3"
    for page in [tool_page, library_page]:
        status, said = output(mandoc, "-T", "lint", "-W", "warning", str(page))
        check(f"mandoc on {page.name}", status == 0 and not said, said)

    text = tool_page.read_text(encoding="utf-8")
    commands = re.findall(r"^  ([a-z]+)  ", output(tool, "--help")[1].split("Options:")[0], re.M)
    check("the tool has commands", len(commands) >= 3, commands)
    for command in commands:
        check(f"wrl.1 has {command}", re.search(rf"^\.It Cm {command}$", text, re.M), "no such item")
    options = set(re.findall(r"--([a-z-]+)", "".join(output(tool, *words)[1] for words in
                                                     [["--help"], *[[command, "--help"] for command in commands]])))
    check("the tool has options", len(options) >= 4, options)
    for option in sorted(options):
        check(f"wrl.1 has --{option}", re.search(rf"^\.It Fl -{option}\b", text, re.M), "no such item")

    headers = " ".join(path.read_text(encoding="utf-8") for path in sorted((source / "include/wrl").glob("*.h")))
    headers = re.sub(r"\s+", " ", headers)
    functions = re.findall(r'^\.Fn (\w+) (".*")$', library_page.read_text(encoding="utf-8"), re.M)
    check("wrl.3 shows functions", len(functions) >= 4, functions)
    for name, arguments in functions:
        types = ", ".join(re.findall('"([^"]*)"', arguments))
        declared = f"{name}({types});"
        check(f"wrl.3 shows {name} as declared", declared in headers, declared)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
