/* Types as text, for messages and for programs. */
#include "type_text.h"

#include <string.h>

#define LISTED_TYPES_LIMIT 32

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

static const char *heap_name(int32_t heap)
{
    /* Core specification 5.3.3: abstract heap types are negative one-byte numbers. */
    static const struct {
        int32_t heap;
        const char *name;
    } names[] = {{WRL_HEAP_FUNC, "func"},     {WRL_HEAP_EXTERN, "extern"},
                 {WRL_HEAP_ANY, "any"},       {WRL_HEAP_EQ, "eq"},
                 {WRL_HEAP_I31, "i31"},       {WRL_HEAP_STRUCT, "struct"},
                 {WRL_HEAP_ARRAY, "array"},   {WRL_HEAP_EXN, "exn"},
                 {WRL_HEAP_NONE, "none"},     {WRL_HEAP_NOEXTERN, "noextern"},
                 {WRL_HEAP_NOFUNC, "nofunc"}, {WRL_HEAP_NOEXN, "noexn"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].heap == heap) {
            return names[i].name;
        }
    }
    return NULL;
}

void wrl__text_add_valtype(wrl_text_t *text, wrl_valtype_t type)
{
    if (type.kind != WRL_VALKIND_REF) {
        wrl__text_add(text, wrl_valkind_name(type.kind));
        return;
    }
    wrl__text_add(text, type.flags & WRL_VALTYPE_NULLABLE ? "(ref null " : "(ref ");
    const char *name = heap_name(type.heap);
    if (name) {
        wrl__text_addf(text, "%s)", name);
    } else {
        wrl__text_addf(text, "%ld)", (long)type.heap);
    }
}

static void add_valtypes(wrl_text_t *text, const wrl_valtype_t *types, size_t count)
{
    wrl__text_add(text, "(");
    for (size_t i = 0; types && i < count; i++) {
        if (i == LISTED_TYPES_LIMIT && !text->is_whole) {
            wrl__text_addf(text, ", … %zu in all", count);
            break;
        }
        if (i) {
            wrl__text_add(text, ", ");
        }
        wrl__text_add_valtype(text, types[i]);
    }
    wrl__text_add(text, ")");
}

void wrl__text_add_functype(wrl_text_t *text, const wrl_functype_t *type)
{
    add_valtypes(text, type->params, type->param_count);
    wrl__text_add(text, " -> ");
    add_valtypes(text, type->results, type->result_count);
}

static void add_limits(wrl_text_t *text, uint64_t min, uint64_t max)
{
    wrl__text_addf(text, "%llu..", (unsigned long long)min);
    if (max != WRL_NO_MAX) {
        wrl__text_addf(text, "%llu", (unsigned long long)max);
    }
}

static void add_memorytype(wrl_text_t *text, const wrl_memorytype_t *type)
{
    if (type->is_64) {
        wrl__text_add(text, "i64 ");
    }
    add_limits(text, type->min, type->max);
    wrl__text_add(text, " pages");
    if (type->page_size_log2 != 16) {
        wrl__text_addf(text, " of %llu bytes", 1ULL << (type->page_size_log2 & 63));
    }
    if (type->is_shared) {
        wrl__text_add(text, " shared");
    }
}

static void add_tabletype(wrl_text_t *text, const wrl_tabletype_t *type)
{
    if (type->is_64) {
        wrl__text_add(text, "i64 ");
    }
    wrl__text_add_valtype(text, type->element);
    wrl__text_add(text, " ");
    add_limits(text, type->min, type->max);
}

void wrl__text_add_externtype(wrl_text_t *text, const wrl_externtype_t *type)
{
    switch (type->kind) {
    case WRL_EXTERN_FUNC:
        wrl__text_add_functype(text, &type->of.func);
        break;
    case WRL_EXTERN_GLOBAL:
        wrl__text_add(text, type->of.global.is_mutable ? "mut " : "");
        wrl__text_add_valtype(text, type->of.global.content);
        break;
    case WRL_EXTERN_MEMORY:
        add_memorytype(text, &type->of.memory);
        break;
    case WRL_EXTERN_TABLE:
        add_tabletype(text, &type->of.table);
        break;
    case WRL_EXTERN_TAG:
        add_valtypes(text, type->of.tag.params, type->of.tag.param_count);
        break;
    case WRL_EXTERN_NONE:
        wrl__text_add(text, "none");
        break;
    default:
        wrl__text_add(text, "unknown");
    }
}

/* Copies a text to a buffer by the rules of snprintf(), returns the text's length, and frees the text. */
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
    wrl__text_free(text);
    return length;
}

size_t wrl_externtype_print(const wrl_externtype_t *type, char *buffer, size_t size)
{
    wrl_text_t text = {.is_whole = true};
    if (type) {
        wrl__text_add_externtype(&text, type);
    }
    return print(&text, buffer, size);
}

size_t wrl_valtype_print(wrl_valtype_t type, char *buffer, size_t size)
{
    wrl_text_t text = {0};
    wrl__text_add_valtype(&text, type);
    return print(&text, buffer, size);
}
