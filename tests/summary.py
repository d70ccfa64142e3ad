"""Adds up the results of all parts of `make test`, which tests/run.sh wrote into a folder, and lists the slowest builds and tests.

Usage: summary.py RESULTS [--write DOCUMENT]

PART.xml is the output of ctest. PART.build.time and PART.test.time hold times in seconds: wall clock, user and system. Each test
of ctest counts as one test, unless it prints its own counts; the last such line counts. With --write, the script replaces the
table of times in the document.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

OWN_COUNT = re.compile(r"^(\d+) passed, (\d+) failed", re.MULTILINE)
GTEST_PASSED = re.compile(r"^\[  PASSED  \] (\d+) tests?\.", re.MULTILINE)
GTEST_FAILED = re.compile(r"^\[  FAILED  \] (\d+) tests?, listed below", re.MULTILINE)


def count(case):
    """Returns the numbers of tests that passed and failed in one ctest test."""
    output = case.findtext("system-out") or ""
    ran_well = case.get("status") == "run"
    own = OWN_COUNT.findall(output)
    gtest = GTEST_PASSED.findall(output)
    if own:
        passed, failed = map(int, own[-1])
    elif gtest:
        failures = GTEST_FAILED.findall(output)
        passed, failed = int(gtest[-1]), int(failures[-1]) if failures else 0
    else:
        passed, failed = int(ran_well), int(not ran_well)
    if not ran_well and failed == 0:
        failed = 1
    return passed, failed


def cases(folder):
    """Yields every test with the name of its part."""
    for file in sorted(folder.glob("*.xml")):
        for case in ElementTree.parse(file).getroot().iter("testcase"):
            yield file.stem, case


def seconds(file):
    """Returns the wall-clock time and the processor time, or None if the step did not run."""
    if not file.exists():
        return None
    clock, user, system = map(float, file.read_text(encoding="utf-8").split()[-3:])
    return clock, user + system


def slowest(folder, part=None):
    """Returns the tests of a part, or the tests and builds of all parts, with wall-clock times, slowest first."""
    found = [(float(case.get("time")), name, case.get("name")) for name, case in cases(folder)]
    if not part:
        for kind, what in [("build", "its build"), ("test", "all of it")]:
            found += [(seconds(file)[0], file.name.split(".")[0], what) for file in folder.glob(f"*.{kind}.time")
                      if kind == "build" or file.name.startswith("lint.")]
    return sorted((entry for entry in found if part in (None, entry[1])), reverse=True)


def print_slowest(folder):
    print("The 20 slowest builds and tests, in seconds:")
    for time, part, name in slowest(folder)[:20]:
        print(f"{time:8.1f}  {part} {name}")


def table(folder):
    """Returns the rows for the document, with the parts in the order in which they ran."""
    rows = ["| Part | Build | Tests | Processors | What takes longest |", "|---|---|---|---|---|"]
    total = [0.0, 0.0]
    files = sorted(folder.glob("*.test.time"), key=lambda file: file.stat().st_mtime)
    for part in [file.name.split(".")[0] for file in files]:
        steps = [seconds(folder / f"{part}.{kind}.time") for kind in ["build", "test"]]
        processors = sum(step[1] for step in steps if step)
        total[0] += sum(step[0] for step in steps if step) if part != "lint" else 0
        total[1] += processors
        longest = ", ".join(f"{name} {time:.0f}" for time, _, name in slowest(folder, part)[:4] if time >= 1)
        rows.append("| " + " | ".join([f"`{part}`", *(f"{step[0]:.0f} s" if step else "" for step in steps),
                                       f"{processors:.0f} s", longest]) + " |")
    rows.append(f"| all | {total[0] / 60:.0f} min | | {total[1] / 60:.0f} min | |")
    return rows


def write(folder, document):
    text = document.read_text(encoding="utf-8")
    begin, end = "<!-- times:begin -->", "<!-- times:end -->"
    before, rest = text.split(begin)
    after = rest.split(end)[1]
    document.write_text("\n".join([before + begin, *table(folder), end]) + after, encoding="utf-8")


def main():
    folder = pathlib.Path(sys.argv[1])
    if sys.argv[2:3] == ["--write"]:
        write(folder, pathlib.Path(sys.argv[3]))
        return 0
    total_passed = total_failed = 0
    for part, case in cases(folder):
        passed, failed = count(case)
        total_passed += passed
        total_failed += failed
        print(f"{part + ' ' + case.get('name'):45} {passed:6} passed, {failed:3} failed")
    for file in sorted(folder.glob("*.failed")):
        total_failed += 1
        print(f"{file.stem:45} {'failed' if file.stem == 'lint' else 'did not build'}")
    print_slowest(folder)
    print(f"{total_passed} passed, {total_failed} failed")
    linted = (folder / "lint.test.time").exists()
    return 1 if total_failed or not (total_passed or linted) else 0


if __name__ == "__main__":
    sys.exit(main())
