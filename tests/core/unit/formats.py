"""Checks that the layer's formats contain only conversions that src/format.c implements, and that no other source calls a
function of C that formats: C libraries differ in what they do with a buffer that is NULL or too small (see src/format.c).

Usage: formats.py [--planted] SOURCE.c...

--planted checks that each fault in planted sources is found. The last line counts the checks that passed and failed.
"""

import pathlib
import re
import sys

TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'', re.DOTALL)
KNOWN = re.compile(r"%(?:c|s|(?:l|ll)?d|(?:02)?(?:l|ll|z)?[ux])")
PRINTING = re.compile(r"\b(v?(?:s|sn|sni|si|as|d|f)?i?printf|sscanf)\s*\(")
# The formatting functions of C that each file may call.
ALLOWED = {"text.c": {"vsnprintf"}, "shared_object.c": {"snprintf", "sscanf"}, "item.c": {"fprintf"}}
PLANTED = [
    ('wrl__text_addf(t, "%.0f", x);', 1), ('fail(r, "%%");', 1), ('f("%5d" /* "%d" */);', 1),
    ('f("%u" "%ls");', 1), ('f("%s, %02x, %llu %zx");', 0), ("vsniprintf(NULL, 0, f, a);", 1),
    ('snprintf(b, 2, "x");', 1), ('/* printf("%f") */ g(\'%\');', 0), ('g("%");', 1),
]


def faults(name, text):
    """Returns the faults in a source."""
    allowed = ALLOWED.get(name, set())
    literals = []

    def blank(match):
        token = match.group()
        literals.append(token if token[0] == '"' else "")
        return '""' if token[0] == '"' else " "

    code = TOKEN.sub(blank, text)
    found = [f"calls {call}" for call in PRINTING.findall(code) if call not in allowed]
    if "snprintf" not in allowed:
        found += [f"has the format {literal}" for literal in literals if "%" in KNOWN.sub("", literal)]
    return found


def main():
    failed = 0
    if sys.argv[1] == "--planted":
        checks = [(source, faults("planted.c", source), count) for source, count in PLANTED]
    else:
        files = map(pathlib.Path, sys.argv[1:])
        checks = [(str(file), faults(file.name, file.read_text(encoding="utf-8")), 0) for file in files]
    for name, found, count in checks:
        if len(found) != count:
            failed += 1
            print(f"FAIL {name}: {found}, not {count}")
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed or not checks else 0


if __name__ == "__main__":
    sys.exit(main())
