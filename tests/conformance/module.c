/* Modules, and the information that can be read from their bytes. */
#include "harness.h"

#include <stdlib.h>

static bool lifetime(wrl_test_t *t)
{
    wrl_module_t *module;
    OK(wrl_module_new(t->engine, guest_add_one.bytes, guest_add_one.size, NULL, &module));
    CHECK(wrl_module_engine(module) == t->engine);
    CHECK(wrl_module_retain(module) == module);
    wrl_module_release(module);
    EQUAL(wrl_module_export_count(module), 1);
    wrl_module_release(module);
    CHECK(wrl_module_retain(NULL) == NULL);
    wrl_module_release(NULL);
    return true;
}

/* The module does not keep the bytes. */
static bool bytes_not_kept(wrl_test_t *t)
{
    unsigned char bytes[256];
    CHECK(guest_add_one.size <= sizeof(bytes));
    memcpy(bytes, guest_add_one.bytes, guest_add_one.size);
    wrl_module_t *module;
    TRY(test_module_bytes(t, bytes, guest_add_one.size, &module));
    memset(bytes, 0xff, sizeof(bytes));
    wrl_exporttype_t export_type;
    CHECK(wrl_module_get_export(module, "add_one", &export_type));
    EQUAL_TEXT(export_type.name, "add_one");
    wrl_instance_t instance;
    OK(wrl_instance_new(t->store, module, NULL, NULL, &instance));
    return true;
}

static void never_done(void *env, wrl_error_t *error, wrl_module_t *module)
{
    *(bool *)env = true;
    wrl_error_delete(error);
    wrl_module_release(module);
}

/* wrl_module_new_async() returns errors that it can detect immediately. */
static bool async_refused(wrl_test_t *t)
{
    bool called = false;
    const wrl_guest_t guest = guest_add_one;
    INVALID(wrl_module_new_async(NULL, guest.bytes, guest.size, NULL, never_done, &called), "engine: ");
    INVALID(wrl_module_new_async(t->engine, NULL, 8, NULL, never_done, &called), "bytes: ");
    INVALID(wrl_module_new_async(t->engine, guest.bytes, SIZE_MAX, NULL, never_done, &called), "size: ");
    INVALID(wrl_module_new_async(t->engine, guest.bytes, guest.size, NULL, NULL, &called), "done: ");
    FAILS(wrl_module_new_async(t->engine, NULL, 0, NULL, never_done, &called), WRL_ERROR_MALFORMED, "");
    FAILS(wrl_module_new_async(t->engine, "\0asm\1\0\0", 7, NULL, never_done, &called), WRL_ERROR_MALFORMED, "");
    FAILS(wrl_module_new_async(t->engine, guest.bytes, guest.size - 1, NULL, never_done, &called), WRL_ERROR_MALFORMED,
          "");
    CHECK(!called);
    return true;
}

static bool null_arguments(wrl_test_t *t)
{
    wrl_module_t *module;
    TRY(test_module(t, guest_add_one, &module));
    wrl_module_t *out = module;
    INVALID(wrl_module_new(NULL, guest_add_one.bytes, guest_add_one.size, NULL, &out), "engine");
    CHECK(out == NULL);
    INVALID(wrl_module_new(t->engine, NULL, 8, NULL, &out), "bytes");
    INVALID(wrl_module_new(t->engine, guest_add_one.bytes, guest_add_one.size, NULL, NULL), "module");
    FAILS(wrl_module_new(t->engine, NULL, 0, NULL, &out), WRL_ERROR_MALFORMED, "");
    CHECK(out == NULL);

    /* Functions that return no error report that the item does not exist. */
    wrl_importtype_t import;
    wrl_exporttype_t export_type;
    wrl_externtype_t type;
    wrl_section_t section;
    size_t size = 7;
    CHECK(wrl_module_engine(NULL) == NULL);
    CHECK(wrl_module_name(NULL, &size) == NULL);
    EQUAL(size, 0);
    EQUAL(wrl_module_import_count(NULL), 0);
    EQUAL(wrl_module_export_count(NULL), 0);
    EQUAL(wrl_module_section_count(NULL), 0);
    EQUAL(wrl_module_index_space_size(NULL, WRL_EXTERN_FUNC), 0);
    CHECK(!wrl_module_import(NULL, 0, &import));
    CHECK(!wrl_module_export(NULL, 0, &export_type));
    CHECK(!wrl_module_get_export(NULL, "add_one", &export_type));
    CHECK(!wrl_module_get_export(module, NULL, &export_type));
    CHECK(!wrl_module_get_export_n(module, NULL, 3, &export_type));
    CHECK(!wrl_module_index_space_type(NULL, WRL_EXTERN_FUNC, 0, &type));
    CHECK(!wrl_module_section(NULL, 0, &section));
    CHECK(!wrl_module_custom_section(NULL, "notes", &section));
    CHECK(!wrl_module_custom_section(module, NULL, &section));
    return true;
}

