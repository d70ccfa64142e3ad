/* Tables of the host and of guests, up to their limits. */
#include "harness.h"

static const wrl_tabletype_t funcs_2_5 = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 2, 5);

static bool make(wrl_test_t *t, const wrl_tabletype_t *type, const wrl_val_t *initial, wrl_table_t *table)
{
    OK(wrl_table_new(t->store, type, initial, table));
    return true;
}

/* Checks that an element is the given function, or null. */
static bool holds_func(wrl_test_t *t, wrl_table_t table, uint64_t index, wrl_func_t func)
{
    wrl_val_t value;
    OK(wrl_table_get(t->store, table, index, &value));
    EQUAL(value.kind, WRL_VALKIND_FUNCREF);
    CHECK(wrl_func_equal(value.of.func, func));
    return true;
}

static bool initial(wrl_test_t *t)
{
    wrl_func_t func;
    TRY(test_nothing_func(t, t->store, &func));
    const wrl_val_t value = WRL_FUNCREF(func);
    wrl_table_t table;
    TRY(make(t, &funcs_2_5, &value, &table));
    uint64_t size = wrl_table_size(t->store, table);
    EQUAL(size, 2);
    TRY(holds_func(t, table, 0, func));
    TRY(holds_func(t, table, 1, func));
    const wrl_val_t null = WRL_NULL_FUNCREF;
    TRY(make(t, &funcs_2_5, &null, &table));
    TRY(holds_func(t, table, 1, wrl_func_null()));
    return true;
}

static bool type(wrl_test_t *t)
{
    const wrl_val_t null = WRL_NULL_FUNCREF;
    wrl_table_t table;
    TRY(make(t, &funcs_2_5, &null, &table));
    OK(wrl_table_grow(t->store, table, 2, &null, NULL));
    wrl_tabletype_t type = wrl_table_type(t->store, table);
    EQUAL(type.element.kind, WRL_VALKIND_FUNCREF);
    EQUAL(type.min, 2);
    EQUAL(type.max, 5);
    CHECK(!type.is_64);
    const wrl_extern_t item = wrl_extern_from_table(table);
    wrl_externtype_t extern_type = wrl_extern_type(t->store, item);
    CHECK(extern_type.kind == WRL_EXTERN_TABLE);
    EQUAL(extern_type.of.table.min, 2);
    return true;
}

static bool get_set(wrl_test_t *t)
{
    wrl_func_t a;
    wrl_func_t b;
    TRY(test_nothing_func(t, t->store, &a));
    TRY(test_nothing_func(t, t->store, &b));
    const wrl_val_t null = WRL_NULL_FUNCREF;
    const wrl_val_t ref_a = WRL_FUNCREF(a);
    const wrl_val_t ref_b = WRL_FUNCREF(b);
    wrl_table_t table;
    TRY(make(t, &funcs_2_5, &null, &table));
    OK(wrl_table_set(t->store, table, 0, &ref_a));
    OK(wrl_table_set(t->store, table, 1, &ref_b));
    TRY(holds_func(t, table, 0, a));
    TRY(holds_func(t, table, 1, b));
    OK(wrl_table_set(t->store, table, 0, &null));
    TRY(holds_func(t, table, 0, wrl_func_null()));
    TRY(holds_func(t, table, 1, b));
    return true;
}

static bool out_of_bounds(wrl_test_t *t)
{
    const wrl_val_t null = WRL_NULL_FUNCREF;
    wrl_table_t table;
    TRY(make(t, &funcs_2_5, &null, &table));
    const uint64_t indices[] = {2, 3, 5, UINT32_MAX, UINT64_C(1) << 32, (UINT64_C(1) << 32) + 1, UINT64_MAX};
    for (size_t i = 0; i < sizeof(indices) / sizeof(indices[0]); i++) {
        wrl_val_t value = WRL_I32(7);
        INVALID(wrl_table_get(t->store, table, indices[i], &value), "index", "2");
        EQUAL(value.kind, WRL_VALKIND_NONE);
        INVALID(wrl_table_set(t->store, table, indices[i], &null), "index", "2");
    }
    return true;
}

