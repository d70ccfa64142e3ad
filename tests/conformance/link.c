/* Linking: errors with the import, the expected and the actual type; and externs that instances share. */
#include "harness.h"

/* Instantiates a guest with one import and checks that the error contains all the words. */
static wrl_error_t *link_with(wrl_test_t *t, wrl_guest_t guest, const char *module_name, const char *name,
                              wrl_extern_t item)
{
    wrl_module_t *module;
    wrl_error_t *error = wrl_module_new(t->engine, guest.bytes, guest.size, NULL, &module);
    if (error) {
        return error;
    }
    wrl_imports_t *imports;
    error = wrl_imports_new(&imports);
    if (!error) {
        error = wrl_imports_define(imports, module_name, name, item);
    }
    if (!error) {
        wrl_instance_t instance = {1, 1};
        error = wrl_instance_new(t->store, module, imports, NULL, &instance);
        if (error && (instance.store_id || instance.index)) {
            (void)test_fail(t, __FILE__, __LINE__, "a failed instance left a handle");
        }
    }
    wrl_imports_delete(imports);
    wrl_module_release(module);
    return error;
}

#define LINK_FAILS(guest, name, item, ...)                                                                             \
    FAILS(link_with(t, guest, "env", name, item), WRL_ERROR_LINK, "env", name, __VA_ARGS__)

/* One extern of each kind, to pass as imports of another kind. */
typedef struct kit {
    wrl_extern_t func;   /* () -> () */
    wrl_extern_t global; /* i32 */
    wrl_extern_t memory; /* 2..5 */
    wrl_extern_t table;  /* funcref 2..5 */
} kit_t;

static bool make_kit(wrl_test_t *t, kit_t *kit)
{
    wrl_func_t func;
    TRY(test_nothing_func(t, t->store, &func));
    kit->func = wrl_extern_from_func(func);
    const wrl_globaltype_t global_type = WRL_GLOBALTYPE(WRL_VALKIND_I32, false);
    const wrl_val_t zero = WRL_I32(0);
    wrl_global_t global;
    OK(wrl_global_new(t->store, &global_type, &zero, &global));
    kit->global = wrl_extern_from_global(global);
    const wrl_memorytype_t memory_type = WRL_MEMORYTYPE(2, 5);
    wrl_memory_t memory;
    OK(wrl_memory_new(t->store, &memory_type, &memory));
    kit->memory = wrl_extern_from_memory(memory);
    const wrl_tabletype_t table_type = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 2, 5);
    const wrl_val_t null = WRL_NULL_FUNCREF;
    wrl_table_t table;
    OK(wrl_table_new(t->store, &table_type, &null, &table));
    kit->table = wrl_extern_from_table(table);
    return true;
}

static bool missing(wrl_test_t *t)
{
    wrl_module_t *module;
    TRY(test_module(t, guest_import_func, &module));
    wrl_instance_t instance;
    /* NULL, an empty map, and a map with similar names. */
    FAILS(wrl_instance_new(t->store, module, NULL, NULL, &instance), WRL_ERROR_LINK, "env", "f", "(i32, i64) -> (f32)");
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    FAILS(wrl_instance_new(t->store, module, imports, NULL, &instance), WRL_ERROR_LINK, "env", "f");
    wrl_func_t func;
    TRY(test_nothing_func(t, t->store, &func));
    OK(wrl_imports_define(imports, "env", "g", wrl_extern_from_func(func)));
    OK(wrl_imports_define(imports, "en", "f", wrl_extern_from_func(func)));
    FAILS(wrl_instance_new(t->store, module, imports, NULL, &instance), WRL_ERROR_LINK, "env", "f");
    CHECK(instance.store_id == 0);
    return true;
}

static bool second_missing(wrl_test_t *t)
{
    wrl_func_t func;
    TRY(test_nothing_func(t, t->store, &func));
    FAILS(link_with(t, guest_import_two, "one", "first", wrl_extern_from_func(func)), WRL_ERROR_LINK, "two", "second");
    return true;
}

