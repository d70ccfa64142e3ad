/* The checks, and the objects that the harness makes and releases for tests. */
#include "harness.h"

#include <stdarg.h>
#include <stdio.h>

bool test_fail(wrl_test_t *t, const char *file, int line, const char *format, ...)
{
    if (t->failed) {
        return false;
    }
    t->failed = true;
    const char *slash = strrchr(file, '/');
    int length = snprintf(t->message, sizeof(t->message), "%s:%d: ", slash ? slash + 1 : file, line);
    if (length < 0 || (size_t)length >= sizeof(t->message)) {
        return false;
    }
    va_list args;
    va_start(args, format);
    (void)vsnprintf(t->message + length, sizeof(t->message) - (size_t)length, format, args);
    va_end(args);
    return false;
}

bool test_ok(wrl_test_t *t, const char *file, int line, const char *what, wrl_error_t *error)
{
    if (!error) {
        return true;
    }
    (void)test_fail(t, file, line, "%s: %s: %s", what, wrl_error_kind_name(wrl_error_kind(error)),
                    wrl_error_message(error));
    wrl_error_delete(error);
    return false;
}

/* Returns the first of the words that the text does not contain, or NULL. */
static const char *missing_word(const char *text, const char *const *words)
{
    for (; *words; words++) {
        if (!strstr(text, *words)) {
            return *words;
        }
    }
    return NULL;
}

bool test_fails(wrl_test_t *t, const char *file, int line, const char *what, wrl_error_t *error, wrl_error_kind_t kind,
                const char *const *words)
{
    if (!error) {
        return test_fail(t, file, line, "%s: succeeded instead of failing with %s", what, wrl_error_kind_name(kind));
    }
    bool holds = true;
    const char *message = wrl_error_message(error);
    const char *missing = message ? missing_word(message, words) : "";
    if (wrl_error_kind(error) != kind) {
        holds = test_fail(t, file, line, "%s: expected %s, got %s: %s", what, wrl_error_kind_name(kind),
                          wrl_error_kind_name(wrl_error_kind(error)), message ? message : "(no message)");
    } else if (!message || !message[0]) {
        holds = test_fail(t, file, line, "%s: the error has no message", what);
    } else if (strchr(message, '\n')) {
        holds = test_fail(t, file, line, "%s: the message has more than one line: %s", what, message);
    } else if (missing) {
        holds = test_fail(t, file, line, "%s: the message does not contain \"%s\": %s", what, missing, message);
    }
    wrl_error_delete(error);
    return holds;
}

bool test_traps(wrl_test_t *t, const char *file, int line, const char *what, wrl_error_t *error, wrl_trap_code_t code)
{
    if (!error) {
        return test_fail(t, file, line, "%s: succeeded instead of trapping (%s)", what, wrl_trap_code_name(code));
    }
    bool holds = true;
    if (wrl_error_kind(error) != WRL_ERROR_TRAP || wrl_error_trap_code(error) != code) {
        holds = test_fail(t, file, line, "%s: expected the trap \"%s\", got %s, \"%s\": %s", what,
                          wrl_trap_code_name(code), wrl_error_kind_name(wrl_error_kind(error)),
                          wrl_trap_code_name(wrl_error_trap_code(error)), wrl_error_message(error));
    }
    wrl_error_delete(error);
    return holds;
}

bool test_contains(wrl_test_t *t, const char *file, int line, const char *text, const char *word)
{
    if (text && strstr(text, word)) {
        return true;
    }
    return test_fail(t, file, line, "no \"%s\" in \"%s\"", word, text ? text : "(null)");
}

bool test_equal_text(wrl_test_t *t, const char *file, int line, const char *what, const char *actual,
                     const char *expected)
{
    if (actual && strcmp(actual, expected) == 0) {
        return true;
    }
    return test_fail(t, file, line, "%s is \"%s\", not \"%s\"", what, actual ? actual : "(null)", expected);
}

bool test_equal_u64(wrl_test_t *t, const char *file, int line, const char *what, uint64_t actual, uint64_t expected)
{
    if (actual == expected) {
        return true;
    }
    return test_fail(t, file, line, "%s is %llu (0x%llx), not %llu (0x%llx)", what, (unsigned long long)actual,
                     (unsigned long long)actual, (unsigned long long)expected, (unsigned long long)expected);
}

/* ---- Ownership ---- */

bool test_own_error(wrl_test_t *t, wrl_error_t *error)
{
    CHECK(t->error_count < WRL_TEST_MAX_OWNED);
    t->errors[t->error_count++] = error;
    return true;
}

bool test_own_imports(wrl_test_t *t, wrl_imports_t *imports)
{
    CHECK(t->import_count < WRL_TEST_MAX_OWNED);
    t->imports[t->import_count++] = imports;
    return true;
}

bool test_own_store(wrl_test_t *t, wrl_store_t *store)
{
    CHECK(t->store_count < WRL_TEST_MAX_OWNED);
    t->stores[t->store_count++] = store;
    return true;
}

bool test_own_module(wrl_test_t *t, wrl_module_t *module)
{
    CHECK(t->module_count < WRL_TEST_MAX_OWNED);
    t->modules[t->module_count++] = module;
    return true;
}

bool test_own_engine(wrl_test_t *t, wrl_engine_t *engine)
{
    CHECK(t->engine_count < WRL_TEST_MAX_OWNED);
    t->engines[t->engine_count++] = engine;
    return true;
}

