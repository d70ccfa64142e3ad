/* Instances: exports by index and by name, and start functions. */
#include "harness.h"

static bool module_of(wrl_test_t *t)
{
    wrl_module_t *module;
    OK(wrl_module_new(t->engine, guest_add_one.bytes, guest_add_one.size, NULL, &module));
    wrl_instance_t instance;
    wrl_error_t *error = wrl_instance_new(t->store, module, NULL, NULL, &instance);
    wrl_module_release(module);
    OK(error);
    /* The instance keeps its module alive. */
    wrl_module_t *lent = wrl_instance_module(t->store, instance);
    CHECK(lent == module);
    EQUAL(wrl_module_export_count(lent), 1);
    return true;
}

static bool exports(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_exporter, NULL, &instance));
    wrl_module_t *module = wrl_instance_module(t->store, instance);
    size_t count = wrl_instance_export_count(t->store, instance);
    EQUAL(count, wrl_module_export_count(module));
    for (size_t i = 0; i < count; i++) {
        wrl_exporttype_t declared;
        CHECK(wrl_module_export(module, i, &declared));
        wrl_export_t item;
        OK(wrl_instance_export(t->store, instance, i, &item));
        EQUAL_TEXT(item.name, declared.name);
        EQUAL(item.name_size, declared.name_size);
        CHECK(item.item.kind == declared.type.kind);
        /* Every look-up, by index or by name, returns the same object. */
        wrl_extern_t by_name;
        CHECK(wrl_instance_get_export(t->store, instance, item.name, &by_name));
        CHECK(same_extern(&by_name, &item.item));
        CHECK(wrl_instance_get_export_n(t->store, instance, item.name, item.name_size, &by_name));
        CHECK(same_extern(&by_name, &item.item));
        wrl_externtype_t type = wrl_extern_type(t->store, item.item);
        CHECK(type.kind == declared.type.kind);
    }
    wrl_export_t none;
    INVALID(wrl_instance_export(t->store, instance, count, &none), "index");
    CHECK(none.name == NULL && none.item.kind == WRL_EXTERN_NONE);
    INVALID(wrl_instance_export(t->store, instance, SIZE_MAX, &none), "index");
    return true;
}

static bool typed_getters(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_exporter, NULL, &instance));
    wrl_func_t func;
    wrl_global_t global;
    wrl_memory_t memory;
    wrl_table_t table;
    CHECK(wrl_instance_get_func(t->store, instance, "five", &func));
    CHECK(wrl_instance_get_global(t->store, instance, "global", &global));
    CHECK(wrl_instance_get_memory(t->store, instance, "memory", &memory));
    CHECK(wrl_instance_get_table(t->store, instance, "table", &table));
    CHECK(func.store_id && global.store_id == func.store_id && memory.store_id == func.store_id &&
          table.store_id == func.store_id);

    /* An export of another kind: the message contains both kinds. */
    CHECK(!wrl_instance_get_func(t->store, instance, "memory", &func));
    CHECK(wrl_func_is_null(func));
    CHECK(!wrl_instance_get_global(t->store, instance, "five", &global));
    CHECK(global.store_id == 0 && global.index == 0);
    CHECK(!wrl_instance_get_memory(t->store, instance, "table", &memory));
    CHECK(memory.store_id == 0 && memory.index == 0);
    CHECK(!wrl_instance_get_table(t->store, instance, "global", &table));
    CHECK(table.store_id == 0 && table.index == 0);
    return true;
}

static bool unknown_export(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_exporter, NULL, &instance));
    wrl_extern_t item;
    CHECK(!wrl_instance_get_export(t->store, instance, "fibe", &item));
    CHECK(item.kind == WRL_EXTERN_NONE);
    CHECK(!wrl_instance_get_export(t->store, instance, "set_globa", &item));
    wrl_func_t func;
    CHECK(!wrl_instance_get_func(t->store, instance, "add-global", &func));
    wrl_memory_t memory;
    CHECK(!wrl_instance_get_memory(t->store, instance, "memroy", &memory));
    CHECK(!wrl_instance_get_export(t->store, instance, "", &item));
    CHECK(!wrl_instance_get_export_n(t->store, instance, "five\0", 5, &item));
    CHECK(!wrl_instance_get_export_n(t->store, instance, "five", 3, &item));
    return true;
}

/* The require functions' errors contain the export's name, and both kinds if the kind is wrong. A bad handle is a
 * different error. */
