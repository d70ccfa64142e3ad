#!/usr/bin/env bash
# emscripten.sh [OPTION…]: configures and builds the preset emscripten in build/js. The options are passed to cmake. The environment
# variable PRESET selects another preset for Emscripten; TARGETS selects targets, by default those of the preset.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${PRESET:-emscripten}

if ! command -v emcmake >/dev/null; then
    echo "Emscripten is needed: Debian's package emscripten, or the SDK from emscripten.org" >&2
    exit 1
fi
# wasmi and the text format are Rust crates. A build without both needs no Rust.
if command -v rustup >/dev/null; then
    rustup target add wasm32-unknown-emscripten ||
        echo "wasmi and the text format need Rust's target wasm32-unknown-emscripten, which is missing" >&2
fi
# Debian's Emscripten does not find its JS parser, acorn, by itself.
if [ -d /usr/share/nodejs/acorn ]; then
    export NODE_PATH=/usr/share/nodejs${NODE_PATH:+:$NODE_PATH}
fi
# Run tests in plain Node: Emscripten's toolchain file may add options for old versions of Node.
emcmake cmake --preset "$preset" "-DCMAKE_CROSSCOMPILING_EMULATOR=$(command -v node)" "$@"
read -ra targets <<<"${TARGETS:-}"
[ ${#targets[@]} -eq 0 ] || targets=(--target "${targets[@]}")
cmake --build --preset "$preset" -j "$(nproc 2>/dev/null || echo 2)" "${targets[@]}"
