/* Funcrefs: the identity of functions on every path through a guest, and functions that only a reference reaches. */
#include "harness.h"

static bool is_funcref(wrl_test_t *t, const wrl_val_t *value, wrl_func_t func)
{
    EQUAL(value->kind, WRL_VALKIND_FUNCREF);
    CHECK(wrl_func_equal(value->of.func, func));
    return true;
}

/* Checks identity through a function, a table and a global, seen from the host and from the guest. */
static bool all_ways(wrl_test_t *t, wrl_instance_t instance, wrl_func_t func)
{
    wrl_table_t table;
    wrl_global_t global;
    CHECK(wrl_instance_get_table(t->store, instance, "funcs", &table));
    CHECK(wrl_instance_get_global(t->store, instance, "func", &global));
    const wrl_val_t value = WRL_FUNCREF(func);
    const wrl_val_t null = WRL_NULL_FUNCREF;
    wrl_val_t found;
    TRY(test_call(t, instance, "echo_func", &value, 1, &found));
    TRY(is_funcref(t, &found, func));

    const wrl_val_t put[] = {WRL_I32(1), value};
    TRY(test_call(t, instance, "put_func", put, 2, NULL));
    OK(wrl_table_get(t->store, table, 1, &found));
    TRY(is_funcref(t, &found, func));
    OK(wrl_table_set(t->store, table, 3, &value));
    const wrl_val_t three = WRL_I32(3);
    TRY(test_call(t, instance, "take_func", &three, 1, &found));
    TRY(is_funcref(t, &found, func));

    TRY(test_call(t, instance, "set_func", &value, 1, NULL));
    OK(wrl_global_get(t->store, global, &found));
    TRY(is_funcref(t, &found, func));
    OK(wrl_global_set(t->store, global, &null));
    OK(wrl_global_set(t->store, global, &value));
    TRY(test_call(t, instance, "get_func", NULL, 0, &found));
    TRY(is_funcref(t, &found, func));
    TRY(test_call(t, instance, "func_is_null", &value, 1, &found));
    CHECK(found.of.i32 == (wrl_func_is_null(func) ? 1 : 0));
    return true;
}

static bool identity(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_refs, NULL, &instance));
    wrl_func_t guest;
    wrl_func_t host;
    CHECK(wrl_instance_get_func(t->store, instance, "double", &guest));
    TRY(test_nothing_func(t, t->store, &host));
    TRY(all_ways(t, instance, guest));
    TRY(all_ways(t, instance, host));
    TRY(all_ways(t, instance, wrl_func_null()));
    /* ref.func of an exported function yields the exported function. */
    wrl_val_t found;
    TRY(test_call(t, instance, "get_double", NULL, 0, &found));
    TRY(is_funcref(t, &found, guest));
    return true;
}

/* A function without an export: the engine reports its type. */
static bool hidden(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_refs, NULL, &instance));
    wrl_val_t ref;
    TRY(test_call(t, instance, "get_hidden", NULL, 0, &ref));
    CHECK(ref.kind == WRL_VALKIND_FUNCREF && !wrl_func_is_null(ref.of.func));
    wrl_val_t again;
    TRY(test_call(t, instance, "get_hidden", NULL, 0, &again));
    TRY(is_funcref(t, &again, ref.of.func));
    wrl_functype_t type = wrl_func_type(t->store, ref.of.func);
    const wrl_functype_t expected = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    CHECK(wrl_functype_equal(&type, &expected));
    const wrl_val_t arg = WRL_I32(11);
    wrl_val_t result;
    OK(wrl_func_call(t->store, ref.of.func, &arg, 1, &result, 1));
    CHECK(result.of.i32 == 111);
    wrl_raw_t slot;
    slot.i32 = 12;
    OK(wrl_func_call_raw(t->store, ref.of.func, &slot, 1));
    CHECK(slot.i32 == 112);
    const wrl_val_t wrong = WRL_I64(1);
    INVALID(wrl_func_call(t->store, ref.of.func, &wrong, 1, &result, 1), "args", "0");
    TRY(all_ways(t, instance, ref.of.func));
    return true;
}

/* The guest grows the table with a host function. */
static bool grown_by_guest(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_refs, NULL, &instance));
    wrl_func_t func;
    CHECK(wrl_instance_get_func(t->store, instance, "double", &func));
    const wrl_val_t grow[] = {WRL_FUNCREF(func), WRL_I32(3)};
    wrl_val_t result;
    TRY(test_call(t, instance, "grow_funcs", grow, 2, &result));
    CHECK(result.of.i32 == 4);
    wrl_table_t table;
    CHECK(wrl_instance_get_table(t->store, instance, "funcs", &table));
    uint64_t size = wrl_table_size(t->store, table);
    EQUAL(size, 7);
    OK(wrl_table_get(t->store, table, 6, &result));
    TRY(is_funcref(t, &result, func));
    int32_t doubled;
    TRY(test_call_i32(t, t->store, instance, "call_func", (int32_t[]){6, 21}, 2, &doubled));
    EQUAL(doubled, 42);
    TRY(test_call(t, instance, "grow_funcs", grow, 2, &result));
    CHECK(result.of.i32 == -1);
    OK(wrl_table_grow(t->store, table, 1, &grow[0], NULL));
    TRY(test_call_i32(t, t->store, instance, "size_funcs", NULL, 0, &doubled));
    EQUAL(doubled, 8);
    return true;
}

/* Every look-up of a function, by any path, returns the same handle. */
static bool lookups_are_equal(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_add_one, NULL, &instance));
    wrl_func_t first;
    CHECK(wrl_instance_get_func(t->store, instance, "add_one", &first));
    for (int i = 0; i < 100; i++) {
        wrl_func_t again;
        CHECK(wrl_instance_get_func(t->store, instance, "add_one", &again));
        CHECK(wrl_func_equal(first, again));
    }
    return true;
}

static const wrl_test_case_t cases[] = {
    {"funcref.identity", identity, {NEED_EXECUTION, NEED_REFERENCE_TYPES}},
    {"funcref.hidden", hidden, {NEED_EXECUTION, NEED_REFERENCE_TYPES}},
    {"funcref.grown_by_guest", grown_by_guest, {NEED_EXECUTION, NEED_REFERENCE_TYPES}},
    {"funcref.lookups_are_equal", lookups_are_equal, {NEED_NOTHING}},
};
WRL_TEST_GROUP(funcref);
