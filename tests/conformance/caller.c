/* The calling instance during instantiation, during nested instantiation, and after a failed one. */
#include "harness.h"

/* The exports that a host function finds in its caller. */
typedef struct sight {
    wrl_instance_t instance;
    size_t param_count, result_count; /* Of the function "f". */
    wrl_valkind_t result;             /* Of "f", or WRL_VALKIND_NONE. */
    uint64_t pages;                   /* Of the memory. */
    uint64_t elements;                /* Of the table, or 0. */
    wrl_valkind_t content;            /* Of the global, or WRL_VALKIND_NONE. */
    wrl_memory_t memory;
} sight_t;

typedef struct watcher {
    wrl_test_t *t;
    wrl_module_t *loaded;
    wrl_module_t *second;
    wrl_imports_t *imports;
    bool all;            /* The caller exports a table and a global as well. */
    bool no_exports;     /* The engine reports no exports of the caller, so that a look-up fails with UNSUPPORTED. */
    wrl_table_t table;   /* "env" "t" */
    wrl_memory_t memory; /* "env" "m" */
    sight_t sights[8];
    size_t count;
} watcher_t;

static wrl_error_t *see_func(wrl_caller_t *caller, sight_t *sight)
{
    wrl_store_t *store = wrl_caller_store(caller);
    wrl_func_t func;
    wrl_functype_t type;
    HOST_FOUND(wrl_caller_get_func(caller, "f", &func));
    type = wrl_func_type(store, func);
    sight->param_count = type.param_count;
    sight->result_count = type.result_count;
    sight->result = type.result_count ? type.results[0].kind : WRL_VALKIND_NONE;
    return NULL;
}

static wrl_error_t *see_others(wrl_caller_t *caller, sight_t *sight)
{
    wrl_store_t *store = wrl_caller_store(caller);
    wrl_extern_t item;
    HOST_FOUND(wrl_caller_get_export(caller, "table", &item));
    sight->elements = wrl_table_size(store, item.of.table);
    HOST_FOUND(wrl_caller_get_export(caller, "global", &item));
    sight->content = wrl_global_type(store, item.of.global).content.kind;
    return NULL;
}

static wrl_error_t *look(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)slots;
    watcher_t *watcher = env;
    wrl_test_t *t = watcher->t;
    HOST_CHECK(watcher->count < sizeof(watcher->sights) / sizeof(watcher->sights[0]));
    sight_t *sight = &watcher->sights[watcher->count++];
    memset(sight, 0, sizeof(*sight));
    sight->instance = wrl_caller_instance(caller);
    if (!sight->instance.store_id) {
        return NULL;
    }
    wrl_error_t *error = see_func(caller, sight);
    if (error && watcher->no_exports) {
        wrl_export_t item;
        wrl_error_delete(error);
        error = wrl_instance_export(wrl_caller_store(caller), sight->instance, 0, &item);
        HOST_CHECK(error && wrl_error_kind(error) == WRL_ERROR_UNSUPPORTED);
        wrl_error_delete(error);
        return NULL;
    }
    HOST_OK(error);
    if (watcher->no_exports) {
        return NULL;
    }
    HOST_FOUND(wrl_caller_get_memory(caller, "memory", &sight->memory));
    sight->pages = wrl_memory_size(wrl_caller_store(caller), sight->memory);
    return watcher->all ? see_others(caller, sight) : NULL;
}

/* Makes two instances one after the other. Both fail. */
static wrl_error_t *load(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)slots;
    const watcher_t *watcher = env;
    wrl_test_t *t = watcher->t;
    wrl_module_t *modules[] = {watcher->loaded, watcher->second};
    for (size_t i = 0; i < 2; i++) {
        wrl_instance_t instance;
        wrl_error_t *error = wrl_instance_new(wrl_caller_store(caller), modules[i], watcher->imports, NULL, &instance);
        HOST_CHECK(error && wrl_error_kind(error) == WRL_ERROR_TRAP);
        wrl_error_delete(error);
    }
    return NULL;
}

