"""Runs the tests of the Python package: makes the virtual environments, builds the wheel, runs pytest and stubtest.

The last line of each command's output is the number of tests that passed and failed.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import textwrap
import venv
import xml.etree.ElementTree as ElementTree

SOURCE = pathlib.Path(__file__).resolve().parents[3]
BINDINGS = SOURCE / "bindings" / "python"


def finish(passed, failed):
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0


def python_of(folder):
    return folder / "bin" / "python"


def pip(folder, *words):
    subprocess.run([python_of(folder), "-m", "pip", "--disable-pip-version-check", "-q", *words], check=True)


def make_environment(args):
    """Makes the environment with the required packages, at the versions and with the hashes in the requirements."""
    stamp = args.environment / "requirements.txt"
    if not stamp.exists() or stamp.read_text() != args.requirements.read_text():
        venv.create(args.environment, clear=True, with_pip=True)
        pip(args.environment, "install", "--require-hashes", "--only-binary=:all:", "-r", str(args.requirements))
        shutil.copyfile(args.requirements, stamp)
    return finish(1, 0)


def count(report):
    suite = ElementTree.parse(report).getroot().find("testsuite")
    total, failures, errors, skipped = (int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped"))
    reasons = sorted({skip.get("message") for skip in suite.iter("skipped")})
    if skipped:
        print(f"{skipped} skipped: {', '.join(reasons)}")
    return total - failures - errors - skipped, failures + errors


def run_suite(args):
    report = args.environment / f"{args.name}.xml"
    report.unlink(missing_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(args.package), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [python_of(args.environment)]
    if args.debug:
        environment["PYTHONMALLOC"] = "debug"
        command += ["-X", "dev"]
    if args.preload:
        # CPython itself does not free all memory at exit. The package's own tests look for its leaks.
        environment.update({"PYTHONMALLOC": "malloc", "LD_PRELOAD": args.preload,
                            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"})
    command += ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "faulthandler_timeout=120",
                # A sanitizer writes its report to the file descriptor and then ends the process. pytest must not capture it.
                f"--capture={'sys' if args.preload else 'fd'}", f"--junitxml={report}",
                *args.pytest, "."]
    status = subprocess.run(command, cwd=BINDINGS / "tests", env=environment, check=False).returncode
    if not report.exists():
        print(f"pytest ended with {status} and wrote no report")
        return finish(0, 1)
    passed, failed = count(report)
    return finish(passed, failed or int(status != 0))


# ---- The wheel ----


def build_wheel(args, folder, *defines):
    shutil.rmtree(folder, ignore_errors=True)
    pip(args.environment, "wheel", "--no-build-isolation", "--no-deps", "--no-index", "-w", str(folder),
        f"-Cbuild-dir={args.environment / folder.name}-build", f"-Ccmake.define.WRL_ENGINE_CACHE={args.engine_cache}",
        *[f"-Ccmake.define.{define}" for define in (*args.define, *defines)], str(BINDINGS))
    wheels = list(folder.glob("*.whl"))
    assert len(wheels) == 1, wheels
    assert re.fullmatch(r"wasm_runtime_layer-[\d.]+-cp311-abi3-.*\.whl", wheels[0].name), wheels[0].name
    return wheels[0]


def readme_example():
    text = (BINDINGS / "README.md").read_text()
    return textwrap.dedent(re.search(r"\n\n((?:    .*\n|\n)+)", text).group(1))


def output_of(command, **more):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, **more).stdout


def install_wheel(wheel, clean):
    venv.create(clean, clear=True, with_pip=True)
    pip(clean, "install", "--no-index", "--no-deps", str(wheel))
    return python_of(clean)


def run_wheel(args):
    """Builds the wheel, installs it into an otherwise empty environment, and runs the examples there. With --wasmtime, does the
    same again with wasmtime in the wheel, using the option in docs/python.md."""
    python = install_wheel(build_wheel(args, args.environment / "wheels"), args.environment / "clean")
    tour = (BINDINGS / "examples" / "tour.expected.txt").read_text()
    backends = "import wasm_runtime_layer as w; print(*sorted(i.name for i in w.backends()), w.Engine().backend)"
    checks = {
        "readme": ([python, "-c", readme_example()], "43\n"),
        "hello": ([python, BINDINGS / "examples" / "hello.py"], "add_one(42) = 43\n"),
        "plugins": ([python, BINDINGS / "examples" / "plugins.py", SOURCE / "examples" / "plugins" / "samples"],
                    (BINDINGS / "examples" / "plugins.expected.txt").read_text()),
        "tour": ([python, BINDINGS / "examples" / "tour.py"], tour),
        "backends": ([python, "-c", backends], "null wasmi wasmi\n"),
        "typed": ([python, "-c", "import importlib.resources as r; f = r.files('wasm_runtime_layer'); "
                   "print((f / 'py.typed').is_file(), (f / '__init__.pyi').is_file())"], "True True\n"),
    }
    if args.wasmtime:
        option = re.search(r"-C cmake\.define\.(WRL_BACKEND_WASMTIME=ON)", (SOURCE / "docs" / "python.md").read_text())
        python = install_wheel(build_wheel(args, args.environment / "wheels-wasmtime", option[1]), args.environment / "clean-wasmtime")
        checks["tour, wasmtime"] = ([python, BINDINGS / "examples" / "tour.py", "wasmtime"], tour)
        checks["backends, wasmtime"] = ([python, "-c", backends], "null wasmi wasmtime wasmi\n")
    failed = 0
    for name, (command, expected) in checks.items():
        found = output_of(command, cwd=args.environment)
        if found != expected:
            failed += 1
            print(f"{name}: expected\n{expected}but found\n{found}")
    return finish(len(checks) - failed, failed)


# ---- The stubs ----


def run_stubs(args):
    """Compares the stubs with the package. Intended differences are in stubs.allow."""
    done = subprocess.run([python_of(args.environment), "-m", "mypy.stubtest", "wasm_runtime_layer", "--allowlist",
                           pathlib.Path(__file__).with_name("stubs.allow")], check=False, cwd=args.environment,
                          env={**os.environ, "PYTHONPATH": str(args.package)}, stdout=subprocess.PIPE, text=True)
    print(done.stdout)
    modules = re.search(r"no issues found in (\d+) modules?", done.stdout)
    return finish(int(modules[1]) if modules else 0, int(done.returncode != 0))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environment", type=pathlib.Path, required=True, help="directory of the virtual environment")
    commands = parser.add_subparsers(required=True)
    make = commands.add_parser("environment")
    make.set_defaults(run=make_environment)
    make.add_argument("--requirements", type=pathlib.Path, required=True)
    suite = commands.add_parser("suite")
    suite.set_defaults(run=run_suite)
    suite.add_argument("--package", type=pathlib.Path, required=True, help="directory that contains wasm_runtime_layer")
    suite.add_argument("--name", required=True, help="name of the report")
    suite.add_argument("--debug", action="store_true", help="enable Python's development mode and memory checks")
    suite.add_argument("--preload", help="libraries of the sanitizers")
    suite.add_argument("pytest", nargs="*")
    stubs = commands.add_parser("stubs")
    stubs.set_defaults(run=run_stubs)
    stubs.add_argument("--package", type=pathlib.Path, required=True, help="directory that contains wasm_runtime_layer")
    wheel = commands.add_parser("wheel")
    wheel.set_defaults(run=run_wheel)
    wheel.add_argument("--engine-cache", required=True)
    wheel.add_argument("--wasmtime", action="store_true", help="also test a wheel that contains wasmtime")
    wheel.add_argument("--define", action="append", default=[])
    args = parser.parse_args()
    return args.run(args)


if __name__ == "__main__":
    sys.exit(main())
