"""Runs one fuzzer for some time and reports the failures that it finds.

First replays the inputs that once failed (tests/robustness/fuzz/known), then looks for new ones. A failing input is kept in
WORK/crashes; `FUZZER FILE` runs it again. Inputs that reach new code are kept in WORK/corpus for the next run.
"""

import argparse
import pathlib
import re
import subprocess
import sys

EXECUTED = re.compile(r"stat::number_of_executed_units: +(\d+)")
REACHED = re.compile(r"(\d+) modules, (\d+) instances, (\d+) calls, (\d+) returned, (\d+) trapped, (\d+) host calls")
# The minimum number of inputs: a run with fewer inputs fails.
FEWEST = 1000


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fuzzer", type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seeds", type=pathlib.Path, required=True)
    parser.add_argument("--known", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    return parser.parse_args()


def run(command):
    """Returns the status and the output of a command."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def replay(fuzzer, file):
    """Returns a description of the failure of a run of one input, or None."""
    status, output = run([fuzzer, "-timeout=10", file])
    return f"{file.name}: status {status}\n{output[-4000:]}" if status else None


def search(options):
    """Returns a description of the failure of a run on new inputs, or None."""
    corpus = options.work / "corpus"
    crashes = options.work / "crashes"
    for folder in (corpus, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    status, output = run([options.fuzzer, f"-max_total_time={options.seconds}", "-timeout=10", "-rss_limit_mb=1500",
                          "-max_len=16384", "-print_final_stats=1", f"-artifact_prefix={crashes}/", corpus,
                          options.seeds])
    if status:
        return f"status {status}\n{output[-8000:]}"
    executed = EXECUTED.search(output)
    if not executed or int(executed[1]) < FEWEST:
        return f"fewer than {FEWEST} inputs were run\n{output[-4000:]}"
    reached = REACHED.search(output)
    print(f"{executed[1]} inputs" + (f": {reached[0]}" if reached else ""))
    if reached and "0" in reached.groups():
        return "no call was made, returned, trapped, or called the host"
    return None


def main():
    options = parse()
    failures = []
    known = sorted(options.known.glob("*.wasm"))
    seeds = sorted(options.seeds.glob("*.wasm"))
    if not seeds:
        failures.append(f"{options.seeds} has no seeds")
    failures += filter(None, (replay(options.fuzzer, file) for file in known))
    failures += filter(None, [search(options)])
    for failure in failures:
        print(f"FAIL  {failure}")
    total = len(known) + 2
    print(f"{total - len(failures)} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
