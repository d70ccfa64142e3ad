"""Tests every fenced block of every document: README.md and the other documents in the source folder, and those in docs/.

Usage: snippets.py SOURCE BUILD [--cc COMMAND] [--cxx COMMAND] [--wasmtime-include FOLDER]

BUILD is installed to a folder of its own, and blocks use only that copy. The first line of a block determines how it is tested:

    ```c             Statements, or definitions if the first line starts like one: compiled. Statements go into a
                     function with the variables of CONTEXT, after the document's definitions above them.
    ```c wasmtime    The same with wasmtime's own headers.
    ```c NAME.c      A whole program: compiled and linked.
    ```cpp …         The same in C++.
    ```c PATH        Lines of the file SOURCE/PATH, if it exists, which must contain them verbatim.
    ```wat           A module, which must be valid. With NAME.wat, a file for the programs of the document.
    ```sh            Parsed, and run if its output follows.
    ```python        Run, after those above it in the document, with the package in BUILD/python, if it is there.
    ```cmake         A CMakeLists.txt, or its end: configured. With PATH, lines of a file.
    ```output        The output of the block above. A line that ends with … is compared up to there.
    ```json          Parsed.
    ```text          Not tested.

Programs are run if their output follows. A block of another kind, or without a kind, is a failure. The last line counts the
blocks that passed and failed.
"""

import argparse
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

FENCE = re.compile(r"^```(.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DEFINITION = re.compile(r"(#|static |typedef |struct \w+\n?\{|struct \w+ \{|enum |template|class |using |namespace |/\*|//)")
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wno-unused-variable", "-Wno-unused-but-set-variable",
            "-Wno-unused-function", "-Wno-unused-parameter"]
# tests/distribution/backend/run.sh runs the steps of these documents.
FOLLOWED_ELSEWHERE = {"docs/writing-a-backend.md"}
NOT_RUN = object()

INCLUDES = "#include <inttypes.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n"
CONTEXT = {
    "c": (INCLUDES + "#include <wrl.h>\nstatic const unsigned char guest[] = {0};\n",
          """wrl_error_t *snippet(wrl_engine_t *engine, wrl_store_t *store, wrl_module_t *module, wrl_instance_t instance,
    wrl_imports_t *imports, wrl_memory_t memory, wrl_func_t func, wrl_table_t table, wrl_global_t global,
    wrl_caller_t *caller, const void *bytes, size_t size);
wrl_error_t *snippet(wrl_engine_t *engine, wrl_store_t *store, wrl_module_t *module, wrl_instance_t instance,
    wrl_imports_t *imports, wrl_memory_t memory, wrl_func_t func, wrl_table_t table, wrl_global_t global,
    wrl_caller_t *caller, const void *bytes, size_t size)
{
wrl_error_t *error = NULL;
(void)guest;
{
%s
}
return error;
}
"""),
    "cpp": ("#include <cinttypes>\n#include <cstdio>\n#include <string>\n#include <vector>\n#include <wrl.hpp>\n",
            """void snippet(const wrl::Engine &engine, wrl::Store &store, wrl::Imports &imports, const wrl::Instance &instance,
    const wrl::Memory &memory);
void snippet(const wrl::Engine &engine, wrl::Store &store, wrl::Imports &imports, const wrl::Instance &instance,
    const wrl::Memory &memory)
{
%s
}
"""),
    "wasmtime": (INCLUDES + "#include <wasm.h>\n#include <wasmtime.h>\n",
                 """int snippet(wasm_engine_t *engine, wasmtime_store_t *store, wasmtime_context_t *context,
    wasmtime_module_t *module, wasmtime_instance_t instance, wasmtime_caller_t *caller, const uint8_t *bytes, size_t size);
int snippet(wasm_engine_t *engine, wasmtime_store_t *store, wasmtime_context_t *context,
    wasmtime_module_t *module, wasmtime_instance_t instance, wasmtime_caller_t *caller, const uint8_t *bytes, size_t size)
{
wasmtime_error_t *error = NULL;
wasm_trap_t *trap = NULL;
{
%s
}
return error || trap;
}
"""),
}


class Failure(Exception):
    """A block is wrong for the reason in the message."""


def run(command, **options):
    """Runs a command and returns its output. If it fails, raises Failure with its whole output."""
    result = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, **options)
    if result.returncode != 0:
        raise Failure(f"{shlex.join(map(str, command))} ended with {result.returncode}\n{result.stdout}{result.stderr}")
    return result.stdout


