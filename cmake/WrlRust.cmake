# Rust crates as private parts of C libraries.
#
# Two Rust static libraries cannot be linked into one program: each contains a copy of Rust's runtime. Each crate and the C code
# that uses it are therefore linked into one relocatable object (ld -r) in which all symbols except the given ones are local.
# A shared library, a static library or a program can contain any number of such objects.
#
# Wasm objects cannot be joined like that. For Emscripten, one crate, rust/joined, contains all the others, each behind a
# feature.

# GNU ld, even if the compiler uses another linker: lld cannot merge section groups (--force-group-allocation).
find_program(WRL_LD NAMES ld.bfd ld)
find_program(WRL_OBJCOPY NAMES objcopy)
set(WRL_PRIVATE_OBJECT_TOOL "${CMAKE_CURRENT_LIST_DIR}/private_object.sh" "${WRL_LD}" "${WRL_OBJCOPY}" "${CMAKE_NM}")
set_property(GLOBAL PROPERTY WRL_BUILTIN_BACKENDS "")
set_property(GLOBAL PROPERTY WRL_BUILTIN_OBJECTS "")
set_property(GLOBAL PROPERTY WRL_BUILTIN_TARGETS "")
set_property(GLOBAL PROPERTY WRL_BUILTIN_ARCHIVES "")
set_property(GLOBAL PROPERTY WRL_JOINED_FEATURES "")

# scikit-build-core sets these variables. wasmtime's build script depends on them, so cargo would compile that crate again for the
# Python package, and again for the next build without them.
set(WRL_CARGO_ENVIRONMENT "")
if(DEFINED SKBUILD)
    set(WRL_CARGO_ENVIRONMENT --unset=SOURCE_DATE_EPOCH)
    find_program(WRL_CC cc)
    if(WRL_CC)
        list(APPEND WRL_CARGO_ENVIRONMENT --unset=CC --unset=CXX)
    endif()
endif()

# wrl_cargo_staticlib(NAME CRATE dir LIB name [TARGET_DIR name] [ARGUMENTS words…]): adds the target wrl_cargo_NAME, which builds
# the crate. Sets WRL_CARGO_ARCHIVE to the path of the archive. cargo decides by file times what is out of date, so checkouts
# that share WRL_ENGINE_CACHE may link each other's archives. Each crate has its own target folder by default; crates with the
# same dependencies may share one.
function(wrl_cargo_staticlib name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "CRATE;LIB;TARGET_DIR" "ARGUMENTS")
    if(NOT WRL_CARGO)
        message(FATAL_ERROR "cargo is needed to build ${name}, and was not found. Install Rust, or switch ${name} off.")
    endif()
    if(NOT arg_TARGET_DIR)
        set(arg_TARGET_DIR ${name})
    endif()
    set(target_dir "${WRL_ENGINE_CACHE}/${arg_TARGET_DIR}")
    set(archive "${target_dir}/release/lib${arg_LIB}.a")
    set(target "")
    if(EMSCRIPTEN)
        set(target --target wasm32-unknown-emscripten)
        set(archive "${target_dir}/wasm32-unknown-emscripten/release/lib${arg_LIB}.a")
    endif()
    add_custom_target(
        wrl_cargo_${name}
        COMMAND ${CMAKE_COMMAND} -E env ${WRL_CARGO_ENVIRONMENT} "CARGO_TARGET_DIR=${target_dir}" ${WRL_CARGO} build
                --release --locked --manifest-path "${arg_CRATE}/Cargo.toml" ${target} ${arg_ARGUMENTS}
        BYPRODUCTS "${archive}"
        COMMENT "cargo build: ${name}"
        USES_TERMINAL VERBATIM)
    set(WRL_CARGO_ARCHIVE "${archive}" PARENT_SCOPE)
endfunction()

