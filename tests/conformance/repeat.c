/*
 * Repeating an operation must not use more native stack each time. Each export of the guests repeat*.wat repeats one
 * operation. The number of repetitions is so large that 64 bytes per repetition would exceed the usual stack of 8 MiB.
 */
#include "harness.h"

enum { TIMES = 200000 };

static wrl_error_t *one(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    (void)caller;
    slots[0].i32 = 1;
    return NULL;
}

/* Calls all exports of the guest. */
static bool repeat(wrl_test_t *t, wrl_guest_t guest)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    wrl_func_t host;
    OK(wrl_func_new_raw(t->store, &type, one, NULL, NULL, &host));
    wrl_instance_t instance;
    TRY(test_instance_with(t, t->store, guest, "one", host, &instance));
    size_t count = wrl_instance_export_count(t->store, instance);
    CHECK(count > 0);
    for (size_t i = 0; i < count; i++) {
        wrl_export_t item;
        OK(wrl_instance_export(t->store, instance, i, &item));
        const int32_t times = TIMES;
        int32_t result = 0;
        if (!test_call_i32(t, t->store, instance, item.name, &times, 1, &result)) {
            return test_fail(t, __FILE__, __LINE__, "in %s", item.name);
        }
        if (result != TIMES) {
            return test_fail(t, __FILE__, __LINE__, "%s: repeated %d times", item.name, (int)result);
        }
    }
    return true;
}

static bool instructions(wrl_test_t *t)
{
    return repeat(t, guest_repeat);
}

static bool memories(wrl_test_t *t)
{
    return repeat(t, guest_repeat_memories);
}

static bool tail_calls(wrl_test_t *t)
{
    return repeat(t, guest_repeat_tail_call);
}

static bool vectors(wrl_test_t *t)
{
    return repeat(t, guest_repeat_simd);
}

static const wrl_test_case_t cases[] = {
    {"repeat.instructions", instructions, {NEED_EXECUTION, NEED_BULK_MEMORY, NEED_REFERENCE_TYPES, NEED_MULTI_VALUE}},
    {"repeat.memories", memories, {NEED_EXECUTION, NEED_BULK_MEMORY, NEED_MULTI_MEMORY}},
    {"repeat.tail_calls", tail_calls, {NEED_EXECUTION, NEED_TAIL_CALL}},
    {"repeat.vectors", vectors, {NEED_EXECUTION, NEED_SIMD}},
};
WRL_TEST_GROUP(repeat);
