/* Engines: construction, names and lifetimes. */
#include "harness.h"

static bool by_default(wrl_test_t *t)
{
    wrl_backend_info_t info;
    CHECK(wrl_backend_find(NULL, &info));
    CHECK(info.is_default);
    wrl_engine_t *engine;
    OK(wrl_engine_new(NULL, &engine));
    TRY(test_own_engine(t, engine));
    EQUAL_TEXT(wrl_engine_backend_name(engine), info.name);
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    wrl_engine_t *configured;
    OK(wrl_engine_new(&config, &configured));
    TRY(test_own_engine(t, configured));
    EQUAL_TEXT(wrl_engine_backend_name(configured), info.name);
    CHECK(engine != configured);
    return true;
}

static bool by_name(wrl_test_t *t)
{
    wrl_engine_t *engine;
    TRY(test_engine(t, t->backend, &engine));
    EQUAL_TEXT(wrl_engine_backend_name(engine), t->backend);
    wrl_backend_info_t info;
    CHECK(wrl_backend_find(t->backend, &info));
    EQUAL_TEXT(wrl_engine_version(engine), info.engine_version);
    CHECK(wrl_engine_version(engine)[0] != '\0');
    return true;
}

static bool library_version(wrl_test_t *t)
{
    EQUAL_TEXT(wrl_version(), WRL_VERSION_STRING);
    return true;
}

static bool unknown_backend(wrl_test_t *t)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = "no_such_backend";
    wrl_engine_t *engine = t->engine;
    /* The message lists the known backends, this one among them. */
    INVALID(wrl_engine_new(&config, &engine), "no_such_backend", t->backend);
    CHECK(engine == NULL);
    config.backend = "";
    INVALID(wrl_engine_new(&config, &engine), t->backend);
    config.backend = "../null";
    INVALID(wrl_engine_new(&config, &engine), t->backend);
    return true;
}

static bool impossible_config(wrl_test_t *t)
{
    const size_t sizes[] = {0, 1, sizeof(size_t) - 1};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
        config.size = sizes[i];
        wrl_engine_t *engine = t->engine;
        INVALID(wrl_engine_new(&config, &engine), "config");
        CHECK(engine == NULL);
    }
    return true;
}

/* The project's own backends support exact traps. Other backends may refuse the option with an error. */
static bool exact_traps(wrl_test_t *t)
{
    static const char *const own[] = {"js", "null", "wasmi", "wasmtime"};
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = t->backend;
    config.exact_traps = true;
    wrl_engine_t *engine = t->engine;
    wrl_error_t *error = wrl_engine_new(&config, &engine);
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        CHECK(!error || strcmp(own[i], t->backend) != 0);
    }
    if (!error) {
        return test_own_engine(t, engine);
    }
    FAILS(error, WRL_ERROR_UNSUPPORTED, "exact_traps", t->backend);
    CHECK(engine == NULL);
    return true;
}

static bool stack_config(wrl_test_t *t)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = t->backend;
    config.exact_traps = t->exact_traps;
    wrl_engine_t *engine;
    config.stack_reserve = (size_t)WRL_MAX_STACK_SIZE + 1;
    INVALID(wrl_engine_new(&config, &engine), "config", "stack_reserve");
    config.stack_reserve = WRL_MIN_STACK_SIZE - 1;
    INVALID(wrl_engine_new(&config, &engine), "config", "stack_reserve");
    config.stack_reserve = WRL_MIN_STACK_SIZE;
    OK(wrl_engine_new(&config, &engine));
    TRY(test_own_engine(t, engine));
    config.stack_reserve = WRL_MAX_STACK_SIZE;
    OK(wrl_engine_new(&config, &engine));
    TRY(test_own_engine(t, engine));
    config.stack_size = WRL_MIN_STACK_SIZE - 1;
    INVALID(wrl_engine_new(&config, &engine), "config", "stack_size");
    config.stack_size = (size_t)WRL_MAX_STACK_SIZE + 1;
    INVALID(wrl_engine_new(&config, &engine), "config", "stack_size");
    config.stack_size = WRL_MIN_STACK_SIZE;
    /* An option that the engine does not support is refused. */
    wrl_error_t *error = wrl_engine_new(&config, &engine);
    if (!error) {
        return test_own_engine(t, engine);
    }
    FAILS(error, WRL_ERROR_UNSUPPORTED, "stack_size", t->backend);
    CHECK(engine == NULL);
    return true;
}

