# What `cmake --install` installs, and where. No installed file contains the prefix, so an installed tree can be moved.
#
#   bin/wrl                    the tool                 include/wrl.h, include/wrl/     the interface
#   lib/libwrl.so, libwrl.a    the library              lib/wrl/wrl-NAME.so             backends, loaded by name
#   lib/libwrl-wasmtime.a      a backend to link in     lib/pkgconfig/, lib/cmake/wrl/  for builds that use the library
#   share/man/                 man pages                share/doc/wrl/                  licences

include(CMakePackageConfigHelpers)

# Installed files find each other by relative paths, which requires relative folders here.
foreach(folder BINDIR LIBDIR INCLUDEDIR)
    if(IS_ABSOLUTE "${CMAKE_INSTALL_${folder}}")
        message(FATAL_ERROR "CMAKE_INSTALL_${folder} is \"${CMAKE_INSTALL_${folder}}\": it must be relative to the prefix")
    endif()
endforeach()

install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/" DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE-APACHE" "${PROJECT_SOURCE_DIR}/LICENSE-MIT"
        DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/doc/wrl")
install(FILES "${PROJECT_SOURCE_DIR}/packaging/man/wrl.3" DESTINATION "${CMAKE_INSTALL_MANDIR}/man3")
if(TARGET wrl-cli AND NOT EMSCRIPTEN)
    install(FILES "${PROJECT_SOURCE_DIR}/packaging/man/wrl.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
    install(TARGETS wrl-cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
if(TARGET wrl_wasmtime)
    install(TARGETS wrl_wasmtime LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}/wrl")
endif()

# wrl_install_library(TARGET COMPONENT): installs a library and a CMake file that exports it. Each library has a CMake file of
# its own, so that a distribution can leave out the static libraries.
set(wrl_cmake_dir "${CMAKE_INSTALL_LIBDIR}/cmake/wrl")
function(wrl_install_library target component)
    install(TARGETS ${target} EXPORT wrl-${component} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
            ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
    install(EXPORT wrl-${component} NAMESPACE wrl:: DESTINATION "${wrl_cmake_dir}")
endfunction()

# wrl_install_pc(NAME): installs packaging/NAME.pc.in for pkg-config. The prefix in it is relative to the file's folder.
function(wrl_install_pc name)
    set(pc_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
    file(RELATIVE_PATH up "/prefix/${pc_dir}" "/prefix")
    string(REGEX REPLACE "/$" "" up "${up}")
    configure_file("${PROJECT_SOURCE_DIR}/packaging/${name}.pc.in" "${PROJECT_BINARY_DIR}/packaging/${name}.pc" @ONLY)
    install(FILES "${PROJECT_BINARY_DIR}/packaging/${name}.pc" DESTINATION "${pc_dir}")
endfunction()

wrl_install_library(wrl shared)
if(EMSCRIPTEN)
    # The library, an archive that is called wrl::wrl like the shared library on other platforms, and the archive of the engines
    # that are Rust crates.
    get_property(builtin_archives GLOBAL PROPERTY WRL_BUILTIN_ARCHIVES)
    if(builtin_archives)
        install(FILES ${builtin_archives} DESTINATION ${CMAKE_INSTALL_LIBDIR} RENAME libwrl-engines.a)
    endif()
else()
    wrl_install_library(wrl_static static)
    wrl_install_pc(wrl)
endif()
if(TARGET wrl_wasmtime_static)
    wrl_install_library(wrl_wasmtime_static wasmtime)
    wrl_install_pc(wrl-wasmtime)
endif()

configure_package_config_file(
    "${PROJECT_SOURCE_DIR}/packaging/wrlConfig.cmake.in" "${PROJECT_BINARY_DIR}/packaging/wrlConfig.cmake"
    INSTALL_DESTINATION "${wrl_cmake_dir}" NO_SET_AND_CHECK_MACRO)
# While the major version is 0, a new minor version may break the interface.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/packaging/wrlConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/packaging/wrlConfig.cmake" "${PROJECT_BINARY_DIR}/packaging/wrlConfigVersion.cmake"
        DESTINATION "${wrl_cmake_dir}")
