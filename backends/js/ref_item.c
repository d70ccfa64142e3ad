/* Globals and tables of GC references. The JS API can read and write them, and checks the types of references. It
 * cannot make such globals and tables, and cannot access exceptions. */
#include "adapter.h"
#include "glue.h"
#include "ref.h"
#include "ref_glue.h"

/* The index that stands for a global. */
enum { NO_INDEX = -1 };

/* Returns NULL if JS was successful, else the error. */
static wrl_error_t *result_of(void *store, bool done)
{
    const wrl_core_t *core = ((js_store_t *)store)->core;
    uint32_t size;
    if (done) {
        return NULL;
    }
    int kind = wrl__js_error(&size);
    uint32_t pending = wrl__jsb_take_pending();
    if (pending) {
        return (wrl_error_t *)(uintptr_t)pending;
    }
    if (kind == JS_THREW_MEMORY) {
        return wrl__jsb_out_of_memory(core);
    }
    bool is_refusal = kind == JS_THREW_OTHER || kind == JS_THREW_LINK;
    return wrl__jsb_error_of_text(core, is_refusal ? WRL_ERROR_INVALID_ARGUMENT : WRL_ERROR_RESOURCE_LIMIT, size);
}

/* A global or a table. */
typedef struct item {
    void *store;
    int id;
    wrl_valtype_t type;
    bool is_table;
    bool is_64;
    bool is_mutable;
} item_t;

static item_t global_item(void *store, wrl_backend_ref_t ref, const wrl_globaltype_t *type)
{
    return (item_t){store, (int)ref.words[0], type->content, false, false, type->is_mutable};
}

static item_t table_item(void *store, wrl_backend_ref_t ref, const wrl_tabletype_t *type)
{
    return (item_t){store, (int)ref.words[0], type->element, true, type->is_64, true};
}

/* Writes the type of the global or table. The minimum size of a table is 0. */
static void put_item_type(wrl_writer_t *out, const item_t *item, uint64_t max)
{
    wrl__jsb_put_type(out, &item->type);
    if (!item->is_table) {
        wrl__put(out, item->is_mutable);
        return;
    }
    wrl__put(out, (item->is_64 ? LIMITS_64 : 0) | (max == WRL_NO_MAX ? 0 : LIMITS_MAX));
    wrl__put(out, 0);
    if (max != WRL_NO_MAX) {
        wrl__put_u64(out, max);
    }
}

/* ---- Exceptions in globals and tables ----
 * The JS API cannot access exceptions. A module that imports the global or table provides these functions: (store,
 * index, slots).
 */

enum { ACCESS_GET, ACCESS_SET, ACCESS_GROW, ACCESSORS };
static const char *const accessor_names[] = {"g", "s", "w"};

static void put_accessor(wrl_writer_t *out, const item_t *item, unsigned which)
{
    static const uint8_t set_ops[] = {OP_GLOBAL_SET, OP_TABLE_SET};
    const frame_t frame = {CALL_SLOTS, 0, false};
    size_t body = wrl__put_begin(out);
    wrl__put(out, 1);
    wrl__put(out, 1);
    wrl__jsb_put_type(out, &item->type);
    if (item->is_table && which != ACCESS_GROW) {
        op(out, OP_LOCAL_GET, CALL_REF);
    }
    if (which == ACCESS_GET) {
        op(out, item->is_table ? OP_TABLE_GET : OP_GLOBAL_GET, 0);
        op(out, OP_LOCAL_SET, CALL_PARAMS);
        wrl__jsb_store_slot(out, &frame, &item->type, 0, CALL_PARAMS);
    } else {
        wrl__jsb_load_slot(out, &frame, &item->type, 0);
    }
    if (which == ACCESS_SET) {
        op(out, set_ops[item->is_table], 0);
    } else if (which == ACCESS_GROW) {
        op(out, OP_LOCAL_GET, CALL_REF);
        wrl__put(out, OP_BULK);
        op(out, BULK_TABLE_GROW, 0);
    }
    wrl__put(out, OP_END);
    wrl__put_end(out, body);
}

static void put_accessor_types(wrl_writer_t *out, const item_t *item)
{
    const uint8_t index = item->is_64 ? CODE_I64 : CODE_I32;
    const uint8_t types[] = {TYPE_FUNC, 3,        CODE_I32, index,    CODE_I32, 0,    TYPE_FUNC,
                             3,         CODE_I32, index,    CODE_I32, 1,        index};
    size_t section = wrl__jsb_begin_section(out, SECTION_TYPE, CONVERTERS + 2);
    wrl__jsb_put_converter_types(out, CONVERTERS);
    wrl__put_all(out, types, sizeof types);
    wrl__put_end(out, section);
}

