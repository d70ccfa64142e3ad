/* Reentrant calls: guests call the host, which calls guests, to depth 100 and to the limit. */
#include "harness.h"

/* host.down(n) = guest.NAME(n). Also records the errors that propagate through it. */
typedef struct descent {
    wrl_test_t *t;
    wrl_store_t *store;
    wrl_func_t guest;
    int depth;
    int deepest;
    wrl_error_t *seen; /* The error that the innermost host function received. */
    int seen_count;    /* How many host functions the error propagated through. */
    bool differs;      /* Whether one of these host functions received another error object. */
    int32_t fail_at;   /* The depth at which the host itself fails, or 0. */
    wrl_error_t *failure;
} descent_t;

static void note_error(descent_t *descent, wrl_error_t *error)
{
    if (!descent->seen) {
        descent->seen = error;
    }
    descent->differs = descent->differs || descent->seen != error;
    descent->seen_count++;
}

static wrl_error_t *down_tagged(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                                wrl_val_t *results, size_t result_count)
{
    descent_t *descent = env;
    descent->depth++;
    descent->deepest = descent->depth > descent->deepest ? descent->depth : descent->deepest;
    wrl_error_t *error;
    if (descent->fail_at && descent->depth == descent->fail_at) {
        error = descent->failure;
    } else {
        error = wrl_func_call(wrl_caller_store(caller), descent->guest, args, arg_count, results, result_count);
    }
    if (error) {
        note_error(descent, error);
    }
    descent->depth--;
    return error;
}

static wrl_error_t *down_raw(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    descent_t *descent = env;
    descent->depth++;
    descent->deepest = descent->depth > descent->deepest ? descent->depth : descent->deepest;
    wrl_error_t *error = wrl_func_call_raw(wrl_caller_store(caller), descent->guest, slots, 1);
    if (error) {
        note_error(descent, error);
    }
    descent->depth--;
    return error;
}

static bool prepare(wrl_test_t *t, wrl_engine_t *engine, bool raw, const char *export_name, descent_t *descent)
{
    memset(descent, 0, sizeof(*descent));
    descent->t = t;
    TRY(test_store(t, engine, &descent->store));
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    wrl_func_t host;
    if (raw) {
        OK(wrl_func_new_raw(descent->store, &type, down_raw, descent, NULL, &host));
    } else {
        OK(wrl_func_new(descent->store, &type, down_tagged, descent, NULL, &host));
    }
    wrl_instance_t instance;
    TRY(test_instance_with(t, descent->store, guest_reentry, "down", host, &instance));
    CHECK(wrl_instance_get_func(descent->store, instance, export_name, &descent->guest));
    return true;
}

static wrl_error_t *descend(descent_t *descent, int32_t n, int32_t *result)
{
    const wrl_val_t arg = WRL_I32(n);
    wrl_val_t value = WRL_I32(-1);
    wrl_error_t *error = wrl_func_call(descent->store, descent->guest, &arg, 1, &value, 1);
    *result = value.of.i32;
    return error;
}

static bool to_depth_100(wrl_test_t *t)
{
    for (int raw = 0; raw < 2; raw++) {
        descent_t descent;
        TRY(prepare(t, t->engine, raw, "down", &descent));
        int32_t result;
        for (int i = 0; i < 3; i++) {
            OK(descend(&descent, 100, &result));
            EQUAL(result, 100);
            EQUAL(descent.deepest, 100);
            EQUAL(descent.depth, 0);
        }
    }
    return true;
}

/* A trap a hundred levels deep is returned as the same object that the innermost host function received. */
static bool trap_at_depth_100(wrl_test_t *t)
{
    for (int raw = 0; raw < 2; raw++) {
        descent_t descent;
        TRY(prepare(t, t->engine, raw, "trap_at_bottom", &descent));
        int32_t result;
        wrl_error_t *error = descend(&descent, 100, &result);
        CHECK(error != NULL);
        TRY(test_own_error(t, error));
        EQUAL(wrl_error_trap_code(error), WRL_TRAP_UNREACHABLE);
        EQUAL(descent.seen_count, 100);
        CHECK(!descent.differs);
        CHECK(error == descent.seen);
        EQUAL(descent.depth, 0);
    }
    return true;
}

