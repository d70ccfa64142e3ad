"""Runs the benchmark for a moment. Checks that it works, not its figures.

Usage: run.py BENCH FOLDER BACKEND...

FOLDER is for the module that the benchmark compiles, and for its JSON lines. For each backend, the table and the JSON lines must
contain every row that docs/performance.md uses. The last line of the output is the number of rows that passed and failed.
"""

import json
import pathlib
import subprocess
import sys

ROWS = [
    "call",
    "call_raw",
    "cpp_call",
    "host_call",
    "host_call_raw",
    "cpp_host_call",
    "memory_read8",
    "memory_rw8",
    "global",
    "table_get",
    "export_lookup",
    "instantiate",
    "compile",
    "create_store",
]
JS_ROWS = [
    "call",
    "call_raw",
    "call_raw_closure",
    "call_raw_exact",
    "host_call",
    "host_call_raw",
    "host_call_raw_closure",
    "host_call_raw_exact",
    "memory_read8",
    "memory_write8",
    "memory_read64",
    "memory_write64",
    "memory_read1m",
    "memory_write1m",
    "instantiate",
    "instantiate_imports",
    "instantiate_store",
    "compile",
    "compile_rest",
    "guest_convert",
    "guest_call_indirect",
]
EXACT_TRAPS_ROWS = ["compile_rest", "guest_convert", "guest_call_indirect"]
FUEL_ROWS = ["guest_convert", "guest_call_indirect"]
# A function () -> i32 that returns 42: any module will do for `compile`.
WASM = bytes.fromhex("0061736d01000000" "01050160" "00017f" "03020100" "0a06010400412a0b")
TIMEOUT = 300


def measure(bench, folder):
    wasm, file = folder / "module.wasm", folder / "results.json"
    wasm.write_bytes(WASM)
    command = ["node", bench] if bench.endswith(".js") else [bench]
    command += ["--seconds", "0.01", "--large", str(wasm), "--json", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT)
    if done.returncode != 0:
        sys.exit(f"the exit status is {done.returncode}:\n{done.stdout}{done.stderr}")
    table = {tuple(line.split()[:2]): line for line in done.stdout.splitlines()[1:]}
    return table, {(row["bench"], row["backend"]): row for row in map(json.loads, file.read_text().splitlines())}


def wrong_with(key, table, rows):
    """Returns a description of the problem with a row, or None."""
    if key not in table or key not in rows:
        return "it is missing"
    row = rows[key]
    if not (row["native_ns"] > 0 and row["layer_ns"] > 0):
        return f"nothing was measured: {row}"
    if abs(row["ratio"] - row["layer_ns"] / row["native_ns"]) > 0.01 * row["ratio"] + 0.001:
        return f"the ratio is wrong: {row}"
    printed = map(float, table[key].split()[2:4])
    if any(abs(one - row[name]) > 0.1 for one, name in zip(printed, ("native_ns", "layer_ns"))):
        return f"the table has other figures: {table[key]}"
    return None


def main():
    bench, folder, *backends = sys.argv[1:]
    folder = pathlib.Path(folder)
    folder.mkdir(exist_ok=True)
    table, rows = measure(bench, folder)
    passed = failed = 0
    for backend in backends:
        option = backend.partition("+")[2]
        for name in JS_ROWS if backend == "js" else {"exact_traps": EXACT_TRAPS_ROWS, "fuel": FUEL_ROWS}.get(option, ROWS):
            wrong = wrong_with((name, backend), table, rows)
            if wrong:
                print(f"{backend}/{name}: {wrong}")
            passed += not wrong
            failed += bool(wrong)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
