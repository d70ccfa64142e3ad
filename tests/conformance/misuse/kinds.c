/* The kinds of misuse. Each changes valid arguments in one respect. */
#include "misuse.h"

/* ---- Pointers, sizes, numbers ---- */

/* All pointers that this kind spoils have the same representation as a pointer to an object. */
SPOIL(null, memset(field, 0, sizeof(void *)))

const misuse_kind_t misuse_pointer[] = {{"NULL", null, MISUSE_REFUSED}, END};
const misuse_kind_t misuse_optional[] = {{"NULL, which is allowed", null, MISUSE_ALLOWED}, END};

SPOIL(unknown_name, *(const char **)field = "no such name")
/* An empty string. The space behind it is for functions that read as many bytes as the size argument says. */
static const char empty[64];
SPOIL(empty_name, *(const char **)field = empty)
const misuse_kind_t misuse_name[] = {
    {"NULL", null, MISUSE_REFUSED},
    {"unknown", unknown_name, MISUSE_REFUSED},
    {"empty", empty_name, MISUSE_REFUSED},
    END,
};

const misuse_kind_t misuse_sized_name[] = {{"NULL with a size", null, MISUSE_REFUSED}, END};

SPOIL(export_memory, *(const char **)field = "memory")
SPOIL(export_global, *(const char **)field = "global")
SPOIL(export_table, *(const char **)field = "table")
const misuse_kind_t misuse_export_memory[] = {{"a memory", export_memory, MISUSE_REFUSED}, END};
const misuse_kind_t misuse_export_no_memory[] = {
    {"a global", export_global, MISUSE_REFUSED},
    {"a table", export_table, MISUSE_REFUSED},
    END,
};

const misuse_kind_t misuse_required_name[] = {
    {"NULL", null, MISUSE_REFUSED},
    {"unknown", unknown_name, MISUSE_UNLINKABLE},
    {"empty", empty_name, MISUSE_UNLINKABLE},
    END,
};
const misuse_kind_t misuse_required_memory[] = {{"a memory", export_memory, MISUSE_UNLINKABLE}, END};
const misuse_kind_t misuse_required_table[] = {{"a table", export_table, MISUSE_UNLINKABLE}, END};

SPOIL(kind_limit, *(int *)field = WRL_EXTERN_TAG + 1)
SPOIL(kind_negative, *(int *)field = -1)
const misuse_kind_t misuse_externkind[] = {
    {"beyond the last", kind_limit, MISUSE_REFUSED},
    {"-1", kind_negative, MISUSE_REFUSED},
    END,
};

SPOIL(size_max, *(size_t *)field = SIZE_MAX)
SPOIL(size_half, *(size_t *)field = SIZE_MAX / 2 + 1)
const misuse_kind_t misuse_huge_size[] = {
    {"SIZE_MAX", size_max, MISUSE_REFUSED},
    {"SIZE_MAX / 2 + 1", size_half, MISUSE_REFUSED},
    END,
};

SPOIL(count_zero, *(size_t *)field = 0)
SPOIL(count_less, (*(size_t *)field)--)
SPOIL(count_more, (*(size_t *)field)++)
const misuse_kind_t misuse_wrong_count[] = {
    {"0", count_zero, MISUSE_REFUSED},        {"one less", count_less, MISUSE_REFUSED},
    {"one more", count_more, MISUSE_REFUSED}, {"SIZE_MAX / 2 + 1", size_half, MISUSE_REFUSED},
    {"SIZE_MAX", size_max, MISUSE_REFUSED},   END,
};
const misuse_kind_t misuse_too_few[] = {
    {"0", count_zero, MISUSE_REFUSED},
    {"one less", count_less, MISUSE_REFUSED},
    END,
};