static bool host_error_at_depth_100(wrl_test_t *t)
{
    descent_t descent;
    TRY(prepare(t, t->engine, false, "down", &descent));
    int finalized = 0;
    descent.fail_at = 100;
    descent.failure = wrl_error_new_with_data(WRL_ERROR_HOST, "down here", &finalized, count_finalizer);
    int32_t result;
    wrl_error_t *error = descend(&descent, 1000, &result);
    CHECK(error == descent.failure);
    CHECK(wrl_error_data(error) == &finalized);
    EQUAL_TEXT(wrl_error_message(error), "down here");
    EQUAL(finalized, 0);
    wrl_error_delete(error);
    EQUAL(finalized, 1);
    EQUAL(descent.seen_count, 100);
    CHECK(!descent.differs);
    return true;
}

static bool limit_has_a_limit(wrl_test_t *t)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = t->backend;
    config.exact_traps = t->exact_traps;
    config.max_reentry = WRL_MAX_REENTRY;
    wrl_engine_t *engine;
    OK(wrl_engine_new(&config, &engine));
    TRY(test_own_engine(t, engine));
    config.max_reentry++;
    FAILS(wrl_engine_new(&config, &engine), WRL_ERROR_INVALID_ARGUMENT, "max_reentry of 65536");
    CHECK(engine == NULL);
    return true;
}

static bool limit_is_exact(wrl_test_t *t)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = t->backend;
    config.exact_traps = t->exact_traps;
    config.max_reentry = 5;
    wrl_engine_t *engine;
    OK(wrl_engine_new(&config, &engine));
    TRY(test_own_engine(t, engine));
    descent_t descent;
    TRY(prepare(t, engine, false, "down", &descent));
    int32_t result;
    /* down(n) makes n + 1 nested calls into the guest. */
    OK(descend(&descent, 4, &result));
    EQUAL(result, 4);
    TRAPS(descend(&descent, 5, &result), WRL_TRAP_STACK_OVERFLOW);
    EQUAL(descent.seen_count, 5);
    CHECK(!descent.differs);
    /* The limit is still the same afterwards. */
    OK(descend(&descent, 4, &result));
    TRAPS(descend(&descent, 5, &result), WRL_TRAP_STACK_OVERFLOW);
    return true;
}

static bool endless(wrl_test_t *t)
{
    for (int raw = 0; raw < 2; raw++) {
        descent_t descent;
        TRY(prepare(t, t->engine, raw, "down", &descent));
        int32_t result;
        TRAPS(descend(&descent, 1000000, &result), WRL_TRAP_STACK_OVERFLOW);
        EQUAL(descent.deepest, WRL_DEFAULT_MAX_REENTRY);
        EQUAL(descent.depth, 0);
        OK(descend(&descent, WRL_DEFAULT_MAX_REENTRY - 1, &result));
        EQUAL(result, WRL_DEFAULT_MAX_REENTRY - 1);
    }
    return true;
}

/* ---- Functions with many parameters ---- */

enum { WIDE = 28 };

typedef struct wide {
    wrl_func_t guest;
    uint64_t depth; /* The current number of nested host calls. */
    uint64_t most;  /* The largest number of nested host calls. */
    bool differs;   /* Whether a host function received the wrong arguments, or lost its arguments. */
} wide_t;

static wrl_error_t *down_wide(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    wide_t *wide = env;
    const int64_t first = slots[0].i64, last = slots[WIDE - 1].i64;
    wide->depth++;
    wide->most = wide->depth > wide->most ? wide->depth : wide->most;
    wide->differs |= first != (int64_t)wide->depth || last != -first;
    wrl_raw_t args[WIDE] = {{0}};
    args[0].i64 = first + 1;
    args[WIDE - 1].i64 = last - 1;
    wrl_error_t *error = wrl_func_call_raw(wrl_caller_store(caller), wide->guest, args, WIDE);
    wide->differs |= slots[0].i64 != first || slots[WIDE - 1].i64 != last;
    wide->depth--;
    return error;
}

