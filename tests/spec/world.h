/* The state of a .wast file: its store, its modules, and the names that it has registered. */
#ifndef SPEC_WORLD_H
#define SPEC_WORLD_H

#include "script.h"
#include "value.h"
#include "wrl.h"

typedef struct spec_module {
    spec_bytes_t id;      /* Empty for a module without an id. */
    uint32_t line;        /* The module's line. */
    wrl_module_t *module; /* NULL if the engine rejected the module. */
    bool is_instance;     /* False for a definition and after a failed instantiation. */
    wrl_instance_t instance;
} spec_module_t;

typedef struct spec_world {
    wrl_engine_t *engine;
    wrl_store_t *store;
    wrl_imports_t *imports;
    spec_refs_t refs;
    spec_module_t *modules;
    size_t module_count;
    size_t current;        /* The index of the current module plus one, or 0 for none. */
    spec_bytes_t *missing; /* The names under which missing modules were registered. */
    size_t missing_count;
    bool left_out; /* Whether the converter left out a module, which may have had any id. */
} spec_world_t;

/* Makes the store and "spectest" in it. After an error there is nothing to release. */
wrl_error_t *spec_world_begin(spec_world_t *world, wrl_engine_t *engine);
void spec_world_end(spec_world_t *world);

/* Gives the store as much fuel as there can be. On wasmtime, traps take it. */
void spec_world_fill(const spec_world_t *world);

/* Adds a module and takes ownership of `module->module`. Errors: OUT_OF_MEMORY. The module is then released. */
wrl_error_t *spec_world_add(spec_world_t *world, const spec_module_t *module);

/* Returns the last module with that id, or the current one for an empty id. Returns NULL if there is none. */
const spec_module_t *spec_world_find(const spec_world_t *world, spec_bytes_t id);

/* Registers the exports of an instance, or records that the name stands for a missing module. */
wrl_error_t *spec_world_register(spec_world_t *world, spec_bytes_t name, const spec_module_t *module);

/* Returns whether a module imports from a name that stands for a missing module. */
bool spec_world_misses(const spec_world_t *world, const wrl_module_t *module);

#endif
