"""Tests the output and the exit status of the wrl tool.

test_cli.py --wrl PROGRAM --text PROGRAM [--backend NAME]... [--shared-object FILE]
The last line of the output is the number of tests that passed and failed.
"""

import argparse
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
import unittest

import modules

OPTIONS = None
OK, GUEST, USAGE, INPUT, HOST = range(5)
BACKEND_NAMES = []


SHARED_MESSAGES = {
    "null function or function signature mismatch": "indirect call to null",
    "float unrepresentable in integer range": "integer overflow",
}


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


class RunCase(Case):
    """Tests that main() runs on each backend."""

    def values(self):
        return self.file(modules.VALUES, "values.wat")

    def check_echo(self, export, pairs):
        path = self.values()
        for argument, printed in pairs:
            with self.subTest(export=export, argument=argument):
                self.assertEqual(self.invoke(path, export, argument)[0], printed + "\n")

    def check_bad(self, export, arguments, words):
        path = self.values()
        for argument in arguments:
            with self.subTest(export=export, argument=argument):
                _, err = self.invoke(path, export, argument, status=INPUT)
                self.assertIn(f"wrl: {path}: argument 1, ", err)
                self.assertIn(words, err)
                self.assertEqual(err.count("\n"), 1)

    def test_add(self):
        path = self.values()
        self.assertEqual(self.invoke(path, "add", "40", "2")[0], "42\n")
        self.assertEqual(self.invoke(path, "add", "-40", "-2")[0], "-42\n")
        self.assertEqual(self.invoke(path, "add", "2147483647", "1")[0], "-2147483648\n")
        self.assertEqual(self.invoke(path, "none")[0], "")

    def test_i32(self):
        self.check_echo("i32", [
            ("0", "0"), ("-1", "-1"), ("+5", "5"), ("007", "7"), ("4294967295", "-1"), ("2147483648", "-2147483648"),
            ("-2147483648", "-2147483648"), ("0xffffffff", "-1"), ("0XFf", "255"), ("-0x80000000", "-2147483648"),
        ])
        self.check_bad("i32", ["abc", "", " 1", "1 ", "1_000", "0x", "+", "-", "--1", "1.0", "0xg", "1e3", "\u0661"],
                       "not an i32")
        self.check_bad("i32", ["4294967296", "-2147483649", "0x100000000", "9" * 400, "-99999999999999999999"],
                       "out of range for an i32")

    def test_i64(self):
        self.check_echo("i64", [
            ("-1", "-1"), ("18446744073709551615", "-1"), ("9223372036854775807", "9223372036854775807"),
            ("-9223372036854775808", "-9223372036854775808"), ("0x8000000000000000", "-9223372036854775808"),
        ])
        self.check_bad("i64", ["abc", "1n", "null"], "not an i64")
        self.check_bad("i64", ["18446744073709551616", "-9223372036854775809", "0x10000000000000000"],
                       "out of range for an i64")

    def test_f64(self):
        self.check_echo("f64", [
            ("0.1", "0.1"), ("3", "3"), ("-0", "-0"), ("-0.0", "-0"), ("1e308", "1e+308"), ("5e-324", "5e-324"),
            ("0.30000000000000004", "0.30000000000000004"), ("0x1.8p3", "12"), (".5", "0.5"), ("inf", "inf"),
            ("-inf", "-inf"), ("+infinity", "inf"), ("nan", "nan"), ("-nan", "-nan"), ("nan:0x8000000000000", "nan"),
            ("nan:0xc000000000000", "nan:0xc000000000000"), ("-nan:0xfffffffffffff", "-nan:0xfffffffffffff"),
            ("nan:0x1", "nan:0x1"), ("123456789012", "123456789012"), ("100", "100"), ("1e15", "1000000000000000"),
            ("1e16", "1e+16"), ("0.00001", "0.00001"), ("0.000001", "1e-06"),
        ])
        self.check_bad("f64", ["abc", "", "1.0f", "1,5", "e5", "nan:", "nan:0x", "nan:1", "nan(1)", "--1", "NAN", " 1"],
                       "not an f64")
        self.check_bad("f64", ["1e309", "-1e309", "nan:0x0", "nan:0x10000000000000"], "out of range for an f64")

    def test_f32(self):
        self.check_echo("f32", [
            ("0.1", "0.1"), ("16777217", "16777216"), ("1e-45", "1e-45"), ("3.4028235e38", "3.4028235e+38"),
            ("nan", "nan"), ("nan:0x200000", "nan:0x200000"), ("nan:0x1", "nan:0x1"), ("-inf", "-inf"), ("-0", "-0"), ("1e12", "1000000000000"),
        ])
        self.check_bad("f32", ["abc", "f"], "not an f32")
        self.check_bad("f32", ["1e39", "nan:0x0", "nan:0x800000"], "out of range for an f32")

    def test_floats_read_back(self):
        path = self.values()
        numbers = random.Random(1)
        for _ in range(40):
            bits = numbers.getrandbits(64)
            value = struct.unpack("<d", struct.pack("<Q", bits))[0]
            if value != value or value in (float("inf"), float("-inf")):
                continue
            printed = self.invoke(path, "f64", repr(value))[0].strip()
            self.assertEqual(struct.pack("<d", float(printed)), struct.pack("<d", value))
            self.assertLessEqual(sum(c.isdigit() for c in printed.split("e")[0]),
                                 sum(c.isdigit() for c in repr(value).split("e")[0]))

    def test_nan_bits_reach_the_guest(self):
        path = self.values()
        self.assertEqual(self.invoke(path, "f32_bits", "nan:0x1")[0], f"{0x7f800001}\n")
        self.assertEqual(self.invoke(path, "f64_bits", "nan:0x1")[0], f"{0x7ff0000000000001}\n")

    def test_v128(self):
        number = "0x0f0e0d0c0b0a09080706050403020100"
        self.check_echo("v128", [
            (number, number), ("0x1", "0x" + "0" * 31 + "1"), ("0x" + "0" * 40 + "1", "0x" + "0" * 31 + "1"),
            ("i32x4:1 2 3 -4", "0xfffffffc000000030000000200000001"),
            ("i32x4:1,2, 3 ,4", "0x00000004000000030000000200000001"),
            ("i8x16:" + " ".join(map(str, range(16))), number),
            ("i16x8:1 0 0 0 0 0 0 -1", "0xffff0000000000000000000000000001"),
            ("i64x2:1,-1", "0xffffffffffffffff0000000000000001"),
            ("f32x4:1 0 0 nan:0x1", "0x7f80000100000000000000003f800000"),
            ("f64x2:0.5,inf", "0x7ff00000000000003fe0000000000000"),
        ])
        self.check_bad("v128", ["abc", "1", "", "0x", "0xg", "i32x4:1 2 3", "i32x4:1 2 3 4 5", "i32x4:", "i32x4:1 2 x 4",
                                "i31x4:1 2 3 4", "f64x2:1"], "not a v128")
        self.check_bad("v128", ["0x1" + "0" * 32, "i8x16:256" + " 0" * 15, "f32x4:1e39 0 0 0"], "out of range")
        self.assertEqual(self.invoke(self.values(), "lane0", "i32x4:-5 2 3 4")[0], "-5\n")
        self.assertEqual(self.invoke(self.values(), "lane0", "0x7")[0], "7\n")

    def test_references(self):
        self.check_echo("externref", [("null", "null"), ("hello world", "hello world"), ("", ""), ("-1", "-1"),
                                      ("\u00e4\U0001f600", "\u00e4\U0001f600")])
        self.check_echo("funcref", [("null", "null"), ("add_one", "func (i32) -> (i32)"), ("none", "func () -> ()")])
        self.check_bad("funcref", ["add_ones", "memory", ""], "")
        _, err = self.invoke(self.values(), "funcref", "add_ones", status=INPUT)
        self.assertIn("add_one", err.replace("add_ones", ""))

    def test_all_references(self):
        path = self.file(modules.REFERENCES, "references.wat")
        if self.backend == "wasmi":
            self.invoke(path, "any", "null", status=INPUT)
            return
        self.assertEqual(self.invoke(path, "any", "null")[0], "null\n")
        self.assertEqual(self.invoke(path, "callback", "add_one")[0], "func (i32) -> (i32)\n")
        self.assertEqual(self.invoke(path, "i31")[0], "(ref i31)\n")
        _, err = self.invoke(path, "any", "7", status=INPUT)
        self.assertIn("only null can be written", err)
        _, err = self.invoke(path, "get", "null", status=INPUT)
        self.assertIn("null", err)

    def test_several_results(self):
        out, _ = self.invoke(self.values(), "all", "-1", "-2", "0.5", "-0.25", "0x3", "text", "null")
        self.assertEqual(out, f"null\ntext\n0x{3:032x}\n-0.25\n0.5\n-2\n-1\n")

    def test_argument_count(self):
        path = self.values()
        _, err = self.invoke(path, "add", "1", status=INPUT)
        self.assertIn("takes 2 arguments, but 1 was given", err)
        self.assertIn("(i32, i32) -> (i32)", err)
        _, err = self.invoke(path, "add", "1", "2", "3", status=INPUT)
        self.assertIn("takes 2 arguments, but 3 were given", err)
        self.invoke(path, "none", "1", status=INPUT)

    def test_unknown_export(self):
        path = self.values()
        for export, words in [
            ("add_on", 'no function "add_on" is exported; the nearest names are "add_one", "add"'),
            # The table and the memory are as near, but are not functions.
            ("tablememo", 'no function "tablememo" is exported'),
            ("memory", 'the export "memory" is a memory, not a function'),
            ("table", 'the export "table" is a table, not a function'),
            ("global", 'the export "global" is a global, not a function'),
            ("\x1b[31m", 'no function "\\1b[31m" is exported'),
        ]:
            with self.subTest(export=export):
                self.assertEqual(self.invoke(path, export, status=INPUT)[1], f"wrl: {path}: {words}\n")
        self.invoke(path, "", status=INPUT)
        _, err = self.invoke(path, "funcref", "add_on", status=INPUT)
        self.assertIn('argument 1, "add_on": no function "add_on" is exported; the nearest names are "add_one"', err)
        _, err = self.invoke(path, "funcref", "memory", status=INPUT)
        self.assertIn('the export "memory" is a memory, not a function', err)

    def nearest(self, names, export):
        """Returns the names that the tool suggests for a missing export."""
        _, err = self.invoke(self.file(modules.with_names([], names)), export, status=INPUT)
        said = err.rstrip("\n").partition(" is exported")[2]
        return [word.strip('"') for word in said.partition("; the nearest name")[2].partition(" ")[2]
                .partition(" ")[2].split(", ")] if said else []

    def test_nearest_names(self):
        # At most three, nearest first. Names at the same distance are in the order of the exports.
        self.assertEqual(self.nearest(["aXXX", "abXX", "abcX", "abcY", "zzzzzz"], "abcd"), ["abcX", "abcY", "abXX"])
        self.assertEqual(self.nearest(["run_", "ru", "un", "nur"], "run"), ["run_", "ru", "un"])
        # The maximum distance is a third of the letters plus two.
        self.assertEqual(self.nearest(["abcdeyyyyy", "abcdzzzzzz"], "abcdefghi"), ["abcdeyyyyy"])
        self.assertEqual(self.nearest(["x"], "completely_different"), [])
        self.assertEqual(self.nearest([], "f"), [])
        self.assertEqual(self.nearest(["", "abc"], "a"), ["", "abc"])
        # Both names have at most 64 bytes.
        self.assertEqual(self.nearest(["n" * 64, "n" * 65], "n" * 63), ["n" * 64])
        self.assertEqual(self.nearest(["n" * 64], "n" * 65), [])
        # The tool searches the first 10,000 exports.
        names = [f"other{i}" for i in range(10000)]
        self.assertEqual(self.nearest([*names[1:], "wanted_"], "wanted"), ["wanted_"])
        self.assertEqual(self.nearest([*names, "wanted_"], "wanted"), [])

    def test_start(self):
        none = self.file("(module)", "none.wat")
        self.assertEqual(self.run_file(none)[0], "")
        trap = self.file("(module (func $s unreachable) (start $s))", "start.wat")
        _, err = self.run_file(trap, status=GUEST)
        self.assertIn("trap: unreachable", err)
        command = self.file('(module (func (export "_start") unreachable))', "command.wat")
        self.run_file(command, status=GUEST)
        result = self.file('(module (func (export "_start") (result i32) i32.const 7))', "result.wat")
        self.assertEqual(self.run_file(result)[0], "7\n")
        params = self.file('(module (func (export "_start") (param i32) unreachable))', "params.wat")
        self.assertEqual(self.run_file(params)[0], "")
        other = self.file('(module (memory (export "_start") 1))', "other.wat")
        self.assertEqual(self.run_file(other)[0], "")
        segment = self.file('(module (memory 1) (data (i32.const 65536) "x"))', "segment.wat")
        self.run_file(segment, status=GUEST)

    def test_traps(self):
        path = self.file(modules.TRAPS, "traps.wat")
        for export, arguments, words in modules.TRAP_CALLS:
            with self.subTest(export=export, arguments=arguments):
                out, err = self.invoke(path, export, *arguments, status=GUEST)
                self.assertEqual(out, "")
                first = err.split("\n")[0]
                self.assertTrue(first.startswith(f"wrl: {path}: trap: "), err)
                # If an engine has one message for two traps, docs/js-hosts.md defines which one is reported.
                told = [code for message, code in SHARED_MESSAGES.items() if first.endswith(message)]
                self.assertIn(told[0] if told and self.backend == "js" else words, first)

    def test_exact_traps(self):
        """With the option, the messages are the same on all engines."""
        path = self.file(
            """(module (table 1 funcref)
            (func (export "null") (call_indirect (i32.const 0)))
            (func (export "nan") (result i32) (i32.trunc_f32_s (f32.const nan)))
            (func (export "large") (result i32) (i32.trunc_f32_s (f32.const 1e30))))""",
            "exact.wat",
        )
        backend = ["--backend", self.backend] if self.backend else []
        for export, words in [("null", "call to null"), ("nan", "conversion to integer"), ("large", "integer overflow")]:
            with self.subTest(export):
                _, err = self.wrl("run", *backend, "--exact-traps", "--invoke", export, path, status=GUEST)
                self.assertIn(words, err.split("\n")[0])
        _, err = self.wrl("run", "--exact-traps=yes", path, status=USAGE)
        self.assertIn("takes no value", err)

    def test_backtrace(self):
        path = self.file(modules.TRAPS, "traps.wat")
        _, err = self.invoke(path, "outer", status=GUEST)
        frames = err.splitlines()[1:]
        if not features(self.backend)["backtrace"]:
            self.assertEqual(frames, [])
            return
        self.assertEqual(len(frames), 2, err)
        self.assertRegex(frames[0], r'^  #0 func 1 "deep" of "traps", offset 0x[0-9a-f]+, module offset 0x[0-9a-f]+$')
        self.assertRegex(frames[1], r'^  #1 func 2 ')

    def test_imports(self):
        path = self.file('(module (import "env" "log" (func (param i32))))', "imports.wat")
        _, err = self.run_file(path, status=INPUT)
        for words in (path, "env", "log", "(i32) -> ()"):
            self.assertIn(words, err)

    def test_invalid(self):
        path = self.file("(module (func (result i32) i64.const 1))", "invalid.wat")
        _, err = self.run_file(path, status=INPUT)
        self.assertIn(path, err)

    def test_negative_numbers_are_no_options(self):
        self.assertEqual(self.invoke(self.values(), "add", "-1", "--", status=INPUT)[1].count("argument 2"), 1)
        out, _ = self.wrl("run", "--backend", self.backend, "--invoke=add", "--", self.values(), "-1", "-2")
        self.assertEqual(out, "-3\n")

    def test_stdin(self):
        for contents in (modules.VALUES.encode(), modules.with_names([], ["add"])):
            out, _ = self.wrl("run", "--backend", self.backend, "-", stdin=contents)
            self.assertEqual(out, "")
        _, err = self.wrl("run", "--backend", self.backend, "-", stdin=b"\0asn", status=INPUT)
        self.assertIn("wrl: standard input: ", err)

    def test_inspect_with_this_backend(self):
        out, _ = self.wrl("inspect", "--backend", self.backend, "--json", self.values())
        self.assertEqual(json.loads(out), json.loads(self.wrl("inspect", "--json", self.values())[0]))
        invalid = self.file("(module (func (result i32) i64.const 1))", "invalid.wat")
        self.wrl("inspect", "--backend", self.backend, invalid, status=INPUT)


