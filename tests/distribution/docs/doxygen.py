"""Makes the reference with Doxygen, as `make docs` does, and checks that it is complete.

Usage: doxygen.py DOXYGEN SOURCE FOLDER

A warning is a failure: a public declaration has no description, or one that Doxygen cannot read. Every function that the
headers declare and every guide must be in the reference. The last line counts the checks that passed and failed.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

FUNCTION = re.compile(r"\b(wrl_\w+)\(")
DECLARATION = re.compile(r"^(?:WRL_API|static inline) [^;{]*?[;{]", re.MULTILINE)


def declared_functions(source):
    """Returns the names of the functions that the C headers declare."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in sorted((source / "include").rglob("*.h")))
    return {FUNCTION.search(declaration)[1] for declaration in DECLARATION.findall(text)}


def described_functions(folder):
    """Returns the functions in Doxygen's XML that have a description."""
    names = set()
    for file in (folder / "xml").glob("*.xml"):
        for member in ElementTree.parse(file).getroot().iter("memberdef"):
            description = "".join(member.find("briefdescription").itertext())
            if member.get("kind") == "function" and description.strip():
                names.add(member.findtext("name"))
    return names


def guide_titles(folder):
    return {compound.findtext("title") for file in (folder / "xml").glob("*.xml")
            for compound in ElementTree.parse(file).getroot().iter("compounddef") if compound.get("kind") == "page"}


def main():
    doxygen, source, folder = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    options = (source / "docs/Doxyfile").read_text(encoding="utf-8")
    options += f"\nOUTPUT_DIRECTORY = \"{folder}\"\nGENERATE_XML = YES\nXML_PROGRAMLISTING = NO\n"
    result = subprocess.run([doxygen, "-"], input=options, text=True, cwd=source, stderr=subprocess.PIPE)
    complaints = [line for line in result.stderr.splitlines() if line.strip()]
    failures = complaints if complaints or result.returncode == 0 else [f"doxygen ended with {result.returncode}"]

    functions = declared_functions(source)
    failures += [f"{name} is not in the reference" for name in sorted(functions - described_functions(folder))]
    titles = guide_titles(folder)
    guides = sorted((source / "docs").glob("*.md"))
    for guide in guides:
        title = guide.read_text(encoding="utf-8").splitlines()[0].lstrip("# ")
        if title not in titles:
            failures.append(f"{guide.name} is not among the pages")
    for failure in failures:
        print(f"FAIL {failure}")
    passed = max(len(functions) + len(guides) - len(failures), 0)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures or not functions or not guides else 0


if __name__ == "__main__":
    sys.exit(main())
