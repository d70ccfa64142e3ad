"""Checks the links in the documents.

Usage: links.py SOURCE

Every relative link in a Markdown file of the project must lead to a file or folder, and its anchor to a heading. README.md must
lead to every guide in docs/, directly or through others. Links to the web are not checked. The last line counts the checks that
passed and failed.
"""

import pathlib
import re
import sys

FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)")
HEADING = re.compile(r"^#{1,6} +(.*?) *#*$", re.MULTILINE)
ROOTS = ["*.md", "docs/**/*.md", "examples/**/*.md", "bench/**/*.md", "tests/**/*.md", "backends/*/*.md"]


def anchors(text):
    """Returns the anchors of headings: lower case, hyphens for spaces, no other signs, numbered if repeated."""
    found = set()
    for heading in HEADING.findall(FENCE.sub("", text)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        name = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        count = 0
        while (name if not count else f"{name}-{count}") in found:
            count += 1
        found.add(name if not count else f"{name}-{count}")
    return found


def links(text):
    # Code may contain brackets. The text of a link may be code, so the code is replaced and the link stays.
    return LINK.findall(CODE.sub("code", FENCE.sub("", text)))


def check(document, link, source):
    """Returns what is wrong with a link, or None, and the document that it leads to, or None."""
    path, _, anchor = link.partition("#")
    target = (document.parent / path).resolve() if path else document
    if not target.exists():
        return f"no file {path}", None
    if source not in [target, *target.parents]:
        return f"{path} lies outside the project", None
    if anchor and (target.suffix != ".md" or anchor not in anchors(target.read_text(encoding="utf-8"))):
        return f"no heading for {link}", None
    # On the web, a folder shows its README.
    target = target / "README.md" if target.is_dir() else target
    return None, target if target.suffix == ".md" else None


def main():
    source = pathlib.Path(sys.argv[1]).resolve()
    documents = sorted({file for root in ROOTS for file in source.glob(root) if "node_modules" not in file.parts})
    passed, failures, leads_to = 0, [], {}
    for document in documents:
        leads_to[document] = set()
        for link in links(document.read_text(encoding="utf-8")):
            if re.match(r"[a-z]+:", link):
                continue
            wrong, target = check(document, link, source)
            if wrong:
                failures.append(f"{document.relative_to(source)}: {wrong}")
            else:
                passed += 1
                leads_to[document].add(target)

    reached, next_ones = set(), {source / "README.md"}
    while next_ones:
        reached |= next_ones
        next_ones = {target for document in next_ones for target in leads_to.get(document, ()) if target} - reached
    for document in documents:
        if document in reached:
            passed += 1
        else:
            failures.append(f"{document.relative_to(source)}: README.md does not lead here")
    for failure in failures:
        print(f"FAIL {failure}")
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
