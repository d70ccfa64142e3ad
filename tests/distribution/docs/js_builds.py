"""Compares the builds for JS hosts in docs/js-hosts.md with CMake's presets and with what CI runs.

Usage: js_builds.py SOURCE

Each preset that inherits js-build must have a row. The row states the preset's options, the suites that the test preset runs,
and whether tests/run.sh includes the part in PARTS=all. The last line counts the checks that passed and failed.
"""

import json
import pathlib
import re
import sys

NAMES = ["part", "compiled with", "linked with", "suites", "when"]


def compiled(variables, base):
    """Returns the compiler options that a preset sets."""
    values = base | variables
    flags = values[f"CMAKE_C_FLAGS_{values['CMAKE_BUILD_TYPE'].upper()}"].replace(" -DNDEBUG", "")
    flags += " " + values.get("CMAKE_C_FLAGS", "")
    flags += f" -fsanitize={values['WRL_SANITIZE']}" if "WRL_SANITIZE" in values else ""
    return " ".join(flags.split())


def suites(preset):
    """Returns the suites of a test preset's tests. The name of each test begins with that of its suite."""
    return ", ".join(sorted(re.findall(r"[(|](\w+)_\(", preset["filter"]["include"]["name"])))


def expected(presets, parts):
    """Returns the rows that the document must have."""
    by_name = {preset["name"]: preset for preset in presets["configurePresets"]}
    tests = {preset["name"]: preset for preset in presets["testPresets"]}
    base = by_name["emscripten"]["cacheVariables"]
    rows = []
    for name, preset in by_name.items():
        if preset.get("inherits") == "js-build":
            variables = preset["cacheVariables"]
            rows.append([f"`{name}`", f"`{compiled(variables, base)}`", f"`{variables['WRL_JS_LINK']}`",
                         suites(tests[name]), "in CI" if name in parts else "on demand"])
    return rows


def main():
    source = pathlib.Path(sys.argv[1])
    presets = json.loads((source / "CMakePresets.json").read_text(encoding="utf-8"))
    parts = re.search(r"^all=\((.*)\)", (source / "tests/run.sh").read_text(encoding="utf-8"), re.MULTILINE).group(1).split()
    text = (source / "docs/js-hosts.md").read_text(encoding="utf-8")
    table = text[text.index("<!-- builds:begin -->") : text.index("<!-- builds:end -->")].splitlines()
    written = [[cell.strip() for cell in line.strip("|").split("|")] for line in table if line.startswith("| `")]
    rows = expected(presets, parts)
    passed = failed = 0
    for i in range(max(len(rows), len(written))):
        row = rows[i] if i < len(rows) else [None] * len(NAMES)
        for j, name in enumerate(NAMES):
            said = written[i][j] if i < len(written) and j < len(written[i]) else None
            if said == row[j]:
                passed += 1
            else:
                failed += 1
                print(f"FAIL row {i + 1}, {name}: expected {row[j]}, the document has {said}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
