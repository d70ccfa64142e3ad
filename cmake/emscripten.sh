#!/usr/bin/env bash
# emscripten.sh [OPTION…]: configures and builds the preset emscripten, with these options for cmake, in build/js. Another
# preset for Emscripten can be given as PRESET, and targets, if it is not to build all, as TARGETS.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${PRESET:-emscripten}

if ! command -v emcmake >/dev/null; then
    echo "Emscripten is needed: the package emscripten of Debian, or the SDK from emscripten.org" >&2
    exit 1
fi
# wasmi and the text format are compiled to wasm32, too. A build without both needs no Rust.
if command -v rustup >/dev/null; then
    rustup target add wasm32-unknown-emscripten ||
        echo "Rust's target wasm32-unknown-emscripten is missing, which wasmi and the text format need" >&2
fi
# Debian's Emscripten does not find the parser that it depends on.
if [ -d /usr/share/nodejs/acorn ]; then
    export NODE_PATH=/usr/share/nodejs${NODE_PATH:+:$NODE_PATH}
fi
# Tests are run by Node, without the options that old versions of it needed.
emcmake cmake --preset "$preset" "-DCMAKE_CROSSCOMPILING_EMULATOR=$(command -v node)" "$@"
read -ra targets <<<"${TARGETS:-all}"
cmake --build --preset "$preset" -j "$(nproc 2>/dev/null || echo 2)" --target "${targets[@]}"
