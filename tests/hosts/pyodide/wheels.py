"""Checks the contents of the wheels, and that another build makes the same wheels.

Usage: wheels.py WHEEL.PY PROJECT MODULE.abi3.so WHEELS

The last line counts the checks that passed and failed.
"""

import base64
import csv
import hashlib
import io
import pathlib
import subprocess
import sys
import tempfile
import zipfile

passed = failed = 0


def check(what, holds, more=""):
    global passed, failed
    passed += bool(holds)
    failed += not holds
    print(f"{'ok   ' if holds else 'FAIL '} {what}{'' if holds else f': {more}'}")


def digest(data):
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def check_wheel(path, tag, project):
    with zipfile.ZipFile(path) as wheel:
        files = {name: wheel.read(name) for name in wheel.namelist()}
    (record,) = (name for name in files if name.endswith(".dist-info/RECORD"))
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(files[record].decode()))}
    check(f"{tag}: RECORD names every file", sorted(rows) == sorted(files), set(rows) ^ set(files))
    wrong = [name for name, (sha, size) in rows.items()
             if name != record and (sha != digest(files[name]) or int(size) != len(files[name]))]
    check(f"{tag}: RECORD has their hashes", not wrong, wrong)
    text = files[record.replace("RECORD", "WHEEL")].decode()
    check(f"{tag}: WHEEL has the tag of the name", f"Tag: cp311-abi3-{tag}\n" in text, text)
    package = {file.relative_to(project).as_posix() for file in (project / "wasm_runtime_layer").rglob("*")
               if file.suffix in (".py", ".pyi", ".typed")}
    check(f"{tag}: the package is whole", package and package <= set(files), package - set(files))
    return files["wasm_runtime_layer/_native.abi3.so"]


def main():
    tool, project, module, folder = map(pathlib.Path, sys.argv[1:])
    wheels = sorted(folder.glob("*.whl"))
    tags = [path.stem.split("-")[-1] for path in wheels]
    check("there are four wheels", len(wheels) == 4, tags)
    binaries = {check_wheel(path, tag, project) for path, tag in zip(wheels, tags)}
    check("all have the one binary", binaries == {module.read_bytes()})
    with tempfile.TemporaryDirectory() as again:
        subprocess.run([sys.executable, tool, project, module, again, *tags], check=True)
        differing = [path.name for path in wheels if (pathlib.Path(again) / path.name).read_bytes() != path.read_bytes()]
    check("they come out the same", not differing, differing)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