static bool grow(wrl_test_t *t)
{
    wrl_func_t func;
    TRY(test_nothing_func(t, t->store, &func));
    const wrl_val_t null = WRL_NULL_FUNCREF;
    const wrl_val_t ref = WRL_FUNCREF(func);
    wrl_table_t table;
    TRY(make(t, &funcs_2_5, &null, &table));
    uint64_t previous;
    OK(wrl_table_grow(t->store, table, 0, &null, &previous));
    EQUAL(previous, 2);
    OK(wrl_table_grow(t->store, table, 2, &ref, &previous));
    EQUAL(previous, 2);
    uint64_t size = wrl_table_size(t->store, table);
    EQUAL(size, 4);
    TRY(holds_func(t, table, 1, wrl_func_null()));
    TRY(holds_func(t, table, 2, func));
    TRY(holds_func(t, table, 3, func));
    const uint64_t deltas[] = {2, 1000, UINT32_MAX, UINT64_C(1) << 32, UINT64_MAX - 3, UINT64_MAX};
    for (size_t i = 0; i < sizeof(deltas) / sizeof(deltas[0]); i++) {
        previous = 77;
        FAILS(wrl_table_grow(t->store, table, deltas[i], &ref, &previous), WRL_ERROR_RESOURCE_LIMIT, "");
        EQUAL(previous, 0);
        size = wrl_table_size(t->store, table);
        EQUAL(size, 4);
    }
    OK(wrl_table_grow(t->store, table, 1, &null, NULL));
    TRY(holds_func(t, table, 4, wrl_func_null()));
    return true;
}

static bool grow_without_max(wrl_test_t *t)
{
    const wrl_tabletype_t type = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 0, WRL_NO_MAX);
    const wrl_val_t null = WRL_NULL_FUNCREF;
    wrl_table_t table;
    TRY(make(t, &type, &null, &table));
    wrl_val_t value;
    INVALID(wrl_table_get(t->store, table, 0, &value), "index");
    OK(wrl_table_grow(t->store, table, 1000, &null, NULL));
    TRY(holds_func(t, table, 999, wrl_func_null()));
    FAILS(wrl_table_grow(t->store, table, UINT64_MAX, &null, NULL), WRL_ERROR_RESOURCE_LIMIT, "");
    FAILS(wrl_table_grow(t->store, table, UINT64_C(1) << 32, &null, NULL), WRL_ERROR_RESOURCE_LIMIT, "");
    uint64_t size = wrl_table_size(t->store, table);
    EQUAL(size, 1000);
    return true;
}

static bool wrong_values(wrl_test_t *t)
{
    wrl_store_t *other;
    TRY(test_store(t, t->engine, &other));
    wrl_func_t foreign;
    TRY(test_nothing_func(t, other, &foreign));
    const wrl_val_t wrong[] = {WRL_I32(1), WRL_NULL_EXTERNREF, WRL_FUNCREF(foreign),
                               WRL_FUNCREF(((wrl_func_t){12345, 0}))};
    const wrl_val_t null = WRL_NULL_FUNCREF;
    wrl_table_t table;
    TRY(make(t, &funcs_2_5, &null, &table));
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        wrl_table_t out = {1, 1};
        INVALID(wrl_table_new(t->store, &funcs_2_5, &wrong[i], &out), "initial");
        CHECK(out.store_id == 0 && out.index == 0);
        INVALID(wrl_table_set(t->store, table, 0, &wrong[i]), "value");
        INVALID(wrl_table_grow(t->store, table, 1, &wrong[i], NULL), "initial");
    }
    uint64_t size = wrl_table_size(t->store, table);
    EQUAL(size, 2);
    TRY(holds_func(t, table, 0, wrl_func_null()));
    return true;
}

static bool bad_types(wrl_test_t *t)
{
    wrl_tabletype_t bad[] = {WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 2, 1), WRL_TABLETYPE(WRL_VALKIND_I32, 1, 1),
                             WRL_TABLETYPE(WRL_VALKIND_NONE, 1, 1), WRL_TABLETYPE(99, 1, 1)};
    const wrl_val_t null = WRL_NULL_FUNCREF;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        wrl_table_t table = {1, 1};
        INVALID(wrl_table_new(t->store, &bad[i], &null, &table), "type");
        CHECK(table.store_id == 0 && table.index == 0);
    }
    return true;
}

