#!/usr/bin/env bash
# headers.sh [INCLUDE_DIR]: compiles every public header alone, before and after all the others, as C11
# and as C++17, warnings being errors, with gcc and, where it is found, clang. The last line is "N passed, N failed".
set -u

include=${1:-$(cd "$(dirname "$0")/../../include" && pwd)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# compiles COMPILER STANDARD LANGUAGE SOURCE
compiles() {
    # To an object, not only for its syntax: some warnings come from later passes.
    printf '%b\nextern int only;\n' "$4" |
        "$1" "-std=$2" -x "$3" -c -o /dev/null -Wall -Wextra -Wpedantic -Werror "-I$include" - 2>"$work/errors"
}

# check WHAT COMPILER STANDARD LANGUAGE SOURCE: it must compile.
check() {
    if compiles "${@:2}"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $1 ($2 -std=$3)"
        head -n 20 "$work/errors"
    fi
}

# refuse WHAT COMPILER STANDARD LANGUAGE SOURCE: it must not compile, which shows that check can fail.
refuse() {
    if compiles "${@:2}"; then
        failed=$((failed + 1))
        echo "FAILED: $1 compiles ($2 -std=$3)"
    else
        passed=$((passed + 1))
    fi
}

cd "$include" || exit 1
headers=(wrl.h wrl/*.h)
if [ "${#headers[@]}" -lt 10 ]; then
    echo "FAILED: only ${#headers[@]} headers in $include"
    failed=$((failed + 1))
fi

test_language() {
    local header i guard reversed=''
    for ((i = ${#headers[@]} - 1; i >= 0; i--)); do
        reversed+="#include <${headers[i]}>\n"
    done
    for header in "${headers[@]}"; do
        check "$header alone" "$@" "#include <$header>"
        # The guard lets a second copy pass; so each header comes first once, then all the others, last to first.
        check "$header, then all" "$@" "#include <$header>\n$reversed"
        check "all, then $header" "$@" "${reversed/"#include <$header>\n"/}#include <$header>"
    done
    # wrl.h brings every other header: the guard of each is defined after it.
    for header in wrl/*.h; do
        guard=${header//[\/.]/_}
        check "$header by wrl.h" "$@" "#include <wrl.h>\n#ifndef ${guard^^}\n#error missing\n#endif"
    done
    refuse "an unknown type" "$@" '#include <wrl/base.h>\nwrl_no_such_type_t *only_pointer;'
    refuse "a dropped error" "$@" \
        '#include <wrl/error.h>\nvoid f(void);\nvoid f(void) { wrl_error_new(WRL_ERROR_HOST, 0); }'
}

found=0
for pair in gcc:g++ clang:clang++; do
    if command -v "${pair%:*}" >/dev/null && command -v "${pair#*:}" >/dev/null; then
        found=$((found + 1))
        echo "with ${pair%:*}: $("${pair%:*}" --version | head -n 1)"
        test_language "${pair%:*}" c11 c
        test_language "${pair#*:}" c++17 c++
    else
        echo "${pair%:*} is not installed: not tested with it"
    fi
done
if [ "$found" -eq 0 ]; then
    echo "FAILED: no compiler was found"
    failed=$((failed + 1))
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
