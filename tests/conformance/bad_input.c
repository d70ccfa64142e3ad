/* Bytes that are not a module cause an error that describes the problem, and never a crash. */
#include "harness.h"

static bool malformed(wrl_test_t *t, const void *bytes, size_t size)
{
    wrl_module_t *module = (wrl_module_t *)(uintptr_t)1;
    FAILS(wrl_module_new(t->engine, bytes, size, NULL, &module), WRL_ERROR_MALFORMED, "");
    CHECK(module == NULL);
    return true;
}

static bool empty(wrl_test_t *t)
{
    TRY(malformed(t, "", 0));
    TRY(malformed(t, NULL, 0));
    return true;
}

static bool header(wrl_test_t *t)
{
    wrl_module_t *module;
    FAILS(wrl_module_new(t->engine, "hello, world", 12, NULL, &module), WRL_ERROR_MALFORMED, "magic");
    FAILS(wrl_module_new(t->engine, "\0asn\1\0\0\0", 8, NULL, &module), WRL_ERROR_MALFORMED, "magic");
    FAILS(wrl_module_new(t->engine, "\0asm\2\0\0\0", 8, NULL, &module), WRL_ERROR_MALFORMED, "version", "2");
    FAILS(wrl_module_new(t->engine, "\0asm\x0d\0\1\0", 8, NULL, &module), WRL_ERROR_MALFORMED, "component");
    for (size_t size = 1; size < 8; size++) {
        TRY(malformed(t, "\0asm\1\0\0\0", size));
    }
    return true;
}

/* A header and one section. */
static bool malformed_section(wrl_test_t *t, const char *section, size_t size)
{
    char bytes[64] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    CHECK(size <= sizeof(bytes) - 8);
    memcpy(bytes + 8, section, size);
    return malformed(t, bytes, 8 + size);
}

#define MALFORMED_SECTION(bytes) TRY(malformed_section(t, bytes, sizeof(bytes) - 1))

static bool sections(wrl_test_t *t)
{
    MALFORMED_SECTION("\x01");                                 /* an id and nothing */
    MALFORMED_SECTION("\x01\x05\x01");                         /* shorter than its size */
    MALFORMED_SECTION("\x01\xff\xff\xff\xff\x0f");             /* 4 GiB */
    MALFORMED_SECTION("\x01\xff\xff\xff\xff\xff\xff\xff\x01"); /* a length that is not a u32 */
    MALFORMED_SECTION("\x01\x80");                             /* a length that does not end */
    MALFORMED_SECTION("\x63\x00");                             /* an unknown id */
    MALFORMED_SECTION("\x01\x01\x00\x01\x01\x00");             /* the same twice */
    MALFORMED_SECTION("\x03\x01\x00\x01\x01\x00");             /* out of order */
    MALFORMED_SECTION("\x01\x05\xff\xff\xff\xff\x0f");         /* 2^32 - 1 types */
    MALFORMED_SECTION("\x00\x00");                             /* a custom section without a name */
    MALFORMED_SECTION("\x00\x02\x7fx");                        /* a name beyond its section */
    MALFORMED_SECTION("\x00\x06\xff\xff\xff\xff\x0fx");        /* a name of 4 GiB */
    MALFORMED_SECTION("\x00\x03\x02\xff\xff");                 /* a name that is not UTF-8 */
    MALFORMED_SECTION("\x07\x05\x01\x02\xc3\x28\x00");         /* an export's name that is not UTF-8; no index */
    return true;
}

/* The message contains the offset of the error. */
static bool names_the_offset(wrl_test_t *t)
{
    wrl_module_t *module;
    FAILS(wrl_module_new(t->engine, "\0asm\1\0\0\0\x63\x00", 10, NULL, &module), WRL_ERROR_MALFORMED, "8");
    return true;
}

