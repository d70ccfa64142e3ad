/* The text format. */
#include "harness.h"

#include <stdio.h>

static bool translate(wrl_test_t *t)
{
    const char text[] = "(module (func (export \"f\") (result i32) (i32.const 42)))";
    wrl_bytes_t wasm;
    OK(wrl_wat_to_wasm(text, sizeof(text) - 1, &wasm));
    wrl_module_t *module;
    wrl_error_t *error = wrl_module_new(t->engine, wasm.data, wasm.size, NULL, &module);
    wrl_bytes_delete(&wasm);
    CHECK(wasm.data == NULL && wasm.size == 0);
    OK(error);
    TRY(test_own_module(t, module));
    wrl_exporttype_t item;
    CHECK(wrl_module_get_export(module, "f", &item));
    return true;
}

static bool position(wrl_test_t *t)
{
    const char *const texts[] = {
        "(module\n\n\n\n\n\n                  (funk))",
        "(module\n\n\n\n\n\n                  i32.const",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        wrl_bytes_t wasm = {(uint8_t *)1, 1};
        FAILS(wrl_wat_to_wasm(texts[i], strlen(texts[i]), &wasm), WRL_ERROR_MALFORMED, "7", i == 0 ? "20" : "19");
        CHECK(wasm.data == NULL && wasm.size == 0);
    }
    return true;
}

static bool not_text(wrl_test_t *t)
{
    const char *const texts[] = {"(", ")", "(module", "\"", "(;", "hello", "(module) (module)", "(module (func $))"};
    wrl_bytes_t wasm;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        FAILS(wrl_wat_to_wasm(texts[i], strlen(texts[i]), &wasm), WRL_ERROR_MALFORMED, "");
        CHECK(wasm.data == NULL && wasm.size == 0);
    }
    const char not_utf8[] = "(module (; \xff\xfe ;))";
    FAILS(wrl_wat_to_wasm(not_utf8, sizeof(not_utf8) - 1, &wasm), WRL_ERROR_MALFORMED, "");
    return true;
}

/* Very deep nesting must not overflow the stack. */
static bool deeply_nested(wrl_test_t *t)
{
    static char text[200000];
    memset(text, '(', sizeof(text));
    wrl_bytes_t wasm;
    FAILS(wrl_wat_to_wasm(text, sizeof(text), &wasm), WRL_ERROR_MALFORMED, "");
    return true;
}

/* The message is short even if a line of the text or a name is long. "^" marks the position. */
static bool short_messages(wrl_test_t *t)
{
    static char text[1000000];
    enum { FILLER = sizeof(text) / 2 - 100 };
    for (int i = 0; i < 4; i++) {
        char *end = text + sprintf(text, "(module ");
        memset(end, ' ', FILLER);
        end += i & 1 ? FILLER : 0;
        end += sprintf(end, i & 2 ? "(func call $" : "(func bogus ");
        memset(end, i & 2 ? 'n' : '\t', FILLER);
        end += FILLER + sprintf(end + FILLER, "))");
        wrl_bytes_t wasm;
        wrl_error_t *error = wrl_wat_to_wasm(text, (size_t)(end - text), &wasm);
        CHECK(error != NULL);
        TRY(test_own_error(t, error));
        EQUAL(wrl_error_kind(error), WRL_ERROR_MALFORMED);
        CHECK(strlen(wrl_error_message(error)) < 600);
        CHECK(strstr(wrl_error_message(error), i & 2 ? "call ^$nnn" : "(func ^bogus") != NULL);
    }
    return true;
}

static bool binary_as_is(wrl_test_t *t)
{
    wrl_bytes_t wasm;
    OK(wrl_wat_to_wasm((const char *)guest_items.bytes, guest_items.size, &wasm));
    bool same = wasm.size == guest_items.size && memcmp(wasm.data, guest_items.bytes, wasm.size) == 0;
    bool copied = wasm.data != guest_items.bytes;
    wrl_bytes_delete(&wasm);
    CHECK(same);
    CHECK(copied);
    /* Bytes that start as a binary module are returned unchecked. */
    OK(wrl_wat_to_wasm("\0asm????", 8, &wasm));
    size_t size = wasm.size;
    wrl_bytes_delete(&wasm);
    EQUAL(size, 8);
    return true;
}

/* Of binary modules in the text, only the first bytes are checked. */
static bool binary_in_text(wrl_test_t *t)
{
    const char *const not_modules[] = {"(module binary)", "(module binary \"\")", "(module binary \"\\00as\")",
                                       "(module $name binary \"hello, \" \"world\")",
                                       "(module binary \"\\00asn\\01\\00\\00\\00\")"};
    wrl_bytes_t wasm;
    for (size_t i = 0; i < sizeof(not_modules) / sizeof(not_modules[0]); i++) {
        FAILS(wrl_wat_to_wasm(not_modules[i], strlen(not_modules[i]), &wasm), WRL_ERROR_MALFORMED, "malformed text",
              "(module binary)", "\\00asm");
        CHECK(wasm.data == NULL && wasm.size == 0);
    }
    const char text[] = "(module binary \"\\00asm\" \"\\01\\00\\00\\00\")";
    OK(wrl_wat_to_wasm(text, sizeof(text) - 1, &wasm));
    bool same = wasm.size == 8 && memcmp(wasm.data, "\0asm\1\0\0\0", 8) == 0;
    wrl_bytes_delete(&wasm);
    CHECK(same);
    /* wrl_module_new() checks the rest. */
    const char cut[] = "(module binary \"\\00asm\\01\")";
    OK(wrl_wat_to_wasm(cut, sizeof(cut) - 1, &wasm));
    wrl_module_t *module;
    wrl_error_t *error = wrl_module_new(t->engine, wasm.data, wasm.size, NULL, &module);
    wrl_bytes_delete(&wasm);
    FAILS(error, WRL_ERROR_MALFORMED, "");
    return true;
}

static bool null_arguments(wrl_test_t *t)
{
    wrl_bytes_t wasm = {(uint8_t *)1, 1};
    if (wrl_wat_supported()) {
        INVALID(wrl_wat_to_wasm(NULL, 3, &wasm), "text");
        CHECK(wasm.data == NULL && wasm.size == 0);
        INVALID(wrl_wat_to_wasm("(module)", 8, NULL), "wasm");
    } else {
        FAILS(wrl_wat_to_wasm("(module)", 8, &wasm), WRL_ERROR_UNSUPPORTED, "");
        CHECK(wasm.data == NULL && wasm.size == 0);
    }
    wrl_bytes_delete(NULL);
    wrl_bytes_delete(&(wrl_bytes_t){NULL, 0});
    return true;
}

static const wrl_test_case_t cases[] = {
    {"wat.translate", translate, {NEED_TEXT}},
    {"wat.position", position, {NEED_TEXT}},
    {"wat.not_text", not_text, {NEED_TEXT}},
    {"wat.deeply_nested", deeply_nested, {NEED_TEXT}},
    {"wat.binary_as_is", binary_as_is, {NEED_TEXT}},
    {"wat.binary_in_text", binary_in_text, {NEED_TEXT}},
    {"wat.null_arguments", null_arguments, {NEED_NOTHING}},
    {"wat.short_messages", short_messages, {NEED_TEXT}},
};
WRL_TEST_GROUP(wat);
