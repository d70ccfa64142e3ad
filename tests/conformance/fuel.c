/* Fuel: what takes it, and that it ends every guest. */
#include "harness.h"

enum { MUCH = 100000 };

static bool fuel_store(wrl_test_t *t, wrl_store_t **store)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    wrl_engine_t *engine;
    config.backend = t->backend;
    config.exact_traps = t->exact_traps;
    config.fuel = true;
    OK(wrl_engine_new(&config, &engine));
    TRY(test_own_engine(t, engine));
    return test_store(t, engine, store);
}

/* host.work(n) takes n units of fuel. */
static wrl_error_t *work(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    return wrl_caller_use_fuel(caller, (uint32_t)slots[0].i32);
}

static bool work_func(wrl_test_t *t, wrl_store_t *store, wrl_func_t *func)
{
    static const wrl_valtype_t params[] = {WRL_TYPE_I32};
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_IN(params), WRL_NO_TYPES);
    OK(wrl_func_new_raw(store, &type, work, NULL, NULL, func));
    return true;
}

static bool fuel_instance(wrl_test_t *t, wrl_store_t *store, wrl_guest_t guest, wrl_instance_t *instance)
{
    wrl_func_t func;
    TRY(work_func(t, store, &func));
    return test_instance_with(t, store, guest, "work", func, instance);
}

static bool config(wrl_test_t *t)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    wrl_engine_t *engine = t->engine;
    config.backend = t->backend;
    config.fuel = true;
    wrl_error_t *error = wrl_engine_new(&config, &engine);
    CHECK(!error == wrl_engine_supports(t->engine, WRL_FEATURE_FUEL));
    if (!error) {
        return test_own_engine(t, engine);
    }
    FAILS(error, WRL_ERROR_UNSUPPORTED, "fuel", t->backend);
    CHECK(engine == NULL);
    return true;
}

static bool not_taken(wrl_test_t *t)
{
    FAILS(wrl_store_set_fuel(t->store, 1), WRL_ERROR_UNSUPPORTED, "fuel");
    FAILS(wrl_store_add_fuel(t->store, 0), WRL_ERROR_UNSUPPORTED, "fuel");
    EQUAL(wrl_store_fuel(t->store), 0);
    return true;
}

static bool not_taken_by_host(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(fuel_instance(t, t->store, guest_fuel, &instance));
    return test_call(t, instance, "works", (wrl_val_t[]){WRL_I32(-1)}, 1, NULL);
}

static bool set_and_add(wrl_test_t *t)
{
    wrl_store_t *store;
    TRY(fuel_store(t, &store));
    EQUAL(wrl_store_fuel(store), 0);
    OK(wrl_store_add_fuel(store, 5));
    OK(wrl_store_add_fuel(store, 6));
    EQUAL(wrl_store_fuel(store), 11);
    OK(wrl_store_set_fuel(store, 3));
    EQUAL(wrl_store_fuel(store), 3);
    INVALID(wrl_store_add_fuel(store, UINT64_MAX - 2), "fuel");
    EQUAL(wrl_store_fuel(store), 3);
    OK(wrl_store_add_fuel(store, UINT64_MAX - 3));
    EQUAL(wrl_store_fuel(store), UINT64_MAX);
    OK(wrl_store_set_fuel(store, UINT64_MAX));
    EQUAL(wrl_store_fuel(store), UINT64_MAX);
    OK(wrl_store_set_fuel(store, 0));
    EQUAL(wrl_store_fuel(store), 0);
    return true;
}

/* Calls a function without arguments, or with one 0 if it takes one, which has to end for want of fuel. Afterwards the
 * store works. */
static bool ends(wrl_test_t *t, wrl_store_t *store, wrl_instance_t instance, const char *name)
{
    wrl_func_t func;
    const wrl_val_t zero = WRL_I32(0);
    CHECK(wrl_instance_get_func(store, instance, name, &func));
    size_t count = wrl_func_type(store, func).param_count;
    for (uint64_t fuel = 0; fuel <= MUCH; fuel = fuel * 10 + 1) {
        OK(wrl_store_set_fuel(store, fuel));
        TRAPS(wrl_func_call(store, func, &zero, count, NULL, 0), WRL_TRAP_OUT_OF_FUEL);
        CHECK(wrl_store_fuel(store) <= fuel);
    }
    return true;
}

static bool count_to(wrl_test_t *t, wrl_store_t *store, wrl_instance_t instance, int32_t end)
{
    wrl_func_t func;
    wrl_val_t result;
    CHECK(wrl_instance_get_func(store, instance, "count", &func));
    OK(wrl_func_call(store, func, (wrl_val_t[]){WRL_I32(end)}, 1, &result, 1));
    EQUAL(result.of.i32, end);
    return true;
}

