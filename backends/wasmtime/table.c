/* Tables. */
#include "backend.h"

#include <string.h>

/* ---- Tables that the C API cannot describe -------------------------------------------------------------------------
 *
 * wasm_limits_t has 32 bits, and its largest number means "no maximum". For other tables, the backend generates a
 * module that only defines and exports an empty table of the required type, and then grows the table.
 */

#define WT_TABLE_LIMIT_MAX 0x01
#define WT_TABLE_LIMIT_64 0x04

static size_t write_leb128(uint8_t *to, uint64_t value)
{
    size_t size = 0;
    do {
        uint8_t byte = value & 0x7f;
        value >>= 7;
        to[size++] = value != 0 ? byte | 0x80 : byte;
    } while (value != 0);
    return size;
}

/* Encodes a nullable reference type. */
static uint8_t element_byte(wrl_valtype_t element)
{
    int32_t heap = element.kind == WRL_VALKIND_FUNCREF     ? WRL_HEAP_FUNC
                   : element.kind == WRL_VALKIND_EXTERNREF ? WRL_HEAP_EXTERN
                                                           : element.heap;
    return (uint8_t)(heap + 0x80);
}

/* Writes the module to a buffer of 64 bytes. */
static size_t write_table_module(const wrl_tabletype_t *type, uint8_t *to)
{
    static const uint8_t header[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    static const uint8_t exports[] = {7, 5, 1, 1, 't', 1, 0};
    uint8_t table[16];
    size_t table_size = 0;
    bool has_max = type->max != WRL_NO_MAX;
    table[table_size++] = 1; /* One table. */
    table[table_size++] = element_byte(type->element);
    table[table_size++] = (uint8_t)((has_max ? WT_TABLE_LIMIT_MAX : 0) | (type->is_64 ? WT_TABLE_LIMIT_64 : 0));
    table[table_size++] = 0; /* The minimum. */
    if (has_max) {
        table_size += write_leb128(table + table_size, type->max);
    }
    size_t size = sizeof(header);
    memcpy(to, header, sizeof(header));
    to[size++] = 4; /* The table section. */
    to[size++] = (uint8_t)table_size;
    memcpy(to + size, table, table_size);
    size += table_size;
    memcpy(to + size, exports, sizeof(exports));
    return size + sizeof(exports);
}

static wasmtime_error_t *instantiate(wt_store_t *store, const wrl_wasmtime_module_t *module, wasmtime_table_t *table)
{
    wasmtime_instance_t instance;
    wasm_trap_t *trap = NULL;
    wasmtime_error_t *error = wrl__wasmtime_instance_new(store->context, module, NULL, 0, &instance, &trap);
    if (trap != NULL) {
        wasm_trap_delete(trap);
        return wasmtime_error_new("");
    }
    if (error != NULL) {
        return error;
    }
    wasmtime_extern_t item;
    if (!wasmtime_instance_export_get(store->context, &instance, "t", 1, &item)) {
        return wasmtime_error_new("");
    }
    *table = item.of.table;
    return NULL;
}

static wasmtime_error_t *new_by_module(wt_store_t *store, const wrl_tabletype_t *type, const wasmtime_val_t *initial,
                                       wasmtime_table_t *table)
{
    uint8_t bytes[64];
    size_t size = write_table_module(type, bytes);
    wrl_wasmtime_module_t *module = NULL;
    wasmtime_error_t *error = wrl__wasmtime_module_new(store->engine, bytes, size, &module);
    if (error != NULL) {
        return error;
    }
    error = instantiate(store, module, table);
    wrl__wasmtime_module_delete(module);
    if (error != NULL) {
        return error;
    }
    uint64_t previous;
    return wrl__wasmtime_table_grow(store->context, table, type->min, initial, &previous);
}

/* ---- All tables ----------------------------------------------------------------------------------------------------
 */

static wasmtime_error_t *new_by_type(wt_store_t *store, const wrl_tabletype_t *type, const wasmtime_val_t *initial,
                                     wasmtime_table_t *table)
{
    wasm_limits_t limits;
    limits.min = (uint32_t)type->min;
    limits.max = type->max == WRL_NO_MAX ? wasm_limits_max_default : (uint32_t)type->max;
    wasm_tabletype_t *engine_type = wasm_tabletype_new(wt_valtype(store->engine, type->element), &limits);
    wasmtime_error_t *error = wasmtime_table_new(store->context, engine_type, initial, table);
    wasm_tabletype_delete(engine_type);
    return error;
}

wrl_error_t *wt_table_new(void *store, const wrl_tabletype_t *type, const wrl_raw_t *initial, wrl_backend_ref_t *table)
{
    wt_store_t *self = store;
    wasmtime_val_t val = wt_val_down(self, type->element, initial);
    bool fits = !type->is_64 && type->min <= UINT32_MAX && (type->max == WRL_NO_MAX || type->max < UINT32_MAX);
    if (!fits && type->element.kind == WRL_VALKIND_REF && (type->element.flags & WRL_VALTYPE_NULLABLE) == 0) {
        /* In a module, a table of non-nullable elements needs an initial value, which the generated module cannot have.
         */
        return wt_plain_error(self->core, WRL_ERROR_UNSUPPORTED);
    }
    if (!fits && wt_is_forked()) {
        return wt_plain_error(self->core, WRL_ERROR_UNSUPPORTED);
    }
    wasmtime_table_t made = {0};
    wasmtime_error_t *error = fits ? new_by_type(self, type, &val, &made) : new_by_module(self, type, &val, &made);
    if (error != NULL) {
        return wt_error(self->core, WRL_ERROR_RESOURCE_LIMIT, error);
    }
    wt_learn_id(self, made.store_id);
    *table = wt_ref_from_table(&made);
    return NULL;
}

uint64_t wt_table_size(void *store, wrl_backend_ref_t table)
{
    wt_store_t *self = store;
    wasmtime_table_t from = wt_table(self, table);
    return wasmtime_table_size(self->context, &from);
}

wrl_error_t *wt_table_get(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                          wrl_raw_t *value)
{
    wt_store_t *self = store;
    wasmtime_table_t from = wt_table(self, table);
    if (!wt_reserve_up(self, &type->element, 1)) {
        return wt_plain_error(self->core, WRL_ERROR_OUT_OF_MEMORY);
    }
    wasmtime_val_t val;
    if (!wasmtime_table_get(self->context, &from, index, &val)) {
        return wt_plain_error(self->core, WRL_ERROR_INVALID_ARGUMENT);
    }
    wt_val_up(self, &val, value);
    return NULL;
}

wrl_error_t *wt_table_set(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                          const wrl_raw_t *value)
{
    wt_store_t *self = store;
    wasmtime_table_t to = wt_table(self, table);
    wasmtime_val_t val = wt_val_down(self, type->element, value);
    wasmtime_error_t *error = wasmtime_table_set(self->context, &to, index, &val);
    return error == NULL ? NULL : wt_error(self->core, WRL_ERROR_INVALID_ARGUMENT, error);
}

wrl_error_t *wt_table_grow(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t delta,
                           const wrl_raw_t *initial, uint64_t *previous_size)
{
    wt_store_t *self = store;
    wasmtime_table_t to = wt_table(self, table);
    wasmtime_val_t val = wt_val_down(self, type->element, initial);
    wasmtime_error_t *error = wrl__wasmtime_table_grow(self->context, &to, delta, &val, previous_size);
    return error == NULL ? NULL : wt_error(self->core, WRL_ERROR_RESOURCE_LIMIT, error);
}
