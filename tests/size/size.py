"""Measures the program for a page, plain and gzipped: fails if it is larger than docs/performance.md promises.

Usage: size.py PROGRAM.js, with PROGRAM.wasm beside it. The last line says how many of the two files are within their limits.
"""

import gzip
import pathlib
import sys

LIMITS = {".wasm": 60_000, ".js": 25_000}


def main():
    program = pathlib.Path(sys.argv[1])
    passed = failed = 0
    for suffix, limit in LIMITS.items():
        content = program.with_suffix(suffix).read_bytes()
        print(f"{suffix}: {len(content)} bytes of at most {limit}, gzipped {len(gzip.compress(content, 9))}")
        passed += len(content) <= limit
        failed += len(content) > limit
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
