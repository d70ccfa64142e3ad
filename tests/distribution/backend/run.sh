#!/bin/sh
# Runs the steps of docs/writing-a-backend.md: builds a backend outside the source tree against an installed copy of the
# layer. Arguments: a build folder with tests, and the source folder. The last line counts what passed and what failed.
set -eu

if [ $# -ne 2 ]; then
    echo "usage: run.sh BUILD SOURCE" >&2
    exit 2
fi
BUILD=$(cd "$1" && pwd)
SOURCE=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PREFIX=$work/prefix
LIBDIR=$(sed -n 's/^CMAKE_INSTALL_LIBDIR:[A-Z]*=//p' "$BUILD/CMakeCache.txt")
export BUILD SOURCE PREFIX LIBDIR

passed=0
failed=0

pass()
{
    passed=$((passed + 1))
    echo "ok   $1"
}

fail()
{
    failed=$((failed + 1))
    echo "FAIL $1"
}

# Every line of the file must be the beginning of a line of the output.
prints_lines()
{
    while IFS= read -r line; do
        awk -v want="$line" 'index($0, want) == 1 { found = 1 } END { exit !found }' "$2" || return 1
    done <"$1"
}

run_step()
{
    name="step $(basename "$1" .sh): $(tail -n 1 "$1")"
    expected=${1%.sh}.output
    if ! (cd "$work/outside" && sh -eu "$1") >"$work/log" 2>&1; then
        fail "$name"
        cat "$work/log"
    elif [ -e "$expected" ] && ! prints_lines "$expected" "$work/log"; then
        fail "$name: expected output:"
        cat "$expected"
        echo "actual output:"
        cat "$work/log"
    else
        pass "$name"
    fi
}

if ! cmake --install "$BUILD" --prefix "$PREFIX" >"$work/log" 2>&1; then
    cat "$work/log"
    fail "cmake --install"
    echo "$passed passed, $failed failed"
    exit 1
fi
pass "cmake --install"

mkdir "$work/outside"
python3 "$SOURCE/tests/distribution/backend/extract.py" "$SOURCE/docs/writing-a-backend.md" "$SOURCE" "$work/outside" >"$work/log"
sed '$d' "$work/log"
read -r right wrong <<EOF
$(tail -n 1 "$work/log")
EOF
passed=$((passed + right))
failed=$((failed + wrong))

# Before the last step the new backend is unknown, so that its listing in the last step proves something.
if "$PREFIX/bin/wrl" backends | grep -q '^mine:'; then
    fail "the backend is known before it is installed"
else
    pass "the backend is not known before it is installed"
fi
for step in "$work/outside/steps"/*.sh; do
    run_step "$step"
done

# The object exports one symbol and needs none of the library's.
if symbols=$(nm -D "$work/outside/libmine.so"); then
    shown=$(echo "$symbols" | awk '$1 != "U" && $1 != "w" { print $NF }')
    if [ "$shown" = wrl_backend_mine ]; then
        pass "libmine.so exports one symbol"
    else
        fail "libmine.so exports symbols other than wrl_backend_mine: $shown"
    fi
    if echo "$symbols" | grep ' U wrl_'; then
        fail "libmine.so needs symbols of the library"
    else
        pass "libmine.so needs no symbol of the library"
    fi
else
    fail "libmine.so cannot be read"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
