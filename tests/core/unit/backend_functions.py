"""Writes a list of the functions in struct wrl_backend as C: backend_functions.py HEADER OUTPUT.

Each function becomes a line WRL_BACKEND_FUNCTION(name), in the order of the struct.
"""

import pathlib
import re
import sys


def main():
    header, output = map(pathlib.Path, sys.argv[1:])
    text = re.sub(r"/\*.*?\*/", "", header.read_text(encoding="utf-8"), flags=re.DOTALL)
    body = re.search(r"^struct wrl_backend \{$(.*?)^\};$", text, re.DOTALL | re.MULTILINE).group(1)
    names = re.findall(r"\(\*(\w+)\)\(", body)
    # Detects members that are neither functions nor one of the six plain members.
    if len(names) + 6 != body.count(";"):
        sys.exit(f"{header}: struct wrl_backend cannot be read")
    output.write_text("".join(f"WRL_BACKEND_FUNCTION({name})\n" for name in names), encoding="utf-8")


if __name__ == "__main__":
    main()