/* Every prefix of a module. A prefix that ends between two sections may be a module; any other one is malformed. */
static bool truncated(wrl_test_t *t)
{
    const wrl_guest_t *const guests[] = {&guest_add_one, &guest_items, &guest_exporter, &guest_names};
    for (size_t g = 0; g < sizeof(guests) / sizeof(guests[0]); g++) {
        size_t modules = 0;
        for (size_t size = 0; size < guests[g]->size; size++) {
            wrl_module_t *module = (wrl_module_t *)(uintptr_t)1;
            wrl_error_t *error = wrl_module_new(t->engine, guests[g]->bytes, size, NULL, &module);
            bool consistent = error ? module == NULL && wrl_error_message(error)[0] != '\0' : module != NULL;
            modules += error ? 0 : 1;
            wrl_error_delete(error);
            if (consistent) {
                wrl_module_release(module);
            }
            CHECK(consistent);
        }
        CHECK(modules < 20);
    }
    return true;
}

/* Replaces every byte by other values. The result must be an error or a module whose types can be read. */
static bool mutated(wrl_test_t *t)
{
    const uint8_t replacements[] = {0x00, 0x01, 0x60, 0x7f, 0x80, 0xff};
    uint8_t bytes[512];
    CHECK(guest_exporter.size <= sizeof(bytes));
    for (size_t i = 0; i < guest_exporter.size; i++) {
        for (size_t r = 0; r < sizeof(replacements); r++) {
            memcpy(bytes, guest_exporter.bytes, guest_exporter.size);
            bytes[i] = replacements[r];
            wrl_module_t *module;
            wrl_error_t *error = wrl_module_new(t->engine, bytes, guest_exporter.size, NULL, &module);
            wrl_error_delete(error);
            wrl_exporttype_t item;
            for (size_t e = 0; module && wrl_module_export(module, e, &item); e++) {
                char buffer[64];
                (void)wrl_externtype_print(&item.type, buffer, sizeof(buffer));
            }
            wrl_module_release(module);
        }
    }
    return true;
}

static bool invalid(wrl_test_t *t)
{
    const wrl_guest_t *const guests[] = {&guest_invalid_type, &guest_invalid_index, &guest_invalid_start_ref};
    for (size_t g = 0; g < sizeof(guests) / sizeof(guests[0]); g++) {
        wrl_module_t *module = (wrl_module_t *)(uintptr_t)1;
        FAILS(wrl_module_new(t->engine, guests[g]->bytes, guests[g]->size, NULL, &module), WRL_ERROR_INVALID, "");
        CHECK(module == NULL);
    }
    return true;
}

/* wrl_module_validate() reports the same kind of error as compiling; the engine's message may differ. */
static bool validated(wrl_test_t *t)
{
    static const uint8_t cut[] = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 4, 1, 0x60, 0};
    const wrl_guest_t guests[] = {
        guest_add_one,       guest_exporter,          guest_caller_start_import, guest_invalid_type,
        guest_invalid_index, guest_invalid_start_ref, {"cut", cut, sizeof(cut)}};
    for (size_t g = 0; g < sizeof(guests) / sizeof(guests[0]); g++) {
        wrl_module_t *module;
        wrl_error_t *compiled = wrl_module_new(t->engine, guests[g].bytes, guests[g].size, NULL, &module);
        wrl_module_release(module);
        TRY(test_own_error(t, compiled));
        wrl_error_t *error = wrl_module_validate(t->engine, guests[g].bytes, guests[g].size);
        TRY(test_own_error(t, error));
        CHECK(!error == !compiled);
        CHECK(!error || wrl_error_kind(error) == wrl_error_kind(compiled));
        if (error && wrl_error_kind(error) == WRL_ERROR_INVALID) {
            CONTAINS(wrl_error_message(error), "invalid module: ");
        } else if (error) {
            EQUAL_TEXT(wrl_error_message(error), wrl_error_message(compiled));
        }
    }
    FAILS(wrl_module_validate(t->engine, cut, sizeof(cut)), WRL_ERROR_MALFORMED, "");
    return true;
}