static bool missing_odd_name(wrl_test_t *t)
{
    wrl_module_t *module;
    TRY(test_module(t, guest_missing_names, &module));
    wrl_instance_t instance;
    wrl_error_t *error = wrl_instance_new(t->store, module, NULL, NULL, &instance);
    CHECK(error != NULL);
    TRY(test_own_error(t, error));
    EQUAL(wrl_error_kind(error), WRL_ERROR_LINK);
    /* Control characters are escaped, and the name continues after its NUL. */
    CHECK(strchr(wrl_error_message(error), '\n') == NULL);
    CONTAINS(wrl_error_message(error), "module");
    CONTAINS(wrl_error_message(error), "name");
    return true;
}

static bool wrong_kind(wrl_test_t *t)
{
    kit_t kit;
    TRY(make_kit(t, &kit));
    LINK_FAILS(guest_import_func, "f", kit.global, "function", "global");
    LINK_FAILS(guest_import_func, "f", kit.memory, "function", "memory");
    LINK_FAILS(guest_import_global, "g", kit.func, "global", "function");
    LINK_FAILS(guest_import_global, "g", kit.table, "global", "table");
    LINK_FAILS(guest_import_memory, "m", kit.table, "memory", "table");
    LINK_FAILS(guest_import_memory, "m", kit.func, "memory", "function");
    LINK_FAILS(guest_import_table, "t", kit.memory, "table", "memory");
    LINK_FAILS(guest_import_table, "t", kit.global, "table", "global");
    return true;
}

static bool wrong_signature(wrl_test_t *t)
{
    const struct {
        wrl_functype_t type;
        const char *printed;
    } wrong[] = {
        {WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES), "() -> ()"},
        {WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I64, WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_F32)), "(i64, i32) -> (f32)"},
        {WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32, WRL_TYPE_I64), WRL_TYPES(WRL_TYPE_F64)), "(i32, i64) -> (f64)"},
        {WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_F32)), "(i32) -> (f32)"},
        {WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32, WRL_TYPE_I64), WRL_NO_TYPES), "(i32, i64) -> ()"},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        wrl_func_t func;
        OK(wrl_func_new(t->store, &wrong[i].type, host_nothing, NULL, NULL, &func));
        LINK_FAILS(guest_import_func, "f", wrl_extern_from_func(func), "(i32, i64) -> (f32)", wrong[i].printed);
    }
    const wrl_functype_t right = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32, WRL_TYPE_I64), WRL_TYPES(WRL_TYPE_F32));
    wrl_func_t func;
    OK(wrl_func_new(t->store, &right, host_nothing, NULL, NULL, &func));
    OK(link_with(t, guest_import_func, "env", "f", wrl_extern_from_func(func)));
    return true;
}

static bool wrong_global(wrl_test_t *t)
{
    const struct {
        wrl_globaltype_t type;
        wrl_val_t value;
        const char *printed;
    } wrong[] = {
        {WRL_GLOBALTYPE(WRL_VALKIND_I32, true), WRL_I32(0), "mut i32"},
        {WRL_GLOBALTYPE(WRL_VALKIND_I64, false), WRL_I64(0), "i64"},
        {WRL_GLOBALTYPE(WRL_VALKIND_F32, false), WRL_F32(0), "f32"},
    };
    wrl_global_t global;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        OK(wrl_global_new(t->store, &wrong[i].type, &wrong[i].value, &global));
        LINK_FAILS(guest_import_global, "g", wrl_extern_from_global(global), "i32", wrong[i].printed);
    }
    kit_t kit;
    TRY(make_kit(t, &kit));
    OK(link_with(t, guest_import_global, "env", "g", kit.global));
    /* The import is mutable, the extern is immutable. */
    LINK_FAILS(guest_import_global_mut, "g", kit.global, "mut i32");
    OK(wrl_global_new(t->store, &wrong[0].type, &wrong[0].value, &global));
    OK(link_with(t, guest_import_global_mut, "env", "g", wrl_extern_from_global(global)));
    return true;
}

