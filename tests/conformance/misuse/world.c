/* Stores with the same contents, and valid arguments made of them. */
#include "rows.h"

static wrl_error_t *host_number(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                                wrl_val_t *results, size_t result_count)
{
    (void)env;
    (void)caller;
    (void)args;
    (void)arg_count;
    for (size_t i = 0; i < result_count; i++) {
        results[i] = WRL_I32(7);
    }
    return NULL;
}

static const wrl_valtype_t number_params[] = {WRL_TYPE_I32, WRL_TYPE_F64};
static const wrl_valtype_t number_results[] = {WRL_TYPE_I32};
static const wrl_valtype_t ref_params[] = {WRL_TYPE_I32, WRL_TYPE_FUNCREF, WRL_TYPE_EXTERNREF};

static bool make_funcs(wrl_test_t *t, wrl_store_t *store, misuse_items_t *items)
{
    if (test_has(t, WRL_FEATURE_REFERENCE_TYPES)) {
        const wrl_functype_t refs = WRL_FUNCTYPE(WRL_TYPES_N(ref_params, 3), WRL_NO_TYPES);
        OK(wrl_func_new(store, &refs, host_nothing, NULL, NULL, &items->refs));
        const wrl_tabletype_t table = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 2, 4);
        const wrl_val_t null = WRL_NULL_FUNCREF;
        OK(wrl_table_new(store, &table, &null, &items->table));
        OK(wrl_externref_new(store, items, NULL, &items->externref));
    }
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_IN(number_params), WRL_TYPES_IN(number_results));
    OK(wrl_func_new(store, &type, host_number, NULL, NULL, &items->func));
    return true;
}

static bool make_ref(wrl_test_t *t, wrl_store_t *store, wrl_ref_t *ref)
{
    wrl_instance_t instance;
    wrl_func_t func;
    const wrl_val_t one = WRL_I32(1);
    wrl_val_t made;
    TRY(test_instance_in(t, store, guest_all_refs, NULL, &instance));
    CHECK(wrl_instance_get_func(store, instance, "make_i31", &func));
    OK(wrl_func_call(store, func, &one, 1, &made, 1));
    *ref = made.of.ref;
    return true;
}

static bool take_tag(wrl_test_t *t, wrl_store_t *store, misuse_items_t *items)
{
    TRY(test_instance_in(t, store, guest_tag_exporter, NULL, &items->tagged));
    CHECK(wrl_instance_get_tag(store, items->tagged, "tag", &items->tag));
    return true;
}

static bool fill(wrl_test_t *t, wrl_store_t *store, misuse_items_t *items)
{
    memset(items, 0, sizeof(*items));
    const wrl_globaltype_t fixed = WRL_GLOBALTYPE(WRL_VALKIND_I64, false);
    const wrl_globaltype_t global = WRL_GLOBALTYPE(WRL_VALKIND_I64, true);
    const wrl_val_t one = WRL_I64(1);
    OK(wrl_global_new(store, &fixed, &one, &items->fixed));
    OK(wrl_global_new(store, &global, &one, &items->global));
    const wrl_memorytype_t memory = WRL_MEMORYTYPE(1, 2);
    OK(wrl_memory_new(store, &memory, &items->memory));
    if (test_has(t, WRL_FEATURE_GC_REFERENCES) && test_has(t, WRL_FEATURE_GC) && test_has(t, WRL_FEATURE_EXCEPTIONS)) {
        TRY(make_ref(t, store, &items->ref));
    }
    if (test_has(t, WRL_FEATURE_EXCEPTIONS)) {
        TRY(take_tag(t, store, items));
    }
    TRY(make_funcs(t, store, items));
    TRY(test_instance_in(t, store, guest_exporter, NULL, &items->instance));
    return true;
}

/* Returns the id of a deleted store. */
static bool end_a_store(wrl_test_t *t, uint64_t *id)
{
    wrl_store_t *store;
    OK(wrl_store_new(t->engine, NULL, &store));
    wrl_func_t func = wrl_func_null();
    bool made = test_nothing_func(t, store, &func);
    wrl_store_delete(store);
    *id = func.store_id;
    return made;
}

/* Makes the importer's import, (i32, i64) -> (f32). */
static bool make_imports(wrl_test_t *t, misuse_world_t *world)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32, WRL_TYPE_I64), WRL_TYPES(WRL_TYPE_F32));
    /* Makes this function before the store is filled, so that it is not the last function. */
    OK(wrl_func_new(t->store, &type, host_number, NULL, NULL, &world->import));
    wrl_func_t alike;
    OK(wrl_func_new(world->other_store, &type, host_number, NULL, NULL, &alike));
    TRY(test_imports(t, &world->imports));
    OK(wrl_imports_define(world->imports, "env", "f", wrl_extern_from_func(world->import)));
    TRY(test_module(t, guest_import_func, &world->importer));
    OK(wrl_module_new(world->other_engine, guest_import_func.bytes, guest_import_func.size, NULL,
                      &world->other_module));
    return test_own_module(t, world->other_module);
}

