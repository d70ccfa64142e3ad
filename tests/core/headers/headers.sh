#!/usr/bin/env bash
# headers.sh [INCLUDE_DIR]: compiles every public header alone, as C11 and as C++17. C headers are also compiled before and after
# all others, and C++ headers in several orders, also as C++20 and without exceptions. Warnings are errors. Uses gcc and, if it
# is installed, clang. The last line is "N passed, N failed".
set -u

include=${1:-$(cd "$(dirname "$0")/../../../include" && pwd)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# Warnings beyond -Wall that programs may enable, and features that they may disable.
strict=()

# compiles COMPILER STANDARD LANGUAGE SOURCE
compiles() {
    # Compiles to an object, as some warnings come from passes after the parser.
    printf '%b\nextern int only;\n' "$4" |
        "$1" "-std=$2" -x "$3" -c -o /dev/null -Wall -Wextra -Wpedantic -Werror "${strict[@]}" "-I$include" - \
            2>"$work/errors"
}

# check WHAT COMPILER STANDARD LANGUAGE SOURCE: the source must compile.
check() {
    if compiles "${@:2}"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $1 ($2 -std=$3)"
        head -n 20 "$work/errors"
    fi
}

# refuse WHAT COMPILER STANDARD LANGUAGE SOURCE: the source must not compile, which shows that check can fail.
refuse() {
    if compiles "${@:2}"; then
        failed=$((failed + 1))
        echo "FAILED: $1 compiles ($2 -std=$3)"
    else
        passed=$((passed + 1))
    fi
}

cd "$include" || exit 1
headers=(wrl.h wrl/*.h wrl/sys/*.h)
cpp_headers=(wrl.hpp wrl/*.hpp)
if [ "${#headers[@]}" -lt 10 ]; then
    echo "FAILED: only ${#headers[@]} headers in $include"
    failed=$((failed + 1))
fi

# first_to_last HEADER…, last_to_first HEADER…: prints the lines that include the headers.
first_to_last() {
    printf '#include <%s>\\n' "$@"
}
last_to_first() {
    printf '%s\n' "$@" | tac | while read -r header; do first_to_last "$header"; done
}

# C++ headers compile slowly, so not every pair is tried.
test_cpp_headers() {
    local header guard guards=''
    for header in "${cpp_headers[@]}"; do
        check "$header alone" "$@" "#include <$header>"
    done
    for header in wrl/*.hpp; do
        guard=${header//[\/.]/_}
        guards+="#ifndef ${guard^^}\n#error $header is missing\n#endif\n"
    done
    check "wrl.hpp that throws nothing" "$@" \
        "#define WRL_CPP_EXCEPTIONS 0\n#include <wrl.hpp>\nwrl::aborting::Error *same(wrl::Error *error);\nwrl::aborting::Error *same(wrl::Error *error) { return error; }"
    check "all headers by wrl.hpp" "$@" "#include <wrl.hpp>\n$guards"
    test_cpp_orders "$@"
    refuse "a dropped result" "$@" '#include <wrl.hpp>\nvoid f();\nvoid f() { wrl::Engine::make(); }'
    refuse "a store that is lent and ends" "$@" \
        '#include <wrl.hpp>\nvoid f(wrl::Store &&s);\nvoid f(wrl::Store &&s) { wrl::StoreRef r = std::move(s); (void)r; }'
}

test_cpp_orders() {
    check "all headers, those for C first" "$@" "$(first_to_last "${headers[@]}" "${cpp_headers[@]}")"
    check "all headers, those for C++ first" "$@" "$(first_to_last "${cpp_headers[@]}" "${headers[@]}")"
    check "all headers, from last to first" "$@" "$(last_to_first "${headers[@]}" "${cpp_headers[@]}")"
}

# Only the first compiler tries the orders: the dependencies of headers do not vary by compiler.
test_language() {
    local header i guard guards='' reversed=''
    for ((i = ${#headers[@]} - 1; i >= 0; i--)); do
        reversed+="#include <${headers[i]}>\n"
    done
    for header in "${headers[@]}"; do
        check "$header alone" "$@" "#include <$header>"
        [ "$found" -eq 1 ] || continue
        # Include guards would hide a second inclusion, so each header comes first once, followed by all others in
        # reverse.
        check "$header, then all" "$@" "#include <$header>\n$reversed"
        check "all, then $header" "$@" "${reversed/"#include <$header>\n"/}#include <$header>"
    done
    # wrl.h includes every other header except those for JS hosts and for text, so that their guards are defined.
    for header in wrl/*.h; do
        case $header in wrl/js.h | wrl/parse.h) continue ;; esac
        guard=${header//[\/.]/_}
        guards+="#ifndef ${guard^^}\n#error $header is missing\n#endif\n"
    done
    check "all headers by wrl.h" "$@" "#include <wrl.h>\n$guards"
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
        strict=(-Wconversion -Wsign-conversion -Wshadow -Wold-style-cast -Wundef -Wnon-virtual-dtor)
        test_cpp_headers "${pair#*:}" c++17 c++
        test_cpp_orders "${pair#*:}" c++20 c++
        strict+=(-fno-exceptions -fno-rtti)
        test_cpp_orders "${pair#*:}" c++17 c++
        strict=()
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