def features(backend):
    out = subprocess.run([*OPTIONS.wrl, "backends", "--json"], capture_output=True, check=True).stdout
    return next(entry for entry in json.loads(out) if entry["name"] == backend)["features"]


class BadFiles(Case):
    def check(self, contents, *words):
        path = contents if isinstance(contents, str) else self.file(contents)
        for command in ("run", "inspect"):
            with self.subTest(command=command, path=path):
                _, err = self.wrl(command, path, status=INPUT)
                self.assertTrue(err.startswith(f"wrl: {path}: "), err)
                self.assertEqual(err.count("\n"), 1, err)
                for word in words:
                    self.assertIn(word, err)

    def test_binaries(self):
        self.check(b"", "empty")
        self.check(b"\0", "header ends")
        self.check(b"\0asm")
        self.check(b"\0asm\x01\0\0")
        self.check(b"\0asn\x01\0\0\0", "magic")
        self.check(b"\x7fELF\x02\x01\x01\0\0", "magic")
        self.check(b"\xff\xfe", "magic")
        self.check(b"\0asm\x02\0\0\0", "version")
        whole = modules.with_names([("m", "n")], ["e"], ["c"])
        self.check(whole[:-1])
        self.check(whole[:20])
        self.check(whole + b"\x01")
        self.check(modules.HEADER + b"\x0a\xff\xff\xff\xff\x0f")
        self.check(modules.HEADER + b"\x01\x80\x80\x80\x80\x80\x80\x00")
        self.check(modules.HEADER + modules.section(63, b""))

    def test_every_truncation(self):
        whole = modules.with_names([("m", "n")], ["e"], ["c"])
        fine = []
        for size in range(len(whole)):
            path = self.file(whole[:size])
            done = subprocess.run([*OPTIONS.wrl, "inspect", path], capture_output=True, check=False)
            self.assertIn(done.returncode, (OK, INPUT), size)
            if done.returncode == OK:
                fine.append(size)
        # Truncation between two sections leaves a readable module: one without code, or just the header.
        self.assertIn(8, fine)
        self.assertLess(len(fine), 8)

    def test_text(self):
        path = self.file("(module\n  (func $f\n    (i32.cnost 1)))", "bad.wat")
        self.check(path, "3", "i32.cnost")
        self.check(self.file("hello world\n", "hello.txt"))
        self.check(self.file("(module", "open.wat"))
        self.check(self.file("(" * 100000, "deep.wat"))

    def test_unreadable(self):
        missing = os.path.join(self.folder.name, "missing.wasm")
        self.check(missing, "No such file")
        self.check(self.folder.name, "directory")
        self.check(os.path.join(self.file(b"x", "plain"), "below"), "Not a directory")
        loop = os.path.join(self.folder.name, "loop")
        os.symlink(loop, loop)
        self.check(loop, "cannot be read")
        self.check("", "cannot be read")

    def test_huge(self):
        path = self.file(b"\0asm")
        os.truncate(path, (1 << 30) + 1)
        self.check(path, "larger than 1 GiB")
        self.check("/dev/zero", "larger than 1 GiB")

    def test_strange_file_name(self):
        path = self.file(b"\0asn", "a\n\x1b[31mb\u00e4.wasm")
        _, err = self.wrl("inspect", path, status=INPUT)
        self.assertIn("a\\0a\\1b[31mb\u00e4.wasm: ", err)


