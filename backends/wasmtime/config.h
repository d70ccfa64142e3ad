/**
 * @file
 * The configuration of engines. Private.
 */
#ifndef WT_CONFIG_H
#define WT_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <wasmtime.h>

/**
 * The native stack for one outermost call, in bytes: for guest frames and the host's frames between them. With
 * wasmtime's default of 512 KiB, reentrant calls through host functions with large frames would overflow the stack long
 * before the core's limit on nested calls. Threads usually have 2 MiB or more.
 */
#define WT_STACK_SIZE ((size_t)1024 * 1024)

/** Makes a configuration for wasm_engine_new_with_config(), which takes ownership of it. */
wasm_config_t *wt_config(size_t stack_size, bool fuel);

#endif