# wrl_private_object(NAME OBJECTS target ARCHIVE path KEEP symbols…): links the C objects, and those parts of the archive that
# they need, into one object in which only the KEEP symbols are global. Sets WRL_PRIVATE_OBJECT to its path.
function(wrl_private_object name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "OBJECTS;ARCHIVE" "KEEP")
    set(object "${CMAKE_CURRENT_BINARY_DIR}/wrl_${name}_private.o")
    set(keep "")
    if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "MinSizeRel")
        list(APPEND keep --strip-debug)
    endif()
    foreach(symbol IN LISTS arg_KEEP)
        list(APPEND keep "--keep-global-symbol=${symbol}")
    endforeach()
    set(undefined "")
    foreach(symbol IN LISTS arg_KEEP)
        list(APPEND undefined -u ${symbol})
    endforeach()
    set(objects "")
    if(arg_OBJECTS)
        set(objects "$<TARGET_OBJECTS:${arg_OBJECTS}>")
    endif()
    add_custom_command(
        OUTPUT "${object}"
        COMMAND ${WRL_PRIVATE_OBJECT_TOOL} "${object}" --force-group-allocation --gc-sections ${undefined} ${objects}
                "${arg_ARCHIVE}" -- ${keep}
        DEPENDS ${objects} "${arg_ARCHIVE}" wrl_cargo_${name} "${PROJECT_SOURCE_DIR}/cmake/private_object.sh"
        COMMAND_EXPAND_LISTS VERBATIM)
    set_source_files_properties("${object}" PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
    add_custom_target(wrl_private_${name} DEPENDS "${object}")
    if(arg_OBJECTS)
        add_dependencies(wrl_private_${name} ${arg_OBJECTS})
    endif()
    set(WRL_PRIVATE_OBJECT "${object}" PARENT_SCOPE)
endfunction()

# wrl_builtin_backend(NAME [OBJECT path] [TARGET target]): adds a backend to the library and to its generated table.
function(wrl_builtin_backend name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "OBJECT;TARGET" "")
    set_property(GLOBAL APPEND PROPERTY WRL_BUILTIN_BACKENDS ${name})
    if(arg_OBJECT)
        set_property(GLOBAL APPEND PROPERTY WRL_BUILTIN_OBJECTS "${arg_OBJECT}")
    endif()
    set_property(GLOBAL APPEND PROPERTY WRL_BUILTIN_TARGETS ${arg_TARGET})
endfunction()

# wrl_join_crate(FEATURE): builds the crate behind this feature of rust/joined into the library. For Emscripten.
function(wrl_join_crate feature)
    set_property(GLOBAL APPEND PROPERTY WRL_JOINED_FEATURES ${feature})
endfunction()

# wrl_add_joined_crates(): builds the archive of the crates that wrl_join_crate() selected. Does nothing, and needs no Rust, if
# there are none.
function(wrl_add_joined_crates)
    get_property(features GLOBAL PROPERTY WRL_JOINED_FEATURES)
    if(NOT features)
        return()
    endif()
    # Each selection of features has a folder of its own: make cannot detect that an archive has other features.
    string(REPLACE ";" "_" dir "joined_${features}")
    string(REPLACE ";" "," features "${features}")
    wrl_cargo_staticlib(joined CRATE "${PROJECT_SOURCE_DIR}/rust/joined" LIB wrl_joined_glue TARGET_DIR "${dir}"
                        ARGUMENTS --features "${features}")
    set_property(GLOBAL APPEND PROPERTY WRL_BUILTIN_ARCHIVES "${WRL_CARGO_ARCHIVE}")
    set_property(GLOBAL APPEND PROPERTY WRL_BUILTIN_TARGETS wrl_cargo_joined)
endfunction()

# wrl_add_rust_backend(NAME CRATE dir LIB name SOURCES files…): adds a built-in backend that is C over a Rust crate. For the
# fuzzers, the crate is built with its feature "fuzz" in a target folder of its own. For Emscripten, it is built as a feature of
# rust/joined.
function(wrl_add_rust_backend name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "CRATE;LIB" "SOURCES")
    add_library(wrl_backend_${name} OBJECT ${arg_SOURCES})
    target_include_directories(wrl_backend_${name} PRIVATE "${PROJECT_SOURCE_DIR}/include")
    wrl_compile_options(wrl_backend_${name})
    if(EMSCRIPTEN)
        wrl_join_crate(${name})
        wrl_builtin_backend(${name} OBJECT "$<TARGET_OBJECTS:wrl_backend_${name}>" TARGET wrl_backend_${name})
        return()
    endif()
    set(target_dir ${name})
    set(arguments "")
    if(WRL_FUZZ)
        set(target_dir ${name}_fuzz)
        set(arguments ARGUMENTS --features fuzz)
    endif()
    wrl_cargo_staticlib(${name} CRATE "${arg_CRATE}" LIB ${arg_LIB} TARGET_DIR ${target_dir} ${arguments})
    # The private object keeps the backend's symbol global. The library hides it from programs.
    wrl_private_object(${name} OBJECTS wrl_backend_${name} ARCHIVE "${WRL_CARGO_ARCHIVE}" KEEP wrl_backend_${name})
    wrl_builtin_backend(${name} OBJECT "${WRL_PRIVATE_OBJECT}" TARGET wrl_private_${name})
endfunction()
