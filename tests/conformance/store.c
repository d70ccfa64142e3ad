/* Stores: the program's data, deletion, and the objects that are deleted with a store. */
#include "harness.h"

static bool data(wrl_test_t *t)
{
    CHECK(wrl_store_data(t->store) == NULL);
    int first = 0;
    int second = 0;
    wrl_store_t *store;
    OK(wrl_store_new(t->engine, &(wrl_store_config_t){sizeof(wrl_store_config_t), &first, count_finalizer}, &store));
    CHECK(wrl_store_data(store) == &first);
    CHECK(wrl_store_engine(store) == t->engine);
    OK(wrl_store_set_data(store, &second, count_finalizer));
    EQUAL(first, 1);
    CHECK(wrl_store_data(store) == &second);
    wrl_store_delete(store);
    EQUAL(first, 1);
    EQUAL(second, 1);
    return true;
}

static bool take_data(wrl_test_t *t)
{
    int count = 0;
    wrl_store_t *store;
    OK(wrl_store_new(t->engine, &(wrl_store_config_t){sizeof(wrl_store_config_t), &count, count_finalizer}, &store));
    CHECK(wrl_store_take_data(store) == &count);
    CHECK(wrl_store_data(store) == NULL);
    CHECK(wrl_store_take_data(store) == NULL);
    wrl_store_delete(store);
    EQUAL(count, 0);
    return true;
}

static bool null_data(wrl_test_t *t)
{
    int count = 0;
    OK(wrl_store_set_data(t->store, &count, NULL));
    CHECK(wrl_store_data(t->store) == &count);
    OK(wrl_store_set_data(t->store, NULL, NULL));
    CHECK(wrl_store_data(t->store) == NULL);
    EQUAL(count, 0);
    return true;
}

static bool null_arguments(wrl_test_t *t)
{
    int count = 0;
    wrl_store_t *store = t->store;
    INVALID(wrl_store_new(NULL, &(wrl_store_config_t){sizeof(wrl_store_config_t), &count, count_finalizer}, &store),
            "engine");
    CHECK(store == NULL);
    EQUAL(count, 1);
    INVALID(wrl_store_new(t->engine, &(wrl_store_config_t){sizeof(wrl_store_config_t), &count, count_finalizer}, NULL),
            "store");
    EQUAL(count, 2);
    INVALID(wrl_store_set_data(NULL, &count, count_finalizer), "store");
    EQUAL(count, 3);
    CHECK(wrl_store_data(NULL) == NULL);
    CHECK(wrl_store_take_data(NULL) == NULL);
    CHECK(wrl_store_engine(NULL) == NULL);
    wrl_store_delete(NULL);
    return true;
}

/* One letter for each finalizer that has run. */
typedef struct order {
    char letters[16];
    size_t count;
} order_t;

typedef struct mark {
    order_t *order;
    char letter;
} mark_t;

static void note_order(void *data)
{
    mark_t *mark = data;
    if (mark->order->count + 1 < sizeof(mark->order->letters)) {
        mark->order->letters[mark->order->count++] = mark->letter;
    }
}

static bool finalizer_order(wrl_test_t *t)
{
    order_t order = {{0}, 0};
    mark_t of_store = {&order, 's'};
    mark_t of_func = {&order, 'f'};
    mark_t of_externref = {&order, 'x'};
    wrl_store_t *store;
    OK(wrl_store_new(t->engine, &(wrl_store_config_t){sizeof(wrl_store_config_t), &of_store, note_order}, &store));
    wrl_externref_t externref;
    OK(wrl_externref_new(store, &of_externref, note_order, &externref));
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    wrl_func_t func;
    OK(wrl_func_new(store, &type, host_nothing, &of_func, note_order, &func));
    OK(wrl_externref_new(store, &of_externref, note_order, &externref));
    OK(wrl_func_new_raw(store, &type, host_nothing_raw, &of_func, note_order, &func));
    EQUAL(order.count, 0);
    wrl_store_delete(store);
    EQUAL_TEXT(order.letters, "ffxxs");
    return true;
}

/* ---- Deletion from inside a host function ---- */

typedef struct deleter {
    wrl_test_t *t;
    wrl_store_t *store;
    int *finalized;
    bool fail;
} deleter_t;

static wrl_error_t *delete_store(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                                 wrl_val_t *results, size_t result_count)
{
    deleter_t *deleter = env;
    wrl_test_t *t = deleter->t;
    (void)args;
    (void)arg_count;
    (void)results;
    (void)result_count;
    HOST_CHECK(wrl_caller_store(caller) == deleter->store);
    wrl_store_delete(deleter->store);
    HOST_CHECK(*deleter->finalized == 0);
    return deleter->fail ? wrl_error_new(WRL_ERROR_HOST, "deleted and failed") : NULL;
}