static bool required_export(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_exporter, NULL, &instance));
    wrl_store_t *store = t->store;
    wrl_extern_t item, found;
    wrl_func_t func;
    OK(wrl_instance_require_export(store, instance, "five", WRL_EXTERN_NONE, &item));
    CHECK(wrl_instance_get_export(store, instance, "five", &found) && same_extern(&item, &found));
    OK(wrl_instance_require_export_n(store, instance, "five!", 4, WRL_EXTERN_FUNC, &item));
    OK(wrl_instance_require_func(store, instance, "five", &func));
    CHECK(wrl_func_equal(func, found.of.func) && same_extern(&item, &found));
    wrl_global_t global;
    wrl_memory_t memory;
    wrl_table_t table;
    wrl_tag_t tag;
    OK(wrl_instance_require_global(store, instance, "global", &global));
    OK(wrl_instance_require_memory(store, instance, "memory", &memory));
    OK(wrl_instance_require_table(store, instance, "table", &table));

    FAILS(wrl_instance_require_func(store, instance, "fibe", &func), WRL_ERROR_LINK, "there is no export \"fibe\"");
    CHECK(wrl_func_is_null(func));
    FAILS(wrl_instance_require_func(store, instance, "memory", &func), WRL_ERROR_LINK,
          "the export \"memory\" is a memory, not a function");
    FAILS(wrl_instance_require_tag(store, instance, "five", &tag), WRL_ERROR_LINK, "a function, not a tag");
    FAILS(wrl_instance_require_export_n(store, instance, "five\0", 5, WRL_EXTERN_NONE, &item), WRL_ERROR_LINK,
          "\"five\\00\"");
    CHECK(item.kind == WRL_EXTERN_NONE);
    INVALID(wrl_instance_require_func(store, wrl_instance_null(), "five", &func), "instance", "null");
    INVALID(wrl_instance_require_memory(NULL, instance, "memory", &memory), "store");
    CHECK(wrl_memory_is_null(memory));
    return true;
}

static bool null_arguments(wrl_test_t *t)
{
    wrl_module_t *module;
    TRY(test_module(t, guest_add_one, &module));
    wrl_instance_t instance;
    OK(wrl_instance_new(t->store, module, NULL, NULL, &instance));
    wrl_instance_t out = instance;
    INVALID(wrl_instance_new(NULL, module, NULL, NULL, &out), "store");
    CHECK(out.store_id == 0 && out.index == 0);
    INVALID(wrl_instance_new(t->store, NULL, NULL, NULL, &out), "module");
    INVALID(wrl_instance_new(t->store, module, NULL, NULL, NULL), "instance");
    INVALID(wrl_instance_check(NULL, instance), "store");
    CHECK(wrl_instance_export_count(NULL, instance) == 0);
    CHECK(wrl_instance_module(NULL, instance) == NULL);
    wrl_export_t export_item;
    INVALID(wrl_instance_export(NULL, instance, 0, &export_item), "store");
    INVALID(wrl_instance_export(t->store, instance, 0, NULL), "export_item");
    wrl_extern_t item;
    CHECK(!wrl_instance_get_export(NULL, instance, "add_one", &item));
    CHECK(!wrl_instance_get_export(t->store, instance, NULL, &item));
    CHECK(item.kind == WRL_EXTERN_NONE);
    CHECK(wrl_instance_get_export(t->store, instance, "add_one", NULL));
    CHECK(!wrl_instance_get_export_n(t->store, instance, NULL, 3, &item));
    CHECK(wrl_instance_get_export_n(t->store, instance, "add_one", 7, NULL));
    wrl_func_t func;
    CHECK(!wrl_instance_get_func(NULL, instance, "add_one", &func));
    CHECK(!wrl_instance_get_func(t->store, instance, NULL, &func));
    CHECK(wrl_instance_get_func(t->store, instance, "add_one", NULL));
    CHECK(!wrl_instance_get_global(t->store, instance, "add_one", NULL));
    CHECK(!wrl_instance_get_memory(t->store, instance, "add_one", NULL));
    CHECK(!wrl_instance_get_table(t->store, instance, "add_one", NULL));
    return true;
}

static bool module_of_another_engine(wrl_test_t *t)
{
    wrl_engine_t *other;
    TRY(test_engine(t, t->backend, &other));
    wrl_module_t *module;
    OK(wrl_module_new(other, guest_add_one.bytes, guest_add_one.size, NULL, &module));
    TRY(test_own_module(t, module));
    wrl_instance_t instance;
    INVALID(wrl_instance_new(t->store, module, NULL, NULL, &instance), "module", "engine");
    CHECK(instance.store_id == 0);
    return true;
}

