/* GC references: their types, their paths through a guest, and their end. */
#include "values.h"

static bool instance(wrl_test_t *t, wrl_instance_t *made)
{
    return test_instance(t, guest_all_refs, NULL, made);
}

/* Calls an export that makes a reference from numbers. */
static bool make(wrl_test_t *t, wrl_instance_t from, const char *name, const int32_t *numbers, size_t count,
                 wrl_val_t *ref)
{
    wrl_val_t args[2];
    for (size_t i = 0; i < count; i++) {
        args[i] = WRL_I32(numbers[i]);
    }
    wrl_func_t func;
    CHECK(wrl_instance_get_func(t->store, from, name, &func));
    OK(wrl_func_call(t->store, func, args, count, ref, 1));
    return true;
}

#define NUMBERS(...) (const int32_t[]){__VA_ARGS__}, sizeof((const int32_t[]){__VA_ARGS__}) / sizeof(int32_t)

/* Calls an export that makes a number from a reference. */
static bool look(wrl_test_t *t, wrl_instance_t at, const char *name, wrl_val_t ref, int32_t expected)
{
    wrl_func_t func;
    wrl_val_t result;
    CHECK(wrl_instance_get_func(t->store, at, name, &func));
    OK(wrl_func_call(t->store, func, &ref, 1, &result, 1));
    EQUAL((uint32_t)result.of.i32, (uint32_t)expected);
    return true;
}

/* Calls an export that makes a reference from another one. */
static bool change(wrl_test_t *t, wrl_instance_t at, const char *name, wrl_val_t ref, wrl_val_t *result)
{
    wrl_func_t func;
    CHECK(wrl_instance_get_func(t->store, at, name, &func));
    OK(wrl_func_call(t->store, func, &ref, 1, result, 1));
    return true;
}

static bool refused(wrl_test_t *t, wrl_instance_t at, const char *name, wrl_val_t ref, const char *word)
{
    wrl_func_t func;
    wrl_val_t result;
    CHECK(wrl_instance_get_func(t->store, at, name, &func));
    INVALID(wrl_func_call(t->store, func, &ref, 1, &result, 1), word);
    return true;
}

static bool is_a(wrl_test_t *t, wrl_val_t ref, int32_t heap)
{
    wrl_valtype_t type;
    EQUAL(ref.kind, WRL_VALKIND_REF);
    CHECK(!wrl_ref_is_null(ref.of.ref));
    type = wrl_ref_type(t->store, ref.of.ref);
    EQUAL(type.kind, WRL_VALKIND_REF);
    EQUAL(type.flags, 0);
    EQUAL(type.heap, heap);
    return true;
}

static bool types(wrl_test_t *t)
{
    wrl_instance_t guest;
    wrl_val_t ref;
    wrl_val_t again;
    TRY(instance(t, &guest));
    TRY(make(t, guest, "make_i31", NUMBERS(-5), &ref));
    TRY(is_a(t, ref, WRL_HEAP_I31));
    TRY(look(t, guest, "i31", ref, -5));
    TRY(make(t, guest, "make_point", NUMBERS(3, 4), &ref));
    TRY(is_a(t, ref, WRL_HEAP_STRUCT));
    TRY(look(t, guest, "y", ref, 4));
    TRY(make(t, guest, "make_numbers", NUMBERS(9), &ref));
    TRY(is_a(t, ref, WRL_HEAP_ARRAY));
    TRY(look(t, guest, "length", ref, 9));
    TRY(change(t, guest, "pass", ref, &again));
    TRY(is_a(t, again, WRL_HEAP_ARRAY));
    TRY(look(t, guest, "length", again, 9));
    return true;
}

static bool same_in_guest(wrl_test_t *t)
{
    wrl_instance_t guest;
    wrl_val_t a;
    wrl_val_t b;
    wrl_func_t func;
    wrl_val_t result;
    TRY(instance(t, &guest));
    TRY(make(t, guest, "make_point", NUMBERS(1, 2), &a));
    TRY(change(t, guest, "pass", a, &b));
    CHECK(wrl_instance_get_func(t->store, guest, "same", &func));
    OK(wrl_func_call(t->store, func, (wrl_val_t[]){a, b}, 2, &result, 1));
    EQUAL(result.of.i32, 1);
    TRY(make(t, guest, "make_point", NUMBERS(1, 2), &b));
    OK(wrl_func_call(t->store, func, (wrl_val_t[]){a, b}, 2, &result, 1));
    EQUAL(result.of.i32, 0);
    return true;
}

static bool null(wrl_test_t *t)
{
    wrl_instance_t guest;
    wrl_val_t result;
    TRY(instance(t, &guest));
    TRY(change(t, guest, "pass", WRL_NULL_REF, &result));
    EQUAL(result.kind, WRL_VALKIND_REF);
    CHECK(wrl_ref_is_null(result.of.ref));
    TRY(make(t, guest, "none", NULL, 0, &result));
    CHECK(wrl_ref_is_null(result.of.ref));
    wrl_func_t func;
    const wrl_val_t no_point = WRL_NULL_REF;
    CHECK(wrl_instance_get_func(t->store, guest, "y", &func));
    TRAPS(wrl_func_call(t->store, func, &no_point, 1, &result, 1), WRL_TRAP_NULL_REFERENCE);
    return true;
}

