#include "item.h"

#include "alloc.h"
#include "error.h"
#include "type.h"

#include <stdio.h>
#include <stdlib.h>

wrl_error_t *wrl__store_bad_handle(const wrl_store_t *store, const char *name, uint64_t store_id, uint64_t index)
{
    if (!store) {
        return wrl__error_null("store");
    }
    if (store_id == 0) {
        return wrl__error_argument(name, "is a null handle");
    }
    if (store_id != store->id) {
        return wrl__error_argument(name, "belongs to another store, or to a deleted one");
    }
    return wrl__error_argument(name, "has the invalid index %llu", (unsigned long long)index);
}

wrl_error_t *wrl__store_not_ending(const wrl_store_t *store)
{
    return store->is_ending ? wrl__error_argument("store", "is being deleted") : NULL;
}

bool wrl__store_has_extern(const wrl_store_t *store, const wrl_extern_t *item)
{
    switch (item->kind) {
    case WRL_EXTERN_FUNC:
        return wrl__store_func(store, item->of.func);
    case WRL_EXTERN_GLOBAL:
        return wrl__store_global(store, item->of.global);
    case WRL_EXTERN_MEMORY:
        return wrl__store_memory(store, item->of.memory);
    case WRL_EXTERN_TABLE:
        return wrl__store_table(store, item->of.table);
    case WRL_EXTERN_TAG:
        return wrl__store_tag(store, item->of.tag);
    default:
        return false;
    }
}

wrl_error_t *wrl__store_check_extern(const wrl_store_t *store, const wrl_extern_t *item, const char *name)
{
    if (wrl__store_has_extern(store, item)) {
        return NULL;
    }
    if (item->kind == WRL_EXTERN_NONE || item->kind > WRL_EXTERN_TAG) {
        return wrl__error_argument(name, "has the unknown kind %d", (int)item->kind);
    }
    /* All handles have the same layout, so any member of the union holds the store and the index. */
    return wrl__store_bad_handle(store, name, item->of.func.store_id, item->of.func.index);
}

wrl_backend_ref_t wrl__store_ref(const wrl_store_t *store, const wrl_extern_t *item)
{
    wrl_backend_ref_t none = {{0, 0}};
    switch (item->kind) {
    case WRL_EXTERN_FUNC:
        return store->funcs[item->of.func.index].ref;
    case WRL_EXTERN_GLOBAL:
        return store->globals[item->of.global.index].ref;
    case WRL_EXTERN_MEMORY:
        return store->memories[item->of.memory.index].ref;
    case WRL_EXTERN_TABLE:
        return store->tables[item->of.table.index].ref;
    case WRL_EXTERN_TAG:
        return store->tags[item->of.tag.index].ref;
    default:
        return none;
    }
}

/*
 * Finds the record of a backend's identity. If there is none, adds one at the end of its array and sets *fresh; the
 * caller then fills it.
 */
static wrl_error_t *find_or_add(wrl_store_t *store, wrl_externkind_t kind, wrl_backend_ref_t ref, void **records,
                                size_t *count, size_t *capacity, size_t record_size, size_t *index, bool *fresh)
{
    *index = wrl__idmap_find(&store->known, kind, ref);
    *fresh = *index == SIZE_MAX;
    if (!*fresh) {
        return NULL;
    }
    if (!wrl__grow(records, capacity, *count + 1, record_size) || !wrl__idmap_add(&store->known, kind, ref, *count)) {
        return wrl__error_out_of_memory();
    }
    *index = (*count)++;
    return NULL;
}

#define FIND_OR_ADD(kind, array, index, fresh)                                                                         \
    find_or_add(store, kind, ref, (void **)&store->array, &store->array##_count, &store->array##_capacity,             \
                sizeof *store->array, index, fresh)

