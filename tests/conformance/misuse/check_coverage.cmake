# cmake -DHEADERS=… -DTABLE=… -P check_coverage.cmake: every function that the public headers declare has an entry in the
# misuse matrix. That an entry has rows is checked when it is run.

file(GLOB headers "${HEADERS}/wrl/*.h")
set(functions "")
foreach(header IN LISTS headers)
    file(READ "${header}" text)
    # Comments name functions, too.
    string(REGEX REPLACE "/\\*[^*]*\\*+([^/*][^*]*\\*+)*/" "" text "${text}")
    string(REGEX MATCHALL "WRL_API[^;{(]*[ *]wrl_[a-z0-9_]+\\(" found "${text}")
    foreach(declaration IN LISTS found)
        string(REGEX REPLACE ".*[ *](wrl_[a-z0-9_]+)\\($" "\\1" name "${declaration}")
        list(APPEND functions "${name}")
    endforeach()
endforeach()
list(REMOVE_DUPLICATES functions)
list(LENGTH functions count)

file(READ "${TABLE}" table)
set(missing "")
foreach(function IN LISTS functions)
    if(NOT table MATCHES " X\\(${function}, ")
        list(APPEND missing "${function}")
    endif()
endforeach()

if(count LESS 100)
    message(FATAL_ERROR "only ${count} functions were found in ${HEADERS}: the pattern no longer fits the headers")
endif()
if(missing)
    list(JOIN missing ", " missing)
    message(FATAL_ERROR "the misuse matrix lacks ${missing}")
endif()
message(STATUS "the misuse matrix has all ${count} functions")
