/*
 * Instructions that engines have computed wrongly or refused to compile. Each row calls a function of a guest
 * compute*.wat with one i32 and compares its result.
 */
#include "harness.h"

#include <fenv.h>

typedef struct row {
    const char *name;
    int32_t argument;
    int32_t result;
} row_t;

static wrl_error_t *nothing(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    (void)caller;
    (void)slots;
    return NULL;
}

/* Makes an instance of a guest that may import host.nothing. */
static bool instance(wrl_test_t *t, wrl_guest_t guest, wrl_instance_t *made)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    wrl_func_t host;
    OK(wrl_func_new_raw(t->store, &type, nothing, NULL, NULL, &host));
    return test_instance_with(t, t->store, guest, "nothing", host, made);
}

static bool compute(wrl_test_t *t, wrl_guest_t guest, const row_t *rows, size_t count)
{
    wrl_instance_t made;
    TRY(instance(t, guest, &made));
    for (size_t i = 0; i < count; i++) {
        int32_t result = 0;
        if (!test_call_i32(t, t->store, made, rows[i].name, &rows[i].argument, 1, &result)) {
            return test_fail(t, __FILE__, __LINE__, "in %s", rows[i].name);
        }
        if (result != rows[i].result) {
            return test_fail(t, __FILE__, __LINE__, "%s of %d is %d, expected %d", rows[i].name, (int)rows[i].argument,
                             (int)result, (int)rows[i].result);
        }
    }
    return true;
}

#define COMPUTE(guest, rows) compute(t, guest, rows, sizeof(rows) / sizeof((rows)[0]))

static bool select_by_zero(wrl_test_t *t)
{
    static const row_t rows[] = {
        {"select by i32.eqz", 5, 5},
        {"select by i32.eqz", 0, 1},
        {"select of constants by i32.eqz", 5, 22},
        {"select of constants by i32.eqz", 0, 11},
        {"select by i32.eq with zero", 5, 5},
        {"select by i32.eq with zero", 0, 1},
        {"select by i32.ne with zero", 5, 1},
        {"select by i32.ne with zero", 0, 0},
    };
    return COMPUTE(guest_compute, rows);
}

static bool store(wrl_test_t *t)
{
    static const row_t rows[] = {{"store of its own address", 41, 42}};
    return COMPUTE(guest_compute_store, rows);
}

static bool block_parameters(wrl_test_t *t)
{
    static const row_t rows[] = {
        {"local under an if with a parameter", 5, 5},
        {"local under a block with a parameter", 5, 5},
    };
    return COMPUTE(guest_compute_multi, rows);
}

static bool br_table_values(wrl_test_t *t)
{
    static const row_t rows[] = {
        {"br_table with two values", 0, 910},
        {"br_table with two values", 1, 910},
    };
    return COMPUTE(guest_compute_multi, rows);
}

static bool br_table_vector(wrl_test_t *t)
{
    static const row_t rows[] = {
        {"br_table with a vector", 0, 11112222},
        {"br_table with a vector", 1, 11112222},
    };
    return COMPUTE(guest_compute_simd, rows);
}

static bool tail_call_of_host(wrl_test_t *t)
{
    static const row_t rows[] = {
        {"return_call of the host", 5, 10},
        {"return_call_indirect of the host", 5, 10},
    };
    TRY(COMPUTE(guest_compute_tail_call, rows));
    /* The host calls the function directly, so that no other guest frame is on the stack. */
    wrl_instance_t made;
    TRY(instance(t, guest_compute_tail_call, &made));
    int32_t result = -1;
    TRY(test_call_i32(t, t->store, made, "sum", NULL, 0, &result));
    EQUAL(result, 0);
    return true;
}

/* Calls a function without parameters and results, which may trap, and checks that the rounding direction is
 * unchanged. */
static bool keeps_rounding(wrl_test_t *t, wrl_instance_t made, const char *name, int direction)
{
    wrl_func_t func;
    CHECK(wrl_instance_get_func(t->store, made, name, &func));
    wrl_raw_t slots[4] = {{.i32 = 0}};
    wrl_error_t *error = wrl_func_call_raw(t->store, func, slots, 4);
    int found = fegetround();
    wrl_error_delete(error);
    EQUAL(found, direction);
    return true;
}

static bool rounding_in_turn(wrl_test_t *t, wrl_instance_t made, int direction)
{
    /* Traps that engines detect by explicit checks, by memory faults and by processor exceptions. */
    const char *const names[] = {"unreachable", "load_past_end", "div_i32_zero", "trunc_i32_f32_nan", "endless"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        TRY(keeps_rounding(t, made, names[i], direction));
    }
    return true;
}

/* Guests inherit the thread's floating-point environment, and neither guests nor engines change it. */
static bool float_environment(wrl_test_t *t)
{
    const int directions[] = {
        FE_TONEAREST,
#if defined(FE_DOWNWARD) && !defined(__EMSCRIPTEN__) /* WebAssembly has one rounding direction. */
        FE_DOWNWARD,
#endif
    };
    wrl_instance_t made;
    TRY(test_instance(t, guest_traps, NULL, &made));
    const int before = fegetround();
    bool kept = true;
    for (size_t i = 0; i < sizeof(directions) / sizeof(directions[0]) && kept; i++) {
        kept = fesetround(directions[i]) != 0 || rounding_in_turn(t, made, directions[i]);
    }
    CHECK(fesetround(before) == 0);
    return kept;
}

static const wrl_test_case_t cases[] = {
    {"compute.select_by_zero", select_by_zero, {NEED_EXECUTION}},
    {"compute.store", store, {NEED_EXECUTION}},
    {"compute.block_parameters", block_parameters, {NEED_EXECUTION, NEED_MULTI_VALUE}},
    {"compute.br_table_values", br_table_values, {NEED_EXECUTION, NEED_MULTI_VALUE}},
    {"compute.br_table_vector", br_table_vector, {NEED_EXECUTION, NEED_SIMD}},
    {"compute.tail_call_of_host", tail_call_of_host, {NEED_EXECUTION, NEED_TAIL_CALL}},
    {"compute.float_environment", float_environment, {NEED_EXECUTION}},
};
WRL_TEST_GROUP(compute);
