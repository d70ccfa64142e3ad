/* What one .wast file has made so far: its store, its modules, and the names that it registered. */
#ifndef SPEC_WORLD_H
#define SPEC_WORLD_H

#include "script.h"
#include "value.h"
#include "wrl.h"

typedef struct spec_module {
    spec_bytes_t id;      /* Empty if it has none. */
    uint32_t line;        /* Where it is. */
    wrl_module_t *module; /* NULL if the engine refused it. */
    bool is_instance;     /* Otherwise a definition, or no instance could be made. */
    wrl_instance_t instance;
} spec_module_t;

typedef struct spec_world {
    wrl_engine_t *engine;
    wrl_store_t *store;
    wrl_imports_t *imports;
    spec_refs_t refs;
    spec_module_t *modules;
    size_t module_count;
    size_t current;        /* Index and one more of the current module; 0 for none. */
    spec_bytes_t *missing; /* Names under which modules were registered that are not there. */
    size_t missing_count;
    bool left_out; /* The converter left out a module, which may have had any id. */
} spec_world_t;

/* Makes the store and "spectest" in it. On an error there is nothing to be ended. */
wrl_error_t *spec_world_begin(spec_world_t *world, wrl_engine_t *engine);
void spec_world_end(spec_world_t *world);

/* Adds a module, which owns `module->module` then. Errors: OUT_OF_MEMORY; the module is released. */
wrl_error_t *spec_world_add(spec_world_t *world, const spec_module_t *module);

/* The last module of that id, or the current one for an empty id; NULL if there is none. */
const spec_module_t *spec_world_find(const spec_world_t *world, spec_bytes_t id);

/* Registers the exports of an instance, or that a name stands for nothing. */
wrl_error_t *spec_world_register(spec_world_t *world, spec_bytes_t name, const spec_module_t *module);

/* Whether it imports from a name that stands for nothing. */
bool spec_world_misses(const spec_world_t *world, const wrl_module_t *module);

#endif
