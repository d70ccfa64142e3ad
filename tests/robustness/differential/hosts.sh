#!/usr/bin/env bash
# hosts.sh FROM-TO: make fuzz-diff-js. Plays the modules of these seeds on js and js+exact_traps in Node, and compares the results
# with those of wasmi and wasmtime on the native host:
#   common   modules that all engines support, recorded by wasmi, in the Node of the PATH and the newest one
#   newest   modules that wasmtime and the newest JS engine support, recorded by wasmtime, in the newest Node alone
# KINDS selects from these, BATCH is the number of seeds in one file, and BUILD=no skips the build. The last lines contain the
# counts, also if the run is interrupted. Modules that engines differ on are written to build/js.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kinds=${KINDS:-common newest}
batch=${BATCH:-1000}
first=${1%-*}
last=${1#*-}
jobs=$(nproc 2>/dev/null || echo 2)
native=build/ci/bin/differential
program=build/js/differential.js
# The pinned packages contain a Node for each of several machines; one is installed.
packages=build/js/tests/hosts/js/node

build() {
    cmake --preset ci && cmake --build --preset ci -j "$jobs" --target differential wrl_guests wrl_trials
    TARGETS=differential cmake/emscripten.sh -DWRL_BUILD_TESTS=ON "-DWRL_WAT2C=$PWD/build/ci/bin/wat2c" \
        "-DWRL_CONFORMANCE_GUESTS=$PWD/build/ci/tests/conformance/generated" \
        "-DWRL_DIFFERENTIAL_TRIALS=$PWD/build/ci/tests/robustness/differential/trials.bin"
    node tests/robustness/real/install.mjs npm "$packages" tests/hosts/js/node
}

work=$(mktemp -d)
done=nothing
trap conclude EXIT
trap 'exit 1' INT TERM

# play KIND NODE BACKENDS: plays the trials of this batch.
play() {
    local log
    log="$work/$1-$("$2" --version)"
    "$2" "$program" --backends "$3" --read "$work/trials.bin" --out build/js >"$work/out" 2>&1 || failed=1
    grep -Ev ' passed, | modules played, ' "$work/out" || true
    grep ' modules played, ' "$work/out" >>"$log" || echo "FAIL  $2 with the seeds $from-$to: the last line is missing"
}

# shellcheck disable=SC2317 # Called by the trap.
# count FILE: adds up the last lines of all batches.
count() {
    awk '{ played += $1; returned += $7; stopped += $10; broken += $13; accepted += $19; known += $22 }
        END { printf "%d modules played, of whose calls %d returned and %d did not; %d broken ones compiled, of which %d were accepted; %d known differences\n",
            played, returned, stopped, broken, accepted, known }' "$1"
}

# shellcheck disable=SC2317 # Called by the trap.
conclude() {
    local log
    for log in "$work"/*-v*; do
        [ ! -e "$log" ] || echo "$(basename "$log"): $(count "$log")"
    done
    echo "seeds played: $done"
    rm -rf "$work"
}

[ "${BUILD:-yes}" = no ] || build
newest=$(echo "$packages"/node_modules/node-*/bin/node)
failed=0
for ((from = first; from <= last; from = to + 1)); do
    to=$((from + batch - 1 < last ? from + batch - 1 : last))
    for kind in $kinds; do
        if [ "$kind" = common ]; then
            "$native" --backends wasmi --seeds "$from-$to" --write "$work/trials.bin" || failed=1
            play "$kind" "$(command -v node)" js+exact_traps,js
            play "$kind" "$newest" js+exact_traps,js
        else
            "$native" --backends wasmtime --seeds "$from-$to" --newest --write "$work/trials.bin" || failed=1
            play "$kind" "$newest" js+exact_traps,js
        fi
    done
    done="$first-$to"
done
exit $failed
