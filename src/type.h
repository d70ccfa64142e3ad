/* Types, for the core's own use. */
#ifndef WRL_SRC_TYPE_H
#define WRL_SRC_TYPE_H

#include "wrl/error.h"
#include "wrl/type.h"

bool wrl_valtype_is_ref(wrl_valtype_t type);

/* Whether the type names another type of its module, which means nothing outside. */
bool wrl_valtype_is_indexed(wrl_valtype_t type);

/* Checks of types that a program passes; `name` is the parameter's name. */
wrl_error_t *wrl_valtype_check(wrl_valtype_t type, const char *name);
wrl_error_t *wrl_functype_check(const wrl_functype_t *type, const char *name);

/* The most pages that a memory of the type can have: those of its address space, and a size that fits the index type
 * (core specification, "Limits"; custom-page-sizes proposal). */
static inline uint64_t wrl_memorytype_page_limit(const wrl_memorytype_t *type)
{
    unsigned bits = (type->is_64 ? 64u : 32u) - type->page_size_log2;
    uint64_t largest = type->is_64 ? UINT64_MAX : UINT32_MAX;
    return bits >= (type->is_64 ? 64u : 32u) ? largest : UINT64_C(1) << bits;
}

/* One block with everything in it, to be given to wrl_free; NULL without memory. */
wrl_functype_t *wrl_functype_copy(const wrl_functype_t *type);

#endif
