#!/usr/bin/env bash
# make bench-pyodide compares the Python package in Pyodide with js.WebAssembly used from Python, in Node. The arguments are those
# of the benchmark (see pyodide.mjs). It also writes the results to build/bench-pyodide.json.
set -euo pipefail
cd "$(dirname "$0")/../.."

cmake/pyodide.sh
node bench/python/pyodide.mjs --pyodide build/pyodide/packages/node_modules/pyodide-314.0.7 \
    --wheel "$(echo build/pyodide/wheels/*-pyemscripten_2026_0_wasm32.whl)" --json build/bench-pyodide.json "$@"
