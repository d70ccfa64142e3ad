# CMake's platform file for toolchain.cmake. A MODULE library is a side module for Emscripten's dynamic linker.
set(EMSCRIPTEN 1)
set(WRL_PYODIDE 1)
set_property(GLOBAL PROPERTY TARGET_SUPPORTS_SHARED_LIBS TRUE)
set(CMAKE_STATIC_LIBRARY_PREFIX lib)
set(CMAKE_STATIC_LIBRARY_SUFFIX .a)
set(CMAKE_SHARED_MODULE_PREFIX "")
set(CMAKE_SHARED_MODULE_SUFFIX .abi3.so)
foreach(language C ASM)
    set(CMAKE_${language}_COMPILE_OPTIONS_PIC -fPIC)
    set(CMAKE_${language}_COMPILE_OPTIONS_VISIBILITY -fvisibility=)
endforeach()
# Symbols that the module does not define come from Python or the C library, both part of Pyodide. The dynamic linker calls
# __wasm_apply_data_relocs to relocate data, so the module has to export that function.
set(CMAKE_C_CREATE_SHARED_MODULE
    "${WRL_WASM_LD_FOR_PYODIDE} -shared --experimental-pic --no-entry --unresolved-symbols=import-dynamic --gc-sections --strip-debug --export-if-defined=__wasm_apply_data_relocs <LINK_FLAGS> -o <TARGET> <OBJECTS> <LINK_LIBRARIES>"
)