/* The core detects some of these errors, only the engine detects the others. */
static bool wrong_types(wrl_test_t *t)
{
    wrl_instance_t guest;
    wrl_val_t point;
    wrl_val_t small;
    TRY(instance(t, &guest));
    TRY(make(t, guest, "make_point", NUMBERS(1, 2), &point));
    TRY(make(t, guest, "make_i31", NUMBERS(1), &small));
    TRY(refused(t, guest, "i31", WRL_NULL_REF, "null"));
    TRY(refused(t, guest, "i31", WRL_I32(1), "args: value 0 is i32"));
    TRY(refused(t, guest, "i31", WRL_NULL_EXTERNREF, "args: value 0 is externref"));
    TRY(refused(t, guest, "i31", WRL_REF(((wrl_ref_t){1, 1})), "args: value 0"));
    TRY(refused(t, guest, "i31", point, ""));
    TRY(refused(t, guest, "y", small, ""));
    TRY(refused(t, guest, "length", point, ""));
    TRY(refused(t, guest, "throw", point, ""));
    /* The store is still usable. */
    TRY(look(t, guest, "y", point, 2));
    return true;
}

static bool raw(wrl_test_t *t)
{
    wrl_instance_t guest;
    wrl_func_t func;
    wrl_raw_t slots[2];
    TRY(instance(t, &guest));
    CHECK(wrl_instance_get_func(t->store, guest, "make_point", &func));
    slots[0].i32 = 5;
    slots[1].i32 = 6;
    OK(wrl_func_call_raw(t->store, func, slots, 2));
    const wrl_ref_t point = slots[0].ref;
    TRY(is_a(t, WRL_REF(point), WRL_HEAP_STRUCT));
    CHECK(wrl_instance_get_func(t->store, guest, "y", &func));
    OK(wrl_func_call_raw(t->store, func, slots, 1));
    EQUAL(slots[0].i32, 6);
    slots[0].ref = (wrl_ref_t){point.store_id, point.index + 7};
    INVALID(wrl_func_call_raw(t->store, func, slots, 1), "slots: value 0");
    CHECK(wrl_instance_get_func(t->store, guest, "i31", &func));
    slots[0].ref = wrl_ref_null();
    INVALID(wrl_func_call_raw(t->store, func, slots, 1), "slots: value 0");
    return true;
}

static bool release(wrl_test_t *t)
{
    wrl_instance_t guest;
    wrl_val_t a;
    wrl_val_t b;
    TRY(instance(t, &guest));
    TRY(make(t, guest, "make_point", NUMBERS(1, 2), &a));
    TRY(change(t, guest, "pass", a, &b));
    OK(wrl_ref_release(t->store, a.of.ref));
    INVALID(wrl_ref_release(t->store, a.of.ref), "ref", "released");
    INVALID(wrl_ref_check(t->store, a.of.ref), "ref", "released");
    CHECK(wrl_ref_type(t->store, a.of.ref).kind == WRL_VALKIND_NONE);
    TRY(refused(t, guest, "y", a, "args: value 0"));
    /* The other handle of the same object is valid, and the next handle differs from the released one. */
    TRY(look(t, guest, "y", b, 2));
    wrl_val_t next;
    TRY(make(t, guest, "make_point", NUMBERS(3, 4), &next));
    CHECK(next.of.ref.index != a.of.ref.index);
    INVALID(wrl_ref_release(t->store, a.of.ref), "ref", "released");
    TRY(look(t, guest, "y", next, 4));
    OK(wrl_ref_release(t->store, wrl_ref_null()));
    return true;
}

/* Released handles and their objects occupy no memory. */
static bool many_released(wrl_test_t *t)
{
    wrl_instance_t guest;
    wrl_func_t func;
    TRY(instance(t, &guest));
    CHECK(wrl_instance_get_func(t->store, guest, "make_numbers", &func));
    const wrl_val_t length = WRL_I32(10000);
    for (int i = 0; i < 20000; i++) {
        wrl_val_t ref;
        OK(wrl_func_call(t->store, func, &length, 1, &ref, 1));
        CHECK((uint32_t)ref.of.ref.index == 0);
        OK(wrl_ref_release(t->store, ref.of.ref));
    }
    return true;
}

