/* Globals of the host and of guests. */
#include "values.h"

static const wrl_valkind_t number_kinds[] = {WRL_VALKIND_I32, WRL_VALKIND_I64, WRL_VALKIND_F32, WRL_VALKIND_F64};
static const char *const number_names[] = {"i32", "i64", "f32", "f64"};

/* A global holds every value of its kind unchanged. */
static bool keeps_values(wrl_test_t *t, const value_pool_t *pool, wrl_valkind_t kind)
{
    const wrl_globaltype_t type = WRL_GLOBALTYPE(kind, true);
    wrl_val_t value = value_make(pool, kind, 0);
    wrl_global_t global;
    OK(wrl_global_new(t->store, &type, &value, &global));
    for (size_t number = 0; number < 20; number++) {
        wrl_val_t found;
        memset(&found, 0xee, sizeof(found));
        OK(wrl_global_get(t->store, global, &found));
        CHECK(value_same(&found, &value));
        value = value_make(pool, kind, number);
        OK(wrl_global_set(t->store, global, &value));
    }
    return true;
}

static bool numbers(wrl_test_t *t)
{
    for (size_t i = 0; i < 4; i++) {
        TRY(keeps_values(t, NULL, number_kinds[i]));
    }
    return true;
}

static bool v128(wrl_test_t *t)
{
    return keeps_values(t, NULL, WRL_VALKIND_V128);
}

static bool references(wrl_test_t *t)
{
    value_pool_t pool;
    TRY(value_pool_init(t, &pool, true));
    TRY(keeps_values(t, &pool, WRL_VALKIND_FUNCREF));
    TRY(keeps_values(t, &pool, WRL_VALKIND_EXTERNREF));
    return true;
}

static bool type(wrl_test_t *t)
{
    const wrl_globaltype_t made = WRL_GLOBALTYPE(WRL_VALKIND_F64, true);
    const wrl_val_t value = WRL_F64(1);
    wrl_global_t global;
    OK(wrl_global_new(t->store, &made, &value, &global));
    wrl_globaltype_t type = wrl_global_type(t->store, global);
    EQUAL(type.content.kind, WRL_VALKIND_F64);
    CHECK(type.is_mutable);
    const wrl_extern_t item = wrl_extern_from_global(global);
    wrl_externtype_t extern_type = wrl_extern_type(t->store, item);
    CHECK(extern_type.kind == WRL_EXTERN_GLOBAL && extern_type.of.global.is_mutable);
    EQUAL(extern_type.of.global.content.kind, WRL_VALKIND_F64);
    return true;
}

static bool immutable(wrl_test_t *t)
{
    const wrl_globaltype_t type = WRL_GLOBALTYPE(WRL_VALKIND_I32, false);
    const wrl_val_t one = WRL_I32(1);
    const wrl_val_t two = WRL_I32(2);
    wrl_global_t global;
    OK(wrl_global_new(t->store, &type, &one, &global));
    INVALID(wrl_global_set(t->store, global, &two), "global", "mutable");
    wrl_val_t found;
    OK(wrl_global_get(t->store, global, &found));
    CHECK(found.of.i32 == 1);
    return true;
}

static bool wrong_values(wrl_test_t *t)
{
    const wrl_globaltype_t type = WRL_GLOBALTYPE(WRL_VALKIND_I32, true);
    const wrl_val_t one = WRL_I32(1);
    wrl_global_t global;
    OK(wrl_global_new(t->store, &type, &one, &global));
    wrl_val_t wrong[] = {WRL_I64(1), WRL_F32(1), WRL_F64(1), WRL_NULL_FUNCREF, WRL_I32(1)};
    wrong[4].kind = WRL_VALKIND_NONE;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        INVALID(wrl_global_set(t->store, global, &wrong[i]), "value", "i32");
        wrl_global_t out = {1, 1};
        INVALID(wrl_global_new(t->store, &type, &wrong[i], &out), "initial", "i32");
        CHECK(out.store_id == 0 && out.index == 0);
    }
    wrl_val_t found;
    OK(wrl_global_get(t->store, global, &found));
    CHECK(found.kind == WRL_VALKIND_I32 && found.of.i32 == 1);
    return true;
}

