/* Errors: construction, and propagation through guests. */
#include "harness.h"

static const wrl_error_kind_t all_kinds[] = {
    WRL_ERROR_INVALID_ARGUMENT,
    WRL_ERROR_UNSUPPORTED,
    WRL_ERROR_MALFORMED,
    WRL_ERROR_INVALID,
    WRL_ERROR_LINK,
    WRL_ERROR_TRAP,
    WRL_ERROR_HOST,
    WRL_ERROR_RESOURCE_LIMIT,
    WRL_ERROR_OUT_OF_MEMORY,
    WRL_ERROR_IO,
    WRL_ERROR_EXIT,
};
enum { KIND_COUNT = sizeof(all_kinds) / sizeof(all_kinds[0]) };

static bool kinds(wrl_test_t *t)
{
    for (size_t i = 0; i < KIND_COUNT; i++) {
        wrl_error_t *error = wrl_error_new(all_kinds[i], "some words");
        CHECK(error != NULL);
        wrl_error_kind_t kind = wrl_error_kind(error);
        bool same = strcmp(wrl_error_message(error), "some words") == 0;
        bool no_data = wrl_error_data(error) == NULL && wrl_error_frame_count(error) == 0;
        int32_t status = wrl_error_exit_status(error);
        wrl_error_delete(error);
        EQUAL(kind, all_kinds[i]);
        CHECK(same);
        CHECK(no_data);
        EQUAL(status, 0);
    }
    return true;
}

static bool kind_names(wrl_test_t *t)
{
    for (size_t i = 0; i < KIND_COUNT; i++) {
        const char *name = wrl_error_kind_name(all_kinds[i]);
        CHECK(name && name[0] && strcmp(name, "unknown") != 0);
        for (size_t j = 0; j < i; j++) {
            CHECK(strcmp(name, wrl_error_kind_name(all_kinds[j])) != 0);
        }
    }
    EQUAL_TEXT(wrl_error_kind_name(WRL_ERROR_INVALID_ARGUMENT), "invalid argument");
    EQUAL_TEXT(wrl_error_kind_name((wrl_error_kind_t)0), "unknown");
    EQUAL_TEXT(wrl_error_kind_name((wrl_error_kind_t)999), "unknown");
    return true;
}

static bool unknown_kind(wrl_test_t *t)
{
    FAILS(wrl_error_new((wrl_error_kind_t)0, "x"), WRL_ERROR_HOST, "x");
    FAILS(wrl_error_new((wrl_error_kind_t)999, "y"), WRL_ERROR_HOST, "y");
    FAILS(wrl_error_newf((wrl_error_kind_t)-1, "%s", "z"), WRL_ERROR_HOST, "z");
    return true;
}

static bool null_message(wrl_test_t *t)
{
    FAILS(wrl_error_new(WRL_ERROR_LINK, NULL), WRL_ERROR_LINK, wrl_error_kind_name(WRL_ERROR_LINK));
    FAILS(wrl_error_new_with_data(WRL_ERROR_IO, NULL, NULL, NULL), WRL_ERROR_IO, wrl_error_kind_name(WRL_ERROR_IO));
    FAILS(wrl_error_new_trap(WRL_TRAP_CAST_FAILURE, NULL), WRL_ERROR_TRAP, wrl_trap_code_name(WRL_TRAP_CAST_FAILURE));
    return true;
}

static bool message_is_copied(wrl_test_t *t)
{
    char text[] = "before";
    wrl_error_t *error = wrl_error_new(WRL_ERROR_HOST, text);
    TRY(test_own_error(t, error));
    memcpy(text, "after!", sizeof(text));
    EQUAL_TEXT(wrl_error_message(error), "before");
    return true;
}