static bool empty(wrl_test_t *t)
{
    wrl_module_t *module;
    TRY(test_module(t, guest_empty, &module));
    size_t size = 7;
    CHECK(wrl_module_name(module, &size) == NULL);
    EQUAL(size, 0);
    CHECK(wrl_module_name(module, NULL) == NULL);
    EQUAL(wrl_module_import_count(module), 0);
    EQUAL(wrl_module_export_count(module), 0);
    for (int kind = 0; kind < 8; kind++) {
        EQUAL(wrl_module_index_space_size(module, (wrl_externkind_t)kind), 0);
    }
    wrl_exporttype_t export_type;
    CHECK(!wrl_module_get_export(module, "", &export_type));
    return true;
}

static bool name(wrl_test_t *t)
{
    wrl_module_t *module;
    TRY(test_module(t, guest_items, &module));
    size_t size = 0;
    EQUAL_TEXT(wrl_module_name(module, &size), "items_module");
    EQUAL(size, strlen("items_module"));
    EQUAL_TEXT(wrl_module_name(module, NULL), "items_module");
    return true;
}

static bool imports(wrl_test_t *t)
{
    wrl_module_t *module;
    TRY(test_module(t, guest_items, &module));
    EQUAL(wrl_module_import_count(module), 4);
    wrl_importtype_t import;

    CHECK(wrl_module_import(module, 0, &import));
    EQUAL_TEXT(import.module, "env");
    EQUAL(import.module_size, 3);
    EQUAL_TEXT(import.name, "callback");
    EQUAL(import.name_size, 8);
    CHECK(import.type.kind == WRL_EXTERN_FUNC);
    EQUAL(import.type.of.func.param_count, 2);
    CHECK(import.type.of.func.params[0].kind == WRL_VALKIND_I32);
    CHECK(import.type.of.func.params[1].kind == WRL_VALKIND_I64);
    EQUAL(import.type.of.func.result_count, 1);
    CHECK(import.type.of.func.results[0].kind == WRL_VALKIND_F64);

    CHECK(wrl_module_import(module, 1, &import));
    EQUAL_TEXT(import.name, "limit");
    CHECK(import.type.kind == WRL_EXTERN_GLOBAL);
    CHECK(import.type.of.global.content.kind == WRL_VALKIND_I32);
    CHECK(!import.type.of.global.is_mutable);

    CHECK(wrl_module_import(module, 2, &import));
    EQUAL_TEXT(import.module, "mem");
    EQUAL_TEXT(import.name, "ory");
    CHECK(import.type.kind == WRL_EXTERN_MEMORY);
    EQUAL(import.type.of.memory.min, 1);
    EQUAL(import.type.of.memory.max, 2);
    CHECK(!import.type.of.memory.is_64 && !import.type.of.memory.is_shared);
    EQUAL(import.type.of.memory.page_size_log2, 16);

    CHECK(wrl_module_import(module, 3, &import));
    CHECK(import.type.kind == WRL_EXTERN_TABLE);
    CHECK(import.type.of.table.element.kind == WRL_VALKIND_FUNCREF);
    EQUAL(import.type.of.table.min, 3);
    EQUAL(import.type.of.table.max, 7);
    CHECK(!import.type.of.table.is_64);

    CHECK(!wrl_module_import(module, 4, &import));
    CHECK(!import.module && !import.name && import.type.kind == WRL_EXTERN_NONE);
    CHECK(!wrl_module_import(module, SIZE_MAX, &import));
    return true;
}

