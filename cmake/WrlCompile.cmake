# Warnings, hardening, sanitizers and link options for all C code of the project: wrl_compile_options().

find_package(Threads REQUIRED)

set(WRL_WARNINGS -Wall -Wextra -Wpedantic)
if(WRL_WERROR)
    list(APPEND WRL_WARNINGS -Werror)
endif()
if(WRL_SANITIZE)
    set(WRL_SANITIZE_FLAGS -fsanitize=${WRL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
endif()

# Hardening. An overflow of an array on the stack or in a call of the C library ends the program before it can be exploited,
# and everything that the linker resolves is read-only before main() starts. Flags that the compiler does not support are not
# used.
if(WRL_HARDENING)
    include(CheckCCompilerFlag)
    include(CheckCSourceCompiles)
    include(CheckPIESupported)
    check_pie_supported(LANGUAGES C)
    foreach(flag -fstack-protector-strong -fstack-clash-protection -fcf-protection)
        string(MAKE_C_IDENTIFIER "WRL_HAS${flag}" known)
        check_c_compiler_flag(${flag} ${known})
        if(${known})
            list(APPEND WRL_HARDENING_FLAGS ${flag})
        endif()
    endforeach()
    # The C library warns about levels that it does not support, and about any level without optimisation.
    set(CMAKE_REQUIRED_FLAGS "-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -Werror")
    check_c_source_compiles("#include <string.h>\nint main(void) { return 0; }" WRL_HAS_FORTIFY_SOURCE_3)
    unset(CMAKE_REQUIRED_FLAGS)
    set(level 2)
    if(WRL_HAS_FORTIFY_SOURCE_3)
        set(level 3)
    endif()
    list(APPEND WRL_HARDENING_FLAGS -Wformat -Wformat-security
         "$<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=${level}>")
    set(WRL_HARDENING_LINK "LINKER:-z,relro,-z,now,-z,noexecstack")
endif()

# Programs for wasm32 have a growable memory and a stack of 1 MB.
#
# Most of them run in Node, with Node's file system. Their module is compiled synchronously: in asynchronous compilation, the old
# Emscripten of some systems mistakes the module's path for a URL on newer versions of Node.
#
# Programs for browsers run on a page or in a worker. Each is a function, createProgram(), that makes the program; main() does
# not run before the page calls it.
if(EMSCRIPTEN)
    # -pthread enables threads. Everything must be compiled and linked with it (docs/js-hosts.md). Rust's standard library for
    # Emscripten is compiled without it.
    string(FIND " ${CMAKE_C_FLAGS} " " -pthread " at)
    set(WRL_JS_THREADS OFF)
    if(NOT at EQUAL -1)
        set(WRL_JS_THREADS ON)
    endif()
    if(WRL_JS_THREADS AND (WRL_BACKEND_WASMI OR WRL_WAT))
        message(FATAL_ERROR "With -pthread the backend wasmi and the text format cannot be linked, since Rust's standard "
                            "library for Emscripten has no threads: give -DWRL_BACKEND_WASMI=OFF -DWRL_WAT=OFF")
    endif()
    # Last on each command line, so that it overrides other options.
    set(WRL_JS_LINK "" CACHE STRING "Options that programs for hosts of JS are linked with besides, such as -O3 --closure 1")
    string(APPEND CMAKE_C_STANDARD_LIBRARIES " ${WRL_JS_LINK}")
    set(WRL_EMSCRIPTEN_LINK -sALLOW_MEMORY_GROWTH=1 -sALLOW_TABLE_GROWTH=1 -sWASM_BIGINT=1 -sEXIT_RUNTIME=1
                            -sTOTAL_STACK=1MB)
    set(WRL_EMSCRIPTEN_LINK_NODE -sNODERAWFS=1 -sWASM_ASYNC_COMPILATION=0)
    set(WRL_EMSCRIPTEN_LINK_BROWSER -sENVIRONMENT=web,worker -sMODULARIZE=1 -sEXPORT_NAME=createProgram -sINVOKE_RUN=0
                                    -sEXPORTED_RUNTIME_METHODS=callMain)
endif()

# wrl_compile_options(TARGET [BROWSER]): sets the options of a target. BROWSER selects browsers instead of Node, for programs that
# Emscripten compiles.
function(wrl_compile_options target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "BROWSER" "" "")
    set(host NODE)
    if(arg_BROWSER)
        set(host BROWSER)
    endif()
    target_compile_options(${target} PRIVATE ${WRL_WARNINGS} ${WRL_HARDENING_FLAGS} ${WRL_SANITIZE_FLAGS}
                                             -ffunction-sections -fdata-sections)
    get_target_property(type ${target} TYPE)
    if(NOT type STREQUAL "OBJECT_LIBRARY" AND NOT type STREQUAL "STATIC_LIBRARY" AND NOT WRL_PYODIDE)
        target_link_options(${target} PRIVATE ${WRL_HARDENING_LINK} ${WRL_SANITIZE_FLAGS} -Wl,--gc-sections
                                              ${WRL_EMSCRIPTEN_LINK} ${WRL_EMSCRIPTEN_LINK_${host}})
    endif()
endfunction()
