# cmake -DHEADERS=… -DSUITE=… -P check_coverage.cmake: every function that the public headers declare or define is
# called by a test. The interface of backends is not called but implemented, so its types do not count.

file(GLOB headers "${HEADERS}/wrl/*.h")
file(GLOB sources "${SUITE}/*.c" "${SUITE}/values.h")
list(FILTER sources EXCLUDE REGEX "/(wat2c|main|selftest|runner)\\.c$")

set(comment "/\\*[^*]*\\*+([^/*][^*]*\\*+)*/")
set(code "")
foreach(source IN LISTS sources)
    file(READ "${source}" text)
    # Comments name functions, too.
    string(REGEX REPLACE "${comment}" "" text "${text}")
    string(APPEND code "${text}")
endforeach()

set(functions "")
foreach(header IN LISTS headers)
    file(READ "${header}" text)
    string(REGEX REPLACE "${comment}" "" text "${text}")
    string(REGEX MATCHALL "(WRL_API|static inline)[^;{(]*[ *]wrl_[a-z0-9_]+\\(" found "${text}")
    # WRL_NODISCARD and the like have no parentheses, so the last word before the first "(" is the name.
    foreach(declaration IN LISTS found)
        string(REGEX REPLACE ".*[ *](wrl_[a-z0-9_]+)\\($" "\\1" name "${declaration}")
        list(APPEND functions "${name}")
    endforeach()
endforeach()
list(REMOVE_DUPLICATES functions)

# The makers of values are called through the macros of the same name.
set(missing "")
set(count 0)
foreach(function IN LISTS functions)
    math(EXPR count "${count} + 1")
    # A macro may be given the name alone.
    set(pattern "${function}[(,)]")
    if(function MATCHES "^wrl_val_(.*)$")
        string(TOUPPER "WRL_${CMAKE_MATCH_1}" macro)
        set(pattern "${macro}\\(")
    endif()
    if(NOT code MATCHES "${pattern}")
        list(APPEND missing "${function}")
    endif()
endforeach()

if(count LESS 100)
    message(FATAL_ERROR "only ${count} functions were found in ${HEADERS}: the pattern no longer fits the headers")
endif()
if(missing)
    list(JOIN missing ", " missing)
    message(FATAL_ERROR "no test calls ${missing}")
endif()
message(STATUS "tests call all ${count} functions")