static bool prepare(wrl_test_t *t, watcher_t *watcher)
{
    *watcher = (watcher_t){.t = t, .all = true};
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    wrl_func_t looking, loading;
    OK(wrl_func_new_raw(t->store, &type, look, watcher, NULL, &looking));
    OK(wrl_func_new_raw(t->store, &type, load, watcher, NULL, &loading));
    const wrl_tabletype_t table_type = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 8, 20);
    const wrl_val_t null = WRL_NULL_FUNCREF;
    OK(wrl_table_new(t->store, &table_type, &null, &watcher->table));
    const wrl_memorytype_t memory_type = WRL_MEMORYTYPE(1, 1);
    OK(wrl_memory_new(t->store, &memory_type, &watcher->memory));
    TRY(test_imports(t, &watcher->imports));
    OK(wrl_imports_define(watcher->imports, "host", "look", wrl_extern_from_func(looking)));
    OK(wrl_imports_define(watcher->imports, "host", "load", wrl_extern_from_func(loading)));
    OK(wrl_imports_define(watcher->imports, "env", "t", wrl_extern_from_table(watcher->table)));
    OK(wrl_imports_define(watcher->imports, "env", "m", wrl_extern_from_memory(watcher->memory)));
    TRY(test_module(t, guest_caller_loaded, &watcher->loaded));
    TRY(test_module(t, guest_caller_left, &watcher->second));
    return true;
}

/* Calls the function that a failed instance left in the table. */
static bool call_left(wrl_test_t *t, const watcher_t *watcher, uint64_t index)
{
    wrl_val_t element;
    OK(wrl_table_get(t->store, watcher->table, index, &element));
    CHECK(!wrl_func_is_null(element.of.func));
    OK(wrl_func_call(t->store, element.of.func, NULL, 0, NULL, 0));
    return true;
}

#define SEES(sight, f_params, f_results, f_result, memory_pages, table_elements, global_content)                       \
    do {                                                                                                               \
        EQUAL((sight)->instance.store_id != 0, true);                                                                  \
        EQUAL((sight)->param_count, f_params);                                                                         \
        EQUAL((sight)->result_count, f_results);                                                                       \
        EQUAL((sight)->result, f_result);                                                                              \
        EQUAL((sight)->pages, memory_pages);                                                                           \
        EQUAL((sight)->elements, table_elements);                                                                      \
        EQUAL((sight)->content, global_content);                                                                       \
    } while (0)
#define SEES_LOADS(sight) SEES(sight, 0, 1, WRL_VALKIND_I32, 2, 3, WRL_VALKIND_I32)
#define SEES_LOADED(sight) SEES(sight, 3, 0, WRL_VALKIND_NONE, 1, 5, WRL_VALKIND_I64)
#define SEES_LEFT(sight) SEES(sight, 0, 1, WRL_VALKIND_FUNCREF, 3, 6, WRL_VALKIND_F64)

static bool same_instance(wrl_instance_t a, wrl_instance_t b)
{
    return a.store_id == b.store_id && a.index == b.index;
}

/* Three instances that are unfinished at the same time or have failed. Each instance finds its own exports, also when
 * it is called through the table. */
static bool unfinished(wrl_test_t *t)
{
    watcher_t watcher;
    TRY(prepare(t, &watcher));
    wrl_instance_t instance;
    TRY(test_instance(t, guest_caller_loads, watcher.imports, &instance));
    EQUAL(watcher.count, 2);
    SEES_LOADED(&watcher.sights[0]);
    CHECK(watcher.sights[0].memory.index == watcher.memory.index);
    SEES_LOADS(&watcher.sights[1]);
    CHECK(same_instance(watcher.sights[1].instance, instance));
    TRY(call_left(t, &watcher, 2));
    TRY(call_left(t, &watcher, 1));
    TRY(test_call(t, instance, "look", NULL, 0, NULL));
    EQUAL(watcher.count, 5);
    SEES_LEFT(&watcher.sights[2]);
    SEES_LOADED(&watcher.sights[3]);
    CHECK(same_instance(watcher.sights[3].instance, watcher.sights[0].instance));
    SEES_LOADS(&watcher.sights[4]);
    /* wrl_instance_get_memory() returns the same memory. */
    wrl_memory_t memory;
    CHECK(wrl_instance_get_memory(t->store, instance, "memory", &memory));
    CHECK(memory.index == watcher.sights[1].memory.index);
    /* The handle of the failed instance is valid. */
    wrl_module_t *module = wrl_instance_module(t->store, watcher.sights[2].instance);
    CHECK(module == watcher.second);
    return true;
}

