#!/usr/bin/env bash
# make test: builds and tests the part ci. make test PARTS='…' runs the given parts, make test PARTS=all the parts of the list
# `all` below:
#   ci       everything native, optimised; warnings are errors. Without PARTS, the tests that take longest are left out:
#            see long_tests below
#   clang    the same code with clang; warnings are errors; runs conformance, examples and C++
#   lint     make lint, in parallel with the parts after it, which sometimes wait for browsers
#   asan     the project's own code under the address and undefined-behaviour sanitizers
#   tsan     tests with several threads, under the thread sanitizer
#   fuzz     the fuzzers, in parallel
#   js       the layer compiled to wasm32 by Emscripten: the conformance suite in Node and in browsers
#   js-debug, js-closure, js-pthread, js-asan  the js backend in other builds, in Node; see docs/js-hosts.md
#   pyodide  the layer in Python extension modules in Pyodide: in Node and in browsers
# The last lines list the slowest builds and tests, and the numbers of tests that passed and failed.
# shellcheck disable=SC2317 # Functions are called by their names.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/packages.sh

jobs=$(nproc 2>/dev/null || echo 2)
results=build/results
all=(ci clang asan tsan fuzz lint js pyodide)
parts=()
for part in "${@:-ci}"; do
    case $part in
    all) parts+=("${all[@]}") ;;
    *) parts+=("$part") ;;
    esac
done
# Without PARTS, make test requires few packages and leaves out suites whose tools are missing, and these tests, which take
# half of the part's time.
leaves_out=
[ $# -gt 0 ] || leaves_out=yes
long_tests='^(hostile_(null|reader|text|wasmi|wasmtime)|worst_case_.*|valgrind_wasmi|differential)$'

needed_packages() {
    local part
    printf '%s\n' "${packages_to_build[@]}"
    [ "$leaves_out" ] || printf '%s\n' "${packages_of_suites[@]}"
    for part in "${parts[@]}"; do
        case $part in
        lint) printf '%s\n' "${packages_to_lint[@]}" ;;
        fuzz) echo libclang-rt-14-dev ;;
        # Browsers are large, so only the parts that use them need them.
        js) printf '%s\n' emscripten chromium firefox-esr webkit2gtk-driver xvfb ;;
        js-*) echo emscripten ;;
        pyodide) printf '%s\n' emscripten chromium firefox-esr clang-19 lld-19 llvm-19 libpython3.11-dev python3-pip ;;
        esac
    done
}

# Prints the cmake options that leave out suites whose tools are missing.
options_for_missing() {
    if ! has_package python3-dev || ! has_package python3-venv; then
        echo -DWRL_BUILD_PYTHON=OFF
    fi
    if ! has_package nodejs || ! has_package npm; then
        echo -DWRL_TEST_REAL=OFF
    fi
}

# timed FILE COMMAND…: runs the command and writes its times to the file, in seconds: wall clock, user and system.
timed() {
    local file=$1 status=0 TIMEFORMAT='%R %U %S'
    shift
    { time "$@" 2>&3; } 3>&2 2>"$file" || status=$?
    return $status
}

# Native programs of the part ci translate the suite's guests and generate random modules.
build_guests() {
    cmake --preset ci && cmake --build --preset ci -j "$jobs" --target "$@"
}

build_js() {
    build_guests wrl_guests wrl_trials && cmake/emscripten.sh -DWRL_BUILD_TESTS=ON -DWRL_BUILD_BENCH=ON "-DWRL_WAT2C=$PWD/build/ci/bin/wat2c" \
        "-DWRL_CONFORMANCE_GUESTS=$PWD/build/ci/tests/conformance/generated" \
        "-DWRL_DIFFERENTIAL_TRIALS=$PWD/build/ci/tests/robustness/differential/trials.bin"
}