static bool formatted(wrl_test_t *t)
{
    FAILS(wrl_error_newf(WRL_ERROR_HOST, "%d of %s, %.2f%%", 3, "four", 75.0), WRL_ERROR_HOST, "3 of four, 75.00%");
    char longer[5000];
    memset(longer, 'x', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    wrl_error_t *error = wrl_error_newf(WRL_ERROR_HOST, "[%s]", longer);
    TRY(test_own_error(t, error));
    EQUAL(strlen(wrl_error_message(error)), sizeof(longer) + 1);
    CHECK(wrl_error_message(error)[sizeof(longer)] == ']');
    return true;
}

static bool data(wrl_test_t *t)
{
    int count = 0;
    wrl_error_t *error = wrl_error_new_with_data(WRL_ERROR_HOST, "with data", &count, count_finalizer);
    CHECK(wrl_error_data(error) == &count);
    EQUAL_TEXT(wrl_error_message(error), "with data");
    EQUAL(count, 0);
    wrl_error_delete(error);
    EQUAL(count, 1);
    error = wrl_error_new_with_data(WRL_ERROR_HOST, "no finalizer", &count, NULL);
    CHECK(wrl_error_data(error) == &count);
    wrl_error_delete(error);
    EQUAL(count, 1);
    wrl_error_delete(NULL);
    return true;
}

static bool trap(wrl_test_t *t)
{
    for (int code = WRL_TRAP_OTHER; code <= WRL_TRAP_OUT_OF_FUEL; code++) {
        wrl_error_t *error = wrl_error_new_trap((wrl_trap_code_t)code, "my words");
        TRY(test_own_error(t, error));
        EQUAL(wrl_error_kind(error), WRL_ERROR_TRAP);
        EQUAL(wrl_error_trap_code(error), code);
        EQUAL_TEXT(wrl_error_message(error), "my words");
    }
    return true;
}

static bool exit_status(wrl_test_t *t)
{
    const int32_t statuses[] = {0, 1, 42, -1, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
        wrl_error_t *error = wrl_error_new_exit(statuses[i]);
        TRY(test_own_error(t, error));
        EQUAL(wrl_error_kind(error), WRL_ERROR_EXIT);
        CHECK(wrl_error_exit_status(error) == statuses[i]);
        EQUAL(wrl_error_trap_code(error), WRL_TRAP_NONE);
        CHECK(wrl_error_message(error)[0] != '\0');
    }
    return true;
}

/* ---- Through guests
 * ---------------------------------------------------------------------------------------------------- */

/* The error that the host function of deep.wat returns once. */
typedef struct failing {
    wrl_error_t *error;
    int calls;
} failing_t;

static wrl_error_t *fail_tagged(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                                wrl_val_t *results, size_t result_count)
{
    (void)caller;
    (void)args;
    (void)arg_count;
    (void)results;
    (void)result_count;
    failing_t *failing = env;
    failing->calls++;
    return failing->error;
}

static wrl_error_t *fail_raw(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)caller;
    (void)slots;
    failing_t *failing = env;
    failing->calls++;
    return failing->error;
}

/* Returns an exported function that calls a failing host function through three frames. */
static bool failing_guest(wrl_test_t *t, failing_t *failing, bool raw, wrl_func_t *func)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    wrl_func_t host;
    if (raw) {
        OK(wrl_func_new_raw(t->store, &type, fail_raw, failing, NULL, &host));
    } else {
        OK(wrl_func_new(t->store, &type, fail_tagged, failing, NULL, &host));
    }
    wrl_instance_t instance;
    TRY(test_instance_with(t, t->store, guest_deep, "f", host, &instance));
    CHECK(wrl_instance_get_func(t->store, instance, "call_host", func));
    return true;
}

static bool comes_out(wrl_test_t *t, wrl_func_t func, failing_t *failing, bool raw)
{
    int finalized = 0;
    failing->error = wrl_error_new_with_data(WRL_ERROR_HOST, "the very same", &finalized, count_finalizer);
    wrl_error_t *error;
    wrl_val_t result = WRL_I64(7);
    if (raw) {
        wrl_raw_t slot;
        slot.i32 = 1;
        error = wrl_func_call_raw(t->store, func, &slot, 1);
    } else {
        const wrl_val_t arg = WRL_I32(1);
        error = wrl_func_call(t->store, func, &arg, 1, &result, 1);
    }
    CHECK(error == failing->error);
    EQUAL(wrl_error_kind(error), WRL_ERROR_HOST);
    EQUAL_TEXT(wrl_error_message(error), "the very same");
    CHECK(wrl_error_data(error) == &finalized);
    EQUAL(finalized, 0);
    wrl_error_delete(error);
    EQUAL(finalized, 1);
    CHECK(result.kind == WRL_VALKIND_I64 && result.of.i64 == 7);
    return true;
}

