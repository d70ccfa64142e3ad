#!/usr/bin/env bash
# make bench builds the benchmark and runs it. The arguments are those of the benchmark (see bench --help). It also writes the
# results to build/bench.json. For reliable figures, run nothing else on the machine.
set -euo pipefail
cd "$(dirname "$0")/.."

jobs=$(nproc 2>/dev/null || echo 2)
cmake --preset bench "-DWRL_BENCH_RUST_LAYER=${RUST_LAYER:-OFF}"
cmake --build --preset bench -j "$jobs"
large=()
if command -v node >/dev/null && command -v npm >/dev/null; then
    # The module for the row compile, from the packages that the tests use as well.
    node tests/robustness/real/install.mjs npm build/bench/packages
    large=(--large build/bench/packages/node_modules/esbuild-wasm/esbuild.wasm)
else
    echo "bench: the row compile is left out: its module comes from npm, and node or npm is missing" >&2
fi
build/bench/bin/bench --json build/bench.json "${large[@]}" "$@"
if [ -x build/bench/bin/bench-static ] && [ $# -eq 0 ]; then
    echo "The calls again, with wasmtime and the layer linked into the program:"
    build/bench/bin/bench-static --json build/bench-static.json --filter call
fi