class Usage(Case):
    def test_usage_errors(self):
        path = self.file(modules.VALUES)
        for arguments, words in [
            ([], "no command"),
            (["walk"], "unknown command 'walk'"),
            (["--walk"], "unknown option '--walk'"),
            (["-x"], "unknown option '-x'"),
            ([""], "unknown command ''"),
            (["run"], "no FILE"),
            (["run", "--walk", path], "unknown option '--walk'"),
            (["run", "-x", path], "unknown option '-x'"),
            (["run", "-xy", path], "unknown option '-x'"),
            (["run", "--invoke"], "'--invoke' needs a value"),
            (["run", "--backend"], "'--backend' needs a value"),
            (["run", path, "1"], "--invoke"),
            (["run", path, "--invoke", "add"], "options come before FILE"),
            (["inspect"], "no FILE"),
            (["inspect", path, path], "more than one FILE"),
            (["inspect", "--json=1", path], "'--json=1' takes no value"),
            (["inspect", "--invoke", path], "unknown option '--invoke'"),
            (["backends", "x"], "no arguments"),
            (["backends", "--walk"], "unknown option"),
        ]:
            with self.subTest(arguments=arguments):
                _, err = self.wrl(*arguments, status=USAGE)
                self.assertIn(words, err)
                self.assertIn("--help", err)

    def test_help(self):
        for arguments in (["--help"], ["-h"], ["run", "--help"], ["run", "-h"], ["inspect", "--help"],
                          ["backends", "--help"], ["run", "--invoke", "x", "--help"]):
            with self.subTest(arguments=arguments):
                out, _ = self.wrl(*arguments)
                self.assertTrue(out.startswith("Usage: wrl "), out)
                self.assertIn("Exit status:", out)
                self.assertLessEqual(max(map(len, out.splitlines())), 82)

    def test_version(self):
        self.assertRegex(self.wrl("--version")[0], r"^wrl \d+\.\d+\.\d+\n$")

    def test_backend(self):
        path = self.file(modules.VALUES)
        for command in ("run", "inspect"):
            _, err = self.wrl(command, "--backend", "wasmx", path, status=INPUT)
            for name in ("wasmx", "null", *BACKEND_NAMES):
                self.assertIn(name, err)
            for missing in ("./missing.so", "missing.so", "/", path + ".so"):
                _, err = self.wrl(command, "--backend", missing, path, status=INPUT)
                self.assertIn("missing" if "missing" in missing else "/", err)
            self.file(b"no shared object", "wrl-bad.so")
            self.wrl(command, "--backend", "wrl-bad.so", path, status=INPUT)
            self.wrl(command, "--backend", "", path, status=INPUT)

    def test_backend_without_code(self):
        path = self.file(modules.VALUES)
        _, err = self.wrl("run", "--backend", "null", "--invoke", "add", path, "1", "2", status=INPUT)
        self.assertIn("null", err)

    def test_default_backend(self):
        path = self.file(modules.VALUES)
        self.assertEqual(self.wrl("run", "--invoke", "add_one", path, "42")[0], "43\n")

    def test_shared_object(self):
        path = self.file(modules.VALUES)
        if not OPTIONS.shared_object:
            self.assertNotIn("wasmtime", BACKEND_NAMES)
            return
        folder, name = os.path.split(OPTIONS.shared_object)
        args = ["--invoke", "add_one", path, "42"]
        self.assertEqual(self.wrl("run", "--backend", OPTIONS.shared_object, *args)[0], "43\n")
        done = subprocess.run([*OPTIONS.wrl, "run", "--backend", name, *args], capture_output=True, cwd=folder, check=False)
        self.assertEqual((done.returncode, done.stdout), (OK, b"43\n"), done.stderr)


