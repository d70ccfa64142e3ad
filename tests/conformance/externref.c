/* Externrefs: their data, their release, and their identity on every path through a guest. */
#include "values.h"

static bool data(wrl_test_t *t)
{
    int things[2] = {1, 2};
    wrl_externref_t a;
    wrl_externref_t b;
    wrl_externref_t again;
    wrl_externref_t of_null;
    OK(wrl_externref_new(t->store, &things[0], NULL, &a));
    OK(wrl_externref_new(t->store, &things[1], NULL, &b));
    OK(wrl_externref_new(t->store, &things[0], NULL, &again));
    OK(wrl_externref_new(t->store, NULL, NULL, &of_null));
    CHECK(!wrl_externref_is_null(a) && !wrl_externref_is_null(of_null));
    /* Two references to the same pointer are distinct. */
    CHECK(!wrl_externref_equal(a, b) && !wrl_externref_equal(a, again));
    void *found = NULL;
    found = wrl_externref_data(t->store, a);
    CHECK(found == &things[0]);
    found = wrl_externref_data(t->store, b);
    CHECK(found == &things[1]);
    found = wrl_externref_data(t->store, again);
    CHECK(found == &things[0]);
    found = wrl_externref_data(t->store, of_null);
    CHECK(found == NULL);
    return true;
}

static bool finalizer(wrl_test_t *t)
{
    int count = 0;
    wrl_store_t *store;
    OK(wrl_store_new(t->engine, NULL, &store));
    for (int i = 0; i < 100; i++) {
        wrl_externref_t ref;
        wrl_error_t *error = wrl_externref_new(store, &count, i % 2 ? count_finalizer : NULL, &ref);
        if (error) {
            wrl_store_delete(store);
        }
        OK(error);
    }
    EQUAL(count, 0);
    wrl_store_delete(store);
    EQUAL(count, 50);
    return true;
}

static bool null_arguments(wrl_test_t *t)
{
    int count = 0;
    wrl_externref_t ref = {1, 1};
    INVALID(wrl_externref_new(NULL, &count, count_finalizer, &ref), "store");
    EQUAL(count, 1);
    CHECK(wrl_externref_is_null(ref));
    INVALID(wrl_externref_new(t->store, &count, count_finalizer, NULL), "externref");
    EQUAL(count, 2);
    OK(wrl_externref_new(t->store, &count, NULL, &ref));
    void *data = &data;
    OK(wrl_externref_get(t->store, ref, &data));
    CHECK(data == &count);
    OK(wrl_externref_get(t->store, ref, NULL));
    wrl_externref_t of_null;
    OK(wrl_externref_new(t->store, NULL, NULL, &of_null));
    OK(wrl_externref_get(t->store, of_null, &data));
    CHECK(data == NULL);
    INVALID(wrl_externref_get(NULL, ref, NULL), "store");
    CHECK(wrl_externref_data(NULL, ref) == NULL);
    INVALID(wrl_externref_get(t->store, wrl_externref_null(), NULL), "externref", "null");
    CHECK(wrl_externref_data(t->store, wrl_externref_null()) == NULL);
    wrl_store_t *other;
    TRY(test_store(t, t->engine, &other));
    INVALID(wrl_externref_get(other, ref, NULL), "externref", "store");
    CHECK(wrl_externref_data(other, ref) == NULL);
    EQUAL(count, 2);
    return true;
}

static bool unsupported(wrl_test_t *t)
{
    if (test_has(t, WRL_FEATURE_REFERENCE_TYPES)) {
        return true;
    }
    int count = 0;
    wrl_externref_t ref;
    FAILS(wrl_externref_new(t->store, &count, count_finalizer, &ref), WRL_ERROR_UNSUPPORTED, "");
    EQUAL(count, 1);
    return true;
}

static bool is_externref(wrl_test_t *t, const wrl_val_t *value, wrl_externref_t ref)
{
    EQUAL(value->kind, WRL_VALKIND_EXTERNREF);
    CHECK(wrl_externref_equal(value->of.externref, ref));
    return true;
}

