"""Checks that the joined Rust crate pins the same versions as the crates that it joins.

Usage: locks.py SOURCE

Every registry crate in rust/joined/Cargo.lock must be in the lock file of a joined crate, with the same version and checksum, and
the other way round. The last line counts the checks that passed and failed.
"""

import pathlib
import re
import sys

JOINED = "rust/joined"
PATH = re.compile(r'^path = "([^"]+)"', re.MULTILINE)
PACKAGE = re.compile(r'^\[\[package\]\]\nname = "([^"]+)"\nversion = "([^"]+)"\nsource = "[^"]+"\nchecksum = "(\w+)"',
                     re.MULTILINE)


def pinned(crate):
    """Returns name, version and checksum of each registry crate."""
    text = (crate / "Cargo.lock").read_text(encoding="utf-8")
    found = set(PACKAGE.findall(text))
    # A package in another notation would be overlooked.
    if not found or len(found) != text.count("\nchecksum = "):
        sys.exit(f"locks.py: {crate}/Cargo.lock cannot be read")
    return found


def main():
    joined = pathlib.Path(sys.argv[1]) / JOINED
    crates = PATH.findall((joined / "Cargo.toml").read_text(encoding="utf-8"))
    if not crates:
        sys.exit(f"locks.py: {joined}/Cargo.toml joins no crates")
    own = pinned(joined)
    theirs = set().union(*(pinned(joined / crate) for crate in crates))
    for name, version, _ in sorted(theirs - own):
        print(f"FAIL {JOINED}/Cargo.lock does not have {name} {version}: cargo update -p {name} --precise {version}")
    for name, version, _ in sorted(own - theirs):
        print(f"FAIL {JOINED}/Cargo.lock has {name} {version}, which none of {', '.join(crates)} has")
    print(f"{len(own & theirs)} passed, {len(own ^ theirs)} failed")
    return 1 if own ^ theirs else 0


if __name__ == "__main__":
    sys.exit(main())
