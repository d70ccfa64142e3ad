#!/usr/bin/env python3
"""Checks that the built libraries export the declared functions and nothing else, and that they can be loaded late.

No symbol of an engine or of a language's run-time library may be exported, so that any number of backends, and a program's
own copy of an engine, can be part of one process. The last line is "N passed, N failed".
"""

import argparse
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))

from results import Results  # noqa: E402

# WRL_API, the return type, and the name, possibly over several lines and with attributes in between.
DECLARATION = re.compile(r"\bWRL_API\b[^;{}]*?\b(wrl_\w+)\s*\(", re.S)
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
# The prefixes of engines, and of Rust's two mangling schemes.
FOREIGN = re.compile(r"^(wasm_|wasmtime_|wasi_|rust_|__rust|_ZN|_R[A-Z])")
# Private functions and variables, and the table of backends, which a program may define itself.
PRIVATE = re.compile(r"^wrl__|^wrl_builtin_(backends|default)$|^wrl_backend_\w+$")
# Symbols that a linker may define in a shared library.
LINKER = {"_init", "_fini", "_edata", "_end", "__bss_start", "WRL_0"}
# The static thread-local memory that glibc reserves for libraries loaded late, in bytes
# (glibc.rtld.optional_static_tls).
STATIC_TLS = 512