/* The same modules one after the other, in both orders. Each instance is called for the first time after both have
 * failed. */
static bool failed_in_turn(wrl_test_t *t)
{
    for (size_t first = 0; first < 2; first++) {
        watcher_t watcher;
        TRY(prepare(t, &watcher));
        for (size_t i = 0; i < 2; i++) {
            wrl_instance_t instance;
            wrl_module_t *module = (i ^ first) ? watcher.second : watcher.loaded;
            TRAPS(wrl_instance_new(t->store, module, watcher.imports, NULL, &instance), WRL_TRAP_UNREACHABLE);
        }
        watcher.count = 0;
        TRY(call_left(t, &watcher, 1));
        TRY(call_left(t, &watcher, 2));
        TRY(call_left(t, &watcher, 1));
        SEES_LOADED(&watcher.sights[0]);
        SEES_LEFT(&watcher.sights[1]);
        SEES_LOADED(&watcher.sights[2]);
        CHECK(same_instance(watcher.sights[0].instance, watcher.sights[2].instance));
        CHECK(!same_instance(watcher.sights[0].instance, watcher.sights[1].instance));
    }
    return true;
}

/* An instance whose segment failed, between two other failed instances. */
static bool failed_segment(wrl_test_t *t)
{
    watcher_t watcher;
    TRY(prepare(t, &watcher));
    wrl_module_t *module;
    TRY(test_module(t, guest_caller_failed_data, &module));
    wrl_instance_t instance;
    TRAPS(wrl_instance_new(t->store, watcher.second, watcher.imports, NULL, &instance), WRL_TRAP_UNREACHABLE);
    TRAPS(wrl_instance_new(t->store, module, watcher.imports, NULL, &instance), WRL_TRAP_MEMORY_OUT_OF_BOUNDS);
    TRAPS(wrl_instance_new(t->store, watcher.loaded, watcher.imports, NULL, &instance), WRL_TRAP_UNREACHABLE);
    watcher.count = 0;
    TRY(call_left(t, &watcher, 2));
    SEES_LEFT(&watcher.sights[0]);
    watcher.all = false;
    watcher.no_exports = !strncmp(t->backend, "js", 2); /* JS never returned an instance object, so the instance has no
                                                         * exports. */
    TRY(call_left(t, &watcher, 3));
    CHECK(watcher.sights[1].instance.store_id);
    CHECK(!same_instance(watcher.sights[1].instance, watcher.sights[0].instance));
    if (!watcher.no_exports) {
        SEES(&watcher.sights[1], 1, 1, WRL_VALKIND_F32, 4, 0, WRL_VALKIND_NONE);
    }
    return true;
}

/* ---- Tags: the core reads a tag's type from the module, because a handle only contains a kind ---- */

enum { TAG_GUESTS = 3 };

typedef struct tag_sight {
    wrl_instance_t instance;
    uint64_t tag; /* The handle's index. */
    size_t param_count;
    wrl_valkind_t first; /* Of the parameters. */
} tag_sight_t;

typedef struct tag_watcher {
    wrl_test_t *t;
    wrl_module_t *modules[TAG_GUESTS]; /* The start function of each module instantiates the next module. */
    wrl_imports_t *imports;
    size_t depth; /* How many instances are unfinished. */
    size_t most;  /* How many instances to nest. */
    tag_sight_t sights[4 * TAG_GUESTS];
    size_t count;
} tag_watcher_t;