/* Makes the deleter's store and function. */
static bool make_deleter(wrl_test_t *t, deleter_t *deleter, wrl_func_t *func)
{
    OK(wrl_store_new(t->engine, &(wrl_store_config_t){sizeof(wrl_store_config_t), deleter->finalized, count_finalizer},
                     &deleter->store));
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    OK(wrl_func_new(deleter->store, &type, delete_store, deleter, NULL, func));
    return true;
}

/* Makes a guest's function that calls the deleter. */
static bool calling_deleter(wrl_test_t *t, deleter_t *deleter, wrl_func_t *run)
{
    wrl_func_t func;
    wrl_instance_t instance;
    TRY(make_deleter(t, deleter, &func));
    TRY(test_instance_with(t, deleter->store, guest_grow_under, "grow", func, &instance));
    CHECK(wrl_instance_get_func(deleter->store, instance, "run", run));
    return true;
}

static bool deleted_inside(wrl_test_t *t)
{
    int finalized = 0;
    deleter_t deleter = {t, NULL, &finalized, true};
    wrl_func_t run;
    TRY(calling_deleter(t, &deleter, &run));
    wrl_val_t result;
    FAILS(wrl_func_call(deleter.store, run, NULL, 0, &result, 1), WRL_ERROR_HOST, "deleted and failed");
    EQUAL(finalized, 1);
    return true;
}

/* After the deletion the guest runs to its end. Here the guest traps, because its memory was not grown. */
static bool deleted_inside_then_trap(wrl_test_t *t)
{
    int finalized = 0;
    deleter_t deleter = {t, NULL, &finalized, false};
    wrl_func_t run;
    TRY(calling_deleter(t, &deleter, &run));
    wrl_raw_t slot;
    TRAPS(wrl_func_call_raw(deleter.store, run, &slot, 1), WRL_TRAP_MEMORY_OUT_OF_BOUNDS);
    EQUAL(finalized, 1);
    return true;
}

static bool deleted_in_start(wrl_test_t *t)
{
    int finalized = 0;
    deleter_t deleter = {t, NULL, &finalized, true};
    wrl_func_t func;
    TRY(make_deleter(t, &deleter, &func));
    const wrl_memorytype_t memory_type = WRL_MEMORYTYPE(1, 1);
    wrl_memory_t memory;
    OK(wrl_memory_new(deleter.store, &memory_type, &memory));
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    OK(wrl_imports_define(imports, "host", "started", wrl_extern_from_func(func)));
    OK(wrl_imports_define(imports, "env", "memory", wrl_extern_from_memory(memory)));
    wrl_module_t *module;
    TRY(test_module(t, guest_start, &module));
    wrl_instance_t instance;
    FAILS(wrl_instance_new(deleter.store, module, imports, NULL, &instance), WRL_ERROR_HOST, "deleted and failed");
    CHECK(instance.store_id == 0 && instance.index == 0);
    EQUAL(finalized, 1);
    return true;
}

/* The host calls a host function directly, so that the call of the host function is also the outermost call. */
static bool deleted_in_host_call(wrl_test_t *t)
{
    int finalized = 0;
    deleter_t deleter = {t, NULL, &finalized, false};
    wrl_func_t func;
    TRY(make_deleter(t, &deleter, &func));
    OK(wrl_func_call(deleter.store, func, NULL, 0, NULL, 0));
    EQUAL(finalized, 1);
    return true;
}

/* ---- Handles of other stores ---- */