bool test_engine(wrl_test_t *t, const char *backend, wrl_engine_t **engine)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = backend;
    config.exact_traps = t->exact_traps && strcmp(backend, t->backend) == 0;
    OK(wrl_engine_new(&config, engine));
    return test_own_engine(t, *engine);
}

bool test_store(wrl_test_t *t, wrl_engine_t *engine, wrl_store_t **store)
{
    OK(wrl_store_new(engine, NULL, store));
    return test_own_store(t, *store);
}

bool test_module_bytes(wrl_test_t *t, const void *bytes, size_t size, wrl_module_t **module)
{
    OK(wrl_module_new(t->engine, bytes, size, NULL, module));
    return test_own_module(t, *module);
}

bool test_module(wrl_test_t *t, wrl_guest_t guest, wrl_module_t **module)
{
    return test_module_bytes(t, guest.bytes, guest.size, module);
}

bool test_imports(wrl_test_t *t, wrl_imports_t **imports)
{
    OK(wrl_imports_new(imports));
    return test_own_imports(t, *imports);
}

bool test_instance_in(wrl_test_t *t, wrl_store_t *store, wrl_guest_t guest, const wrl_imports_t *imports,
                      wrl_instance_t *instance)
{
    wrl_module_t *module;
    OK(wrl_module_new(wrl_store_engine(store), guest.bytes, guest.size, NULL, &module));
    wrl_error_t *error = wrl_instance_new(store, module, imports, NULL, instance);
    /* The instance keeps its module alive. */
    wrl_module_release(module);
    OK(error);
    return true;
}

bool test_instance(wrl_test_t *t, wrl_guest_t guest, const wrl_imports_t *imports, wrl_instance_t *instance)
{
    return test_instance_in(t, t->store, guest, imports, instance);
}

bool test_call(wrl_test_t *t, wrl_instance_t instance, const char *name, const wrl_val_t *args, size_t count,
               wrl_val_t *result)
{
    wrl_func_t func;
    CHECK(wrl_instance_get_func(t->store, instance, name, &func));
    OK(wrl_func_call(t->store, func, args, count, result, result ? 1 : 0));
    return true;
}

bool test_instance_with(wrl_test_t *t, wrl_store_t *store, wrl_guest_t guest, const char *name, wrl_func_t func,
                        wrl_instance_t *instance)
{
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    OK(wrl_imports_define(imports, "host", name, wrl_extern_from_func(func)));
    return test_instance_in(t, store, guest, imports, instance);
}

bool test_guest_func(wrl_test_t *t, wrl_guest_t guest, const char *name, wrl_func_t *func)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest, NULL, &instance));
    CHECK(wrl_instance_get_func(t->store, instance, name, func));
    return true;
}

/* ---- Small helpers ---- */

bool test_has(const wrl_test_t *t, wrl_feature_t feature)
{
    return wrl_engine_supports(t->engine, feature);
}

bool test_call_i32(wrl_test_t *t, wrl_store_t *store, wrl_instance_t instance, const char *name, const int32_t *args,
                   size_t arg_count, int32_t *result)
{
    wrl_val_t vals[8];
    CHECK(arg_count <= sizeof(vals) / sizeof(vals[0]));
    for (size_t i = 0; i < arg_count; i++) {
        vals[i] = WRL_I32(args[i]);
    }
    wrl_func_t func;
    CHECK(wrl_instance_get_func(store, instance, name, &func));
    wrl_val_t value;
    OK(wrl_func_call(store, func, vals, arg_count, &value, 1));
    CHECK(value.kind == WRL_VALKIND_I32);
    *result = value.of.i32;
    return true;
}

bool same_extern(const wrl_extern_t *a, const wrl_extern_t *b)
{
    if (a->kind != b->kind) {
        return false;
    }
    switch (a->kind) {
    case WRL_EXTERN_FUNC:
        return wrl_func_equal(a->of.func, b->of.func);
    case WRL_EXTERN_GLOBAL:
        return a->of.global.store_id == b->of.global.store_id && a->of.global.index == b->of.global.index;
    case WRL_EXTERN_MEMORY:
        return a->of.memory.store_id == b->of.memory.store_id && a->of.memory.index == b->of.memory.index;
    case WRL_EXTERN_TABLE:
        return a->of.table.store_id == b->of.table.store_id && a->of.table.index == b->of.table.index;
    case WRL_EXTERN_TAG:
        return a->of.tag.store_id == b->of.tag.store_id && a->of.tag.index == b->of.tag.index;
    case WRL_EXTERN_NONE:
        break;
    }
    return true;
}

void count_finalizer(void *data)
{
    int *count = data;
    (*count)++;
}

wrl_error_t *host_nothing(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count, wrl_val_t *results,
                          size_t result_count)
{
    (void)env;
    (void)caller;
    (void)args;
    (void)arg_count;
    (void)results;
    (void)result_count;
    return NULL;
}

wrl_error_t *host_nothing_raw(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    (void)caller;
    (void)slots;
    return NULL;
}

bool test_nothing_func(wrl_test_t *t, wrl_store_t *store, wrl_func_t *func)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    OK(wrl_func_new(store, &type, host_nothing, NULL, NULL, func));
    return true;
}

void test_await(wrl_test_t *t)
{
    atomic_fetch_add(&t->awaited, 1);
}

void test_called(wrl_test_t *t)
{
    atomic_fetch_sub(&t->awaited, 1);
}
