#!/usr/bin/env bash
# run.sh [BACKEND]: builds the library with one engine (default: wasmi) and runs the example hello. If the engine cannot be built,
# prints what is missing and lists the backends that were built. This is a failure only if BACKEND was given.
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
# The wrl tool lists the backends. The preset leaves it out.
cmake --preset "$backend" -DWRL_BUILD_CLI=ON >/dev/null 2>&1
cmake --build --preset "$backend" -j "$jobs"
echo
cat "$build/missing.txt"
echo "The library is built, but the example hello needs an engine to run on. It has these backends ($build/bin/wrl backends):"
echo
"$build/bin/wrl" backends
[ $# -eq 0 ] || exit 1
