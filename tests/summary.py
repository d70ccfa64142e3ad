"""Adds up the results of all parts of `make test`: reads the JUnit files that ctest wrote into a folder.

Suites print how many of their own tests passed and failed in their last such line; other programs count as one test.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

OWN_COUNT = re.compile(r"^(\d+) passed, (\d+) failed", re.MULTILINE)
GTEST_PASSED = re.compile(r"^\[  PASSED  \] (\d+) tests?\.", re.MULTILINE)
GTEST_FAILED = re.compile(r"^\[  FAILED  \] (\d+) tests?, listed below", re.MULTILINE)


def count(case):
    """The numbers of tests that passed and failed in one ctest test."""
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


def main():
    folder = pathlib.Path(sys.argv[1])
    total_passed = total_failed = 0
    for file in sorted(folder.glob("*.xml")):
        for case in ElementTree.parse(file).getroot().iter("testcase"):
            passed, failed = count(case)
            total_passed += passed
            total_failed += failed
            print(f"{file.stem + ' ' + case.get('name'):45} {passed:6} passed, {failed:3} failed")
    for file in sorted(folder.glob("*.failed")):
        total_failed += 1
        print(f"{file.stem:45} did not build")
    print(f"{total_passed} passed, {total_failed} failed")
    return 1 if total_failed or not total_passed else 0


if __name__ == "__main__":
    sys.exit(main())
