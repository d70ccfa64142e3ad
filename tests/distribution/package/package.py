#!/usr/bin/env python3
"""Uses the layer as other projects do: installed, moved to another folder, and linked from outside the source tree.

Programs in C and C++ are built with pkg-config and with CMake, against the shared library and fully static with both engines,
without any warning of the compiler or linker, and run. The layer is also built as part of another project. The last line is
"N passed, N failed".
"""

import argparse
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))

from results import Results  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
LINES = "{engine}: add_one({number}) = {result}, then unreachable executed\n"


def environment(**more):
    """Returns the test's environment without variables that could lead to the build or to another installed copy."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PKG_CONFIG", "LD_", "CMAKE_"))}
    return {**kept, "LC_ALL": "C", **more}


def run(command, folder, **more):
    """Runs a command. Returns whether it succeeded, and its output with errors."""
    done = subprocess.run([str(word) for word in command], cwd=folder, env=environment(**more), check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    return done.returncode == 0, done.stdout


class Package:
    def __init__(self, results, arguments, work):
        self.results = results
        self.arguments = arguments
        self.work = work
        # The space detects missing quotes.
        self.prefix = work / "moved here"
        self.libdir = self.prefix / arguments.libdir
        self.outside = work / "outside"
        self.outside.mkdir()
        shutil.copy(HERE / "consumer" / "CMakeLists.txt", self.outside)
        shutil.copy(HERE / "consumer" / "consumer.c", self.outside / "consumer.c")
        shutil.copy(HERE / "consumer" / "consumer.c", self.outside / "consumer.cpp")
        shutil.copy(arguments.source / "examples" / "hello" / "hello.cpp", self.outside)

    def does(self, what, command, folder=None, **more):
        """Runs a command that must succeed."""
        ok, output = run(command, folder or self.outside, **more)
        self.results.check(what, ok, f"{shlex.join(map(str, command))}\n{output}")
        return output if ok else None

    def fails(self, what, command, message):
        """Runs a command that must fail with that message in its output."""
        ok, output = run(command, self.outside)
        self.results.check(what, not ok and message in output, f"succeeded: {ok}; output:\n{output}")

    def install(self):
        first = self.work / "first"
        if self.does("cmake --install", ["cmake", "--install", self.arguments.build, "--prefix", first]) is None:
            return False
        first.rename(self.prefix)
        return True

    def check_files(self):
        check = self.results.check
        for name in ["include/wrl.h", "include/wrl.hpp", "include/wrl/func.hpp", "include/wrl/sys/backend.h",
                     "include/wrl/wasmtime.h", "bin/wrl", "share/man/man1/wrl.1", "share/man/man3/wrl.3"]:
            check(f"{name} is installed", (self.prefix / name).is_file())
        for name in ["libwrl.a", "libwrl-wasmtime.a", "wrl/wrl-wasmtime.so", "pkgconfig/wrl.pc",
                     "pkgconfig/wrl-wasmtime.pc", "cmake/wrl/wrlConfig.cmake", "cmake/wrl/wrlConfigVersion.cmake"]:
            check(f"{name} is installed", (self.libdir / name).is_file())
        links = {name: os.readlink(self.libdir / name) for name in ["libwrl.so", "libwrl.so.0"]}
        check("libwrl.so and libwrl.so.0 are links", links["libwrl.so"] == "libwrl.so.0" and
              re.fullmatch(r"libwrl\.so\.0\.\d+\.\d+", links["libwrl.so.0"]), links)
        here = {str(self.arguments.build), str(self.arguments.source), str(self.work / "first")}
        told = [path for path in self.prefix.rglob("*") if path.suffix in {".h", ".hpp", ".pc", ".cmake"}
                and any(word in path.read_text(encoding="utf-8") for word in here)]
        check("no file tells where it was built or first installed", not told, told)

    def check_tool(self):
        guest = self.outside / "guest.wat"
        guest.write_text('(module (func (export "one") (result i32) i32.const 1))', encoding="utf-8")
        for engine in ["wasmi", "wasmtime"]:
            output = self.does(f"the moved tool runs {engine}",
                               [self.prefix / "bin/wrl", "run", "--backend", engine, "--invoke", "one", guest])
            self.results.check(f"the moved tool prints the result of {engine}", output == "1\n", output)

    def runs(self, what, program, engines, load):
        """Checks that the program prints exactly the expected output with these engines."""
        expected = f"{self.arguments.version}\nwrl-nothing.so: {load}\n"
        expected += "".join(LINES.format(engine=engine, number=number, result=number + 1)
                            for number in [41, 42] for engine in engines)
        ok, output = run([program, *engines], self.outside)
        self.results.check(f"{what} runs {' and '.join(engines)}", ok and output == expected, f"it printed\n{output}")

    def check_dynamic(self, what, program, wanted):
        """Checks whether the program needs libwrl.so (and libwrl.a was not linked) or no shared object at all."""
        ok, output = run(["readelf", "-dW", program], self.outside)
        needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", output)) if ok else {"readelf failed"}
        if wanted == "nothing":
            self.results.check(f"{what} needs no shared object", not needed, needed)
        else:
            self.results.check(f"{what} and libwrl.so", ("libwrl.so.0" in needed) == (wanted == "shared"), needed)

    def compilers(self):
        found = [("gcc" if "gcc" in self.arguments.cc else "the compiler", self.arguments.cc, self.arguments.cxx)]
        if shutil.which("clang") and shutil.which("clang++"):
            found.append(("clang", "clang", "clang++"))
        else:
            print("clang is not installed: pkg-config is not tested with it")
        return found

    def pkg_config(self, *words):
        ok, output = run(["pkg-config", *words], self.outside, PKG_CONFIG_PATH=str(self.libdir / "pkgconfig"))
        self.results.check(f"pkg-config {' '.join(words)}", ok, output)
        return shlex.split(output) if ok else []

    def check_pkg_config(self):
        version = self.pkg_config("--modversion", "wrl")
        self.results.check("pkg-config tells the version", version == [self.arguments.version], version)
        shared = self.pkg_config("--cflags", "--libs", "wrl") + [f"-Wl,-rpath,{self.libdir}"]
        static = self.pkg_config("--cflags", "--libs", "--static", "wrl-wasmtime") + ["-DLINKED_IN"]
        forms = [("shared", shared, "shared", "input/output error"), ("-static", ["-static", *static], "nothing", "unsupported"),
                 ("-static-pie", ["-static-pie", "-fPIE", *static], "nothing", "unsupported")]
        for name, c, cpp in self.compilers():
            for compiler, standard, source in [(c, "c11", "consumer.c"), (cpp, "c++17", "consumer.cpp")]:
                for form, options, wanted, load in forms:
                    what = f"{source} by pkg-config, {name} {form}"
                    program = self.outside / "program"
                    program.unlink(missing_ok=True)
                    command = [compiler, f"-std={standard}", *WARNINGS, "-Wl,--fatal-warnings", source, *options]
                    if self.does(f"{what} builds", [*command, "-o", program]) is not None:
                        self.check_dynamic(what, program, wanted)
                        self.runs(what, program, ["wasmi", "wasmtime"], load)

    def check_cpp_header(self):
        """Uses the C++ headers of the installed copy, and checks that nothing is read from the source tree."""
        options = self.pkg_config("--cflags", "--libs", "wrl") + [f"-Wl,-rpath,{self.libdir}"]
        for name, _, compiler in self.compilers():
            command = [compiler, "-std=c++17", *WARNINGS, "hello.cpp", *options]
            if self.does(f"wrl.hpp by pkg-config, {name} builds", [*command, "-o", self.outside / "hello"]) is None:
                continue
            output = self.does(f"wrl.hpp by pkg-config, {name} runs", [self.outside / "hello", "wasmtime"])
            self.results.check(f"wrl.hpp by pkg-config, {name} prints the result", output == "add_one(42) = 43\n", output)
            read = self.does(f"wrl.hpp: what {name} reads", [*command[:2], "-M", "hello.cpp", *options]) or ""
            self.results.check(f"wrl.hpp: {name} reads the installed headers alone",
                               str(self.arguments.source) not in read and "wrl.hpp" in read, read)

    def check_destdir(self):
        """Installs to a staging folder before the prefix, as packagers do. No installed file may contain its name."""
        staging = self.work / "staging"
        command = ["cmake", "--install", self.arguments.build, "--prefix", "/opt/wrl"]
        if self.does("DESTDIR: cmake --install", command, DESTDIR=str(staging)) is None:
            return
        found, first = [{str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
                        for root in (staging / "opt/wrl", self.prefix)]
        self.results.check("DESTDIR: the same files as without", found and found == first, found ^ first)

    def cmake(self, *options):
        folder = self.outside / "build"
        shutil.rmtree(folder, ignore_errors=True)
        return ["cmake", "-S", self.outside, "-B", folder, f"-DCMAKE_C_COMPILER={self.arguments.cc}",
                f"-DCMAKE_CXX_COMPILER={self.arguments.cxx}", f"-DCMAKE_PREFIX_PATH={self.prefix}", *options]

    def check_cmake(self):
        for form, wanted, load in [("shared", "shared", "input/output error"), ("archive", "archive", "input/output error"),
                                   ("static", "nothing", "unsupported")]:
            if self.does(f"CMake {form}: configures", self.cmake(f"-DFORM={form}")) is None:
                continue
            if self.does(f"CMake {form}: builds", ["cmake", "--build", self.outside / "build"]) is None:
                continue
            for name in ["consumer_c", "consumer_cpp"]:
                program = self.outside / "build" / name
                what = f"{name} by CMake, {form}"
                self.check_dynamic(what, program, wanted)
                # Programs with the library linked in find backends in ../lib/wrl, relative to the program.
                if form == "archive":
                    self.runs(what, program, ["wasmi"], load)
                    program = shutil.copy(program, self.prefix / "bin")
                    what += ", in bin"
                self.runs(what, program, ["wasmi", "wasmtime"], load)
            hello = self.outside / "build" / "hello_cpp"
            self.check_dynamic(f"wrl.hpp by CMake, {form}", hello, wanted)
            output = self.does(f"wrl.hpp by CMake, {form}, runs", [hello])
            self.results.check(f"wrl.hpp by CMake, {form}, prints the result", output == "add_one(42) = 43\n", output)
        self.check_versions()

    def check_versions(self):
        """Checks that other versions and unknown components are refused."""
        project = self.outside / "CMakeLists.txt"
        text = project.read_text(encoding="utf-8")
        find = "find_package(wrl 0.1 REQUIRED)"
        self.results.check("the project looks for 0.1", find in text)
        for other, message in [("0.0", "version"), ("0.2", "version"), ("1.0", "version"),
                               ("0.1 COMPONENTS engine", "there is no component \"engine\"")]:
            version, _, components = other.partition(" ")
            wanted = f"find_package(wrl {version} REQUIRED {components})"
            project.write_text(text.replace(find, wanted), encoding="utf-8")
            self.fails(f"CMake does not find {other}", self.cmake("-DFORM=shared"), message)
        wanted = "find_package(wrl 0.1 REQUIRED COMPONENTS shared static wasmtime)"
        project.write_text(text.replace(find, wanted), encoding="utf-8")
        self.does("CMake finds the components", self.cmake("-DFORM=shared"))
        project.write_text(text, encoding="utf-8")

    def check_embedding(self):
        folder = self.work / "embedding"
        shutil.copytree(HERE / "embedding", folder)
        shutil.copy(HERE / "consumer" / "consumer.c", folder)
        options = [f"-DCMAKE_C_COMPILER={self.arguments.cc}", f"-DSOURCE={self.arguments.source}",
                   f"-DWRL_ENGINE_CACHE={self.arguments.engine_cache}"]
        if self.does("embedded: configures", ["cmake", "-S", folder, "-B", folder / "build", *options]) is None:
            return
        if self.does("embedded: builds", ["cmake", "--build", folder / "build", "-j2"]) is None:
            return
        for name in ["shared", "static"]:
            self.runs(f"embedded, {name}", folder / "build" / name, ["wasmi"], "input/output error")
        self.does("embedded: installs", ["cmake", "--install", folder / "build", "--prefix", folder / "prefix"])
        installed = {str(path.relative_to(folder / "prefix")) for path in (folder / "prefix").rglob("*")}
        self.results.check("embedded: only the project's own is installed", installed == {"bin", "bin/static"}, installed)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--engine-cache", type=pathlib.Path, required=True)
    parser.add_argument("--libdir", required=True, help="relative to the prefix")
    parser.add_argument("--version", required=True)
    parser.add_argument("--cc", required=True)
    parser.add_argument("--cxx", required=True)
    arguments = parser.parse_args()

    results = Results()
    with tempfile.TemporaryDirectory() as folder:
        package = Package(results, arguments, pathlib.Path(folder))
        if package.install():
            package.check_files()
            package.check_destdir()
            package.check_tool()
            package.check_pkg_config()
            package.check_cpp_header()
            package.check_cmake()
        package.check_embedding()
    return results.close()


if __name__ == "__main__":
    sys.exit(main())