static bool exports(wrl_test_t *t)
{
    wrl_module_t *module;
    TRY(test_module(t, guest_items, &module));
    const char *const names[] = {"table", "counter", "ratio", "first", "second", "first_again", "memory"};
    const wrl_externkind_t kinds[] = {WRL_EXTERN_TABLE, WRL_EXTERN_GLOBAL, WRL_EXTERN_GLOBAL, WRL_EXTERN_FUNC,
                                      WRL_EXTERN_FUNC,  WRL_EXTERN_FUNC,   WRL_EXTERN_MEMORY};
    const size_t count = sizeof(names) / sizeof(names[0]);
    EQUAL(wrl_module_export_count(module), count);
    wrl_exporttype_t by_index;
    for (size_t i = 0; i < count; i++) {
        CHECK(wrl_module_export(module, i, &by_index));
        EQUAL_TEXT(by_index.name, names[i]);
        EQUAL(by_index.name_size, strlen(names[i]));
        CHECK(by_index.type.kind == kinds[i]);
        wrl_exporttype_t by_name;
        CHECK(wrl_module_get_export(module, names[i], &by_name));
        CHECK(by_name.name == by_index.name);
        CHECK(by_name.type.kind == kinds[i]);
        CHECK(wrl_module_get_export_n(module, names[i], strlen(names[i]), &by_name));
        CHECK(by_name.name == by_index.name);
    }
    CHECK(!wrl_module_export(module, count, &by_index));
    CHECK(!by_index.name && by_index.type.kind == WRL_EXTERN_NONE);
    CHECK(!wrl_module_get_export(module, "firs", &by_index));
    CHECK(!wrl_module_get_export(module, "first_", &by_index));
    CHECK(!by_index.name && by_index.type.kind == WRL_EXTERN_NONE);

    wrl_exporttype_t item;
    CHECK(wrl_module_get_export(module, "table", &item));
    EQUAL(item.type.of.table.min, 5);
    CHECK(item.type.of.table.max == WRL_NO_MAX);
    CHECK(wrl_module_get_export(module, "counter", &item));
    CHECK(item.type.of.global.is_mutable && item.type.of.global.content.kind == WRL_VALKIND_I64);
    CHECK(wrl_module_get_export(module, "ratio", &item));
    CHECK(!item.type.of.global.is_mutable && item.type.of.global.content.kind == WRL_VALKIND_F32);
    CHECK(wrl_module_get_export(module, "memory", &item));
    EQUAL(item.type.of.memory.min, 1);
    EQUAL(item.type.of.memory.max, 2);
    return true;
}

/* Imports come first in an index space. */
static bool items(wrl_test_t *t)
{
    wrl_module_t *module;
    TRY(test_module(t, guest_items, &module));
    EQUAL(wrl_module_index_space_size(module, WRL_EXTERN_FUNC), 3);
    EQUAL(wrl_module_index_space_size(module, WRL_EXTERN_GLOBAL), 3);
    EQUAL(wrl_module_index_space_size(module, WRL_EXTERN_MEMORY), 1);
    EQUAL(wrl_module_index_space_size(module, WRL_EXTERN_TABLE), 2);
    EQUAL(wrl_module_index_space_size(module, WRL_EXTERN_TAG), 0);
    EQUAL(wrl_module_index_space_size(module, WRL_EXTERN_NONE), 0);

    wrl_externtype_t type;
    CHECK(wrl_module_index_space_type(module, WRL_EXTERN_FUNC, 0, &type));
    EQUAL_TEXT(type.of.func.name, "callback");
    EQUAL(type.of.func.param_count, 2);
    CHECK(wrl_module_index_space_type(module, WRL_EXTERN_FUNC, 1, &type));
    EQUAL_TEXT(type.of.func.name, "first");
    CHECK(wrl_module_index_space_type(module, WRL_EXTERN_FUNC, 2, &type));
    EQUAL_TEXT(type.of.func.name, "second");
    CHECK(wrl_module_index_space_type(module, WRL_EXTERN_GLOBAL, 0, &type));
    CHECK(type.of.global.content.kind == WRL_VALKIND_I32);
    CHECK(wrl_module_index_space_type(module, WRL_EXTERN_GLOBAL, 1, &type));
    CHECK(type.of.global.content.kind == WRL_VALKIND_I64);
    CHECK(wrl_module_index_space_type(module, WRL_EXTERN_TABLE, 0, &type));
    EQUAL(type.of.table.min, 3);
    CHECK(wrl_module_index_space_type(module, WRL_EXTERN_TABLE, 1, &type));
    EQUAL(type.of.table.min, 5);
    CHECK(wrl_module_index_space_type(module, WRL_EXTERN_MEMORY, 0, &type));
    CHECK(type.kind == WRL_EXTERN_MEMORY);

    CHECK(!wrl_module_index_space_type(module, WRL_EXTERN_FUNC, 3, &type));
    CHECK(type.kind == WRL_EXTERN_NONE);
    CHECK(!wrl_module_index_space_type(module, WRL_EXTERN_TAG, 0, &type));
    CHECK(!wrl_module_index_space_type(module, WRL_EXTERN_NONE, 0, &type));
    CHECK(!wrl_module_index_space_type(module, (wrl_externkind_t)99, 0, &type));
    return true;
}