# Builds the js backend with another preset.
build_js_as() {
    local options=("-DWRL_CONFORMANCE_GUESTS=$PWD/build/ci/tests/conformance/generated")
    if [ "$1" = js-closure ]; then
        local packages=$PWD/build/js-closure/packages
        node tests/robustness/real/install.mjs "$(command -v npm)" "$packages" tests/hosts/js/closure || return 1
        export EM_CLOSURE_COMPILER=$packages/node_modules/google-closure-compiler-linux/compiler
        # In this build, each program is a function.
        options+=("-DCMAKE_CROSSCOMPILING_EMULATOR=$(command -v node);$PWD/tests/hosts/js/modularized.cjs")
    fi
    build_guests wrl_guests && PRESET=$1 cmake/emscripten.sh "${options[@]}"
}

build_pyodide() {
    build_guests wrl_guests &&
        cmake/pyodide.sh -DWRL_BUILD_TESTS=ON "-DWRL_CONFORMANCE_GUESTS=$PWD/build/ci/tests/conformance/generated"
}

build_native() {
    local options=()
    [ ! "$leaves_out" ] || mapfile -t options < <(options_for_missing)
    cmake --preset "$1" "${options[@]}" && cmake --build --preset "$1" -j "$jobs"
}

build() {
    local part=$1 how=(build_native "$1")
    case $part in
    js) how=(build_js) ;;
    js-*) how=(build_js_as "$part") ;;
    pyodide) how=(build_pyodide) ;;
    esac
    echo "== $part: building"
    timed "$results/$part.build.time" "${how[@]}" >"$results/$part.build.log" 2>&1 ||
        { tail -n 60 "$results/$part.build.log"; return 1; }
    grep '^-- .* left out' "$results/$part.build.log" || true
}

run_ctest() {
    local part=$1
    shift
    echo "== $part: testing"
    local of=(--test-dir "build/$part")
    # For these parts, a test preset selects the tests.
    [[ $part != js-* ]] || of=(--preset "$part")
    timed "$results/$part.test.time" ctest "${of[@]}" -j "$jobs" --output-on-failure --no-tests=error \
        --test-output-size-passed 50000000 --test-output-size-failed 50000000 \
        --output-junit "$PWD/$results/$part.xml" "$@"
}

# lint runs in the background: browser tests sometimes wait, and parts of lint are single-threaded, so both share the processors.
lint_in_background() {
    timed "$results/lint.test.time" nice -n 5 tests/lint.sh >"$results/lint.log" 2>&1
}

mapfile -t packages < <(needed_packages | awk '!seen[$0]++')
need_packages 'make test' "${packages[@]}"
if [ "$leaves_out" ]; then
    mapfile -t packages < <(missing_of "${packages_of_suites[@]}")
    [ ${#packages[@]} -eq 0 ] || echo "Left out: the suites that need these missing packages: ${packages[*]}"
fi
rm -rf "$results"
mkdir -p "$results"
# All parts share one build of the engines.
export WRL_ENGINE_CACHE="${WRL_ENGINE_CACHE:-$PWD/build/engines}"
export TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp halt_on_error=1"
export ASAN_OPTIONS="detect_leaks=1 detect_stack_use_after_return=1 allocator_may_return_null=1"
export UBSAN_OPTIONS="print_stacktrace=1"

status=0
lint=
for part in "${parts[@]}"; do
    if [ "$part" = lint ]; then
        echo "== lint: started"
        lint_in_background &
        lint=$!
        continue
    fi
    if ! build "$part"; then
        echo "== $part: build failed"
        status=1
        touch "$results/$part.failed"
        continue
    fi
    case $part in
    tsan) run_ctest "$part" -R '^(conformance_(null|wasmi|wasmtime)|cpp.*|example_threads_.*|python_threads|threads)$' || status=1 ;;
    clang) run_ctest "$part" -R '^((conformance|hello|example)_|cpp)' || status=1 ;;
    fuzz) run_ctest "$part" -R '^fuzz_' || status=1 ;;
    *) run_ctest "$part" ${leaves_out:+-E "$long_tests"} || status=1 ;;
    esac
done
if [ "$lint" ]; then
    echo "== lint: waiting for it to finish"
    if ! wait "$lint"; then
        tail -n 60 "$results/lint.log"
        touch "$results/lint.failed"
        status=1
    fi
fi

python3 tests/summary.py "$results" || status=1
[ -z "$leaves_out" ] || echo "Left out: ${long_tests//[\^$]/}, which take long. make test PARTS=ci runs them."
exit $status