class Inspect(Case):
    def inspect(self, contents):
        path = self.file(contents)
        text, _ = self.wrl("inspect", path)
        out, _ = self.wrl("inspect", "--json", path)
        found = json.loads(out)
        self.assertEqual(list(found), ["name", "imports", "exports", "memories", "tables", "custom_sections", "sections"])
        return found, text

    def test_everything(self):
        found, text = self.inspect(r"""
            (module $all
              (import "env" "f" (func (param i32 i64) (result f64)))
              (import "env" "g" (global (mut i32)))
              (import "env" "m" (memory 1 2))
              (import "env" "t" (table 0 10 funcref))
              (memory 5)
              (table (export "own") 3 externref)
              (func (export "run") (param v128))
              (export "again" (func 0))
              (export "mem" (memory 0))
              (global (export "const") f32 (f32.const 1)))
        """)
        self.assertEqual(found["name"], "all")
        self.assertEqual([(i["module"], i["name"], i["kind"]) for i in found["imports"]],
                         [("env", "f", "function"), ("env", "g", "global"), ("env", "m", "memory"), ("env", "t", "table")])
        self.assertEqual([list(i) for i in found["imports"]], [["module", "name", "kind", "type"]] * 4)
        self.assertEqual([(e["name"], e["kind"]) for e in found["exports"]],
                         [("own", "table"), ("run", "function"), ("again", "function"), ("mem", "memory"),
                          ("const", "global")])
        self.assertEqual([list(e) for e in found["exports"]], [["name", "kind", "type"]] * 5)
        types = [i["type"] for i in found["imports"]] + [e["type"] for e in found["exports"]]
        self.assertEqual(types[0], "(i32, i64) -> (f64)")
        self.assertEqual(types[1], "mut i32")
        self.assertEqual(types[2], "1..2 pages")
        self.assertEqual(types[3], "funcref 0..10")
        self.assertEqual(types[5], "(v128) -> ()")
        self.assertEqual(types[8], "f32")
        self.assertEqual([(m["index"], m["imported"]) for m in found["memories"]], [(0, True), (1, False)])
        self.assertEqual([(t["index"], t["imported"]) for t in found["tables"]], [(0, True), (1, False)])
        for item in (*found["imports"], *found["exports"]):
            self.assertIn(json.dumps(item["name"]) + ": " + item["type"] + "\n", text)
        self.assertIn("imports: 4\n", text)
        self.assertIn("exports: 5\n", text)

    def test_sections(self):
        whole = modules.with_names([("m", "n")], ["e"], ["one", "two", "one"])
        found, text = self.inspect(whole)
        self.assertEqual(found["custom_sections"], [{"name": n, "size": 8} for n in ("one", "two", "one")])
        self.assertEqual([s["id"] for s in found["sections"]], [1, 2, 3, 7, 10, 0, 0, 0])
        for section in found["sections"]:
            self.assertEqual(list(section), ["id", "name", "offset", "size"])
            # The id and the size, here always one byte, directly precede the contents.
            self.assertEqual(whole[section["offset"] - 2 : section["offset"]], bytes([section["id"], section["size"]]))
        last = found["sections"][-1]
        self.assertEqual(last["offset"] + last["size"], len(whole))
        self.assertEqual([s["name"] for s in found["sections"]][-3:], ["one", "two", "one"])
        self.assertIn('custom "two"', text)

    def test_empty(self):
        found, text = self.inspect(modules.HEADER)
        self.assertEqual(found, {"name": None, "imports": [], "exports": [], "memories": [], "tables": [],
                                 "custom_sections": [], "sections": []})
        self.assertIn("imports: 0\n", text)

    def test_names(self):
        names = ["", "\0", "a\0b", '"', "\\", "\n\t\r", "\x1b[31m", "\x7f", "\u0080", "\u00e4\u4e16\u754c", "\U0001f600",
                 "\u202eevil", "\u2028", "\ufeff", "x\u3164", "x\U000e0100",
                 "</script>", "null", "{}", "e\u0301", "\uffff", "\U0010ffff"]
        found, text = self.inspect(modules.with_names([(n, n) for n in names], names, names))
        self.assertEqual([(i["module"], i["name"]) for i in found["imports"]], [(n, n) for n in names])
        self.assertEqual([e["name"] for e in found["exports"]], names)
        self.assertEqual([c["name"] for c in found["custom_sections"]], names)
        as_json, _ = self.wrl("inspect", "--json", self.file(modules.with_names([], names)))
        for hidden in "\0\x1b\x7f\t\r\u0080\u202e\u2028\ufeff\u3164\U000e0100":
            self.assertNotIn(hidden, text)
            self.assertNotIn(hidden, as_json)
        for shown in ('"a\\00b"', '"\\""', '"\\\\"', '"\\0a\\09\\0d"', "\u00e4\u4e16\u754c", "\\e2\\80\\aeevil",
                      "x\\e3\\85\\a4", "x\\f3\\a0\\84\\80"):
            self.assertIn(shown, text)

    def test_names_that_are_not_utf8(self):
        for name in (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"a\xe4"):
            for contents in (modules.with_names([(name, "n")], []), modules.with_names([("m", name)], []),
                             modules.with_names([], [name]), modules.with_names([], [], [name])):
                path = self.file(contents)
                _, err = self.wrl("inspect", path, status=INPUT)
                self.assertIn("UTF-8", err)

    def test_what_an_engine_refuses(self):
        found, _ = self.inspect("(module (func (export \"f\") (result i32) i64.const 1))")
        self.assertEqual(found["exports"][0]["name"], "f")

    def test_tags_and_64_bits(self):
        found, _ = self.inspect('(module (tag (export "e") (param i32)) (memory (export "m") i64 1 4294967296))')
        self.assertEqual([e["kind"] for e in found["exports"]], ["tag", "memory"])
        self.assertIn("4294967296", found["exports"][1]["type"])

    def test_many(self):
        names = [f"export{i}" for i in range(20000)]
        found, _ = self.inspect(modules.with_names([], names))
        self.assertEqual([e["name"] for e in found["exports"]], names)


