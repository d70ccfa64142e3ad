"""Checks that every function of the Rust crates that C may call catches panics, and does nothing outside the guard.

Reads the given sources. A function with `extern "C"` (or one that C may call by another name) consists of harmless statements,
followed by one call of a guard, which ends the function. Types and declarations do not count.
"""

import pathlib
import re
import sys

FUNCTION = re.compile(r'extern\s+"[^"]*"\s+fn\s+(\w+)')
GUARD = re.compile(r"(?<![\w.])(?:guard|guard_run|guard_value|catch)\(")
CALL = re.compile(r"(\w+)!?(?:::<[^()]*>)?\(")
# These functions read a pointer or a handle and cannot panic.
HARMLESS = {"from_raw", "resolve", "slice", "cast", "is_null", "let", "if", "return"}


def without_comments(text):
    """Returns the text with comments and the contents of strings blanked."""

    def blank(found):
        return re.sub(r"[^\n]", " ", found.group()) if found.group().startswith("/") else found.group()

    return re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\])*"', blank, text, flags=re.DOTALL)


def closing(text, start, opening, close):
    """Returns the position of the bracket that closes the one at `start`."""
    depth = 0
    for place in range(start, len(text)):
        depth += (text[place] == opening) - (text[place] == close)
        if depth == 0:
            return place
    raise ValueError("a bracket is not closed")


def functions(text):
    """Yields the names and bodies of the functions that C may call, except for tests."""
    text = without_comments(text).split("#[cfg(test)]\nmod tests")[0]
    text = re.sub(r"#\[cfg\(test\)\]\npub mod (\w+) \{", "mod test_only {", text)
    skipped = []
    for found in re.finditer(r"mod test_only \{", text):
        skipped.append((found.start(), closing(text, found.end() - 1, "{", "}")))
    for found in FUNCTION.finditer(text):
        if any(start <= found.start() <= end for start, end in skipped):
            continue
        opening = text.index("{", found.end())
        yield found.group(1), text[opening + 1 : closing(text, opening, "{", "}")]


def fault(body):
    """Returns a description of the problem with a body, or None."""
    guard = GUARD.search(body)
    if not guard:
        return "catches no panics"
    calls = set(CALL.findall(body[: guard.start()])) - HARMLESS
    if calls:
        return f"calls {', '.join(sorted(calls))} before it catches panics"
    rest = body[closing(body, guard.end() - 1, "(", ")") + 1 :]
    if rest.strip(" \n;}"):
        return f"goes on after it has caught panics: {' '.join(rest.split())}"
    return None


def self_test():
    """Checks that each fault is detected."""
    sound = 'extern "C" fn f(a: *mut X) { let s = Store::from_raw(a); guard(s.core, STORE, || { work() }) }'
    bad = [
        'extern "C" fn f() { work() }',
        'extern "C" fn f() { work(); guard(core, STORE, || Ok(())) }',
        'extern "C" fn f() { guard(core, STORE, || Ok(())); work() }',
        'extern "C" fn f() { /* guard(core) */ work() }',
    ]
    assert [fault(body) for _, body in functions(sound)] == [None]
    for text in bad:
        assert all(fault(body) for _, body in functions(text)), text
    return 1 + len(bad)


def main():
    passed = self_test()
    failed = 0
    for file in map(pathlib.Path, sys.argv[1:]):
        for name, body in functions(file.read_text(encoding="utf-8")):
            wrong = fault(body)
            passed += not wrong
            failed += bool(wrong)
            if wrong:
                print(f"{file}: {name}() {wrong}")
    if passed < 20:
        print("fewer functions were found than the crates have")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