/* The limit of nested calls does not depend on the number of parameters. */
static bool wide(wrl_test_t *t)
{
    wrl_valtype_t params[WIDE];
    for (size_t i = 0; i < WIDE; i++) {
        params[i] = (wrl_valtype_t)WRL_TYPE_I64;
    }
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_N(params, WIDE), WRL_NO_TYPES);
    wide_t wide = {{0, 0}, 0, 0, false};
    wrl_func_t host;
    wrl_instance_t instance;
    OK(wrl_func_new_raw(t->store, &type, down_wide, &wide, NULL, &host));
    TRY(test_instance_with(t, t->store, guest_wide, "down", host, &instance));
    CHECK(wrl_instance_get_func(t->store, instance, "down", &wide.guest));
    for (int i = 0; i < 3; i++) {
        wrl_raw_t args[WIDE] = {{0}};
        args[0].i64 = 1;
        args[WIDE - 1].i64 = -1;
        TRAPS(wrl_func_call_raw(t->store, wide.guest, args, WIDE), WRL_TRAP_STACK_OVERFLOW);
        EQUAL(wide.most, WRL_DEFAULT_MAX_REENTRY);
        EQUAL(wide.depth, 0);
        CHECK(!wide.differs);
    }
    return true;
}

/* A host function that makes instances whose start functions call the host again. */
typedef struct nesting {
    wrl_test_t *t;
    wrl_module_t *module;
    wrl_imports_t *imports;
    int left;
    int made;
} nesting_t;

static wrl_error_t *make_another(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)slots;
    nesting_t *nesting = env;
    if (nesting->left == 0) {
        return NULL;
    }
    nesting->left--;
    wrl_instance_t instance;
    wrl_error_t *error = wrl_instance_new(wrl_caller_store(caller), nesting->module, nesting->imports, NULL, &instance);
    nesting->made += error ? 0 : 1;
    return error;
}

static bool instances_in_start(wrl_test_t *t)
{
    nesting_t nesting = {t, NULL, NULL, 20, 0};
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    wrl_func_t host;
    OK(wrl_func_new_raw(t->store, &type, make_another, &nesting, NULL, &host));
    const wrl_memorytype_t memory_type = WRL_MEMORYTYPE(1, 1);
    wrl_memory_t memory;
    OK(wrl_memory_new(t->store, &memory_type, &memory));
    TRY(test_imports(t, &nesting.imports));
    OK(wrl_imports_define(nesting.imports, "host", "started", wrl_extern_from_func(host)));
    OK(wrl_imports_define(nesting.imports, "env", "memory", wrl_extern_from_memory(memory)));
    TRY(test_module(t, guest_start, &nesting.module));
    wrl_instance_t instance;
    OK(wrl_instance_new(t->store, nesting.module, nesting.imports, NULL, &instance));
    EQUAL(nesting.made, 20);
    nesting.left = 1000000;
    TRAPS(wrl_instance_new(t->store, nesting.module, nesting.imports, NULL, &instance), WRL_TRAP_STACK_OVERFLOW);
    return true;
}

static const wrl_test_case_t cases[] = {
    {"reentry.to_depth_100", to_depth_100, {NEED_EXECUTION}},
    {"reentry.trap_at_depth_100", trap_at_depth_100, {NEED_EXECUTION}},
    {"reentry.host_error_at_depth_100", host_error_at_depth_100, {NEED_EXECUTION}},
    {"reentry.limit_has_a_limit", limit_has_a_limit, {0}},
    {"reentry.limit_is_exact", limit_is_exact, {NEED_EXECUTION}},
    {"reentry.endless", endless, {NEED_EXECUTION}},
    {"reentry.wide", wide, {NEED_EXECUTION}},
    {"reentry.instances_in_start", instances_in_start, {NEED_EXECUTION}},
};
WRL_TEST_GROUP(reentry);