static bool bad_handles(wrl_test_t *t)
{
    wrl_store_t *other;
    wrl_instance_t guest;
    wrl_val_t ref;
    TRY(instance(t, &guest));
    TRY(make(t, guest, "make_i31", NUMBERS(1), &ref));
    TRY(test_store(t, t->engine, &other));
    INVALID(wrl_ref_check(NULL, ref.of.ref), "store");
    CHECK(wrl_ref_type(NULL, ref.of.ref).kind == WRL_VALKIND_NONE);
    INVALID(wrl_ref_check(other, ref.of.ref), "ref", "store");
    CHECK(wrl_ref_type(other, ref.of.ref).kind == WRL_VALKIND_NONE);
    INVALID(wrl_ref_check(t->store, wrl_ref_null()), "ref", "null");
    CHECK(wrl_ref_type(t->store, wrl_ref_null()).kind == WRL_VALKIND_NONE);
    INVALID(wrl_ref_release(NULL, ref.of.ref), "store");
    INVALID(wrl_ref_release(NULL, wrl_ref_null()), "store");
    INVALID(wrl_ref_release(other, ref.of.ref), "ref", "store");
    INVALID(wrl_ref_release(t->store, (wrl_ref_t){ref.of.ref.store_id, 77}), "ref");
    TRY(is_a(t, ref, WRL_HEAP_I31));
    return true;
}

static bool typed_functions(wrl_test_t *t)
{
    wrl_instance_t guest;
    wrl_val_t doubling;
    wrl_val_t result;
    wrl_func_t apply;
    wrl_func_t add;
    TRY(instance(t, &guest));
    TRY(make(t, guest, "get_double", NULL, 0, &doubling));
    EQUAL(doubling.kind, WRL_VALKIND_FUNCREF);
    const wrl_val_t four = WRL_I32(4);
    OK(wrl_func_call(t->store, doubling.of.func, &four, 1, &result, 1));
    EQUAL(result.of.i32, 8);
    CHECK(wrl_instance_get_func(t->store, guest, "apply", &apply));
    OK(wrl_func_call(t->store, apply, (wrl_val_t[]){doubling, WRL_I32(21)}, 2, &result, 1));
    EQUAL(result.of.i32, 42);
    CHECK(wrl_instance_get_func(t->store, guest, "add", &add));
    INVALID(wrl_func_call(t->store, apply, (wrl_val_t[]){WRL_FUNCREF(add), WRL_I32(21)}, 2, &result, 1),
            "args: a reference does not have its parameter's type");
    TRAPS(wrl_func_call(t->store, apply, (wrl_val_t[]){WRL_NULL_FUNCREF, WRL_I32(21)}, 2, &result, 1),
          WRL_TRAP_NULL_REFERENCE);
    /* A host function is also a valid argument. */
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    wrl_func_t negate;
    OK(wrl_func_new(t->store, &type, host_nothing, NULL, NULL, &negate));
    FAILS(wrl_func_call(t->store, apply, (wrl_val_t[]){WRL_FUNCREF(negate), WRL_I32(21)}, 2, &result, 1),
          WRL_ERROR_HOST, "results");
    return true;
}

/* Outside their module, concrete types are reported as their abstract supertypes. */
static bool hidden_types(wrl_test_t *t)
{
    wrl_instance_t guest;
    wrl_functype_t type;
    wrl_val_t hidden;
    wrl_func_t get;
    wrl_val_t args[2] = {WRL_NULL_REF, WRL_NULL_FUNCREF};
    wrl_val_t result;
    TRY(test_instance(t, guest_hidden_refs, NULL, &guest));
    TRY(make(t, guest, "get_hidden", NULL, 0, &hidden));
    type = wrl_func_type(t->store, hidden.of.func);
    EQUAL(type.param_count, 2);
    CHECK(wrl_valtype_equal(type.params[0], (wrl_valtype_t){WRL_VALKIND_REF, 0, 0, WRL_HEAP_ARRAY}));
    CHECK(wrl_valtype_equal(type.params[1], (wrl_valtype_t){WRL_VALKIND_REF, WRL_VALTYPE_NULLABLE, 0, WRL_HEAP_FUNC}));
    EQUAL(type.result_count, 1);
    CHECK(
        wrl_valtype_equal(type.results[0], (wrl_valtype_t){WRL_VALKIND_REF, WRL_VALTYPE_NULLABLE, 0, WRL_HEAP_STRUCT}));
    TRY(make(t, guest, "make_numbers", NUMBERS(6), &args[0]));
    OK(wrl_func_call(t->store, hidden.of.func, args, 2, &result, 1));
    TRY(look(t, guest, "value", result, 6));
    args[0] = result;
    INVALID(wrl_func_call(t->store, hidden.of.func, args, 2, &result, 1),
            "args: a reference does not have its parameter's type");
    TRY(make(t, guest, "make_numbers", NUMBERS(6), &args[0]));
    /* A function of another type. */
    CHECK(wrl_instance_get_func(t->store, guest, "value", &get));
    args[1] = WRL_FUNCREF(get);
    INVALID(wrl_func_call(t->store, hidden.of.func, args, 2, &result, 1),
            "args: a reference does not have its parameter's type");
    args[0] = WRL_NULL_REF;
    INVALID(wrl_func_call(t->store, hidden.of.func, args, 2, &result, 1), "null");
    return true;
}

