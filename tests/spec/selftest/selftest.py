"""Tests the runner of WebAssembly's test suite: it must detect every kind of wrong assertion, manifest and script.

Usage: selftest.py --runner FILE --converter FILE --backend NAME --work FOLDER [--planted FILE.wast]
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
CAUGHT = re.compile(r";; caught: (.*)$")
ASSERTION = re.compile(r"^ *\(assert_")


class Selftest:
    def __init__(self, arguments):
        self.arguments = arguments
        self.work = pathlib.Path(arguments.work)
        self.work.mkdir(parents=True, exist_ok=True)
        self.passed = self.failed = 0

    def check(self, held, what, *details):
        if held:
            self.passed += 1
        else:
            self.failed += 1
            print("FAIL", what, *details)

    def convert(self, name):
        script = self.work / (name + ".script")
        subprocess.run([self.arguments.converter, "-o", script, HERE / name], check=True, stdout=subprocess.DEVNULL)
        return script

    def run(self, *scripts, manifest=None, options=()):
        """Returns the exit status, the output, and the JSON of the files."""
        command = [self.arguments.runner, "--backend", self.arguments.backend, *options]
        report = self.work / "report.json"
        report.unlink(missing_ok=True)
        command += ["--json", report]
        if manifest is not None:
            path = self.work / "manifest.txt"
            path.write_text(manifest, encoding="utf-8")
            command += ["--manifest", path]
        done = subprocess.run(command + list(scripts), capture_output=True, text=True, timeout=300)
        files = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()] if report.exists() else []
        return done.returncode, done.stdout + done.stderr, files

    # ---- Assertions

    def planted(self, name="planted.wast"):
        script = self.convert(name)
        status, output, files = self.run(script)
        self.check(status == 1, "wrong assertions end with status 1, not", status, output)
        entries = {entry["line"]: entry for entry in files[0]["entries"]}
        lines = (HERE / name).read_text(encoding="utf-8").splitlines()
        sound = 0
        for number, line in enumerate(lines, 1):
            caught = CAUGHT.search(line)
            if not caught or line.startswith(";;"):
                sound += bool(ASSERTION.match(line))
                self.check(number not in entries, f"{name}:{number} should pass:", entries.get(number))
                continue
            detail = entries.get(number, {}).get("detail", "")
            self.check(entries.get(number, {}).get("status") == "failed", f"{name}:{number} is not caught:", line)
            self.check(caught[1] in detail, f"{name}:{number} is caught for another reason:", detail)
        self.check(files[0]["passed"] == sound, "passed:", files[0]["passed"], "of", sound)
        self.check(files[0]["failed"] == len(entries) == files[0]["unexplained"], "failed:", files[0]["failed"])
        self.check(output.splitlines()[-1] == f"{sound} passed, {len(entries)} failed", "the last line:", output[-200:])

    def refused(self):
        """An assertion that needs a missing module is not run: it neither passes nor fails."""
        script = self.convert("refused.wast")
        name = self.run(script)[2][0]["file"]
        _, _, files = self.run(script)
        by_line = {entry["line"]: entry["status"] for entry in files[0]["entries"]}
        self.check(by_line == {**{line: "not_run" for line in (2, 3, 4, 5, 6, 7)}, 9: "failed"}, "not run:", by_line)
        self.check(files[0]["passed"] == 0, "passed:", files[0]["passed"])
        omits, fails = f"{name} omits what the engine lacks\n", f"{name}:9 fails on purpose\n"
        for manifest, expected in ((omits, 1), (fails, 1), (omits + fails, 0), (f"# a comment\n\n{omits}{fails}", 0)):
            status, output, _ = self.run(script, manifest=manifest)
            self.check(status == expected, f"status {status} with the manifest", repr(manifest), output)

    # ---- Manifests

    def stale(self):
        script = self.convert("small.wast")
        status, output, files = self.run(script)
        self.check(status == 0, "small.wast passes:", output)
        name = files[0]["file"]
        for entry, words in (
            (f"{name} omits nothing", "everything was run"),
            (f"{name}:6 omits nothing", "everything was run"),
            (f"{name}:9 fails never", "nothing in this line failed"),
            (f"{name}:9 superseded reference-types", "nothing in this line failed"),
            (f"{name} lacks gc-of-tomorrow", "is not a feature"),
            (f"{name} lacks bulk-memory", "the engine supports the feature"),
            (f"other/{name} omits a file", "the file does not exist"),
        ):
            status, output, _ = self.run(script, manifest=entry + "\n")
            self.check(status != 0 and words in output, "a stale entry:", entry, status, output)
        _, _, files = self.run(script, manifest=f"{name}:9 fails never\n")
        self.check([entry["status"] for entry in files[0]["entries"]] == ["stale"], "JSON of a stale entry:", files)

    def bad_manifests(self):
        script = self.convert("small.wast")
        for line, words in (
            ("v2/i32.wast", "neither lacks, omits, fails nor superseded"),
            ("v2/i32.wast passes", "neither lacks, omits, fails nor superseded"),
            ("v2/i32.wast fails without a line", "needs lines"),
            ("v2/i32.wast superseded multi-memory", "needs lines"),
            ("v2/i32.wast:0 fails x", "is not followed by a list of lines"),
            ("v2/i32.wast:-1 fails x", "is not followed by a list of lines"),
            ("v2/i32.wast:12x fails x", "is not followed by a list of lines"),
            ("v2/i32.wast: fails x", "is not followed by a list of lines"),
            ("v2/i32.wast:12, fails x", "is not followed by a list of lines"),
            ("v2/i32.wast:12,,13 fails x", "is not followed by a list of lines"),
            ("v2/i32.wast:12,13,12 fails x", "is already covered"),
            ("v2/i32.wast:99999999999 fails x", "is not followed by a list of lines"),
            ("v2/i32.wast:12 fails", "the reason is missing"),
            ("v2/i32.wast lacks", "the reason is missing"),
            ("v2/i32.wast:12 fails x\nv2/i32.wast:12 fails y", "is already covered"),
            ("v2/i32.wast omits \0", "NUL"),
        ):
            status, output, _ = self.run(script, manifest=line + "\n")
            self.check(status == 2 and words in output, "a bad manifest:", repr(line), status, output)
        status, output, _ = self.run(script, options=["--manifest", self.work / "no such file"])
        self.check(status == 2 and "no such file" in output, "a missing manifest:", status, output)

    def covers(self):
        """Entries for unsupported features never cover a wrong value or a wrong trap."""
        script = self.convert("planted.wast")
        _, _, files = self.run(script)
        name, lines = files[0]["file"], sorted({entry["line"] for entry in files[0]["entries"]})
        status, output, _ = self.run(script, manifest=f"{name} omits all of it\n")
        self.check(status == 1 and "everything was run" in output, "omits must not cover failures:", output)
        whole = "".join(f"{name}:{line} fails on purpose\n" for line in lines)
        status, output, files = self.run(script, manifest=whole)
        self.check(status == 0, "each line of planted.wast is covered:", status, output)
        self.check(all(entry["reason"] == "on purpose" for entry in files[0]["entries"]), "reasons in the JSON")
        for left_out in (lines[0], lines[-1]):
            manifest = "".join(f"{name}:{line} fails on purpose\n" for line in lines if line != left_out)
            status, output, _ = self.run(script, manifest=manifest)
            self.check(status == 1 and f"{name}:{left_out}" in output, "one line is not covered:", left_out, output)

    def superseded(self):
        script = self.convert("planted.wast")
        _, _, files = self.run(script)
        name, lines = files[0]["file"], sorted({entry["line"] for entry in files[0]["entries"]})
        for feature, expected in (("bulk-memory", 0), ("caller-exports", 0)):
            manifest = "".join(f"{name}:{line} superseded {feature}\n" for line in lines)
            status, output, files = self.run(script, manifest=manifest)
            self.check(status == expected, "superseded by a supported feature:", feature, status, output)
            self.check(files[0]["failed"] == 0 and files[0]["superseded"] >= len(lines), "counts:", files[0])
        if self.arguments.lacks:
            manifest = "".join(f"{name}:{line} superseded {self.arguments.lacks}\n" for line in lines)
            status, output, files = self.run(script, manifest=manifest)
            self.check(status == 1 and files[0]["superseded"] == 0, "superseded by an unsupported feature:", output)

    # ---- Scripts

    def bad_scripts(self):
        script = self.convert("small.wast")
        data = script.read_bytes()
        bad = self.work / "bad.script"
        for size in range(len(data)):
            bad.write_bytes(data[:size])
            status, output, _ = self.run(bad)
            self.check(status == 2 and "wrl_spec: script" in output, f"cut at byte {size}:", status, output)
        # Changed bytes may still be a valid script, but must do no harm.
        for at in range(0, len(data), self.arguments.step):
            changed = bytearray(data)
            changed[at] ^= 0xFF
            bad.write_bytes(changed)
            status, output, _ = self.run(bad)
            self.check(status in (0, 1, 2), f"byte {at} changed:", status, output)
        bad.write_bytes(data + b"\0")
        status, output, _ = self.run(bad)
        self.check(status == 2 and "WRLSPEC1" in output, "an additional byte:", status, output)
        bad.write_bytes(data + data)
        status, output, files = self.run(bad)
        self.check(status == 0 and len(files) == 2, "two scripts in one:", status, output)

    def command_line(self):
        script = self.convert("small.wast")
        for options, words in (
            (["--no-such-option"], "unknown option"),
            (["--backend"], "needs a value"),
            (["--backend", "nobody"], "nobody"),
        ):
            done = subprocess.run([self.arguments.runner, script, *options], capture_output=True, text=True)
            self.check(done.returncode == 2 and words in done.stderr, "bad usage:", options, done)
        done = subprocess.run([self.arguments.runner], capture_output=True, text=True)
        self.check(done.returncode == 2 and "no script was given" in done.stderr, "no script:", done)
        status, output, _ = self.run(script, options=["--filter", "nothing is called so"])
        self.check(status == 1 and "0 passed" in output, "a filter that selects nothing:", status, output)


def main():
    parser = argparse.ArgumentParser()
    for option in ("--runner", "--converter", "--backend", "--work"):
        parser.add_argument(option, required=True)
    parser.add_argument("--lacks", help="a feature that the backend does not support")
    parser.add_argument("--step", type=int, default=1, help="change every Nth byte of a script")
    parser.add_argument("--planted", help="run only the assertions of this file")
    arguments = parser.parse_args()
    selftest = Selftest(arguments)
    if arguments.planted:
        selftest.planted(arguments.planted)
    for part in () if arguments.planted else ("planted", "refused", "stale", "bad_manifests", "covers", "superseded", "bad_scripts", "command_line"):
        getattr(selftest, part)()
    print(f"{selftest.passed} passed, {selftest.failed} failed")
    return 0 if selftest.failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