static bool bad_types(wrl_test_t *t)
{
    wrl_globaltype_t bad[] = {WRL_GLOBALTYPE(WRL_VALKIND_NONE, true), WRL_GLOBALTYPE(99, true)};
    const wrl_val_t one = WRL_I32(1);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        wrl_global_t global = {1, 1};
        INVALID(wrl_global_new(t->store, &bad[i], &one, &global), "type");
        CHECK(global.store_id == 0 && global.index == 0);
    }
    return true;
}

static bool foreign_refs(wrl_test_t *t)
{
    wrl_store_t *other;
    TRY(test_store(t, t->engine, &other));
    wrl_func_t func;
    wrl_externref_t externref;
    TRY(test_nothing_func(t, other, &func));
    OK(wrl_externref_new(other, NULL, NULL, &externref));
    const wrl_globaltype_t types[] = {WRL_GLOBALTYPE(WRL_VALKIND_FUNCREF, true),
                                      WRL_GLOBALTYPE(WRL_VALKIND_EXTERNREF, true)};
    const wrl_val_t foreign[] = {WRL_FUNCREF(func), WRL_EXTERNREF(externref)};
    const wrl_val_t nulls[] = {WRL_NULL_FUNCREF, WRL_NULL_EXTERNREF};
    for (size_t i = 0; i < 2; i++) {
        wrl_global_t global;
        INVALID(wrl_global_new(t->store, &types[i], &foreign[i], &global), "initial", "store");
        OK(wrl_global_new(t->store, &types[i], &nulls[i], &global));
        INVALID(wrl_global_set(t->store, global, &foreign[i]), "value", "store");
    }
    return true;
}

static bool null_arguments(wrl_test_t *t)
{
    const wrl_globaltype_t type = WRL_GLOBALTYPE(WRL_VALKIND_I32, true);
    const wrl_val_t one = WRL_I32(1);
    wrl_global_t global;
    OK(wrl_global_new(t->store, &type, &one, &global));
    wrl_global_t out = {1, 1};
    INVALID(wrl_global_new(NULL, &type, &one, &out), "store");
    CHECK(out.store_id == 0);
    INVALID(wrl_global_new(t->store, NULL, &one, &out), "type");
    INVALID(wrl_global_new(t->store, &type, NULL, &out), "initial");
    INVALID(wrl_global_new(t->store, &type, &one, NULL), "global");
    INVALID(wrl_extern_check(NULL, wrl_extern_from_global(global)), "store");
    CHECK(wrl_global_type(NULL, global).content.kind == WRL_VALKIND_NONE);
    wrl_val_t value;
    INVALID(wrl_global_get(NULL, global, &value), "store");
    INVALID(wrl_global_get(t->store, global, NULL), "value");
    INVALID(wrl_global_set(NULL, global, &one), "store");
    INVALID(wrl_global_set(t->store, global, NULL), "value");
    return true;
}

/* A guest's constants are exact in every bit. */
static bool guest_constants(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_globals, NULL, &instance));
    const char *const names[] = {"const_i32", "const_i64", "const_f32", "const_f64"};
    const wrl_val_t values[] = {WRL_I32(INT32_MAX), WRL_I64(INT64_MIN), value_f32_bits(0x7fa00001),
                                value_f64_bits(UINT64_C(0x8000000000000000))};
    for (size_t i = 0; i < 4; i++) {
        wrl_global_t global;
        CHECK(wrl_instance_get_global(t->store, instance, names[i], &global));
        wrl_val_t found;
        OK(wrl_global_get(t->store, global, &found));
        CHECK(value_same(&found, &values[i]));
        INVALID(wrl_global_set(t->store, global, &values[i]), "mutable");
    }
    return true;
}