/* The import has the limits 2..5 pages. */
static bool wrong_memory(wrl_test_t *t)
{
    const struct {
        wrl_memorytype_t type;
        const char *found;
    } wrong[] = {
        {WRL_MEMORYTYPE(1, 5), "1..5"},
        {WRL_MEMORYTYPE(0, 0), "0..0"},
        {WRL_MEMORYTYPE(2, 6), "2..6"},
        {WRL_MEMORYTYPE(3, WRL_NO_MAX), "3"},
    };
    wrl_memory_t memory;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        OK(wrl_memory_new(t->store, &wrong[i].type, &memory));
        LINK_FAILS(guest_import_memory, "m", wrl_extern_from_memory(memory), "2..5", wrong[i].found);
    }
    const wrl_memorytype_t right[] = {WRL_MEMORYTYPE(2, 5), WRL_MEMORYTYPE(2, 2), WRL_MEMORYTYPE(4, 5)};
    for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
        OK(wrl_memory_new(t->store, &right[i], &memory));
        OK(link_with(t, guest_import_memory, "env", "m", wrl_extern_from_memory(memory)));
    }
    return true;
}

/* Linking compares the current size of a memory or table, not the initial size. */
static bool grown_fits(wrl_test_t *t)
{
    const wrl_memorytype_t memory_type = WRL_MEMORYTYPE(1, 5);
    wrl_memory_t memory;
    OK(wrl_memory_new(t->store, &memory_type, &memory));
    LINK_FAILS(guest_import_memory, "m", wrl_extern_from_memory(memory), "2..5");
    OK(wrl_memory_grow(t->store, memory, 1, NULL));
    OK(link_with(t, guest_import_memory, "env", "m", wrl_extern_from_memory(memory)));

    const wrl_tabletype_t table_type = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 0, 5);
    const wrl_val_t null = WRL_NULL_FUNCREF;
    wrl_table_t table;
    OK(wrl_table_new(t->store, &table_type, &null, &table));
    LINK_FAILS(guest_import_table, "t", wrl_extern_from_table(table), "2..5");
    OK(wrl_table_grow(t->store, table, 2, &null, NULL));
    OK(link_with(t, guest_import_table, "env", "t", wrl_extern_from_table(table)));
    return true;
}

/* The import is funcref 2..5. */
static bool wrong_table(wrl_test_t *t)
{
    const struct {
        wrl_tabletype_t type;
        const char *found;
    } wrong[] = {
        {WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 1, 5), "1..5"},
        {WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 2, 6), "2..6"},
        {WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 3, WRL_NO_MAX), "3"},
        {WRL_TABLETYPE(WRL_VALKIND_EXTERNREF, 2, 5), "externref"},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        const wrl_val_t null =
            wrong[i].type.element.kind == WRL_VALKIND_FUNCREF ? WRL_NULL_FUNCREF : WRL_NULL_EXTERNREF;
        wrl_table_t table;
        OK(wrl_table_new(t->store, &wrong[i].type, &null, &table));
        LINK_FAILS(guest_import_table, "t", wrl_extern_from_table(table), "funcref", "2..5", wrong[i].found);
    }
    kit_t kit;
    TRY(make_kit(t, &kit));
    OK(link_with(t, guest_import_table, "env", "t", kit.table));
    return true;
}

static bool wrong_memory64(wrl_test_t *t)
{
    wrl_memorytype_t type = WRL_MEMORYTYPE(2, 5);
    type.is_64 = true;
    wrl_memory_t memory;
    OK(wrl_memory_new(t->store, &type, &memory));
    LINK_FAILS(guest_import_memory, "m", wrl_extern_from_memory(memory), "2..5");
    return true;
}

static bool foreign_item(wrl_test_t *t)
{
    wrl_store_t *other;
    TRY(test_store(t, t->engine, &other));
    wrl_func_t func;
    TRY(test_nothing_func(t, other, &func));
    INVALID(link_with(t, guest_import_two, "one", "first", wrl_extern_from_func(func)), "one", "first", "store");
    wrl_store_delete(t->stores[--t->store_count]);
    INVALID(link_with(t, guest_import_two, "one", "first", wrl_extern_from_func(func)), "one", "first");
    return true;
}

