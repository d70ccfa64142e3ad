#!/usr/bin/env bash
# make lint: formatting, clang-tidy, clippy, rustfmt, shellcheck. Says what it installs, as make test does.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/packages.sh

missing_packages() {
    command -v clang-format >/dev/null || echo clang-format
    command -v clang-tidy >/dev/null || echo clang-tidy
    command -v shellcheck >/dev/null || echo shellcheck
    missing_to_build
}

mapfile -t packages < <(missing_packages)
install_packages 'make lint' "${packages[@]}"
cargo clippy --version >/dev/null 2>&1 || rustup component add clippy
cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt

export WRL_ENGINE_CACHE="${WRL_ENGINE_CACHE:-$PWD/build/engines}"
jobs=$(nproc 2>/dev/null || echo 2)

echo "== clang-format"
git ls-files '*.c' '*.h' '*.cpp' '*.hpp' | xargs clang-format --dry-run --Werror

echo "== shellcheck"
git ls-files '*.sh' '.ci/run' 'tests/spec/run' | xargs shellcheck

echo "== clippy and rustfmt"
# bench/rust_layer needs a newer compiler than the project; its form is checked all the same.
rustfmt --edition 2024 --config-path bench/rust_layer --check bench/rust_layer/src/lib.rs
for crate in wat/glue backends/wasmi/glue rust/joined backends/wasmtime/engine bench/wasmi tests/spec/converter tests/robustness/differential/smith; do
    name=$(echo "$crate" | sed -E 's#^(backends/|bench/|rust/)?([a-z]+).*#\2#')
    [ "$crate" != tests/spec/converter ] || name=wast2script
    [ "$crate" != tests/robustness/differential/smith ] || name=smith
    features=()
    [ "$crate" != rust/joined ] || features=(--all-features)
    cargo fmt --manifest-path "$crate/Cargo.toml" --check
    CARGO_TARGET_DIR="$WRL_ENGINE_CACHE/$name" cargo clippy -q --release --locked --manifest-path "$crate/Cargo.toml" \
        "${features[@]}" -- -D warnings
done

echo "== clang-tidy"
cmake --preset clang >/dev/null
# The generated table and wasmtime's headers have to be there.
cmake --build --preset clang -j "$jobs" >build/lint.log 2>&1 || { tail -n 40 build/lint.log; exit 1; }
git ls-files 'src/*.c' 'cli/*.c' 'backends/*.c' 'examples/*.c' 'bindings/python/src/*.c' ':!examples/*/guest.c' ':!backends/js/*' ':!src/promise.c' |
    xargs -P "$jobs" -n 4 clang-tidy --quiet -p build/clang 2>build/lint.log || { cat build/lint.log; exit 1; }
# The tests that this build compiles. One check is wrong here: it takes what a function has filled for empty, since it does
# not see that the function succeeded.
tests_tidy=(clang-tidy --quiet '--checks=-clang-analyzer-core.CallAndMessage')
comm -12 <(git ls-files 'tests/*.c' | sed "s#^#$PWD/#" | sort) \
    <(sed -n 's/^ *"file": "\(.*\.c\)",*$/\1/p' build/clang/compile_commands.json | sort -u) |
    xargs -P "$jobs" -n 4 "${tests_tidy[@]}" -p build/clang 2>build/lint.log || { cat build/lint.log; exit 1; }
# The suite as an extension module of Python, as it is natively.
"${tests_tidy[@]}" tests/pyodide/conformance_ext.c -- -std=c11 -Iinclude -Itests/conformance -DWRL_EXTENSION=conformance_ext \
    '-DWRL_EXTENSION_NAME="conformance_ext"' -isystem "$(python3 -c 'import sysconfig; print(sysconfig.get_path("include"))')" \
    2>build/lint.log || { cat build/lint.log; exit 1; }
# What Emscripten compiles, where it is installed.
if command -v em-config >/dev/null; then
    sysroot="$(em-config CACHE)/sysroot"
    emscripten=(--target=wasm32-unknown-emscripten -std=c11 -D__EMSCRIPTEN__ -Iinclude -Isrc -isystem "$sysroot/include/compat"
        -isystem "$sysroot/include")
    mapfile -t sources < <(git ls-files 'backends/js/*.c' src/promise.c 'wat/*.c')
    clang-tidy --quiet "${sources[@]}" -- "${emscripten[@]}" 2>build/lint.log || { cat build/lint.log; exit 1; }
    mapfile -t sources < <(git ls-files 'tests/js/*.c' 'tests/size/*.c' tests/conformance/manifests/js.c)
    "${tests_tidy[@]}" "${sources[@]}" -- "${emscripten[@]}" -Ibuild/clang/tests/conformance/generated 2>build/lint.log ||
        { cat build/lint.log; exit 1; }
    # The benchmark has guests of its own.
    mkdir -p build/clang/bench_guests
    build/clang/bin/wat2c build/clang/bench_guests/guests.h build/clang/bench_guests/guests.c bench/*.wat bench/js/*.wat
    clang-tidy --quiet bench/{fail,layer,main,measure}.c bench/js/*.c -- "${emscripten[@]}" -DBENCH_JS -Ibench -Ibuild/clang/bench_guests \
        2>build/lint.log || { cat build/lint.log; exit 1; }
fi
# The C++ interface, alone in both its modes and in the examples, which use it. Two checks are wrong here: a Result's value is
# asked for only where there is one, and what a host function owns is deleted by the store.
cpp_tidy=(clang-tidy --quiet '--checks=-bugprone-exception-escape,-clang-analyzer-cplusplus.NewDeleteLeaks'
    '--header-filter=include/wrl.*\.h(pp)?$')
for mode in -fexceptions -fno-exceptions; do
    "${cpp_tidy[@]}" include/wrl.hpp -- -x c++ -std=c++17 -Iinclude "$mode" 2>build/lint.log || { cat build/lint.log; exit 1; }
done
git ls-files 'examples/*.cpp' | xargs -P "$jobs" -n 1 "${cpp_tidy[@]}" -p build/clang 2>build/lint.log ||
    { cat build/lint.log; exit 1; }
# Guests are compiled for wasm32.
git ls-files 'examples/*/guest.c' | while read -r guest; do
    clang-tidy --quiet "$guest" -- --target=wasm32 -ffreestanding 2>build/lint.log || { cat build/lint.log; exit 1; }
done
echo "lint is clean"
