/* A store and what the program keeps of it: values to give, names for references, host functions. All that it decides
 * is decided by the seed, a name and a count, so that it is the same on every engine, and stays the same while a module
 * shrinks. */
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
    wrl_ref_t refs[WORLD_REFS]; /* The first that were seen, held. */
    size_t ref_count;
    size_t host_calls;
    size_t depth; /* Of calls back into the guest. */
    struct host_func *host_funcs;
    size_t finalizers_due;
    size_t finalizers_run;
} world_t;

/* False, and nothing to delete, if there is no store. */
bool world_new(world_t *world, wrl_engine_t *engine, uint64_t seed, transcript_t *transcript);
/* Says so where finalizers have not run once each. */
void world_delete(world_t *world);

/* A value for the program to give. False if none can be made: a reference that may not be null. */
bool world_value(const world_t *world, wrl_valtype_t type, uint64_t random, wrl_val_t *value);
/* Values for all the types. */
bool world_values(const world_t *world, const wrl_valtype_t *types, size_t count, uint64_t random, wrl_val_t *values);

/* How references come: as the world's own, lent for a host function, or with a hold. */
typedef enum lending { LENDING_OWN, LENDING_LENT, LENDING_HELD } lending_t;

/* The bits of numbers; references by whether they are null, and by what they stand for. Some references are kept, to be
 * given back; the other holds end. */
void say_value(world_t *world, const wrl_val_t *value, lending_t lending);
void say_values(world_t *world, const wrl_val_t *values, size_t count, lending_t lending);

/* All that the module imports. What cannot be made is said, and left out. */
wrl_imports_t *world_imports(world_t *world, const wrl_module_t *module);

/* Calls a function with values from `random`, and says what came of it. */
void world_call(world_t *world, wrl_func_t func, uint64_t random);

#endif