/* `size2` is the count. */
SPOIL(index_end, a->index = a->size2)
#if SIZE_MAX > UINT32_MAX
SPOIL(index_32, a->index = (size_t)1 << 32)
#endif
const misuse_kind_t misuse_index[] = {
    {"one beyond the last", index_end, MISUSE_REFUSED},
#if SIZE_MAX > UINT32_MAX
    {"2^32", index_32, MISUSE_REFUSED},
#endif
    {"SIZE_MAX", size_max, MISUSE_REFUSED},
    END,
};
SPOIL(element_end, a->offset = a->size2)
SPOIL(element_32, a->offset = UINT64_C(1) << 32)
SPOIL(element_last, a->offset = UINT64_MAX)
const misuse_kind_t misuse_element[] = {
    {"one beyond the last", element_end, MISUSE_REFUSED},
    {"2^32", element_32, MISUSE_REFUSED},
    {"2^64 - 1", element_last, MISUSE_REFUSED},
    END,
};

SPOIL(number_none, a->number = 0)
SPOIL(number_negative, a->number = -1)
SPOIL(number_large, a->number = 9999)
SPOIL(number_least, a->number = INT32_MIN)
SPOIL(number_most, a->number = INT32_MAX)
const misuse_kind_t misuse_enumerator[] = {
    {"0", number_none, MISUSE_REFUSED},
    {"-1", number_negative, MISUSE_REFUSED},
    {"9999", number_large, MISUSE_REFUSED},
    {"the least int", number_least, MISUSE_REFUSED},
    {"the largest int", number_most, MISUSE_REFUSED},
    END,
};

/* Sets a range in a memory of one page. */
static void range(misuse_args_t *a, uint64_t offset, size_t size)
{
    a->offset = offset;
    a->size = size;
}

SPOIL(range_end, range(a, 65536, 1))
SPOIL(range_crosses, range(a, 65535, 2))
SPOIL(range_wraps, range(a, UINT64_MAX, 2))
SPOIL(range_wraps_8, range(a, UINT64_MAX - 7, 16))
SPOIL(range_32, range(a, UINT64_C(1) << 32, 1))
SPOIL(range_long, range(a, 0, SIZE_MAX))
SPOIL(range_long_wraps, range(a, 1, SIZE_MAX))
SPOIL(range_all_wraps, range(a, UINT64_MAX, SIZE_MAX))
SPOIL(range_empty_beyond, range(a, 65537, 0))
const misuse_kind_t misuse_offset[] = {
    {"the end", range_end, MISUSE_REFUSED},
    {"across the end", range_crosses, MISUSE_REFUSED},
    {"offset + size wraps", range_wraps, MISUSE_REFUSED},
    {"offset + size wraps far", range_wraps_8, MISUSE_REFUSED},
    {"2^32", range_32, MISUSE_REFUSED},
    {"SIZE_MAX bytes", range_long, MISUSE_REFUSED},
    {"SIZE_MAX bytes that wrap", range_long_wraps, MISUSE_REFUSED},
    {"both as large as can be", range_all_wraps, MISUSE_REFUSED},
    {"no bytes, beyond the end", range_empty_beyond, MISUSE_REFUSED},
    END,
};

SPOIL(delta_small, a->offset = 4)
SPOIL(delta_32, a->offset = UINT64_C(1) << 32)
SPOIL(delta_48, a->offset = UINT64_C(1) << 48)
SPOIL(delta_wraps, a->offset = UINT64_MAX)
const misuse_kind_t misuse_delta[] = {
    {"beyond the maximum", delta_small, MISUSE_TOO_LARGE},
    {"2^32", delta_32, MISUSE_TOO_LARGE},
    {"2^48", delta_48, MISUSE_TOO_LARGE},
    {"2^64 - 1", delta_wraps, MISUSE_TOO_LARGE},
    END,
};

/* ---- Handles ---- */

/* These functions change a handle of any kind, at any address. */
static void handle_null(const misuse_args_t *a, void *handle)
{
    (void)a;
    memset(handle, 0, sizeof(misuse_handle_t));
}

