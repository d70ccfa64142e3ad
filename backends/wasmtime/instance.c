/*
 * Instances, and finding the instance that called the host.
 *
 * wasmtime numbers the instances of a store in the order in which it makes them. It returns the number of an instance
 * only after the instance is complete: after its segments were written and its start function ran. But an instance may
 * call host functions earlier, from its start function. It may also call them after its instantiation failed, through
 * functions that it left in a table. In both cases its number is unknown.
 *
 * Each attempt to make an instance therefore owns a range of numbers: from the first number that may be unused when the
 * attempt begins, to where the range of the next attempt begins. An attempt makes at most one instance that can call,
 * so a caller whose number is in the range is that instance. The end of a range must be certain. If the number of the
 * previous attempt's instance is unknown, an attempt therefore makes a table first, whose number separates the two
 * ranges.
 */
#include "backend.h"

#include <string.h>

static bool reserve(wt_store_t *store)
{
    if (store->instance_count < store->instance_capacity) {
        return true;
    }
    size_t capacity = store->instance_capacity == 0 ? 8 : 2 * store->instance_capacity;
    if (capacity > SIZE_MAX / sizeof(*store->instances)) {
        return false;
    }
    wt_instance_t *grown = store->core->alloc(capacity * sizeof(*grown));
    if (grown == NULL) {
        return false;
    }
    if (store->instance_count > 0) {
        memcpy(grown, store->instances, store->instance_count * sizeof(*grown));
    }
    store->core->free(store->instances);
    store->instances = grown;
    store->instance_capacity = capacity;
    return true;
}

void wt_delete_instances(wt_store_t *store)
{
    store->core->free(store->instances);
    store->instances = NULL;
}

/* Makes the engine use a number, and reports it: tables are numbered like instances. */
static wrl_error_t *use_number(wt_store_t *store, uint64_t *number)
{
    const wrl_tabletype_t type = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 0, 0);
    const wrl_raw_t null = {.words = {0, 0}};
    wrl_backend_ref_t table;
    wrl_error_t *error = wt_table_new(store, &type, &null, &table);
    if (error == NULL) {
        *number = wt_table(store, table).__private1;
    }
    return error;
}

/* Begins an attempt, which becomes the last in the list. */
static wrl_error_t *begin(wt_store_t *store, uint64_t key)
{
    if (!reserve(store)) {
        return wt_plain_error(store->core, WRL_ERROR_OUT_OF_MEMORY);
    }
    uint64_t used = 0; /* The engine uses number 0 itself, for the host as a caller. */
    if (store->instance_count > 0) {
        used = store->instances[store->instance_count - 1].number;
        wrl_error_t *error = used == 0 ? use_number(store, &used) : NULL;
        if (error != NULL) {
            return error;
        }
    }
    store->instances[store->instance_count] = (wt_instance_t){.key = key, .first = used + 1};
    store->instance_count++;
    return NULL;
}

/* Returns the index of the attempt that owns a number, or the list's length if there is none. */
static size_t find(const wt_store_t *store, uint64_t number)
{
    /* The ranges of the attempts before low begin at or below the number. */
    size_t low = 0, high = store->instance_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (store->instances[middle].first <= number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 ? store->instance_count : low - 1;
}

static wrl_error_t *make(wt_store_t *store, size_t place, void *module, const wrl_backend_extern_t *imports,
                         size_t import_count)
{
    wasmtime_extern_t *externs = NULL;
    if (import_count > 0) {
        externs = store->core->alloc(import_count * sizeof(*externs));
        if (externs == NULL) {
            return wt_plain_error(store->core, WRL_ERROR_OUT_OF_MEMORY);
        }
    }
    for (size_t i = 0; i < import_count; i++) {
        wt_extern_down(store, &imports[i], &externs[i]);
    }
    wasmtime_instance_t made;
    wasm_trap_t *trap = NULL;
    store->entered++;
    wasmtime_error_t *error = wrl__wasmtime_instance_new(store->context, module, externs, import_count, &made, &trap);
    store->entered--;
    store->core->free(externs);
    if (error != NULL || trap != NULL) {
        return wt_instance_error(store, error, trap);
    }
    wt_learn_id(store, made.store_id);
    /* The engine only sets the lower half. */
    store->instances[place].number = (uint32_t)made.__private;
    return NULL;
}

wrl_error_t *wt_instance_new(void *store, void *module, const wrl_backend_extern_t *imports, size_t import_count,
                             uint64_t key, wrl_backend_ref_t *instance)
{
    wt_store_t *self = store;
    wrl_error_t *error = begin(self, key);
    if (error != NULL) {
        return error;
    }
    size_t place = self->instance_count - 1;
    error = make(self, place, module, imports, import_count);
    if (error == NULL) {
        *instance = wt_ref_from_instance(place);
    }
    return error;
}

wrl_error_t *wt_instance_export(void *store, wrl_backend_ref_t instance, size_t index, const char *name,
                                size_t name_size, const wrl_externtype_t *type, wrl_backend_ref_t *item)
{
    (void)index;
    (void)type;
    wt_store_t *self = store;
    wasmtime_instance_t from = {self->id, (size_t)self->instances[wt_instance_place(instance)].number};
    wasmtime_extern_t found;
    /* A lookup by name is a hash lookup, but a lookup by index is a linear search. */
    if (!wasmtime_instance_export_get(self->context, &from, name, name_size, &found)) {
        return wt_plain_error(self->core, WRL_ERROR_INVALID_ARGUMENT);
    }
    wrl_backend_extern_t up;
    if (!wt_extern_up(self, &found, &up)) {
        return wt_plain_error(self->core, WRL_ERROR_OUT_OF_MEMORY);
    }
    *item = up.ref;
    return NULL;
}

/*
 * Reports the number of the calling instance. The C API has no function for this, so the number is read from the
 * caller. A caller consists of the context and a handle of the instance: the store's number and the instance's number.
 * The C API returns the context, and the store's number is known, so both can be compared to find the layout. backend.h
 * pins the version of wasmtime.
 */
static bool number_of(const wt_store_t *store, wasmtime_caller_t *caller, uint64_t *number)
{
    uint64_t words[3];
    memcpy(words, caller, sizeof(words));
    uint64_t context = (uint64_t)(uintptr_t)wasmtime_caller_context(caller);
    if (words[0] == context && words[1] == store->id) {
        *number = (uint32_t)words[2];
        return true;
    }
    if (words[2] == context && words[0] == store->id) {
        *number = (uint32_t)words[1];
        return true;
    }
    return false;
}

bool wt_caller_instance(void *store, void *caller, uint64_t *key, wrl_backend_ref_t *instance)
{
    wt_store_t *self = store;
    uint64_t number;
    if (caller == NULL || !number_of(self, caller, &number)) {
        return false;
    }
    size_t place = find(self, number);
    if (place == self->instance_count) {
        return false;
    }
    wt_instance_t *found = &self->instances[place];
    if (found->number == 0) {
        found->number = number;
    }
    *key = found->key;
    *instance = wt_ref_from_instance(place);
    return found->number == number;
}
