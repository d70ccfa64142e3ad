"""Runs a crate's own tests and adds up their counts: cargo_test.py CARGO CRATE TARGET-DIR."""

import os
import re
import subprocess
import sys

RESULT = re.compile(r"^test result: \w+\. (\d+) passed; (\d+) failed", re.MULTILINE)


def main():
    cargo, crate, target_dir = sys.argv[1:]
    command = [cargo, "test", "--release", "--locked", "--manifest-path", os.path.join(crate, "Cargo.toml")]
    done = subprocess.run(
        command, env={**os.environ, "CARGO_TARGET_DIR": target_dir}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", errors="replace", check=False,
    )
    print(done.stdout, end="")
    results = [tuple(map(int, found)) for found in RESULT.findall(done.stdout)]
    passed = sum(found[0] for found in results)
    failed = sum(found[1] for found in results)
    # A crate that does not compile prints no results.
    if failed == 0 and (done.returncode or passed == 0):
        failed = 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
