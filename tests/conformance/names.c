/* Names that contain NUL or other control characters, are empty, or contain characters outside ASCII. */
#include "harness.h"

static wrl_error_t *give_env(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)caller;
    slots[0].i32 = *(const int32_t *)env;
    return NULL;
}

static const int32_t of_nul = 10;
static const int32_t of_blank = 20;
static const int32_t of_wide = 30;

static bool define(wrl_test_t *t, wrl_imports_t *imports, const char *module, size_t module_size, const char *name,
                   size_t name_size, const int32_t *value)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_TYPES(WRL_TYPE_I32));
    wrl_func_t func;
    /* The callback only reads from `env`. */
    OK(wrl_func_new_raw(t->store, &type, give_env, (void *)(uintptr_t)value, NULL, &func));
    OK(wrl_imports_define_n(imports, module, module_size, name, name_size, wrl_extern_from_func(func)));
    return true;
}

static bool instantiate(wrl_test_t *t, wrl_instance_t *instance)
{
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    TRY(define(t, imports, "mod\0ule", 7, "it\0em", 5, &of_nul));
    TRY(define(t, imports, "", 0, "", 0, &of_blank));
    TRY(define(t, imports,
               "m\xc3\xb6"
               "dul",
               6, "\xe2\x82\xac", 3, &of_wide));
    return test_instance(t, guest_names, imports, instance);
}

static bool module(wrl_test_t *t)
{
    wrl_module_t *module;
    TRY(test_module(t, guest_names, &module));
    wrl_importtype_t import;
    CHECK(wrl_module_import(module, 0, &import));
    EQUAL(import.module_size, 7);
    CHECK(memcmp(import.module, "mod\0ule", 8) == 0);
    EQUAL(import.name_size, 5);
    CHECK(memcmp(import.name, "it\0em", 6) == 0);
    CHECK(wrl_module_import(module, 1, &import));
    EQUAL(import.module_size, 0);
    EQUAL_TEXT(import.module, "");
    EQUAL_TEXT(import.name, "");
    CHECK(wrl_module_import(module, 2, &import));
    EQUAL_TEXT(import.module, "m\xc3\xb6"
                              "dul");

    wrl_exporttype_t item;
    CHECK(wrl_module_get_export_n(module, "a\0b", 3, &item));
    EQUAL(item.name_size, 3);
    CHECK(memcmp(item.name, "a\0b", 4) == 0);
    CHECK(wrl_module_get_export(module, "a", &item));
    EQUAL(item.name_size, 1);
    CHECK(wrl_module_get_export(module, "", &item));
    EQUAL(item.name_size, 0);
    CHECK(wrl_module_get_export(module, "\xe2\x82\xac\xf0\x9f\x8e\x88", &item));
    CHECK(wrl_module_get_export(module, "line\nbreak", &item));
    /* Function names from the name section: without a size, names with NUL are omitted. */
    CHECK(wrl_module_get_export_n(module, "a\0b", 3, &item));
    CHECK(item.type.of.func.name == NULL);
    CHECK(wrl_module_get_export(module, "a", &item));
    EQUAL_TEXT(item.type.of.func.name, "a");
    CHECK(!wrl_module_get_export_n(module, "a\0", 2, &item));
    CHECK(!wrl_module_get_export_n(module, "a\0c", 3, &item));
    return true;
}

static bool instance(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(instantiate(t, &instance));
    wrl_extern_t with_nul;
    wrl_extern_t without;
    CHECK(wrl_instance_get_export_n(t->store, instance, "a\0b", 3, &with_nul));
    CHECK(wrl_instance_get_export(t->store, instance, "a", &without));
    CHECK(!same_extern(&with_nul, &without));
    wrl_extern_t blank;
    CHECK(wrl_instance_get_export(t->store, instance, "", &blank));
    CHECK(wrl_instance_get_export_n(t->store, instance, NULL, 0, &blank));
    wrl_extern_t item;
    CHECK(!wrl_instance_get_export_n(t->store, instance, "a\0\n", 3, &item));
    wrl_export_t export_item;
    OK(wrl_instance_export(t->store, instance, 0, &export_item));
    EQUAL(export_item.name_size, 3);
    CHECK(memcmp(export_item.name, "a\0b", 4) == 0);
    return true;
}

static bool define_instance(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(instantiate(t, &instance));
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    OK(wrl_imports_define_instance(imports, "all", t->store, instance));
    EQUAL(wrl_imports_count(imports), 5);
    wrl_extern_t item;
    CHECK(wrl_imports_get_n(imports, "all", 3, "a\0b", 3, &item));
    CHECK(wrl_imports_get(imports, "all", "a", &item));
    CHECK(wrl_imports_get(imports, "all", "", &item));
    return true;
}

static bool calls(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(instantiate(t, &instance));
    wrl_extern_t item;
    CHECK(wrl_instance_get_export_n(t->store, instance, "a\0b", 3, &item));
    wrl_val_t result;
    OK(wrl_func_call(t->store, item.of.func, NULL, 0, &result, 1));
    CHECK(result.of.i32 == of_nul);
    int32_t value;
    TRY(test_call_i32(t, t->store, instance, "", NULL, 0, &value));
    CHECK(value == of_blank);
    TRY(test_call_i32(t, t->store, instance, "\xe2\x82\xac\xf0\x9f\x8e\x88", NULL, 0, &value));
    CHECK(value == of_wide);
    TRY(test_call_i32(t, t->store, instance, "a", NULL, 0, &value));
    EQUAL(value, 1);
    return true;
}

/* The ends of some Unicode ranges. The unit tests check all of them. */
static bool hidden(wrl_test_t *t)
{
    static const uint32_t shown[] = {' ', '~', 0xA0, 0x3000, 0x1F600, 0xE1000, 0x110000};
    static const uint32_t not_shown[] = {0, '\n', 0x7F, 0xAD, 0x202E, 0x2800, 0xFEFF, 0x1D173, 0xE0FFF};
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        EQUAL(wrl_is_hidden(shown[i]) ? shown[i] : 0, 0);
    }
    for (size_t i = 0; i < sizeof not_shown / sizeof not_shown[0]; i++) {
        CHECK(wrl_is_hidden(not_shown[i]));
    }
    return true;
}

static const wrl_test_case_t cases[] = {
    {"names.module", module, {NEED_NOTHING}},
    {"names.instance", instance, {NEED_NOTHING}},
    {"names.define_instance", define_instance, {NEED_NOTHING}},
    {"names.calls", calls, {NEED_EXECUTION}},
    {"names.hidden", hidden, {NEED_NOTHING}},
};
WRL_TEST_GROUP(names);