static wrl_error_t *look_at_tag(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)slots;
    tag_watcher_t *watcher = env;
    wrl_test_t *t = watcher->t;
    HOST_CHECK(watcher->count < sizeof(watcher->sights) / sizeof(watcher->sights[0]));
    tag_sight_t *sight = &watcher->sights[watcher->count++];
    wrl_extern_t item;
    wrl_externtype_t type;
    sight->instance = wrl_caller_instance(caller);
    HOST_FOUND(wrl_caller_get_export(caller, "tag", &item));
    HOST_CHECK(item.kind == WRL_EXTERN_TAG);
    type = wrl_extern_type(wrl_caller_store(caller), item);
    sight->tag = item.of.tag.index;
    sight->param_count = type.of.tag.param_count;
    sight->first = type.of.tag.params[0].kind;
    return NULL;
}

static wrl_error_t *make_next(tag_watcher_t *watcher, wrl_store_t *store, wrl_instance_t *instance)
{
    size_t place = watcher->depth++;
    wrl_error_t *error = wrl_instance_new(store, watcher->modules[place], watcher->imports, NULL, instance);
    watcher->depth--;
    return error;
}

static wrl_error_t *load_next(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)slots;
    tag_watcher_t *watcher = env;
    wrl_test_t *t = watcher->t;
    if (watcher->depth < watcher->most) {
        wrl_instance_t instance;
        wrl_error_t *error = make_next(watcher, wrl_caller_store(caller), &instance);
        HOST_CHECK(error && wrl_error_trap_code(error) == WRL_TRAP_UNREACHABLE);
        wrl_error_delete(error);
    }
    return NULL;
}

/* Lets only the outermost instance finish. */
static wrl_error_t *may_stay(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)caller;
    const tag_watcher_t *watcher = env;
    slots[0].i32 = watcher->depth == 1;
    return NULL;
}

static bool prepare_tags(wrl_test_t *t, tag_watcher_t *watcher, wrl_table_t *table)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    const wrl_functype_t asks = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_TYPES(WRL_TYPE_I32));
    wrl_func_t looking, loading, staying;
    OK(wrl_func_new_raw(t->store, &type, look_at_tag, watcher, NULL, &looking));
    OK(wrl_func_new_raw(t->store, &type, load_next, watcher, NULL, &loading));
    OK(wrl_func_new_raw(t->store, &asks, may_stay, watcher, NULL, &staying));
    const wrl_tabletype_t table_type = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 8, 20);
    const wrl_val_t null = WRL_NULL_FUNCREF;
    OK(wrl_table_new(t->store, &table_type, &null, table));
    TRY(test_imports(t, &watcher->imports));
    OK(wrl_imports_define(watcher->imports, "host", "look", wrl_extern_from_func(looking)));
    OK(wrl_imports_define(watcher->imports, "host", "load", wrl_extern_from_func(loading)));
    OK(wrl_imports_define(watcher->imports, "host", "stays", wrl_extern_from_func(staying)));
    OK(wrl_imports_define(watcher->imports, "env", "t", wrl_extern_from_table(*table)));
    return true;
}

/* Checks for the tag of a guest, by the guest's number. */
static bool sees_tag(wrl_test_t *t, const tag_sight_t *sight, size_t guest)
{
    const wrl_valkind_t first[TAG_GUESTS] = {WRL_VALKIND_I32, WRL_VALKIND_I64, WRL_VALKIND_F64};
    EQUAL(sight->param_count, guest + 1);
    EQUAL(sight->first, first[guest]);
    return true;
}

/* Nests the instantiation of `count` guests, outermost first or innermost first. Then calls each one through the table,
 * in both orders. */