static bool exceptions(wrl_test_t *t)
{
    wrl_instance_t guest;
    wrl_val_t exception;
    wrl_func_t func;
    TRY(instance(t, &guest));
    TRY(make(t, guest, "catch", NUMBERS(77), &exception));
    TRY(is_a(t, exception, WRL_HEAP_EXN));
    TRY(look(t, guest, "value", exception, 77));
    CHECK(wrl_instance_get_func(t->store, guest, "throw", &func));
    TRAPS(wrl_func_call(t->store, func, &exception, 1, NULL, 0), WRL_TRAP_UNCAUGHT_EXCEPTION);
    const wrl_val_t none = WRL_NULL_REF;
    TRAPS(wrl_func_call(t->store, func, &none, 1, NULL, 0), WRL_TRAP_NULL_REFERENCE);
    return true;
}

/* Conversion of an externref to an anyref, and of an anyref to an externref. */
static bool conversions(wrl_test_t *t)
{
    wrl_instance_t guest;
    int thing;
    void *data = NULL;
    wrl_externref_t externref;
    wrl_val_t any;
    wrl_val_t back = WRL_NULL_EXTERNREF;
    TRY(instance(t, &guest));
    OK(wrl_externref_new(t->store, &thing, NULL, &externref));
    TRY(change(t, guest, "from_host", WRL_EXTERNREF(externref), &any));
    TRY(is_a(t, any, WRL_HEAP_ANY));
    TRY(change(t, guest, "to_host", any, &back));
    CHECK(wrl_externref_equal(back.of.externref, externref));
    wrl_val_t point;
    TRY(make(t, guest, "make_point", NUMBERS(1, 2), &point));
    for (int i = 0; i < 2; i++) {
        TRY(change(t, guest, "to_host", point, &back));
        EQUAL(back.kind, WRL_VALKIND_EXTERNREF);
        CHECK(!wrl_externref_is_null(back.of.externref));
        FAILS(wrl_externref_get(t->store, back.of.externref, &data), WRL_ERROR_UNSUPPORTED, "externref", "guest");
        CHECK(data == NULL);
        CHECK(wrl_externref_data(t->store, back.of.externref) == NULL);
        TRY(change(t, guest, "pass_extern", back, &back));
        TRY(change(t, guest, "from_host", back, &any));
        TRY(is_a(t, any, WRL_HEAP_STRUCT));
        TRY(look(t, guest, "y", any, 2));
        TRY(make(t, guest, "make_i31", NUMBERS(1), &point));
        OK(wrl_externref_new(t->store, &thing, NULL, &externref));
        data = wrl_externref_data(t->store, externref);
        CHECK(data == &thing);
        TRY(make(t, guest, "make_point", NUMBERS(1, 2), &point));
    }
    return true;
}

static bool globals(wrl_test_t *t)
{
    wrl_instance_t guest;
    wrl_global_t global;
    wrl_val_t value;
    wrl_val_t point;
    wrl_val_t small;
    TRY(instance(t, &guest));
    TRY(make(t, guest, "make_point", NUMBERS(1, 2), &point));
    TRY(make(t, guest, "make_i31", NUMBERS(3), &small));
    CHECK(wrl_instance_get_global(t->store, guest, "any", &global));
    OK(wrl_global_get(t->store, global, &value));
    CHECK(value.kind == WRL_VALKIND_REF && wrl_ref_is_null(value.of.ref));
    OK(wrl_global_set(t->store, global, &small));
    OK(wrl_global_get(t->store, global, &value));
    TRY(look(t, guest, "i31", value, 3));
    CHECK(wrl_instance_get_global(t->store, guest, "point_or_null", &global));
    INVALID(wrl_global_set(t->store, global, &small), "value: is not a reference of type");
    OK(wrl_global_set(t->store, global, &point));
    OK(wrl_global_get(t->store, global, &value));
    TRY(look(t, guest, "y", value, 2));
    /* A global of the host. */
    const wrl_globaltype_t type = {{WRL_VALKIND_REF, 0, 0, WRL_HEAP_EQ}, true};
    const wrl_val_t none = WRL_NULL_REF;
    INVALID(wrl_global_new(t->store, &type, &none, &global), "initial");
    const wrl_globaltype_t structs = {{WRL_VALKIND_REF, 0, 0, WRL_HEAP_STRUCT}, true};
    INVALID(wrl_global_new(t->store, &structs, &small, &global), "");
    OK(wrl_global_new(t->store, &type, &small, &global));
    OK(wrl_global_set(t->store, global, &point));
    INVALID(wrl_global_set(t->store, global, &none), "value");
    OK(wrl_global_get(t->store, global, &value));
    TRY(look(t, guest, "y", value, 2));
    return true;
}

