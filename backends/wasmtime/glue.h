/**
 * @file
 * Functions of engine/src, which stand for those of wasmtime's C API that would end the process where wasmtime panics.
 * They take and return what those do; a panic is an error.
 */
#ifndef WT_GLUE_H
#define WT_GLUE_H

#include "config.h"

/** A module. The C API's own type cannot be made outside of it. */
typedef struct wrl_wasmtime_module wrl_wasmtime_module_t;

/** Takes over the config. */
wasmtime_error_t *wrl_wasmtime_engine_new(wasm_config_t *config, wasm_engine_t **engine);

/** `size` is not 0. */
wasmtime_error_t *wrl_wasmtime_module_new(const wasm_engine_t *engine, const uint8_t *bytes, size_t size,
                                          wrl_wasmtime_module_t **module);
wasmtime_error_t *wrl_wasmtime_module_validate(const wasm_engine_t *engine, const uint8_t *bytes, size_t size);
void wrl_wasmtime_module_delete(wrl_wasmtime_module_t *module);

/** Sets the limits of a new store. */
void wrl_wasmtime_store_limit(wasmtime_store_t *store);
void wrl_wasmtime_store_delete(wasmtime_store_t *store);

/** `*trap` is NULL before. */
wasmtime_error_t *wrl_wasmtime_instance_new(wasmtime_context_t *context, const wrl_wasmtime_module_t *module,
                                            const wasmtime_extern_t *imports, size_t import_count,
                                            wasmtime_instance_t *instance, wasm_trap_t **trap);

/** `*trap` is NULL before. */
wasmtime_error_t *wrl_wasmtime_call_unchecked(wasmtime_context_t *context, const wasmtime_func_t *func,
                                              wasmtime_val_raw_t *slots, size_t count, wasm_trap_t **trap);
/** `*trap` is NULL before. */
wasmtime_error_t *wrl_wasmtime_call(wasmtime_context_t *context, const wasmtime_func_t *func,
                                    const wasmtime_val_t *args, size_t arg_count, wasmtime_val_t *results,
                                    size_t result_count, wasm_trap_t **trap);
/** An error if values are not of the types of the function's parameters, or of its results. */
wasmtime_error_t *wrl_wasmtime_expect(wasmtime_context_t *context, const wasmtime_func_t *func, bool are_results,
                                      const wasmtime_val_t *vals, size_t count);
/** Ends the exception that a call has left in the store. Returns false if there is none. */
bool wrl_wasmtime_end_exception(wasmtime_context_t *context);

wasmtime_error_t *wrl_wasmtime_memory_grow(wasmtime_context_t *context, const wasmtime_memory_t *memory, uint64_t delta,
                                           uint64_t *previous);
wasmtime_error_t *wrl_wasmtime_sharedmemory_grow(const wasmtime_sharedmemory_t *memory, uint64_t delta,
                                                 uint64_t *previous);
wasmtime_error_t *wrl_wasmtime_table_grow(wasmtime_context_t *context, const wasmtime_table_t *table, uint64_t delta,
                                          const wasmtime_val_t *initial, uint64_t *previous);

/** What the engine says, without the backtrace: a line for each cause, outermost first, all but the last with a colon
 * at its end. The C API's messages have the backtrace in them, and the guest's names demangled, which may take any
 * time, memory and native stack. `*words` is empty before, and the caller's to delete. */
void wrl_wasmtime_error_words(const wasmtime_error_t *error, wasm_byte_vec_t *words);
/** The same of a trap; the words for its code are left out, unless `with_code`. */
void wrl_wasmtime_trap_words(const wasm_trap_t *trap, bool with_code, wasm_byte_vec_t *words);
bool wrl_wasmtime_error_is_panic(const wasmtime_error_t *error);

#endif
