"""Runs the example plugins on a folder with entries that are not regular files, are too large, or have odd names.

Usage: odd_files.py PLUGINS [ARGUMENT…]

The last line of the output is the number of checks that passed and failed.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

GOOD = b'(module (func (export "run") (result i32) (i32.const 1)))'

# The expected output. A folder, a pipe without a writer and a dangling link are not regular files.
EXPECTED = """\
folder.wasm: it is not a file that can be read
large.wasm: it has more than 4194304 bytes
link.wat: it is not a file that can be read
odd?name.wat: 1
pipe.wat: it is not a file that can be read
5 plug-ins: 1 good, 4 bad
"""


def fill(folder):
    (folder / "folder.wasm").mkdir()
    os.mkfifo(folder / "pipe.wat")
    (folder / "link.wat").symlink_to(folder / "nowhere")
    with open(folder / "large.wasm", "wb") as file:
        file.truncate((4 << 20) + 1)
    (folder / "odd\x1bname.wat").write_bytes(GOOD)
    (folder / ".wat").write_bytes(GOOD)
    (folder / "notes.txt").write_bytes(GOOD)


def main():
    program, *arguments = sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        fill(pathlib.Path(name))
        done = subprocess.run([program, name, *arguments], capture_output=True, text=True, timeout=60)
    good = done.stdout == EXPECTED and done.stderr == "" and done.returncode == 0
    if not good:
        print(f"FAIL expected\n{EXPECTED}found (status {done.returncode})\n{done.stdout}{done.stderr}")
    print(f"{int(good)} passed, {int(not good)} failed")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
