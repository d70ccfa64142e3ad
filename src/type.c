#include "type.h"

#include "alloc.h"
#include "error.h"

#include <string.h>

const char *wrl_version(void)
{
    return WRL_VERSION_STRING;
}

void wrl_bytes_delete(wrl_bytes_t *bytes)
{
    if (bytes) {
        wrl__free(bytes->data);
        bytes->data = NULL;
        bytes->size = 0;
    }
}

bool wrl_valtype_equal(wrl_valtype_t a, wrl_valtype_t b)
{
    return a.kind == b.kind && a.flags == b.flags && a.heap == b.heap;
}

static bool valtypes_equal(const wrl_valtype_t *a, size_t a_count, const wrl_valtype_t *b, size_t b_count)
{
    if (a_count != b_count || (a_count && (!a || !b))) {
        return false;
    }
    for (size_t i = 0; i < a_count; i++) {
        if (!wrl_valtype_equal(a[i], b[i])) {
            return false;
        }
    }
    return true;
}

bool wrl_functype_equal(const wrl_functype_t *a, const wrl_functype_t *b)
{
    if (!a || !b) {
        return a == b;
    }
    return valtypes_equal(a->params, a->param_count, b->params, b->param_count) &&
           valtypes_equal(a->results, a->result_count, b->results, b->result_count);
}

bool wrl__valtype_is_ref(wrl_valtype_t type)
{
    return type.kind >= WRL_VALKIND_FUNCREF;
}

bool wrl__valtype_is_indexed(wrl_valtype_t type)
{
    return type.kind == WRL_VALKIND_REF && type.heap >= 0;
}

static wrl_error_t *check_reftype(wrl_valtype_t type, const char *name)
{
    if (wrl__valtype_is_indexed(type)) {
        return wrl__error_argument(name, "has a reference type with the type index %ld, valid only inside a module",
                                   (long)type.heap);
    }
    if (type.heap < WRL_HEAP_EXN || type.heap > WRL_HEAP_NOEXN) {
        return wrl__error_argument(name, "has a reference type with the unknown heap type %ld", (long)type.heap);
    }
    if (type.flags & ~WRL_VALTYPE_NULLABLE) {
        return wrl__error_argument(name, "has a reference type with the invalid flags 0x%02x", (unsigned)type.flags);
    }
    return NULL;
}

wrl_error_t *wrl__valtype_check(wrl_valtype_t type, const char *name)
{
    if (type.kind == WRL_VALKIND_NONE || type.kind > WRL_VALKIND_REF) {
        return wrl__error_argument(name, "has a value type of unknown kind %u", (unsigned)type.kind);
    }
    if (type.kind != WRL_VALKIND_REF && (type.flags || type.heap)) {
        return wrl__error_argument(name, "has a value type %s with flags or a heap type", wrl_valkind_name(type.kind));
    }
    return type.kind == WRL_VALKIND_REF ? check_reftype(type, name) : NULL;
}

static wrl_error_t *check_valtypes(const wrl_valtype_t *types, size_t count, const char *name, const char *what)
{
    if (count > WRL_MAX_PARAMS) {
        return wrl__error_argument(name, "has %zu %s, more than %d", count, what, WRL_MAX_PARAMS);
    }
    if (count && !types) {
        return wrl__error_argument(name, "has %zu %s, but the pointer to them is NULL", count, what);
    }
    for (size_t i = 0; i < count; i++) {
        wrl_error_t *error = wrl__valtype_check(types[i], name);
        if (error) {
            return error;
        }
    }
    return NULL;
}

wrl_error_t *wrl__functype_check(const wrl_functype_t *type, const char *name)
{
    if (!type) {
        return wrl__error_null(name);
    }
    wrl_error_t *error = check_valtypes(type->params, type->param_count, name, "parameters");
    return error ? error : check_valtypes(type->results, type->result_count, name, "results");
}

wrl_error_t *wrl__limits_check(uint64_t min, uint64_t max, uint64_t most, const char *units)
{
    bool has_max = max != WRL_NO_MAX;
    if (has_max && min > max) {
        return wrl__error_argument("type", "has a minimum of %llu %s, more than its maximum of %llu",
                                   (unsigned long long)min, units, (unsigned long long)max);
    }
    uint64_t largest = has_max ? max : min;
    if (largest > most) {
        return wrl__error_argument("type", "has limits of %llu %s, more than the %llu of its address space",
                                   (unsigned long long)largest, units, (unsigned long long)most);
    }
    return NULL;
}

wrl_functype_t *wrl__functype_copy(const wrl_functype_t *type)
{
    size_t name_size = type->name ? strlen(type->name) + 1 : 0;
    size_t count = type->param_count + type->result_count;
    wrl_functype_t *copy = (wrl_functype_t *)wrl__alloc(sizeof *copy + count * sizeof(wrl_valtype_t) + name_size);
    if (!copy) {
        return NULL;
    }
    wrl_valtype_t *types = (wrl_valtype_t *)(copy + 1);
    *copy = *type;
    copy->params = types;
    copy->results = types + type->param_count;
    if (type->param_count) {
        memcpy(types, type->params, type->param_count * sizeof *types);
    }
    if (type->result_count) {
        memcpy(types + type->param_count, type->results, type->result_count * sizeof *types);
    }
    if (name_size) {
        copy->name = (const char *)memcpy(types + count, type->name, name_size);
    }
    return copy;
}
