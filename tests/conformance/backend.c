/* The list of backends: enumeration, registration from the program, loading. */
#include "wrl/sys/backend.h"
#include "harness.h"

/* ---- A backend of the program, whose engines cannot be made ---- */

static wrl_error_t *double_engine_new(const wrl_core_t *core, const wrl_engine_config_t *config, void **engine)
{
    (void)config;
    (void)engine;
    const char text[] = "the double has no engine";
    return core->error(WRL_ERROR_UNSUPPORTED, WRL_TRAP_NONE, text, sizeof(text) - 1);
}

/* No engine exists, so the remaining functions are never called. */

static void double_engine_delete(void *engine)
{
    (void)engine;
}

static void double_engine_features(void *engine, uint64_t features[2])
{
    (void)engine;
    (void)features;
}

static wrl_error_t *double_module_new(void *engine, const uint8_t *bytes, size_t size, void **module)
{
    (void)engine;
    (void)bytes;
    (void)size;
    (void)module;
    return NULL;
}

static void double_delete(void *object)
{
    (void)object;
}

static wrl_error_t *double_store_new(void *engine, void **store)
{
    (void)engine;
    (void)store;
    return NULL;
}

static wrl_error_t *double_instance_new(void *store, void *module, const wrl_backend_extern_t *imports,
                                        size_t import_count, uint64_t key, wrl_backend_ref_t *instance)
{
    (void)store;
    (void)module;
    (void)imports;
    (void)import_count;
    (void)key;
    (void)instance;
    return NULL;
}

static wrl_error_t *double_instance_export(void *store, wrl_backend_ref_t instance, size_t index, const char *name,
                                           size_t name_size, const wrl_externtype_t *type, wrl_backend_ref_t *item)
{
    (void)store;
    (void)instance;
    (void)index;
    (void)name;
    (void)name_size;
    (void)type;
    (void)item;
    return NULL;
}

static wrl_error_t *double_func_entry(void *store, wrl_backend_ref_t func, const wrl_functype_t *type,
                                      wrl_backend_entry_t *entry)
{
    (void)store;
    (void)func;
    (void)type;
    (void)entry;
    return NULL;
}

static wrl_error_t *double_global_new(void *store, const wrl_globaltype_t *type, const wrl_raw_t *initial,
                                      wrl_backend_ref_t *global)
{
    (void)store;
    (void)type;
    (void)initial;
    (void)global;
    return NULL;
}

static wrl_error_t *double_global_get(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type,
                                      wrl_raw_t *value)
{
    (void)store;
    (void)global;
    (void)type;
    (void)value;
    return NULL;
}

static wrl_error_t *double_global_set(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type,
                                      const wrl_raw_t *value)
{
    (void)store;
    (void)global;
    (void)type;
    (void)value;
    return NULL;
}

static wrl_error_t *double_memory_new(void *store, const wrl_memorytype_t *type, wrl_backend_ref_t *memory)
{
    (void)store;
    (void)type;
    (void)memory;
    return NULL;
}

static uint64_t double_memory_size(void *store, wrl_backend_ref_t memory)
{
    (void)store;
    (void)memory;
    return 0;
}

static wrl_error_t *double_memory_grow(void *store, wrl_backend_ref_t memory, uint64_t delta, uint64_t *previous_pages)
{
    (void)store;
    (void)memory;
    (void)delta;
    (void)previous_pages;
    return NULL;
}

static void double_memory_data(void *store, wrl_backend_ref_t memory, uint8_t **data, uint64_t *size)
{
    (void)store;
    (void)memory;
    (void)data;
    (void)size;
}

static wrl_error_t *double_memory_read(void *store, wrl_backend_ref_t memory, uint64_t offset, void *buffer,
                                       size_t size)
{
    (void)store;
    (void)memory;
    (void)offset;
    (void)buffer;
    (void)size;
    return NULL;
}

static wrl_error_t *double_memory_write(void *store, wrl_backend_ref_t memory, uint64_t offset, const void *buffer,
                                        size_t size)
{
    (void)store;
    (void)memory;
    (void)offset;
    (void)buffer;
    (void)size;
    return NULL;
}

