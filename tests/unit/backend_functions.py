"""Writes the functions of struct wrl_backend as a list in C: backend_functions.py HEADER OUTPUT.

Each becomes a line WRL_BACKEND_FUNCTION(name), in the order of the struct.
"""

import pathlib
import re
import sys


def main():
    header, output = map(pathlib.Path, sys.argv[1:])
    text = re.sub(r"/\*.*?\*/", "", header.read_text(encoding="utf-8"), flags=re.DOTALL)
    body = re.search(r"^struct wrl_backend \{$(.*?)^\};$", text, re.DOTALL | re.MULTILINE).group(1)
    names = re.findall(r"\(\*(\w+)\)\(", body)
    # What is neither a function nor one of the six plain members would be overlooked.
    if len(names) + 6 != body.count(";"):
        sys.exit(f"{header}: struct wrl_backend cannot be read")
    output.write_text("".join(f"WRL_BACKEND_FUNCTION({name})\n" for name in names), encoding="utf-8")


if __name__ == "__main__":
    main()