class Backends(Case):
    def test_json(self):
        found = json.loads(self.wrl("backends", "--json")[0])
        names = [entry["name"] for entry in found]
        self.assertEqual(len(set(names)), len(names))
        for name in ("null", *BACKEND_NAMES):
            self.assertIn(name, names)
        self.assertEqual(sum(entry["default"] for entry in found), 1)
        for entry in found:
            self.assertEqual(list(entry), ["name", "engine", "version", "default", "features", "error"])
            self.assertIsNone(entry["error"])
            self.assertEqual(set(map(type, entry["features"].values())), {bool})
            self.assertEqual(list(entry["features"]), list(found[0]["features"]))
        self.assertIn("multi-value", found[0]["features"])
        self.assertFalse(features("null")["execution"])
        for name in BACKEND_NAMES:
            self.assertTrue(features(name)["execution"])

    def test_text(self):
        out, _ = self.wrl("backends")
        found = json.loads(self.wrl("backends", "--json")[0])
        for entry in found:
            line = f"{entry['name']}: {entry['engine']} {entry['version']}{' (default)' if entry['default'] else ''}\n"
            self.assertIn(line, out)
        rows = [line.split() for line in out.split("\n\n")[1].splitlines()]
        self.assertEqual(rows[0], ["feature", *(entry["name"] for entry in found)])
        marks = {row[0]: row[1:] for row in rows[1:]}
        for feature in found[0]["features"]:
            self.assertEqual(marks[feature], ["yes" if entry["features"][feature] else "-" for entry in found])