static bool sections(wrl_test_t *t)
{
    wrl_module_t *module;
    TRY(test_module(t, guest_items, &module));
    size_t count = wrl_module_section_count(module);
    CHECK(count > 8);
    uint64_t end = 8;
    bool code = false;
    for (size_t i = 0; i < count; i++) {
        wrl_section_t section;
        CHECK(wrl_module_section(module, i, &section));
        CHECK(section.name != NULL);
        EQUAL(strlen(section.name) <= section.name_size, true);
        CHECK(section.offset >= end + 2);
        end = section.offset + section.size;
        CHECK(end <= guest_items.size);
        CHECK(section.id == 0 || section.data_size == 0);
        if (section.id == 10) {
            EQUAL_TEXT(section.name, "code");
            CHECK(section.data == NULL && section.data_size == 0);
            code = true;
        }
    }
    EQUAL(end, guest_items.size);
    CHECK(code);
    wrl_section_t section;
    CHECK(!wrl_module_section(module, count, &section));
    CHECK(!section.name && !section.data && section.size == 0);
    return true;
}

/* By default a module keeps everything about its custom sections except their contents. */
static bool custom_sections_not_kept(wrl_test_t *t)
{
    wrl_module_t *module;
    TRY(test_module(t, guest_items, &module));
    wrl_section_t section;
    CHECK(wrl_module_custom_section(module, "notes", &section));
    EQUAL(section.data_size, 10);
    EQUAL(section.size, 16);
    CHECK(section.data == NULL);
    CHECK(memcmp(guest_items.bytes + section.offset + section.size - section.data_size, "alpha\0beta", 10) == 0);
    for (size_t i = 0; wrl_module_section(module, i, &section); i++) {
        CHECK(section.data == NULL && section.data_size <= section.size);
    }
    /* Names are kept. */
    EQUAL_TEXT(wrl_module_name(module, NULL), "items_module");
    return true;
}

static bool custom_sections(wrl_test_t *t)
{
    wrl_module_config_t config = WRL_MODULE_CONFIG_INIT;
    config.keep_custom_sections = true;
    wrl_module_t *module;
    OK(wrl_module_new(t->engine, guest_items.bytes, guest_items.size, &config, &module));
    TRY(test_own_module(t, module));
    wrl_section_t section;
    CHECK(wrl_module_custom_section(module, "notes", &section));
    EQUAL(section.id, 0);
    EQUAL_TEXT(section.name, "notes");
    EQUAL(section.name_size, 5);
    EQUAL(section.data_size, 10);
    CHECK(memcmp(section.data, "alpha\0beta", 10) == 0);
    /* The size of the section includes the name and the byte of the name's length. */
    EQUAL(section.size, 16);
    CHECK(memcmp(guest_items.bytes + section.offset + 6, "alpha\0beta", 10) == 0);

    CHECK(wrl_module_custom_section(module, "blank", &section));
    EQUAL(section.data_size, 0);
    CHECK(wrl_module_custom_section(module, "name", &section));
    CHECK(section.data_size > 0);
    CHECK(!wrl_module_custom_section(module, "code", &section));
    CHECK(!section.name && !section.data);
    CHECK(!wrl_module_custom_section(module, "nul", &section));

    /* Only an iteration finds the second section of the same name and a section whose name contains NUL. */
    size_t notes = 0;
    bool nul = false;
    for (size_t i = 0; wrl_module_section(module, i, &section); i++) {
        notes += section.id == 0 && strcmp(section.name, "notes") == 0 ? 1 : 0;
        nul = nul || (section.name_size == 8 && memcmp(section.name, "nul\0name", 9) == 0 && section.data_size == 1);
    }
    EQUAL(notes, 2);
    CHECK(nul);
    return true;
}

