#!/usr/bin/env bash
# pyodide.sh [OPTION…]: configures and builds the preset pyodide in build/pyodide: the library for Python extension modules in
# Pyodide, an SDK to build such modules, and the wheels of bindings/python. The options are passed to cmake.
set -euo pipefail
cd "$(dirname "$0")/.."
build=build/pyodide
python=/usr/include/python3.11
emscripten=${WRL_EMSCRIPTEN_INCLUDE:-/usr/share/emscripten/cache/sysroot/include}

for tool in clang-19 wasm-ld-19 llvm-ar-19 node npm python3; do
    command -v "$tool" >/dev/null || {
        echo "$tool is needed; Debian's packages are clang-19, lld-19, llvm-19, nodejs, npm and python3" >&2
        exit 1
    }
done
[ -e $python/Python.h ] || { echo "Python's headers are needed: Debian's package libpython3.11-dev" >&2; exit 1; }
[ -e "$emscripten/emscripten.h" ] || { echo "Emscripten's headers are needed: Debian's package emscripten" >&2; exit 1; }

# The text format is a Rust crate, compiled to a guest. A build without it needs no Rust.
if command -v rustup >/dev/null; then
    rustup target add wasm32-unknown-unknown ||
        echo "The text format needs Rust's target wasm32-unknown-unknown, which is missing" >&2
fi
mkdir -p $build
node tests/robustness/real/install.mjs npm $build/packages packaging/pyodide
# The headers for all versions come from the oldest supported version of Pyodide.
if [ ! -e $build/include/stamp ] || [ packaging/pyodide/headers.py -nt $build/include/stamp ] ||
    [ $build/packages/installed-package-lock.json -nt $build/include/stamp ]; then
    node packaging/pyodide/sysconfig.mjs $build/packages/node_modules/pyodide-0.25.1 $build/sysconfig.json
    python3 packaging/pyodide/headers.py $build/sysconfig.json $python "$emscripten" $build/include
    touch $build/include/stamp
fi
cmake --preset pyodide "-DWRL_EMSCRIPTEN_INCLUDE=$emscripten" "-DWRL_PYODIDE_INCLUDE=$PWD/$build/include" "$@"
cmake --build --preset pyodide -j "$(nproc 2>/dev/null || echo 2)"
# The SDK for other extension modules.
cmake --install $build --prefix $build/sdk >/dev/null
