/*
 * Behaviour at the limits of the host's engine. The backend's additions to a guest never make a valid module invalid,
 * and a lack of address space is reported as such. Runs in Node and on pages.
 */
#include <wrl.h>

#include <emscripten.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int passed, failed;
static wrl_engine_t *engine;

static void tell(const char *name, bool good)
{
    passed += good;
    failed += !good;
    (void)printf("%s  %s\n", good ? "ok  " : "FAIL", name);
}

static bool is_ok(wrl_error_t *error)
{
    if (error) {
        (void)printf("      %s: %s\n", wrl_error_kind_name(wrl_error_kind(error)), wrl_error_message(error));
        wrl_error_delete(error);
    }
    return !error;
}

/* ---- Modules ---- */

/* The size of the buffer for modules. The largest modules are those that Chromium only compiles asynchronously. */
enum { LARGE = 9 << 20, MOST = LARGE + (1 << 20) };

typedef struct writer {
    uint8_t *bytes;
    size_t size;
} writer_t;

static void put(writer_t *out, unsigned byte)
{
    out->bytes[out->size++] = (uint8_t)byte;
}

static void put_u32(writer_t *out, uint32_t value)
{
    for (; value > 0x7f; value >>= 7) {
        put(out, value | 0x80);
    }
    put(out, value);
}

static void put_all(writer_t *out, const void *bytes, size_t size)
{
    memcpy(out->bytes + out->size, bytes, size);
    out->size += size;
}

/* Begins a section and returns its position. end() writes the size before it, in five bytes. */
static size_t begin(writer_t *out, unsigned id)
{
    put(out, id);
    out->size += 5;
    return out->size;
}

static void end(writer_t *out, size_t start)
{
    size_t size = out->size - start;
    for (int i = 0; i < 5; i++, size >>= 7) {
        out->bytes[start - 5 + i] = (uint8_t)((size & 0x7f) | (i < 4 ? 0x80 : 0));
    }
}

static bool open_module(writer_t *out)
{
    static const uint8_t head[] = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0};
    *out = (writer_t){malloc(MOST), 0};
    if (out->bytes) {
        put_all(out, head, sizeof head);
    }
    return out->bytes != NULL;
}

/* Writes one function, which does nothing or calls functions 0 and `last`. */
static void put_code(writer_t *out, uint32_t last)
{
    size_t code = begin(out, 10);
    put(out, 1);
    size_t body = out->size;
    put(out, 0);
    put(out, 0);
    if (last) {
        put(out, 0x10);
        put(out, 0);
        put(out, 0x10);
        put_u32(out, last);
    }
    put(out, 0x0b);
    out->bytes[body] = (uint8_t)(out->size - body - 1);
    end(out, code);
}

/* ---- Exports: the backend adds an export for the start function ---- */

/* Exports a function under `count` names of three letters, or under one name with `count` letters. */
static wrl_error_t *new_exports(uint32_t count, bool one_name, bool starts, wrl_module_t **module)
{
    static const uint8_t functions[] = {3, 2, 1, 0}, start[] = {8, 1, 0};
    writer_t out;
    if (!open_module(&out)) {
        return wrl_error_new(WRL_ERROR_OUT_OF_MEMORY, "the test's own memory");
    }
    put_all(&out, functions, sizeof functions);
    size_t section = begin(&out, 7);
    put_u32(&out, one_name ? 1 : count);
    if (one_name) {
        put_u32(&out, count);
        memset(out.bytes + out.size, 'x', count);
        out.size += count;
        put(&out, 0);
        put(&out, 0);
    }
    for (uint32_t i = 0; i < count && !one_name; i++) {
        const uint8_t name[] = {3, (uint8_t)(' ' + i % 95), (uint8_t)(' ' + i / 95 % 95), (uint8_t)(1 + i / 9025), 0,
                                0};
        put_all(&out, name, sizeof name);
    }
    end(&out, section);
    if (starts) {
        put_all(&out, start, sizeof start);
    }
    put_code(&out, 0);
    wrl_error_t *error = wrl_module_new(engine, out.bytes, out.size, NULL, module);
    free(out.bytes);
    return error;
}

static bool compiles(uint32_t count, bool one_name)
{
    wrl_module_t *module = NULL;
    wrl_error_t *error = new_exports(count, one_name, false, &module);
    wrl_module_release(module);
    wrl_error_delete(error);
    return !error;
}

/* With a start function, a module at the engine's limit may be too large. A module at one below the limit must compile.
 */
static bool start_at_limit(uint32_t limit, bool one_name)
{
    wrl_module_t *module = NULL;
    wrl_error_t *error = new_exports(limit, one_name, true, &module);
    bool good = !error || wrl_error_kind(error) == WRL_ERROR_RESOURCE_LIMIT;
    (void)printf("      %s\n", error ? wrl_error_message(error) : "compiled");
    wrl_error_delete(error);
    wrl_module_release(module);
    good = good && is_ok(new_exports(limit - 1, one_name, true, &module));
    wrl_module_release(module);
    return good;
}