static void put_accessor_imports(wrl_writer_t *out, const item_t *item)
{
    size_t section = wrl__jsb_begin_section(out, SECTION_IMPORT, CONVERTERS + 2);
    wrl__jsb_import_memory(out);
    wrl__jsb_import_converters(out, CONVERTERS, 0);
    wrl__jsb_import(out, "t", item->is_table ? KIND_TABLE : KIND_GLOBAL);
    put_item_type(out, item, WRL_NO_MAX);
    wrl__put_end(out, section);
}

static int compile_accessors(const item_t *item)
{
    wrl_writer_t out = {.core = ((js_store_t *)item->store)->core};
    uint32_t count = item->is_table ? ACCESSORS : item->is_mutable ? ACCESS_SET + 1 : ACCESS_GET + 1;
    wrl__put_header(&out);
    put_accessor_types(&out, item);
    put_accessor_imports(&out, item);
    size_t section = wrl__jsb_begin_section(&out, SECTION_FUNCTION, count);
    for (uint32_t i = 0; i < count; i++) {
        wrl__put_u32(&out, i == ACCESS_GROW ? CONVERTERS + 1 : CONVERTERS);
    }
    wrl__put_end(&out, section);
    section = wrl__jsb_begin_section(&out, SECTION_EXPORT, count);
    for (uint32_t i = 0; i < count; i++) {
        wrl__jsb_put_export(&out, accessor_names[i], KIND_FUNC, CONVERTERS + i);
    }
    wrl__put_end(&out, section);
    section = wrl__jsb_begin_section(&out, SECTION_CODE, count);
    for (uint32_t i = 0; i < count; i++) {
        put_accessor(&out, item, i);
    }
    wrl__put_end(&out, section);
    return wrl__jsb_compile(&out);
}

static wrl_error_t *access_exception(const item_t *item, unsigned which, double index, const wrl_raw_t *slot,
                                     double *result)
{
    void *store = item->store, *at = (void *)(uintptr_t)slot;
    const char *name = accessor_names[which];
    *result = wrl__js_ref_access(store, item->id, 0, name, index, item->is_64, at);
    if (*result < 0) {
        int module = compile_accessors(item);
        if (!module) {
            return wrl__jsb_out_of_memory(((js_store_t *)store)->core);
        }
        *result = wrl__js_ref_access(store, item->id, module, name, index, item->is_64, at);
        wrl__js_release(module);
    }
    return result_of(store, *result > 0);
}

/* ---- Reading and writing ---- */

static wrl_error_t *get(const item_t *item, double index, wrl_raw_t *slot)
{
    double result;
    if (js_is_exception(&item->type)) {
        return access_exception(item, ACCESS_GET, index, slot, &result);
    }
    wrl_valkind_t kind = wrl_valtype_value_kind(item->type);
    return result_of(item->store, wrl__js_ref_get(item->store, item->id, index, item->is_64, kind, slot));
}

static wrl_error_t *set(const item_t *item, double index, const wrl_raw_t *slot)
{
    double result;
    if (js_is_exception(&item->type)) {
        return access_exception(item, ACCESS_SET, index, slot, &result);
    }
    wrl_valkind_t kind = wrl_valtype_value_kind(item->type);
    return result_of(item->store, wrl__js_ref_set(item->store, item->id, index, item->is_64, kind, slot));
}

static wrl_error_t *grow(const item_t *item, uint64_t delta, const wrl_raw_t *slot, uint64_t *previous_size)
{
    double result;
    wrl_error_t *error;
    if (delta > UINT32_MAX) {
        return ((js_store_t *)item->store)->core->error(WRL_ERROR_RESOURCE_LIMIT, WRL_TRAP_NONE, NULL, 0);
    }
    if (js_is_exception(&item->type)) {
        error = access_exception(item, ACCESS_GROW, (double)delta, slot, &result);
    } else {
        wrl_valkind_t kind = wrl_valtype_value_kind(item->type);
        result = wrl__js_ref_grow(item->store, item->id, (double)delta, item->is_64, kind, slot);
        error = result_of(item->store, result > 0);
    }
    if (!error) {
        *previous_size = (uint64_t)result - 1;
    }
    return error;
}

/* ---- Making ---- */

/* Compiles a module that exports a global or an empty table. The module imports the initial value from JS. For
 * exceptions the initial value is null. */
