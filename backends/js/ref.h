/* GC references: what ref.c and ref_item.c share. */
#ifndef WRL_BACKEND_JS_REF_H
#define WRL_BACKEND_JS_REF_H

#include "backend.h"

/* Whether a type is a reference type other than funcref and externref. */
static inline bool js_is_other(const wrl_valtype_t *type)
{
    return type->kind == WRL_VALKIND_REF;
}

/* Whether references of such a type are exceptions. */
static inline bool js_is_exception(const wrl_valtype_t *type)
{
    return type->heap == WRL_HEAP_EXN || type->heap == WRL_HEAP_NOEXN;
}

/* Globals and tables of all types (ref_item.c): functions of the description. */
wrl_error_t *wrl__jsb_ref_global_new(void *store, const wrl_globaltype_t *type, const wrl_raw_t *initial,
                                     wrl_backend_ref_t *global);
wrl_error_t *wrl__jsb_ref_global_get(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type,
                                     wrl_raw_t *value);
wrl_error_t *wrl__jsb_ref_global_set(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type,
                                     const wrl_raw_t *value);
wrl_error_t *wrl__jsb_ref_table_new(void *store, const wrl_tabletype_t *type, const wrl_raw_t *initial,
                                    wrl_backend_ref_t *table);
wrl_error_t *wrl__jsb_ref_table_get(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                                    wrl_raw_t *value);
wrl_error_t *wrl__jsb_ref_table_set(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                                    const wrl_raw_t *value);
wrl_error_t *wrl__jsb_ref_table_grow(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t delta,
                                     const wrl_raw_t *initial, uint64_t *previous_size);

#endif
