#!/usr/bin/env bash
# make bench-js: builds the benchmark for JS hosts and runs it in Node, Chromium and Firefox, or in those of them that HOSTS
# names. Arguments are the benchmark's own (see bench --help). The results go to build/bench-js.json, too.
set -euo pipefail
cd "$(dirname "$0")/../.."

jobs=$(nproc 2>/dev/null || echo 2)
# Its modules are translated by a program of this machine's.
cmake --preset ci
cmake --build --preset ci -j "$jobs" --target wat2c
PRESET=bench-js cmake/emscripten.sh "-DWRL_WAT2C=$PWD/build/ci/bin/wat2c"
folder=build/bench-js
# The module that is compiled, and what drives the browsers.
node tests/real/install.mjs npm "$folder/packages"
node tests/real/install.mjs npm "$folder/browsers" tests/browser
cp "$folder/packages/node_modules/esbuild-wasm/esbuild.wasm" "$folder/"
node bench/js/run.mjs --folder "$folder" --packages "$folder/browsers" --json build/bench-js.json \
    --hosts "${HOSTS:-node,chromium,firefox}" -- "$@"