static int compile_item(const item_t *item, uint64_t max)
{
    bool has_exceptions = js_is_exception(&item->type);
    wrl_writer_t out = {.core = ((js_store_t *)item->store)->core};
    wrl__put_header(&out);
    if (!has_exceptions) {
        size_t imports = wrl__jsb_begin_section(&out, SECTION_IMPORT, 1);
        wrl__jsb_import(&out, "i", KIND_GLOBAL);
        wrl__jsb_put_type(&out, &item->type);
        wrl__put(&out, 0);
        wrl__put_end(&out, imports);
    }
    size_t section = wrl__jsb_begin_section(&out, item->is_table ? SECTION_TABLE : SECTION_GLOBAL, 1);
    if (item->is_table) {
        wrl__put(&out, TABLE_WITH_VALUE);
        wrl__put(&out, 0);
    }
    put_item_type(&out, item, max);
    wrl__put(&out, has_exceptions ? OP_REF_NULL : OP_GLOBAL_GET);
    wrl__put_i32(&out, has_exceptions ? item->type.heap : 0);
    wrl__put(&out, OP_END);
    wrl__put_end(&out, section);
    section = wrl__jsb_begin_section(&out, SECTION_EXPORT, 1);
    wrl__jsb_put_export(&out, "g", item->is_table ? KIND_TABLE : KIND_GLOBAL, item->is_table || has_exceptions ? 0 : 1);
    wrl__put_end(&out, section);
    return wrl__jsb_compile(&out);
}

static wrl_error_t *make(item_t *item, uint64_t max, const wrl_raw_t *initial, wrl_backend_ref_t *ref)
{
    static const wrl_raw_t null;
    const wrl_core_t *core = ((js_store_t *)item->store)->core;
    bool has_exceptions = js_is_exception(&item->type);
    if (has_exceptions && (!(item->type.flags & WRL_VALTYPE_NULLABLE) || (!item->is_mutable && initial->words[0]))) {
        return core->error(WRL_ERROR_UNSUPPORTED, WRL_TRAP_NONE, NULL, 0);
    }
    int module = compile_item(item, max);
    if (!module) {
        return wrl__jsb_out_of_memory(core);
    }
    wrl_valkind_t kind = wrl_valtype_value_kind(item->type);
    item->id = wrl__js_ref_new(item->store, module, kind, has_exceptions ? &null : initial);
    wrl__js_release(module);
    *ref = (wrl_backend_ref_t){{(uint32_t)item->id, 0}};
    return result_of(item->store, item->id);
}

/* ---- Functions of the description ---- */

wrl_error_t *wrl__jsb_ref_global_new(void *store, const wrl_globaltype_t *type, const wrl_raw_t *initial,
                                     wrl_backend_ref_t *global)
{
    if (!js_is_other(&type->content)) {
        return wrl__jsb_global_new(store, type, initial, global);
    }
    item_t item = global_item(store, (wrl_backend_ref_t){{0, 0}}, type);
    wrl_error_t *error = make(&item, 0, initial, global);
    if (error || !js_is_exception(&type->content) || !type->is_mutable) {
        return error;
    }
    return set(&item, NO_INDEX, initial);
}

wrl_error_t *wrl__jsb_ref_global_get(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type,
                                     wrl_raw_t *value)
{
    const item_t item = global_item(store, global, type);
    return js_is_other(&type->content) ? get(&item, NO_INDEX, value) : wrl__jsb_global_get(store, global, type, value);
}

wrl_error_t *wrl__jsb_ref_global_set(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type,
                                     const wrl_raw_t *value)
{
    const item_t item = global_item(store, global, type);
    return js_is_other(&type->content) ? set(&item, NO_INDEX, value) : wrl__jsb_global_set(store, global, type, value);
}

wrl_error_t *wrl__jsb_ref_table_new(void *store, const wrl_tabletype_t *type, const wrl_raw_t *initial,
                                    wrl_backend_ref_t *table)
{
    if (!js_is_other(&type->element)) {
        return wrl__jsb_table_new(store, type, initial, table);
    }
    item_t item = table_item(store, (wrl_backend_ref_t){{0, 0}}, type);
    wrl_error_t *error = make(&item, type->max, initial, table);
    if (error) {
        return error;
    }
    uint64_t previous;
    return grow(&item, type->min, initial, &previous);
}

wrl_error_t *wrl__jsb_ref_table_get(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                                    wrl_raw_t *value)
{
    const item_t item = table_item(store, table, type);
    return js_is_other(&type->element) ? get(&item, (double)index, value)
                                       : wrl__jsb_table_get(store, table, type, index, value);
}

wrl_error_t *wrl__jsb_ref_table_set(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                                    const wrl_raw_t *value)
{
    const item_t item = table_item(store, table, type);
    return js_is_other(&type->element) ? set(&item, (double)index, value)
                                       : wrl__jsb_table_set(store, table, type, index, value);
}

wrl_error_t *wrl__jsb_ref_table_grow(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t delta,
                                     const wrl_raw_t *initial, uint64_t *previous_size)
{
    const item_t item = table_item(store, table, type);
    return js_is_other(&type->element) ? grow(&item, delta, initial, previous_size)
                                       : wrl__jsb_table_grow(store, table, type, delta, initial, previous_size);
}
