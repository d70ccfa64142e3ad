#!/bin/sh
# build.sh SDK OUTPUT.abi3.so compiles filters.c for Pyodide. SDK is the folder that `make pyodide` makes: build/pyodide/sdk.
set -eu
sdk=$1
output=$2
source=$(dirname "$0")/filters.c
# The headers of Debian's package emscripten. Set EMSCRIPTEN_INCLUDE to use another Emscripten.
emscripten=${EMSCRIPTEN_INCLUDE:-/usr/share/emscripten/cache/sysroot/include}

object=$output.o
clang-19 --target=wasm32-unknown-emscripten -std=c11 -O2 -Wall -Wextra -fPIC -fvisibility=hidden -D__EMSCRIPTEN__ -DWRL_STATIC \
    -nostdlibinc -isystem "$sdk/include/emscripten" -isystem "$emscripten" -isystem "$emscripten/compat" \
    -isystem "$sdk/include/python3.11" -I"$sdk/include" -c "$source" -o "$object"
wasm-ld-19 -shared --experimental-pic --no-entry --unresolved-symbols=import-dynamic --gc-sections --strip-debug \
    --export-if-defined=__wasm_apply_data_relocs --export-if-defined=PyInit_filters \
    "$object" "$sdk/lib/libwrl.a" -o "$output"
rm "$object"