static void set_store(void *handle, uint64_t store_id)
{
    misuse_handle_t spoilt;
    memcpy(&spoilt, handle, sizeof(spoilt));
    spoilt.store_id = store_id;
    memcpy(handle, &spoilt, sizeof(spoilt));
}

static void set_index(void *handle, uint64_t add)
{
    misuse_handle_t spoilt;
    memcpy(&spoilt, handle, sizeof(spoilt));
    spoilt.index += add;
    memcpy(handle, &spoilt, sizeof(spoilt));
}

static void handle_no_store(const misuse_args_t *a, void *handle)
{
    (void)a;
    set_store(handle, 0);
    set_index(handle, 1);
}

static void handle_other(const misuse_args_t *a, void *handle)
{
    set_store(handle, a->world->other_id);
}

static void handle_dead(const misuse_args_t *a, void *handle)
{
    set_store(handle, a->world->dead_id);
}

static void handle_future(const misuse_args_t *a, void *handle)
{
    (void)a;
    set_store(handle, UINT64_MAX);
}

static void handle_end(const misuse_args_t *a, void *handle)
{
    (void)a;
    set_index(handle, 1);
}

static void handle_32(const misuse_args_t *a, void *handle)
{
    (void)a;
    set_index(handle, UINT64_C(1) << 32);
}

static void handle_63(const misuse_args_t *a, void *handle)
{
    (void)a;
    set_index(handle, UINT64_C(1) << 63);
}

static void handle_last(const misuse_args_t *a, void *handle)
{
    (void)a;
    misuse_handle_t spoilt;
    memcpy(&spoilt, handle, sizeof(spoilt));
    spoilt.index = UINT64_MAX;
    memcpy(handle, &spoilt, sizeof(spoilt));
}