def declared_names(headers):
    """Returns the names that headers declare with WRL_API."""
    names = set()
    for text in headers:
        text = COMMENT.sub(" ", text)
        text = re.sub(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", " ", text, flags=re.M)
        names.update(DECLARATION.findall(text))
    return names


def run_tool(tool, options, path):
    done = subprocess.run([tool, *options, str(path)], check=False, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{tool} {path}: {done.stderr}")
    return done.stdout


def parse_nm(text):
    """Returns the names by member of an archive, "" for other files. Versions (name@@VERSION) are cut off."""
    files = {"": set()}
    file = ""
    for line in text.splitlines():
        if line.endswith(":") and " " not in line:
            file = line[:-1]
            files.setdefault(file, set())
            continue
        words = line.split()
        if len(words) >= 2:
            files[file].add(words[-1].split("@")[0])
    return files


def few(names):
    names = sorted(names)
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")


def check_exact(results, what, found, wanted):
    """Checks that exactly the wanted names are exported."""
    results.check(f"{what}: nothing is missing", not wanted - found, few(wanted - found))
    results.check(f"{what}: nothing else is exported", not found - wanted, few(found - wanted))
    foreign = {name for name in found if FOREIGN.match(name)}
    results.check(f"{what}: no symbol of an engine is exported", not foreign, few(foreign))


def static_tls(text):
    """Returns the size of the static thread-local memory in the output of readelf -ldW, or 0 if there is none."""
    segment = re.search(r"^\s*TLS(?:\s+0x[0-9a-f]+){4}\s+0x([0-9a-f]+)", text, re.M)
    return int(segment[1], 16) if segment and re.search(r"\(FLAGS\).*\bSTATIC_TLS\b", text) else 0


def check_tls(results, readelf, path):
    """Beyond the limit dlopen() fails with "cannot allocate memory in static TLS block"."""
    if readelf:
        size = static_tls(run_tool(readelf, ["-ldW"], path))
        results.check(f"{pathlib.Path(path).name}: can be loaded late", size <= STATIC_TLS,
                      f"{size} bytes of static thread-local memory are more than {STATIC_TLS}")


def selftest(results):
    """Checks that each check can fail."""
    names = declared_names(
        [
            "#define WRL_API int wrl_not_this(void);\n"
            "/* WRL_API void wrl_nor_this(void); */\n"
            "WRL_API WRL_NODISCARD wrl_error_t *wrl_one(int a,\n int b) WRL_PRINTF(1, 2);\n"
            "WRL_API\nconst char *wrl_two(void);\nstatic inline int wrl_inline(void) { return 0; }\n"
        ]
    )
    results.check("selftest: declarations", names == {"wrl_one", "wrl_two"}, few(names))
    files = parse_nm("\na.o:\n0000 T one\n0000 D two@@V1\n\nb.o:\n0010 T three\n")
    results.check("selftest: nm", files == {"": set(), "a.o": {"one", "two"}, "b.o": {"three"}}, str(files))
    segment = "  TLS            0x42 0x0000000000000042 0x0000000000000042 0x0000c0 0x000160 R   0x8\n"
    flags = " 0x000000000000001e (FLAGS)              BIND_NOW STATIC_TLS\n"
    sizes = [static_tls(text) for text in (segment + flags, segment, flags)]
    results.check("selftest: static thread-local memory", sizes == [0x160, 0, 0], str(sizes))
    for name, matches in [("wrl__one", True), ("wrl_one", False), ("wrl_backend_one", True), ("wrl_builtin_one", False)]:
        results.check(f"selftest: private {name}", bool(PRIVATE.match(name)) == matches, "")
    for found, failures in [
        ({"wrl_one"}, 0),
        (set(), 1),
        ({"wrl_one", "wrl_two"}, 1),
        ({"wrl_one", "wasm_engine_new"}, 2),
        ({"wrl_one", "wasmtime_call"}, 2),
        ({"wrl_one", "rust_eh_personality"}, 2),
        ({"wrl_one", "_ZN3std"}, 2),
        ({"wrl_one", "_RNvC3std"}, 2),
    ]:
        tried = Results(quiet=True)
        check_exact(tried, "", found, {"wrl_one"})
        results.check(f"selftest: {sorted(found)}", tried.failed == failures, f"{tried.failed} failed")


def defined_in(nm, archive):
    """Returns the exported names of an archive, by member."""
    files = parse_nm(run_tool(nm, ["-g", "--defined-only"], archive))
    # The address sanitizer adds a symbol for each variable.
    return {file: {name for name in names if not name.startswith("__odr_asan.")} for file, names in files.items()}


def check_archive(results, arguments, entry):
    path, _, names = entry.partition("=")
    found = set().union(*defined_in(arguments.nm, path).values())
    check_exact(results, pathlib.Path(path).name, found, set(names.split(",")))


def check_internal(results, arguments, declared):
    files = defined_in(arguments.nm, arguments.internal)
    for entry in arguments.private:
        member, _, names = entry.partition("=")
        results.check(f"{member} is in the internal library", member in files, few(files))
        check_exact(results, member, files.get(member, set()), set(names.split(",")))
    rest = set().union(*files.values())
    private = {name for name in set().union(*files.values()) - declared if not PRIVATE.match(name)}
    results.check("internal library: undeclared symbols start with wrl__", not private, few(private))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--readelf", help="for shared libraries of ELF")
    parser.add_argument("--include", type=pathlib.Path, required=True)
    parser.add_argument("--shared", help="libwrl.so")
    parser.add_argument("--static", help="libwrl.a")
    parser.add_argument("--archive", action="append", default=[], help="FILE=NAME, a backend in a static library")
    parser.add_argument("--internal", help="libwrl_internal.a")
    parser.add_argument("--private", action="append", default=[], help="MEMBER=NAME,NAME of the internal library")
    parser.add_argument("--backend", action="append", default=[], help="FILE=NAME, a backend in a shared object")
    arguments = parser.parse_args()

    results = Results()
    selftest(results)
    headers = sorted(arguments.include.rglob("*.h"))
    declared = declared_names(path.read_text(encoding="utf-8") for path in headers)
    results.check("the headers declare functions", len(declared) >= 80, f"{len(declared)} in {len(headers)} headers")
    if arguments.shared:
        found = parse_nm(run_tool(arguments.nm, ["-D", "--defined-only"], arguments.shared))[""] - LINKER
        check_exact(results, "libwrl.so", found, declared)
        check_tls(results, arguments.readelf, arguments.shared)
    if arguments.static:
        check_archive(results, arguments, f"{arguments.static}={','.join(declared)}")
    if arguments.internal:
        check_internal(results, arguments, declared)
    for entry in arguments.archive:
        check_archive(results, arguments, entry)
    for entry in arguments.backend:
        path, _, name = entry.rpartition("=")
        found = parse_nm(run_tool(arguments.nm, ["-D", "--defined-only"], path))[""] - LINKER
        check_exact(results, pathlib.Path(path).name, found, {name})
        check_tls(results, arguments.readelf, path)

    return results.close()


if __name__ == "__main__":
    sys.exit(main())