static bool tables(wrl_test_t *t)
{
    wrl_instance_t guest;
    wrl_table_t table;
    wrl_val_t value;
    wrl_val_t point;
    wrl_func_t add;
    TRY(instance(t, &guest));
    TRY(make(t, guest, "make_point", NUMBERS(1, 2), &point));
    CHECK(wrl_instance_get_table(t->store, guest, "anys", &table));
    OK(wrl_table_grow(t->store, table, 2, &point, NULL));
    OK(wrl_table_get(t->store, table, 1, &value));
    CHECK(value.kind == WRL_VALKIND_REF && wrl_ref_is_null(value.of.ref));
    OK(wrl_table_set(t->store, table, 0, &point));
    for (uint64_t i = 0; i < 4; i += 3) {
        OK(wrl_table_get(t->store, table, i, &value));
        TRY(look(t, guest, "y", value, 2));
    }
    CHECK(wrl_instance_get_table(t->store, guest, "unaries", &table));
    CHECK(wrl_instance_get_func(t->store, guest, "add", &add));
    const wrl_val_t binary = WRL_FUNCREF(add);
    INVALID(wrl_table_set(t->store, table, 0, &binary), "value: is not a reference of type");
    INVALID(wrl_table_fill(t->store, table, 0, 1, &binary), "value: is not a reference of type");
    INVALID(wrl_table_grow(t->store, table, 1, &binary, NULL), "initial: is not a reference of type");
    const wrl_tabletype_t funcs = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 1, 1);
    wrl_table_t source;
    OK(wrl_table_new(t->store, &funcs, &binary, &source));
    INVALID(wrl_table_copy(t->store, table, 0, source, 0, 1), "source: element 0");
    TRY(make(t, guest, "get_double", NULL, 0, &value));
    OK(wrl_table_set(t->store, table, 0, &value));
    wrl_val_t found;
    OK(wrl_table_get(t->store, table, 0, &found));
    CHECK(wrl_func_equal(found.of.func, value.of.func));
    /* A table of the host. */
    wrl_tabletype_t type = {{WRL_VALKIND_REF, 0, 0, WRL_HEAP_STRUCT}, 2, 4, false};
    const wrl_val_t none = WRL_NULL_REF;
    INVALID(wrl_table_new(t->store, &type, &none, &table), "initial");
    wrl_val_t small;
    TRY(make(t, guest, "make_i31", NUMBERS(1), &small));
    INVALID(wrl_table_new(t->store, &type, &small, &table), "");
    OK(wrl_table_new(t->store, &type, &point, &table));
    INVALID(wrl_table_grow(t->store, table, 1, &small, NULL), "");
    OK(wrl_table_get(t->store, table, 1, &value));
    TRY(look(t, guest, "y", value, 2));
    type.element.flags = WRL_VALTYPE_NULLABLE;
    type.is_64 = true;
    OK(wrl_table_new(t->store, &type, &none, &table));
    OK(wrl_table_set(t->store, table, 0, &point));
    OK(wrl_table_get(t->store, table, 0, &value));
    TRY(look(t, guest, "y", value, 2));
    return true;
}

/* Functions and externrefs of non-nullable types. */
static bool never_null(wrl_test_t *t)
{
    static const int32_t heaps[] = {WRL_HEAP_FUNC, WRL_HEAP_EXTERN};
    const wrl_functype_t nothing = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    wrl_func_t func;
    wrl_externref_t thing;
    OK(wrl_func_new(t->store, &nothing, host_nothing, NULL, NULL, &func));
    OK(wrl_externref_new(t->store, t, NULL, &thing));
    const wrl_val_t values[] = {WRL_FUNCREF(func), WRL_EXTERNREF(thing)};
    const wrl_val_t nulls[] = {WRL_NULL_FUNCREF, WRL_NULL_EXTERNREF};
    for (size_t i = 0; i < 2; i++) {
        const wrl_globaltype_t global_type = {{WRL_VALKIND_REF, 0, 0, heaps[i]}, true};
        const wrl_tabletype_t table_type = {{WRL_VALKIND_REF, 0, 0, heaps[i]}, 2, 4, false};
        wrl_global_t global;
        wrl_table_t table;
        wrl_val_t value;
        INVALID(wrl_global_new(t->store, &global_type, &nulls[i], &global), "initial");
        OK(wrl_global_new(t->store, &global_type, &values[i], &global));
        INVALID(wrl_global_set(t->store, global, &nulls[i]), "value");
        OK(wrl_global_set(t->store, global, &values[i]));
        OK(wrl_global_get(t->store, global, &value));
        CHECK(value_same(&value, &values[i]));
        INVALID(wrl_table_new(t->store, &table_type, &nulls[i], &table), "initial");
        OK(wrl_table_new(t->store, &table_type, &values[i], &table));
        OK(wrl_table_grow(t->store, table, 1, &values[i], NULL));
        INVALID(wrl_table_set(t->store, table, 0, &nulls[i]), "value");
        OK(wrl_table_set(t->store, table, 0, &values[i]));
        for (uint64_t at = 0; at < 3; at++) {
            OK(wrl_table_get(t->store, table, at, &value));
            CHECK(value_same(&value, &values[i]));
        }
    }
    return true;
}