/* ---- Sharing ---- */

static bool link_pair(wrl_test_t *t, wrl_instance_t *exporter, wrl_instance_t *importer)
{
    TRY(test_instance(t, guest_exporter, NULL, exporter));
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    OK(wrl_imports_define_instance(imports, "a", t->store, *exporter));
    TRY(test_instance(t, guest_importer, imports, importer));
    return true;
}

/* An import that is exported again is the same object. */
static bool reexport_identity(wrl_test_t *t)
{
    wrl_instance_t exporter;
    wrl_instance_t importer;
    TRY(link_pair(t, &exporter, &importer));
    const char *const names[][2] = {
        {"global", "global_again"}, {"memory", "memory_again"}, {"table", "table_again"}, {"five", "five_again"}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        wrl_extern_t first;
        wrl_extern_t again;
        CHECK(wrl_instance_get_export(t->store, exporter, names[i][0], &first));
        CHECK(wrl_instance_get_export(t->store, importer, names[i][1], &again));
        if (!same_extern(&first, &again)) {
            return test_fail(t, __FILE__, __LINE__, "%s and %s differ", names[i][0], names[i][1]);
        }
    }
    return true;
}

/* An instance exports the host's externs unchanged. */
static bool host_items_identity(wrl_test_t *t)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_TYPES_N((const wrl_valtype_t[]){WRL_TYPE_I32}, 1));
    const wrl_functype_t type_1 = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    const wrl_globaltype_t global_type = WRL_GLOBALTYPE(WRL_VALKIND_I32, true);
    const wrl_memorytype_t memory_type = WRL_MEMORYTYPE(1, 4);
    const wrl_tabletype_t table_type = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 2, 10);
    const wrl_val_t zero = WRL_I32(0);
    const wrl_val_t null = WRL_NULL_FUNCREF;
    wrl_func_t five;
    wrl_func_t add_global;
    wrl_global_t global;
    wrl_memory_t memory;
    wrl_table_t table;
    OK(wrl_func_new(t->store, &type, host_nothing, NULL, NULL, &five));
    OK(wrl_func_new(t->store, &type_1, host_nothing, NULL, NULL, &add_global));
    OK(wrl_global_new(t->store, &global_type, &zero, &global));
    OK(wrl_memory_new(t->store, &memory_type, &memory));
    OK(wrl_table_new(t->store, &table_type, &null, &table));
    const wrl_named_extern_t items[] = {{"five", wrl_extern_from_func(five)},
                                        {"add_global", wrl_extern_from_func(add_global)},
                                        {"global", wrl_extern_from_global(global)},
                                        {"memory", wrl_extern_from_memory(memory)},
                                        {"table", wrl_extern_from_table(table)}};
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    OK(wrl_imports_define_module(imports, "a", items, 5));
    wrl_instance_t importer;
    TRY(test_instance(t, guest_importer, imports, &importer));
    const size_t pairs[] = {0, 2, 3, 4};
    const char *const names[] = {"five_again", "global_again", "memory_again", "table_again"};
    for (size_t i = 0; i < 4; i++) {
        wrl_extern_t found;
        CHECK(wrl_instance_get_export(t->store, importer, names[i], &found));
        if (!same_extern(&found, &items[pairs[i]].item)) {
            return test_fail(t, __FILE__, __LINE__, "%s is not the host's extern", names[i]);
        }
    }
    return true;
}