/* Two instances of a module share no state. */
static bool separate(wrl_test_t *t)
{
    wrl_module_t *module;
    TRY(test_module(t, guest_exporter, &module));
    wrl_instance_t a;
    wrl_instance_t b;
    OK(wrl_instance_new(t->store, module, NULL, NULL, &a));
    OK(wrl_instance_new(t->store, module, NULL, NULL, &b));
    CHECK(a.index != b.index || a.store_id != b.store_id);
    wrl_global_t global_a;
    wrl_global_t global_b;
    CHECK(wrl_instance_get_global(t->store, a, "global", &global_a));
    CHECK(wrl_instance_get_global(t->store, b, "global", &global_b));
    wrl_val_t before;
    OK(wrl_global_get(t->store, global_b, &before));
    const wrl_val_t value = WRL_I32(before.of.i32 + 1);
    OK(wrl_global_set(t->store, global_a, &value));
    wrl_val_t after;
    OK(wrl_global_get(t->store, global_b, &after));
    CHECK(after.of.i32 == before.of.i32);
    return true;
}

/* ---- Start functions
 * --------------------------------------------------------------------------------------------------- */

typedef struct started {
    int calls;
    wrl_error_t *error; /* Returned once. */
} started_t;

static wrl_error_t *note_start(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                               wrl_val_t *results, size_t result_count)
{
    (void)caller;
    (void)args;
    (void)arg_count;
    (void)results;
    (void)result_count;
    started_t *started = env;
    started->calls++;
    return started->error;
}

/* Makes imports for the guests with start functions. */
static bool start_imports(wrl_test_t *t, started_t *started, wrl_memory_t *memory, wrl_imports_t **imports)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    wrl_func_t func;
    OK(wrl_func_new(t->store, &type, note_start, started, NULL, &func));
    const wrl_memorytype_t memory_type = WRL_MEMORYTYPE(1, 1);
    OK(wrl_memory_new(t->store, &memory_type, memory));
    TRY(test_imports(t, imports));
    OK(wrl_imports_define(*imports, "host", "started", wrl_extern_from_func(func)));
    OK(wrl_imports_define(*imports, "env", "memory", wrl_extern_from_memory(*memory)));
    return true;
}

static bool start(wrl_test_t *t)
{
    started_t started = {0, NULL};
    wrl_memory_t memory;
    wrl_imports_t *imports;
    TRY(start_imports(t, &started, &memory, &imports));
    wrl_instance_t instance;
    TRY(test_instance(t, guest_start, imports, &instance));
    EQUAL(started.calls, 1);
    int32_t result;
    TRY(test_call_i32(t, t->store, instance, "after", NULL, 0, &result));
    EQUAL(result, 5);
    return true;
}

static bool start_traps(wrl_test_t *t)
{
    started_t started = {0, NULL};
    wrl_memory_t memory;
    wrl_imports_t *imports;
    TRY(start_imports(t, &started, &memory, &imports));
    wrl_module_t *module;
    TRY(test_module(t, guest_start_traps, &module));
    wrl_instance_t instance = {1, 2};
    TRAPS(wrl_instance_new(t->store, module, imports, NULL, &instance), WRL_TRAP_UNREACHABLE);
    CHECK(instance.store_id == 0 && instance.index == 0);
    /* The effects before the trap persist. */
    uint8_t byte;
    OK(wrl_memory_read(t->store, memory, 3, &byte, 1));
    EQUAL(byte, 33);
    /* The store is still usable. */
    TRY(test_instance(t, guest_start, imports, &instance));
    EQUAL(started.calls, 1);
    return true;
}

static bool start_host_fails(wrl_test_t *t)
{
    int finalized = 0;
    wrl_error_t *error = wrl_error_new_with_data(WRL_ERROR_HOST, "not today", &finalized, count_finalizer);
    started_t started = {0, error};
    wrl_memory_t memory;
    wrl_imports_t *imports;
    TRY(start_imports(t, &started, &memory, &imports));
    wrl_module_t *module;
    TRY(test_module(t, guest_start, &module));
    wrl_instance_t instance = {1, 2};
    wrl_error_t *result = wrl_instance_new(t->store, module, imports, NULL, &instance);
    CHECK(result == error);
    CHECK(wrl_error_data(result) == &finalized);
    EQUAL_TEXT(wrl_error_message(result), "not today");
    EQUAL(finalized, 0);
    wrl_error_delete(result);
    EQUAL(finalized, 1);
    CHECK(instance.store_id == 0 && instance.index == 0);
    uint8_t byte;
    OK(wrl_memory_read(t->store, memory, 0, &byte, 1));
    EQUAL(byte, 77);
    return true;
}