/* Globals and tables for exceptions reject other references. Other globals and tables reject exceptions. */
static bool exception_types(wrl_test_t *t)
{
    wrl_instance_t guest;
    wrl_val_t exception;
    wrl_val_t small;
    TRY(test_instance(t, guest_exception_items, NULL, &guest));
    TRY(make(t, guest, "some", NUMBERS(5), &exception));
    TRY(is_a(t, exception, WRL_HEAP_EXN));
    TRY(make(t, guest, "make_i31", NUMBERS(6), &small));
    TRY(look(t, guest, "value_of_some", exception, 5));
    TRY(look(t, guest, "no_exception", WRL_NULL_REF, 1));
    TRY(refused(t, guest, "value_of_some", WRL_NULL_REF, "null"));
    TRY(refused(t, guest, "value_of_some", small, ""));
    TRY(refused(t, guest, "value", small, ""));
    TRY(refused(t, guest, "pass", exception, ""));
    TRY(refused(t, guest, "no_exception", exception, ""));
    TRY(refused(t, guest, "no_exception", small, ""));
    TRY(look(t, guest, "value_of_some", exception, 5));
    return true;
}

static bool exception_globals(wrl_test_t *t)
{
    wrl_instance_t guest;
    wrl_global_t global;
    wrl_val_t value;
    wrl_val_t exception;
    wrl_val_t small;
    int32_t result;
    TRY(test_instance(t, guest_exception_items, NULL, &guest));
    TRY(make(t, guest, "catch", NUMBERS(77), &exception));
    TRY(make(t, guest, "make_i31", NUMBERS(3), &small));
    CHECK(wrl_instance_get_global(t->store, guest, "last", &global));
    OK(wrl_global_get(t->store, global, &value));
    CHECK(value.kind == WRL_VALKIND_REF && wrl_ref_is_null(value.of.ref));
    OK(wrl_global_set(t->store, global, &exception));
    TRY(test_call_i32(t, t->store, guest, "value_of_last", NULL, 0, &result));
    EQUAL(result, 77);
    INVALID(wrl_global_set(t->store, global, &small), "value: is not a reference of type");
    OK(wrl_global_get(t->store, global, &value));
    TRY(look(t, guest, "value", value, 77));
    /* A global of the host. */
    const wrl_globaltype_t type = {{WRL_VALKIND_REF, WRL_VALTYPE_NULLABLE, 0, WRL_HEAP_EXN}, true};
    INVALID(wrl_global_new(t->store, &type, &small, &global), "");
    OK(wrl_global_new(t->store, &type, &exception, &global));
    OK(wrl_global_get(t->store, global, &value));
    TRY(look(t, guest, "value", value, 77));
    const wrl_val_t none = WRL_NULL_REF;
    OK(wrl_global_set(t->store, global, &none));
    OK(wrl_global_get(t->store, global, &value));
    CHECK(wrl_ref_is_null(value.of.ref));
    return true;
}

static bool exception_constant(wrl_test_t *t)
{
    wrl_instance_t guest;
    wrl_global_t global;
    wrl_val_t value;
    TRY(test_instance(t, guest_exception_items, NULL, &guest));
    CHECK(wrl_instance_get_global(t->store, guest, "never", &global));
    OK(wrl_global_get(t->store, global, &value));
    CHECK(value.kind == WRL_VALKIND_REF && wrl_ref_is_null(value.of.ref));
    return true;
}

static bool exception_tables(wrl_test_t *t)
{
    wrl_instance_t guest;
    wrl_table_t table;
    wrl_val_t value;
    wrl_val_t exception;
    wrl_val_t small;
    int32_t result;
    uint64_t size;
    TRY(test_instance(t, guest_exception_items, NULL, &guest));
    TRY(make(t, guest, "catch", NUMBERS(77), &exception));
    TRY(make(t, guest, "make_i31", NUMBERS(3), &small));
    CHECK(wrl_instance_get_table(t->store, guest, "all", &table));
    OK(wrl_table_get(t->store, table, 0, &value));
    CHECK(value.kind == WRL_VALKIND_REF && wrl_ref_is_null(value.of.ref));
    OK(wrl_table_set(t->store, table, 0, &exception));
    OK(wrl_table_grow(t->store, table, 2, &exception, &size));
    EQUAL(size, 1);
    for (int32_t i = 0; i < 3; i++) {
        TRY(test_call_i32(t, t->store, guest, "value_at", &i, 1, &result));
        EQUAL(result, 77);
    }
    OK(wrl_table_get(t->store, table, 2, &value));
    TRY(look(t, guest, "value", value, 77));
    INVALID(wrl_table_set(t->store, table, 0, &small), "");
    INVALID(wrl_table_grow(t->store, table, 1, &small, NULL), "");
    FAILS(wrl_table_grow(t->store, table, 2, &exception, NULL), WRL_ERROR_RESOURCE_LIMIT, "");
    size = wrl_table_size(t->store, table);
    EQUAL(size, 3);
    /* A table of the host. */
    const wrl_tabletype_t type = {{WRL_VALKIND_REF, WRL_VALTYPE_NULLABLE, 0, WRL_HEAP_EXN}, 2, 3, false};
    INVALID(wrl_table_new(t->store, &type, &small, &table), "");
    OK(wrl_table_new(t->store, &type, &exception, &table));
    size = wrl_table_size(t->store, table);
    EQUAL(size, 2);
    OK(wrl_table_get(t->store, table, 1, &value));
    TRY(look(t, guest, "value", value, 77));
    return true;
}

