/**
 * @file
 * Functions of engine/src. They replace functions of wasmtime's C API that would end the process if wasmtime panics.
 * Parameters and results are the same, but a panic is returned as an error.
 */
#ifndef WT_GLUE_H
#define WT_GLUE_H

#include "config.h"

/** A module. The C API's own type cannot be constructed outside of the C API. */
typedef struct wrl_wasmtime_module wrl_wasmtime_module_t;

/** Makes an engine. Takes ownership of the config. */
wasmtime_error_t *wrl__wasmtime_engine_new(wasm_config_t *config, wasm_engine_t **engine);

/** `size` is not 0. */
wasmtime_error_t *wrl__wasmtime_module_new(const wasm_engine_t *engine, const uint8_t *bytes, size_t size,
                                           wrl_wasmtime_module_t **module);
wasmtime_error_t *wrl__wasmtime_module_validate(const wasm_engine_t *engine, const uint8_t *bytes, size_t size);
void wrl__wasmtime_module_delete(wrl_wasmtime_module_t *module);

/** Sets the limits of a new store. */
void wrl__wasmtime_store_limit(wasmtime_store_t *store);
void wrl__wasmtime_store_delete(wasmtime_store_t *store);

/** The caller sets `*trap` to NULL. */
wasmtime_error_t *wrl__wasmtime_instance_new(wasmtime_context_t *context, const wrl_wasmtime_module_t *module,
                                             const wasmtime_extern_t *imports, size_t import_count,
                                             wasmtime_instance_t *instance, wasm_trap_t **trap);

/** The caller sets `*trap` to NULL. */
wasmtime_error_t *wrl__wasmtime_call_unchecked(wasmtime_context_t *context, const wasmtime_func_t *func,
                                               wasmtime_val_raw_t *slots, size_t count, wasm_trap_t **trap);
/** The caller sets `*trap` to NULL. */
wasmtime_error_t *wrl__wasmtime_call(wasmtime_context_t *context, const wasmtime_func_t *func,
                                     const wasmtime_val_t *args, size_t arg_count, wasmtime_val_t *results,
                                     size_t result_count, wasm_trap_t **trap);
/** Checks that values have the types of the function's parameters, or of its results if `are_results`. */
wasmtime_error_t *wrl__wasmtime_expect(wasmtime_context_t *context, const wasmtime_func_t *func, bool are_results,
                                       const wasmtime_val_t *vals, size_t count);
/** Discards the exception that a call has left in the store. Returns false if there is none. */
bool wrl__wasmtime_end_exception(wasmtime_context_t *context);

wasmtime_error_t *wrl__wasmtime_memory_grow(wasmtime_context_t *context, const wasmtime_memory_t *memory,
                                            uint64_t delta, uint64_t *previous);
wasmtime_error_t *wrl__wasmtime_sharedmemory_grow(const wasmtime_sharedmemory_t *memory, uint64_t delta,
                                                  uint64_t *previous);
wasmtime_error_t *wrl__wasmtime_table_grow(wasmtime_context_t *context, const wasmtime_table_t *table, uint64_t delta,
                                           const wasmtime_val_t *initial, uint64_t *previous);

/** Reports the engine's message without the backtrace: a line for each cause, outermost first; each line except the
 * last ends with a colon. The C API's messages contain the backtrace with demangled names of the guest. Demangling has
 * no bound on time, memory and native stack. The caller passes empty `*words`, and deletes them. */
void wrl__wasmtime_error_words(const wasmtime_error_t *error, wasm_byte_vec_t *words);
/** Does the same for a trap. Includes the message for the trap's code only if `with_code`. */
void wrl__wasmtime_trap_words(const wasm_trap_t *trap, bool with_code, wasm_byte_vec_t *words);
bool wrl__wasmtime_error_is_panic(const wasmtime_error_t *error);

#endif
