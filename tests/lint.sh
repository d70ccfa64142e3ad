#!/usr/bin/env bash
# make lint: formatting, clang-tidy, clippy, rustfmt, shellcheck. Says what it installs, as make test does.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/packages.sh

need_packages 'make lint' "${packages_to_build[@]}" "${packages_to_lint[@]}" python3-dev
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

# tidy OPTION… {} …: clang-tidy for each file whose name comes in, in place of {}, side by side.
tidy() {
    xargs -P "$jobs" -I{} clang-tidy --quiet "$@" 2>build/lint.log || { cat build/lint.log; return 1; }
}

echo "== clang-tidy"
cmake --preset clang >/dev/null
# What is generated, and wasmtime's headers, have to be there; the rest need not be built.
cmake --build --preset clang -j "$jobs" --target wrl_guests wrl_cargo_wasmtime >build/lint.log 2>&1 ||
    { tail -n 40 build/lint.log; exit 1; }
git ls-files 'src/*.c' 'cli/*.c' 'backends/*.c' 'examples/*.c' 'bindings/python/src/*.c' ':!examples/*/guest.c' ':!backends/js/*' ':!src/calls.c' ':!src/promise.c' |
    tidy -p build/clang {}
# The tests that this build compiles. One check is wrong here: it takes what a function has filled for empty, since it does
# not see that the function succeeded.
of_tests='--checks=-clang-analyzer-core.CallAndMessage'
comm -12 <(git ls-files 'tests/*.c' | sed "s#^#$PWD/#" | sort) \
    <(sed -n 's/^ *"file": "\(.*\.c\)",*$/\1/p' build/clang/compile_commands.json | sort -u) |
    tidy "$of_tests" -p build/clang {}
# The suite as an extension module of Python, as it is natively.
echo tests/pyodide/conformance_ext.c |
    tidy "$of_tests" {} -- -std=c11 -Iinclude -Itests/conformance -DWRL_EXTENSION=conformance_ext \
        '-DWRL_EXTENSION_NAME="conformance_ext"' -isystem "$(python3 -c 'import sysconfig; print(sysconfig.get_path("include"))')"
# What Emscripten compiles, where it is installed.
if command -v em-config >/dev/null; then
    sysroot="$(em-config CACHE)/sysroot"
    emscripten=(--target=wasm32-unknown-emscripten -std=c11 -D__EMSCRIPTEN__ -Iinclude -Ibackends/js -Ibackends/js/host -Ibackends/js/adapters -Isrc -isystem "$sysroot/include/compat"
        -isystem "$sysroot/include")
    git ls-files 'backends/js/*.c' src/calls.c src/promise.c 'wat/*.c' | tidy {} -- "${emscripten[@]}"
    git ls-files 'tests/js/*.c' 'tests/size/*.c' tests/conformance/manifests/js.c |
        tidy "$of_tests" {} -- "${emscripten[@]}" -Ibuild/clang/tests/conformance/generated
    # The benchmark has guests of its own.
    mkdir -p build/clang/bench_guests
    build/clang/bin/wat2c build/clang/bench_guests/guests.h build/clang/bench_guests/guests.c bench/*.wat bench/js/*.wat
    printf '%s\n' bench/{fail,layer,main,measure}.c bench/js/*.c |
        tidy {} -- "${emscripten[@]}" -DBENCH_JS -Ibench -Ibuild/clang/bench_guests
fi
# The C++ interface, alone in both its modes and in the examples, which use it. Two checks are wrong here: a Result's value is
# asked for only where there is one, and what a host function owns is deleted by the store.
of_cpp=('--checks=-bugprone-exception-escape,-clang-analyzer-cplusplus.NewDeleteLeaks' '--header-filter=include/wrl.*\.h(pp)?$')
printf '%s\n' -fexceptions -fno-exceptions | tidy "${of_cpp[@]}" include/wrl.hpp -- -x c++ -std=c++17 -Iinclude {}
git ls-files 'examples/*.cpp' | tidy "${of_cpp[@]}" -p build/clang {}
# Guests are compiled for wasm32.
git ls-files 'examples/*/guest.c' | tidy {} -- --target=wasm32 -ffreestanding
echo "lint is clean"