/* Every function refuses the handles of another store. */
static bool refuses_handles(wrl_test_t *t, wrl_store_t *owner, wrl_store_t *store, bool delete_owner)
{
    wrl_instance_t instance;
    TRY(test_instance_in(t, owner, guest_exporter, NULL, &instance));
    wrl_extern_t func;
    wrl_extern_t global;
    wrl_extern_t memory;
    wrl_extern_t table;
    CHECK(wrl_instance_get_export(owner, instance, "five", &func));
    CHECK(wrl_instance_get_export(owner, instance, "global", &global));
    CHECK(wrl_instance_get_export(owner, instance, "memory", &memory));
    CHECK(wrl_instance_get_export(owner, instance, "table", &table));
    if (delete_owner) {
        wrl_store_delete(owner);
    }
    wrl_val_t value = WRL_I32(1);
    uint64_t number;
    uint8_t byte;
    wrl_extern_t item;
    INVALID(wrl_func_call(store, func.of.func, NULL, 0, &value, 1), "func", "store");
    wrl_raw_t slot;
    INVALID(wrl_func_call_raw(store, func.of.func, &slot, 1), "func", "store");
    INVALID(wrl_extern_check(store, wrl_extern_from_func(func.of.func)), "item", "store");
    CHECK(wrl_func_type(store, func.of.func).params == NULL);
    INVALID(wrl_global_get(store, global.of.global, &value), "global", "store");
    value = WRL_I32(1);
    INVALID(wrl_global_set(store, global.of.global, &value), "global", "store");
    INVALID(wrl_extern_check(store, wrl_extern_from_global(global.of.global)), "item", "store");
    CHECK(wrl_global_type(store, global.of.global).content.kind == WRL_VALKIND_NONE);
    INVALID(wrl_extern_check(store, wrl_extern_from_memory(memory.of.memory)), "item", "store");
    CHECK(wrl_memory_size(store, memory.of.memory) == 0);
    CHECK(wrl_memory_data_size(store, memory.of.memory) == 0);
    CHECK(wrl_memory_data(store, memory.of.memory, &number) == NULL);
    INVALID(wrl_memory_grow(store, memory.of.memory, 1, &number), "memory", "store");
    INVALID(wrl_memory_read(store, memory.of.memory, 0, &byte, 1), "memory", "store");
    byte = 0;
    INVALID(wrl_memory_write(store, memory.of.memory, 0, &byte, 1), "memory", "store");
    INVALID(wrl_extern_check(store, wrl_extern_from_memory(memory.of.memory)), "item", "store");
    CHECK(wrl_memory_type(store, memory.of.memory).page_size_log2 == 0);
    INVALID(wrl_extern_check(store, wrl_extern_from_table(table.of.table)), "item", "store");
    CHECK(wrl_table_size(store, table.of.table) == 0);
    INVALID(wrl_table_get(store, table.of.table, 0, &value), "table", "store");
    value = WRL_NULL_FUNCREF;
    INVALID(wrl_table_set(store, table.of.table, 0, &value), "table", "store");
    INVALID(wrl_table_grow(store, table.of.table, 1, &value, &number), "table", "store");
    INVALID(wrl_extern_check(store, wrl_extern_from_table(table.of.table)), "item", "store");
    CHECK(wrl_table_type(store, table.of.table).element.kind == WRL_VALKIND_NONE);
    INVALID(wrl_extern_check(store, func), "item", "store");
    CHECK(wrl_extern_type(store, func).kind == WRL_EXTERN_NONE);
    INVALID(wrl_extern_check(store, memory), "item", "store");
    CHECK(wrl_extern_type(store, memory).kind == WRL_EXTERN_NONE);
    INVALID(wrl_instance_check(store, instance), "instance", "store");
    CHECK(wrl_instance_export_count(store, instance) == 0);
    CHECK(!wrl_instance_get_export(store, instance, "five", &item));
    wrl_export_t export_item;
    INVALID(wrl_instance_export(store, instance, 0, &export_item), "instance", "store");
    INVALID(wrl_instance_check(store, instance), "instance", "store");
    CHECK(wrl_instance_module(store, instance) == NULL);
    return true;
}

static bool handles_of_another(wrl_test_t *t)
{
    wrl_store_t *other;
    TRY(test_store(t, t->engine, &other));
    TRY(refuses_handles(t, other, t->store, false));
    return true;
}

static bool handles_of_a_deleted(wrl_test_t *t)
{
    wrl_store_t *other;
    OK(wrl_store_new(t->engine, NULL, &other));
    TRY(refuses_handles(t, other, t->store, true));
    return true;
}

/* Later stores use the same indices again, but never the same store id, so that an old handle stays invalid. */
static bool handles_are_not_reused(wrl_test_t *t)
{
    wrl_store_t *first;
    OK(wrl_store_new(t->engine, NULL, &first));
    wrl_func_t old;
    TRY(test_nothing_func(t, first, &old));
    wrl_store_delete(first);
    for (int i = 0; i < 20; i++) {
        wrl_store_t *next;
        TRY(test_store(t, t->engine, &next));
        wrl_func_t func;
        TRY(test_nothing_func(t, next, &func));
        CHECK(func.store_id != old.store_id);
        INVALID(wrl_func_call(next, old, NULL, 0, NULL, 0), "func");
    }
    return true;
}