static bool shared_global(wrl_test_t *t)
{
    wrl_instance_t exporter;
    wrl_instance_t importer;
    TRY(link_pair(t, &exporter, &importer));
    wrl_global_t global;
    CHECK(wrl_instance_get_global(t->store, importer, "global_again", &global));
    int32_t result;
    wrl_val_t value;
    wrl_func_t bump;
    CHECK(wrl_instance_get_func(t->store, importer, "bump_global", &bump));
    OK(wrl_func_call(t->store, bump, NULL, 0, NULL, 0));
    TRY(test_call_i32(t, t->store, exporter, "add_global", (int32_t[]){100}, 1, &result));
    EQUAL(result, 111);
    value = WRL_I32(20);
    OK(wrl_global_set(t->store, global, &value));
    TRY(test_call_i32(t, t->store, importer, "read_global", NULL, 0, &result));
    EQUAL(result, 20);
    wrl_func_t set;
    CHECK(wrl_instance_get_func(t->store, exporter, "set_global", &set));
    value = WRL_I32(-3);
    OK(wrl_func_call(t->store, set, &value, 1, NULL, 0));
    OK(wrl_global_get(t->store, global, &value));
    CHECK(value.of.i32 == -3);
    TRY(test_call_i32(t, t->store, importer, "via_exporter", (int32_t[]){5}, 1, &result));
    EQUAL(result, 2);
    return true;
}

static bool shared_memory(wrl_test_t *t)
{
    wrl_instance_t exporter;
    wrl_instance_t importer;
    TRY(link_pair(t, &exporter, &importer));
    wrl_memory_t memory;
    CHECK(wrl_instance_get_memory(t->store, exporter, "memory", &memory));
    const wrl_val_t at_5[] = {WRL_I32(5), WRL_I32(200)};
    wrl_func_t store8;
    CHECK(wrl_instance_get_func(t->store, exporter, "store", &store8));
    OK(wrl_func_call(t->store, store8, at_5, 2, NULL, 0));
    int32_t result;
    TRY(test_call_i32(t, t->store, importer, "load", (int32_t[]){5}, 1, &result));
    EQUAL(result, 200);
    /* One instance grows the memory. The other instance and the host use the new page. */
    TRY(test_call_i32(t, t->store, importer, "grow", (int32_t[]){2}, 1, &result));
    EQUAL(result, 1);
    uint64_t pages = wrl_memory_size(t->store, memory);
    EQUAL(pages, 3);
    const wrl_val_t at_end[] = {WRL_I32(3 * 65536 - 1), WRL_I32(9)};
    OK(wrl_func_call(t->store, store8, at_end, 2, NULL, 0));
    uint8_t byte;
    OK(wrl_memory_read(t->store, memory, 3 * 65536 - 1, &byte, 1));
    EQUAL(byte, 9);
    OK(wrl_memory_grow(t->store, memory, 1, NULL));
    TRY(test_call_i32(t, t->store, importer, "size", NULL, 0, &result));
    EQUAL(result, 4);
    TRY(test_call_i32(t, t->store, importer, "grow", (int32_t[]){1}, 1, &result));
    CHECK(result == -1);
    return true;
}

static bool shared_table(wrl_test_t *t)
{
    wrl_instance_t exporter;
    wrl_instance_t importer;
    TRY(link_pair(t, &exporter, &importer));
    int32_t result;
    /* The importer's segment has set element 1. */
    TRY(test_call_i32(t, t->store, exporter, "call", (int32_t[]){0}, 1, &result));
    EQUAL(result, 5);
    TRY(test_call_i32(t, t->store, exporter, "call", (int32_t[]){1}, 1, &result));
    EQUAL(result, 7);
    wrl_table_t table;
    CHECK(wrl_instance_get_table(t->store, importer, "table_again", &table));
    wrl_func_t seven;
    CHECK(wrl_instance_get_func(t->store, importer, "seven", &seven));
    const wrl_val_t value = WRL_FUNCREF(seven);
    OK(wrl_table_grow(t->store, table, 3, &value, NULL));
    TRY(test_call_i32(t, t->store, exporter, "call", (int32_t[]){4}, 1, &result));
    EQUAL(result, 7);
    TRY(test_call_i32(t, t->store, importer, "call", (int32_t[]){2}, 1, &result));
    EQUAL(result, 7);
    return true;
}