/* Writes a module in which 100 values pass through 300 loops. Returns its size. */
static size_t values_through_loops(uint8_t bytes[1600])
{
    enum { VALUES = 100, LOOPS = 300, BODY = 1 + 4 * VALUES - VALUES + 3 * LOOPS + 1 };
    static const uint8_t head[] = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 0xcf, 0x01, 2, 0x60, 0, 0, 0x60, VALUES};
    static const uint8_t between[] = {
        3, 2, 1, 0, 10, 0x80 | ((BODY + 3) & 0x7f), (BODY + 3) >> 7, 1, 0x80 | (BODY & 0x7f), BODY >> 7, 0};
    static const uint8_t loop[] = {0x03, 1, 0x0b};
    uint8_t *at = bytes;
    memcpy(at, head, sizeof(head));
    at += sizeof(head);
    memset(at, 0x7f, VALUES);
    at += VALUES;
    *at++ = VALUES;
    memset(at, 0x7f, VALUES);
    at += VALUES;
    memcpy(at, between, sizeof(between));
    at += sizeof(between);
    for (size_t i = 0; i < VALUES; i++) {
        *at++ = 0x41; /* i32.const 0 */
        *at++ = 0;
    }
    for (size_t i = 0; i < LOOPS; i++) {
        memcpy(at, loop, sizeof(loop));
        at += sizeof(loop);
    }
    memset(at, 0x1a, VALUES);
    at += VALUES;
    *at++ = 0x0b;
    return (size_t)(at - bytes);
}

/* The layer limits the work and memory of compilation before the engine sees a module, so that all native engines have
 * the same limits. */
static bool compile_limits(wrl_test_t *t)
{
    static uint8_t bytes[1600];
    size_t size = values_through_loops(bytes);
    wrl_module_t *module;
    OK(wrl_module_new(t->engine, bytes, size, NULL, &module));
    wrl_module_release(module);
    static const char *const options[] = {"max_compile_work", "max_compile_memory"};
    for (int option = 0; option < 2; option++) {
        wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
        config.backend = t->backend;
        config.exact_traps = t->exact_traps;
        config.max_compile_work = option == 0 ? 1 : UINT64_MAX;
        config.max_compile_memory = option == 1 ? 1 : UINT64_MAX;
        wrl_engine_t *engine;
        wrl_error_t *error = wrl_engine_new(&config, &engine);
        if (error) { /* The host's JS engine compiles. */
            FAILS(error, WRL_ERROR_UNSUPPORTED, "max_compile_work");
            continue;
        }
        error = wrl_module_new(engine, bytes, size, NULL, &module);
        wrl_engine_release(engine);
        const char *estimate = error ? strstr(wrl_error_message(error), "estimated ") : NULL;
        CHECK(estimate && estimate[10] >= '1' && estimate[10] <= '9');
        FAILS(error, WRL_ERROR_RESOURCE_LIMIT, "function 0", options[option]);
        CHECK(module == NULL);
    }
    return true;
}

static bool null_arguments(wrl_test_t *t)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = t->backend;
    config.exact_traps = t->exact_traps;
    INVALID(wrl_engine_new(&config, NULL), "engine");
    INVALID(wrl_engine_new(NULL, NULL), "engine");
    CHECK(wrl_engine_retain(NULL) == NULL);
    wrl_engine_release(NULL);
    CHECK(!wrl_engine_supports(NULL, WRL_FEATURE_EXECUTION));
    return true;
}