static bool invented_handles(wrl_test_t *t)
{
    wrl_func_t good;
    TRY(test_nothing_func(t, t->store, &good));
    const uint64_t indices[] = {good.index + 1, good.index + 1000, UINT32_MAX, UINT64_MAX, UINT64_MAX / 2};
    for (size_t i = 0; i < sizeof(indices) / sizeof(indices[0]); i++) {
        uint64_t id = good.store_id;
        uint64_t index = indices[i];
        wrl_val_t value;
        INVALID(wrl_func_call(t->store, (wrl_func_t){id, index}, NULL, 0, NULL, 0), "func");
        INVALID(wrl_global_get(t->store, (wrl_global_t){id, index}, &value), "global");
        INVALID(wrl_extern_check(t->store, wrl_extern_from_memory((wrl_memory_t){id, index})), "item");
        CHECK(wrl_memory_size(t->store, (wrl_memory_t){id, index}) == 0);
        INVALID(wrl_extern_check(t->store, wrl_extern_from_table((wrl_table_t){id, index})), "item");
        CHECK(wrl_table_size(t->store, (wrl_table_t){id, index}) == 0);
        INVALID(wrl_instance_check(t->store, (wrl_instance_t){id, index}), "instance");
        CHECK(wrl_instance_export_count(t->store, (wrl_instance_t){id, index}) == 0);
        INVALID(wrl_externref_get(t->store, (wrl_externref_t){id, index}, NULL), "externref");
        CHECK(wrl_externref_data(t->store, (wrl_externref_t){id, index}) == NULL);
        wrl_extern_t tag = wrl_extern_from_tag((wrl_tag_t){id, index});
        INVALID(wrl_extern_check(t->store, tag), "item");
        CHECK(wrl_extern_type(t->store, tag).kind == WRL_EXTERN_NONE);
    }
    return true;
}

static bool zero_handles(wrl_test_t *t)
{
    wrl_val_t value;
    wrl_extern_t item;
    memset(&item, 0, sizeof(item));
    INVALID(wrl_func_call(t->store, wrl_func_null(), NULL, 0, NULL, 0), "func");
    INVALID(wrl_func_call_raw(t->store, wrl_func_null(), NULL, 0), "func");
    INVALID(wrl_global_get(t->store, (wrl_global_t){0, 0}, &value), "global");
    INVALID(wrl_extern_check(t->store, wrl_extern_from_memory((wrl_memory_t){0, 0})), "item");
    CHECK(wrl_memory_size(t->store, (wrl_memory_t){0, 0}) == 0);
    INVALID(wrl_extern_check(t->store, wrl_extern_from_table((wrl_table_t){0, 0})), "item");
    CHECK(wrl_table_size(t->store, (wrl_table_t){0, 0}) == 0);
    INVALID(wrl_instance_check(t->store, (wrl_instance_t){0, 0}), "instance");
    CHECK(wrl_instance_export_count(t->store, (wrl_instance_t){0, 0}) == 0);
    INVALID(wrl_externref_get(t->store, wrl_externref_null(), NULL), "externref");
    CHECK(wrl_externref_data(t->store, wrl_externref_null()) == NULL);
    INVALID(wrl_extern_check(t->store, item), "item");
    CHECK(wrl_extern_type(t->store, item).kind == WRL_EXTERN_NONE);
    return true;
}

/* ---- Finalizers that replace the store's data during the store's deletion ---- */

typedef struct setter {
    wrl_store_t *store;
    int runs;
    int others; /* How often the finalizer of the replacement has run. */
    wrl_error_kind_t kind;
    void *taken; /* The data that the store still returned. */
} setter_t;

static void set_anew(void *data)
{
    setter_t *self = data;
    if (++self->runs > 1) {
        return;
    }
    wrl_error_t *error = wrl_store_set_data(self->store, &self->others, count_finalizer);
    self->kind = error ? wrl_error_kind(error) : (wrl_error_kind_t)0;
    wrl_error_delete(error);
    self->taken = wrl_store_take_data(self->store);
}