/* All mandatory members. */
#define DOUBLE_MEMBERS(backend_name, backend_abi, first_function)                                                      \
    .size = sizeof(wrl_backend_t), .abi = (backend_abi), .name = (backend_name), .engine_name = "none",                \
    .engine_version = "0", .engine_new = (first_function), .engine_delete = double_engine_delete,                      \
    .engine_features = double_engine_features, .module_new = double_module_new, .module_delete = double_delete,        \
    .store_new = double_store_new, .store_delete = double_delete, .instance_new = double_instance_new,                 \
    .instance_export = double_instance_export, .func_entry = double_func_entry, .global_new = double_global_new,       \
    .global_get = double_global_get, .global_set = double_global_set, .memory_new = double_memory_new,                 \
    .memory_size = double_memory_size, .memory_grow = double_memory_grow, .memory_data = double_memory_data,           \
    .memory_read = double_memory_read, .memory_write = double_memory_write

static const wrl_backend_t *open_double(uint32_t abi)
{
    static const wrl_backend_t backend = {DOUBLE_MEMBERS("conformance_double", WRL_BACKEND_ABI, double_engine_new)};
    return abi == WRL_BACKEND_ABI ? &backend : NULL;
}

/* Defines a function that returns a backend for any version of the interface. */
#define OPENS(function, backend_name, backend_abi, first_function)                                                     \
    static const wrl_backend_t *function(uint32_t abi)                                                                 \
    {                                                                                                                  \
        static const wrl_backend_t backend = {DOUBLE_MEMBERS(backend_name, backend_abi, first_function)};              \
        (void)abi;                                                                                                     \
        return &backend;                                                                                               \
    }
OPENS(open_same_name, "conformance_double", WRL_BACKEND_ABI, double_engine_new)
OPENS(open_no_engine_new, "conformance_incomplete", WRL_BACKEND_ABI, NULL)
OPENS(open_other_version, "conformance_other_version", WRL_BACKEND_ABI + 1, double_engine_new)
OPENS(open_no_name, NULL, WRL_BACKEND_ABI, double_engine_new)
OPENS(open_second, "conformance_second", WRL_BACKEND_ABI, double_engine_new)

static const wrl_backend_t *open_with_second(uint32_t abi)
{
    static const wrl_backend_t backend = {DOUBLE_MEMBERS("conformance_first", WRL_BACKEND_ABI, double_engine_new)};
    (void)abi;
    wrl_error_t *error = wrl_backend_register(open_second);
    bool failed = error != NULL;
    wrl_error_delete(error);
    return failed ? NULL : &backend;
}

static const wrl_backend_t *open_refuses(uint32_t abi)
{
    (void)abi;
    return NULL;
}

/* ---- Tests ---- */

static bool enumeration(wrl_test_t *t)
{
    size_t count = wrl_backend_count();
    CHECK(count > 0);
    size_t defaults = 0;
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        wrl_backend_info_t info;
        CHECK(wrl_backend_get(i, &info));
        CHECK(info.name && info.name[0]);
        CHECK(info.engine_name && info.engine_version);
        CHECK(wrl_backend_find(info.name, NULL));
        CHECK(wrl_backend_get(i, &info));
        CHECK(info.engine_name && info.engine_name[0]);
        CHECK(info.engine_version && info.engine_version[0]);
        defaults += info.is_default ? 1 : 0;
        found = found || strcmp(info.name, t->backend) == 0;
        wrl_backend_info_t again;
        CHECK(wrl_backend_find(info.name, &again));
        EQUAL_TEXT(again.name, info.name);
        EQUAL_TEXT(again.engine_name, info.engine_name);
        EQUAL_TEXT(again.engine_version, info.engine_version);
        CHECK(again.is_default == info.is_default);
    }
    EQUAL(defaults, 1);
    CHECK(found);
    return true;
}

static bool past_the_end(wrl_test_t *t)
{
    const size_t indices[] = {wrl_backend_count(), SIZE_MAX};
    for (size_t i = 0; i < 2; i++) {
        wrl_backend_info_t info = {"x", "x", "x", true};
        CHECK(!wrl_backend_get(indices[i], &info));
        CHECK(!info.name && !info.engine_name && !info.engine_version && !info.is_default);
    }
    return true;
}