class Output(Case):
    def end(self, *args, **streams):
        return subprocess.run([*OPTIONS.wrl, *args], stderr=subprocess.PIPE, timeout=60, check=False, **streams)

    def test_full_disk(self):
        path = self.file(modules.VALUES)
        for args in (["--help"], ["--version"], ["backends"], ["inspect", "--json", path],
                     ["run", "--invoke", "add_one", path, "1"]):
            with self.subTest(args=args), open("/dev/full", "wb") as full:
                done = self.end(*args, stdout=full)
                self.assertEqual(done.returncode, HOST)
                self.assertIn(b"cannot be written: No space left", done.stderr)

    def test_closed_pipe(self):
        path = self.file(modules.with_names([], [f"export{i}" for i in range(20000)]))
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "wb") as pipe:
            done = self.end("inspect", path, stdout=pipe)
        self.assertNotEqual(done.returncode, OK)

    def test_closed_stdout(self):
        path = self.file(modules.VALUES)
        done = subprocess.run(["/bin/sh", "-c", '"$@" >&-', "sh", *OPTIONS.wrl, "run", "--invoke", "add_one", path, "1"],
                              stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, HOST)
        self.assertIn(b"cannot be written", done.stderr)

    def test_closed_stdin_and_stderr(self):
        path = self.file(modules.VALUES)
        done = subprocess.run(["/bin/sh", "-c", '"$@" <&- 2>&-', "sh", *OPTIONS.wrl, "run", "--invoke", "add_one", path, "1"],
                              stdout=subprocess.PIPE, check=False)
        self.assertEqual((done.returncode, done.stdout), (OK, b"2\n"))
        done = subprocess.run(["/bin/sh", "-c", '"$@" <&-', "sh", *OPTIONS.wrl, "run", "-"], stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, INPUT)
        self.assertIn(b"standard input: ", done.stderr)

    def test_trap_and_full_disk(self):
        path = self.file(modules.TRAPS)
        with open("/dev/full", "wb") as full:
            self.assertEqual(self.end("run", "--invoke", "unreachable", path, stdout=full).returncode, GUEST)