/* Makes a table of null functions and imports with it as "env" "t". */
static bool import_table(wrl_test_t *t, uint64_t min, uint64_t max, wrl_table_t *table, wrl_imports_t **imports)
{
    const wrl_tabletype_t type = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, min, max);
    const wrl_val_t null = WRL_NULL_FUNCREF;
    OK(wrl_table_new(t->store, &type, &null, table));
    TRY(test_imports(t, imports));
    OK(wrl_imports_define(*imports, "env", "t", wrl_extern_from_table(*table)));
    return true;
}

/* Core specification 4.5.4: what was initialised before the failure persists, functions of the unfinished instance
 * included. */
static bool failed_keeps_functions(wrl_test_t *t)
{
    wrl_table_t table;
    wrl_imports_t *imports;
    TRY(import_table(t, 2, 5, &table, &imports));
    wrl_module_t *module;
    TRY(test_module(t, guest_failed_segment, &module));
    wrl_instance_t instance;
    TRAPS(wrl_instance_new(t->store, module, imports, NULL, &instance), WRL_TRAP_MEMORY_OUT_OF_BOUNDS);
    wrl_val_t element;
    OK(wrl_table_get(t->store, table, 1, &element));
    CHECK(!wrl_func_is_null(element.of.func));
    wrl_val_t result;
    OK(wrl_func_call(t->store, element.of.func, NULL, 0, &result, 1));
    EQUAL(result.of.i32, 7);
    return true;
}

/* Instantiates a failing guest several times. Then checks the results of the functions in the table, which the last
 * instance has set. A negative expectation stands for null. */
static bool failed_functions(wrl_test_t *t, wrl_guest_t guest, wrl_trap_code_t code, const int32_t *expected,
                             size_t count)
{
    wrl_table_t table;
    wrl_imports_t *imports;
    TRY(import_table(t, 8, 20, &table, &imports));
    wrl_module_t *module;
    TRY(test_module(t, guest, &module));
    for (int times = 0; times < 3; times++) {
        wrl_instance_t instance;
        TRAPS(wrl_instance_new(t->store, module, imports, NULL, &instance), code);
        for (size_t i = 0; i < count; i++) {
            wrl_val_t element;
            OK(wrl_table_get(t->store, table, i, &element));
            EQUAL(wrl_func_is_null(element.of.func), expected[i] < 0);
            if (expected[i] >= 0) {
                wrl_val_t result;
                OK(wrl_func_call(t->store, element.of.func, NULL, 0, &result, 1));
                EQUAL(result.of.i32, expected[i]);
            }
        }
    }
    return true;
}

static bool failed_data(wrl_test_t *t)
{
    static const int32_t expected[] = {-1, 30 + 'a', 0, 1, -1, -1};
    return failed_functions(t, guest_failed_data, WRL_TRAP_MEMORY_OUT_OF_BOUNDS, expected, 6);
}

static bool failed_element(wrl_test_t *t)
{
    static const int32_t expected[] = {-1, 11, -1, -1, -1, -1, -1};
    return failed_functions(t, guest_failed_element, WRL_TRAP_TABLE_OUT_OF_BOUNDS, expected, 7);
}

/* Core specification 4.5.4: element segments are initialised before data segments. */
static bool failed_element_before_data(wrl_test_t *t)
{
    static const int32_t expected[] = {-1, 0, -1};
    return failed_functions(t, guest_failed_element_data, WRL_TRAP_TABLE_OUT_OF_BOUNDS, expected, 3);
}

static const wrl_test_case_t cases[] = {
    {"instance.module_of", module_of, {NEED_NOTHING}},
    {"instance.exports", exports, {NEED_NOTHING}},
    {"instance.typed_getters", typed_getters, {NEED_NOTHING}},
    {"instance.required_export", required_export, {NEED_NOTHING}},
    {"instance.unknown_export", unknown_export, {NEED_NOTHING}},
    {"instance.null_arguments", null_arguments, {NEED_NOTHING}},
    {"instance.module_of_another_engine", module_of_another_engine, {NEED_NOTHING}},
    {"instance.separate", separate, {NEED_NOTHING}},
    {"instance.start", start, {NEED_EXECUTION}},
    {"instance.start_traps", start_traps, {NEED_EXECUTION}},
    {"instance.start_host_fails", start_host_fails, {NEED_EXECUTION}},
    {"instance.failed_keeps_functions", failed_keeps_functions, {NEED_EXECUTION}},
    {"instance.failed_data", failed_data, {NEED_EXECUTION, NEED_BULK_MEMORY, NEED_REFERENCE_TYPES}},
    {"instance.failed_element", failed_element, {NEED_EXECUTION, NEED_BULK_MEMORY, NEED_REFERENCE_TYPES}},
    {"instance.failed_element_before_data", failed_element_before_data, {NEED_EXECUTION, NEED_BULK_MEMORY}},
};
WRL_TEST_GROUP(instance);
