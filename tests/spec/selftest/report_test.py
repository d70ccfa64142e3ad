"""Tests of report.py: its output, and that it detects every kind of wrong document."""

import copy
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

REPORT = pathlib.Path(__file__).resolve().parent.parent / "report.py"


def file(name, backend="wasmi", host="native", version="1.0", entries=(), **counts):
    result = {"suite": name.split("/")[0], "file": name, "backend": backend, "version": version, "host": host,
              "entries": list(entries)}
    for count in ["passed", "failed", "not_run", "superseded", "text_passed", "text_failed", "left_out"]:
        result[count] = counts.pop(count, 0)
    assert not counts
    return result


def entry(line, status, reason, detail="what happened", **more):
    return {"line": line, "status": status, "what": "assert_return", "reason": reason, "detail": detail, **more}


WASMI = [
    file("v1/a.wast", passed=10, text_passed=3),
    file("v1/b.wast", passed=5, failed=2, entries=[entry(7, "failed", "an <odd> reason"), entry(9, "failed", "an <odd> reason")]),
    file("gc/c.wast", not_run=4, entries=[{"line": None, "status": "not_run", "count": 4, "reason": "lacks gc"}]),
    file("gc/d.wast", passed=1, superseded=1, left_out=1,
         entries=[entry(3, "superseded", "superseded by gc"), entry(5, "left_out", None, "thread: one")]),
]
JS = [file("v1/a.wast", "js", "firefox", "SpiderMonkey", passed=9, failed=1, entries=[entry(2, "failed", "a bug")])]


class ReportTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.document = pathlib.Path(self.folder.name) / "conformance.md"

    def results(self, name, files):
        path = pathlib.Path(self.folder.name) / name
        path.write_text("".join(json.dumps(one) + "\n" for one in files), encoding="utf-8")
        return path

    def run_report(self, *arguments):
        done = subprocess.run([sys.executable, REPORT, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              encoding="utf-8", check=False)
        return done.returncode, done.stdout

    def write(self, files=None):
        wasmi = self.results("wasmi.json", files or WASMI)
        status, said = self.run_report(self.document, wasmi, self.results("js.json", JS))
        self.assertEqual(status, 0, said)
        return self.document.read_text(encoding="utf-8")

    def check(self, files):
        return self.run_report("--check", self.document, self.results("new.json", files))

    def test_what_is_written(self):
        text = self.write()
        self.assertIn("| v1 | 2 | 1 | 1 | 0 | 15 | 2 | 0 | 0 | 3 of 3 |", text)
        self.assertIn("| gc | 2 | 0 | 0 | 2 | 1 | 0 | 5 | 1 |  |", text)
        self.assertIn("| all | 4 | 1 | 1 | 2 | 16 | 2 | 5 | 1 | 3 of 3 |", text)
        self.assertIn("- an \\<odd\\> reason: `v1/b.wast`:7, 9\n", text)
        self.assertIn("- lacks gc: `gc/c.wast` (4)\n", text)
        self.assertIn("- no reason is known: thread: one: `gc/d.wast`:5\n", text)
        self.assertIn("- superseded by gc: `gc/d.wast`:3\n", text)
        self.assertIn("| Suite | wasmi | js in Firefox |", text)
        self.assertIn("| v1 | 15 of 17 | 9 of 10 |", text)
        self.assertIn("| gc | 1 of 6 |  |", text)
        # An update of one part preserves the other parts and their order.
        status, _ = self.run_report(self.document, self.results("js.json", JS))
        self.assertEqual((status, self.document.read_text(encoding="utf-8")), (0, text))

    def test_each_host_is_checked_for_itself(self):
        self.write()
        for files in (WASMI, JS):
            status, said = self.check(files)
            self.assertEqual((status, said.splitlines()[-1]), (0, "1 passed, 0 failed"))

    def test_every_change_is_noticed(self):
        self.write()
        changes = [
            lambda files: files[0].update(passed=11),
            lambda files: files[0].update(text_failed=1),
            lambda files: files[1]["entries"].pop(),
            lambda files: files[1]["entries"][0].update(line=8),
            lambda files: files[1]["entries"][0].update(reason="another"),
            lambda files: files[2]["entries"][0].update(count=3),
            lambda files: files[3].update(superseded=0),
            lambda files: files.append(file("v3/e.wast", passed=1)),
            lambda files: files.pop(),
        ]
        for number, change in enumerate(changes):
            files = copy.deepcopy(WASMI)
            change(files)
            status, said = self.check(files)
            self.assertEqual(status, 1, f"{number}: {said}")
            self.assertIn("does not match the results on wasmi", said)
            self.assertIn("python3 tests/spec/report.py docs/conformance.md ", said)
            self.assertEqual(said.splitlines()[-1], "0 passed, 1 failed")

    def test_a_document_changed_by_hand(self):
        text = self.write()
        for old, new in (("| v1 | 15 of 17 |", "| v1 | all 17 |"), ("# Conformance", "# Conformity"), ("lacks gc", "has gc")):
            self.document.write_text(text.replace(old, new), encoding="utf-8")
            self.assertEqual(self.check(WASMI)[0], 1, new)
        self.document.unlink()
        self.assertEqual(self.check(WASMI)[0], 1)

    def test_another_version_with_the_same_results(self):
        self.write()
        files = [{**one, "version": "2.0"} for one in WASMI]
        status, said = self.check(files)
        self.assertEqual(status, 0, said)
        self.assertIn("from another version", said)
        files[0]["passed"] += 1
        self.assertEqual(self.check(files)[0], 1)

    def test_bad_results_are_named(self):
        self.write()
        wasmi = self.results("wasmi.json", WASMI)
        bad = pathlib.Path(self.folder.name) / "bad.json"
        for content, words in (("{", "bad.json:1: "), ("[]", "not an object"), ("{}", "suite is missing"),
                               ("", "of 0 runs"), (json.dumps(WASMI[0]) + "\n" + json.dumps(JS[0]), "of 2 runs"),
                               (json.dumps({**WASMI[0], "host": "moon"}), "wasmi on the host moon"),
                               (json.dumps({**WASMI[0], "passed": "1"}), "passed is missing")):
            bad.write_text(content, encoding="utf-8")
            status, said = self.run_report("--check", self.document, bad)
            self.assertEqual(status, 1, content)
            self.assertIn(words, said)
        self.assertIn("already", self.run_report("--check", self.document, wasmi, wasmi)[1])
        self.assertEqual(self.run_report("--check", self.document, "no-such.json")[0], 1)


if __name__ == "__main__":
    result = unittest.main(exit=False).result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(1 if failed or result.testsRun == 0 else 0)
