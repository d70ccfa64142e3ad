"""Splits docs/writing-a-backend.md into steps and files, for run.sh.

Usage: extract.py DOCUMENT SOURCE FOLDER

The first line of a code block determines its use:
    ```sh             a step, written to FOLDER/steps/NN.sh
    ```output         lines that the step before must print, written to FOLDER/steps/NN.output
    ```LANGUAGE PATH  an excerpt of SOURCE/PATH, which must contain it verbatim; if there is no such file,
                      a file for the steps, written to FOLDER/PATH

The last line has the numbers of right and wrong excerpts.
"""

import pathlib
import re
import sys

BLOCK = re.compile(r"^```(\S+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def main():
    document, source, folder = (pathlib.Path(argument) for argument in sys.argv[1:])
    steps = folder / "steps"
    steps.mkdir(parents=True)
    count = passed = failed = 0
    for language, path, code in BLOCK.findall(document.read_text(encoding="utf-8")):
        if language == "sh":
            count += 1
            (steps / f"{count:02}.sh").write_text(code, encoding="utf-8")
        elif language == "output":
            (steps / f"{count:02}.output").write_text(code, encoding="utf-8")
        elif path and (source / path).exists():
            if code in (source / path).read_text(encoding="utf-8"):
                passed += 1
            else:
                failed += 1
                print(f"FAIL excerpt: {path} does not contain these lines:\n{code}")
        elif path:
            (folder / path).write_text(code, encoding="utf-8")
        else:
            failed += 1
            print(f"FAIL block: neither a step nor an excerpt:\n{code}")
    print(f"{passed} {failed}")


if __name__ == "__main__":
    main()