static bool set_data_at_the_end(wrl_test_t *t)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    for (int is_own = 0; is_own < 2; is_own++) {
        setter_t setter = {NULL, 0, 0, (wrl_error_kind_t)0, NULL};
        int runs = 0;
        wrl_func_t func;
        OK(is_own ? wrl_store_new(t->engine, &(wrl_store_config_t){sizeof(wrl_store_config_t), &setter, set_anew},
                                  &setter.store)
                  : wrl_store_new(t->engine, &(wrl_store_config_t){sizeof(wrl_store_config_t), &runs, count_finalizer},
                                  &setter.store));
        if (!is_own) {
            OK(wrl_func_new(setter.store, &type, host_nothing, &setter, set_anew, &func));
        }
        wrl_store_delete(setter.store);
        EQUAL(setter.runs, 1);
        EQUAL(setter.kind, WRL_ERROR_INVALID_ARGUMENT);
        EQUAL(setter.others, 1);
        /* A finalizer that runs before the finalizer of the data may still take the data, and then deletes the data
         * itself. */
        CHECK(setter.taken == (is_own ? NULL : &runs));
        EQUAL(runs, 0);
    }
    return true;
}

/* Null handles, and handles that are equal in all fields. */
#define HANDLES(noun, null, is_null, equal)                                                                            \
    do {                                                                                                               \
        const wrl_##noun##_t none = null, one = {1, 2}, other = {1, 3}, another = {2, 2};                              \
        CHECK(none.store_id == 0 && none.index == 0);                                                                  \
        CHECK(is_null(none) && !is_null(one));                                                                         \
        CHECK(equal(one, one) && equal(none, none));                                                                   \
        CHECK(!equal(one, other) && !equal(one, another) && !equal(one, none));                                        \
    } while (0)

static bool handles(wrl_test_t *t)
{
    HANDLES(instance, wrl_instance_null(), wrl_instance_is_null, wrl_instance_equal);
    HANDLES(func, wrl_func_null(), wrl_func_is_null, wrl_func_equal);
    HANDLES(global, wrl_global_null(), wrl_global_is_null, wrl_global_equal);
    HANDLES(memory, wrl_memory_null(), wrl_memory_is_null, wrl_memory_equal);
    HANDLES(table, wrl_table_null(), wrl_table_is_null, wrl_table_equal);
    HANDLES(tag, wrl_tag_null(), wrl_tag_is_null, wrl_tag_equal);
    HANDLES(externref, wrl_externref_null(), wrl_externref_is_null, wrl_externref_equal);
    HANDLES(ref, wrl_ref_null(), wrl_ref_is_null, wrl_ref_equal);
    return true;
}

/* The larger config of a later version has its finalizer at the same offset. */
static bool bad_config(wrl_test_t *t)
{
    const size_t sizes[] = {0, sizeof(size_t), sizeof(wrl_store_config_t) - 1, sizeof(wrl_store_config_t) + 1,
                            SIZE_MAX};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        int count = 0;
        const wrl_store_config_t config = {sizes[i], &count, count_finalizer};
        wrl_store_t *store = t->store;
        INVALID(wrl_store_new(t->engine, &config, &store), "config", "WRL_STORE_CONFIG_INIT");
        CHECK(store == NULL);
        EQUAL(count, sizes[i] > sizeof(wrl_store_config_t));
    }
    const wrl_store_config_t nothing = WRL_STORE_CONFIG_INIT;
    wrl_store_t *store;
    OK(wrl_store_new(t->engine, &nothing, &store));
    bool is_empty = wrl_store_data(store) == NULL;
    wrl_store_delete(store);
    CHECK(is_empty);
    return true;
}

static const wrl_test_case_t cases[] = {
    {"store.handles", handles, {NEED_NOTHING}},
    {"store.bad_config", bad_config, {NEED_NOTHING}},
    {"store.data", data, {NEED_NOTHING}},
    {"store.take_data", take_data, {NEED_NOTHING}},
    {"store.null_data", null_data, {NEED_NOTHING}},
    {"store.null_arguments", null_arguments, {NEED_NOTHING}},
    {"store.finalizer_order", finalizer_order, {NEED_REFERENCE_TYPES}},
    {"store.set_data_at_the_end", set_data_at_the_end, {NEED_NOTHING}},
    {"store.deleted_inside", deleted_inside, {NEED_EXECUTION}},
    {"store.deleted_inside_then_trap", deleted_inside_then_trap, {NEED_EXECUTION}},
    {"store.deleted_in_start", deleted_in_start, {NEED_EXECUTION}},
    {"store.deleted_in_host_call", deleted_in_host_call, {NEED_NOTHING}},
    {"store.handles_of_another", handles_of_another, {NEED_NOTHING}},
    {"store.handles_of_a_deleted", handles_of_a_deleted, {NEED_NOTHING}},
    {"store.handles_are_not_reused", handles_are_not_reused, {NEED_NOTHING}},
    {"store.invented_handles", invented_handles, {NEED_NOTHING}},
    {"store.zero_handles", zero_handles, {NEED_NOTHING}},
};
WRL_TEST_GROUP(store);