/* Checks identity through a function, a table and a global, seen from the host and from the guest. */
static bool all_ways(wrl_test_t *t, wrl_instance_t instance, wrl_externref_t ref, int32_t index)
{
    wrl_table_t table;
    wrl_global_t global;
    CHECK(wrl_instance_get_table(t->store, instance, "externs", &table));
    CHECK(wrl_instance_get_global(t->store, instance, "extern", &global));
    const wrl_val_t value = WRL_EXTERNREF(ref);
    wrl_val_t found;
    TRY(test_call(t, instance, "echo_extern", &value, 1, &found));
    TRY(is_externref(t, &found, ref));

    const wrl_val_t put[] = {WRL_I32(index), value};
    TRY(test_call(t, instance, "put_extern", put, 2, NULL));
    OK(wrl_table_get(t->store, table, (uint64_t)index, &found));
    TRY(is_externref(t, &found, ref));
    OK(wrl_table_set(t->store, table, 3, &value));
    const wrl_val_t three = WRL_I32(3);
    TRY(test_call(t, instance, "take_extern", &three, 1, &found));
    TRY(is_externref(t, &found, ref));

    TRY(test_call(t, instance, "set_extern", &value, 1, NULL));
    OK(wrl_global_get(t->store, global, &found));
    TRY(is_externref(t, &found, ref));
    const wrl_val_t null = WRL_NULL_EXTERNREF;
    OK(wrl_global_set(t->store, global, &null));
    OK(wrl_global_set(t->store, global, &value));
    TRY(test_call(t, instance, "get_extern", NULL, 0, &found));
    TRY(is_externref(t, &found, ref));
    TRY(test_call(t, instance, "extern_is_null", &value, 1, &found));
    CHECK(found.of.i32 == (wrl_externref_is_null(ref) ? 1 : 0));
    return true;
}

static bool identity(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_refs, NULL, &instance));
    value_pool_t pool;
    TRY(value_pool_init(t, &pool, true));
    for (int32_t i = 0; i < 3; i++) {
        TRY(all_ways(t, instance, pool.externrefs[i], i));
    }
    TRY(all_ways(t, instance, wrl_externref_null(), 1));
    /* The earlier references are still at their indices. */
    wrl_table_t table;
    CHECK(wrl_instance_get_table(t->store, instance, "externs", &table));
    wrl_val_t found;
    OK(wrl_table_get(t->store, table, 2, &found));
    TRY(is_externref(t, &found, pool.externrefs[2]));
    void *data = wrl_externref_data(t->store, found.of.externref);
    CHECK(data == &pool.externrefs[2]);
    return true;
}

/* An engine may collect an object that it no longer references, but the handle stays valid as long as the store exists.
 */
static bool outlives_the_guests_hold(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_refs, NULL, &instance));
    wrl_func_t echo;
    CHECK(wrl_instance_get_func(t->store, instance, "echo_extern", &echo));
    int thing = 0;
    wrl_externref_t first;
    OK(wrl_externref_new(t->store, &thing, NULL, &first));
    for (int i = 0; i < 2000; i++) {
        wrl_externref_t ref;
        OK(wrl_externref_new(t->store, NULL, NULL, &ref));
        const wrl_val_t arg = WRL_EXTERNREF(ref);
        wrl_val_t result;
        OK(wrl_func_call(t->store, echo, &arg, 1, &result, 1));
        TRY(is_externref(t, &result, ref));
    }
    void *data = wrl_externref_data(t->store, first);
    CHECK(data == &thing);
    TRY(all_ways(t, instance, first, 0));
    return true;
}

static const wrl_test_case_t cases[] = {
    {"externref.data", data, {NEED_REFERENCE_TYPES}},
    {"externref.finalizer", finalizer, {NEED_REFERENCE_TYPES}},
    {"externref.null_arguments", null_arguments, {NEED_REFERENCE_TYPES}},
    {"externref.unsupported", unsupported, {NEED_NOTHING}},
    {"externref.identity", identity, {NEED_EXECUTION, NEED_REFERENCE_TYPES}},
    {"externref.outlives_the_guests_hold", outlives_the_guests_hold, {NEED_EXECUTION, NEED_REFERENCE_TYPES}},
};
WRL_TEST_GROUP(externref);