static bool nest_tags(wrl_test_t *t, size_t count, bool backwards)
{
    tag_watcher_t watcher = {.t = t, .most = count};
    wrl_table_t table;
    TRY(prepare_tags(t, &watcher, &table));
    const wrl_guest_t guests[] = {guest_caller_tag_one, guest_caller_tag_two, guest_caller_tag_three};
    size_t order[TAG_GUESTS];
    for (size_t i = 0; i < count; i++) {
        order[i] = backwards ? count - 1 - i : i;
        TRY(test_module(t, guests[order[i]], &watcher.modules[i]));
    }
    wrl_instance_t instance;
    OK(make_next(&watcher, t->store, &instance));
    /* The innermost instance looks first. */
    EQUAL(watcher.count, count);
    tag_sight_t known[TAG_GUESTS];
    for (size_t i = 0; i < count; i++) {
        TRY(sees_tag(t, &watcher.sights[i], order[count - 1 - i]));
        known[order[count - 1 - i]] = watcher.sights[i];
    }
    CHECK(same_instance(watcher.sights[count - 1].instance, instance));
    for (size_t i = 0; i < 2 * count; i++) {
        size_t guest = i < count ? i : 2 * count - 1 - i;
        wrl_val_t element;
        OK(wrl_table_get(t->store, table, guest + 1, &element));
        OK(wrl_func_call(t->store, element.of.func, NULL, 0, NULL, 0));
        const tag_sight_t *sight = &watcher.sights[watcher.count - 1];
        TRY(sees_tag(t, sight, guest));
        CHECK(same_instance(sight->instance, known[guest].instance));
        EQUAL(sight->tag, known[guest].tag);
    }
    return true;
}

static bool tags(wrl_test_t *t)
{
    for (size_t count = 2; count <= TAG_GUESTS; count++) {
        TRY(nest_tags(t, count, false));
        TRY(nest_tags(t, count, true));
    }
    return true;
}

/* The layer itself calls a start function that is a host function, so there is no calling instance. */
static bool start_import(wrl_test_t *t)
{
    watcher_t watcher;
    TRY(prepare(t, &watcher));
    wrl_instance_t instance;
    TRY(test_instance(t, guest_caller_start_import, watcher.imports, &instance));
    EQUAL(watcher.count, 1);
    CHECK(!watcher.sights[0].instance.store_id);
    int32_t nine;
    TRY(test_call_i32(t, t->store, instance, "f", NULL, 0, &nine));
    EQUAL(nine, 9);
    wrl_module_t *module;
    FAILS(wrl_module_new(t->engine, guest_caller_start_type.bytes, guest_caller_start_type.size, NULL, &module),
          WRL_ERROR_INVALID, "start function");
    return true;
}

/* The start function is another instance's export that calls the host: that other instance is the caller. */
static bool start_of_another(wrl_test_t *t)
{
    watcher_t watcher;
    TRY(prepare(t, &watcher));
    wrl_instance_t other, instance;
    TRY(test_instance(t, guest_caller_loads, watcher.imports, &other));
    wrl_extern_t func;
    CHECK(wrl_instance_get_export(t->store, other, "look", &func));
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    OK(wrl_imports_define(imports, "host", "look", func));
    watcher.count = 0;
    TRY(test_instance(t, guest_caller_start_import, imports, &instance));
    EQUAL(watcher.count, 1);
    CHECK(same_instance(watcher.sights[0].instance, other));
    SEES_LOADS(&watcher.sights[0]);
    return true;
}

/* The actions of a host function during an instantiation. */
typedef struct meddler {
    wrl_module_t *module;     /* If not NULL, the host function makes an instance of it. */
    wrl_instance_t *instance; /* Receives that instance's handle: the output variable of the outer call. */
    bool delete_store;
} meddler_t;

static wrl_error_t *meddle(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)slots;
    const meddler_t *meddler = env;
    if (meddler->module) {
        HOST_OK(wrl_instance_new(wrl_caller_store(caller), meddler->module, NULL, NULL, meddler->instance));
    }
    if (meddler->delete_store) {
        wrl_store_delete(wrl_caller_store(caller));
    }
    return NULL;
}

