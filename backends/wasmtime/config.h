/**
 * @file
 * The configuration of engines. Private.
 */
#ifndef WT_CONFIG_H
#define WT_CONFIG_H

#include <stddef.h>
#include <wasmtime.h>

/**
 * How much of the native stack one outermost call may take, guest frames and the host's frames between them together.
 * wasmtime's own 512 KiB would let deep re-entry through larger host functions end in a stack overflow well before the
 * core's limit; common threads have 2 MiB or more.
 */
#define WT_STACK_SIZE ((size_t)1024 * 1024)

/** A configuration for wasm_engine_new_with_config(), which takes it over. */
wasm_config_t *wt_config(size_t stack_size);

#endif
