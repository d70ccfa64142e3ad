/* Tables. */
#include "backend.h"
#include "store_glue.h"

static bool holds_funcs(const wrl_tabletype_t *type)
{
    return type->element.kind == WRL_VALKIND_FUNCREF;
}

static wrl_error_t *result(void *store, bool done)
{
    return done ? NULL : wrl__jsb_last_error(((js_store_t *)store)->core, WRL_ERROR_RESOURCE_LIMIT);
}

wrl_error_t *wrl__jsb_table_new(void *store, const wrl_tabletype_t *type, const wrl_raw_t *initial,
                                wrl_backend_ref_t *table)
{
    double max = type->max == WRL_NO_MAX ? -1 : (double)type->max;
    int made = wrl__js_table_new(store, holds_funcs(type), (double)type->min, max, type->is_64, initial);
    *table = (wrl_backend_ref_t){{(uint32_t)made, 0}};
    return result(store, made);
}

uint64_t wrl__jsb_table_size(void *store, wrl_backend_ref_t table)
{
    (void)store;
    return (uint64_t)wrl__js_table_size((int)table.words[0]);
}

wrl_error_t *wrl__jsb_table_get(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                                wrl_raw_t *value)
{
    wrl__js_table_get(store, (int)table.words[0], (double)index, type->is_64, holds_funcs(type), value);
    return NULL;
}

wrl_error_t *wrl__jsb_table_set(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                                const wrl_raw_t *value)
{
    return result(store, wrl__js_table_set((int)table.words[0], (double)index, type->is_64, holds_funcs(type), value));
}

wrl_error_t *wrl__jsb_table_grow(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t delta,
                                 const wrl_raw_t *initial, uint64_t *previous_size)
{
    double previous = wrl__js_table_grow((int)table.words[0], (double)delta, type->is_64, holds_funcs(type), initial);
    if (previous >= 0) {
        *previous_size = (uint64_t)previous;
    }
    return result(store, previous >= 0);
}