static bool null_arguments(wrl_test_t *t)
{
    const wrl_val_t null = WRL_NULL_FUNCREF;
    wrl_table_t table;
    TRY(make(t, &funcs_2_5, &null, &table));
    wrl_table_t out = {1, 1};
    INVALID(wrl_table_new(NULL, &funcs_2_5, &null, &out), "store");
    CHECK(out.store_id == 0);
    INVALID(wrl_table_new(t->store, NULL, &null, &out), "type");
    INVALID(wrl_table_new(t->store, &funcs_2_5, NULL, &out), "initial");
    INVALID(wrl_table_new(t->store, &funcs_2_5, &null, NULL), "table");
    INVALID(wrl_extern_check(NULL, wrl_extern_from_table(table)), "store");
    CHECK(wrl_table_type(NULL, table).element.kind == WRL_VALKIND_NONE);
    CHECK(wrl_table_size(NULL, table) == 0);
    wrl_val_t value;
    INVALID(wrl_table_get(NULL, table, 0, &value), "store");
    INVALID(wrl_table_get(t->store, table, 0, NULL), "value");
    INVALID(wrl_table_set(NULL, table, 0, &null), "store");
    INVALID(wrl_table_set(t->store, table, 0, NULL), "value");
    INVALID(wrl_table_grow(NULL, table, 0, &null, NULL), "store");
    INVALID(wrl_table_grow(t->store, table, 0, NULL, NULL), "initial");
    return true;
}

static bool of_externrefs(wrl_test_t *t)
{
    int thing = 0;
    wrl_externref_t ref;
    OK(wrl_externref_new(t->store, &thing, NULL, &ref));
    const wrl_tabletype_t type = WRL_TABLETYPE(WRL_VALKIND_EXTERNREF, 1, 3);
    const wrl_val_t value = WRL_EXTERNREF(ref);
    const wrl_val_t null = WRL_NULL_EXTERNREF;
    wrl_table_t table;
    TRY(make(t, &type, &value, &table));
    wrl_val_t found;
    OK(wrl_table_get(t->store, table, 0, &found));
    CHECK(found.kind == WRL_VALKIND_EXTERNREF && wrl_externref_equal(found.of.externref, ref));
    OK(wrl_table_grow(t->store, table, 2, &null, NULL));
    OK(wrl_table_get(t->store, table, 2, &found));
    CHECK(found.kind == WRL_VALKIND_EXTERNREF && wrl_externref_is_null(found.of.externref));
    const wrl_val_t wrong = WRL_NULL_FUNCREF;
    INVALID(wrl_table_set(t->store, table, 0, &wrong), "value", "externref", "funcref");
    return true;
}

/* Host and guest access the same elements. */
static bool of_a_guest(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_table, NULL, &instance));
    wrl_table_t table;
    wrl_func_t inc;
    wrl_func_t dec;
    CHECK(wrl_instance_get_table(t->store, instance, "table", &table));
    CHECK(wrl_instance_get_func(t->store, instance, "inc", &inc));
    CHECK(wrl_instance_get_func(t->store, instance, "dec", &dec));
    TRY(holds_func(t, table, 2, wrl_func_null()));
    const wrl_val_t ref = WRL_FUNCREF(dec);
    OK(wrl_table_set(t->store, table, 2, &ref));
    int32_t result;
    TRY(holds_func(t, table, 2, dec));
    TRY(test_call_i32(t, t->store, instance, "call", (int32_t[]){2, 10}, 2, &result));
    EQUAL(result, 9);
    const wrl_val_t ref_inc = WRL_FUNCREF(inc);
    OK(wrl_table_grow(t->store, table, 2, &ref_inc, NULL));
    TRY(test_call_i32(t, t->store, instance, "call", (int32_t[]){5, 10}, 2, &result));
    EQUAL(result, 11);
    const wrl_val_t null = WRL_NULL_FUNCREF;
    OK(wrl_table_set(t->store, table, 0, &null));
    wrl_func_t call;
    CHECK(wrl_instance_get_func(t->store, instance, "call", &call));
    const wrl_val_t args[] = {WRL_I32(0), WRL_I32(1)};
    wrl_val_t value;
    TRAPS(wrl_func_call(t->store, call, args, 2, &value, 1), WRL_TRAP_INDIRECT_CALL_TO_NULL);
    return true;
}