static bool memory64(wrl_test_t *t)
{
    wrl_module_t *module;
    TRY(test_module(t, guest_memory64, &module));
    wrl_exporttype_t item;
    CHECK(wrl_module_get_export(module, "memory", &item));
    CHECK(item.type.of.memory.is_64);
    EQUAL(item.type.of.memory.min, 1);
    EQUAL(item.type.of.memory.max, UINT64_C(0x100000001));
    CHECK(wrl_module_get_export(module, "table", &item));
    CHECK(item.type.of.table.is_64);
    EQUAL(item.type.of.table.min, 3);
    EQUAL(item.type.of.table.max, UINT64_C(0x100000002));
    return true;
}

static bool page_sizes(wrl_test_t *t)
{
    wrl_module_t *module;
    TRY(test_module(t, guest_page_sizes, &module));
    wrl_exporttype_t item;
    CHECK(wrl_module_get_export(module, "memory", &item));
    EQUAL(item.type.of.memory.page_size_log2, 0);
    EQUAL(item.type.of.memory.min, 5);
    EQUAL(item.type.of.memory.max, 9);
    return true;
}

static bool shared_memory(wrl_test_t *t)
{
    wrl_module_t *module;
    TRY(test_module(t, guest_shared_memory, &module));
    wrl_exporttype_t item;
    CHECK(wrl_module_get_export(module, "memory", &item));
    CHECK(item.type.of.memory.is_shared);
    EQUAL(item.type.of.memory.max, 2);
    return true;
}

static bool tags(wrl_test_t *t)
{
    wrl_module_t *module;
    TRY(test_module(t, guest_tag_importer, &module));
    wrl_importtype_t import;
    CHECK(wrl_module_import(module, 0, &import));
    CHECK(import.type.kind == WRL_EXTERN_TAG);
    EQUAL(import.type.of.tag.param_count, 1);
    CHECK(import.type.of.tag.params[0].kind == WRL_VALKIND_I32);
    EQUAL(import.type.of.tag.result_count, 0);
    EQUAL(wrl_module_index_space_size(module, WRL_EXTERN_TAG), 1);
    wrl_exporttype_t item;
    CHECK(wrl_module_get_export(module, "tag_again", &item));
    CHECK(item.type.kind == WRL_EXTERN_TAG);
    return true;
}

static bool typed_references(wrl_test_t *t)
{
    wrl_module_t *module;
    TRY(test_module(t, guest_typed_refs, &module));
    wrl_exporttype_t item;
    CHECK(wrl_module_get_export(module, "typed", &item));
    CHECK(item.type.of.global.content.kind == WRL_VALKIND_REF);
    EQUAL(item.type.of.global.content.flags, WRL_VALTYPE_FUNC);
    EQUAL(wrl_valtype_value_kind(item.type.of.global.content), WRL_VALKIND_FUNCREF);
    EQUAL(item.type.of.global.content.heap, 0);
    CHECK(wrl_module_get_export(module, "table", &item));
    CHECK(item.type.of.table.element.kind == WRL_VALKIND_REF);
    EQUAL(item.type.of.table.element.flags, WRL_VALTYPE_NULLABLE | WRL_VALTYPE_FUNC);
    return true;
}

