"""Tests of wrl run and of what else depends on the backend. test_cli.py runs them on each backend."""

import json
import random
import struct

import modules
from case import GUEST, INPUT, USAGE, Case, features

SHARED_MESSAGES = {
    "null function or function signature mismatch": "indirect call to null",
    "float unrepresentable in integer range": "integer overflow",
}


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

    def test_fuel(self):
        """A guest with too little fuel traps, also in its start function."""
        path = self.file(
            """(module (func (export "f") (result i32) (i32.const 7))
            (func (export "loop") (loop $again (br $again))))""",
            "fuel.wat",
        )
        start = self.file("(module (func $f (loop $again (br $again))) (start $f))", "fuel_start.wat")
        backend = ["--backend", self.backend] if self.backend else []
        if not features(self.backend)["fuel"]:
            _, err = self.wrl("run", *backend, "--fuel", "1000", "--invoke", "f", path, status=INPUT)
            self.assertIn("fuel: not supported", err)
            return
        out, _ = self.wrl("run", *backend, "--fuel", "1000", "--invoke", "f", path)
        self.assertEqual(out, "7\n")
        for fuel in ("0", "1000", "0x10000"):
            _, err = self.wrl("run", *backend, "--fuel", fuel, "--invoke", "loop", path, status=GUEST)
            self.assertTrue(err.split("\n")[0].endswith("trap: out of fuel"), err)
            _, err = self.wrl("run", *backend, "--fuel", fuel, start, status=GUEST)
            self.assertTrue(err.split("\n")[0].endswith("trap: out of fuel"), err)
        for bad in ("", "-1", "1.5", "many", "18446744073709551616"):
            _, err = self.wrl("run", *backend, "--fuel", bad, path, status=USAGE)
            self.assertIn("--fuel needs a number", err)

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