static bool meddling_imports(wrl_test_t *t, wrl_store_t *store, meddler_t *meddler, wrl_imports_t **imports)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    wrl_func_t meddling, nothing;
    OK(wrl_func_new_raw(store, &type, meddle, meddler, NULL, &meddling));
    TRY(test_nothing_func(t, store, &nothing));
    TRY(test_imports(t, imports));
    OK(wrl_imports_define(*imports, "host", "look", wrl_extern_from_func(meddling)));
    OK(wrl_imports_define(*imports, "host", "load", wrl_extern_from_func(nothing)));
    return true;
}

/* A host function writes to the output variable of wrl_instance_new() during the call. The call still returns its own
 * handle. */
static bool handle_overwritten(wrl_test_t *t)
{
    const wrl_guest_t guests[] = {guest_caller_loads, guest_caller_start_import};
    for (size_t i = 0; i < sizeof(guests) / sizeof(guests[0]); i++) {
        wrl_instance_t instance;
        meddler_t meddler = {.instance = &instance};
        TRY(test_module(t, guest_empty, &meddler.module));
        wrl_imports_t *imports;
        TRY(meddling_imports(t, t->store, &meddler, &imports));
        wrl_module_t *module, *found;
        TRY(test_module(t, guests[i], &module));
        OK(wrl_instance_new(t->store, module, imports, NULL, &instance));
        found = wrl_instance_module(t->store, instance);
        CHECK(found == module);
    }
    return true;
}

/* A store that its host function deletes lives until the instantiation has ended. */
static bool store_deleted(wrl_test_t *t)
{
    const wrl_guest_t guests[] = {guest_caller_loads, guest_caller_start_import};
    for (size_t i = 0; i < sizeof(guests) / sizeof(guests[0]); i++) {
        int finalized = 0;
        wrl_store_t *store;
        OK(wrl_store_new(t->engine, &(wrl_store_config_t){sizeof(wrl_store_config_t), &finalized, count_finalizer},
                         &store));
        meddler_t meddler = {.delete_store = true};
        wrl_imports_t *imports;
        TRY(meddling_imports(t, store, &meddler, &imports));
        wrl_module_t *module;
        TRY(test_module(t, guests[i], &module));
        wrl_instance_t instance;
        OK(wrl_instance_new(store, module, imports, NULL, &instance));
        EQUAL(finalized, 1);
    }
    return true;
}

static bool no_caller(wrl_test_t *t)
{
    (void)t;
    CHECK(!wrl_caller_instance(NULL).store_id);
    return true;
}

/* Names that are not UTF-8 are never found, even if decoding replaces the invalid bytes by characters of an existing
 * name. */
static wrl_error_t *ask_malformed(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    static const char *const names[] = {"\xff", "\xc3", "\xed\xa0\x80", "\xef\xbf", "\xef\xbf\xbd\xff"};
    wrl_test_t *t = env;
    wrl_extern_t item;
    (void)slots;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        HOST_CHECK(!wrl_caller_get_export(caller, names[i], &item));
    }
    HOST_FOUND(wrl_caller_get_export(caller, "\xef\xbf\xbd", &item));
    return NULL;
}

static bool malformed_names(wrl_test_t *t)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    wrl_func_t look;
    wrl_func_t run;
    wrl_instance_t instance;
    OK(wrl_func_new_raw(t->store, &type, ask_malformed, t, NULL, &look));
    TRY(test_instance_with(t, t->store, guest_caller_names, "look", look, &instance));
    CHECK(wrl_instance_get_func(t->store, instance, "run", &run));
    OK(wrl_func_call(t->store, run, NULL, 0, NULL, 0));
    return true;
}