/* More values than fit the layer's buffer on the C stack. */
static bool many(wrl_test_t *t)
{
    wrl_instance_t guest;
    wrl_func_t func;
    wrl_val_t args[12];
    wrl_val_t results[12];
    TRY(instance(t, &guest));
    for (int32_t i = 0; i < 12; i++) {
        TRY(make(t, guest, "make_i31", &i, 1, &args[i]));
    }
    args[1] = WRL_I64(-1);
    CHECK(wrl_instance_get_func(t->store, guest, "rotate", &func));
    OK(wrl_func_call(t->store, func, args, 12, results, 12));
    for (int32_t i = 0; i < 11; i++) {
        TRY(look(t, guest, "i31", results[i], (i + 2) % 12));
    }
    EQUAL(results[11].of.i64, -1);
    return true;
}

/* ---- Host functions ---- */

/* Retains its first argument. */
typedef struct answer {
    wrl_test_t *t;
    wrl_val_t seen[3];
    wrl_val_t result;
} answer_t;

static wrl_error_t *answer(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count, wrl_val_t *results,
                           size_t result_count)
{
    answer_t *self = env;
    (void)result_count;
    memcpy(self->seen, args, arg_count * sizeof(*args));
    results[0] = self->result;
    return wrl_ref_retain(wrl_caller_store(caller), args[0].of.ref);
}

static wrl_error_t *answer_raw(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    answer_t *self = env;
    self->seen[0] = WRL_REF(slots[0].ref);
    self->seen[1] = WRL_FUNCREF(slots[1].func);
    self->seen[2] = WRL_I32(slots[2].i32);
    slots[0].ref = self->result.of.ref;
    return wrl_ref_retain(wrl_caller_store(caller), self->seen[0].of.ref);
}

static bool answering(wrl_test_t *t, bool is_raw, answer_t *env, wrl_instance_t *guest)
{
    const wrl_valtype_t params[] = {
        {WRL_VALKIND_REF, WRL_VALTYPE_NULLABLE, 0, WRL_HEAP_ANY}, WRL_TYPE_FUNCREF, WRL_TYPE_I32};
    const wrl_valtype_t results[] = {{WRL_VALKIND_REF, 0, 0, WRL_HEAP_I31}};
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_IN(params), WRL_TYPES_IN(results));
    wrl_func_t func;
    OK(is_raw ? wrl_func_new_raw(t->store, &type, answer_raw, env, NULL, &func)
              : wrl_func_new(t->store, &type, answer, env, NULL, &func));
    TRY(test_instance_with(t, t->store, guest_all_refs_host, "f", func, guest));
    return true;
}

static bool host_func(wrl_test_t *t)
{
    for (int is_raw = 0; is_raw < 2; is_raw++) {
        answer_t env = {.t = t};
        wrl_instance_t guest;
        int32_t result;
        TRY(answering(t, is_raw, &env, &guest));
        TRY(make(t, guest, "make_i31", NUMBERS(12), &env.result));
        TRY(test_call_i32(t, t->store, guest, "call", (int32_t[]){5}, 1, &result));
        EQUAL(result, 12);
        TRY(is_a(t, env.seen[0], WRL_HEAP_STRUCT));
        wrl_func_t itself;
        CHECK(wrl_instance_get_func(t->store, guest, "call", &itself));
        CHECK(wrl_func_equal(env.seen[1].of.func, itself));
        EQUAL(env.seen[2].of.i32, 5);
        TRY(test_call_i32(t, t->store, guest, "call_null", (int32_t[]){6}, 1, &result));
        CHECK(env.seen[0].kind == WRL_VALKIND_REF && wrl_ref_is_null(env.seen[0].of.ref));
        CHECK(wrl_func_is_null(env.seen[1].of.func));
    }
    return true;
}

static bool host_func_mistakes(wrl_test_t *t)
{
    for (int is_raw = 0; is_raw < 2; is_raw++) {
        answer_t env = {.t = t, .result = WRL_NULL_REF};
        wrl_instance_t guest;
        wrl_func_t call;
        const wrl_val_t five = WRL_I32(5);
        wrl_val_t result;
        TRY(answering(t, is_raw, &env, &guest));
        CHECK(wrl_instance_get_func(t->store, guest, "call", &call));
        FAILS(wrl_func_call(t->store, call, &five, 1, &result, 1), WRL_ERROR_HOST, "null");
        /* A reference of the wrong type, which only the engine can detect. */
        env.result = env.seen[0];
        FAILS(wrl_func_call(t->store, call, &five, 1, &result, 1), WRL_ERROR_HOST, "");
        env.result.of.ref.index += 99;
        FAILS(wrl_func_call(t->store, call, &five, 1, &result, 1), WRL_ERROR_HOST, "value 0");
    }
    return true;
}

