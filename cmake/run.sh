#!/usr/bin/env bash
# run.sh [BACKEND]: builds the library with this engine alone (wasmi), and runs the example hello. Where the engine cannot be
# built, it says what is missing, and shows the backends that there are. That fails only if the engine was asked for by its name.
set -euo pipefail
cd "$(dirname "$0")/.."
backend=${1:-wasmi}
jobs=${JOBS:-$(nproc 2>/dev/null || echo 2)}
build=build/$backend

cmake --preset "$backend"
if grep -q '^WRL_HAS_ENGINE:INTERNAL=ON' "$build/CMakeCache.txt"; then
    cmake --build --preset "$backend" -j "$jobs"
    cat "$build/missing.txt"
    "$build/bin/hello"
    exit 0
fi
# The tool, which the preset leaves out, lists the backends.
cmake --preset "$backend" -DWRL_BUILD_CLI=ON >/dev/null 2>&1
cmake --build --preset "$backend" -j "$jobs"
echo
cat "$build/missing.txt"
echo "The library is built, but the example hello needs an engine to run on. These backends are there ($build/bin/wrl backends):"
echo
"$build/bin/wrl" backends
[ $# -eq 0 ] || exit 1
