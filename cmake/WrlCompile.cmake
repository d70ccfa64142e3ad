# wrl_compile_options(TARGET): the warnings, sanitizers and link options that all C code here is built with.

find_package(Threads REQUIRED)

set(WRL_WARNINGS -Wall -Wextra -Wpedantic)
if(WRL_WERROR)
    list(APPEND WRL_WARNINGS -Werror)
endif()
if(WRL_SANITIZE)
    set(WRL_SANITIZE_FLAGS -fsanitize=${WRL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
endif()

function(wrl_compile_options target)
    target_compile_options(${target} PRIVATE ${WRL_WARNINGS} ${WRL_SANITIZE_FLAGS} -ffunction-sections -fdata-sections)
    get_target_property(type ${target} TYPE)
    if(NOT type STREQUAL "OBJECT_LIBRARY" AND NOT type STREQUAL "STATIC_LIBRARY")
        target_link_options(${target} PRIVATE ${WRL_SANITIZE_FLAGS} -Wl,--gc-sections)
    endif()
endfunction()