/* Without a guest in between, the host function's arguments are checked as well and have holds of their own. */
static bool host_func_direct(wrl_test_t *t)
{
    for (int is_raw = 0; is_raw < 2; is_raw++) {
        answer_t env = {.t = t};
        wrl_instance_t maker;
        wrl_func_t func;
        wrl_val_t point;
        wrl_val_t other;
        wrl_val_t result;
        const wrl_valtype_t params[] = {{WRL_VALKIND_REF, 0, 0, WRL_HEAP_STRUCT}, WRL_TYPE_FUNCREF, WRL_TYPE_I32};
        const wrl_valtype_t results[] = {{WRL_VALKIND_REF, 0, 0, WRL_HEAP_I31}};
        const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_IN(params), WRL_TYPES_IN(results));
        TRY(instance(t, &maker));
        TRY(make(t, maker, "make_point", NUMBERS(1, 2), &point));
        TRY(make(t, maker, "make_i31", NUMBERS(12), &env.result));
        OK(is_raw ? wrl_func_new_raw(t->store, &type, answer_raw, &env, NULL, &func)
                  : wrl_func_new(t->store, &type, answer, &env, NULL, &func));
        OK(wrl_func_call(t->store, func, (wrl_val_t[]){point, WRL_NULL_FUNCREF, WRL_I32(5)}, 3, &result, 1));
        TRY(look(t, maker, "i31", result, 12));
        TRY(is_a(t, env.seen[0], WRL_HEAP_STRUCT));
        EQUAL(env.seen[2].of.i32, 5);
        /* Each of these references is released independently. */
        OK(wrl_ref_release(t->store, env.seen[0].of.ref));
        OK(wrl_ref_release(t->store, result.of.ref));
        TRY(make(t, maker, "make_numbers", NUMBERS(9), &other));
        TRY(look(t, maker, "y", point, 2));
        TRY(look(t, maker, "i31", env.result, 12));
        OK(wrl_ref_release(t->store, point.of.ref));
        TRY(look(t, maker, "length", other, 9));
        INVALID(wrl_func_call(t->store, func, (wrl_val_t[]){other, WRL_NULL_FUNCREF, WRL_I32(5)}, 3, &result, 1), "");
        TRY(make(t, maker, "make_point", NUMBERS(1, 2), &point));
        env.result = other;
        FAILS(wrl_func_call(t->store, func, (wrl_val_t[]){point, WRL_NULL_FUNCREF, WRL_I32(5)}, 3, &result, 1),
              WRL_ERROR_HOST, "");
    }
    return true;
}

#define NEED_ALL NEED_EXECUTION, NEED_GC_REFERENCES, NEED_GC

static const wrl_test_case_t cases[] = {
    {"ref.types", types, {NEED_ALL, NEED_EXCEPTIONS}},
    {"ref.same_in_guest", same_in_guest, {NEED_ALL, NEED_EXCEPTIONS}},
    {"ref.null", null, {NEED_ALL, NEED_EXCEPTIONS}},
    {"ref.wrong_types", wrong_types, {NEED_ALL, NEED_EXCEPTIONS}},
    {"ref.raw", raw, {NEED_ALL, NEED_EXCEPTIONS}},
    {"ref.release", release, {NEED_ALL, NEED_EXCEPTIONS}},
    {"ref.many_released", many_released, {NEED_ALL, NEED_EXCEPTIONS}},
    {"ref.bad_handles", bad_handles, {NEED_ALL, NEED_EXCEPTIONS}},
    {"ref.typed_functions", typed_functions, {NEED_ALL, NEED_EXCEPTIONS}},
    {"ref.hidden_types", hidden_types, {NEED_ALL}},
    {"ref.exceptions", exceptions, {NEED_ALL, NEED_EXCEPTIONS}},
    {"ref.conversions", conversions, {NEED_ALL, NEED_EXCEPTIONS}},
    {"ref.globals", globals, {NEED_ALL, NEED_EXCEPTIONS}},
    {"ref.tables", tables, {NEED_ALL, NEED_EXCEPTIONS, NEED_MEMORY64}},
    {"ref.never_null", never_null, {NEED_EXECUTION, NEED_GC_REFERENCES, NEED_FUNCTION_REFERENCES}},
    {"ref.exception_types", exception_types, {NEED_ALL, NEED_EXCEPTIONS}},
    {"ref.exception_globals", exception_globals, {NEED_ALL, NEED_EXCEPTIONS}},
    {"ref.exception_constant", exception_constant, {NEED_ALL, NEED_EXCEPTIONS}},
    {"ref.exception_tables", exception_tables, {NEED_ALL, NEED_EXCEPTIONS}},
    {"ref.many", many, {NEED_ALL, NEED_EXCEPTIONS}},
    {"ref.host_func", host_func, {NEED_ALL}},
    {"ref.host_func_mistakes", host_func_mistakes, {NEED_ALL}},
    {"ref.host_func_direct", host_func_direct, {NEED_ALL, NEED_EXCEPTIONS}},
};
WRL_TEST_GROUP(ref);