class Trial:
    """The compilers and the installed copy, for all documents."""

    def __init__(self, options, work):
        self.source = options.source
        self.build = options.build.resolve()
        self.prefix = work / "prefix"
        self.wasmtime = options.wasmtime_include
        self.runs_shell = not options.no_shell
        run(["cmake", "--install", options.build, "--prefix", self.prefix])
        cache = (options.build / "CMakeCache.txt").read_text(encoding="utf-8")
        self.libdir = re.search(r"^CMAKE_INSTALL_LIBDIR:\w+=(.*)$", cache, re.MULTILINE)[1]
        include = f"-I{self.prefix / 'include'}"
        self.compilers = {"c": [*shlex.split(options.cc), "-std=c11", *WARNINGS, include],
                          "cpp": [*shlex.split(options.cxx), "-std=c++17", *WARNINGS, include]}
        if self.wasmtime:
            self.compilers["wasmtime"] = [*self.compilers["c"], "-isystem", str(self.wasmtime)]
        libraries = self.prefix / self.libdir
        self.link = [f"-L{libraries}", "-lwrl", "-pthread", f"-Wl,-rpath,{libraries}"]
        self.environment = {**os.environ, "PREFIX": str(self.prefix), "LIBDIR": self.libdir, "CC": options.cc,
                            "SOURCE": str(self.source), "BUILD": str(options.build),
                            "PATH": f"{self.prefix / 'bin'}:{os.environ['PATH']}",
                            "PKG_CONFIG_PATH": str(libraries / "pkgconfig")}