/* An element that a segment has set is the same function as the guest's export. */
static bool identity_of_elements(wrl_test_t *t)
{
    wrl_instance_t instance;
    wrl_table_t table;
    wrl_func_t func;
    TRY(test_instance(t, guest_table, NULL, &instance));
    CHECK(wrl_instance_get_table(t->store, instance, "table", &table));
    CHECK(wrl_instance_get_func(t->store, instance, "inc", &func));
    TRY(holds_func(t, table, 0, func));
    CHECK(wrl_instance_get_func(t->store, instance, "dec", &func));
    TRY(holds_func(t, table, 1, func));
    return true;
}

/* Calls through an element reach the correct function, whichever handle refers to it. */
static bool elements_work(wrl_test_t *t)
{
    wrl_instance_t instance;
    wrl_table_t table;
    wrl_val_t element, again, arg = WRL_I32(10), result;
    TRY(test_instance(t, guest_table, NULL, &instance));
    CHECK(wrl_instance_get_table(t->store, instance, "table", &table));
    OK(wrl_table_get(t->store, table, 0, &element));
    OK(wrl_table_get(t->store, table, 0, &again));
    CHECK(wrl_func_equal(element.of.func, again.of.func));
    OK(wrl_func_call(t->store, element.of.func, &arg, 1, &result, 1));
    EQUAL(result.of.i32, 11);
    OK(wrl_table_set(t->store, table, 2, &element));
    TRY(holds_func(t, table, 2, element.of.func));
    return true;
}

/* A host function, which the host puts into a guest's table. */
static wrl_error_t *square(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    (void)caller;
    slots[0].i32 = slots[0].i32 * slots[0].i32;
    return NULL;
}

static bool host_func_in_guest_table(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_table, NULL, &instance));
    wrl_table_t table;
    CHECK(wrl_instance_get_table(t->store, instance, "table", &table));
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    wrl_func_t func;
    OK(wrl_func_new_raw(t->store, &type, square, NULL, NULL, &func));
    wrl_val_t value = WRL_FUNCREF(func);
    OK(wrl_table_set(t->store, table, 3, &value));
    TRY(holds_func(t, table, 3, func));
    int32_t result;
    TRY(test_call_i32(t, t->store, instance, "call", (int32_t[]){3, 12}, 2, &result));
    EQUAL(result, 144);
    /* A function of another type: the guest's call traps, not the table's setter. */
    wrl_func_t nothing;
    TRY(test_nothing_func(t, t->store, &nothing));
    value = WRL_FUNCREF(nothing);
    OK(wrl_table_set(t->store, table, 3, &value));
    wrl_func_t call;
    CHECK(wrl_instance_get_func(t->store, instance, "call", &call));
    const wrl_val_t args[] = {WRL_I32(3), WRL_I32(1)};
    TRAPS(wrl_func_call(t->store, call, args, 2, &value, 1), WRL_TRAP_BAD_SIGNATURE);
    return true;
}

/* Reads the size, type and elements of a guest's table, without running the guest. */
static bool of_an_instance(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_table, NULL, &instance));
    wrl_table_t table;
    CHECK(wrl_instance_get_table(t->store, instance, "table", &table));
    uint64_t size = wrl_table_size(t->store, table);
    EQUAL(size, 4);
    wrl_tabletype_t type = wrl_table_type(t->store, table);
    EQUAL(type.max, 6);
    TRY(holds_func(t, table, 3, wrl_func_null()));
    wrl_func_t inc;
    CHECK(wrl_instance_get_func(t->store, instance, "inc", &inc));
    const wrl_val_t ref = WRL_FUNCREF(inc);
    OK(wrl_table_set(t->store, table, 3, &ref));
    TRY(holds_func(t, table, 3, inc));
    FAILS(wrl_table_grow(t->store, table, 3, &ref, NULL), WRL_ERROR_RESOURCE_LIMIT, "");
    return true;
}

static bool table64(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_memory64, NULL, &instance));
    wrl_table_t table;
    CHECK(wrl_instance_get_table(t->store, instance, "table", &table));
    uint64_t size = wrl_table_size(t->store, table);
    EQUAL(size, 3);
    wrl_val_t value;
    INVALID(wrl_table_get(t->store, table, UINT64_C(1) << 32, &value), "index");
    INVALID(wrl_table_get(t->store, table, UINT64_MAX, &value), "index");
    wrl_func_t func;
    CHECK(wrl_instance_get_func(t->store, instance, "size", &func));
    const wrl_val_t ref = WRL_FUNCREF(func);
    OK(wrl_table_set(t->store, table, 2, &ref));
    TRY(holds_func(t, table, 2, func));
    return true;
}