/* Defines the kinds of bad handles other than null, for the handle at that address. */
#define SPOILS(prefix, address)                                                                                        \
    SPOIL(prefix##_other, handle_other(a, address))                                                                    \
    SPOIL(prefix##_dead, handle_dead(a, address))                                                                      \
    SPOIL(prefix##_future, handle_future(a, address))                                                                  \
    SPOIL(prefix##_end, handle_end(a, address))                                                                        \
    SPOIL(prefix##_32, handle_32(a, address))                                                                          \
    SPOIL(prefix##_63, handle_63(a, address))                                                                          \
    SPOIL(prefix##_last, handle_last(a, address))

#define SPOILT_IS(outcome, prefix)                                                                                     \
    {#prefix " of another store", prefix##_other, outcome}, {#prefix " of a deleted store", prefix##_dead, outcome},   \
        {#prefix " of no store yet", prefix##_future, outcome},                                                        \
        {#prefix " one beyond the last", prefix##_end, outcome},                                                       \
        {#prefix " with an index 2^32 too large", prefix##_32, outcome},                                               \
        {#prefix " with an index 2^63 too large", prefix##_63, outcome},                                               \
    {                                                                                                                  \
#prefix " with the largest index", prefix##_last, outcome                                                      \
    }
#define SPOILT(prefix) SPOILT_IS(MISUSE_REFUSED, prefix)

SPOIL(a_handle_null, handle_null(a, field))
SPOIL(a_handle_no_store, handle_no_store(a, field))
SPOILS(a_handle, field)
const misuse_kind_t misuse_handle[] = {
    {"null handle", a_handle_null, MISUSE_REFUSED},
    {"null handle with an index", a_handle_no_store, MISUSE_REFUSED},
    SPOILT(a_handle),
    END,
};

const misuse_kind_t misuse_handle_or_null[] = {
    {"null handle, which is allowed", a_handle_null, MISUSE_ALLOWED},
    SPOILT(a_handle),
    END,
};

const misuse_kind_t misuse_handle_null[] = {
    {"null handle", a_handle_null, MISUSE_REFUSED},
    {"null handle with an index", a_handle_no_store, MISUSE_REFUSED},
    SPOILT_IS(MISUSE_ALLOWED, a_handle),
    END,
};

SPOIL(item_kind_none, a->the_item.kind = WRL_EXTERN_NONE)
SPOIL(item_kind_negative, a->the_item.kind = (wrl_externkind_t)-1)
SPOIL(item_kind_unknown, a->the_item.kind = (wrl_externkind_t)6)
SPOIL(item_kind_large, a->the_item.kind = (wrl_externkind_t)9999)
SPOIL(item_handle_null, handle_null(a, &a->the_item.of.func))
SPOILS(item_handle, &a->the_item.of.func)
const misuse_kind_t misuse_item[] = {
    {"of kind none", item_kind_none, MISUSE_REFUSED},
    {"of kind -1", item_kind_negative, MISUSE_REFUSED},
    {"of kind 6", item_kind_unknown, MISUSE_REFUSED},
    {"of kind 9999", item_kind_large, MISUSE_REFUSED},
    {"null handle", item_handle_null, MISUSE_REFUSED},
    SPOILT(item_handle),
    END,
};

/* Defines an import that the map cannot check. */
static void import_item(misuse_args_t *a, void (*spoil)(const misuse_args_t *a, void *handle))
{
    wrl_func_t func = a->world->import;
    if (spoil == handle_end) {
        func = a->world->items.func;
    }
    spoil(a, &func);
    wrl_error_delete(wrl_imports_define(a->imports, "env", "f", wrl_extern_from_func(func)));
}

SPOIL(imports_none, a->imports = NULL)
SPOIL(import_other, import_item(a, handle_other))
SPOIL(import_dead, import_item(a, handle_dead))
SPOIL(import_future, import_item(a, handle_future))
SPOIL(import_end, import_item(a, handle_end))
SPOIL(import_32, import_item(a, handle_32))
SPOIL(import_63, import_item(a, handle_63))
SPOIL(import_last, import_item(a, handle_last))
const misuse_kind_t misuse_linked_imports[] = {
    {"NULL where there are imports", imports_none, MISUSE_UNLINKABLE},
    SPOILT(import),
    END,
};

SPOIL(named_no_name, a->the_named[1].name = NULL)
SPOIL(named_none, a->the_named[1].item.kind = WRL_EXTERN_NONE)
SPOIL(named_unknown, a->the_named[1].item.kind = (wrl_externkind_t)77)
SPOIL(named_null_handle, handle_null(a, &a->the_named[1].item.of.func))
const misuse_kind_t misuse_named[] = {
    {"NULL", null, MISUSE_REFUSED},
    {"a name is NULL", named_no_name, MISUSE_REFUSED},
    {"an item of kind none", named_none, MISUSE_REFUSED},
    {"an item of kind 77", named_unknown, MISUSE_REFUSED},
    {"an item with a null handle", named_null_handle, MISUSE_REFUSED},
    END,
};

/* ---- Structs that begin with their size ---- */

#define SPOIL_SIZE(name, part)                                                                                         \
    SPOIL(name##_size_0, (part).size = 0)                                                                              \
    SPOIL(name##_size_less, (part).size--)                                                                             \
    SPOIL(name##_size_more, (part).size++)                                                                             \
    SPOIL(name##_size_max, (part).size = SIZE_MAX)

#define SIZE_SPOILT(name)                                                                                              \
    {"of size 0", name##_size_0, MISUSE_REFUSED}, {"of a size too small", name##_size_less, MISUSE_REFUSED},           \
        {"of a size too large", name##_size_more, MISUSE_REFUSED},                                                     \
    {                                                                                                                  \
        "of size SIZE_MAX", name##_size_max, MISUSE_REFUSED                                                            \
    }

SPOIL_SIZE(config, a->the_config)
SPOIL(config_unknown, a->the_config.backend = "no_such_backend")
SPOIL(config_empty, a->the_config.backend = "")
SPOIL(config_path, a->the_config.backend = "../wrl/wasmtime")
SPOIL(config_format, a->the_config.backend = "%s%n")
const misuse_kind_t misuse_config[] = {
    SIZE_SPOILT(config),
    {"an unknown backend", config_unknown, MISUSE_REFUSED},
    {"a backend without a name", config_empty, MISUSE_REFUSED},
    {"a path for a backend", config_path, MISUSE_REFUSED},
    {"a format for a backend", config_format, MISUSE_REFUSED},
    END,
};

SPOIL(functype_no_params, a->the_functype.params = NULL)
SPOIL(functype_no_results, a->the_functype.results = NULL)
SPOIL(functype_many_params, a->the_functype.param_count = WRL_MAX_PARAMS + 1)
SPOIL(functype_many_results, a->the_functype.result_count = WRL_MAX_PARAMS + 1)
SPOIL(functype_endless_params, a->the_functype.param_count = SIZE_MAX)
SPOIL(functype_wrapping_params, a->the_functype.param_count = SIZE_MAX / sizeof(wrl_valtype_t) + 2)
SPOIL(functype_endless_results, a->the_functype.result_count = SIZE_MAX)
SPOIL(functype_param_none, a->the_params[0].kind = WRL_VALKIND_NONE)
SPOIL(functype_param_9, a->the_params[1].kind = 9)
SPOIL(functype_param_255, a->the_params[1].kind = 255)
SPOIL(functype_param_flags, a->the_params[0].flags = 1)
SPOIL(functype_param_heap, a->the_params[1].heap = -16)
SPOIL(functype_result_none, a->the_results[0].kind = WRL_VALKIND_NONE)
SPOIL(functype_result_255, a->the_results[0].kind = 255)
const misuse_kind_t misuse_functype[] = {
    {"NULL", null, MISUSE_REFUSED},
    {"with params NULL", functype_no_params, MISUSE_REFUSED},
    {"with results NULL", functype_no_results, MISUSE_REFUSED},
    {"with one parameter too many", functype_many_params, MISUSE_REFUSED},
    {"with one result too many", functype_many_results, MISUSE_REFUSED},
    {"with SIZE_MAX parameters", functype_endless_params, MISUSE_REFUSED},
    {"with parameters whose size wraps", functype_wrapping_params, MISUSE_REFUSED},
    {"with SIZE_MAX results", functype_endless_results, MISUSE_REFUSED},
    {"with a parameter of kind none", functype_param_none, MISUSE_REFUSED},
    {"with a parameter of kind 9", functype_param_9, MISUSE_REFUSED},
    {"with a parameter of kind 255", functype_param_255, MISUSE_REFUSED},
    {"with an i32 that has flags", functype_param_flags, MISUSE_REFUSED},
    {"with an f64 that has a heap type", functype_param_heap, MISUSE_REFUSED},
    {"with a result of kind none", functype_result_none, MISUSE_REFUSED},
    {"with a result of kind 255", functype_result_255, MISUSE_REFUSED},
    END,
};

SPOIL(globaltype_none, a->the_globaltype.content.kind = WRL_VALKIND_NONE)
SPOIL(globaltype_255, a->the_globaltype.content.kind = 255)
SPOIL(globaltype_heap, a->the_globaltype.content.heap = 3)
const misuse_kind_t misuse_globaltype[] = {
    {"NULL", null, MISUSE_REFUSED},
    {"of kind none", globaltype_none, MISUSE_REFUSED},
    {"of kind 255", globaltype_255, MISUSE_REFUSED},
    {"an i64 that has a heap type", globaltype_heap, MISUSE_REFUSED},
    END,
};

static void memory_limits(misuse_args_t *a, bool is_64, uint64_t min, uint64_t max)
{
    a->the_memorytype.is_64 = is_64;
    a->the_memorytype.min = min;
    a->the_memorytype.max = max;
}

SPOIL(memorytype_crossed, memory_limits(a, false, 3, 2))
SPOIL(memorytype_min, memory_limits(a, false, 65537, WRL_NO_MAX))
SPOIL(memorytype_max, memory_limits(a, false, 0, 65537))
SPOIL(memorytype_min_32, memory_limits(a, false, UINT64_C(1) << 32, WRL_NO_MAX))
SPOIL(memorytype_min_wraps, memory_limits(a, false, UINT64_MAX, WRL_NO_MAX))
SPOIL(memorytype_max_wraps, memory_limits(a, false, 0, UINT64_MAX - 1))
SPOIL(memorytype_64_min, memory_limits(a, true, (UINT64_C(1) << 48) + 1, WRL_NO_MAX))
SPOIL(memorytype_64_wraps, memory_limits(a, true, UINT64_MAX, UINT64_MAX))
SPOIL(memorytype_page, a->the_memorytype.page_size_log2 = 17)
SPOIL(memorytype_page_64, a->the_memorytype.page_size_log2 = 64)
SPOIL(memorytype_page_255, a->the_memorytype.page_size_log2 = 255)
SPOIL(memorytype_shared, (a->the_memorytype.is_shared = true, a->the_memorytype.max = WRL_NO_MAX))
const misuse_kind_t misuse_memorytype[] = {
    {"NULL", null, MISUSE_REFUSED},
    {"with more pages at least than at most", memorytype_crossed, MISUSE_REFUSED},
    {"with 2^16 + 1 pages", memorytype_min, MISUSE_REFUSED},
    {"with 2^16 + 1 pages at most", memorytype_max, MISUSE_REFUSED},
    {"with 2^32 pages", memorytype_min_32, MISUSE_REFUSED},
    {"with 2^64 - 1 pages", memorytype_min_wraps, MISUSE_REFUSED},
    {"with 2^64 - 2 pages at most", memorytype_max_wraps, MISUSE_REFUSED},
    {"of 64 bits with 2^48 + 1 pages", memorytype_64_min, MISUSE_REFUSED},
    {"of 64 bits with 2^64 - 1 pages", memorytype_64_wraps, MISUSE_REFUSED},
    {"with pages of 2^17 bytes", memorytype_page, MISUSE_REFUSED},
    {"with pages of 2^64 bytes", memorytype_page_64, MISUSE_REFUSED},
    {"with pages of 2^255 bytes", memorytype_page_255, MISUSE_REFUSED},
    {"shared without a maximum", memorytype_shared, MISUSE_REFUSED},
    END,
};

static void table_limits(misuse_args_t *a, uint64_t min, uint64_t max)
{
    a->the_tabletype.min = min;
    a->the_tabletype.max = max;
}

SPOIL(tabletype_crossed, table_limits(a, 3, 2))
SPOIL(tabletype_min_32, table_limits(a, UINT64_C(1) << 32, WRL_NO_MAX))
SPOIL(tabletype_max_32, table_limits(a, 0, UINT64_C(1) << 32))
SPOIL(tabletype_min_wraps, table_limits(a, UINT64_MAX, UINT64_MAX))
SPOIL(tabletype_number, a->the_tabletype.element.kind = WRL_VALKIND_I32)
SPOIL(tabletype_none, a->the_tabletype.element.kind = WRL_VALKIND_NONE)
SPOIL(tabletype_255, a->the_tabletype.element.kind = 255)
const misuse_kind_t misuse_tabletype[] = {
    {"NULL", null, MISUSE_REFUSED},
    {"with more elements at least than at most", tabletype_crossed, MISUSE_REFUSED},
    {"with 2^32 elements", tabletype_min_32, MISUSE_REFUSED},
    {"with 2^32 elements at most", tabletype_max_32, MISUSE_REFUSED},
    {"with 2^64 - 1 elements", tabletype_min_wraps, MISUSE_REFUSED},
    {"of numbers", tabletype_number, MISUSE_REFUSED},
    {"of kind none", tabletype_none, MISUSE_REFUSED},
    {"of kind 255", tabletype_255, MISUSE_REFUSED},
    END,
};

/* ---- Values ---- */

SPOIL(value_none, a->the_value.kind = WRL_VALKIND_NONE)
SPOIL(value_i32, a->the_value.kind = WRL_VALKIND_I32)
SPOIL(value_i64, a->the_value.kind = WRL_VALKIND_I64)
SPOIL(value_f64, a->the_value.kind = WRL_VALKIND_F64)
SPOIL(value_v128, a->the_value.kind = WRL_VALKIND_V128)
SPOIL(value_funcref, a->the_value = WRL_FUNCREF(a->world->items.func))
SPOIL(value_externref, a->the_value = WRL_NULL_EXTERNREF)
SPOIL(value_ref, a->the_value.kind = WRL_VALKIND_REF)
SPOIL(value_255, a->the_value.kind = 255)
const misuse_kind_t misuse_value_i64[] = {
    {"NULL", null, MISUSE_REFUSED},
    {"none", value_none, MISUSE_REFUSED},
    {"an i32", value_i32, MISUSE_REFUSED},
    {"an f64", value_f64, MISUSE_REFUSED},
    {"a v128", value_v128, MISUSE_REFUSED},
    {"a funcref", value_funcref, MISUSE_REFUSED},
    {"a ref", value_ref, MISUSE_REFUSED},
    {"of kind 255", value_255, MISUSE_REFUSED},
    END,
};

SPOILS(func_value, &a->the_value.of.func)
const misuse_kind_t misuse_value_funcref[] = {
    {"NULL", null, MISUSE_REFUSED},
    {"none", value_none, MISUSE_REFUSED},
    {"an i64", value_i64, MISUSE_REFUSED},
    {"an externref", value_externref, MISUSE_REFUSED},
    {"a ref", value_ref, MISUSE_REFUSED},
    {"of kind 255", value_255, MISUSE_REFUSED},
    SPOILT(func_value),
    END,
};

SPOIL(args_none_0, a->the_values[0].kind = WRL_VALKIND_NONE)
SPOIL(args_f64_0, a->the_values[0].kind = WRL_VALKIND_F64)
SPOIL(args_255_0, a->the_values[0].kind = 255)
SPOIL(args_none_1, a->the_values[1].kind = WRL_VALKIND_NONE)
SPOIL(args_f32_1, a->the_values[1].kind = WRL_VALKIND_F32)
SPOIL(args_ref_1, a->the_values[1].kind = WRL_VALKIND_REF)
const misuse_kind_t misuse_args_numbers[] = {
    {"NULL", null, MISUSE_REFUSED},
    {"none for value 0", args_none_0, MISUSE_REFUSED},
    {"an f64 for value 0", args_f64_0, MISUSE_REFUSED},
    {"a value 0 of kind 255", args_255_0, MISUSE_REFUSED},
    {"none for value 1", args_none_1, MISUSE_REFUSED},
    {"an f32 for value 1", args_f32_1, MISUSE_REFUSED},
    {"a ref for value 1", args_ref_1, MISUSE_REFUSED},
    END,
};

/* For calls of the function with references. misuse_args_t::values and slots contain its arguments. */
SPOIL(refs_swapped, a->the_values[1] = WRL_NULL_EXTERNREF)
SPOIL(refs_number, a->the_values[2] = WRL_I64(0))
SPOILS(arg_1, &a->the_values[1].of.func)
SPOILS(arg_2, &a->the_values[2].of.externref)
const misuse_kind_t misuse_args_refs[] = {
    {"an externref for value 1", refs_swapped, MISUSE_REFUSED},
    {"an i64 for value 2", refs_number, MISUSE_REFUSED},
    SPOILT(arg_1),
    SPOILT(arg_2),
    END,
};

SPOILS(slot_1, &a->the_slots[1].func)
SPOILS(slot_2, &a->the_slots[2].externref)
const misuse_kind_t misuse_slots_refs[] = {SPOILT(slot_1), SPOILT(slot_2), END};
