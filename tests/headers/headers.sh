#!/usr/bin/env bash
# headers.sh [INCLUDE_DIR]: compiles every public header alone, twice in one file, and after every other header, as C11
# and as C++17, warnings being errors, with gcc and, where it is found, clang. The last line is "N passed, N failed".
set -u

include=${1:-$(cd "$(dirname "$0")/../../include" && pwd)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# check WHAT COMPILER STANDARD LANGUAGE, the source on standard input: it must compile.
check() {
    if "$2" "-std=$3" -x "$4" -fsyntax-only -Wall -Wextra -Wpedantic -Werror "-I$include" - 2>"$work/errors"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $1 ($2 -std=$3)"
        head -n 20 "$work/errors"
    fi
}

# refuse WHAT COMPILER STANDARD LANGUAGE: the source must not compile, which shows that check can fail.
refuse() {
    if "$2" "-std=$3" -x "$4" -fsyntax-only -Wall -Wextra -Wpedantic -Werror "-I$include" - 2>/dev/null; then
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
    local compiler=$1 standard=$2 language=$3 header other
    for header in "${headers[@]}"; do
        printf '#include <%s>\nextern int only;\n' "$header" | check "$header alone" "$compiler" "$standard" "$language"
        # Each ordered pair of headers: the order in which a program names them makes no difference.
        for other in "${headers[@]}"; do
            printf '#include <%s>\n#include <%s>\n#include <%s>\nextern int only;\n' "$other" "$header" "$other" |
                check "$other, then $header" "$compiler" "$standard" "$language"
        done
    done
    # All of them from last to first: what wrl.h does not include first is not needed first.
    for ((i = ${#headers[@]} - 1; i >= 0; i--)); do
        printf '#include <%s>\n' "${headers[i]}"
    done >"$work/all"
    echo 'extern int only;' >>"$work/all"
    check "all, last to first" "$compiler" "$standard" "$language" <"$work/all"
    # wrl.h brings every other header: the guard of each is defined after it.
    for header in wrl/*.h; do
        other=${header//[\/.]/_}
        printf '#include <wrl.h>\n#ifndef %s\n#error missing\n#endif\nextern int only;\n' "${other^^}" |
            check "$header by wrl.h" "$compiler" "$standard" "$language"
    done
    printf '#include <wrl/base.h>\nwrl_no_such_type_t *only;\n' | refuse "an unknown type" "$compiler" "$standard" "$language"
    printf '#include <wrl/error.h>\nvoid f(void);\nvoid f(void) { wrl_error_new(WRL_ERROR_HOST, 0); }\n' |
        refuse "a dropped error" "$compiler" "$standard" "$language"
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
