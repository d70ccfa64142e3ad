# cmake -DHEADERS=… -DSUITE=… -P check_coverage.cmake: checks that a test calls every function that the public headers
# declare or define. The backend interface is excluded: backends implement it, and nobody calls it.
#
# With -DMATRIX=… instead of -DSUITE=…: checks that every such function has an entry in the misuse matrix. The run of an
# entry checks that it has rows.

# Reads files without their comments: function names in comments do not count.
function(read_code result)
    set(code "")
    foreach(file IN LISTS ARGN)
        file(READ "${file}" text)
        string(REGEX REPLACE "/\\*[^*]*\\*+([^/*][^*]*\\*+)*/" "" text "${text}")
        string(APPEND code "${text}")
    endforeach()
    set(${result} "${code}" PARENT_SCOPE)
endfunction()

# Returns the pattern of a call in a test. The value functions are called through the macros of the same name.
function(pattern_of_call function result)
    # The name may also be a macro argument on its own.
    set(pattern "${function}[(,)]")
    if(function MATCHES "^wrl_val_(.*)$")
        string(TOUPPER "WRL_${CMAKE_MATCH_1}" macro)
        set(pattern "${macro}\\(")
    endif()
    set(${result} "${pattern}" PARENT_SCOPE)
endfunction()

file(GLOB headers "${HEADERS}/wrl/*.h")
read_code(declarations ${headers})
string(REGEX MATCHALL "(WRL_API|static inline)[^;{(]*[ *]wrl_[a-z0-9_]+\\(" declarations "${declarations}")
# WRL_NODISCARD and similar macros have no parentheses, so the last word before the first "(" is the name.
list(TRANSFORM declarations REPLACE ".*[ *](wrl_[a-z0-9_]+)\\($" "\\1" OUTPUT_VARIABLE functions)
list(REMOVE_DUPLICATES functions)
list(LENGTH functions count)
if(count LESS 100)
    message(FATAL_ERROR "only ${count} functions were found in ${HEADERS}: the pattern no longer fits the headers")
endif()

if(DEFINED MATRIX)
    file(GLOB sources "${MATRIX}/rows_*.c")
else()
    file(GLOB sources "${SUITE}/*.c" "${SUITE}/values.h")
    list(FILTER sources EXCLUDE REGEX "/(wat2c|main|selftest|runner)\\.c$")
endif()
read_code(code ${sources})

set(missing "")
foreach(function IN LISTS functions)
    if(DEFINED MATRIX)
        set(pattern " X\\(${function}, ")
    else()
        pattern_of_call(${function} pattern)
    endif()
    if(NOT code MATCHES "${pattern}")
        list(APPEND missing "${function}")
    endif()
endforeach()

if(missing)
    list(JOIN missing ", " missing)
    if(DEFINED MATRIX)
        message(FATAL_ERROR "the misuse matrix lacks ${missing}")
    endif()
    message(FATAL_ERROR "no test calls ${missing}")
endif()
message(STATUS "all ${count} functions are there")
