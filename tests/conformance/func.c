/* Calls of guests with tagged and with raw values, and calls that are refused. */
#include "values.h"

static bool add_one(wrl_test_t *t)
{
    wrl_func_t func;
    TRY(test_guest_func(t, guest_add_one, "add_one", &func));
    const int32_t args[] = {42, -1, INT32_MAX, INT32_MIN};
    const int32_t results[] = {43, 0, INT32_MIN, INT32_MIN + 1};
    for (size_t i = 0; i < 4; i++) {
        const wrl_val_t arg = WRL_I32(args[i]);
        wrl_val_t result;
        memset(&result, 0xee, sizeof(result));
        OK(wrl_func_call(t->store, func, &arg, 1, &result, 1));
        EQUAL(result.kind, WRL_VALKIND_I32);
        CHECK(result.of.i32 == results[i]);
        wrl_raw_t slot;
        memset(&slot, 0xee, sizeof(slot));
        slot.i32 = args[i];
        OK(wrl_func_call_raw(t->store, func, &slot, 1));
        CHECK(slot.i32 == results[i]);
    }
    return true;
}

static bool nothing(wrl_test_t *t)
{
    wrl_func_t func;
    TRY(test_guest_func(t, guest_nothing, "nothing", &func));
    OK(wrl_func_call(t->store, func, NULL, 0, NULL, 0));
    OK(wrl_func_call_raw(t->store, func, NULL, 0));
    wrl_raw_t slots[2];
    memset(slots, 0x5a, sizeof(slots));
    wrl_raw_t before[2];
    memcpy(before, slots, sizeof(slots));
    OK(wrl_func_call_raw(t->store, func, slots, 2));
    for (size_t i = 0; i < 2; i++) {
        CHECK(memcmp(before[i].words, slots[i].words, sizeof(slots[i].words)) == 0);
    }
    return true;
}

static bool type(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_exporter, NULL, &instance));
    wrl_func_t func;
    CHECK(wrl_instance_get_func(t->store, instance, "store", &func));
    wrl_functype_t of_guest = wrl_func_type(t->store, func);
    const wrl_functype_t expected = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32, WRL_TYPE_I32), WRL_NO_TYPES);
    CHECK(wrl_functype_equal(&of_guest, &expected));

    wrl_functype_t named = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32, WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32, WRL_TYPE_I32));
    named.name = "my_function";
    OK(wrl_func_new(t->store, &named, host_nothing, NULL, NULL, &func));
    wrl_functype_t of_host = wrl_func_type(t->store, func);
    CHECK(wrl_functype_equal(&of_host, &named));
    EQUAL_TEXT(of_host.name, "my_function");
    CHECK(of_host.params != named.params && of_host.name != named.name);
    const wrl_extern_t item = wrl_extern_from_func(func);
    wrl_externtype_t of_item = wrl_extern_type(t->store, item);
    CHECK(of_item.kind == WRL_EXTERN_FUNC && wrl_functype_equal(&of_item.of.func, &named));
    return true;
}

static bool wrong_count(wrl_test_t *t)
{
    wrl_func_t func;
    TRY(test_guest_func(t, guest_add_one, "add_one", &func));
    const wrl_val_t args[] = {WRL_I32(1), WRL_I32(2)};
    wrl_val_t results[2] = {WRL_I64(7), WRL_I64(8)};
    INVALID(wrl_func_call(t->store, func, args, 0, results, 1), "arg");
    INVALID(wrl_func_call(t->store, func, args, 2, results, 1), "arg");
    INVALID(wrl_func_call(t->store, func, args, SIZE_MAX, results, 1), "arg");
    INVALID(wrl_func_call(t->store, func, args, 1, results, 0), "result");
    INVALID(wrl_func_call(t->store, func, args, 1, results, 2), "result");
    wrl_raw_t slot;
    slot.i32 = 1;
    INVALID(wrl_func_call_raw(t->store, func, &slot, 0), "slot");
    CHECK(results[0].kind == WRL_VALKIND_I64 && results[0].of.i64 == 7 && results[1].of.i64 == 8);
    return true;
}