/* A module whose one import and one export have names of 50,000 bytes. */
static bool long_names(wrl_test_t *t)
{
    enum { NAME_SIZE = 50000 };
    static uint8_t bytes[2 * NAME_SIZE + 64];
    static char name[NAME_SIZE + 1];
    memset(name, 'n', NAME_SIZE);
    name[NAME_SIZE] = '\0';
    const uint8_t head[] = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0};
    size_t size = sizeof(head);
    memcpy(bytes, head, size);
    /* 50,000 is d0 86 03 in LEB128; the sections' sizes are 50,007 and 50,006. */
    const uint8_t import_head[] = {2, 0xd7, 0x86, 3, 1, 0xd0, 0x86, 3};
    memcpy(bytes + size, import_head, sizeof(import_head));
    memcpy(bytes + size + sizeof(import_head), name, NAME_SIZE);
    size += sizeof(import_head) + NAME_SIZE;
    const uint8_t export_head[] = {0, 0, 0, 7, 0xd6, 0x86, 3, 1, 0xd0, 0x86, 3};
    memcpy(bytes + size, export_head, sizeof(export_head));
    memcpy(bytes + size + sizeof(export_head), name, NAME_SIZE);
    size += sizeof(export_head) + NAME_SIZE;
    const uint8_t tail[] = {0, 0};
    memcpy(bytes + size, tail, sizeof(tail));
    size += sizeof(tail);
    wrl_module_t *module;
    TRY(test_module_bytes(t, bytes, size, &module));
    wrl_exporttype_t item;
    CHECK(wrl_module_get_export(module, name, &item));
    EQUAL(item.name_size, NAME_SIZE);
    wrl_instance_t instance;
    wrl_error_t *error = wrl_instance_new(t->store, module, NULL, NULL, &instance);
    CHECK(error != NULL);
    TRY(test_own_error(t, error));
    EQUAL(wrl_error_kind(error), WRL_ERROR_LINK);
    CHECK(strlen(wrl_error_message(error)) < (size_t)3 * NAME_SIZE);
    return true;
}

/* A look-up with a name that is longer than any in the module. */
static bool long_lookup(wrl_test_t *t)
{
    static char name[200001];
    memset(name, 'q', sizeof(name) - 1);
    wrl_instance_t instance;
    TRY(test_instance(t, guest_exporter, NULL, &instance));
    wrl_extern_t item;
    CHECK(!wrl_instance_get_export(t->store, instance, name, &item));
    CHECK(item.kind == WRL_EXTERN_NONE);
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    wrl_func_t func;
    TRY(test_nothing_func(t, t->store, &func));
    OK(wrl_imports_define(imports, name, name, wrl_extern_from_func(func)));
    CHECK(wrl_imports_get(imports, name, name, &item));
    name[sizeof(name) - 2] = 'r';
    CHECK(!wrl_imports_get(imports, name, name, &item));
    return true;
}

static const wrl_test_case_t cases[] = {
    {"bad_input.empty", empty, {NEED_NOTHING}},
    {"bad_input.header", header, {NEED_NOTHING}},
    {"bad_input.sections", sections, {NEED_NOTHING}},
    {"bad_input.names_the_offset", names_the_offset, {NEED_NOTHING}},
    {"bad_input.truncated", truncated, {NEED_REFERENCE_TYPES}},
    {"bad_input.mutated", mutated, {NEED_NOTHING}},
    {"bad_input.invalid", invalid, {NEED_EXECUTION}},
    {"bad_input.validated", validated, {NEED_REFERENCE_TYPES}},
    {"bad_input.long_names", long_names, {NEED_NOTHING}},
    {"bad_input.long_lookup", long_lookup, {NEED_NOTHING}},
};
WRL_TEST_GROUP(bad_input);