class Progress(Case):
    def slow_module(self, backend):
        """Makes a module that takes this machine some seconds to compile."""
        functions = 100
        while True:
            path = self.file(modules.slow(functions), "slow module.wasm")
            begin = time.monotonic()
            self.wrl("inspect", "--backend", backend, "--json", path)  # Not on a terminal, so stderr must stay empty.
            if time.monotonic() - begin > 2.5:
                return path
            functions *= 2
            self.assertLess(functions, 1 << 20)

    def on_terminal(self, *args):
        """Runs the tool with a terminal as stderr. Returns the exit status and what it wrote to the terminal."""
        master, slave = os.openpty()
        with subprocess.Popen([*OPTIONS.wrl, *args], stdout=subprocess.DEVNULL, stderr=slave) as process:
            os.close(slave)
            shown = b""
            try:
                while chunk := os.read(master, 4096):
                    shown += chunk
            except OSError:
                pass  # The other side of the terminal is closed.
            os.close(master)
            return process.wait(), shown

    def test_slow(self):
        status, shown = self.on_terminal("inspect", "--backend", "wasmtime", self.slow_module("wasmtime"))
        self.assertEqual(status, OK)
        self.assertRegex(shown, rb"^\rcompiling slow module\.wasm \(\d+\.\d MB\) \.\.\. 1 s")
        self.assertTrue(shown.endswith(b"\r\x1b[K"), shown)

    def test_quick(self):
        self.assertEqual(self.on_terminal("inspect", self.file(modules.VALUES)), (OK, b""))