static bool wrong_kind(wrl_test_t *t)
{
    wrl_func_t func;
    TRY(test_guest_func(t, guest_add_one, "add_one", &func));
    wrl_val_t wrong[] = {WRL_I64(1),         WRL_F32(1), WRL_F64(1), WRL_NULL_FUNCREF,
                         WRL_NULL_EXTERNREF, WRL_I32(1), WRL_I32(1)};
    wrong[5].kind = WRL_VALKIND_NONE;
    wrong[6].kind = 99;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        wrl_val_t result = WRL_I64(7);
        INVALID(wrl_func_call(t->store, func, &wrong[i], 1, &result, 1), "args", "0", "i32",
                wrl_valkind_name(wrong[i].kind));
        CHECK(result.kind == WRL_VALKIND_I64 && result.of.i64 == 7);
    }
    return true;
}

static bool null_arguments(wrl_test_t *t)
{
    wrl_func_t func;
    TRY(test_guest_func(t, guest_add_one, "add_one", &func));
    const wrl_val_t arg = WRL_I32(1);
    wrl_val_t result;
    INVALID(wrl_func_call(NULL, func, &arg, 1, &result, 1), "store");
    INVALID(wrl_func_call(t->store, func, NULL, 1, &result, 1), "args");
    INVALID(wrl_func_call(t->store, func, &arg, 1, NULL, 1), "results");
    wrl_raw_t slot;
    slot.i32 = 1;
    INVALID(wrl_func_call_raw(NULL, func, &slot, 1), "store");
    INVALID(wrl_func_call_raw(t->store, func, NULL, 1), "slots");
    INVALID(wrl_extern_check(NULL, wrl_extern_from_func(func)), "store");
    CHECK(wrl_func_type(NULL, func).params == NULL);
    INVALID(wrl_extern_check(t->store, wrl_extern_from_func(wrl_func_null())), "item");
    CHECK(wrl_func_type(t->store, wrl_func_null()).params == NULL);
    wrl_extern_t item = wrl_extern_from_func(func);
    INVALID(wrl_extern_check(NULL, item), "store");
    CHECK(wrl_extern_type(NULL, item).kind == WRL_EXTERN_NONE);
    return true;
}

static bool unsupported_without_execution(wrl_test_t *t)
{
    if (test_has(t, WRL_FEATURE_EXECUTION)) {
        return true;
    }
    wrl_func_t func;
    TRY(test_guest_func(t, guest_add_one, "add_one", &func));
    const wrl_val_t arg = WRL_I32(1);
    wrl_val_t result = WRL_I64(7);
    FAILS(wrl_func_call(t->store, func, &arg, 1, &result, 1), WRL_ERROR_UNSUPPORTED, "");
    CHECK(result.kind == WRL_VALKIND_I64 && result.of.i64 == 7);
    wrl_raw_t slot;
    slot.i32 = 1;
    FAILS(wrl_func_call_raw(t->store, func, &slot, 1), WRL_ERROR_UNSUPPORTED, "");
    return true;
}

static bool several_results(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_multi, NULL, &instance));
    wrl_func_t func;
    CHECK(wrl_instance_get_func(t->store, instance, "swap", &func));
    const wrl_val_t args[] = {WRL_I32(-5), WRL_I64(INT64_MIN)};
    wrl_val_t results[4];
    OK(wrl_func_call(t->store, func, args, 2, results, 2));
    CHECK(results[0].kind == WRL_VALKIND_I64 && results[0].of.i64 == INT64_MIN);
    CHECK(results[1].kind == WRL_VALKIND_I32 && results[1].of.i32 == -5);
    CHECK(wrl_instance_get_func(t->store, instance, "four", &func));
    OK(wrl_func_call(t->store, func, NULL, 0, results, 4));
    CHECK(results[0].of.i32 == 1 && results[1].of.i64 == 2 && results[2].of.f32 == 3 && results[3].of.f64 == 4);
    return true;
}

/* The number of slots must be at least the number of parameters and the number of results. Further slots are not
 * touched. */
