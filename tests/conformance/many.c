/*
 * 0, 1, 16 and 100 arguments and results of every type. A guest passes all arguments to a host function and returns all
 * of its results. The guests are assembled here, because a hundred parameters are hard to read in text.
 */
#include "values.h"

#define MANY_MAX 100

/* ---- A module that imports host.f and exports forward, both of the same type ---- */

typedef struct assembler {
    uint8_t bytes[2048];
    size_t size;
} assembler_t;

static void put(assembler_t *out, uint8_t byte)
{
    if (out->size < sizeof(out->bytes)) {
        out->bytes[out->size] = byte;
    }
    out->size++;
}

static void put_number(assembler_t *out, size_t number)
{
    while (number >= 0x80) {
        put(out, (uint8_t)(number | 0x80));
        number >>= 7;
    }
    put(out, (uint8_t)number);
}

static void put_name(assembler_t *out, const char *name)
{
    put_number(out, strlen(name));
    for (; *name; name++) {
        put(out, (uint8_t)*name);
    }
}

static void put_section(assembler_t *out, uint8_t id, const assembler_t *contents)
{
    put(out, id);
    put_number(out, contents->size);
    for (size_t i = 0; i < contents->size; i++) {
        put(out, contents->bytes[i]);
    }
}

static uint8_t type_byte(wrl_valkind_t kind)
{
    static const uint8_t bytes[] = {0, 0x7f, 0x7e, 0x7d, 0x7c, 0x7b, 0x70, 0x6f};
    return bytes[kind];
}

static void put_types(assembler_t *out, const wrl_valtype_t *types, size_t count)
{
    put_number(out, count);
    for (size_t i = 0; i < count; i++) {
        put(out, type_byte(types[i].kind));
    }
}

static void put_body(assembler_t *code, size_t param_count)
{
    assembler_t body = {{0}, 0};
    put(&body, 0); /* no locals */
    for (size_t i = 0; i < param_count; i++) {
        put(&body, 0x20); /* local.get */
        put_number(&body, i);
    }
    put(&body, 0x10); /* call 0 */
    put(&body, 0);
    put(&body, 0x0b); /* end */
    put(code, 1);
    put_number(code, body.size);
    for (size_t i = 0; i < body.size; i++) {
        put(code, body.bytes[i]);
    }
}

