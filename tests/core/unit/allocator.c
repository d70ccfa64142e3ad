/* The allocator of a process: `allocator counted` counts allocations, `short` makes each allocation fail in turn, and
 * `late` sets an allocator after the library has allocated memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wrl.h>

typedef struct counts {
    size_t made;
    size_t live;
    size_t fail_at; /* The number of the allocation that fails; 0 for none. */
} counts_t;

static unsigned passed, failed;

static void check(bool held, const char *what)
{
    passed += held;
    failed += !held;
    if (!held) {
        printf("FAILED: %s\n", what);
    }
}

#define CHECK(condition) check((condition), #condition)

static bool fails_now(counts_t *counts)
{
    return ++counts->made == counts->fail_at;
}

/* Fills the memory, so that the library must clear what it needs cleared. */
static void *allocate(void *env, size_t size)
{
    counts_t *counts = (counts_t *)env;
    void *memory = size == 0 || fails_now(counts) ? NULL : malloc(size);
    counts->live += memory != NULL;
    return memory ? memset(memory, 0xA5, size) : NULL;
}

static void *reallocate(void *env, void *memory, size_t size)
{
    counts_t *counts = (counts_t *)env;
    void *moved = size == 0 || fails_now(counts) ? NULL : realloc(memory, size);
    counts->live += moved && !memory;
    return moved;
}

static void deallocate(void *env, void *memory)
{
    counts_t *counts = (counts_t *)env;
    counts->live -= memory != NULL;
    free(memory);
}

/* An error is memory of the library as well. */
static wrl_error_t *set(counts_t *counts)
{
    const wrl_allocator_t allocator = {sizeof(allocator), counts, allocate, reallocate, deallocate};
    return wrl_allocator_set(&allocator);
}

static wrl_error_t *fill(wrl_store_t *store)
{
    const wrl_memorytype_t memory_type = WRL_MEMORYTYPE(1, 1);
    wrl_error_t *error = NULL;
    wrl_memory_t memory;
    for (size_t i = 0; !error && i < 20; i++) {
        error = wrl_memory_new(store, &memory_type, &memory);
    }
    return error;
}

/* Makes and deletes objects of each kind. */
static wrl_error_t *use(void)
{
    static const unsigned char bytes[] = {0, 'a', 's', 'm', 1, 0, 0, 0, 5, 3, 1, 0, 1, 7, 5, 1, 1, 'm', 2, 0};
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = "null";
    wrl_engine_t *engine = NULL;
    wrl_store_t *store = NULL;
    wrl_module_t *module = NULL;
    wrl_instance_t instance;
    wrl_memory_t memory;
    wrl_error_t *error = wrl_engine_new(&config, &engine);
    error = error ? error : wrl_store_new(engine, NULL, &store);
    error = error ? error : wrl_module_new(engine, bytes, sizeof(bytes), NULL, &module);
    error = error ? error : wrl_instance_new(store, module, NULL, NULL, &instance);
    error = error ? error : wrl_instance_require_memory(store, instance, "m", &memory);
    error = error ? error : fill(store);
    wrl_module_release(module);
    wrl_store_delete(store);
    wrl_engine_release(engine);
    return error;
}

static void run_counted(counts_t *counts)
{
    CHECK(!set(counts));
    CHECK(counts->made == 0);
    wrl_error_t *error = use();
    CHECK(!error);
    wrl_error_delete(error);
    CHECK(counts->made > 20);
    /* The list of backends is never freed. */
    size_t left = counts->live;
    error = use();
    CHECK(!error && counts->live == left);
    wrl_error_delete(error);
    error = set(counts);
    CHECK(error && strstr(wrl_error_message(error), "too late"));
    wrl_error_delete(error);
    CHECK(counts->live == left);
}

static void run_short(counts_t *counts)
{
    CHECK(!set(counts));
    wrl_error_t *error = use();
    CHECK(!error);
    size_t left = counts->live;
    size_t most = counts->made;
    size_t short_runs = 0;
    for (size_t i = 1; i <= most; i++) {
        counts->made = 0;
        counts->fail_at = i;
        error = use();
        short_runs += error && wrl_error_kind(error) == WRL_ERROR_OUT_OF_MEMORY;
        wrl_error_delete(error);
    }
    CHECK(short_runs > 10);
    CHECK(counts->live == left);
}

static void run_late(counts_t *counts)
{
    wrl_error_t *error = wrl_error_new(WRL_ERROR_HOST, "memory");
    wrl_error_t *late = set(counts);
    CHECK(late && wrl_error_kind(late) == WRL_ERROR_INVALID_ARGUMENT);
    CHECK(late && strstr(wrl_error_message(late), "too late"));
    wrl_error_delete(late);
    wrl_error_delete(error);
    CHECK(counts->made == 0 && counts->live == 0);
}

int main(int argc, char **argv)
{
    static counts_t counts; /* Used until the process ends. */
    const char *way = argc > 1 ? argv[1] : "";
    if (strcmp(way, "counted") == 0) {
        run_counted(&counts);
    } else if (strcmp(way, "short") == 0) {
        run_short(&counts);
    } else if (strcmp(way, "late") == 0) {
        run_late(&counts);
    }
    printf("%u passed, %u failed\n", passed, failed);
    return failed || !passed ? 1 : 0;
}