bool misuse_world_make(wrl_test_t *t, misuse_world_t *world)
{
    memset(world, 0, sizeof(*world));
    world->t = t;
    TRY(test_engine(t, t->backend, &world->other_engine));
    TRY(test_store(t, t->engine, &world->other_store));
    TRY(end_a_store(t, &world->dead_id));
    TRY(make_imports(t, world));
    TRY(fill(t, t->store, &world->items));
    misuse_items_t alike;
    TRY(fill(t, world->other_store, &alike));
    world->other_id = alike.func.store_id;
    /* The indices are valid in either store, so that the store id is the only difference. */
    CHECK(alike.func.index == world->items.func.index && alike.func.store_id != world->items.func.store_id);
    CHECK(alike.instance.index == world->items.instance.index && alike.memory.index == world->items.memory.index);
    CHECK(alike.table.index == world->items.table.index && alike.global.index == world->items.global.index);
    TRY(test_module(t, test_has(t, WRL_FEATURE_REFERENCE_TYPES) ? guest_items : guest_exporter, &world->module));
    world->error = wrl_error_new(WRL_ERROR_HOST, "an error");
    return test_own_error(t, world->error);
}

static void set_types(misuse_args_t *a)
{
    a->the_params[0] = number_params[0];
    a->the_params[1] = number_params[1];
    a->the_results[0] = number_results[0];
    a->the_functype = (wrl_functype_t)WRL_FUNCTYPE(WRL_TYPES_N(a->the_params, 2), WRL_TYPES_N(a->the_results, 1));
    a->functype = &a->the_functype;
    a->the_globaltype = (wrl_globaltype_t)WRL_GLOBALTYPE(WRL_VALKIND_I64, true);
    a->globaltype = &a->the_globaltype;
    a->the_memorytype = (wrl_memorytype_t)WRL_MEMORYTYPE(1, 2);
    a->memorytype = &a->the_memorytype;
    a->the_tabletype = (wrl_tabletype_t)WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 1, 2);
    a->tabletype = &a->the_tabletype;
    a->the_externtype.kind = WRL_EXTERN_FUNC;
    a->the_externtype.of.func = a->the_functype;
    a->externtype = &a->the_externtype;
}

static void set_values(misuse_args_t *a)
{
    const misuse_items_t *items = &a->world->items;
    a->the_value = WRL_I64(5);
    a->value = &a->the_value;
    a->the_values[0] = WRL_I32(1);
    a->the_values[1] = WRL_F64(0.5);
    a->values = a->the_values;
    a->the_slots[0].i32 = 1;
    a->the_slots[1].f64 = 0.5;
    a->slots = a->the_slots;
    a->the_item = wrl_extern_from_func(items->func);
    a->item = &a->the_item;
    a->the_named[0] = (wrl_named_extern_t){"one", wrl_extern_from_func(items->func)};
    a->the_named[1] = (wrl_named_extern_t){"two", wrl_extern_from_memory(items->memory)};
    a->named = a->the_named;
}

void misuse_on_end(void *data)
{
    (*(int *)data)++;
}

void prepare_memory_name(misuse_args_t *a)
{
    a->text = "memory";
    a->size = strlen(a->text);
}

void misuse_args_set(misuse_world_t *world, misuse_args_t *args)
{
    misuse_args_t *a = args;
    memset(a, 0, sizeof(*a));
    a->world = world;
    a->engine = world->t->engine;
    a->store = world->t->store;
    a->module = world->module;
    a->imports = world->imports;
    a->caller = world->caller;
    a->error = world->error;
    a->instance = world->items.instance;
    a->func = world->items.func;
    a->global = world->items.global;
    a->memory = world->items.memory;
    a->table = world->items.table;
    a->externref = world->items.externref;
    a->ref = world->items.ref;
    a->tag = world->items.tag;
    a->the_config = (wrl_engine_config_t)WRL_ENGINE_CONFIG_INIT;
    a->the_config.backend = world->t->backend;
    a->the_config.exact_traps = world->t->exact_traps;
    a->config = &a->the_config;
    a->the_module_config = (wrl_module_config_t)WRL_MODULE_CONFIG_INIT;
    a->module_config = &a->the_module_config;
    a->the_instance_config = (wrl_instance_config_t)WRL_INSTANCE_CONFIG_INIT;
    a->instance_config = &a->the_instance_config;
    set_types(a);
    set_values(a);
    a->buffer = a->the_buffer;
    a->callback = host_nothing;
    a->callback_raw = host_nothing_raw;
    memset(a->room.bytes, MISUSE_FILLER, sizeof(a->room.bytes));
    memset(a->room2.bytes, MISUSE_FILLER, sizeof(a->room2.bytes));
    a->out = a->room.bytes;
    a->out2 = a->room2.bytes;
}
