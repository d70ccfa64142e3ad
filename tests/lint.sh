#!/usr/bin/env bash
# make lint: clang-format, clang-tidy, clippy, rustfmt, shellcheck. Like make test, it lists the packages that it installs.
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
# bench/rust_layer needs a newer compiler than the project, so only its formatting is checked.
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

# tidy OPTION… {} …: runs clang-tidy, in parallel, for each file name on standard input, which replaces {}.
tidy() {
    xargs -P "$jobs" -I{} clang-tidy --quiet "$@" 2>build/lint.log || { cat build/lint.log; return 1; }
}

echo "== clang-tidy"
cmake --preset clang >/dev/null
# clang-tidy needs the generated sources and wasmtime's headers. Nothing else has to be built.
cmake --build --preset clang -j "$jobs" --target wrl_guests wrl_cargo_wasmtime >build/lint.log 2>&1 ||
    { tail -n 40 build/lint.log; exit 1; }
git ls-files 'src/*.c' 'cli/*.c' 'backends/*.c' 'examples/*.c' 'bindings/python/src/*.c' ':!examples/*/guest.c' ':!backends/js/*' ':!src/calls.c' |
    tidy -p build/clang {}
# The tests that this build compiles. One check has false positives here: it assumes that a function left its output parameters
# unset, because it does not see that the function succeeded.
of_tests='--checks=-clang-analyzer-core.CallAndMessage'
comm -12 <(git ls-files 'tests/*.c' | sed "s#^#$PWD/#" | sort) \
    <(sed -n 's/^ *"file": "\(.*\.c\)",*$/\1/p' build/clang/compile_commands.json | sort -u) |
    tidy "$of_tests" -p build/clang {}
# The conformance suite as a Python extension module, with native headers.
echo tests/hosts/pyodide/conformance_ext.c |
    tidy "$of_tests" {} -- -std=c11 -Iinclude -Itests/conformance -DWRL_EXTENSION=conformance_ext \
        '-DWRL_EXTENSION_NAME="conformance_ext"' -isystem "$(python3 -c 'import sysconfig; print(sysconfig.get_path("include"))')"
# The sources for Emscripten, if it is installed.
if command -v em-config >/dev/null; then
    sysroot="$(em-config CACHE)/sysroot"
    emscripten=(--target=wasm32-unknown-emscripten -std=c11 -D__EMSCRIPTEN__ -Iinclude -Ibackends/js -Ibackends/js/host -Ibackends/js/adapters -Isrc -isystem "$sysroot/include/compat"
        -isystem "$sysroot/include")
    git ls-files 'backends/js/*.c' src/calls.c 'wat/*.c' | tidy {} -- "${emscripten[@]}"
    git ls-files 'tests/hosts/js/*.c' 'tests/distribution/size/*.c' tests/conformance/manifests/js.c |
        tidy "$of_tests" {} -- "${emscripten[@]}" -Ibuild/clang/tests/conformance/generated
    # The benchmark's guests, which are generated.
    mkdir -p build/clang/bench_guests
    build/clang/bin/wat2c build/clang/bench_guests/guests.h build/clang/bench_guests/guests.c bench/*.wat bench/js/*.wat
    printf '%s\n' bench/{layer,main,measure,side}.c bench/js/*.c |
        tidy {} -- "${emscripten[@]}" -DBENCH_JS -Ibench -Ibuild/clang/bench_guests
fi
# The C++ interface: its headers in both modes, and the examples that use it. Two checks have false positives here: code only reads
# a Result's value if there is one, and the store deletes what a host function owns.
of_cpp=('--checks=-bugprone-exception-escape,-clang-analyzer-cplusplus.NewDeleteLeaks' '--header-filter=include/wrl.*\.h(pp)?$')
printf '%s\n' -fexceptions -fno-exceptions | tidy "${of_cpp[@]}" include/wrl.hpp -- -x c++ -std=c++17 -Iinclude {}
git ls-files 'examples/*.cpp' | tidy "${of_cpp[@]}" -p build/clang {}
# The examples' guests, for wasm32.
git ls-files 'examples/*/guest.c' | tidy {} -- --target=wasm32 -ffreestanding
echo "lint is clean"