static bool shared_func(wrl_test_t *t)
{
    wrl_instance_t exporter;
    wrl_instance_t importer;
    TRY(link_pair(t, &exporter, &importer));
    int32_t result;
    TRY(test_call_i32(t, t->store, importer, "five_again", NULL, 0, &result));
    EQUAL(result, 5);
    TRY(test_call_i32(t, t->store, importer, "via_exporter", (int32_t[]){32}, 1, &result));
    EQUAL(result, 42);
    return true;
}

/* Two imports of the same name get the same extern. */
static bool same_import_twice(wrl_test_t *t)
{
    wrl_instance_t exporter;
    TRY(test_instance(t, guest_exporter, NULL, &exporter));
    wrl_extern_t five;
    CHECK(wrl_instance_get_export(t->store, exporter, "five", &five));
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    OK(wrl_imports_define(imports, "env", "f", five));
    wrl_instance_t instance;
    TRY(test_instance(t, guest_import_same_twice, imports, &instance));
    int32_t result;
    TRY(test_call_i32(t, t->store, instance, "sum", NULL, 0, &result));
    EQUAL(result, 10);
    return true;
}

static bool shared_tag(wrl_test_t *t)
{
    wrl_instance_t thrower;
    TRY(test_instance(t, guest_tag_exporter, NULL, &thrower));
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    OK(wrl_imports_define_instance(imports, "a", t->store, thrower));
    wrl_instance_t catcher;
    TRY(test_instance(t, guest_tag_importer, imports, &catcher));
    wrl_extern_t tag;
    wrl_extern_t again;
    CHECK(wrl_instance_get_export(t->store, thrower, "tag", &tag));
    CHECK(wrl_instance_get_export(t->store, catcher, "tag_again", &again));
    wrl_tag_t by_name;
    CHECK(wrl_instance_get_tag(t->store, thrower, "tag", &by_name));
    CHECK(wrl_tag_equal(by_name, tag.of.tag));
    CHECK(!wrl_instance_get_tag(t->store, thrower, "tags", &by_name) && wrl_tag_is_null(by_name));
    CHECK(tag.kind == WRL_EXTERN_TAG && same_extern(&tag, &again));
    CHECK(same_extern(&tag, &(wrl_extern_t){WRL_EXTERN_TAG, {.tag = tag.of.tag}}));
    wrl_externtype_t type = wrl_extern_type(t->store, tag);
    CHECK(type.kind == WRL_EXTERN_TAG && type.of.tag.param_count == 1);
    int32_t result;
    TRY(test_call_i32(t, t->store, catcher, "catch", (int32_t[]){77}, 1, &result));
    EQUAL(result, 77);
    return true;
}

/* Two instances of the same module have distinct tags. */
static bool other_tag(wrl_test_t *t)
{
    wrl_instance_t thrower;
    wrl_instance_t other;
    TRY(test_instance(t, guest_tag_exporter, NULL, &thrower));
    TRY(test_instance(t, guest_tag_exporter, NULL, &other));
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    OK(wrl_imports_define_instance(imports, "a", t->store, thrower));
    wrl_extern_t tag;
    CHECK(wrl_instance_get_export(t->store, other, "tag", &tag));
    OK(wrl_imports_define(imports, "a", "tag", wrl_extern_from_tag(tag.of.tag)));
    wrl_instance_t catcher;
    TRY(test_instance(t, guest_tag_importer, imports, &catcher));
    wrl_func_t func;
    CHECK(wrl_instance_get_func(t->store, catcher, "catch", &func));
    const wrl_val_t arg = WRL_I32(1);
    wrl_val_t result;
    TRAPS(wrl_func_call(t->store, func, &arg, 1, &result, 1), WRL_TRAP_UNCAUGHT_EXCEPTION);
    return true;
}