static bool ends_loops(wrl_test_t *t)
{
    static const char *const names[] = {"loop", "loop_if", "loop_table", "fills"};
    wrl_store_t *store;
    wrl_instance_t instance;
    TRY(fuel_store(t, &store));
    TRY(fuel_instance(t, store, guest_fuel, &instance));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        TRY(ends(t, store, instance, names[i]));
    }
    OK(wrl_store_set_fuel(store, MUCH));
    return count_to(t, store, instance, 100);
}

/* With much fuel, these guests would end at the end of their stack. */
static bool ends_recursion(wrl_test_t *t)
{
    static const char *const names[] = {"recursion", "indirect"};
    wrl_store_t *store;
    wrl_instance_t instance;
    TRY(fuel_store(t, &store));
    TRY(fuel_instance(t, store, guest_fuel, &instance));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        wrl_func_t func;
        CHECK(wrl_instance_get_func(store, instance, names[i], &func));
        OK(wrl_store_set_fuel(store, 1000));
        TRAPS(wrl_func_call(store, func, NULL, 0, NULL, 0), WRL_TRAP_OUT_OF_FUEL);
        OK(wrl_store_set_fuel(store, UINT64_MAX));
        TRAPS(wrl_func_call(store, func, NULL, 0, NULL, 0), WRL_TRAP_STACK_OVERFLOW);
    }
    return true;
}

static bool ends_tail_calls(wrl_test_t *t)
{
    wrl_store_t *store;
    wrl_instance_t instance;
    TRY(fuel_store(t, &store));
    TRY(test_instance_in(t, store, guest_fuel_tail_call, NULL, &instance));
    return ends(t, store, instance, "loop");
}

static bool ends_start(wrl_test_t *t)
{
    wrl_store_t *store;
    wrl_module_t *module;
    wrl_instance_t instance;
    TRY(fuel_store(t, &store));
    OK(wrl_module_new(wrl_store_engine(store), guest_fuel_start.bytes, guest_fuel_start.size, NULL, &module));
    TRY(test_own_module(t, module));
    for (uint64_t fuel = 0; fuel <= MUCH; fuel += MUCH) {
        OK(wrl_store_set_fuel(store, fuel));
        TRAPS(wrl_instance_new(store, module, NULL, NULL, &instance), WRL_TRAP_OUT_OF_FUEL);
    }
    return true;
}

static bool no_handler_catches(wrl_test_t *t)
{
    wrl_store_t *store;
    wrl_instance_t instance;
    TRY(fuel_store(t, &store));
    TRY(fuel_instance(t, store, guest_fuel_handlers, &instance));
    TRY(ends(t, store, instance, "loop"));
    return ends(t, store, instance, "works");
}

/* The same work takes the same fuel, and needs no more than it takes. */
static bool is_repeatable(wrl_test_t *t)
{
    wrl_store_t *store;
    wrl_instance_t instance;
    wrl_func_t func;
    wrl_val_t result;
    uint64_t taken[2];
    TRY(fuel_store(t, &store));
    TRY(fuel_instance(t, store, guest_fuel, &instance));
    for (size_t i = 0; i < 2; i++) {
        OK(wrl_store_set_fuel(store, UINT64_MAX));
        TRY(count_to(t, store, instance, 1000));
        taken[i] = UINT64_MAX - wrl_store_fuel(store);
    }
    EQUAL(taken[0], taken[1]);
    CHECK(taken[0] >= 1000);
    OK(wrl_store_set_fuel(store, UINT64_MAX));
    TRY(count_to(t, store, instance, 2000));
    CHECK(UINT64_MAX - wrl_store_fuel(store) > taken[0]);
    OK(wrl_store_set_fuel(store, taken[0] / 2));
    CHECK(wrl_instance_get_func(store, instance, "count", &func));
    TRAPS(wrl_func_call(store, func, (wrl_val_t[]){WRL_I32(1000)}, 1, &result, 1), WRL_TRAP_OUT_OF_FUEL);
    return true;
}

/* A guest does not get back the fuel of what it has done before a trap. */
static bool traps_take(wrl_test_t *t)
{
    enum { COUNT = 10000 };
    const uint64_t fuel = 1000000;
    wrl_store_t *store;
    wrl_instance_t instance;
    wrl_func_t func;
    wrl_val_t result;
    TRY(fuel_store(t, &store));
    TRY(fuel_instance(t, store, guest_fuel, &instance));
    CHECK(wrl_instance_get_func(store, instance, "divide", &func));
    OK(wrl_store_set_fuel(store, fuel));
    TRAPS(wrl_func_call(store, func, (wrl_val_t[]){WRL_I32(COUNT)}, 1, &result, 1), WRL_TRAP_INTEGER_DIVISION_BY_ZERO);
    CHECK(fuel - wrl_store_fuel(store) >= COUNT);
    return true;
}