static bool has_refs(const wrl_functype_t *type)
{
    for (size_t i = 0; i < type->param_count; i++) {
        if (wrl__valtype_is_ref(type->params[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < type->result_count; i++) {
        if (wrl__valtype_is_ref(type->results[i])) {
            return true;
        }
    }
    return false;
}

#ifdef WRL_CHECK_TYPES

/*
 * Debug and sanitizer builds check that an item has the type with which it enters the store. Calls and accesses rely on
 * that type without a check, so a wrong type would be a security hole. The engine reports the types of functions. For
 * memories and tables, only their sizes can be compared with the limits. For globals and tags there is nothing to
 * compare.
 */
static void check_item(bool is_good, const char *what)
{
    if (!is_good) {
        (void)fprintf(stderr, "wasm_runtime_layer: the engine's type of a %s differs from the core's\n", what);
        abort();
    }
}

/* Types of kind WRL_VALKIND_REF are not compared: the engine may number the types of a module differently. */
static bool is_comparable(const wrl_valtype_t *types, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (types[i].kind == WRL_VALKIND_REF) {
            return false;
        }
    }
    return true;
}

static void check_func(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_functype_t *type)
{
    wrl_valtype_t *types = store->told_types;
    if (!store->backend->func_type || !is_comparable(type->params, type->param_count) ||
        !is_comparable(type->results, type->result_count)) {
        return;
    }
    size_t param_count = 0, result_count = 0;
    wrl_error_t *error = store->backend->func_type(store->backend_store, ref, types, &param_count, &result_count);
    if (!error) {
        wrl_functype_t told =
            WRL_FUNCTYPE(WRL_TYPES_N(types, param_count), WRL_TYPES_N(types + param_count, result_count));
        check_item(wrl_functype_equal(&told, type), "function");
    }
    wrl_error_delete(error);
}

static void check_memory(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_memorytype_t *type)
{
    uint64_t size = store->backend->memory_size(store->backend_store, ref);
    check_item(size >= type->min && size <= type->max, "memory");
}

static void check_table(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_tabletype_t *type)
{
    uint64_t size = store->backend->table_size(store->backend_store, ref);
    check_item(size >= type->min && size <= type->max, "table");
}

#else
#define check_func(store, ref, type) ((void)0)
#define check_memory(store, ref, type) ((void)0)
#define check_table(store, ref, type) ((void)0)
#endif

/* The stack that this many values take is a small part of any reserve. */
enum { FEW_VALUES = 32 };

/*
 * Raises the stack that nested calls need, for a function with many values. Before an engine checks how much stack is
 * left, it puts the arguments and results of the function on the native stack, and may copy each value once more. For
 * an outermost call, wrl_store::outer_stack covers that.
 */
static void leave_stack_for_values(wrl_store_t *store, const wrl_func_record_t *record)
{
    size_t values = (size_t)record->param_count + record->result_count;
    if (!store->runs_on_stack || values <= FEW_VALUES) {
        return;
    }
    size_t needed = store->engine->stack_reserve + (values + record->slot_count) * sizeof(wrl_raw_t);
    if (store->inner_stack < needed) {
        store->inner_stack = needed;
    }
}

/* The first call sets the entry. Making an entry can be costly, and a guest may show the host thousands of functions
 * that are never called. */
static wrl_func_record_t make_func(wrl_backend_ref_t ref, const wrl_functype_t *type)
{
    wrl_func_record_t record = {.ref = ref, .type = type};
    record.param_count = (uint16_t)type->param_count;
    record.result_count = (uint16_t)type->result_count;
    record.slot_count = record.param_count > record.result_count ? record.param_count : record.result_count;
    return record;
}

wrl_error_t *wrl__store_find_entry(wrl_store_t *store, wrl_func_record_t *record)
{
    wrl_backend_entry_t entry = NULL;
    wrl_error_t *error = store->backend->func_entry(store->backend_store, record->ref, record->type, &entry);
    if (!error) {
        record->entry = entry;
        record->quick = has_refs(record->type) || record->slot_count > WRL_QUICK_SLOTS ? NULL : entry;
    }
    return error;
}

wrl_error_t *wrl__store_enter_func(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_functype_t *type,
                                   wrl_func_t *func)
{
    size_t index;
    bool fresh;
    wrl_error_t *error = FIND_OR_ADD(WRL_EXTERN_FUNC, funcs, &index, &fresh);
    if (error) {
        return error;
    }
    if (fresh) {
        store->funcs[index] = make_func(ref, type);
        check_func(store, ref, type);
        leave_stack_for_values(store, &store->funcs[index]);
    }
    func->store_id = store->id;
    func->index = index;
    return NULL;
}

/* Types whose hashes are equal have keys with consecutive numbers. */
static wrl_backend_ref_t type_key(const wrl_functype_t *type)
{
    uint64_t hash = type->param_count;
    for (size_t i = 0; i < type->param_count + type->result_count; i++) {
        const wrl_valtype_t *value = i < type->param_count ? &type->params[i] : &type->results[i - type->param_count];
        uint64_t part = (uint64_t)(uint32_t)value->heap << 16 | (uint64_t)value->flags << 8 | value->kind;
        hash = (hash ^ part ^ hash >> 29) * 0x9E3779B97F4A7C15u;
    }
    return (wrl_backend_ref_t){{hash, 0}};
}

static const wrl_functype_t *add_type(wrl_store_t *store, const wrl_functype_t *type, wrl_backend_ref_t key)
{
    wrl_functype_t *copy = wrl__functype_copy(type);
    if (!copy ||
        !wrl__grow((void **)&store->types, &store->types_capacity, store->types_count + 1, sizeof(wrl_functype_t *)) ||
        !wrl__idmap_add(&store->known, WRL_IDMAP_TYPE, key, store->types_count)) {
        wrl__free(copy);
        return NULL;
    }
    store->types[store->types_count++] = copy;
    return copy;
}

/* Copies a type that the backend reported, for as long as the store lasts. Equal types share one copy. Returns NULL if
 * memory runs out. */
static const wrl_functype_t *own_type(wrl_store_t *store, const wrl_functype_t *type)
{
    wrl_backend_ref_t key = type_key(type);
    size_t index;
    while ((index = wrl__idmap_find(&store->known, WRL_IDMAP_TYPE, key)) != SIZE_MAX) {
        if (wrl_functype_equal(store->types[index], type)) {
            return store->types[index];
        }
        key.words[1]++;
    }
    return add_type(store, type, key);
}

static wrl_error_t *ask_type(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_functype_t **type)
{
    wrl_scratch_mark_t mark;
    wrl_valtype_t *types =
        (wrl_valtype_t *)wrl__scratch_take(&store->scratch, 2 * (size_t)WRL_MAX_PARAMS * sizeof *types, &mark);
    if (!types) {
        return wrl__error_out_of_memory();
    }
    size_t param_count = 0, result_count = 0;
    wrl_error_t *error = store->backend->func_type(store->backend_store, ref, types, &param_count, &result_count);
    if (!error) {
        wrl_functype_t told =
            WRL_FUNCTYPE(WRL_TYPES_N(types, param_count), WRL_TYPES_N(types + param_count, result_count));
        *type = own_type(store, &told);
        error = *type ? NULL : wrl__error_out_of_memory();
    }
    wrl__scratch_release(&store->scratch, mark);
    return error;
}

wrl_error_t *wrl__store_find_func(wrl_store_t *store, wrl_backend_ref_t ref, wrl_func_t *func)
{
    size_t index = wrl__idmap_find(&store->known, WRL_EXTERN_FUNC, ref);
    if (index != SIZE_MAX) {
        func->store_id = store->id;
        func->index = index;
        return NULL;
    }
    if (!store->backend->func_type) {
        return wrl_error_new(WRL_ERROR_UNSUPPORTED, "the backend cannot report the type of a function reference");
    }
    const wrl_functype_t *type = NULL;
    wrl_error_t *error = ask_type(store, ref, &type);
    return type ? wrl__store_enter_func(store, ref, type, func) : error;
}

wrl_error_t *wrl__store_enter_global(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_globaltype_t *type,
                                     wrl_global_t *global)
{
    size_t index;
    bool fresh;
    wrl_error_t *error = FIND_OR_ADD(WRL_EXTERN_GLOBAL, globals, &index, &fresh);
    if (error) {
        return error;
    }
    if (fresh) {
        store->globals[index] = (wrl_global_record_t){ref, *type};
    }
    *global = (wrl_global_t){store->id, index};
    return NULL;
}

wrl_error_t *wrl__store_enter_memory(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_memorytype_t *type,
                                     wrl_memory_t *memory)
{
    size_t index;
    bool fresh;
    wrl_error_t *error = FIND_OR_ADD(WRL_EXTERN_MEMORY, memories, &index, &fresh);
    if (error) {
        return error;
    }
    if (fresh) {
        check_memory(store, ref, type);
        store->memories[index] = (wrl_memory_record_t){.seen_at = WRL_NEVER_SEEN, .ref = ref, .type = *type};
    }
    *memory = (wrl_memory_t){store->id, index};
    return NULL;
}

wrl_error_t *wrl__store_enter_table(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_tabletype_t *type,
                                    wrl_table_t *table)
{
    size_t index;
    bool fresh;
    if (!store->backend->table_new) {
        return wrl__error_format(WRL_ERROR_UNSUPPORTED, "the backend %s does not support tables", store->backend->name);
    }
    wrl_error_t *error = FIND_OR_ADD(WRL_EXTERN_TABLE, tables, &index, &fresh);
    if (error) {
        return error;
    }
    if (fresh) {
        check_table(store, ref, type);
        store->tables[index] = (wrl_table_record_t){ref, *type};
    }
    *table = (wrl_table_t){store->id, index};
    return NULL;
}

static wrl_error_t *enter_tag(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_functype_t *type, wrl_tag_t *tag)
{
    size_t index;
    bool fresh;
    wrl_error_t *error = FIND_OR_ADD(WRL_EXTERN_TAG, tags, &index, &fresh);
    if (error) {
        return error;
    }
    if (fresh) {
        store->tags[index] = (wrl_tag_record_t){ref, *type};
    }
    *tag = (wrl_tag_t){store->id, index};
    return NULL;
}

wrl_error_t *wrl__store_enter_extern(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_externtype_t *type,
                                     wrl_extern_t *item)
{
    item->kind = type->kind;
    switch (type->kind) {
    case WRL_EXTERN_FUNC:
        return wrl__store_enter_func(store, ref, &type->of.func, &item->of.func);
    case WRL_EXTERN_GLOBAL:
        return wrl__store_enter_global(store, ref, &type->of.global, &item->of.global);
    case WRL_EXTERN_MEMORY:
        return wrl__store_enter_memory(store, ref, &type->of.memory, &item->of.memory);
    case WRL_EXTERN_TABLE:
        return wrl__store_enter_table(store, ref, &type->of.table, &item->of.table);
    case WRL_EXTERN_TAG:
        return enter_tag(store, ref, &type->of.tag, &item->of.tag);
    default:
        return wrl__error_format(WRL_ERROR_UNSUPPORTED, "an extern of unknown kind %d", (int)type->kind);
    }
}
