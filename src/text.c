#include "text.h"

#include "alloc.h"
#include "wrl/hidden.h"

#include <stdio.h>
#include <string.h>

#define QUOTED_NAME_LIMIT 256
/* In bytes: an engine's own words may quote names of any length. */
#define WORDS_LIMIT 1024
#define LISTED_TYPES_LIMIT 32

void wrl_text_add_bytes(wrl_text_t *text, const char *bytes, size_t size)
{
    if (text->failed || size > SIZE_MAX - text->size - 1 ||
        !wrl_grow((void **)&text->data, &text->capacity, text->size + size + 1, 1)) {
        text->failed = true;
        return;
    }
    if (size) {
        memcpy(text->data + text->size, bytes, size);
    }
    text->size += size;
    text->data[text->size] = '\0';
}

void wrl_text_add(wrl_text_t *text, const char *words)
{
    wrl_text_add_bytes(text, words, strlen(words));
}

bool wrl_text_addv_any(wrl_text_t *text, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    /* As "%ls" does for what is no wide character. */
    if (length < 0) {
        return false;
    }
    if (text->failed || !wrl_grow((void **)&text->data, &text->capacity, text->size + (size_t)length + 1, 1)) {
        text->failed = true;
        return true;
    }
    (void)vsnprintf(text->data + text->size, (size_t)length + 1, format, arguments);
    text->size += (size_t)length;
    return true;
}

size_t wrl_utf8_sequence(const uint8_t *bytes, size_t size)
{
    if (size == 0) {
        return 0;
    }
    uint8_t first = bytes[0];
    if (first < 0x80) {
        return 1;
    }
    size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || size < length) {
        return 0;
    }
    /* The second byte's range excludes overlong forms, surrogates, and what lies above U+10FFFF. */
    uint8_t low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    uint8_t high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (bytes[1] < low || bytes[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < length; i++) {
        if ((bytes[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return length;
}

bool wrl_utf8_valid(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size;) {
        size_t length = wrl_utf8_sequence(bytes + i, size - i);
        if (length == 0) {
            return false;
        }
        i += length;
    }
    return true;
}

/* Of a sound sequence. */
static bool is_hidden(const uint8_t *bytes, size_t length)
{
    uint32_t c = length == 1 ? bytes[0] : bytes[0] & 0x7Fu >> length;
    for (size_t i = 1; i < length; i++) {
        c = c << 6 | (bytes[i] & 0x3Fu);
    }
    return wrl_is_hidden(c);
}

void wrl_text_add_quoted(wrl_text_t *text, const char *name, size_t size)
{
    const uint8_t *bytes = (const uint8_t *)name;
    bool cut = size > QUOTED_NAME_LIMIT;
    size_t end = cut ? QUOTED_NAME_LIMIT : size;
    wrl_text_add(text, "\"");
    for (size_t i = 0; i < end;) {
        size_t length = wrl_utf8_sequence(bytes + i, size - i);
        if (bytes[i] == '"' || bytes[i] == '\\') {
            wrl_text_addf(text, "\\%c", bytes[i]);
            i++;
        } else if (length == 0 || is_hidden(bytes + i, length)) {
            wrl_text_addf(text, "\\%02x", bytes[i]);
            i++;
        } else {
            wrl_text_add_bytes(text, name + i, length);
            i += length;
        }
    }
    wrl_text_add(text, cut ? "…\"" : "\"");
}

void wrl_text_add_words(wrl_text_t *text, const char *words, size_t size)
{
    while (size && (uint8_t)words[size - 1] <= ' ') {
        size--;
    }
    while (size && (uint8_t)*words <= ' ') {
        words++;
        size--;
    }
    bool after_space = false;
    size_t begin = text->size;
    for (size_t i = 0; i < size;) {
        if (text->size - begin >= WORDS_LIMIT) {
            wrl_text_add(text, "…");
            return;
        }
        size_t length = wrl_utf8_sequence((const uint8_t *)words + i, size - i);
        bool is_space = length == 0 || words[i] == ' ' || is_hidden((const uint8_t *)words + i, length);
        if (!is_space) {
            wrl_text_add_bytes(text, words + i, length);
        } else if (!after_space) {
            wrl_text_add(text, " ");
        }
        after_space = is_space;
        i += length ? length : 1;
    }
}

static const char *heap_name(int32_t heap)
{
    /* Core specification 5.3.3: abstract heap types as negative one-byte numbers. */
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

void wrl_text_add_valtype(wrl_text_t *text, wrl_valtype_t type)
{
    if (type.kind != WRL_VALKIND_REF) {
        wrl_text_add(text, wrl_valkind_name(type.kind));
        return;
    }
    wrl_text_add(text, type.flags & WRL_VALTYPE_NULLABLE ? "(ref null " : "(ref ");
    const char *name = heap_name(type.heap);
    if (name) {
        wrl_text_addf(text, "%s)", name);
    } else {
        wrl_text_addf(text, "%ld)", (long)type.heap);
    }
}

static void add_valtypes(wrl_text_t *text, const wrl_valtype_t *types, size_t count)
{
    wrl_text_add(text, "(");
    for (size_t i = 0; types && i < count; i++) {
        if (i == LISTED_TYPES_LIMIT && !text->is_whole) {
            wrl_text_addf(text, ", … %zu in all", count);
            break;
        }
        if (i) {
            wrl_text_add(text, ", ");
        }
        wrl_text_add_valtype(text, types[i]);
    }
    wrl_text_add(text, ")");
}

void wrl_text_add_functype(wrl_text_t *text, const wrl_functype_t *type)
{
    add_valtypes(text, type->params, type->param_count);
    wrl_text_add(text, " -> ");
    add_valtypes(text, type->results, type->result_count);
}

static void add_limits(wrl_text_t *text, uint64_t min, uint64_t max)
{
    wrl_text_addf(text, "%llu..", (unsigned long long)min);
    if (max != WRL_NO_MAX) {
        wrl_text_addf(text, "%llu", (unsigned long long)max);
    }
}

static void add_memorytype(wrl_text_t *text, const wrl_memorytype_t *type)
{
    if (type->is_64) {
        wrl_text_add(text, "i64 ");
    }
    add_limits(text, type->min, type->max);
    wrl_text_add(text, " pages");
    if (type->page_size_log2 != 16) {
        wrl_text_addf(text, " of %llu bytes", 1ULL << (type->page_size_log2 & 63));
    }
    if (type->is_shared) {
        wrl_text_add(text, " shared");
    }
}

static void add_tabletype(wrl_text_t *text, const wrl_tabletype_t *type)
{
    if (type->is_64) {
        wrl_text_add(text, "i64 ");
    }
    wrl_text_add_valtype(text, type->element);
    wrl_text_add(text, " ");
    add_limits(text, type->min, type->max);
}

void wrl_text_add_externtype(wrl_text_t *text, const wrl_externtype_t *type)
{
    switch (type->kind) {
    case WRL_EXTERN_FUNC:
        wrl_text_add_functype(text, &type->of.func);
        break;
    case WRL_EXTERN_GLOBAL:
        wrl_text_add(text, type->of.global.is_mutable ? "mut " : "");
        wrl_text_add_valtype(text, type->of.global.content);
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
        wrl_text_add(text, "none");
        break;
    default:
        wrl_text_add(text, "unknown");
    }
}

void wrl_text_free(wrl_text_t *text)
{
    wrl_free(text->data);
    memset(text, 0, sizeof *text);
}
