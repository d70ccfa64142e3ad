/* Rows of the misuse matrix: the contents of a store, which are externs, references, functions, globals, memories and
 * tables. */
#include "rows.h"

/* ---- extern.h, externref.h ---- */

CALL(wrl_extern_check, wrl_extern_check(a->store, *a->item))
FUNCTION(wrl_extern_check) = {CALLED(wrl_extern_check), .params = {STORE, PARAM("item", item, misuse_item)}};

ANSWER(wrl_extern_type, wrl_extern_type(a->store, *a->item).kind == WRL_EXTERN_NONE)
FUNCTION(wrl_extern_type) = {CALLED(wrl_extern_type), .answers = true,
                             .params = {STORE, PARAM("item", item, misuse_item)}};

/* Handles are checked when the extern is used. */
#define EXTERN_FROM(noun)                                                                                              \
    static wrl_error_t *call_wrl_extern_from_##noun(misuse_args_t *a)                                                  \
    {                                                                                                                  \
        return wrl_extern_check(a->store, wrl_extern_from_##noun(a->noun));                                            \
    }                                                                                                                  \
    FUNCTION(wrl_extern_from_##noun) = {CALLED(wrl_extern_from_##noun), .params = {PARAM("item", noun, misuse_handle)}};
EXTERN_FROM(func)
EXTERN_FROM(global)
EXTERN_FROM(memory)
EXTERN_FROM(table)
EXTERN_FROM(tag)

static wrl_error_t *call_wrl_externref_new(misuse_args_t *a)
{
    wrl_error_t *error = wrl_externref_new(a->store, a->world, NULL, a->out);
    if (error) {
        wrl_error_delete(error);
        return wrl_externref_new(a->store, &a->ended, misuse_on_end, a->out);
    }
    return NULL;
}
FUNCTION(wrl_externref_new) = {CALLED(wrl_externref_new), CLEARS(wrl_externref_t), .finalizes = true,
                               .params = {STORE, OUT("externref")}};

ANSWER(wrl_externref_data, !wrl_externref_data(a->store, a->externref))
FUNCTION(wrl_externref_data) = {CALLED(wrl_externref_data), .answers = true, .params = {STORE, HANDLE(externref)}};

CALL(wrl_externref_get, wrl_externref_get(a->store, a->externref, a->out))
FUNCTION(wrl_externref_get) = {CALLED(wrl_externref_get), CLEARS(void *),
                               .params = {STORE, HANDLE(externref), PARAM("data", out, misuse_optional)}};

CALL(wrl_externref_retain, wrl_externref_retain(a->store, a->externref))
FUNCTION(wrl_externref_retain) = {CALLED(wrl_externref_retain),
                                  .params = {STORE, PARAM("externref", externref, misuse_handle_or_null)}};

/* ---- ref.h ---- */

ANSWER(wrl_ref_type, wrl_ref_type(a->store, a->ref).kind == WRL_VALKIND_NONE)
FUNCTION(wrl_ref_type) = {CALLED(wrl_ref_type), .answers = true, .params = {STORE, HANDLE(ref)}};

CALL(wrl_ref_check, wrl_ref_check(a->store, a->ref))
FUNCTION(wrl_ref_check) = {CALLED(wrl_ref_check), .params = {STORE, HANDLE(ref)}};

CALL(wrl_ref_retain, wrl_ref_retain(a->store, a->ref))
FUNCTION(wrl_ref_retain) = {CALLED(wrl_ref_retain), .params = {STORE, PARAM("ref", ref, misuse_handle_or_null)}};

/* A release drops a hold, so each valid call would have to retain the reference first. Only invalid references are
 * therefore released here. */
#define RELEASE(noun)                                                                                                  \
    static bool is_sound_##noun(const misuse_args_t *a)                                                                \
    {                                                                                                                  \
        const wrl_##noun##_t sound = a->world->items.noun;                                                             \
        return a->noun.store_id == sound.store_id && a->noun.index == sound.index;                                     \
    }                                                                                                                  \
    CALL(wrl_##noun##_release,                                                                                         \
         wrl_##noun##_release(a->store, is_sound_##noun(a) && a->store ? wrl_##noun##_null() : a->noun))               \
    FUNCTION(wrl_##noun##_release) = {CALLED(wrl_##noun##_release),                                                    \
                                      .params = {STORE, PARAM(#noun, noun, misuse_handle_or_null)}};                   \
    CALL(wrl_##noun##_autorelease,                                                                                     \
         wrl_##noun##_autorelease(a->caller, is_sound_##noun(a) && a->caller ? wrl_##noun##_null() : a->noun))         \
    FUNCTION(wrl_##noun##_autorelease) = {CALLED(wrl_##noun##_autorelease), .in_host = true,                           \
                                          .params = {CALLER, PARAM(#noun, noun, misuse_handle_or_null)}};
RELEASE(externref)
RELEASE(ref)

/* ---- func.h ---- */

/* The finalizer's counter does not outlive the call, so the finalizer is only passed to calls that fail. */
static wrl_error_t *call_wrl_func_new(misuse_args_t *a)
{
    wrl_error_t *error = wrl_func_new(a->store, a->functype, a->callback, NULL, NULL, a->out);
    if (error) {
        wrl_error_delete(error);
        return wrl_func_new(a->store, a->functype, a->callback, &a->ended, misuse_on_end, a->out);
    }
    return NULL;
}

static void spoil_callbacks(misuse_args_t *a, void *field)
{
    (void)field;
    a->callback = NULL;
    a->callback_raw = NULL;
}

static const misuse_kind_t callback_kinds[] = {
    {"NULL", spoil_callbacks, MISUSE_REFUSED},
    END,
};

#define NEW_FUNC_PARAMS                                                                                                \
    {                                                                                                                  \
        STORE, PARAM("type", functype, misuse_functype), PARAM("callback", callback, callback_kinds), OUT("func")      \
    }
FUNCTION(wrl_func_new) = {CALLED(wrl_func_new), CLEARS(wrl_func_t), .finalizes = true, .params = NEW_FUNC_PARAMS};

static wrl_error_t *call_wrl_func_new_raw(misuse_args_t *a)
{
    wrl_error_t *error = wrl_func_new_raw(a->store, a->functype, a->callback_raw, NULL, NULL, a->out);
    if (error) {
        wrl_error_delete(error);
        return wrl_func_new_raw(a->store, a->functype, a->callback_raw, &a->ended, misuse_on_end, a->out);
    }
    return NULL;
}
FUNCTION(wrl_func_new_raw) = {CALLED(wrl_func_new_raw), CLEARS(wrl_func_t), .finalizes = true,
                              .params = NEW_FUNC_PARAMS};

ANSWER(wrl_func_type, !wrl_func_type(a->store, a->func).params)
FUNCTION(wrl_func_type) = {CALLED(wrl_func_type), .answers = true, .params = {STORE, HANDLE(func)}};

PREPARE(wrl_func_call)
{
    a->count = 2;
    a->count2 = 1;
}
CALL(wrl_func_call, wrl_func_call(a->store, a->func, a->values, a->count, a->out, a->count2))
FUNCTION(wrl_func_call) = {CALLED(wrl_func_call), PREPARED(wrl_func_call), .output = OUT_UNTOUCHED,
                           .params = {STORE, HANDLE(func), PARAM("args", values, misuse_args_numbers),
                                      PARAM("arg_count", count, misuse_wrong_count), OUT("results"),
                                      PARAM("result_count", count2, misuse_wrong_count)}};

PREPARE(refs)
{
    const misuse_items_t *items = &a->world->items;
    a->func = items->refs;
    a->the_values[0] = WRL_I32(0);
    a->the_values[1] = WRL_FUNCREF(items->func);
    a->the_values[2] = WRL_EXTERNREF(items->externref);
    a->the_slots[1].func = items->func;
    a->the_slots[2].externref = items->externref;
    a->count = 3;
}
CALL(wrl_func_call__refs, wrl_func_call(a->store, a->func, a->values, a->count, NULL, 0))
FUNCTION(wrl_func_call__refs) = {CALLED(wrl_func_call__refs), PREPARED(refs),
                                 .params = {PARAM("args", values, misuse_args_refs)}};

CALL(wrl_func_call_raw, wrl_func_call_raw(a->store, a->func, a->slots, a->count))
FUNCTION(wrl_func_call_raw) = {
    CALLED(wrl_func_call_raw), PREPARED(wrl_func_call),
    .params = {STORE, HANDLE(func), PARAM("slots", slots, misuse_pointer), PARAM("slot_count", count, misuse_too_few)}};

CALL(wrl_func_call_raw__refs, wrl_func_call_raw(a->store, a->func, a->slots, a->count))
FUNCTION(wrl_func_call_raw__refs) = {CALLED(wrl_func_call_raw__refs), PREPARED(refs),
                                     .params = {PARAM("slots", slots, misuse_slots_refs)}};

ANSWER(wrl_caller_store, !wrl_caller_store(a->caller))
FUNCTION(wrl_caller_store) = {CALLED(wrl_caller_store), .answers = true, .in_host = true, .params = {CALLER}};

CALL(wrl_caller_use_fuel, wrl_caller_use_fuel(a->caller, 1))
FUNCTION(wrl_caller_use_fuel) = {CALLED(wrl_caller_use_fuel), .in_host = true, .params = {CALLER}};

ANSWER(wrl_caller_instance, !wrl_caller_instance(a->caller).store_id)
FUNCTION(wrl_caller_instance) = {CALLED(wrl_caller_instance), .answers = true, .in_host = true, .params = {CALLER}};

ANSWER(wrl_caller_get_export, !wrl_caller_get_export(a->caller, a->text, a->out))
FUNCTION(wrl_caller_get_export) = {
    CALLED(wrl_caller_get_export),
    PREPARED(memory_name),
    CLEARS(wrl_extern_t),
    .answers = true,
    .in_host = true,
    .params = {CALLER, PARAM("name", text, misuse_name), PARAM("item", out, misuse_optional)}};

ANSWER(wrl_caller_get_export_n, !wrl_caller_get_export_n(a->caller, a->text, a->size, a->out))
FUNCTION(wrl_caller_get_export_n) = {CALLED(wrl_caller_get_export_n),
                                     PREPARED(memory_name),
                                     CLEARS(wrl_extern_t),
                                     .answers = true,
                                     .in_host = true,
                                     .params = {CALLER, PARAM("name", text, misuse_name),
                                                PARAM("name_size", size, misuse_huge_size),
                                                PARAM("item", out, misuse_optional)}};

#define CALLER_GETTER(noun, export_name, wrong_kinds)                                                                  \
    PREPARE(wrl_caller_get_##noun)                                                                                     \
    {                                                                                                                  \
        a->text = export_name;                                                                                         \
    }                                                                                                                  \
    ANSWER(wrl_caller_get_##noun, !wrl_caller_get_##noun(a->caller, a->text, a->out))                                  \
    FUNCTION(wrl_caller_get_##noun) = {CALLED(wrl_caller_get_##noun),                                                  \
                                       PREPARED(wrl_caller_get_##noun),                                                \
                                       CLEARS(wrl_##noun##_t),                                                         \
                                       .answers = true,                                                                \
                                       .in_host = true,                                                                \
                                       .params = {CALLER, PARAM("name", text, misuse_name),                            \
                                                  PARAM("name", text, wrong_kinds),                                    \
                                                  PARAM(#noun, out, misuse_optional)}};
CALLER_GETTER(func, "triple", misuse_export_memory)
CALLER_GETTER(global, "global", misuse_export_memory)
CALLER_GETTER(memory, "memory", misuse_export_no_memory)
CALLER_GETTER(table, "table", misuse_export_memory)
CALLER_GETTER(tag, "tag", misuse_export_memory)

CALL(wrl_caller_require_export, wrl_caller_require_export(a->caller, a->text, (wrl_externkind_t)a->number, a->out))
FUNCTION(wrl_caller_require_export) = {CALLED(wrl_caller_require_export), PREPARED(memory_name), CLEARS(wrl_extern_t),
                                       .in_host = true,
                                       .params = {CALLER, PARAM("name", text, misuse_required_name),
                                                  PARAM("kind", number, misuse_externkind), OUT("item")}};

CALL(wrl_caller_require_export_n,
     wrl_caller_require_export_n(a->caller, a->text, a->size, (wrl_externkind_t)a->number, a->out))
FUNCTION(wrl_caller_require_export_n) = {
    CALLED(wrl_caller_require_export_n), PREPARED(memory_name), CLEARS(wrl_extern_t), .in_host = true,
    .params = {CALLER, PARAM("name", text, misuse_required_name), PARAM("name_size", size, misuse_huge_size),
               PARAM("kind", number, misuse_externkind), OUT("item")}};

#define CALLER_REQUIRED(noun, wrong_kinds)                                                                             \
    CALL(wrl_caller_require_##noun, wrl_caller_require_##noun(a->caller, a->text, a->out))                             \
    FUNCTION(wrl_caller_require_##noun) = {                                                                            \
        CALLED(wrl_caller_require_##noun), PREPARED(wrl_caller_get_##noun), CLEARS(wrl_##noun##_t), .in_host = true,   \
        .params = {CALLER, PARAM("name", text, misuse_required_name), PARAM("name", text, wrong_kinds), OUT(#noun)}};
CALLER_REQUIRED(func, misuse_required_memory)
CALLER_REQUIRED(global, misuse_required_memory)
CALLER_REQUIRED(memory, misuse_required_table)
CALLER_REQUIRED(table, misuse_required_memory)
CALLER_REQUIRED(tag, misuse_required_memory)

/* ---- global.h ---- */

CALL(wrl_global_new, wrl_global_new(a->store, a->globaltype, a->value, a->out))
FUNCTION(wrl_global_new) = {CALLED(wrl_global_new), CLEARS(wrl_global_t),
                            .params = {STORE, PARAM("type", globaltype, misuse_globaltype),
                                       PARAM("initial", value, misuse_value_i64), OUT("global")}};

PREPARE(funcref_value)
{
    a->the_globaltype.content.kind = WRL_VALKIND_FUNCREF;
    a->the_value = WRL_FUNCREF(a->world->items.func);
}
CALL(wrl_global_new__ref, wrl_global_new(a->store, a->globaltype, a->value, a->out))
FUNCTION(wrl_global_new__ref) = {CALLED(wrl_global_new__ref), PREPARED(funcref_value), CLEARS(wrl_global_t),
                                 .params = {PARAM("initial", value, misuse_value_funcref)}};

ANSWER(wrl_global_type, wrl_global_type(a->store, a->global).content.kind == WRL_VALKIND_NONE)
FUNCTION(wrl_global_type) = {CALLED(wrl_global_type), .answers = true, .params = {STORE, HANDLE(global)}};

CALL(wrl_global_get, wrl_global_get(a->store, a->global, a->out))
FUNCTION(wrl_global_get) = {CALLED(wrl_global_get), .output = OUT_NO_VALUE,
                            .params = {STORE, HANDLE(global), OUT("value")}};

SPOIL(spoil_fixed, a->global = a->world->items.fixed)
static const misuse_kind_t fixed_kinds[] = {
    {"immutable", spoil_fixed, MISUSE_REFUSED},
    END,
};

CALL(wrl_global_set, wrl_global_set(a->store, a->global, a->value))
FUNCTION(wrl_global_set) = {
    CALLED(wrl_global_set),
    .params = {STORE, HANDLE(global), PARAM("global", global, fixed_kinds), PARAM("value", value, misuse_value_i64)}};

/* ---- memory.h ---- */

CALL(wrl_memory_new, wrl_memory_new(a->store, a->memorytype, a->out))
FUNCTION(wrl_memory_new) = {CALLED(wrl_memory_new), CLEARS(wrl_memory_t),
                            .params = {STORE, PARAM("type", memorytype, misuse_memorytype), OUT("memory")}};

ANSWER(wrl_memory_type, !wrl_memory_type(a->store, a->memory).page_size_log2)
FUNCTION(wrl_memory_type) = {CALLED(wrl_memory_type), .answers = true, .params = {STORE, HANDLE(memory)}};

ANSWER(wrl_memory_size, !wrl_memory_size(a->store, a->memory))
FUNCTION(wrl_memory_size) = {CALLED(wrl_memory_size), .answers = true, .params = {STORE, HANDLE(memory)}};

ANSWER(wrl_memory_data_size, !wrl_memory_data_size(a->store, a->memory))
FUNCTION(wrl_memory_data_size) = {CALLED(wrl_memory_data_size), .answers = true, .params = {STORE, HANDLE(memory)}};

CALL(wrl_memory_grow, wrl_memory_grow(a->store, a->memory, a->offset, a->out))
FUNCTION(wrl_memory_grow) = {CALLED(wrl_memory_grow), CLEARS(uint64_t),
                             .params = {STORE, HANDLE(memory), PARAM("delta", offset, misuse_delta),
                                        PARAM("previous_pages", out, misuse_optional)}};

PREPARE(eight_bytes)
{
    a->size = 8;
}

static void spoil_buffer(misuse_args_t *a, void *field)
{
    (void)field;
    a->buffer = NULL;
    a->out = NULL;
}

static const misuse_kind_t buffer_kinds[] = {
    {"NULL", spoil_buffer, MISUSE_REFUSED},
    END,
};

CALL(wrl_memory_read, wrl_memory_read(a->store, a->memory, a->offset, a->out, a->size))
FUNCTION(wrl_memory_read) = {
    CALLED(wrl_memory_read), PREPARED(eight_bytes), .output = OUT_UNTOUCHED,
    .params = {STORE, HANDLE(memory), PARAM("offset", offset, misuse_offset), PARAM("buffer", out, buffer_kinds)}};

CALL(wrl_memory_write, wrl_memory_write(a->store, a->memory, a->offset, a->buffer, a->size))
FUNCTION(wrl_memory_write) = {
    CALLED(wrl_memory_write), PREPARED(eight_bytes),
    .params = {STORE, HANDLE(memory), PARAM("offset", offset, misuse_offset), PARAM("buffer", buffer, buffer_kinds)}};

ANSWER(wrl_memory_data, !wrl_memory_data(a->store, a->memory, a->out))
FUNCTION(wrl_memory_data) = {CALLED(wrl_memory_data), CLEARS(uint64_t), .answers = true,
                             .params = {STORE, HANDLE(memory), PARAM("size", out, misuse_optional)}};

ANSWER(wrl_memory_slice, !wrl_memory_slice(a->store, a->memory, a->offset, a->size))
FUNCTION(wrl_memory_slice) = {CALLED(wrl_memory_slice), PREPARED(eight_bytes), .answers = true,
                              .params = {STORE, HANDLE(memory), PARAM("offset", offset, misuse_offset)}};

SPOIL(spoil_size_0, a->size = 0)
static const misuse_kind_t no_space_kinds[] = {
    {"0", spoil_size_0, MISUSE_REFUSED},
    END,
};

SPOIL(spoil_string_no_end, a->offset = 65536 - 4)
SPOIL(spoil_string_outside, a->offset = 65536)
SPOIL(spoil_string_last, a->offset = UINT64_MAX)
static const misuse_kind_t string_kinds[] = {
    {"without a NUL before the end", spoil_string_no_end, MISUSE_REFUSED},
    {"at the end", spoil_string_outside, MISUSE_REFUSED},
    {"2^64 - 1", spoil_string_last, MISUSE_REFUSED},
    END,
};

/* The memory ends without a NUL. */
PREPARE(string)
{
    a->size = 8;
    wrl_error_delete(wrl_memory_write(a->store, a->memory, 65536 - 8, "xxxxxxxx", 8));
}
CALL(wrl_memory_read_string, wrl_memory_read_string(a->store, a->memory, a->offset, a->out, a->size, a->out2))
FUNCTION(wrl_memory_read_string) = {CALLED(wrl_memory_read_string), PREPARED(string), .out2_size = sizeof(size_t),
                                    .params = {STORE, HANDLE(memory), PARAM("offset", offset, string_kinds),
                                               PARAM("buffer", out, buffer_kinds), PARAM("size", size, no_space_kinds),
                                               PARAM("length", out2, misuse_optional)}};

/* ---- table.h ---- */

PREPARE(table)
{
    a->the_value = WRL_FUNCREF(a->world->items.func);
    a->size2 = 2;
}
CALL(wrl_table_new, wrl_table_new(a->store, a->tabletype, a->value, a->out))
FUNCTION(wrl_table_new) = {CALLED(wrl_table_new), PREPARED(table), CLEARS(wrl_table_t),
                           .params = {STORE, PARAM("type", tabletype, misuse_tabletype),
                                      PARAM("initial", value, misuse_value_funcref), OUT("table")}};

ANSWER(wrl_table_type, wrl_table_type(a->store, a->table).element.kind == WRL_VALKIND_NONE)
FUNCTION(wrl_table_type) = {CALLED(wrl_table_type), .answers = true, .params = {STORE, HANDLE(table)}};

ANSWER(wrl_table_size, !wrl_table_size(a->store, a->table))
FUNCTION(wrl_table_size) = {CALLED(wrl_table_size), .answers = true, .params = {STORE, HANDLE(table)}};

CALL(wrl_table_grow, wrl_table_grow(a->store, a->table, a->offset, a->value, a->out))
FUNCTION(wrl_table_grow) = {CALLED(wrl_table_grow), PREPARED(table), CLEARS(uint64_t),
                            .params = {STORE, HANDLE(table), PARAM("delta", offset, misuse_delta),
                                       PARAM("initial", value, misuse_value_funcref),
                                       PARAM("previous_size", out, misuse_optional)}};

CALL(wrl_table_get, wrl_table_get(a->store, a->table, a->offset, a->out))
FUNCTION(wrl_table_get) = {CALLED(wrl_table_get), PREPARED(table), .output = OUT_NO_VALUE,
                           .params = {STORE, HANDLE(table), PARAM("index", offset, misuse_element), OUT("value")}};

CALL(wrl_table_set, wrl_table_set(a->store, a->table, a->offset, a->value))
FUNCTION(wrl_table_set) = {CALLED(wrl_table_set), PREPARED(table),
                           .params = {STORE, HANDLE(table), PARAM("index", offset, misuse_element),
                                      PARAM("value", value, misuse_value_funcref)}};

CALL(wrl_table_fill, wrl_table_fill(a->store, a->table, a->offset, 1, a->value))
FUNCTION(wrl_table_fill) = {CALLED(wrl_table_fill), PREPARED(table),
                            .params = {STORE, HANDLE(table), PARAM("index", offset, misuse_element),
                                       PARAM("value", value, misuse_value_funcref)}};

CALL(wrl_table_copy, wrl_table_copy(a->store, a->table, 0, a->world->items.table, a->offset, 1))
FUNCTION(wrl_table_copy) = {
    CALLED(wrl_table_copy), PREPARED(table),
    .params = {STORE, PARAM("target", table, misuse_handle), PARAM("source_index", offset, misuse_element)}};

CALL(wrl_table_copy__source, wrl_table_copy(a->store, a->world->items.table, a->offset, a->table, 0, 1))
FUNCTION(wrl_table_copy__source) = {
    CALLED(wrl_table_copy__source), PREPARED(table),
    .params = {STORE, PARAM("source", table, misuse_handle), PARAM("target_index", offset, misuse_element)}};

/* ---- All of them ---- */

#define NEED_TAGS_OF_CALLERS NEED_CALLER_EXPORTS, NEED_EXCEPTIONS

#define EACH_FUNCTION(X)                                                                                               \
    X(wrl_extern_check, NEED_NOTHING)                                                                                  \
    X(wrl_extern_type, NEED_NOTHING)                                                                                   \
    X(wrl_extern_from_func, NEED_NOTHING)                                                                              \
    X(wrl_extern_from_global, NEED_NOTHING)                                                                            \
    X(wrl_extern_from_memory, NEED_NOTHING)                                                                            \
    X(wrl_extern_from_table, NEED_REFERENCE_TYPES)                                                                     \
    X(wrl_extern_from_tag, NEED_EXCEPTIONS)                                                                            \
    X(wrl_externref_new, NEED_REFERENCE_TYPES)                                                                         \
    X(wrl_externref_get, NEED_REFERENCE_TYPES)                                                                         \
    X(wrl_externref_data, NEED_REFERENCE_TYPES)                                                                        \
    X(wrl_externref_retain, NEED_REFERENCE_TYPES)                                                                      \
    X(wrl_externref_release, NEED_REFERENCE_TYPES)                                                                     \
    X(wrl_externref_autorelease, NEED_EXECUTION)                                                                       \
    X(wrl_ref_check, NEED_GC_REFERENCES)                                                                               \
    X(wrl_ref_type, NEED_GC_REFERENCES)                                                                                \
    X(wrl_ref_retain, NEED_GC_REFERENCES)                                                                              \
    X(wrl_ref_release, NEED_GC_REFERENCES)                                                                             \
    X(wrl_ref_autorelease, NEED_GC_REFERENCES)                                                                         \
    X(wrl_func_new, NEED_NOTHING)                                                                                      \
    X(wrl_func_new_raw, NEED_NOTHING)                                                                                  \
    X(wrl_func_type, NEED_NOTHING)                                                                                     \
    X(wrl_func_call, NEED_NOTHING)                                                                                     \
    X(wrl_func_call__refs, NEED_REFERENCE_TYPES)                                                                       \
    X(wrl_func_call_raw, NEED_NOTHING)                                                                                 \
    X(wrl_func_call_raw__refs, NEED_REFERENCE_TYPES)                                                                   \
    X(wrl_caller_store, NEED_EXECUTION)                                                                                \
    X(wrl_caller_use_fuel, NEED_EXECUTION)                                                                             \
    X(wrl_caller_instance, NEED_EXECUTION)                                                                             \
    X(wrl_caller_get_export, NEED_CALLER_EXPORTS)                                                                      \
    X(wrl_caller_get_export_n, NEED_CALLER_EXPORTS)                                                                    \
    X(wrl_caller_get_func, NEED_CALLER_EXPORTS)                                                                        \
    X(wrl_caller_get_global, NEED_CALLER_EXPORTS)                                                                      \
    X(wrl_caller_get_memory, NEED_CALLER_EXPORTS)                                                                      \
    X(wrl_caller_get_table, NEED_CALLER_EXPORTS)                                                                       \
    X(wrl_caller_get_tag, NEED_TAGS_OF_CALLERS)                                                                        \
    X(wrl_caller_require_export, NEED_CALLER_EXPORTS)                                                                  \
    X(wrl_caller_require_export_n, NEED_CALLER_EXPORTS)                                                                \
    X(wrl_caller_require_func, NEED_CALLER_EXPORTS)                                                                    \
    X(wrl_caller_require_global, NEED_CALLER_EXPORTS)                                                                  \
    X(wrl_caller_require_memory, NEED_CALLER_EXPORTS)                                                                  \
    X(wrl_caller_require_table, NEED_CALLER_EXPORTS)                                                                   \
    X(wrl_caller_require_tag, NEED_TAGS_OF_CALLERS)                                                                    \
    X(wrl_global_new, NEED_NOTHING)                                                                                    \
    X(wrl_global_new__ref, NEED_REFERENCE_TYPES)                                                                       \
    X(wrl_global_type, NEED_NOTHING)                                                                                   \
    X(wrl_global_get, NEED_NOTHING)                                                                                    \
    X(wrl_global_set, NEED_NOTHING)                                                                                    \
    X(wrl_memory_new, NEED_NOTHING)                                                                                    \
    X(wrl_memory_type, NEED_NOTHING)                                                                                   \
    X(wrl_memory_size, NEED_NOTHING)                                                                                   \
    X(wrl_memory_data_size, NEED_NOTHING)                                                                              \
    X(wrl_memory_grow, NEED_NOTHING)                                                                                   \
    X(wrl_memory_read, NEED_NOTHING)                                                                                   \
    X(wrl_memory_write, NEED_NOTHING)                                                                                  \
    X(wrl_memory_read_string, NEED_NOTHING)                                                                            \
    X(wrl_memory_slice, NEED_MEMORY_DATA)                                                                              \
    X(wrl_memory_data, NEED_MEMORY_DATA)                                                                               \
    X(wrl_table_new, NEED_REFERENCE_TYPES)                                                                             \
    X(wrl_table_type, NEED_REFERENCE_TYPES)                                                                            \
    X(wrl_table_size, NEED_REFERENCE_TYPES)                                                                            \
    X(wrl_table_grow, NEED_REFERENCE_TYPES)                                                                            \
    X(wrl_table_get, NEED_REFERENCE_TYPES)                                                                             \
    X(wrl_table_set, NEED_REFERENCE_TYPES)                                                                             \
    X(wrl_table_fill, NEED_REFERENCE_TYPES)                                                                            \
    X(wrl_table_copy, NEED_REFERENCE_TYPES)                                                                            \
    X(wrl_table_copy__source, NEED_REFERENCE_TYPES)

MISUSE_GROUP(misuse_item, EACH_FUNCTION);
