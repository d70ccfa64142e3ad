"""Counts checks in test programs in Python. The last line that they print is "N passed, N failed"."""


class Results:
    """Counts and prints the results of checks."""

    def __init__(self, quiet=False):
        self.passed = 0
        self.failed = 0
        self.quiet = quiet

    def check(self, what, ok, detail=""):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
        if not self.quiet:
            print(f"{'ok' if ok else 'FAILED'}: {what}{'' if ok else f': {detail}'}", flush=True)
        return ok

    def close(self):
        """Prints the last line and returns the exit status of the program."""
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0