static void test_exports(void)
{
    static const uint32_t limits[] = {100000, 1000000};
    bool found = false;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        if (compiles(limits[i], false) && !compiles(limits[i] + 1, false)) {
            found = true;
            tell("as many exports as the engine allows, and a start function", start_at_limit(limits[i], false));
        }
    }
    tell("the engine's limit of exports is known", found);
    /* V8 does not limit the length of names. */
    tell("a name as long as most engines allow, and a start function", start_at_limit(limits[0], true));
}

/* ---- Imports: the shims' module has additional ones ---- */

static int calls;

static wrl_error_t *on_call(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    (void)caller;
    (void)slots;
    calls++;
    return NULL;
}

/* Writes `count` imports (import "e" "h" (func)), and "f", which calls the first and the last. */
static wrl_error_t *new_imports(uint32_t count, wrl_module_t **module)
{
    static const uint8_t import[] = {1, 'e', 1, 'h', 0, 0}, functions[] = {3, 2, 1, 0};
    writer_t out;
    if (!open_module(&out)) {
        return wrl_error_new(WRL_ERROR_OUT_OF_MEMORY, "the test's own memory");
    }
    size_t section = begin(&out, 2);
    put_u32(&out, count);
    for (uint32_t i = 0; i < count; i++) {
        put_all(&out, import, sizeof import);
    }
    end(&out, section);
    put_all(&out, functions, sizeof functions);
    section = begin(&out, 7);
    put(&out, 1);
    put(&out, 1);
    put(&out, 'f');
    put(&out, 0);
    put_u32(&out, count);
    end(&out, section);
    put_code(&out, count - 1);
    wrl_error_t *error = wrl_module_new(engine, out.bytes, out.size, NULL, module);
    free(out.bytes);
    return error;
}

/* Links the module and calls "f". An error must name the limit. On a page, Chromium does not compile that many shims
 * synchronously. */
static bool link_imports(const wrl_module_t *module)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    wrl_store_t *store = NULL;
    wrl_imports_t *imports = NULL;
    wrl_instance_t instance;
    wrl_func_t func;
    bool good = is_ok(wrl_store_new(engine, NULL, &store)) && is_ok(wrl_imports_new(&imports)) &&
                is_ok(wrl_func_new_raw(store, &type, on_call, NULL, NULL, &func)) &&
                is_ok(wrl_imports_define(imports, "e", "h", wrl_extern_from_func(func)));
    wrl_error_t *error = good ? wrl_instance_new(store, (wrl_module_t *)module, imports, NULL, &instance) : NULL;
    calls = 0;
    if (error) {
        (void)printf("      %s\n", wrl_error_message(error));
        const char *message = wrl_error_message(error);
        good = wrl_error_kind(error) == WRL_ERROR_RESOURCE_LIMIT &&
               (strstr(message, "import") || strstr(message, "main thread"));
        wrl_error_delete(error);
    } else {
        good = good && wrl_instance_get_func(store, instance, "f", &func) &&
               is_ok(wrl_func_call(store, func, NULL, 0, NULL, 0)) && calls == 2;
    }
    wrl_imports_delete(imports);
    wrl_store_delete(store);
    return good;
}

static void test_imports(void)
{
    for (uint32_t count = 99998; count <= 100000; count++) {
        char name[64];
        wrl_module_t *module = NULL;
        (void)snprintf(name, sizeof name, "%u imported host functions", (unsigned)count);
        tell(name, is_ok(new_imports(count, &module)) && link_imports(module));
        wrl_module_release(module);
    }
}

/* ---- Address space for memories ---- */

/* Makes memories of 4 GiB until the address space is used up. Returns false if many memories do not use it up. */
static bool fill(wrl_store_t *store, wrl_error_t **error)
{
    enum { ENOUGH = 300 };
    const wrl_memorytype_t type = WRL_MEMORYTYPE(65536, 65536);
    wrl_memory_t memory;
    int count = 0;
    for (*error = NULL; count < ENOUGH && !*error; count++) {
        *error = wrl_memory_new(store, &type, &memory);
    }
    (void)printf("      %d memories: %s\n", count, *error ? wrl_error_message(*error) : "and there is room for more");
    return *error;
}

/* Writes a module with a memory of 4 GiB and a segment or, if `leaves` is true, a small memory and a segment that does
 * not fit. A custom section pads the module to `size` bytes. */
