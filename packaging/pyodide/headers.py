"""Makes the headers that a C compiler needs for Pyodide in addition to Emscripten's.

Usage: headers.py VARIABLES.json PYTHON EMSCRIPTEN OUTPUT

PYTHON is the directory with a native Python.h, EMSCRIPTEN the one with Emscripten's C headers. OUTPUT/python3.11 receives
Python's headers, with a pyconfig.h for Pyodide that is made from its sysconfig variables. OUTPUT/emscripten receives headers
that must precede EMSCRIPTEN on the include path.
"""

import json
import pathlib
import re
import shutil
import sys

NAME = re.compile(r"^(?:/\* #undef (\w+) \*/|# *(?:define|undef) (\w+).*)$", re.MULTILINE)
# The sysconfig variables do not include names that begin with "_". The _SOURCE macros enable all features of the C library,
# and have the same values on every host.
SOURCE = re.compile(r"^# *define (_[A-Z0-9_]+_SOURCE\w*) +(\w+)$", re.MULTILINE)
# Names that every pyconfig.h defines. Without them, the result is not valid.
NEEDED = ["SIZEOF_LONG", "SIZEOF_VOID_P", "SIZEOF_WCHAR_T", "HAVE_STDINT_H"]


def fail(message):
    sys.exit(f"headers.py: {message}")


def definition(name, value):
    """Returns a line of pyconfig.h, or None if the value is not set."""
    if value in (0, None, ""):
        return None
    if isinstance(value, str) and not re.fullmatch(r'[\w()* ]+|".*"', value):
        value = json.dumps(value)
    return f"#define {name} {value}"


def pyconfig(variables, native):
    """Makes pyconfig.h from the variables whose names occur in the native headers."""
    names = sorted({first or second for first, second in NAME.findall(native)} & set(variables))
    lines = [line for line in (definition(name, variables[name]) for name in names) if line]
    lines += [f"#ifndef {name}\n#define {name} {value}\n#endif" for name, value in sorted(set(SOURCE.findall(native)))]
    text = "/* Made by headers.py of the sysconfig variables of Pyodide. */\n" + "\n".join(lines) + "\n"
    for name in NEEDED:
        if f"#define {name} " not in text:
            fail(f"Pyodide's variables have no {name}")
    return text


def native_pyconfig(python):
    """Returns the text of pyconfig.h, with the machine's own pyconfig.h, which Debian's includes."""
    texts = [path.read_text(encoding="utf-8") for path in python.parent.glob(f"*/{python.name}/pyconfig.h")]
    texts.append((python / "pyconfig.h").read_text(encoding="utf-8"))
    return "\n".join(texts)


def alltypes(emscripten):
    """Returns alltypes.h with a 64-bit time_t. Emscripten has that since about 3.1.8, so all builds of Pyodide have it."""
    text = (emscripten / "bits/alltypes.h").read_text(encoding="utf-8")
    if re.search(r"^typedef _Int64 time_t;", text, re.MULTILINE):
        return text
    wider, count = re.subn(r"^typedef long time_t;", "typedef _Int64 time_t;", text, flags=re.MULTILINE)
    if count != 1:
        fail(f"{emscripten}/bits/alltypes.h has another time_t than expected")
    return wider


def main():
    if len(sys.argv) != 5:
        fail(__doc__)
    variables = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    python, emscripten, output = map(pathlib.Path, sys.argv[2:])
    shutil.rmtree(output, ignore_errors=True)
    shutil.copytree(python, output / python.name)
    (output / python.name / "pyconfig.h").unlink()
    (output / python.name / "pyconfig.h").write_text(pyconfig(variables, native_pyconfig(python)), encoding="utf-8")
    (output / "emscripten/bits").mkdir(parents=True)
    (output / "emscripten/bits/alltypes.h").write_text(alltypes(emscripten), encoding="utf-8")


if __name__ == "__main__":
    main()