class Text(Case):
    def write(self, how, data):
        return subprocess.run([OPTIONS.text, how], input=data, capture_output=True, check=True).stdout

    def test_json(self):
        good = "".join(map(chr, [*range(0x350), 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFD, 0xFFFF, 0x10000,
                                  0x1D159, 0x1D173, 0xE0000, 0xE0FFF, 0x10FFFF]))
        self.assertEqual(json.loads(self.write("json", good.encode())), good)
        for data, text in [
            (b"\xff", "\ufffd"), (b"a\x80b", "a\ufffdb"), (b"\xc3", "\ufffd"), (b"\xc0\x80", "\ufffd\ufffd"),
            (b"\xe4\xb8", "\ufffd\ufffd"), (b"\xed\xa0\x80", "\ufffd" * 3), (b"\xf4\x90\x80\x80", "\ufffd" * 4),
            (b"\xe0\x80\x80x", "\ufffd" * 3 + "x"), (b"\xc3\"", "\ufffd\""), (b"\xf0\x9f\x98\x80", "\U0001f600"),
        ]:
            self.assertEqual(json.loads(self.write("json", data)), text)
        numbers = random.Random(2)
        for _ in range(50):
            data = numbers.randbytes(1000)
            text = json.loads(self.write("json", data))
            self.assertEqual(text.replace("\ufffd", ""), data.decode(errors="ignore").replace("\ufffd", ""))

    def test_text(self):
        self.assertEqual(self.write("text", b'a"\\\n\x00\xff\xc3\xa4'), b'a"\\\\\\0a\\00\\ff\xc3\xa4')
        self.assertEqual(self.write("quoted", b'a"\\'), b'"a\\"\\\\"')
        numbers = random.Random(3)
        for how in ("text", "quoted"):
            for _ in range(50):
                text = self.write(how, numbers.randbytes(1000)).decode()
                self.assertFalse([c for c in text if ord(c) < 32 or 0x7F <= ord(c) < 0xA0])


class CountingResult(unittest.TextTestResult):
    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


def main():
    global OPTIONS
    parser = argparse.ArgumentParser()
    parser.add_argument("--wrl", required=True)
    parser.add_argument("--runner", help="program that runs the tool if it is not an executable: node")
    parser.add_argument("--text")
    parser.add_argument("--backend", action="append", default=[])
    parser.add_argument("--shared-object")
    parser.add_argument("filter", nargs="*", help="run only tests whose names contain one of these")
    OPTIONS = parser.parse_args()
    OPTIONS.wrl = [os.path.abspath(OPTIONS.wrl)]
    OPTIONS.text = OPTIONS.text and os.path.abspath(OPTIONS.text)
    if OPTIONS.runner:
        OPTIONS.wrl.insert(0, OPTIONS.runner)
    OPTIONS.shared_object = OPTIONS.shared_object and os.path.abspath(OPTIONS.shared_object)
    BACKEND_NAMES.extend(OPTIONS.backend)
    classes = [BadFiles, Usage, Inspect, Backends, Output, Progress, Text]
    classes += [type(f"Run_{name}", (RunCase,), {"backend": name}) for name in BACKEND_NAMES]
    suite = unittest.TestSuite()
    for group in classes:
        for test in unittest.defaultTestLoader.loadTestsFromTestCase(group):
            if test.id().endswith("Progress.test_slow") and "wasmtime" not in BACKEND_NAMES:
                print(f"skipped: {test.id()}: it needs a compiler, because an interpreter is too fast")
            elif not OPTIONS.filter or any(word in test.id() for word in OPTIONS.filter):
                suite.addTest(test)
    runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=CountingResult)
    result = runner.run(suite)
    failed = result.testsRun - result.passed
    print(f"{result.passed} passed, {failed} failed")
    return 0 if result.wasSuccessful() and failed == 0 and result.passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
