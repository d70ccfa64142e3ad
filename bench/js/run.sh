#!/usr/bin/env bash
# make bench-js builds the benchmark for JS hosts and runs it in Node, Chromium and Firefox, or in the hosts listed in HOSTS. The
# arguments are those of the benchmark (see bench --help). It also writes the results to build/bench-js.json.
set -euo pipefail
cd "$(dirname "$0")/../.."

jobs=$(nproc 2>/dev/null || echo 2)
# A native program translates the benchmark's modules.
cmake --preset ci
cmake --build --preset ci -j "$jobs" --target wat2c
PRESET=bench-js cmake/emscripten.sh "-DWRL_WAT2C=$PWD/build/ci/bin/wat2c"
folder=build/bench-js
# The module for the row compile, and the packages that drive the browsers.
node tests/robustness/real/install.mjs npm "$folder/packages"
node tests/robustness/real/install.mjs npm "$folder/browsers" tests/hosts/browser
cp "$folder/packages/node_modules/esbuild-wasm/esbuild.wasm" "$folder/"
node bench/js/run.mjs --folder "$folder" --packages "$folder/browsers" --json build/bench-js.json \
    --hosts "${HOSTS:-node,chromium,firefox}" -- "$@"
