#!/usr/bin/env python3
"""Checks that release builds are hardened: the properties of each linked file and the flags of each C file. First applies each
check to files that are not hardened, to show that it can fail. The last line is "N passed, N failed".
"""

import argparse
import json
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))

from results import Results  # noqa: E402

# Installed files contain code from these folders.
FOLDERS = ("src", "backends", "cli")
SAMPLE = """
#include <stdio.h>
#include <string.h>
int sample(const char *text);
int sample(const char *text) { char copy[16]; strcpy(copy, text); return printf("%s", copy); }
int main(int argc, char **argv) { return sample(argv[argc - 1]); }
"""
SOFT = ["-O2", "-fno-stack-protector", "-U_FORTIFY_SOURCE", "-Wl,-z,norelro,-z,lazy,-z,execstack"]
HARD = ["-O2", "-fstack-protector-strong", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2",
        "-Wl,-z,relro,-z,now,-z,noexecstack"]


def output(*command):
    done = subprocess.run([str(word) for word in command], check=False, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(map(str, command))}: {done.stderr}")
    return done.stdout


def lacks(path):
    """Returns the protections that are missing in the file; empty if it is hardened."""
    segments = output("readelf", "-lW", path)
    dynamic = output("readelf", "-dW", path)
    symbols = output("readelf", "--dyn-syms", "-W", path)
    stack = re.search(r"GNU_STACK(?:\s+0x\w+){5}\s+(\S+)", segments)
    flags = set(re.findall(r"\w+", " ".join(re.findall(r"\(FLAGS(?:_1)?\)(.*)", dynamic))))
    found = set()
    if "GNU_RELRO" not in segments:
        found.add("relro")
    if not {"BIND_NOW", "NOW"} & flags:
        found.add("now")
    if not stack or "E" in stack[1]:
        found.add("noexecstack")
    if re.search(r"LOAD(?:\s+0x\w+){5}\s+RWE", segments):
        found.add("no writable and executable segment")
    if "(TEXTREL)" in dynamic or "TEXTREL" in flags:
        found.add("code without relocations")
    if "__stack_chk_fail" not in symbols:
        found.add("stack protector")
    if not re.search(r"\b__\w+_chk\b", symbols):
        found.add("fortified functions")
    header = output("readelf", "-hW", path)
    if not re.search(r"Type:\s+DYN", header) or ("INTERP" in segments and "PIE" not in flags):
        found.add("position independence")
    return found


def selftest(results, cc):
    """Checks files without any protection, and hardened files."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "sample.c"
        source.write_text(SAMPLE, encoding="utf-8")
        common = {"relro", "now", "noexecstack", "stack protector", "fortified functions"}
        for what, options, wanted in [
            ("soft program", [*SOFT, "-no-pie", "-fno-pie"], common | {"position independence"}),
            ("soft library", [*SOFT, "-shared", "-fPIC"], common),
            ("hard program", [*HARD, "-pie", "-fPIE"], set()),
            ("hard library", [*HARD, "-shared", "-fPIC"], set()),
        ]:
            made = pathlib.Path(folder) / "sample"
            output(cc, *options, source, "-o", made)
            found = lacks(made)
            results.check(f"selftest: {what}", found == wanted, f"lacks {sorted(found)}, not {sorted(wanted)}")


def check_commands(results, arguments):
    """Checks that each C file is compiled with the flags. The symbols of a linked file only show that at least one function was
    compiled with them."""
    flags = [flag for flag in arguments.flags.split(";") if flag]
    results.check("the stack protector and fortified functions are among the flags",
                  "-fstack-protector-strong" in flags and any(flag.startswith("-D_FORTIFY_SOURCE=") for flag in flags), flags)
    entries = json.loads(arguments.commands.read_text(encoding="utf-8"))
    files = {}
    for entry in entries:
        path = pathlib.Path(entry["file"])
        if path.is_relative_to(arguments.source) and path.relative_to(arguments.source).parts[0] in FOLDERS:
            files[str(path.relative_to(arguments.source))] = shlex.split(entry["command"])
    results.check("files are compiled", len(files) >= 20, sorted(files))
    for name, words in sorted(files.items()):
        missing = [flag for flag in flags if flag not in words]
        undone = [word for word in words if word in {"-fno-stack-protector", "-O0", "-D_FORTIFY_SOURCE=0"}]
        results.check(f"{name} is compiled with all flags", not missing and not undone, [*missing, *undone])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cc", required=True)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--commands", type=pathlib.Path, required=True, help="compile_commands.json")
    parser.add_argument("--flags", required=True, help="the flags that each file needs, separated by semicolons")
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()

    results = Results()
    selftest(results, arguments.cc)
    for path in arguments.files:
        found = lacks(path)
        results.check(f"{path.name} is hardened", not found, f"it lacks {', '.join(sorted(found))}")
    check_commands(results, arguments)
    return results.close()


if __name__ == "__main__":
    sys.exit(main())
