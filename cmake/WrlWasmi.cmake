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
# The crate whose program makes such calls, see there. Tests have others.
if(NOT WRL_WASMI_PROBE)
    set(WRL_WASMI_PROBE "${CMAKE_CURRENT_LIST_DIR}/tail_calls")
endif()

# wrl_wasmi_dispatch(OUT): what auto stands for here: tail calls if a small program with them can be compiled and comes to its
# end. The answer is kept in the cache, as WRL_WASMI_HAS_TAIL_CALLS.
function(wrl_wasmi_dispatch out)
    set(${out} portable PARENT_SCOPE)
    if(EMSCRIPTEN OR NOT WRL_CARGO)
        return()
    endif()
    if(NOT DEFINED WRL_WASMI_HAS_TAIL_CALLS)
        execute_process(
            COMMAND ${CMAKE_COMMAND} -E env RUSTC_BOOTSTRAP=tail_calls "CARGO_TARGET_DIR=${CMAKE_BINARY_DIR}/tail_calls"
                    "${WRL_CARGO}" run --quiet --release --offline --locked --manifest-path "${WRL_WASMI_PROBE}/Cargo.toml"
            WORKING_DIRECTORY "${CMAKE_BINARY_DIR}"
            RESULT_VARIABLE status
            OUTPUT_FILE "${CMAKE_BINARY_DIR}/tail_calls.log"
            ERROR_FILE "${CMAKE_BINARY_DIR}/tail_calls.log")
        set(works OFF)
        if(status EQUAL 0)
            set(works ON)
        endif()
        set(WRL_WASMI_HAS_TAIL_CALLS ${works} CACHE BOOL "Whether Rust has the tail calls that wasmi can be built with")
        mark_as_advanced(WRL_WASMI_HAS_TAIL_CALLS)
    endif()
    if(WRL_WASMI_HAS_TAIL_CALLS)
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
