/* Types: internals. */
#ifndef WRL_SRC_TYPE_H
#define WRL_SRC_TYPE_H

#include "wrl/error.h"
#include "wrl/type.h"

bool wrl__valtype_is_ref(wrl_valtype_t type);

/* Whether the type refers to another type of its module, which has no meaning outside the module. */
bool wrl__valtype_is_indexed(wrl_valtype_t type);

/* Checks a type that a program passes. `name` is the name of the parameter. */
wrl_error_t *wrl__valtype_check(wrl_valtype_t type, const char *name);
wrl_error_t *wrl__functype_check(const wrl_functype_t *type, const char *name);

/* Checks the limits of a memory or table type that a program passes as the parameter `type`. `most` is the limit of the
 * address space, and `units` says what the limits count. */
wrl_error_t *wrl__limits_check(uint64_t min, uint64_t max, uint64_t most, const char *units);

/* Returns the most pages that a memory of the type can have: they must lie in its address space, and their number must
 * fit the index type (core specification, "Limits"; custom-page-sizes proposal). */
static inline uint64_t wrl__memorytype_page_limit(const wrl_memorytype_t *type)
{
    unsigned bits = (type->is_64 ? 64u : 32u) - type->page_size_log2;
    uint64_t largest = type->is_64 ? UINT64_MAX : UINT32_MAX;
    return bits >= (type->is_64 ? 64u : 32u) ? largest : UINT64_C(1) << bits;
}

/* Copies a type to one block, which wrl__free() frees. Returns NULL if memory runs out. */
wrl_functype_t *wrl__functype_copy(const wrl_functype_t *type);

#endif
