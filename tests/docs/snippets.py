"""Compiles the C code in the README.

Usage: snippets.py README INCLUDE COMPILER [OPTION…]

The blocks are lines of one function: each is compiled together with those before it. The last line says how many
compiled and how many did not.
"""

import pathlib
import re
import subprocess
import sys

BLOCK = re.compile(r"^```c\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEAD = """#include <stdio.h>
#include <wrl.h>
static const unsigned char guest[] = {0};
int main(void)
{
"""


def main():
    readme, include, *compiler = sys.argv[1:]
    blocks = BLOCK.findall(pathlib.Path(readme).read_text(encoding="utf-8"))
    passed = failed = 0
    body = ""
    for block in blocks:
        body += block
        options = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-I", include, "-xc", "-"]
        result = subprocess.run([*compiler, *options], input=HEAD + body + "return error != 0;\n}\n", text=True)
        if result.returncode == 0:
            passed += 1
        else:
            failed += 1
            print(f"FAIL this does not compile:\n{block}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not blocks else 0


if __name__ == "__main__":
    sys.exit(main())
