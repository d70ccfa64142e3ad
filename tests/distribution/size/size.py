"""Measures the programs for a page, plain and gzipped. Fails if one exceeds the limit in docs/performance.md.

Usage: size.py wrl_size.js wrl_size_lean.js, with the .wasm files beside them. The last line counts the files within their limits.
"""

import gzip
import pathlib
import sys

LIMITS = {
    "wrl_size": {".wasm": 77_200, ".js": 32_500},
    "wrl_size_lean": {".wasm": 70_500, ".js": 29_450},
}


def main():
    passed = failed = 0
    for program in map(pathlib.Path, sys.argv[1:]):
        for suffix, limit in LIMITS[program.stem].items():
            file = program.with_suffix(suffix)
            content = file.read_bytes()
            print(f"{file.name}: {len(content)} bytes of at most {limit}, gzipped {len(gzip.compress(content, 9))}")
            passed += len(content) <= limit
            failed += len(content) > limit
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