static uint8_t *put_leb128(uint8_t *to, size_t value)
{
    do {
        *to++ = (uint8_t)((value & 0x7F) | (value > 0x7F ? 0x80 : 0));
        value >>= 7;
    } while (value != 0);
    return to;
}

static uint8_t *put_section(uint8_t *to, uint8_t id, const uint8_t *body, const uint8_t *end)
{
    *to++ = id;
    to = put_leb128(to, (size_t)(end - body));
    memcpy(to, body, (size_t)(end - body));
    return to + (end - body);
}

#define MANY_GLOBALS 66000

/* Writes a module with many globals and one function that sets each of them. `to` and `part` have space for 10 bytes
 * per global. */
static size_t write_many_globals(uint8_t *to, uint8_t *part)
{
    static const uint8_t start[] = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0};
    static const uint8_t global[] = {0x7F, 1, 0x41, 1, 0x0B};
    memcpy(to, start, sizeof(start));
    uint8_t *at = put_leb128(part, MANY_GLOBALS);
    for (size_t i = 0; i < MANY_GLOBALS; i++, at += sizeof(global)) {
        memcpy(at, global, sizeof(global));
    }
    uint8_t *end = put_section(to + sizeof(start), 6, part, at);
    /* The sizes of the code section and of its function are not yet known and get a fixed length. */
    at = part + 5;
    *at++ = 0;
    for (size_t i = 0; i < MANY_GLOBALS; i++) {
        *at++ = 0x41;
        *at++ = 1;
        *at++ = 0x24;
        at = put_leb128(at, i);
    }
    *at++ = 0x0B;
    size_t size = (size_t)(at - (part + 5));
    part[0] = 1;
    for (size_t i = 0; i < 4; i++) {
        part[1 + i] = (uint8_t)(size >> 7 * i & 0x7F) | (i < 3 ? 0x80 : 0);
    }
    return (size_t)(put_section(end, 10, part, at) - to);
}

/* A valid module may exceed a limit of the engine, which is an error. wasmtime's compiler panics on this module. */
static bool many_globals(wrl_test_t *t)
{
    static uint8_t bytes[(size_t)MANY_GLOBALS * 16];
    static uint8_t part[(size_t)MANY_GLOBALS * 10];
    size_t size = write_many_globals(bytes, part);
    for (int round = 0; round < 2; round++) {
        wrl_module_t *module;
        wrl_error_t *error = wrl_module_new(t->engine, bytes, size, NULL, &module);
        if (error != NULL) {
            FAILS(error, WRL_ERROR_RESOURCE_LIMIT, "");
        } else {
            wrl_module_release(module);
        }
    }
    /* The engine is still usable. */
    wrl_module_t *other;
    return test_module(t, guest_empty, &other);
}

static const wrl_test_case_t cases[] = {
    {"module.lifetime", lifetime, {NEED_NOTHING}},
    {"module.bytes_not_kept", bytes_not_kept, {NEED_NOTHING}},
    {"module.async_refused", async_refused, {NEED_NOTHING}},
    {"module.null_arguments", null_arguments, {NEED_NOTHING}},
    {"module.empty", empty, {NEED_NOTHING}},
    {"module.name", name, {NEED_REFERENCE_TYPES}},
    {"module.imports", imports, {NEED_REFERENCE_TYPES}},
    {"module.exports", exports, {NEED_REFERENCE_TYPES}},
    {"module.items", items, {NEED_REFERENCE_TYPES}},
    {"module.sections", sections, {NEED_REFERENCE_TYPES}},
    {"module.custom_sections_not_kept", custom_sections_not_kept, {NEED_REFERENCE_TYPES}},
    {"module.custom_sections", custom_sections, {NEED_REFERENCE_TYPES}},
    {"module.memory64", memory64, {NEED_MEMORY64}},
    {"module.page_sizes", page_sizes, {NEED_CUSTOM_PAGE_SIZES}},
    {"module.shared_memory", shared_memory, {NEED_THREADS}},
    {"module.tags", tags, {NEED_EXCEPTIONS}},
    {"module.many_globals", many_globals, {NEED_NOTHING}},
    {"module.typed_references", typed_references, {NEED_FUNCTION_REFERENCES}},
};
WRL_TEST_GROUP(module);
