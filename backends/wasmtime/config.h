/**
 * @file
 * The configuration of engines. Private.
 */
#ifndef WT_CONFIG_H
#define WT_CONFIG_H

#include <stddef.h>
#include <wasmtime.h>

/** A configuration for wasm_engine_new_with_config(), which takes it over. */
wasm_config_t *wt_config(void);

#endif
