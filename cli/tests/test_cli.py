"""Tests the output and the exit status of the wrl tool.

test_cli.py --wrl PROGRAM --text PROGRAM [--backend NAME]... [--shared-object FILE]
The last line of the output is the number of tests that passed and failed.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
import unittest

import modules
from case import GUEST, HOST, INPUT, OK, OPTIONS, USAGE, Case, features
from run_case import RunCase

BACKEND_NAMES = []


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
    parser = argparse.ArgumentParser()
    parser.add_argument("--wrl", required=True)
    parser.add_argument("--runner", help="program that runs the tool if it is not an executable: node")
    parser.add_argument("--text")
    parser.add_argument("--backend", action="append", default=[])
    parser.add_argument("--shared-object")
    parser.add_argument("filter", nargs="*", help="run only tests whose names contain one of these")
    parser.parse_args(namespace=OPTIONS)
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
