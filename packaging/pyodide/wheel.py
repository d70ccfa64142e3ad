"""Makes the wheels for Pyodide: the same binary under the tag of each ABI of Pyodide.

Usage: wheel.py PROJECT MODULE.abi3.so FOLDER TAG…

PROJECT is a directory with pyproject.toml and the package, a directory with the project's name. The module is added to the
package, and the wheels are written to FOLDER. The output is reproducible.
"""

import base64
import hashlib
import pathlib
import sys
import tomllib
import zipfile

# The oldest date that the format can represent.
DATE = (1980, 1, 1, 0, 0, 0)
CODE = {".py", ".pyi", ".typed"}


def metadata(project, readme):
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {project['name']}",
        f"Version: {project['version']}",
        f"Summary: {project['description']}",
        f"License: {project['license']['text']}",
        *(f"Classifier: {text}" for text in project.get("classifiers", []) if "Operating System" not in text),
        "Classifier: Operating System :: OS Independent",
        f"Requires-Python: {project['requires-python']}",
        "Description-Content-Type: text/markdown",
    ]
    return "\n".join(lines) + "\n\n" + readme


def record(files, name):
    lines = []
    for path, contents in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(contents).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(contents)}\n")
    return "".join(lines) + f"{name},,\n"


def contents(folder, project, module):
    """Returns the files of the package by their paths."""
    package = folder / project["name"]
    found = {
        f"{project['name']}/{path.relative_to(package).as_posix()}": path.read_bytes()
        for path in package.rglob("*")
        if path.suffix in CODE
    }
    if f"{project['name']}/__init__.py" not in found:
        sys.exit(f"wheel.py: {package} has no __init__.py")
    found[f"{project['name']}/{module.name}"] = module.read_bytes()
    return dict(sorted(found.items()))


def write(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as wheel:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = (0o100755 if name.endswith(".so") else 0o100644) << 16
            wheel.writestr(info, data, compresslevel=9)


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    folder, module, output = map(pathlib.Path, sys.argv[1:4])
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    files = contents(folder, project, module)
    info = f"{project['name']}-{project['version']}.dist-info"
    text = metadata(project, (folder / project["readme"]).read_text(encoding="utf-8"))
    output.mkdir(parents=True, exist_ok=True)
    for tag in sys.argv[4:]:
        tag = f"cp311-abi3-{tag}"
        wheel = dict(files)
        wheel[f"{info}/METADATA"] = text.encode()
        wheel[f"{info}/WHEEL"] = (
            f"Wheel-Version: 1.0\nGenerator: wheel.py\nRoot-Is-Purelib: false\nTag: {tag}\n".encode()
        )
        wheel[f"{info}/RECORD"] = record(wheel, f"{info}/RECORD").encode()
        write(output / f"{project['name']}-{project['version']}-{tag}.whl", wheel)


if __name__ == "__main__":
    main()