/* As memory.memory64_limits, for both kinds of references. */
static bool table64_limits(wrl_test_t *t)
{
    for (int is_extern = 0; is_extern < 2; is_extern++) {
        wrl_tabletype_t type = WRL_TABLETYPE(is_extern ? WRL_VALKIND_EXTERNREF : WRL_VALKIND_FUNCREF, 1, WRL_NO_MAX);
        type.is_64 = true;
        const wrl_val_t func = WRL_NULL_FUNCREF, external = WRL_NULL_EXTERNREF;
        const wrl_val_t null = is_extern ? external : func;
        wrl_table_t table;
        uint64_t size;
        TRY(make(t, &type, &null, &table));
        const uint64_t deltas[] = {UINT64_C(1) << 32, (UINT64_C(1) << 32) + 5, UINT64_C(1) << 48, UINT64_MAX - 1};
        for (size_t i = 0; i < sizeof(deltas) / sizeof(deltas[0]); i++) {
            FAILS(wrl_table_grow(t->store, table, deltas[i], &null, NULL), WRL_ERROR_RESOURCE_LIMIT, "");
            size = wrl_table_size(t->store, table);
            EQUAL(size, 1);
        }
        OK(wrl_table_grow(t->store, table, 1, &null, &size));
        EQUAL(size, 1);
        type.min = (UINT64_C(1) << 32) + 1;
        FAILS(wrl_table_new(t->store, &type, &null, &table), WRL_ERROR_RESOURCE_LIMIT, "");
    }
    return true;
}

/* Checks five elements, all of them null except those for `a` and `b`. */
static bool holds(wrl_test_t *t, wrl_table_t table, const wrl_func_t expected[5])
{
    for (uint64_t i = 0; i < 5; i++) {
        TRY(holds_func(t, table, i, expected[i]));
    }
    return true;
}

static bool fill(wrl_test_t *t)
{
    const wrl_tabletype_t five = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 5, 5);
    const wrl_val_t null = WRL_NULL_FUNCREF;
    const wrl_func_t none = wrl_func_null();
    wrl_table_t table;
    wrl_func_t func;
    TRY(make(t, &five, &null, &table));
    TRY(test_nothing_func(t, t->store, &func));
    const wrl_val_t value = WRL_FUNCREF(func), number = WRL_I32(1);
    OK(wrl_table_fill(t->store, table, 1, 3, &value));
    TRY(holds(t, table, (const wrl_func_t[]){none, func, func, func, none}));
    OK(wrl_table_fill(t->store, table, 5, 0, &value));
    OK(wrl_table_fill(t->store, table, 0, 0, &value));
    INVALID(wrl_table_fill(t->store, table, 6, 0, &value), "index", "6", "5 elements");
    INVALID(wrl_table_fill(t->store, table, 4, 2, &value), "index");
    INVALID(wrl_table_fill(t->store, table, 1, UINT64_MAX, &value), "index");
    INVALID(wrl_table_fill(t->store, table, UINT64_MAX, 2, &value), "index");
    INVALID(wrl_table_fill(t->store, table, 0, 5, &number), "value");
    INVALID(wrl_table_fill(t->store, table, 0, 5, NULL), "value");
    TRY(holds(t, table, (const wrl_func_t[]){none, func, func, func, none}));
    OK(wrl_table_fill(t->store, table, 0, 5, &null));
    TRY(holds(t, table, (const wrl_func_t[]){none, none, none, none, none}));
    return true;
}