static bool slot_counts(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_multi, NULL, &instance));
    const char *const names[] = {"more_results", "more_params"};
    for (size_t i = 0; i < 2; i++) {
        wrl_func_t func;
        CHECK(wrl_instance_get_func(t->store, instance, names[i], &func));
        wrl_raw_t slots[4];
        memset(slots, 0x77, sizeof(slots));
        slots[0].i32 = 11;
        slots[2].i32 = 11;
        INVALID(wrl_func_call_raw(t->store, func, slots, 2), "slot");
        OK(wrl_func_call_raw(t->store, func, slots, 3));
        CHECK(slots[0].i32 == 11);
        CHECK(slots[3].words[0] == UINT64_C(0x7777777777777777) && slots[3].words[1] == UINT64_C(0x7777777777777777));
        slots[0].i32 = 12;
        slots[2].i32 = 12;
        OK(wrl_func_call_raw(t->store, func, slots, 4));
        CHECK(slots[0].i32 == 12);
    }
    return true;
}

/* All bits of all numbers are preserved. */
static bool numbers_unchanged(wrl_test_t *t)
{
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    const wrl_valkind_t kinds[] = {WRL_VALKIND_I32, WRL_VALKIND_I64, WRL_VALKIND_F32, WRL_VALKIND_F64};
    const char *const imported[] = {"i32", "i64", "f32", "f64"};
    const char *const echoes[] = {"echo_i32", "echo_i64", "echo_f32", "echo_f64"};
    for (size_t i = 0; i < 4; i++) {
        const wrl_valtype_t kind[] = {{kinds[i], 0, 0, 0}};
        const wrl_functype_t func_type = WRL_FUNCTYPE(WRL_TYPES_IN(kind), WRL_TYPES_IN(kind));
        wrl_func_t func;
        OK(wrl_func_new_raw(t->store, &func_type, host_nothing_raw, NULL, NULL, &func));
        OK(wrl_imports_define(imports, "host", imported[i], wrl_extern_from_func(func)));
    }
    wrl_instance_t instance;
    TRY(test_instance(t, guest_values, imports, &instance));
    for (size_t i = 0; i < 4; i++) {
        /* A raw host function that does nothing returns its argument. */
        char through_host[16] = "host_";
        memcpy(through_host + 5, imported[i], 4);
        const char *const names[] = {echoes[i], through_host};
        for (size_t n = 0; n < 2; n++) {
            wrl_func_t func;
            CHECK(wrl_instance_get_func(t->store, instance, names[n], &func));
            for (size_t number = 0; number < 20; number++) {
                const wrl_val_t arg = value_make(NULL, kinds[i], number);
                wrl_val_t result;
                OK(wrl_func_call(t->store, func, &arg, 1, &result, 1));
                CHECK(value_same(&arg, &result));
                wrl_raw_t slot = value_to_raw(&arg);
                OK(wrl_func_call_raw(t->store, func, &slot, 1));
                CHECK(value_same_raw(&arg, &slot));
            }
        }
    }
    return true;
}

/* The guest sees the bits that the host passed. */
static bool bits_in_the_guest(wrl_test_t *t)
{
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    const wrl_valkind_t kinds[] = {WRL_VALKIND_I32, WRL_VALKIND_I64, WRL_VALKIND_F32, WRL_VALKIND_F64};
    const char *const imported[] = {"i32", "i64", "f32", "f64"};
    for (size_t i = 0; i < 4; i++) {
        const wrl_valtype_t kind[] = {{kinds[i], 0, 0, 0}};
        const wrl_functype_t func_type = WRL_FUNCTYPE(WRL_TYPES_IN(kind), WRL_TYPES_IN(kind));
        wrl_func_t func;
        OK(wrl_func_new(t->store, &func_type, host_nothing, NULL, NULL, &func));
        OK(wrl_imports_define(imports, "host", imported[i], wrl_extern_from_func(func)));
    }
    wrl_instance_t instance;
    TRY(test_instance(t, guest_values, imports, &instance));
    wrl_func_t bits_f32;
    wrl_func_t bits_f64;
    CHECK(wrl_instance_get_func(t->store, instance, "bits_f32", &bits_f32));
    CHECK(wrl_instance_get_func(t->store, instance, "bits_f64", &bits_f64));
    for (size_t number = 0; number < 10; number++) {
        wrl_val_t arg = value_make(NULL, WRL_VALKIND_F32, number);
        wrl_val_t result;
        OK(wrl_func_call(t->store, bits_f32, &arg, 1, &result, 1));
        CHECK(arg.of.i32 == result.of.i32);
        arg = value_make(NULL, WRL_VALKIND_F64, number);
        OK(wrl_func_call(t->store, bits_f64, &arg, 1, &result, 1));
        CHECK(arg.of.i64 == result.of.i64);
    }
    return true;
}

