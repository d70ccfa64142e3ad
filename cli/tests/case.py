"""The base of the tests of the tool: runs the tool and checks its exit status."""

import argparse
import json
import os
import subprocess
import tempfile
import unittest

# The command line of test_cli.py.
OPTIONS = argparse.Namespace()
OK, GUEST, USAGE, INPUT, HOST = range(5)


class Case(unittest.TestCase):
    backend = None

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def file(self, contents, name="m.wasm"):
        path = os.path.join(self.folder.name, name)
        with open(path, "wb") as out:
            out.write(contents.encode() if isinstance(contents, str) else contents)
        return path

    def wrl(self, *args, stdin=b"", status=OK):
        """Runs the tool and checks its exit status. Returns what it wrote to stdout and stderr."""
        done = subprocess.run(
            [*OPTIONS.wrl, *args], input=stdin, capture_output=True, cwd=self.folder.name, timeout=300, check=False
        )
        out, err = done.stdout.decode(), done.stderr.decode()
        self.assertEqual(done.returncode, status, f"{args}\n{out}{err}")
        if status == OK:
            self.assertEqual(err, "")
        else:
            self.assertEqual(out, "")
            self.assertTrue(err.startswith("wrl: "), err)
        return out, err

    def run_file(self, path, status=OK):
        backend = ["--backend", self.backend] if self.backend else []
        return self.wrl("run", *backend, path, status=status)

    def invoke(self, path, export, *args, status=OK):
        backend = ["--backend", self.backend] if self.backend else []
        return self.wrl("run", *backend, "--invoke", export, path, *args, status=status)


def features(backend):
    out = subprocess.run([*OPTIONS.wrl, "backends", "--json"], capture_output=True, check=True).stdout
    return next(entry for entry in json.loads(out) if entry["name"] == backend)["features"]
