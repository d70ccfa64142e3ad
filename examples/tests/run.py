"""Runs a program and compares its output byte for byte.

Usage: run.py [--stdout FILE] [--stderr START] [--status N] -- PROGRAM [ARGUMENT…]

stdout must equal the contents of FILE (must be empty without --stdout). stderr must be one line that begins with START (must
be empty without --stderr). The exit status must be N (0 without --status). The last line of the output is the number of these
three checks that passed and failed.
"""

import argparse
import difflib
import pathlib
import subprocess
import sys

TIMEOUT = 120


def differences(expected, found):
    lines = difflib.unified_diff(expected.splitlines(), found.splitlines(), "expected", "found", lineterm="")
    return "\n".join(lines) or f"expected {expected!r}, found {found!r}"


def is_one_line(text, start):
    """Returns whether the text is a single line that begins with `start`. Without a start, the text must be empty."""
    if not start:
        return text == ""
    return text.startswith(start) and text.endswith("\n") and text.count("\n") == 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stdout", type=pathlib.Path)
    parser.add_argument("--stderr", default="")
    parser.add_argument("--status", type=int, default=0)
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()

    expected = arguments.stdout.read_text(encoding="utf-8") if arguments.stdout else ""
    done = subprocess.run(
        arguments.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=TIMEOUT
    )
    stdout = done.stdout.decode("utf-8", "backslashreplace")
    stderr = done.stderr.decode("utf-8", "backslashreplace")
    wrong = []
    if stdout != expected:
        wrong.append(f"the output differs:\n{differences(expected, stdout)}")
    if not is_one_line(stderr, arguments.stderr):
        wrong.append(f"the error output should begin with {arguments.stderr!r}, but is:\n{stderr}")
    if done.returncode != arguments.status:
        wrong.append(f"the exit status is {done.returncode}, not {arguments.status}")
    for what in wrong:
        print(f"FAIL {what}")
    print(f"{3 - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