static bool v128(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_values_v128, NULL, &instance));
    wrl_v128_t vector;
    for (size_t i = 0; i < 16; i++) {
        vector.bytes[i] = (uint8_t)(0xf0 + i);
    }
    const wrl_val_t arg = WRL_V128(vector);
    wrl_val_t result;
    wrl_func_t func;
    CHECK(wrl_instance_get_func(t->store, instance, "echo", &func));
    OK(wrl_func_call(t->store, func, &arg, 1, &result, 1));
    CHECK(value_same(&arg, &result));
    wrl_raw_t slot = value_to_raw(&arg);
    OK(wrl_func_call_raw(t->store, func, &slot, 1));
    CHECK(value_same_raw(&arg, &slot));
    /* Lane 0 comes first, and each lane is little-endian. */
    CHECK(wrl_instance_get_func(t->store, instance, "lane0", &func));
    OK(wrl_func_call(t->store, func, &arg, 1, &result, 1));
    EQUAL((uint32_t)result.of.i32, 0xf3f2f1f0U);
    CHECK(wrl_instance_get_func(t->store, instance, "lane3", &func));
    OK(wrl_func_call(t->store, func, &arg, 1, &result, 1));
    EQUAL((uint32_t)result.of.i32, 0xfffefdfcU);
    CHECK(wrl_instance_get_func(t->store, instance, "last_byte", &func));
    OK(wrl_func_call(t->store, func, &arg, 1, &result, 1));
    EQUAL(result.of.i32, 0xff);
    CHECK(wrl_instance_get_func(t->store, instance, "constant", &func));
    OK(wrl_func_call(t->store, func, NULL, 0, &result, 1));
    CHECK(result.kind == WRL_VALKIND_V128);
    for (size_t i = 0; i < 15; i++) {
        EQUAL(result.of.v128.bytes[i], i);
    }
    EQUAL(result.of.v128.bytes[15], 255);
    return true;
}

/* The layer describes types whose values the backend cannot pass. Calls with such types are refused, and the rest of
 * the module works. */
static bool uncarried_types(wrl_test_t *t)
{
    if (test_has(t, WRL_FEATURE_GC_REFERENCES)) {
        return true;
    }
    wrl_instance_t instance;
    TRY(test_instance(t, guest_typed_refs, NULL, &instance));
    int32_t result;
    TRY(test_call_i32(t, t->store, instance, "use", (int32_t[]){41}, 1, &result));
    EQUAL(result, 42);
    wrl_func_t get;
    CHECK(wrl_instance_get_func(t->store, instance, "get", &get));
    wrl_val_t value;
    FAILS(wrl_func_call(t->store, get, NULL, 0, &value, 1), WRL_ERROR_UNSUPPORTED, "");
    wrl_raw_t slot;
    FAILS(wrl_func_call_raw(t->store, get, &slot, 1), WRL_ERROR_UNSUPPORTED, "");
    wrl_global_t global;
    CHECK(wrl_instance_get_global(t->store, instance, "typed", &global));
    FAILS(wrl_global_get(t->store, global, &value), WRL_ERROR_UNSUPPORTED, "");
    return true;
}

