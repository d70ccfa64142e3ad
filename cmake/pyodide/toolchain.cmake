# CMake's toolchain file for Python extension modules in Pyodide: clang with Emscripten's headers. cmake/pyodide.sh uses it, and
# makes the folder WRL_PYODIDE_INCLUDE with the headers that have to be patched or generated.
set(CMAKE_SYSTEM_NAME Emscripten)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
list(PREPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES WRL_EMSCRIPTEN_INCLUDE WRL_PYODIDE_INCLUDE)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

set(WRL_EMSCRIPTEN_INCLUDE /usr/share/emscripten/cache/sysroot/include CACHE PATH "The C headers of Emscripten")
set(WRL_PYODIDE_INCLUDE "" CACHE PATH "The folder that packaging/pyodide/headers.py made")

foreach(language C ASM)
    set(CMAKE_${language}_COMPILER clang-19)
    set(CMAKE_${language}_COMPILER_TARGET wasm32-unknown-emscripten)
endforeach()
set(CMAKE_AR llvm-ar-19 CACHE STRING "")
set(CMAKE_RANLIB llvm-ranlib-19 CACHE STRING "")
set(WRL_WASM_LD_FOR_PYODIDE wasm-ld-19)
set(CMAKE_C_FLAGS_INIT
    "-nostdlibinc -isystem ${WRL_PYODIDE_INCLUDE}/emscripten -isystem ${WRL_EMSCRIPTEN_INCLUDE} -isystem ${WRL_EMSCRIPTEN_INCLUDE}/compat -D__EMSCRIPTEN__"
)
