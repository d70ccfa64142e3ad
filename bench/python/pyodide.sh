#!/usr/bin/env bash
# make bench-pyodide: compares the Python package in Pyodide with js.WebAssembly driven from Python, in Node; arguments are the
# benchmark's own (see pyodide.mjs). The results go to build/bench-pyodide.json, too.
set -euo pipefail
cd "$(dirname "$0")/../.."

cmake/pyodide.sh
node bench/python/pyodide.mjs --pyodide build/pyodide/packages/node_modules/pyodide-314.0.7 \
    --wheel "$(echo build/pyodide/wheels/*-pyemscripten_2026_0_wasm32.whl)" --json build/bench-pyodide.json "$@"