static bool retain(wrl_test_t *t)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = t->backend;
    config.exact_traps = t->exact_traps;
    wrl_engine_t *engine;
    OK(wrl_engine_new(&config, &engine));
    CHECK(wrl_engine_retain(engine) == engine);
    wrl_engine_release(engine);
    EQUAL_TEXT(wrl_engine_backend_name(engine), t->backend);
    wrl_engine_release(engine);
    return true;
}

/* Modules and stores keep their engine alive. */
static bool outlived(wrl_test_t *t)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = t->backend;
    config.exact_traps = t->exact_traps;
    wrl_engine_t *engine;
    OK(wrl_engine_new(&config, &engine));
    wrl_store_t *store;
    OK(wrl_store_new(engine, NULL, &store));
    TRY(test_own_store(t, store));
    wrl_module_t *module;
    OK(wrl_module_new(engine, guest_add_one.bytes, guest_add_one.size, NULL, &module));
    CHECK(wrl_module_engine(module) == engine);
    CHECK(wrl_store_engine(store) == engine);
    wrl_engine_release(engine);

    EQUAL_TEXT(wrl_engine_backend_name(wrl_module_engine(module)), t->backend);
    wrl_instance_t instance;
    wrl_error_t *error = wrl_instance_new(store, module, NULL, NULL, &instance);
    wrl_module_release(module);
    OK(error);
    EQUAL_TEXT(wrl_engine_backend_name(wrl_store_engine(store)), t->backend);
    wrl_func_t func;
    CHECK(wrl_instance_get_func(store, instance, "add_one", &func));
    return true;
}

static bool many(wrl_test_t *t)
{
    for (int i = 0; i < 8; i++) {
        wrl_engine_t *engine;
        TRY(test_engine(t, t->backend, &engine));
        wrl_store_t *store;
        TRY(test_store(t, engine, &store));
        wrl_instance_t instance;
        TRY(test_instance_in(t, store, guest_add_one, NULL, &instance));
    }
    return true;
}

static void *no_memory(void *env, void *memory, size_t size)
{
    (void)env;
    (void)memory;
    (void)size;
    return NULL;
}

static void *nothing_allocated(void *env, size_t size)
{
    return no_memory(env, NULL, size);
}

static void nothing_deallocated(void *env, void *memory)
{
    (void)no_memory(env, memory, 0);
}

/* An engine exists, so the library already holds memory from the old allocator. */
static bool allocator_too_late(wrl_test_t *t)
{
    const wrl_allocator_t allocator = {sizeof(allocator), NULL, nothing_allocated, no_memory, nothing_deallocated};
    INVALID(wrl_allocator_set(&allocator), "allocator", "too late");
    INVALID(wrl_allocator_set(NULL), "allocator");
    return true;
}

static const wrl_test_case_t cases[] = {
    {"engine.allocator_too_late", allocator_too_late, {NEED_NOTHING}},
    {"engine.by_default", by_default, {NEED_NOTHING}},
    {"engine.by_name", by_name, {NEED_NOTHING}},
    {"engine.library_version", library_version, {NEED_NOTHING}},
    {"engine.unknown_backend", unknown_backend, {NEED_NOTHING}},
    {"engine.impossible_config", impossible_config, {NEED_NOTHING}},
    {"engine.stack_config", stack_config, {NEED_NOTHING}},
    {"engine.exact_traps", exact_traps, {NEED_NOTHING}},
    {"engine.compile_limits", compile_limits, {NEED_NOTHING}},
    {"engine.null_arguments", null_arguments, {NEED_NOTHING}},
    {"engine.retain", retain, {NEED_NOTHING}},
    {"engine.outlived", outlived, {NEED_NOTHING}},
    {"engine.many", many, {NEED_NOTHING}},
};
WRL_TEST_GROUP(engine);