static void assemble_forwarder(assembler_t *out, const wrl_functype_t *type)
{
    const uint8_t header[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    for (size_t i = 0; i < sizeof(header); i++) {
        put(out, header[i]);
    }
    assembler_t types = {{0}, 0};
    put(&types, 1);
    put(&types, 0x60); /* func */
    put_types(&types, type->params, type->param_count);
    put_types(&types, type->results, type->result_count);
    put_section(out, 1, &types);
    assembler_t imports = {{0}, 0};
    put(&imports, 1);
    put_name(&imports, "host");
    put_name(&imports, "f");
    put(&imports, 0);
    put(&imports, 0);
    put_section(out, 2, &imports);
    const assembler_t funcs = {{1, 0}, 2};
    put_section(out, 3, &funcs);
    assembler_t exports = {{0}, 0};
    put(&exports, 1);
    put_name(&exports, "forward");
    put(&exports, 0);
    put(&exports, 1);
    put_section(out, 7, &exports);
    assembler_t code = {{0}, 0};
    put_body(&code, type->param_count);
    put_section(out, 10, &code);
}

/* ---- The host function ---- */

typedef struct expectation {
    wrl_test_t *t;
    wrl_functype_t type;
    wrl_val_t args[MANY_MAX];
    wrl_val_t results[MANY_MAX];
    size_t calls;
} expectation_t;

static wrl_error_t *expect_tagged(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                                  wrl_val_t *results, size_t result_count)
{
    expectation_t *expected = env;
    wrl_test_t *t = expected->t;
    HOST_CHECK(wrl_caller_store(caller) == t->store);
    HOST_CHECK(arg_count == expected->type.param_count);
    HOST_CHECK(result_count == expected->type.result_count);
    for (size_t i = 0; i < arg_count; i++) {
        HOST_CHECK(value_same(&args[i], &expected->args[i]));
    }
    for (size_t i = 0; i < result_count; i++) {
        HOST_CHECK(results[i].kind == WRL_VALKIND_NONE);
        results[i] = expected->results[i];
    }
    expected->calls++;
    return NULL;
}

static wrl_error_t *expect_raw(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    expectation_t *expected = env;
    wrl_test_t *t = expected->t;
    HOST_CHECK(wrl_caller_store(caller) == t->store);
    for (size_t i = 0; i < expected->type.param_count; i++) {
        HOST_CHECK(value_same_raw(&expected->args[i], &slots[i]));
    }
    for (size_t i = 0; i < expected->type.result_count; i++) {
        slots[i] = value_to_raw(&expected->results[i]);
    }
    expected->calls++;
    return NULL;
}

/* ---- The caller ---- */

static bool call_tagged(wrl_test_t *t, const expectation_t *expected, wrl_func_t func)
{
    wrl_val_t results[MANY_MAX];
    memset(results, 0xee, sizeof(results));
    const size_t count = expected->type.result_count;
    OK(wrl_func_call(t->store, func, expected->args, expected->type.param_count, results, count));
    for (size_t i = 0; i < count; i++) {
        if (!value_same(&results[i], &expected->results[i])) {
            return test_fail(t, __FILE__, __LINE__, "result %zu of %zu differs", i, count);
        }
    }
    return true;
}

static bool call_raw(wrl_test_t *t, const expectation_t *expected, wrl_func_t func)
{
    wrl_raw_t slots[MANY_MAX];
    const size_t params = expected->type.param_count;
    const size_t results = expected->type.result_count;
    for (size_t i = 0; i < params; i++) {
        slots[i] = value_to_raw(&expected->args[i]);
    }
    OK(wrl_func_call_raw(t->store, func, slots, params > results ? params : results));
    for (size_t i = 0; i < results; i++) {
        if (!value_same_raw(&expected->results[i], &slots[i])) {
            return test_fail(t, __FILE__, __LINE__, "result slot %zu of %zu differs", i, results);
        }
    }
    return true;
}

/* Host -> guest -> host and back, with a tagged and a raw function at either end; and host -> host without a guest in
 * between. */
static bool forward(wrl_test_t *t, expectation_t *expected)
{
    assembler_t guest = {{0}, 0};
    assemble_forwarder(&guest, &expected->type);
    CHECK(guest.size <= sizeof(guest.bytes));
    for (int raw = 0; raw < 2; raw++) {
        wrl_func_t host;
        if (raw) {
            OK(wrl_func_new_raw(t->store, &expected->type, expect_raw, expected, NULL, &host));
        } else {
            OK(wrl_func_new(t->store, &expected->type, expect_tagged, expected, NULL, &host));
        }
        wrl_imports_t *imports;
        OK(wrl_imports_new(&imports));
        wrl_error_t *error = wrl_imports_define(imports, "host", "f", wrl_extern_from_func(host));
        wrl_module_t *module = NULL;
        wrl_instance_t instance;
        if (!error) {
            error = wrl_module_new(t->engine, guest.bytes, guest.size, NULL, &module);
        }
        if (!error) {
            error = wrl_instance_new(t->store, module, imports, NULL, &instance);
        }
        wrl_module_release(module);
        wrl_imports_delete(imports);
        OK(error);
        wrl_func_t func;
        CHECK(wrl_instance_get_func(t->store, instance, "forward", &func));
        expected->calls = 0;
        TRY(call_tagged(t, expected, func));
        TRY(call_raw(t, expected, func));
        TRY(call_tagged(t, expected, host));
        TRY(call_raw(t, expected, host));
        EQUAL(expected->calls, 4);
    }
    return true;
}

static const size_t many_counts[] = {0, 1, 16, MANY_MAX};

/* All pairs of counts. Parameters and results cycle through the kinds. */
static bool forward_kinds(wrl_test_t *t, const wrl_valkind_t *kinds, size_t kind_count)
{
    value_pool_t pool;
    bool externrefs = false;
    for (size_t i = 0; i < kind_count; i++) {
        externrefs = externrefs || kinds[i] == WRL_VALKIND_EXTERNREF;
    }
    TRY(value_pool_init(t, &pool, externrefs));
    wrl_valtype_t types[MANY_MAX];
    memset(types, 0, sizeof(types));
    static expectation_t expected; /* Large. Tests run one at a time. */
    memset(&expected, 0, sizeof(expected));
    expected.t = t;
    for (size_t i = 0; i < MANY_MAX; i++) {
        types[i].kind = kinds[i % kind_count];
        expected.args[i] = value_make(&pool, types[i].kind, i / kind_count);
        expected.results[i] = value_make(&pool, types[i].kind, i / kind_count + 3);
    }
    for (size_t p = 0; p < sizeof(many_counts) / sizeof(many_counts[0]); p++) {
        for (size_t r = 0; r < sizeof(many_counts) / sizeof(many_counts[0]); r++) {
            expected.type =
                (wrl_functype_t)WRL_FUNCTYPE(WRL_TYPES_N(types, many_counts[p]), WRL_TYPES_N(types, many_counts[r]));
            TRY(forward(t, &expected));
        }
    }
    return true;
}

#define FORWARD_ONE(function, kind)                                                                                    \
    static bool function(wrl_test_t *t)                                                                                \
    {                                                                                                                  \
        const wrl_valkind_t kinds[] = {kind};                                                                          \
        return forward_kinds(t, kinds, 1);                                                                             \
    }

FORWARD_ONE(all_i32, WRL_VALKIND_I32)
FORWARD_ONE(all_i64, WRL_VALKIND_I64)
FORWARD_ONE(all_f32, WRL_VALKIND_F32)
FORWARD_ONE(all_f64, WRL_VALKIND_F64)
FORWARD_ONE(all_v128, WRL_VALKIND_V128)
FORWARD_ONE(all_funcref, WRL_VALKIND_FUNCREF)
FORWARD_ONE(all_externref, WRL_VALKIND_EXTERNREF)

static bool mixed_numbers(wrl_test_t *t)
{
    const wrl_valkind_t kinds[] = {WRL_VALKIND_I32, WRL_VALKIND_F64, WRL_VALKIND_I64, WRL_VALKIND_F32};
    return forward_kinds(t, kinds, 4);
}

static bool mixed_all(wrl_test_t *t)
{
    const wrl_valkind_t kinds[] = {WRL_VALKIND_V128, WRL_VALKIND_I32,     WRL_VALKIND_EXTERNREF, WRL_VALKIND_F64,
                                   WRL_VALKIND_I64,  WRL_VALKIND_FUNCREF, WRL_VALKIND_F32};
    return forward_kinds(t, kinds, 7);
}

/* Tests the maximum number of parameters, and one more. The host calls the host function directly, because engines have
 * their own limits for guests. */
static bool most_params(wrl_test_t *t)
{
    static wrl_valtype_t types[WRL_MAX_PARAMS + 1];
    for (size_t i = 0; i <= WRL_MAX_PARAMS; i++) {
        types[i] = (wrl_valtype_t)WRL_TYPE_I64;
    }
    const wrl_functype_t most = WRL_FUNCTYPE(WRL_TYPES_N(types, WRL_MAX_PARAMS), WRL_TYPES_N(types, WRL_MAX_PARAMS));
    wrl_func_t func;
    OK(wrl_func_new_raw(t->store, &most, host_nothing_raw, NULL, NULL, &func));
    static wrl_raw_t slots[WRL_MAX_PARAMS];
    for (size_t i = 0; i < WRL_MAX_PARAMS; i++) {
        slots[i].i64 = (int64_t)i;
    }
    OK(wrl_func_call_raw(t->store, func, slots, WRL_MAX_PARAMS));
    for (size_t i = 0; i < WRL_MAX_PARAMS; i++) {
        EQUAL(slots[i].i64, i);
    }
    const wrl_functype_t too_many[] = {WRL_FUNCTYPE(WRL_TYPES_N(types, WRL_MAX_PARAMS + 1), WRL_NO_TYPES),
                                       WRL_FUNCTYPE(WRL_NO_TYPES, WRL_TYPES_N(types, WRL_MAX_PARAMS + 1)),
                                       WRL_FUNCTYPE(WRL_TYPES_N(types, SIZE_MAX), WRL_NO_TYPES)};
    for (size_t i = 0; i < 3; i++) {
        INVALID(wrl_func_new_raw(t->store, &too_many[i], host_nothing_raw, NULL, NULL, &func), "type");
        CHECK(wrl_func_is_null(func));
    }
    return true;
}

static const wrl_test_case_t cases[] = {
    {"many.all_i32", all_i32, {NEED_EXECUTION, NEED_MULTI_VALUE}},
    {"many.all_i64", all_i64, {NEED_EXECUTION, NEED_MULTI_VALUE}},
    {"many.all_f32", all_f32, {NEED_EXECUTION, NEED_MULTI_VALUE}},
    {"many.all_f64", all_f64, {NEED_EXECUTION, NEED_MULTI_VALUE}},
    {"many.all_v128", all_v128, {NEED_EXECUTION, NEED_MULTI_VALUE, NEED_SIMD}},
    {"many.all_funcref", all_funcref, {NEED_EXECUTION, NEED_MULTI_VALUE, NEED_REFERENCE_TYPES}},
    {"many.all_externref", all_externref, {NEED_EXECUTION, NEED_MULTI_VALUE, NEED_REFERENCE_TYPES}},
    {"many.mixed_numbers", mixed_numbers, {NEED_EXECUTION, NEED_MULTI_VALUE}},
    {"many.mixed_all", mixed_all, {NEED_EXECUTION, NEED_MULTI_VALUE, NEED_REFERENCE_TYPES, NEED_SIMD}},
    {"many.most_params", most_params, {NEED_MULTI_VALUE}},
};
WRL_TEST_GROUP(many);