class Document:
    """A document, with a folder for the files that its blocks make."""

    def __init__(self, trial, path, folder):
        self.trial = trial
        self.name = str(path.relative_to(trial.source))
        self.blocks = FENCE.findall(path.read_text(encoding="utf-8"))
        self.folder = folder
        self.definitions = {"c": "", "cpp": "", "wasmtime": ""}
        self.printed = None
        self.python = ""
        folder.mkdir(parents=True)

    def try_all(self):
        """Returns the numbers of blocks that passed and failed. Prints the failures."""
        passed = failed = 0
        for number, (info, code) in enumerate(self.blocks):
            followed = number + 1 < len(self.blocks) and self.blocks[number + 1][0] == "output"
            try:
                self.try_block(info, code, followed)
                passed += 1
            except (Failure, subprocess.TimeoutExpired) as failure:
                failed += 1
                print(f"FAIL {self.name}: ```{info}\n{code}{failure}")
        return passed, failed

    def try_block(self, info, code, followed):
        language, _, argument = info.partition(" ")
        if language == "output":
            self.compare(code)
            return
        self.printed = None
        trial = getattr(self, f"try_{language}", None)
        if not trial:
            raise Failure(f"no test for blocks of kind '{language}'; see tests/distribution/docs/snippets.py")
        if "/" in argument or (self.trial.source / argument).is_file():
            self.try_excerpt(argument, code)
        else:
            trial(argument, code, followed)

    def compare(self, expected):
        if self.printed is None:
            raise Failure("the block above did not run")
        if self.printed is NOT_RUN:
            return
        printed, wanted = self.printed.splitlines(), expected.splitlines()
        same = len(printed) == len(wanted) and all(
            line.startswith(want[:-1]) if want.endswith("…") else line == want for line, want in zip(printed, wanted))
        if not same:
            raise Failure(f"but it printed:\n{self.printed}")

    def try_excerpt(self, path, code):
        file = self.trial.source / path
        if not file.is_file() or code not in file.read_text(encoding="utf-8"):
            raise Failure(f"{path} does not contain these lines")

    def compile_and_run(self, language, name, code, followed):
        """Compiles statements, definitions, or a program."""
        if name.endswith((".c", ".cpp")):
            (self.folder / name).write_text(code, encoding="utf-8")
            program = pathlib.Path(name).stem
            run([*self.trial.compilers[language], name, "-o", program, *self.trial.link], cwd=self.folder)
            if followed:
                self.printed = run([f"./{program}"], cwd=self.folder)
            return
        head, function = CONTEXT[language]
        if DEFINITION.match(code):
            self.definitions[language] += code
            text = head + self.definitions[language]
        else:
            text = head + self.definitions[language] + function % code
        suffix = "c++" if language == "cpp" else "c"
        run([*self.trial.compilers[language], "-fsyntax-only", "-x", suffix, "-"], input=text)

    def try_c(self, argument, code, followed):
        if argument == "wasmtime":
            if "wasmtime" not in self.trial.compilers:
                print(f"skipped without wasmtime's headers: a block of {self.name}")
                return
            self.compile_and_run("wasmtime", "", code, followed)
        elif argument and not argument.endswith(".c"):
            raise Failure(f"'{argument}' is neither a file of the project nor a name for a program")
        else:
            self.compile_and_run("c", argument, code, followed)

    def try_cpp(self, argument, code, followed):
        if argument and not argument.endswith(".cpp"):
            raise Failure(f"'{argument}' is neither a file of the project nor a name for a program")
        self.compile_and_run("cpp", argument, code, followed)

    def try_wat(self, argument, code, _followed):
        file = self.folder / (argument or "block.wat")
        file.write_text(code, encoding="utf-8")
        for backend in ("wasmi", "wasmtime"):
            run([self.trial.prefix / "bin/wrl", "inspect", "--backend", backend, file])

    def try_sh(self, _argument, code, followed):
        run(["sh", "-n", "-c", code])
        if not followed:
            return
        if self.name in FOLLOWED_ELSEWHERE or not self.trial.runs_shell:
            self.printed = NOT_RUN
        else:
            self.printed = run(["sh", "-eu", "-c", code], cwd=self.folder, env=self.trial.environment)

    def try_python(self, _argument, code, _followed):
        try:
            compile(code, self.name, "exec")
        except SyntaxError as error:
            raise Failure(str(error)) from error
        earlier, self.python = self.python, self.python + code
        package = self.trial.build / "python"
        if not self.trial.runs_shell or not package.is_dir():
            self.printed = NOT_RUN
            return
        program = (f"import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()):\n    exec({earlier!r})\n"
                   f"exec({code!r})\n")
        self.printed = run([sys.executable, "-c", program], cwd=self.folder,
                           env={**self.trial.environment, "PYTHONPATH": str(package)})

    def try_cmake(self, _argument, code, _followed):
        project = self.folder / "project"
        project.mkdir(exist_ok=True)
        for name in re.findall(r"\b\w+\.c\b", code):
            (project / name).write_text("#include <wrl.h>\nint main(void)\n{\n    return wrl_version()[0] == 0;\n}\n")
        start = "" if "project(" in code else "cmake_minimum_required(VERSION 3.25)\nproject(snippet C)\n"
        (project / "CMakeLists.txt").write_text(start + code, encoding="utf-8")
        run(["cmake", "-S", project, "-B", project / "build", f"-DCMAKE_PREFIX_PATH={self.trial.prefix}"])
        run(["cmake", "--build", project / "build"])

    def try_json(self, _argument, code, _followed):
        try:
            json.loads(code)
        except ValueError as error:
            raise Failure(str(error)) from error

    def try_text(self, argument, _code, _followed):
        if argument:
            raise Failure("blocks of text have no file name")


def documents(source):
    return [*sorted(source.glob("*.md")), *sorted((source / "docs").rglob("*.md"))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--cxx", default="c++")
    parser.add_argument("--wasmtime-include", type=pathlib.Path)
    parser.add_argument("--no-shell", action="store_true", help="only parse sh blocks, which have no options for sanitizers")
    parser.add_argument("--only", help="one document, by its path in SOURCE")
    options = parser.parse_args()
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(options, pathlib.Path(folder))
        for number, path in enumerate(documents(options.source)):
            if options.only in (None, str(path.relative_to(options.source))):
                right, wrong = Document(trial, path, pathlib.Path(folder) / str(number)).try_all()
                passed += right
                failed += wrong
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
