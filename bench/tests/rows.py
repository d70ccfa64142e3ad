"""Runs a benchmark of the Python package for a moment. Checks that it works, not its figures.

Usage: rows.py --json FILE --figures NAME,NAME… --row NAME… -- COMMAND…

The command receives --seconds and --json. Its JSON lines must contain each of the rows, with positive figures, and no others. Its
output must contain the same figures. The last line of the output is the number of rows that passed and failed.
"""

import argparse
import json
import pathlib
import subprocess
import sys


def wrong_with(name, lines, printed, figures):
    """Returns a description of the problem with a row, or None."""
    if len(lines) != 1:
        return f"it is there {len(lines)} times"
    missing = [figure for figure in figures if not lines[0].get(figure, 0) > 0]
    if missing:
        return f"nothing was measured: {', '.join(missing)}"
    expected = [f"{lines[0]['ns']:.0f} ns", f"{lines[0]['ratio']:.1f}"]
    if not any(row.startswith(f"{name} ") and all(word in row for word in expected) for row in printed):
        return "the output has other figures"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", type=pathlib.Path, required=True)
    parser.add_argument("--figures", type=lambda text: text.split(","), required=True)
    parser.add_argument("--row", action="append", required=True)
    parser.add_argument("command", nargs="+")
    args = parser.parse_args()
    args.json.unlink(missing_ok=True)
    done = subprocess.run([*args.command, "--seconds", "0.05", "--json", str(args.json)], stdout=subprocess.PIPE, text=True,
                          check=False)
    print(done.stdout)
    rows = [json.loads(line) for line in args.json.read_text().splitlines()] if args.json.exists() else []
    problems = {name: wrong_with(name, [row for row in rows if row["name"] == name], done.stdout.splitlines(), args.figures)
                for name in args.row}
    problems.update({row["name"]: "unexpected row" for row in rows if row["name"] not in args.row})
    if done.returncode != 0:
        problems["the benchmark"] = f"its exit status is {done.returncode}"
    for name, problem in problems.items():
        print(f"{'FAIL' if problem else 'ok  '}  {name}{': ' if problem else ''}{problem or ''}")
    failed = sum(problem is not None for problem in problems.values())
    print(f"{len(problems) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