/* The require functions find the same exports as the get functions, and their errors name a missing export. */
static wrl_error_t *require_exports(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                                    wrl_val_t *results, size_t result_count)
{
    (void)args;
    (void)arg_count;
    (void)result_count;
    wrl_test_t *t = env;
    wrl_extern_t item, found;
    wrl_func_t func;
    wrl_global_t global;
    wrl_memory_t memory;
    wrl_table_t table;
    wrl_tag_t tag;
    results[0] = WRL_I32(0);
    HOST_OK(wrl_caller_require_export(caller, "triple", WRL_EXTERN_NONE, &item));
    HOST_CHECK(wrl_caller_get_export(caller, "triple", &found) && same_extern(&item, &found));
    HOST_OK(wrl_caller_require_export_n(caller, "triple!", 6, WRL_EXTERN_FUNC, &item));
    HOST_OK(wrl_caller_require_func(caller, "triple", &func));
    HOST_OK(wrl_caller_require_global(caller, "global", &global));
    HOST_OK(wrl_caller_require_memory(caller, "memory", &memory));
    HOST_OK(wrl_caller_require_table(caller, "table", &table));
    HOST_CHECK(same_extern(&item, &found) && wrl_func_equal(func, found.of.func));
    wrl_error_t *error = wrl_caller_require_tag(caller, "triple", &tag);
    HOST_CHECK(error && wrl_error_kind(error) == WRL_ERROR_LINK && tag.store_id == 0);
    wrl_error_delete(error);
    return wrl_caller_require_memory(caller, "memroy", &memory);
}

static bool required_export(wrl_test_t *t)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    const wrl_val_t arg = WRL_I32(0);
    wrl_val_t result;
    wrl_func_t look, run;
    wrl_instance_t instance;
    OK(wrl_func_new(t->store, &type, require_exports, t, NULL, &look));
    TRY(test_instance_with(t, t->store, guest_caller, "look", look, &instance));
    OK(wrl_instance_require_func(t->store, instance, "run", &run));
    FAILS(wrl_func_call(t->store, run, &arg, 1, &result, 1), WRL_ERROR_LINK, "there is no export \"memroy\"");
    return true;
}

/* If the host calls a host function, no instance is calling. The error is UNSUPPORTED on engines that never report the
 * caller's exports. */
static wrl_error_t *require_memory(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    (void)slots;
    wrl_memory_t memory;
    return wrl_caller_require_memory(caller, "memory", &memory);
}

static bool required_of_the_host(wrl_test_t *t)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    bool has = test_has(t, WRL_FEATURE_CALLER_EXPORTS);
    wrl_func_t func;
    OK(wrl_func_new_raw(t->store, &type, require_memory, NULL, NULL, &func));
    FAILS(wrl_func_call(t->store, func, NULL, 0, NULL, 0), has ? WRL_ERROR_LINK : WRL_ERROR_UNSUPPORTED,
          has ? "\"memory\": the host itself made the call" : "caller-exports");
    return true;
}

static const wrl_test_case_t cases[] = {
    {"caller.required_export", required_export, {NEED_EXECUTION, NEED_CALLER_EXPORTS, NEED_REFERENCE_TYPES}},
    {"caller.required_of_the_host", required_of_the_host, {NEED_NOTHING}},
    {"caller.none", no_caller, {NEED_NOTHING}},
    {"caller.unfinished", unfinished, {NEED_EXECUTION, NEED_CALLER_EXPORTS, NEED_REFERENCE_TYPES}},
    {"caller.failed_in_turn", failed_in_turn, {NEED_EXECUTION, NEED_CALLER_EXPORTS, NEED_REFERENCE_TYPES}},
    {"caller.failed_segment", failed_segment, {NEED_EXECUTION, NEED_CALLER_EXPORTS, NEED_REFERENCE_TYPES}},
    {"caller.tags", tags, {NEED_EXECUTION, NEED_CALLER_EXPORTS, NEED_REFERENCE_TYPES, NEED_EXCEPTIONS}},
    {"caller.start_import", start_import, {NEED_EXECUTION, NEED_CALLER_EXPORTS}},
    {"caller.start_of_another", start_of_another, {NEED_EXECUTION, NEED_CALLER_EXPORTS}},
    {"caller.malformed_names", malformed_names, {NEED_EXECUTION, NEED_CALLER_EXPORTS}},
    {"caller.handle_overwritten", handle_overwritten, {NEED_EXECUTION}},
    {"caller.store_deleted", store_deleted, {NEED_EXECUTION}},
};
WRL_TEST_GROUP(caller);
