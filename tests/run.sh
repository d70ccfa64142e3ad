#!/usr/bin/env bash
# make test: sets up what is missing, builds every backend, and runs every suite:
#   ci     everything, optimised, warnings are errors
#   clang  the same code once more through clang, warnings are errors; conformance, examples and C++ are run
#   asan   everything that is ours under the address and undefined-behaviour sanitizers
#   tsan   what runs on several threads, under the thread sanitizer
#   fuzz   the fuzzers, side by side for a minute each
#   js     the layer compiled to wasm32 by Emscripten: the conformance suite in Node and in browsers
#   js-debug, js-closure, js-pthread, js-asan  on demand: the js backend in other builds, in Node (docs/js-hosts.md)
#   pyodide  the layer in extension modules of Python, in Pyodide: in Node and in browsers
# The last lines count what passed and failed. With arguments, only those parts are run.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/packages.sh

jobs=$(nproc 2>/dev/null || echo 2)
results=build/results
parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(ci clang asan tsan fuzz js pyodide)

# name of a Debian package -> what shows that it is there
missing_packages() {
    missing_to_build
    python3 -c 'import ensurepip' 2>/dev/null || echo python3-venv
    command -v valgrind >/dev/null || echo valgrind
    command -v pkg-config >/dev/null || echo pkg-config
    command -v mandoc >/dev/null || echo mandoc
    command -v doxygen >/dev/null || echo doxygen
    command -v emcc >/dev/null || echo emscripten
    # Sanitizers and libFuzzer for clang come with it or in a package of their own.
    [ -n "$(find /usr/lib/llvm-*/lib/clang -name 'libclang_rt.fuzzer-*.a' 2>/dev/null)" ] || echo libclang-rt-14-dev
    # Browsers are large, and few parts need them.
    if is_part js || is_part pyodide; then
        [ -x /usr/bin/chromium ] || echo chromium
        [ -x /usr/bin/firefox-esr ] || echo firefox-esr
    fi
    if is_part js; then
        command -v WebKitWebDriver >/dev/null || echo webkit2gtk-driver
        command -v Xvfb >/dev/null || echo xvfb
    fi
    if is_part pyodide; then
        command -v clang-19 >/dev/null || echo clang-19
        command -v wasm-ld-19 >/dev/null || echo lld-19
        command -v llvm-ar-19 >/dev/null || echo llvm-19
        [ -e /usr/include/python3.11/Python.h ] || echo libpython3.11-dev
        python3 -m pip --version >/dev/null 2>&1 || echo python3-pip
    fi
}

is_part() {
    [[ " ${parts[*]} " == *" $1 "* ]]
}

# The suite's guests are translated, and random modules made, by programs of this machine's, the part ci's.
build_guests() {
    cmake --preset ci && cmake --build --preset ci -j "$jobs" --target "$@"
}

build_js() {
    build_guests wrl_guests wrl_trials && cmake/emscripten.sh -DWRL_BUILD_TESTS=ON -DWRL_BUILD_BENCH=ON "-DWRL_WAT2C=$PWD/build/ci/bin/wat2c" \
        "-DWRL_CONFORMANCE_GUESTS=$PWD/build/ci/tests/conformance/generated" \
        "-DWRL_DIFFERENTIAL_TRIALS=$PWD/build/ci/tests/robustness/differential/trials.bin"
}

# Another build of the js backend: a preset.
build_js_as() {
    local options=("-DWRL_CONFORMANCE_GUESTS=$PWD/build/ci/tests/conformance/generated")
    if [ "$1" = js-closure ]; then
        local packages=$PWD/build/js-closure/packages
        node tests/real/install.mjs "$(command -v npm)" "$packages" tests/js/closure || return 1
        export EM_CLOSURE_COMPILER=$packages/node_modules/google-closure-compiler-linux/compiler
        # Its programs are functions.
        options+=("-DCMAKE_CROSSCOMPILING_EMULATOR=$(command -v node);$PWD/tests/js/modularized.cjs")
    fi
    build_guests wrl_guests && PRESET=$1 cmake/emscripten.sh "${options[@]}"
}

build_pyodide() {
    build_guests wrl_guests &&
        cmake/pyodide.sh -DWRL_BUILD_TESTS=ON "-DWRL_CONFORMANCE_GUESTS=$PWD/build/ci/tests/conformance/generated"
}

build() {
    local part=$1
    echo "== $part: building"
    case $part in
    js)
        build_js >"$results/$part.build.log" 2>&1 || { tail -n 60 "$results/$part.build.log"; return 1; }
        return 0
        ;;
    js-*)
        build_js_as "$part" >"$results/$part.build.log" 2>&1 || { tail -n 60 "$results/$part.build.log"; return 1; }
        return 0
        ;;
    pyodide)
        build_pyodide >"$results/$part.build.log" 2>&1 || { tail -n 60 "$results/$part.build.log"; return 1; }
        return 0
        ;;
    esac
    cmake --preset "$part" >"$results/$part.configure.log" 2>&1 || { cat "$results/$part.configure.log"; return 1; }
    cmake --build --preset "$part" -j "$jobs" >"$results/$part.build.log" 2>&1 ||
        { tail -n 60 "$results/$part.build.log"; return 1; }
}

run_ctest() {
    local part=$1
    shift
    echo "== $part: testing"
    local of=(--test-dir "build/$part")
    # These have a preset that says which tests there are.
    [[ $part != js-* ]] || of=(--preset "$part")
    ctest "${of[@]}" -j "$jobs" --output-on-failure --no-tests=error \
        --test-output-size-passed 50000000 --test-output-size-failed 50000000 \
        --output-junit "$PWD/$results/$part.xml" "$@"
}

mapfile -t packages < <(missing_packages)
install_packages 'make test' "${packages[@]}"
rm -rf "$results"
mkdir -p "$results"
# Engines are kept in one place for all parts.
export WRL_ENGINE_CACHE="${WRL_ENGINE_CACHE:-$PWD/build/engines}"
export TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp halt_on_error=1"
export ASAN_OPTIONS="detect_leaks=1 detect_stack_use_after_return=1 allocator_may_return_null=1"
export UBSAN_OPTIONS="print_stacktrace=1"

status=0
for part in "${parts[@]}"; do
    if ! build "$part"; then
        echo "== $part: the build failed"
        status=1
        touch "$results/$part.failed"
        continue
    fi
    case $part in
    tsan) run_ctest "$part" -R '^(conformance_(null|wasmi|wasmtime)|cpp.*|example_threads_.*|python_threads|threads)$' || status=1 ;;
    clang) run_ctest "$part" -R '^((conformance|hello|example)_|cpp)' || status=1 ;;
    fuzz) run_ctest "$part" -R '^fuzz_' || status=1 ;;
    *) run_ctest "$part" || status=1 ;;
    esac
done

python3 tests/summary.py "$results" || status=1
exit $status
