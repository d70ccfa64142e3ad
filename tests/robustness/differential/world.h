/* A store and its objects: values to pass, ids for references, and host functions. A seed, a name and a count determine
 * every decision. All engines, and all shrunk versions of a module, therefore see the same world. */
#ifndef WRL_TESTS_DIFFERENTIAL_WORLD_H
#define WRL_TESTS_DIFFERENTIAL_WORLD_H

#include "transcript.h"

enum { WORLD_EXTERNREFS = 3, WORLD_FUNCS = 64, WORLD_REFS = 8 };

typedef struct world {
    wrl_engine_t *engine;
    wrl_store_t *store;
    transcript_t *transcript;
    uint64_t seed;
    wrl_externref_t externrefs[WORLD_EXTERNREFS];
    wrl_func_t funcs[WORLD_FUNCS]; /* In the order in which they were first seen. */
    size_t func_count;
    wrl_ref_t refs[WORLD_REFS]; /* The first references that were seen. The world holds them. */
    size_t ref_count;
    size_t host_calls;
    size_t depth; /* The depth of calls back into the guest. */
    struct host_func *host_funcs;
    size_t finalizers_due;
    size_t finalizers_run;
} world_t;

/* Returns false, with nothing to delete, if there is no store. */
bool world_new(world_t *world, wrl_engine_t *engine, uint64_t seed, transcript_t *transcript);
/* Deletes the world. Writes to the transcript if a finalizer has not run exactly once. */
void world_delete(world_t *world);

/* Makes a value to pass. Returns false if none can be made, which may happen for a non-nullable reference. */
bool world_value(const world_t *world, wrl_valtype_t type, uint64_t random, wrl_val_t *value);
/* Makes values of all the types. */
bool world_values(const world_t *world, const wrl_valtype_t *types, size_t count, uint64_t random, wrl_val_t *values);

/* The owner of a hold of a reference: the world, nobody (a host function borrows the reference), or the caller, who
 * releases the hold. */
typedef enum lending { LENDING_OWN, LENDING_LENT, LENDING_HELD } lending_t;

/* Appends a value. Numbers are written as bits, references as null or as the object that they refer to. Keeps some
 * references so that they can be passed back, and releases the other holds. */
void say_value(world_t *world, const wrl_val_t *value, lending_t lending);
void say_values(world_t *world, const wrl_val_t *values, size_t count, lending_t lending);

/* Makes everything that the module imports. Omits externs that cannot be made, and writes them to the transcript. */
wrl_imports_t *world_imports(world_t *world, const wrl_module_t *module);

/* Calls a function with values from `random` and writes the result. */
void world_call(world_t *world, wrl_func_t func, uint64_t random);

#endif