static bool same_object(wrl_test_t *t)
{
    for (int raw_host = 0; raw_host < 2; raw_host++) {
        failing_t failing = {NULL, 0};
        wrl_func_t func;
        TRY(failing_guest(t, &failing, raw_host, &func));
        for (int i = 0; i < 10; i++) {
            TRY(comes_out(t, func, &failing, i % 2 == 1));
        }
        EQUAL(failing.calls, 10);
        /* The guest continues if the host function does not fail. */
        failing.error = NULL;
        wrl_raw_t slot;
        slot.i32 = 10;
        if (raw_host) {
            OK(wrl_func_call_raw(t->store, func, &slot, 1));
            CHECK(slot.i32 == 13);
        }
    }
    return true;
}

static bool same_object_from_host(wrl_test_t *t)
{
    failing_t failing = {NULL, 0};
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    wrl_func_t func;
    OK(wrl_func_new(t->store, &type, fail_tagged, &failing, NULL, &func));
    TRY(comes_out(t, func, &failing, false));
    TRY(comes_out(t, func, &failing, true));
    return true;
}

/* Errors of every kind propagate unchanged. */
static bool every_kind_through_guest(wrl_test_t *t)
{
    failing_t failing = {NULL, 0};
    wrl_func_t func;
    TRY(failing_guest(t, &failing, false, &func));
    const wrl_val_t arg = WRL_I32(1);
    wrl_val_t result;
    for (size_t i = 0; i < KIND_COUNT; i++) {
        failing.error = wrl_error_new(all_kinds[i], "passing");
        wrl_error_t *error = wrl_func_call(t->store, func, &arg, 1, &result, 1);
        CHECK(error == failing.error);
        TRY(test_own_error(t, error));
        EQUAL(wrl_error_kind(error), all_kinds[i]);
        EQUAL_TEXT(wrl_error_message(error), "passing");
    }
    for (int code = WRL_TRAP_OTHER; code <= WRL_TRAP_OUT_OF_FUEL; code++) {
        failing.error = wrl_error_new_trap((wrl_trap_code_t)code, "passing");
        wrl_error_t *error = wrl_func_call(t->store, func, &arg, 1, &result, 1);
        CHECK(error == failing.error);
        TRY(test_own_error(t, error));
        EQUAL(wrl_error_trap_code(error), code);
    }
    failing.error = wrl_error_new_exit(-7);
    wrl_error_t *error = wrl_func_call(t->store, func, &arg, 1, &result, 1);
    CHECK(error == failing.error);
    TRY(test_own_error(t, error));
    CHECK(wrl_error_exit_status(error) == -7);
    return true;
}

static bool outlives_its_store(wrl_test_t *t)
{
    wrl_store_t *store;
    OK(wrl_store_new(t->engine, NULL, &store));
    wrl_instance_t instance;
    TRY(test_own_store(t, store));
    TRY(test_instance_in(t, store, guest_traps, NULL, &instance));
    wrl_func_t func;
    CHECK(wrl_instance_get_func(store, instance, "unreachable", &func));
    wrl_error_t *error = wrl_func_call(store, func, NULL, 0, NULL, 0);
    CHECK(error != NULL);
    TRY(test_own_error(t, error));
    wrl_store_delete(t->stores[--t->store_count]);
    EQUAL(wrl_error_trap_code(error), WRL_TRAP_UNREACHABLE);
    CHECK(wrl_error_message(error)[0] != '\0');
    for (size_t i = 0; i < wrl_error_frame_count(error); i++) {
        wrl_frame_t frame;
        CHECK(wrl_error_frame(error, i, &frame));
        CHECK(!frame.func_name || strlen(frame.func_name) <= frame.func_name_size);
    }
    return true;
}

static const wrl_test_case_t cases[] = {
    {"error.kinds", kinds, {NEED_NOTHING}},
    {"error.kind_names", kind_names, {NEED_NOTHING}},
    {"error.unknown_kind", unknown_kind, {NEED_NOTHING}},
    {"error.null_message", null_message, {NEED_NOTHING}},
    {"error.message_is_copied", message_is_copied, {NEED_NOTHING}},
    {"error.formatted", formatted, {NEED_NOTHING}},
    {"error.data", data, {NEED_NOTHING}},
    {"error.trap", trap, {NEED_NOTHING}},
    {"error.exit_status", exit_status, {NEED_NOTHING}},
    {"error.same_object", same_object, {NEED_EXECUTION}},
    {"error.same_object_from_host", same_object_from_host, {NEED_NOTHING}},
    {"error.every_kind_through_guest", every_kind_through_guest, {NEED_EXECUTION}},
    {"error.outlives_its_store", outlives_its_store, {NEED_EXECUTION}},
};
WRL_TEST_GROUP(error);
