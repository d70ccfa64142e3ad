# How wasmi goes from one instruction to the next.
#
# By its own choice wasmi 2.0.0 leaves it to the optimiser to make the call at the end of each instruction a jump. For
# memory.grow and table.grow it does not, so that a guest with a loop around one of these uses up the native stack: the
# process ends. There are two safe ways:
#
#   tail-calls  Rust's `become`: a jump, or the crate does not compile. Not stable in Rust yet, hence RUSTC_BOOTSTRAP, for
#               wasmi alone.
#   portable    A loop. For any compiler and machine, and two to three times slower.

set(WRL_WASMI_DISPATCH auto CACHE STRING "How wasmi goes from instruction to instruction: tail-calls, portable, or auto")
set_property(CACHE WRL_WASMI_DISPATCH PROPERTY STRINGS auto tail-calls portable)
# The oldest Rust that tail calls are tested with.
set(WRL_WASMI_TAIL_CALLS_RUST 1.95)

# wrl_wasmi_dispatch(OUT): what auto stands for here: tail calls where Rust compiles them and they are known to work.
function(wrl_wasmi_dispatch out)
    set(${out} portable PARENT_SCOPE)
    if(EMSCRIPTEN OR NOT WRL_CARGO)
        return()
    endif()
    execute_process(COMMAND "${WRL_CARGO}" --version --verbose OUTPUT_VARIABLE version)
    if(NOT version MATCHES "\nhost: (x86_64|aarch64)-")
        return()
    endif()
    string(REGEX MATCH "\nrelease: ([0-9.]+)" release "${version}")
    if(CMAKE_MATCH_1 VERSION_GREATER_EQUAL WRL_WASMI_TAIL_CALLS_RUST)
        set(${out} tail-calls PARENT_SCOPE)
    endif()
endfunction()

set(wrl_wasmi_dispatch ${WRL_WASMI_DISPATCH})
if(wrl_wasmi_dispatch STREQUAL "auto")
    wrl_wasmi_dispatch(wrl_wasmi_dispatch)
endif()
# For every crate that has wasmi in it.
if(wrl_wasmi_dispatch STREQUAL "tail-calls")
    if(EMSCRIPTEN)
        message(FATAL_ERROR "WRL_WASMI_DISPATCH is tail-calls; for Emscripten it has to be auto or portable")
    endif()
    set(WRL_WASMI_CARGO ARGUMENTS --no-default-features --features tail-calls ENVIRONMENT RUSTC_BOOTSTRAP=wasmi)
elseif(wrl_wasmi_dispatch STREQUAL "portable")
    set(WRL_WASMI_CARGO "")
else()
    message(FATAL_ERROR "WRL_WASMI_DISPATCH is ${WRL_WASMI_DISPATCH}; it has to be auto, tail-calls or portable")
endif()
message(STATUS "wasmi's dispatch: ${wrl_wasmi_dispatch}")