/* Checks that the function adds `added` to its argument. */
static bool adds(wrl_test_t *t, wrl_func_t func, int32_t added)
{
    wrl_functype_t type = wrl_func_type(t->store, func);
    CHECK(type.param_count == 1 && type.result_count == 1);
    const wrl_val_t arg = WRL_I32(7);
    wrl_val_t result;
    OK(wrl_func_call(t->store, func, &arg, 1, &result, 1));
    EQUAL(result.of.i32, 7 + added);
    return true;
}

/* Parameters and results do not determine the function's type: the type may be non-final, a subtype, or part of a
 * recursion group. */
static bool distinct_types(wrl_test_t *t)
{
    static const char *const names[] = {"f0", "f1", "f2", "f3", "f4", "f5"};
    wrl_instance_t instance, other;
    TRY(test_instance(t, guest_distinct_types, NULL, &instance));
    /* The indices of this module's functions are the same, but their types differ. */
    TRY(test_instance(t, guest_add_one, NULL, &other));
    TRY(test_instance(t, guest_proposal_gc, NULL, &other));
    wrl_table_t table;
    CHECK(wrl_instance_get_table(t->store, instance, "table", &table));
    wrl_func_t func;
    wrl_val_t element;
    for (size_t i = 0; i < 5; i++) {
        /* The function is looked up by reference first and by name second, or in the opposite order. */
        if (i % 2) {
            CHECK(wrl_instance_get_func(t->store, instance, names[i], &func));
            TRY(adds(t, func, (int32_t)(100 + i)));
        }
        OK(wrl_table_get(t->store, table, i, &element));
        TRY(adds(t, element.of.func, (int32_t)(100 + i)));
        CHECK(wrl_instance_get_func(t->store, instance, names[i], &func));
        TRY(adds(t, func, (int32_t)(100 + i)));
    }
    CHECK(wrl_instance_get_func(t->store, instance, names[5], &func));
    OK(wrl_table_get(t->store, table, 1, &element));
    const wrl_val_t args[] = {WRL_I64(INT64_MIN), WRL_F64(0.5), element};
    wrl_val_t results[3];
    OK(wrl_func_call(t->store, func, args, 3, results, 3));
    CHECK(value_same(&results[1], &args[1]) && value_same(&results[2], &args[0]));
    TRY(adds(t, results[0].of.func, 101));
    OK(wrl_table_get(t->store, table, 5, &element));
    OK(wrl_func_call(t->store, element.of.func, args, 3, results, 3));
    CHECK(value_same(&results[1], &args[1]) && value_same(&results[2], &args[0]));
    TRY(adds(t, results[0].of.func, 101));
    CHECK(wrl_instance_get_func(t->store, instance, "trap", &func));
    const wrl_val_t arg = WRL_I32(0);
    TRAPS(wrl_func_call(t->store, func, &arg, 1, results, 1), WRL_TRAP_UNREACHABLE);
    return true;
}

static const wrl_test_case_t cases[] = {
    {"func.add_one", add_one, {NEED_EXECUTION}},
    {"func.nothing", nothing, {NEED_EXECUTION}},
    {"func.type", type, {NEED_NOTHING}},
    {"func.wrong_count", wrong_count, {NEED_NOTHING}},
    {"func.wrong_kind", wrong_kind, {NEED_EXECUTION}},
    {"func.null_arguments", null_arguments, {NEED_NOTHING}},
    {"func.unsupported_without_execution", unsupported_without_execution, {NEED_NOTHING}},
    {"func.several_results", several_results, {NEED_EXECUTION, NEED_MULTI_VALUE}},
    {"func.slot_counts", slot_counts, {NEED_EXECUTION, NEED_MULTI_VALUE}},
    {"func.numbers_unchanged", numbers_unchanged, {NEED_EXECUTION}},
    {"func.bits_in_the_guest", bits_in_the_guest, {NEED_EXECUTION}},
    {"func.v128", v128, {NEED_EXECUTION, NEED_SIMD}},
    {"func.distinct_types", distinct_types, {NEED_EXECUTION, NEED_GC}},
    {"func.uncarried_types", uncarried_types, {NEED_EXECUTION, NEED_FUNCTION_REFERENCES}},
};
WRL_TEST_GROUP(func);