static bool find(wrl_test_t *t)
{
    CHECK(wrl_backend_find(t->backend, NULL));
    CHECK(wrl_backend_find(NULL, NULL));
    CHECK(!wrl_backend_find("no_such_backend", NULL));
    CHECK(!wrl_backend_find("", NULL));
    wrl_backend_info_t info = {"x", "x", "x", true};
    CHECK(!wrl_backend_find("no_such_backend", &info));
    return true;
}

static bool register_own(wrl_test_t *t)
{
    OK(wrl_backend_register(open_double));
    size_t count = wrl_backend_count();
    /* Registering the same backend again succeeds. */
    OK(wrl_backend_register(open_double));
    EQUAL(wrl_backend_count(), count);
    wrl_backend_info_t info;
    CHECK(wrl_backend_find("conformance_double", &info));
    EQUAL_TEXT(info.engine_name, "none");
    CHECK(!info.is_default);
    /* The backend's error is returned with its message. */
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = "conformance_double";
    wrl_engine_t *engine = t->engine;
    FAILS(wrl_engine_new(&config, &engine), WRL_ERROR_UNSUPPORTED, "the double has no engine");
    CHECK(engine == NULL);
    /* The backend does not report exact traps, so the layer refuses the option without a call of the backend. */
    config.exact_traps = true;
    FAILS(wrl_engine_new(&config, &engine), WRL_ERROR_UNSUPPORTED, "exact_traps: ", "conformance_double");
    return true;
}

/* A backend that registers another one, as a shared object with several backends does. */
static bool register_within(wrl_test_t *t)
{
    (void)t;
    OK(wrl_backend_register(open_with_second));
    CHECK(wrl_backend_find("conformance_first", NULL));
    CHECK(wrl_backend_find("conformance_second", NULL));
    return true;
}

static bool register_refused(wrl_test_t *t)
{
    OK(wrl_backend_register(open_double));
    size_t count = wrl_backend_count();
    INVALID(wrl_backend_register(NULL), "open");
    INVALID(wrl_backend_register(open_refuses), "");
    INVALID(wrl_backend_register(open_other_version), "");
    INVALID(wrl_backend_register(open_no_name), "");
    INVALID(wrl_backend_register(open_no_engine_new), "engine_new");
    INVALID(wrl_backend_register(open_same_name), "conformance_double");
    EQUAL(wrl_backend_count(), count);
    CHECK(!wrl_backend_find("conformance_incomplete", NULL));
    return true;
}

#if defined(__wasm__)
#define LOAD_FAILURE WRL_ERROR_UNSUPPORTED
#else
#define LOAD_FAILURE WRL_ERROR_IO
#endif

static bool load_missing(wrl_test_t *t)
{
    const char *name = "unchanged";
    FAILS(wrl_backend_load("no/such/folder/wrl-nothing.so", &name), LOAD_FAILURE, "wrl-nothing.so");
    CHECK(name == NULL);
    FAILS(wrl_backend_load("no/such/folder/wrl-nothing.so", NULL), LOAD_FAILURE, "");
    INVALID(wrl_backend_load(NULL, &name), "path");
    CHECK(name == NULL);
    return true;
}

static bool load_not_a_backend(wrl_test_t *t)
{
    const char *name = "unchanged";
    size_t count = wrl_backend_count();
    FAILS(wrl_backend_load(t->not_a_backend, &name), WRL_ERROR_IO, t->not_a_backend, "wrl_backend_");
    CHECK(name == NULL);
    EQUAL(wrl_backend_count(), count);
    return true;
}

static const wrl_test_case_t cases[] = {
    {"backend.enumeration", enumeration, {NEED_NOTHING}},
    {"backend.past_the_end", past_the_end, {NEED_NOTHING}},
    {"backend.find", find, {NEED_NOTHING}},
    {"backend.register_own", register_own, {NEED_NOTHING}},
    {"backend.register_within", register_within, {NEED_NOTHING}},
    {"backend.register_refused", register_refused, {NEED_NOTHING}},
    {"backend.load_missing", load_missing, {NEED_NOTHING}},
    {"backend.load_not_a_backend", load_not_a_backend, {NEED_NOT_A_BACKEND}},
};
WRL_TEST_GROUP(backend);