static bool copy(wrl_test_t *t)
{
    const wrl_tabletype_t five = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 5, 5);
    const wrl_val_t null = WRL_NULL_FUNCREF;
    const wrl_func_t none = wrl_func_null();
    wrl_table_t table, other;
    wrl_func_t a, b;
    TRY(make(t, &five, &null, &table));
    TRY(make(t, &five, &null, &other));
    TRY(test_nothing_func(t, t->store, &a));
    TRY(test_nothing_func(t, t->store, &b));
    const wrl_val_t first = WRL_FUNCREF(a), second = WRL_FUNCREF(b);
    OK(wrl_table_set(t->store, table, 0, &first));
    OK(wrl_table_set(t->store, table, 1, &second));
    OK(wrl_table_copy(t->store, other, 3, table, 0, 2));
    TRY(holds(t, other, (const wrl_func_t[]){none, none, none, a, b}));
    /* Overlapping ranges, in both directions. */
    OK(wrl_table_copy(t->store, table, 1, table, 0, 4));
    TRY(holds(t, table, (const wrl_func_t[]){a, a, b, none, none}));
    OK(wrl_table_copy(t->store, table, 0, table, 1, 4));
    TRY(holds(t, table, (const wrl_func_t[]){a, b, none, none, none}));
    OK(wrl_table_copy(t->store, table, 5, other, 5, 0));
    INVALID(wrl_table_copy(t->store, table, 4, other, 0, 2), "target_index");
    INVALID(wrl_table_copy(t->store, table, 0, other, 4, 2), "source_index");
    INVALID(wrl_table_copy(t->store, table, 0, other, 0, UINT64_MAX), "target_index");
    INVALID(wrl_table_copy(t->store, table, 1, other, UINT64_MAX, 1), "source_index");
    TRY(holds(t, table, (const wrl_func_t[]){a, b, none, none, none}));
    return true;
}

/* Copies do not need a hold of the program. A table of another type accepts no element. */
static bool copy_externrefs(wrl_test_t *t)
{
    const wrl_tabletype_t externs = WRL_TABLETYPE(WRL_VALKIND_EXTERNREF, 2, 2);
    const wrl_val_t null = WRL_NULL_EXTERNREF;
    wrl_externref_t ref;
    wrl_table_t table, funcs;
    int thing;
    TRY(make(t, &externs, &null, &table));
    OK(wrl_externref_new(t->store, &thing, NULL, &ref));
    const wrl_val_t value = WRL_EXTERNREF(ref), no_func = WRL_NULL_FUNCREF;
    OK(wrl_table_set(t->store, table, 0, &value));
    OK(wrl_table_copy(t->store, table, 1, table, 0, 1));
    wrl_val_t found;
    OK(wrl_table_get(t->store, table, 1, &found));
    CHECK(wrl_externref_equal(found.of.externref, ref));
    OK(wrl_externref_release(t->store, ref));
    OK(wrl_externref_release(t->store, ref));
    INVALID(wrl_externref_release(t->store, ref), "externref", "released");
    TRY(make(t, &funcs_2_5, &no_func, &funcs));
    INVALID(wrl_table_copy(t->store, funcs, 0, table, 0, 1), "source", "externref", "funcref");
    INVALID(wrl_table_copy(t->store, funcs, 0, table, 0, 0), "source", "externref", "funcref");
    TRY(holds_func(t, funcs, 0, wrl_func_null()));
    return true;
}

static const wrl_test_case_t cases[] = {
    {"table.initial", initial, {NEED_NOTHING}},
    {"table.type", type, {NEED_NOTHING}},
    {"table.get_set", get_set, {NEED_NOTHING}},
    {"table.out_of_bounds", out_of_bounds, {NEED_NOTHING}},
    {"table.grow", grow, {NEED_NOTHING}},
    {"table.grow_without_max", grow_without_max, {NEED_NOTHING}},
    {"table.wrong_values", wrong_values, {NEED_NOTHING}},
    {"table.bad_types", bad_types, {NEED_NOTHING}},
    {"table.null_arguments", null_arguments, {NEED_NOTHING}},
    {"table.of_externrefs", of_externrefs, {NEED_REFERENCE_TYPES}},
    {"table.fill", fill, {NEED_NOTHING}},
    {"table.copy", copy, {NEED_NOTHING}},
    {"table.copy_externrefs", copy_externrefs, {NEED_REFERENCE_TYPES}},
    {"table.of_an_instance", of_an_instance, {NEED_NOTHING}},
    {"table.of_a_guest", of_a_guest, {NEED_EXECUTION}},
    {"table.identity_of_elements", identity_of_elements, {NEED_EXECUTION}},
    {"table.elements_work", elements_work, {NEED_EXECUTION}},
    {"table.host_func_in_guest_table", host_func_in_guest_table, {NEED_EXECUTION}},
    {"table.table64", table64, {NEED_MEMORY64}},
    {"table.table64_limits", table64_limits, {NEED_EXECUTION, NEED_MEMORY64, NEED_REFERENCE_TYPES}},
};
WRL_TEST_GROUP(table);
