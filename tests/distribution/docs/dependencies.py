"""Compares the versions in docs/dependencies.md with the versions that the project pins.

Usage: dependencies.py SOURCE

Every crate and npm package in a manifest must have a row with its version, and the lists of npm packages must be equal. The
last line counts the checks that passed and failed.
"""

import json
import pathlib
import re
import sys

MANIFESTS = [
    "backends/wasmi/glue/Cargo.toml",
    "backends/wasmtime/engine/Cargo.toml",
    "wat/glue/Cargo.toml",
    "bench/wasmi/Cargo.toml",
    "tests/spec/converter/Cargo.toml",
    "tests/robustness/differential/smith/Cargo.toml",
]
NPM_MANIFESTS = ["tests/robustness/real/package.json", "tests/hosts/browser/package.json", "tests/hosts/js/node/package.json",
                 "tests/hosts/js/closure/package.json", "packaging/pyodide/package.json"]
DEPENDENCY = re.compile(r'^\[dependencies\.([\w-]+)\]\nversion = "=?([^"]+)"', re.MULTILINE)


def crates(source):
    """Returns name and version of each crate in the manifests. Manifests may pin different versions of a crate."""
    found = []
    for manifest in MANIFESTS:
        text = (source / manifest).read_text(encoding="utf-8")
        pinned = dict(DEPENDENCY.findall(text))
        # A dependency in another notation would be overlooked.
        if not pinned or len(pinned) != text.count("[dependencies"):
            sys.exit(f"dependencies.py: {manifest}: its dependencies cannot be read")
        found += [item for item in pinned.items() if item not in found]
    return found


def rows(text):
    """Returns the first two cells of each row of each table, with links replaced by their text. A name may have several rows."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    found = {}
    for row in cells:
        found.setdefault(re.sub(r"^\[(.*)\]\(.*\)$", r"\1", row[0]), []).append(row[1])
    return found


def main():
    source = pathlib.Path(sys.argv[1])
    text = (source / "docs/dependencies.md").read_text(encoding="utf-8")
    packages = {}
    for manifest in NPM_MANIFESTS:
        package = json.loads((source / manifest).read_text(encoding="utf-8"))
        pinned = package.get("dependencies", {}) | package.get("optionalDependencies", {})
        # A package that is installed under another name is pinned as "npm:NAME@VERSION".
        packages |= {name: version.split("@")[-1] for name, version in pinned.items()}
    written = rows(text)
    passed = failed = 0
    for name, version in [*crates(source), *packages.items()]:
        # "0.239, as wasmi has it" matches 0.239.
        if any(re.match(re.escape(version) + r"(,|$)", words) for words in written.get(name, [])):
            passed += 1
        else:
            failed += 1
            print(f"FAIL {name}: pinned to {version}, the document says {written.get(name)}")
    npm = rows(text[text.index("<!-- npm:begin -->") : text.index("<!-- npm:end -->")])
    for name in npm:
        if name not in packages and name != "Package" and not set(name) <= {"-"}:
            failed += 1
            print(f"FAIL {name}: is in the document, but in none of {', '.join(NPM_MANIFESTS)}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
