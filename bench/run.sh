#!/usr/bin/env bash
# make bench: builds the benchmark and runs it; arguments are the benchmark's own (see bench --help). The results go to
# build/bench.json, too. A machine that does nothing else gives the best figures.
set -euo pipefail
cd "$(dirname "$0")/.."

jobs=$(nproc 2>/dev/null || echo 2)
cmake --preset bench "-DWRL_BENCH_RUST_LAYER=${RUST_LAYER:-OFF}"
cmake --build --preset bench -j "$jobs"
large=()
if command -v node >/dev/null && command -v npm >/dev/null; then
    # The module that is compiled, from the packages that the tests use as well.
    node tests/real/install.mjs npm build/bench/packages
    large=(--large build/bench/packages/node_modules/esbuild-wasm/esbuild.wasm)
else
    echo "bench: compile is left out, since its module comes from npm, and node or npm is missing" >&2
fi
build/bench/bin/bench --json build/bench.json "${large[@]}" "$@"
if [ -x build/bench/bin/bench-static ] && [ $# -eq 0 ]; then
    echo "The calls once more, with wasmtime and the layer linked into the program:"
    build/bench/bin/bench-static --json build/bench-static.json --filter call
fi