/* Two imports of one name with different types: only a list of externs in the order of the imports can provide both. */
static bool items_in_order(wrl_test_t *t)
{
    static const uint8_t bytes[] = {0, 'a', 's', 'm', 1, 0,   0, 0,   1, 8, 2, 0x60, 0, 0,   0x60, 1, 0x7f,
                                    0, 2,   13,  2,   1, 'a', 1, 'b', 0, 0, 1, 'a',  1, 'b', 0,    1};
    const wrl_functype_t none = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES),
                         one = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_NO_TYPES);
    wrl_module_t *module;
    wrl_instance_t instance;
    wrl_func_t funcs[2];
    TRY(test_module_bytes(t, bytes, sizeof(bytes), &module));
    OK(wrl_func_new(t->store, &none, host_nothing, NULL, NULL, &funcs[0]));
    OK(wrl_func_new(t->store, &one, host_nothing, NULL, NULL, &funcs[1]));
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    OK(wrl_imports_define(imports, "a", "b", wrl_extern_from_func(funcs[0])));
    FAILS(wrl_instance_new(t->store, module, imports, NULL, &instance), WRL_ERROR_LINK, "\"a\" \"b\"");

    wrl_extern_t items[] = {wrl_extern_from_func(funcs[0]), wrl_extern_from_func(funcs[1])};
    wrl_instance_config_t config = WRL_INSTANCE_CONFIG_INIT;
    config.items = items;
    config.item_count = 2;
    OK(wrl_instance_new(t->store, module, NULL, &config, &instance));
    INVALID(wrl_instance_new(t->store, module, imports, &config, &instance), "config", "imports");
    config.item_count = 1;
    INVALID(wrl_instance_new(t->store, module, NULL, &config, &instance), "config: has 1 items for 2 imports");
    config.item_count = 2;

    items[1] = items[0];
    FAILS(wrl_instance_new(t->store, module, NULL, &config, &instance), WRL_ERROR_LINK, "\"a\" \"b\"", "(i32) -> ()");
    items[1].kind = WRL_EXTERN_NONE;
    FAILS(wrl_instance_new(t->store, module, NULL, &config, &instance), WRL_ERROR_LINK, "\"a\" \"b\"");
    items[1] = wrl_extern_from_func(wrl_func_null());
    INVALID(wrl_instance_new(t->store, module, NULL, &config, &instance), "\"a\" \"b\"", "null");
    items[1].kind = (wrl_externkind_t)77;
    INVALID(wrl_instance_new(t->store, module, NULL, &config, &instance), "\"a\" \"b\"");
    return true;
}

static const wrl_test_case_t cases[] = {
    {"link.items_in_order", items_in_order, {NEED_NOTHING}},
    {"link.missing", missing, {NEED_NOTHING}},
    {"link.second_missing", second_missing, {NEED_NOTHING}},
    {"link.missing_odd_name", missing_odd_name, {NEED_NOTHING}},
    {"link.wrong_kind", wrong_kind, {NEED_NOTHING}},
    {"link.wrong_signature", wrong_signature, {NEED_NOTHING}},
    {"link.wrong_global", wrong_global, {NEED_MUTABLE_GLOBALS}},
    {"link.wrong_memory", wrong_memory, {NEED_NOTHING}},
    {"link.wrong_memory64", wrong_memory64, {NEED_MEMORY64}},
    {"link.wrong_table", wrong_table, {NEED_REFERENCE_TYPES}},
    {"link.grown_fits", grown_fits, {NEED_NOTHING}},
    {"link.foreign_item", foreign_item, {NEED_NOTHING}},
    {"link.reexport_identity", reexport_identity, {NEED_MUTABLE_GLOBALS}},
    {"link.host_items_identity", host_items_identity, {NEED_MUTABLE_GLOBALS}},
    {"link.shared_global", shared_global, {NEED_EXECUTION, NEED_MUTABLE_GLOBALS}},
    {"link.shared_memory", shared_memory, {NEED_EXECUTION}},
    {"link.shared_table", shared_table, {NEED_EXECUTION}},
    {"link.shared_func", shared_func, {NEED_EXECUTION}},
    {"link.same_import_twice", same_import_twice, {NEED_EXECUTION}},
    {"link.shared_tag", shared_tag, {NEED_EXECUTION, NEED_EXCEPTIONS}},
    {"link.other_tag", other_tag, {NEED_EXECUTION, NEED_EXCEPTIONS}},
};
WRL_TEST_GROUP(link);