static size_t write_memory(writer_t *out, size_t size, bool leaves)
{
    static const uint8_t memory[] = {5, 5, 1, 0, 0x80, 0x80, 4}, small[] = {5, 3, 1, 0, 1},
                         segment[] = {11, 9, 1, 0, 0x41, 0xff, 0xff, 3, 0x0b, 1, 'x'},
                         beyond[] = {11, 9, 1, 0, 0x41, 0x80, 0x80, 4, 0x0b, 1, 'x'};
    if (!open_module(out)) {
        return 0;
    }
    put_all(out, leaves ? small : memory, leaves ? sizeof small : sizeof memory);
    put_all(out, leaves ? beyond : segment, sizeof segment);
    if (size > out->size) {
        size_t custom = begin(out, 0);
        put(out, 0);
        memset(out->bytes + out->size, 0, size - out->size);
        out->size = size;
        end(out, custom);
    }
    return out->size;
}

static wrl_store_t *full; /* Its memories leave no address space for another memory. */

static void test_instance(const char *name, const wrl_module_t *module, wrl_error_kind_t kind, wrl_trap_code_t code)
{
    wrl_store_t *store = NULL;
    wrl_instance_t instance;
    bool good = is_ok(wrl_store_new(engine, NULL, &store));
    wrl_error_t *error = good ? wrl_instance_new(store, (wrl_module_t *)module, NULL, NULL, &instance) : NULL;
    (void)printf("      %s\n", error ? wrl_error_message(error) : "no error");
    tell(name, error && wrl_error_kind(error) == kind && wrl_error_trap_code(error) == code);
    wrl_error_delete(error);
    wrl_store_delete(store);
}

static void test_small_module(void)
{
    writer_t out;
    wrl_module_t *module = NULL;
    size_t size = write_memory(&out, 0, false);
    bool good = size && is_ok(wrl_module_new(engine, out.bytes, size, NULL, &module));
    free(out.bytes);
    if (good) {
        test_instance("no room for a module's memory", module, WRL_ERROR_RESOURCE_LIMIT, WRL_TRAP_NONE);
    }
    wrl_module_release(module);
}

static void finish(void)
{
    wrl_store_delete(full);
    wrl_engine_release(engine);
    (void)printf("%d passed, %d failed\n", passed, failed);
    emscripten_force_exit(failed || !passed);
}

static void compile_large(bool leaves);

static void on_large(void *env, wrl_error_t *error, wrl_module_t *module)
{
    bool leaves = env;
    if (!is_ok(error)) {
        tell("a large module compiles", false);
    } else if (leaves) {
        test_instance("a segment leaves a large module's memory", module, WRL_ERROR_TRAP,
                      WRL_TRAP_MEMORY_OUT_OF_BOUNDS);
    } else {
        test_instance("no room for a large module's memory", module, WRL_ERROR_RESOURCE_LIMIT, WRL_TRAP_NONE);
    }
    wrl_module_release(module);
    if (leaves) {
        finish();
        return;
    }
    wrl_store_delete(full);
    full = NULL;
    compile_large(true);
}

static void compile_large(bool leaves)
{
    writer_t out;
    size_t size = write_memory(&out, LARGE, leaves);
    if (!size || !is_ok(wrl_module_new_async(engine, out.bytes, size, NULL, on_large, leaves ? &failed : NULL))) {
        tell("a large module is compiled", false);
        finish();
    }
    free(out.bytes);
}

/* A table that is larger than engines permit is never a trap of the guest: SpiderMonkey reports it at instantiation,
 * the other engines when they compile. JavaScriptCore calls the module invalid. */
static void test_table(void)
{
    /* (module (table 10000001 funcref)) */
    static const uint8_t bytes[] = {0, 'a', 's', 'm', 1, 0, 0, 0, 4, 7, 1, 0x70, 0, 0x81, 0xad, 0xe2, 4};
    wrl_module_t *module = NULL;
    wrl_store_t *store = NULL;
    wrl_instance_t instance;
    bool good = is_ok(wrl_store_new(engine, NULL, &store));
    wrl_error_t *error = wrl_module_new(engine, bytes, sizeof bytes, NULL, &module);
    if (good && !error) {
        error = wrl_instance_new(store, module, NULL, NULL, &instance);
    }
    wrl_error_kind_t kind = wrl_error_kind(error);
    good = good && error && (kind == WRL_ERROR_RESOURCE_LIMIT || (kind == WRL_ERROR_INVALID && !module));
    tell("a table beyond the engine's limit", good);
    if (!good && error) {
        (void)printf("      %s: %s\n", wrl_error_kind_name(kind), wrl_error_message(error));
    }
    wrl_error_delete(error);
    wrl_store_delete(store);
    wrl_module_release(module);
}

int main(void)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    wrl_error_t *error = NULL;
    config.backend = "js";
    if (!is_ok(wrl_engine_new(&config, &engine)) || !is_ok(wrl_store_new(engine, NULL, &full))) {
        return 1;
    }
    test_exports();
    test_imports();
    test_table();
    if (fill(full, &error)) {
        tell("no room for the program's memory", wrl_error_kind(error) == WRL_ERROR_RESOURCE_LIMIT);
        wrl_error_delete(error);
        test_small_module();
        compile_large(false);
    } else {
        compile_large(true);
    }
    return 0;
}
