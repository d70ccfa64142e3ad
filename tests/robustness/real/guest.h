/* Helpers that the programs here share: files, and an instance of a module. */
#ifndef REAL_GUEST_H
#define REAL_GUEST_H

#include <wrl.h>

/* Prints the error and ends the program with status 1. Does nothing for NULL. */
void must(wrl_error_t *error, const char *what);

/* Prints the problem and ends the program with status 1. */
void fail(const char *what, const char *detail);

/* Reads a whole file. Ends the program if that fails. The data is never NULL; the caller passes it to free(). */
uint8_t *read_file(const char *path, size_t *size);

void write_file(const char *path, const uint8_t *data, size_t size);

typedef struct guest {
    wrl_engine_t *engine;
    wrl_store_t *store;
    wrl_module_t *module;
    wrl_instance_t instance;
    wrl_memory_t memory;
} guest_t;

/* Compiles `path` for a backend and makes a store. */
void guest_load(guest_t *guest, const char *backend, const char *path);

/* Instantiates the module. `memory` is the name of its exported memory. */
void guest_start(guest_t *guest, const wrl_imports_t *imports, const char *memory);

/* Returns an exported function, whose type must match: `params` and `results` are strings such as "iil", with i for i32
 * and l for i64. */
wrl_func_t guest_func(const guest_t *guest, const char *name, const char *params, const char *results);

/* Calls a function with one result. */
wrl_val_t guest_call(const guest_t *guest, wrl_func_t func, const wrl_val_t *args, size_t arg_count);

/* Grows the memory to at least `bytes`. */
void guest_reserve(const guest_t *guest, uint64_t bytes);

void guest_end(guest_t *guest);

#endif