static bool host_takes(wrl_test_t *t)
{
    enum { TAKEN = 5000 };
    wrl_store_t *store;
    wrl_instance_t instance;
    wrl_func_t func;
    TRY(fuel_store(t, &store));
    TRY(fuel_instance(t, store, guest_fuel, &instance));
    CHECK(wrl_instance_get_func(store, instance, "works", &func));
    OK(wrl_store_set_fuel(store, MUCH));
    OK(wrl_func_call(store, func, (wrl_val_t[]){WRL_I32(0)}, 1, NULL, 0));
    uint64_t call = MUCH - wrl_store_fuel(store);
    OK(wrl_store_set_fuel(store, MUCH));
    OK(wrl_func_call(store, func, (wrl_val_t[]){WRL_I32(TAKEN)}, 1, NULL, 0));
    EQUAL(MUCH - wrl_store_fuel(store), call + TAKEN);
    TRAPS(wrl_func_call(store, func, (wrl_val_t[]){WRL_I32(MUCH)}, 1, NULL, 0), WRL_TRAP_OUT_OF_FUEL);
    EQUAL(wrl_store_fuel(store), 0);
    return true;
}

/* A host function without a guest takes fuel as well. */
static bool host_alone_takes(wrl_test_t *t)
{
    wrl_store_t *store;
    wrl_func_t func;
    TRY(fuel_store(t, &store));
    TRY(work_func(t, store, &func));
    OK(wrl_store_set_fuel(store, 10));
    OK(wrl_func_call(store, func, (wrl_val_t[]){WRL_I32(10)}, 1, NULL, 0));
    EQUAL(wrl_store_fuel(store), 0);
    TRAPS(wrl_func_call(store, func, (wrl_val_t[]){WRL_I32(1)}, 1, NULL, 0), WRL_TRAP_OUT_OF_FUEL);
    return true;
}

/* host.work() gives the guest new fuel, a number of times. */
static wrl_error_t *refill(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    int *left = env;
    (void)slots;
    return *left > 0 ? ((*left)--, wrl_store_set_fuel(wrl_caller_store(caller), MUCH))
                     : wrl_store_set_fuel(wrl_caller_store(caller), 0);
}

/* What a host function sets holds for the guest that called it. */
static bool host_sets(wrl_test_t *t)
{
    static const wrl_valtype_t params[] = {WRL_TYPE_I32};
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_IN(params), WRL_NO_TYPES);
    int left = 1;
    wrl_store_t *store;
    wrl_instance_t instance;
    wrl_func_t func;
    TRY(fuel_store(t, &store));
    OK(wrl_func_new_raw(store, &type, refill, &left, NULL, &func));
    TRY(test_instance_with(t, store, guest_fuel, "work", func, &instance));
    CHECK(wrl_instance_get_func(store, instance, "works", &func));
    OK(wrl_store_set_fuel(store, 1000));
    OK(wrl_func_call(store, func, (wrl_val_t[]){WRL_I32(0)}, 1, NULL, 0));
    CHECK(wrl_store_fuel(store) > MUCH - 100 && wrl_store_fuel(store) <= MUCH);
    EQUAL(left, 0);
    return true;
}

static const wrl_test_case_t cases[] = {
    {"fuel.config", config, {NEED_NOTHING}},
    {"fuel.not_taken", not_taken, {NEED_NOTHING}},
    {"fuel.not_taken_by_host", not_taken_by_host, {NEED_EXECUTION}},
    {"fuel.set_and_add", set_and_add, {NEED_FUEL}},
    {"fuel.ends_loops", ends_loops, {NEED_EXECUTION, NEED_FUEL}},
    {"fuel.ends_recursion", ends_recursion, {NEED_EXECUTION, NEED_FUEL}},
    {"fuel.ends_tail_calls", ends_tail_calls, {NEED_EXECUTION, NEED_FUEL, NEED_TAIL_CALL}},
    {"fuel.ends_start", ends_start, {NEED_EXECUTION, NEED_FUEL}},
    {"fuel.no_handler_catches", no_handler_catches, {NEED_EXECUTION, NEED_FUEL, NEED_EXCEPTIONS}},
    {"fuel.is_repeatable", is_repeatable, {NEED_EXECUTION, NEED_FUEL}},
    {"fuel.traps_take", traps_take, {NEED_EXECUTION, NEED_FUEL}},
    {"fuel.host_takes", host_takes, {NEED_EXECUTION, NEED_FUEL}},
    {"fuel.host_alone_takes", host_alone_takes, {NEED_FUEL}},
    {"fuel.host_sets", host_sets, {NEED_EXECUTION, NEED_FUEL}},
};
WRL_TEST_GROUP(fuel);
