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
        wrl_free(bytes->data);
        bytes->data = NULL;
        bytes->size = 0;
    }
}

const char *wrl_valkind_name(wrl_valkind_t kind)
{
    static const char *const names[] = {"none", "i32", "i64", "f32", "f64", "v128", "funcref", "externref", "ref"};
    return kind < sizeof names / sizeof names[0] ? names[kind] : "unknown";
}

const char *wrl_externkind_name(wrl_externkind_t kind)
{
    switch (kind) {
    case WRL_EXTERN_NONE:
        return "none";
    case WRL_EXTERN_FUNC:
        return "function";
    case WRL_EXTERN_GLOBAL:
        return "global";
    case WRL_EXTERN_MEMORY:
        return "memory";
    case WRL_EXTERN_TABLE:
        return "table";
    case WRL_EXTERN_TAG:
        return "tag";
    }
    return "unknown";
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

/* snprintf's rules for a finished text, which it frees. */
static size_t print(wrl_text_t *text, char *buffer, size_t size)
{
    size_t length = text->failed ? 0 : text->size;
    if (buffer && size) {
        size_t shown = length < size ? length : size - 1;
        if (shown) {
            memcpy(buffer, text->data, shown);
        }
        buffer[shown] = '\0';
    }
    wrl_text_free(text);
    return length;
}

size_t wrl_externtype_print(const wrl_externtype_t *type, char *buffer, size_t size)
{
    wrl_text_t text = {.is_whole = true};
    if (type) {
        wrl_text_add_externtype(&text, type);
    }
    return print(&text, buffer, size);
}

size_t wrl_valtype_print(wrl_valtype_t type, char *buffer, size_t size)
{
    wrl_text_t text = {0};
    wrl_text_add_valtype(&text, type);
    return print(&text, buffer, size);
}

bool wrl_valtype_is_ref(wrl_valtype_t type)
{
    return type.kind >= WRL_VALKIND_FUNCREF;
}

bool wrl_valtype_is_indexed(wrl_valtype_t type)
{
    return type.kind == WRL_VALKIND_REF && type.heap >= 0;
}

static wrl_error_t *check_reftype(wrl_valtype_t type, const char *name)
{
    if (wrl_valtype_is_indexed(type)) {
        return wrl_error_argument(
            name, "has a reference type with the index %ld, which means nothing outside of a module", (long)type.heap);
    }
    if (type.heap < WRL_HEAP_EXN || type.heap > WRL_HEAP_NOEXN) {
        return wrl_error_argument(name, "has a reference type with the unknown heap type %ld", (long)type.heap);
    }
    if (type.flags & ~WRL_VALTYPE_NULLABLE) {
        return wrl_error_argument(name, "has a reference type with flags 0x%02x, which it cannot have",
                                  (unsigned)type.flags);
    }
    return NULL;
}

wrl_error_t *wrl_valtype_check(wrl_valtype_t type, const char *name)
{
    if (type.kind == WRL_VALKIND_NONE || type.kind > WRL_VALKIND_REF) {
        return wrl_error_argument(name, "has a value type of unknown kind %u", (unsigned)type.kind);
    }
    if (type.kind != WRL_VALKIND_REF && (type.flags || type.heap)) {
        return wrl_error_argument(name, "has a value type %s with flags or heap type that it cannot have",
                                  wrl_valkind_name(type.kind));
    }
    return type.kind == WRL_VALKIND_REF ? check_reftype(type, name) : NULL;
}

static wrl_error_t *check_valtypes(const wrl_valtype_t *types, size_t count, const char *name, const char *what)
{
    if (count > WRL_MAX_PARAMS) {
        return wrl_error_argument(name, "has %zu %s, more than %d", count, what, WRL_MAX_PARAMS);
    }
    if (count && !types) {
        return wrl_error_argument(name, "has %zu %s, but the pointer to them is NULL", count, what);
    }
    for (size_t i = 0; i < count; i++) {
        wrl_error_t *error = wrl_valtype_check(types[i], name);
        if (error) {
            return error;
        }
    }
    return NULL;
}

wrl_error_t *wrl_functype_check(const wrl_functype_t *type, const char *name)
{
    if (!type) {
        return wrl_error_null(name);
    }
    wrl_error_t *error = check_valtypes(type->params, type->param_count, name, "parameters");
    return error ? error : check_valtypes(type->results, type->result_count, name, "results");
}

wrl_functype_t *wrl_functype_copy(const wrl_functype_t *type)
{
    size_t name_size = type->name ? strlen(type->name) + 1 : 0;
    size_t count = type->param_count + type->result_count;
    wrl_functype_t *copy = (wrl_functype_t *)wrl_alloc(sizeof *copy + count * sizeof(wrl_valtype_t) + name_size);
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