/* The guest reads values that the host sets, and the host reads values that the guest sets. */
static bool of_a_guest(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_globals, NULL, &instance));
    for (size_t i = 0; i < 4; i++) {
        char get_name[8] = "get_";
        char set_name[8] = "set_";
        memcpy(get_name + 4, number_names[i], 3);
        memcpy(set_name + 4, number_names[i], 3);
        wrl_global_t global;
        wrl_func_t get;
        wrl_func_t set;
        CHECK(wrl_instance_get_global(t->store, instance, number_names[i], &global));
        CHECK(wrl_instance_get_func(t->store, instance, get_name, &get));
        CHECK(wrl_instance_get_func(t->store, instance, set_name, &set));
        for (size_t number = 0; number < 12; number++) {
            const wrl_val_t value = value_make(NULL, number_kinds[i], number);
            wrl_val_t found;
            OK(wrl_global_set(t->store, global, &value));
            OK(wrl_func_call(t->store, get, NULL, 0, &found, 1));
            CHECK(value_same(&found, &value));
            const wrl_val_t next = value_make(NULL, number_kinds[i], number + 1);
            OK(wrl_func_call(t->store, set, &next, 1, NULL, 0));
            OK(wrl_global_get(t->store, global, &found));
            CHECK(value_same(&found, &next));
        }
    }
    return true;
}

static bool v128_of_a_guest(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_global_v128, NULL, &instance));
    wrl_global_t global;
    CHECK(wrl_instance_get_global(t->store, instance, "v", &global));
    wrl_val_t value;
    OK(wrl_global_get(t->store, global, &value));
    CHECK(value.kind == WRL_VALKIND_V128);
    const uint8_t lanes[16] = {1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0};
    CHECK(memcmp(value.of.v128.bytes, lanes, sizeof(lanes)) == 0);
    value.of.v128.bytes[12] = 77;
    OK(wrl_global_set(t->store, global, &value));
    int32_t lane;
    TRY(test_call_i32(t, t->store, instance, "lane", NULL, 0, &lane));
    EQUAL(lane, 77);
    wrl_func_t func;
    CHECK(wrl_instance_get_func(t->store, instance, "set", &func));
    const wrl_val_t other = value_make(NULL, WRL_VALKIND_V128, 5);
    OK(wrl_func_call(t->store, func, &other, 1, NULL, 0));
    OK(wrl_global_get(t->store, global, &value));
    CHECK(value_same(&value, &other));
    CHECK(wrl_instance_get_func(t->store, instance, "get", &func));
    OK(wrl_func_call(t->store, func, NULL, 0, &value, 1));
    CHECK(value_same(&value, &other));
    return true;
}

static const wrl_test_case_t cases[] = {
    {"global.numbers", numbers, {NEED_NOTHING}},
    {"global.v128", v128, {NEED_SIMD}},
    {"global.references", references, {NEED_REFERENCE_TYPES}},
    {"global.type", type, {NEED_NOTHING}},
    {"global.immutable", immutable, {NEED_NOTHING}},
    {"global.wrong_values", wrong_values, {NEED_NOTHING}},
    {"global.bad_types", bad_types, {NEED_NOTHING}},
    {"global.foreign_refs", foreign_refs, {NEED_REFERENCE_TYPES}},
    {"global.null_arguments", null_arguments, {NEED_NOTHING}},
    {"global.guest_constants", guest_constants, {NEED_EXECUTION, NEED_MUTABLE_GLOBALS}},
    {"global.of_a_guest", of_a_guest, {NEED_EXECUTION, NEED_MUTABLE_GLOBALS}},
    {"global.v128_of_a_guest", v128_of_a_guest, {NEED_EXECUTION, NEED_SIMD}},
};
WRL_TEST_GROUP(global);
