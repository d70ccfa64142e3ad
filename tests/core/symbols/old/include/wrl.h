#ifndef WRL_H
#define WRL_H
#ifndef WRL_ALLOCATOR_H
#define WRL_ALLOCATOR_H
#ifndef WRL_BASE_H
#define WRL_BASE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#if defined(WRL_STATIC)
#define WRL_API
#elif defined(_WIN32)
#if defined(WRL_BUILDING)
#define WRL_API __declspec(dllexport)
#else
#define WRL_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define WRL_API __attribute__((visibility("default")))
#else
#define WRL_API
#endif
#if defined(__GNUC__)
#define WRL_NODISCARD __attribute__((warn_unused_result))
#define WRL_PRINTF(format_index, first_index) __attribute__((format(printf, format_index, first_index)))
#else
#define WRL_NODISCARD
#define WRL_PRINTF(format_index, first_index)
#endif
#define WRL_VERSION_MAJOR 0
#define WRL_VERSION_MINOR 1
#define WRL_VERSION_PATCH 0
#define WRL_VERSION_STRING "0.1.0"
#ifdef __cplusplus
extern "C" {
#endif
typedef struct wrl_error wrl_error_t;
typedef struct wrl_engine wrl_engine_t;
typedef struct wrl_module wrl_module_t;
typedef struct wrl_store wrl_store_t;
typedef struct wrl_imports wrl_imports_t;
typedef struct wrl_caller wrl_caller_t;
typedef struct wrl_backend wrl_backend_t;
typedef void (*wrl_finalizer_t)(void *data);
WRL_API const char *wrl_version(void);
typedef struct wrl_bytes {
    uint8_t *data;
    size_t size;
} wrl_bytes_t;
WRL_API void wrl_bytes_delete(wrl_bytes_t *bytes);
#ifdef __cplusplus
}
#endif
#endif
#ifdef __cplusplus
extern "C" {
#endif
typedef struct wrl_allocator {
    size_t size;
    void *env;
    void *(*allocate)(void *env, size_t size);
    void *(*reallocate)(void *env, void *memory, size_t size);
    void (*deallocate)(void *env, void *memory);
} wrl_allocator_t;
WRL_API WRL_NODISCARD wrl_error_t *wrl_allocator_set(const wrl_allocator_t *allocator);
#ifdef __cplusplus
}
#endif
#endif
#ifndef WRL_BACKEND_H
#define WRL_BACKEND_H
#ifdef __cplusplus
extern "C" {
#endif
typedef const wrl_backend_t *(*wrl_backend_open_t)(uint32_t abi);
WRL_API WRL_NODISCARD wrl_error_t *wrl_backend_register(wrl_backend_open_t open);
WRL_API WRL_NODISCARD wrl_error_t *wrl_backend_load(const char *path, const char **name);
typedef struct wrl_backend_info {
    const char *name;
    const char *engine_name;
    const char *engine_version;
    bool is_default;
} wrl_backend_info_t;
WRL_API size_t wrl_backend_count(void);
WRL_API bool wrl_backend_get(size_t index, wrl_backend_info_t *info);
WRL_API bool wrl_backend_find(const char *name, wrl_backend_info_t *info);
#ifdef __cplusplus
}
#endif
#endif
#ifndef WRL_ENGINE_H
#define WRL_ENGINE_H
#ifdef __cplusplus
extern "C" {
#endif
typedef struct wrl_engine_config {
    size_t size;
    const char *backend;
    size_t max_reentry;
    size_t stack_size;
    size_t stack_reserve;
    uint64_t max_compile_work;
    uint64_t max_compile_memory;
    bool exact_traps;
} wrl_engine_config_t;
#define WRL_ENGINE_CONFIG_INIT                                                                                         \
    {                                                                                                                  \
        sizeof(wrl_engine_config_t), NULL, 0, 0, 0, 0, 0, false                                                        \
    }
#define WRL_DEFAULT_MAX_REENTRY 200
#define WRL_MAX_REENTRY 65535
#define WRL_MIN_STACK_SIZE 16384
#define WRL_MAX_STACK_SIZE 1048576
#define WRL_DEFAULT_STACK_RESERVE 32768
#define WRL_COMPILE_WORK_PER_BYTE 20
#define WRL_DEFAULT_MAX_COMPILE_WORK 10000000
#define WRL_COMPILE_MEMORY_PER_BYTE 1024
#define WRL_DEFAULT_MAX_COMPILE_MEMORY 1073741824
WRL_API WRL_NODISCARD wrl_error_t *wrl_engine_new(const wrl_engine_config_t *config, wrl_engine_t **engine);
WRL_API wrl_engine_t *wrl_engine_retain(const wrl_engine_t *engine);
WRL_API void wrl_engine_release(wrl_engine_t *engine);
WRL_API const char *wrl_engine_backend_name(const wrl_engine_t *engine);
WRL_API const char *wrl_engine_version(const wrl_engine_t *engine);
#ifdef __cplusplus
}
#endif
#endif
#ifndef WRL_ERROR_H
#define WRL_ERROR_H
#ifdef __cplusplus
extern "C" {
#endif
typedef enum wrl_error_kind {
    WRL_ERROR_INVALID_ARGUMENT = 1,
    WRL_ERROR_UNSUPPORTED = 2,
    WRL_ERROR_MALFORMED = 3,
    WRL_ERROR_INVALID = 4,
    WRL_ERROR_LINK = 5,
    WRL_ERROR_TRAP = 6,
    WRL_ERROR_HOST = 7,
    WRL_ERROR_RESOURCE_LIMIT =
        8,
    WRL_ERROR_OUT_OF_MEMORY = 9,
    WRL_ERROR_IO = 10,
    WRL_ERROR_EXIT = 11
} wrl_error_kind_t;
typedef enum wrl_trap_code {
    WRL_TRAP_NONE = 0,
    WRL_TRAP_OTHER = 1,
    WRL_TRAP_UNREACHABLE = 2,
    WRL_TRAP_MEMORY_OUT_OF_BOUNDS = 3,
    WRL_TRAP_TABLE_OUT_OF_BOUNDS = 4,
    WRL_TRAP_INDIRECT_CALL_TO_NULL = 5,
    WRL_TRAP_BAD_SIGNATURE = 6,
    WRL_TRAP_INTEGER_OVERFLOW = 7,
    WRL_TRAP_INTEGER_DIVISION_BY_ZERO = 8,
    WRL_TRAP_BAD_CONVERSION_TO_INTEGER = 9,
    WRL_TRAP_STACK_OVERFLOW = 10,
    WRL_TRAP_NULL_REFERENCE = 11,
    WRL_TRAP_ARRAY_OUT_OF_BOUNDS = 12,
    WRL_TRAP_CAST_FAILURE = 13,
    WRL_TRAP_ALLOCATION_TOO_LARGE = 14,
    WRL_TRAP_UNALIGNED_ATOMIC = 15,
    WRL_TRAP_ATOMIC_WAIT_NON_SHARED = 16,
    WRL_TRAP_UNCAUGHT_EXCEPTION = 17
} wrl_trap_code_t;
#define WRL_FRAME_UNKNOWN UINT64_MAX
typedef struct wrl_frame {
    uint64_t func_index;
    uint64_t func_offset;
    uint64_t module_offset;
    const char *func_name;
    size_t func_name_size;
    const char *module_name;
    size_t module_name_size;
} wrl_frame_t;
WRL_API WRL_NODISCARD wrl_error_t *wrl_error_new(wrl_error_kind_t kind, const char *message);
WRL_API WRL_NODISCARD wrl_error_t *wrl_error_newf(wrl_error_kind_t kind, const char *format, ...) WRL_PRINTF(2, 3);
WRL_API WRL_NODISCARD wrl_error_t *wrl_error_new_with_data(wrl_error_kind_t kind, const char *message, void *data,
                                                           wrl_finalizer_t finalizer);
WRL_API WRL_NODISCARD wrl_error_t *wrl_error_new_trap(wrl_trap_code_t code, const char *message);
WRL_API WRL_NODISCARD wrl_error_t *wrl_error_new_exit(int32_t status);
WRL_API void wrl_error_delete(wrl_error_t *error);
WRL_API wrl_error_kind_t wrl_error_kind(const wrl_error_t *error);
WRL_API const char *wrl_error_message(const wrl_error_t *error);
WRL_API wrl_trap_code_t wrl_error_trap_code(const wrl_error_t *error);
WRL_API int32_t wrl_error_exit_status(const wrl_error_t *error);
WRL_API void *wrl_error_data(const wrl_error_t *error);
WRL_API size_t wrl_error_frame_count(const wrl_error_t *error);
WRL_API bool wrl_error_frame(const wrl_error_t *error, size_t index, wrl_frame_t *frame);
WRL_API const char *wrl_error_kind_name(wrl_error_kind_t kind);
WRL_API const char *wrl_trap_code_name(wrl_trap_code_t code);
#ifdef __cplusplus
}
#endif
#endif
#ifndef WRL_EXTERN_H
#define WRL_EXTERN_H
#ifndef WRL_TYPE_H
#define WRL_TYPE_H
#ifndef WRL_VALUE_H
#define WRL_VALUE_H
#ifndef WRL_HANDLE_H
#define WRL_HANDLE_H
#ifdef __cplusplus
extern "C" {
#endif
typedef struct wrl_instance {
    uint64_t store_id;
    uint64_t index;
} wrl_instance_t;
typedef struct wrl_func {
    uint64_t store_id;
    uint64_t index;
} wrl_func_t;
typedef struct wrl_global {
    uint64_t store_id;
    uint64_t index;
} wrl_global_t;
typedef struct wrl_memory {
    uint64_t store_id;
    uint64_t index;
} wrl_memory_t;
typedef struct wrl_table {
    uint64_t store_id;
    uint64_t index;
} wrl_table_t;
typedef struct wrl_tag {
    uint64_t store_id;
    uint64_t index;
} wrl_tag_t;
typedef struct wrl_externref {
    uint64_t store_id;
    uint64_t index;
} wrl_externref_t;
typedef struct wrl_ref {
    uint64_t store_id;
    uint64_t index;
} wrl_ref_t;
static inline wrl_instance_t wrl_instance_null(void)
{
    wrl_instance_t instance = {0, 0};
    return instance;
}
static inline wrl_func_t wrl_func_null(void)
{
    wrl_func_t func = {0, 0};
    return func;
}
static inline wrl_global_t wrl_global_null(void)
{
    wrl_global_t global = {0, 0};
    return global;
}
static inline wrl_memory_t wrl_memory_null(void)
{
    wrl_memory_t memory = {0, 0};
    return memory;
}
static inline wrl_table_t wrl_table_null(void)
{
    wrl_table_t table = {0, 0};
    return table;
}
static inline wrl_tag_t wrl_tag_null(void)
{
    wrl_tag_t tag = {0, 0};
    return tag;
}
static inline wrl_externref_t wrl_externref_null(void)
{
    wrl_externref_t externref = {0, 0};
    return externref;
}
static inline wrl_ref_t wrl_ref_null(void)
{
    wrl_ref_t ref = {0, 0};
    return ref;
}
static inline bool wrl_instance_is_null(wrl_instance_t instance)
{
    return instance.store_id == 0;
}
static inline bool wrl_func_is_null(wrl_func_t func)
{
    return func.store_id == 0;
}
static inline bool wrl_global_is_null(wrl_global_t global)
{
    return global.store_id == 0;
}
static inline bool wrl_memory_is_null(wrl_memory_t memory)
{
    return memory.store_id == 0;
}
static inline bool wrl_table_is_null(wrl_table_t table)
{
    return table.store_id == 0;
}
static inline bool wrl_tag_is_null(wrl_tag_t tag)
{
    return tag.store_id == 0;
}
static inline bool wrl_externref_is_null(wrl_externref_t externref)
{
    return externref.store_id == 0;
}
static inline bool wrl_ref_is_null(wrl_ref_t ref)
{
    return ref.store_id == 0;
}
static inline bool wrl_instance_equal(wrl_instance_t a, wrl_instance_t b)
{
    return a.store_id == b.store_id && a.index == b.index;
}
static inline bool wrl_func_equal(wrl_func_t a, wrl_func_t b)
{
    return a.store_id == b.store_id && a.index == b.index;
}
static inline bool wrl_global_equal(wrl_global_t a, wrl_global_t b)
{
    return a.store_id == b.store_id && a.index == b.index;
}
static inline bool wrl_memory_equal(wrl_memory_t a, wrl_memory_t b)
{
    return a.store_id == b.store_id && a.index == b.index;
}
static inline bool wrl_table_equal(wrl_table_t a, wrl_table_t b)
{
    return a.store_id == b.store_id && a.index == b.index;
}
static inline bool wrl_tag_equal(wrl_tag_t a, wrl_tag_t b)
{
    return a.store_id == b.store_id && a.index == b.index;
}
static inline bool wrl_externref_equal(wrl_externref_t a, wrl_externref_t b)
{
    return a.store_id == b.store_id && a.index == b.index;
}
static inline bool wrl_ref_equal(wrl_ref_t a, wrl_ref_t b)
{
    return a.store_id == b.store_id && a.index == b.index;
}
#ifdef __cplusplus
}
#endif
#endif
#ifdef __cplusplus
extern "C" {
#endif
typedef struct wrl_v128 {
    uint8_t bytes[16];
} wrl_v128_t;
typedef uint8_t wrl_valkind_t;
enum {
    WRL_VALKIND_NONE = 0,
    WRL_VALKIND_I32 = 1,
    WRL_VALKIND_I64 = 2,
    WRL_VALKIND_F32 = 3,
    WRL_VALKIND_F64 = 4,
    WRL_VALKIND_V128 = 5,
    WRL_VALKIND_FUNCREF = 6,
    WRL_VALKIND_EXTERNREF = 7,
    WRL_VALKIND_REF = 8
};
typedef struct wrl_val {
    wrl_valkind_t kind;
    uint8_t reserved[7];
    union {
        int32_t i32;
        int64_t i64;
        float f32;
        double f64;
        wrl_v128_t v128;
        wrl_func_t func;
        wrl_externref_t externref;
        wrl_ref_t ref;
    } of;
} wrl_val_t;
typedef union wrl_raw {
    int32_t i32;
    int64_t i64;
    float f32;
    double f64;
    wrl_v128_t v128;
    wrl_func_t func;
    wrl_externref_t externref;
    wrl_ref_t ref;
    uint64_t words[2];
} wrl_raw_t;
static inline wrl_val_t wrl_val_i32(int32_t value)
{
    wrl_val_t val;
    val.kind = WRL_VALKIND_I32;
    val.of.i32 = value;
    return val;
}
static inline wrl_val_t wrl_val_i64(int64_t value)
{
    wrl_val_t val;
    val.kind = WRL_VALKIND_I64;
    val.of.i64 = value;
    return val;
}
static inline wrl_val_t wrl_val_f32(float value)
{
    wrl_val_t val;
    val.kind = WRL_VALKIND_F32;
    val.of.f32 = value;
    return val;
}
static inline wrl_val_t wrl_val_f64(double value)
{
    wrl_val_t val;
    val.kind = WRL_VALKIND_F64;
    val.of.f64 = value;
    return val;
}
static inline wrl_val_t wrl_val_v128(wrl_v128_t value)
{
    wrl_val_t val;
    val.kind = WRL_VALKIND_V128;
    val.of.v128 = value;
    return val;
}
static inline wrl_val_t wrl_val_funcref(wrl_func_t value)
{
    wrl_val_t val;
    val.kind = WRL_VALKIND_FUNCREF;
    val.of.func = value;
    return val;
}
static inline wrl_val_t wrl_val_externref(wrl_externref_t value)
{
    wrl_val_t val;
    val.kind = WRL_VALKIND_EXTERNREF;
    val.of.externref = value;
    return val;
}
static inline wrl_val_t wrl_val_ref(wrl_ref_t value)
{
    wrl_val_t val;
    val.kind = WRL_VALKIND_REF;
    val.of.ref = value;
    return val;
}
#define WRL_I32(value) wrl_val_i32(value)
#define WRL_I64(value) wrl_val_i64(value)
#define WRL_F32(value) wrl_val_f32(value)
#define WRL_F64(value) wrl_val_f64(value)
#define WRL_V128(value) wrl_val_v128(value)
#define WRL_FUNCREF(value) wrl_val_funcref(value)
#define WRL_EXTERNREF(value) wrl_val_externref(value)
#define WRL_REF(value) wrl_val_ref(value)
#define WRL_NULL_FUNCREF wrl_val_funcref(wrl_func_null())
#define WRL_NULL_EXTERNREF wrl_val_externref(wrl_externref_null())
#define WRL_NULL_REF wrl_val_ref(wrl_ref_null())
WRL_API const char *wrl_valkind_name(wrl_valkind_t kind);
#ifdef __cplusplus
}
#endif
#endif
#ifdef __cplusplus
extern "C" {
#endif
#define WRL_VALTYPE_NULLABLE 1u
#define WRL_VALTYPE_FUNC 2u
enum {
    WRL_HEAP_NOEXN = -0x0c,
    WRL_HEAP_NOFUNC = -0x0d,
    WRL_HEAP_NOEXTERN = -0x0e,
    WRL_HEAP_NONE = -0x0f,
    WRL_HEAP_FUNC = -0x10,
    WRL_HEAP_EXTERN = -0x11,
    WRL_HEAP_ANY = -0x12,
    WRL_HEAP_EQ = -0x13,
    WRL_HEAP_I31 = -0x14,
    WRL_HEAP_STRUCT = -0x15,
    WRL_HEAP_ARRAY = -0x16,
    WRL_HEAP_EXN = -0x17
};
typedef struct wrl_valtype {
    wrl_valkind_t kind;
    uint8_t flags;
    uint16_t reserved;
    int32_t heap;
} wrl_valtype_t;
static inline wrl_valkind_t wrl_valtype_value_kind(wrl_valtype_t type)
{
    if (type.kind != WRL_VALKIND_REF) {
        return type.kind;
    }
    if (type.heap >= 0) {
        return (type.flags & WRL_VALTYPE_FUNC) != 0 ? WRL_VALKIND_FUNCREF : WRL_VALKIND_REF;
    }
    if (type.heap == WRL_HEAP_FUNC || type.heap == WRL_HEAP_NOFUNC) {
        return WRL_VALKIND_FUNCREF;
    }
    return type.heap == WRL_HEAP_EXTERN || type.heap == WRL_HEAP_NOEXTERN ? WRL_VALKIND_EXTERNREF : WRL_VALKIND_REF;
}
#define WRL_TYPE_I32                                                                                                   \
    {                                                                                                                  \
        WRL_VALKIND_I32, 0, 0, 0                                                                                       \
    }
#define WRL_TYPE_I64                                                                                                   \
    {                                                                                                                  \
        WRL_VALKIND_I64, 0, 0, 0                                                                                       \
    }
#define WRL_TYPE_F32                                                                                                   \
    {                                                                                                                  \
        WRL_VALKIND_F32, 0, 0, 0                                                                                       \
    }
#define WRL_TYPE_F64                                                                                                   \
    {                                                                                                                  \
        WRL_VALKIND_F64, 0, 0, 0                                                                                       \
    }
#define WRL_TYPE_V128                                                                                                  \
    {                                                                                                                  \
        WRL_VALKIND_V128, 0, 0, 0                                                                                      \
    }
#define WRL_TYPE_FUNCREF                                                                                               \
    {                                                                                                                  \
        WRL_VALKIND_FUNCREF, 0, 0, 0                                                                                   \
    }
#define WRL_TYPE_EXTERNREF                                                                                             \
    {                                                                                                                  \
        WRL_VALKIND_EXTERNREF, 0, 0, 0                                                                                 \
    }
#define WRL_MAX_PARAMS 1000
typedef struct wrl_functype {
    const wrl_valtype_t *params;
    size_t param_count;
    const wrl_valtype_t *results;
    size_t result_count;
    const char *name;
} wrl_functype_t;
#define WRL_FUNCTYPE(params, results)                                                                                  \
    {                                                                                                                  \
        params, results, NULL                                                                                          \
    }
#ifndef __cplusplus
#define WRL_TYPES(...)                                                                                                 \
    ((const wrl_valtype_t[]){__VA_ARGS__}), (sizeof((const wrl_valtype_t[]){__VA_ARGS__}) / sizeof(wrl_valtype_t))
#endif
#define WRL_NO_TYPES NULL, 0
#define WRL_TYPES_IN(array) (array), (sizeof(array) / sizeof((array)[0]))
#define WRL_TYPES_N(pointer, count) (pointer), (count)
typedef struct wrl_globaltype {
    wrl_valtype_t content;
    bool is_mutable;
} wrl_globaltype_t;
#define WRL_GLOBALTYPE(kind, is_mutable)                                                                               \
    {                                                                                                                  \
        {(kind), 0, 0, 0}, (is_mutable)                                                                                \
    }
#define WRL_NO_MAX UINT64_MAX
typedef struct wrl_memorytype {
    uint64_t min;
    uint64_t max;
    bool is_64;
    bool is_shared;
    uint8_t page_size_log2;
} wrl_memorytype_t;
#define WRL_MEMORYTYPE(min, max)                                                                                       \
    {                                                                                                                  \
        (min), (max), false, false, 16                                                                                 \
    }
typedef struct wrl_tabletype {
    wrl_valtype_t element;
    uint64_t min;
    uint64_t max;
    bool is_64;
} wrl_tabletype_t;
#define WRL_TABLETYPE(kind, min, max)                                                                                  \
    {                                                                                                                  \
        {(kind), 0, 0, 0}, (min), (max), false                                                                         \
    }
typedef uint32_t wrl_externkind_t;
enum {
    WRL_EXTERN_NONE = 0,
    WRL_EXTERN_FUNC = 1,
    WRL_EXTERN_GLOBAL = 2,
    WRL_EXTERN_MEMORY = 3,
    WRL_EXTERN_TABLE = 4,
    WRL_EXTERN_TAG = 5
};
typedef struct wrl_externtype {
    wrl_externkind_t kind;
    union {
        wrl_functype_t func;
        wrl_globaltype_t global;
        wrl_memorytype_t memory;
        wrl_tabletype_t table;
        wrl_functype_t tag;
    } of;
} wrl_externtype_t;
typedef struct wrl_importtype {
    const char *module;
    size_t module_size;
    const char *name;
    size_t name_size;
    wrl_externtype_t type;
} wrl_importtype_t;
typedef struct wrl_exporttype {
    const char *name;
    size_t name_size;
    wrl_externtype_t type;
} wrl_exporttype_t;
WRL_API const char *wrl_externkind_name(wrl_externkind_t kind);
WRL_API bool wrl_valtype_equal(wrl_valtype_t a, wrl_valtype_t b);
WRL_API bool wrl_functype_equal(const wrl_functype_t *a, const wrl_functype_t *b);
WRL_API size_t wrl_externtype_print(const wrl_externtype_t *type, char *buffer, size_t size);
WRL_API size_t wrl_valtype_print(wrl_valtype_t type, char *buffer, size_t size);
#ifdef __cplusplus
}
#endif
#endif
#ifdef __cplusplus
extern "C" {
#endif
typedef struct wrl_extern {
    wrl_externkind_t kind;
    union {
        wrl_func_t func;
        wrl_global_t global;
        wrl_memory_t memory;
        wrl_table_t table;
        wrl_tag_t tag;
    } of;
} wrl_extern_t;
static inline wrl_extern_t wrl_extern_from_func(wrl_func_t func)
{
    wrl_extern_t item;
    item.kind = WRL_EXTERN_FUNC;
    item.of.func = func;
    return item;
}
static inline wrl_extern_t wrl_extern_from_global(wrl_global_t global)
{
    wrl_extern_t item;
    item.kind = WRL_EXTERN_GLOBAL;
    item.of.global = global;
    return item;
}
static inline wrl_extern_t wrl_extern_from_memory(wrl_memory_t memory)
{
    wrl_extern_t item;
    item.kind = WRL_EXTERN_MEMORY;
    item.of.memory = memory;
    return item;
}
static inline wrl_extern_t wrl_extern_from_table(wrl_table_t table)
{
    wrl_extern_t item;
    item.kind = WRL_EXTERN_TABLE;
    item.of.table = table;
    return item;
}
static inline wrl_extern_t wrl_extern_from_tag(wrl_tag_t tag)
{
    wrl_extern_t item;
    item.kind = WRL_EXTERN_TAG;
    item.of.tag = tag;
    return item;
}
WRL_API wrl_externtype_t wrl_extern_type(const wrl_store_t *store, wrl_extern_t item);
WRL_API WRL_NODISCARD wrl_error_t *wrl_extern_check(const wrl_store_t *store, wrl_extern_t item);
#ifdef __cplusplus
}
#endif
#endif
#ifndef WRL_EXTERNREF_H
#define WRL_EXTERNREF_H
#ifdef __cplusplus
extern "C" {
#endif
WRL_API WRL_NODISCARD wrl_error_t *wrl_externref_new(wrl_store_t *store, void *data, wrl_finalizer_t finalizer,
                                                     wrl_externref_t *externref);
WRL_API void *wrl_externref_data(const wrl_store_t *store, wrl_externref_t externref);
WRL_API WRL_NODISCARD wrl_error_t *wrl_externref_get(const wrl_store_t *store, wrl_externref_t externref, void **data);
WRL_API WRL_NODISCARD wrl_error_t *wrl_externref_retain(wrl_store_t *store, wrl_externref_t externref);
WRL_API WRL_NODISCARD wrl_error_t *wrl_externref_release(wrl_store_t *store, wrl_externref_t externref);
WRL_API WRL_NODISCARD wrl_error_t *wrl_externref_autorelease(wrl_caller_t *caller, wrl_externref_t externref);
#ifdef __cplusplus
}
#endif
#endif
#ifndef WRL_FEATURE_H
#define WRL_FEATURE_H
#ifdef __cplusplus
extern "C" {
#endif
typedef enum wrl_feature {
    WRL_FEATURE_MUTABLE_GLOBALS = 0,
    WRL_FEATURE_SIGN_EXTENSION = 1,
    WRL_FEATURE_SATURATING_FLOAT_TO_INT = 2,
    WRL_FEATURE_MULTI_VALUE = 3,
    WRL_FEATURE_BULK_MEMORY = 4,
    WRL_FEATURE_REFERENCE_TYPES = 5,
    WRL_FEATURE_SIMD = 6,
    WRL_FEATURE_RELAXED_SIMD = 7,
    WRL_FEATURE_EXTENDED_CONST = 8,
    WRL_FEATURE_TAIL_CALL = 9,
    WRL_FEATURE_MULTI_MEMORY = 10,
    WRL_FEATURE_MEMORY64 = 11,
    WRL_FEATURE_THREADS = 12,
    WRL_FEATURE_EXCEPTIONS = 13,
    WRL_FEATURE_FUNCTION_REFERENCES = 14,
    WRL_FEATURE_GC = 15,
    WRL_FEATURE_CUSTOM_PAGE_SIZES = 16,
    WRL_FEATURE_WIDE_ARITHMETIC = 17,
    WRL_FEATURE_EXECUTION = 64,
    WRL_FEATURE_CALLER_EXPORTS = 65,
    WRL_FEATURE_MEMORY_DATA = 66,
    WRL_FEATURE_BACKTRACE = 67,
    WRL_FEATURE_THREAD_SAFE = 68,
    WRL_FEATURE_GC_REFERENCES =
        69
} wrl_feature_t;
#define WRL_FEATURE_LIMIT 70
WRL_API bool wrl_engine_supports(const wrl_engine_t *engine, wrl_feature_t feature);
WRL_API const char *wrl_feature_name(wrl_feature_t feature);
#ifdef __cplusplus
}
#endif
#endif
#ifndef WRL_FUNC_H
#define WRL_FUNC_H
#ifdef __cplusplus
extern "C" {
#endif
typedef wrl_error_t *(*wrl_func_callback_t)(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                                            wrl_val_t *results, size_t result_count);
typedef wrl_error_t *(*wrl_func_callback_raw_t)(void *env, wrl_caller_t *caller, wrl_raw_t *slots);
WRL_API WRL_NODISCARD wrl_error_t *wrl_func_new(wrl_store_t *store, const wrl_functype_t *type,
                                                wrl_func_callback_t callback, void *env, wrl_finalizer_t finalizer,
                                                wrl_func_t *func);
WRL_API WRL_NODISCARD wrl_error_t *wrl_func_new_raw(wrl_store_t *store, const wrl_functype_t *type,
                                                    wrl_func_callback_raw_t callback, void *env,
                                                    wrl_finalizer_t finalizer, wrl_func_t *func);
WRL_API wrl_functype_t wrl_func_type(const wrl_store_t *store, wrl_func_t func);
WRL_API WRL_NODISCARD wrl_error_t *wrl_func_call(wrl_store_t *store, wrl_func_t func, const wrl_val_t *args,
                                                 size_t arg_count, wrl_val_t *results, size_t result_count);
WRL_API WRL_NODISCARD wrl_error_t *wrl_func_call_raw(wrl_store_t *store, wrl_func_t func, wrl_raw_t *slots,
                                                     size_t slot_count);
WRL_API wrl_store_t *wrl_caller_store(wrl_caller_t *caller);
WRL_API wrl_instance_t wrl_caller_instance(const wrl_caller_t *caller);
WRL_API bool wrl_caller_get_export(wrl_caller_t *caller, const char *name, wrl_extern_t *item);
WRL_API bool wrl_caller_get_export_n(wrl_caller_t *caller, const char *name, size_t name_size, wrl_extern_t *item);
static inline bool wrl_caller_get_func(wrl_caller_t *caller, const char *name, wrl_func_t *func)
{
    wrl_extern_t item;
    bool found = wrl_caller_get_export(caller, name, &item) && item.kind == WRL_EXTERN_FUNC;
    if (func) {
        *func = found ? item.of.func : wrl_func_null();
    }
    return found;
}
static inline bool wrl_caller_get_global(wrl_caller_t *caller, const char *name, wrl_global_t *global)
{
    wrl_extern_t item;
    bool found = wrl_caller_get_export(caller, name, &item) && item.kind == WRL_EXTERN_GLOBAL;
    if (global) {
        *global = found ? item.of.global : wrl_global_null();
    }
    return found;
}
static inline bool wrl_caller_get_memory(wrl_caller_t *caller, const char *name, wrl_memory_t *memory)
{
    wrl_extern_t item;
    bool found = wrl_caller_get_export(caller, name, &item) && item.kind == WRL_EXTERN_MEMORY;
    if (memory) {
        *memory = found ? item.of.memory : wrl_memory_null();
    }
    return found;
}
static inline bool wrl_caller_get_table(wrl_caller_t *caller, const char *name, wrl_table_t *table)
{
    wrl_extern_t item;
    bool found = wrl_caller_get_export(caller, name, &item) && item.kind == WRL_EXTERN_TABLE;
    if (table) {
        *table = found ? item.of.table : wrl_table_null();
    }
    return found;
}
static inline bool wrl_caller_get_tag(wrl_caller_t *caller, const char *name, wrl_tag_t *tag)
{
    wrl_extern_t item;
    bool found = wrl_caller_get_export(caller, name, &item) && item.kind == WRL_EXTERN_TAG;
    if (tag) {
        *tag = found ? item.of.tag : wrl_tag_null();
    }
    return found;
}
WRL_API WRL_NODISCARD wrl_error_t *wrl_caller_require_export(wrl_caller_t *caller, const char *name,
                                                             wrl_externkind_t kind, wrl_extern_t *item);
WRL_API WRL_NODISCARD wrl_error_t *wrl_caller_require_export_n(wrl_caller_t *caller, const char *name, size_t name_size,
                                                               wrl_externkind_t kind, wrl_extern_t *item);
WRL_NODISCARD static inline wrl_error_t *wrl_caller_require_func(wrl_caller_t *caller, const char *name,
                                                                 wrl_func_t *func)
{
    wrl_extern_t item;
    wrl_error_t *error = wrl_caller_require_export(caller, name, WRL_EXTERN_FUNC, func ? &item : NULL);
    if (func) {
        *func = error ? wrl_func_null() : item.of.func;
    }
    return error;
}
WRL_NODISCARD static inline wrl_error_t *wrl_caller_require_global(wrl_caller_t *caller, const char *name,
                                                                   wrl_global_t *global)
{
    wrl_extern_t item;
    wrl_error_t *error = wrl_caller_require_export(caller, name, WRL_EXTERN_GLOBAL, global ? &item : NULL);
    if (global) {
        *global = error ? wrl_global_null() : item.of.global;
    }
    return error;
}
WRL_NODISCARD static inline wrl_error_t *wrl_caller_require_memory(wrl_caller_t *caller, const char *name,
                                                                   wrl_memory_t *memory)
{
    wrl_extern_t item;
    wrl_error_t *error = wrl_caller_require_export(caller, name, WRL_EXTERN_MEMORY, memory ? &item : NULL);
    if (memory) {
        *memory = error ? wrl_memory_null() : item.of.memory;
    }
    return error;
}
WRL_NODISCARD static inline wrl_error_t *wrl_caller_require_table(wrl_caller_t *caller, const char *name,
                                                                  wrl_table_t *table)
{
    wrl_extern_t item;
    wrl_error_t *error = wrl_caller_require_export(caller, name, WRL_EXTERN_TABLE, table ? &item : NULL);
    if (table) {
        *table = error ? wrl_table_null() : item.of.table;
    }
    return error;
}
WRL_NODISCARD static inline wrl_error_t *wrl_caller_require_tag(wrl_caller_t *caller, const char *name, wrl_tag_t *tag)
{
    wrl_extern_t item;
    wrl_error_t *error = wrl_caller_require_export(caller, name, WRL_EXTERN_TAG, tag ? &item : NULL);
    if (tag) {
        *tag = error ? wrl_tag_null() : item.of.tag;
    }
    return error;
}
#ifdef __cplusplus
}
#endif
#endif
#ifndef WRL_GLOBAL_H
#define WRL_GLOBAL_H
#ifdef __cplusplus
extern "C" {
#endif
WRL_API WRL_NODISCARD wrl_error_t *wrl_global_new(wrl_store_t *store, const wrl_globaltype_t *type,
                                                  const wrl_val_t *initial, wrl_global_t *global);
WRL_API wrl_globaltype_t wrl_global_type(const wrl_store_t *store, wrl_global_t global);
WRL_API WRL_NODISCARD wrl_error_t *wrl_global_get(wrl_store_t *store, wrl_global_t global, wrl_val_t *value);
WRL_API WRL_NODISCARD wrl_error_t *wrl_global_set(wrl_store_t *store, wrl_global_t global, const wrl_val_t *value);
#ifdef __cplusplus
}
#endif
#endif
#ifndef WRL_HIDDEN_H
#define WRL_HIDDEN_H
#ifdef __cplusplus
extern "C" {
#endif
static inline bool wrl_is_hidden(uint32_t code_point)
{
    static const uint16_t plane_0[][2] = {
        {0x0000, 0x001F}, {0x007F, 0x009F}, {0x00AD, 0x00AD}, {0x034F, 0x034F}, {0x061C, 0x061C}, {0x115F, 0x1160},
        {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F}, {0x2800, 0x2800},
        {0x3164, 0x3164}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}};
    static const uint16_t plane_1[][2] = {
        {0x3430, 0x3442}, {0x6FE4, 0x6FE4}, {0xBCA0, 0xBCA3}, {0xD159, 0xD159}, {0xD173, 0xD17A}};
    const uint16_t(*range)[2] = code_point >> 16 ? plane_1 : plane_0;
    size_t count = code_point >> 16 ? sizeof plane_1 / sizeof *plane_1 : sizeof plane_0 / sizeof *plane_0;
    for (uint32_t low = code_point & 0xFFFF; code_point < 0x20000 && count; range++, count--) {
        if (low <= (*range)[1]) {
            return low >= (*range)[0];
        }
    }
    return code_point >= 0xE0000 && code_point <= 0xE0FFF;
}
#ifdef __cplusplus
}
#endif
#endif
#ifndef WRL_IMPORTS_H
#define WRL_IMPORTS_H
#ifdef __cplusplus
extern "C" {
#endif
typedef struct wrl_import {
    const char *module;
    size_t module_size;
    const char *name;
    size_t name_size;
    wrl_extern_t item;
} wrl_import_t;
WRL_API WRL_NODISCARD wrl_error_t *wrl_imports_new(wrl_imports_t **imports);
WRL_API void wrl_imports_delete(wrl_imports_t *imports);
WRL_API WRL_NODISCARD wrl_error_t *wrl_imports_define(wrl_imports_t *imports, const char *module, const char *name,
                                                      wrl_extern_t item);
WRL_API WRL_NODISCARD wrl_error_t *wrl_imports_define_n(wrl_imports_t *imports, const char *module, size_t module_size,
                                                        const char *name, size_t name_size, wrl_extern_t item);
typedef struct wrl_named_extern {
    const char *name;
    wrl_extern_t item;
} wrl_named_extern_t;
WRL_API WRL_NODISCARD wrl_error_t *wrl_imports_define_module(wrl_imports_t *imports, const char *module,
                                                             const wrl_named_extern_t *items, size_t count);
WRL_API WRL_NODISCARD wrl_error_t *wrl_imports_define_instance(wrl_imports_t *imports, const char *module,
                                                               wrl_store_t *store, wrl_instance_t instance);
WRL_API bool wrl_imports_remove(wrl_imports_t *imports, const char *module, const char *name);
WRL_API bool wrl_imports_remove_n(wrl_imports_t *imports, const char *module, size_t module_size, const char *name,
                                  size_t name_size);
WRL_API bool wrl_imports_get(const wrl_imports_t *imports, const char *module, const char *name, wrl_extern_t *item);
WRL_API bool wrl_imports_get_n(const wrl_imports_t *imports, const char *module, size_t module_size, const char *name,
                               size_t name_size, wrl_extern_t *item);
WRL_API bool wrl_imports_has_module(const wrl_imports_t *imports, const char *module);
WRL_API size_t wrl_imports_count(const wrl_imports_t *imports);
WRL_API bool wrl_imports_entry(const wrl_imports_t *imports, size_t index, wrl_import_t *import);
#ifdef __cplusplus
}
#endif
#endif
#ifndef WRL_INSTANCE_H
#define WRL_INSTANCE_H
#ifdef __cplusplus
extern "C" {
#endif
typedef struct wrl_instance_config {
    size_t size;
    const wrl_extern_t *items;
    size_t item_count;
} wrl_instance_config_t;
#define WRL_INSTANCE_CONFIG_INIT                                                                                       \
    {                                                                                                                  \
        sizeof(wrl_instance_config_t), NULL, 0                                                                         \
    }
WRL_API WRL_NODISCARD wrl_error_t *wrl_instance_new(wrl_store_t *store, wrl_module_t *module,
                                                    const wrl_imports_t *imports, const wrl_instance_config_t *config,
                                                    wrl_instance_t *instance);
WRL_API wrl_module_t *wrl_instance_module(const wrl_store_t *store, wrl_instance_t instance);
WRL_API WRL_NODISCARD wrl_error_t *wrl_instance_check(const wrl_store_t *store, wrl_instance_t instance);
typedef struct wrl_export {
    const char *name;
    size_t name_size;
    wrl_extern_t item;
} wrl_export_t;
WRL_API size_t wrl_instance_export_count(const wrl_store_t *store, wrl_instance_t instance);
WRL_API WRL_NODISCARD wrl_error_t *wrl_instance_export(wrl_store_t *store, wrl_instance_t instance, size_t index,
                                                       wrl_export_t *export_item);
WRL_API bool wrl_instance_get_export(wrl_store_t *store, wrl_instance_t instance, const char *name, wrl_extern_t *item);
WRL_API bool wrl_instance_get_export_n(wrl_store_t *store, wrl_instance_t instance, const char *name, size_t name_size,
                                       wrl_extern_t *item);
static inline bool wrl_instance_get_func(wrl_store_t *store, wrl_instance_t instance, const char *name,
                                         wrl_func_t *func)
{
    wrl_extern_t item;
    bool found = wrl_instance_get_export(store, instance, name, &item) && item.kind == WRL_EXTERN_FUNC;
    if (func) {
        *func = found ? item.of.func : wrl_func_null();
    }
    return found;
}
static inline bool wrl_instance_get_global(wrl_store_t *store, wrl_instance_t instance, const char *name,
                                           wrl_global_t *global)
{
    wrl_extern_t item;
    bool found = wrl_instance_get_export(store, instance, name, &item) && item.kind == WRL_EXTERN_GLOBAL;
    if (global) {
        *global = found ? item.of.global : wrl_global_null();
    }
    return found;
}
static inline bool wrl_instance_get_memory(wrl_store_t *store, wrl_instance_t instance, const char *name,
                                           wrl_memory_t *memory)
{
    wrl_extern_t item;
    bool found = wrl_instance_get_export(store, instance, name, &item) && item.kind == WRL_EXTERN_MEMORY;
    if (memory) {
        *memory = found ? item.of.memory : wrl_memory_null();
    }
    return found;
}
static inline bool wrl_instance_get_table(wrl_store_t *store, wrl_instance_t instance, const char *name,
                                          wrl_table_t *table)
{
    wrl_extern_t item;
    bool found = wrl_instance_get_export(store, instance, name, &item) && item.kind == WRL_EXTERN_TABLE;
    if (table) {
        *table = found ? item.of.table : wrl_table_null();
    }
    return found;
}
static inline bool wrl_instance_get_tag(wrl_store_t *store, wrl_instance_t instance, const char *name, wrl_tag_t *tag)
{
    wrl_extern_t item;
    bool found = wrl_instance_get_export(store, instance, name, &item) && item.kind == WRL_EXTERN_TAG;
    if (tag) {
        *tag = found ? item.of.tag : wrl_tag_null();
    }
    return found;
}
WRL_API WRL_NODISCARD wrl_error_t *wrl_instance_require_export(wrl_store_t *store, wrl_instance_t instance,
                                                               const char *name, wrl_externkind_t kind,
                                                               wrl_extern_t *item);
WRL_API WRL_NODISCARD wrl_error_t *wrl_instance_require_export_n(wrl_store_t *store, wrl_instance_t instance,
                                                                 const char *name, size_t name_size,
                                                                 wrl_externkind_t kind, wrl_extern_t *item);
WRL_NODISCARD static inline wrl_error_t *wrl_instance_require_func(wrl_store_t *store, wrl_instance_t instance,
                                                                   const char *name, wrl_func_t *func)
{
    wrl_extern_t item;
    wrl_error_t *error = wrl_instance_require_export(store, instance, name, WRL_EXTERN_FUNC, func ? &item : NULL);
    if (func) {
        *func = error ? wrl_func_null() : item.of.func;
    }
    return error;
}
WRL_NODISCARD static inline wrl_error_t *wrl_instance_require_global(wrl_store_t *store, wrl_instance_t instance,
                                                                     const char *name, wrl_global_t *global)
{
    wrl_extern_t item;
    wrl_error_t *error = wrl_instance_require_export(store, instance, name, WRL_EXTERN_GLOBAL, global ? &item : NULL);
    if (global) {
        *global = error ? wrl_global_null() : item.of.global;
    }
    return error;
}
WRL_NODISCARD static inline wrl_error_t *wrl_instance_require_memory(wrl_store_t *store, wrl_instance_t instance,
                                                                     const char *name, wrl_memory_t *memory)
{
    wrl_extern_t item;
    wrl_error_t *error = wrl_instance_require_export(store, instance, name, WRL_EXTERN_MEMORY, memory ? &item : NULL);
    if (memory) {
        *memory = error ? wrl_memory_null() : item.of.memory;
    }
    return error;
}
WRL_NODISCARD static inline wrl_error_t *wrl_instance_require_table(wrl_store_t *store, wrl_instance_t instance,
                                                                    const char *name, wrl_table_t *table)
{
    wrl_extern_t item;
    wrl_error_t *error = wrl_instance_require_export(store, instance, name, WRL_EXTERN_TABLE, table ? &item : NULL);
    if (table) {
        *table = error ? wrl_table_null() : item.of.table;
    }
    return error;
}
WRL_NODISCARD static inline wrl_error_t *wrl_instance_require_tag(wrl_store_t *store, wrl_instance_t instance,
                                                                  const char *name, wrl_tag_t *tag)
{
    wrl_extern_t item;
    wrl_error_t *error = wrl_instance_require_export(store, instance, name, WRL_EXTERN_TAG, tag ? &item : NULL);
    if (tag) {
        *tag = error ? wrl_tag_null() : item.of.tag;
    }
    return error;
}
#ifdef __cplusplus
}
#endif
#endif
#ifndef WRL_MEMORY_H
#define WRL_MEMORY_H
#ifdef __cplusplus
extern "C" {
#endif
WRL_API WRL_NODISCARD wrl_error_t *wrl_memory_new(wrl_store_t *store, const wrl_memorytype_t *type,
                                                  wrl_memory_t *memory);
WRL_API wrl_memorytype_t wrl_memory_type(const wrl_store_t *store, wrl_memory_t memory);
WRL_API uint64_t wrl_memory_size(const wrl_store_t *store, wrl_memory_t memory);
WRL_API uint64_t wrl_memory_data_size(const wrl_store_t *store, wrl_memory_t memory);
WRL_API WRL_NODISCARD wrl_error_t *wrl_memory_grow(wrl_store_t *store, wrl_memory_t memory, uint64_t delta,
                                                   uint64_t *previous_pages);
WRL_API WRL_NODISCARD wrl_error_t *wrl_memory_read(wrl_store_t *store, wrl_memory_t memory, uint64_t offset,
                                                   void *buffer, size_t size);
WRL_API WRL_NODISCARD wrl_error_t *wrl_memory_write(wrl_store_t *store, wrl_memory_t memory, uint64_t offset,
                                                    const void *buffer, size_t size);
WRL_API WRL_NODISCARD wrl_error_t *wrl_memory_read_string(wrl_store_t *store, wrl_memory_t memory, uint64_t offset,
                                                          char *buffer, size_t size, size_t *length);
WRL_API uint8_t *wrl_memory_slice(wrl_store_t *store, wrl_memory_t memory, uint64_t offset, uint64_t size);
WRL_API uint8_t *wrl_memory_data(wrl_store_t *store, wrl_memory_t memory, uint64_t *size);
#ifdef __cplusplus
}
#endif
#endif
#ifndef WRL_MODULE_H
#define WRL_MODULE_H
#ifdef __cplusplus
extern "C" {
#endif
typedef struct wrl_module_config {
    size_t size;
    bool keep_custom_sections;
} wrl_module_config_t;
#define WRL_MODULE_CONFIG_INIT                                                                                         \
    {                                                                                                                  \
        sizeof(wrl_module_config_t), false                                                                             \
    }
WRL_API WRL_NODISCARD wrl_error_t *wrl_module_new(wrl_engine_t *engine, const void *bytes, size_t size,
                                                  const wrl_module_config_t *config, wrl_module_t **module);
WRL_API WRL_NODISCARD wrl_error_t *wrl_module_validate(wrl_engine_t *engine, const void *bytes, size_t size);
typedef void (*wrl_module_done_t)(void *env, wrl_error_t *error, wrl_module_t *module);
WRL_API WRL_NODISCARD wrl_error_t *wrl_module_new_async(wrl_engine_t *engine, const void *bytes, size_t size,
                                                        const wrl_module_config_t *config, wrl_module_done_t done,
                                                        void *env);
WRL_API wrl_module_t *wrl_module_retain(const wrl_module_t *module);
WRL_API void wrl_module_release(wrl_module_t *module);
WRL_API wrl_engine_t *wrl_module_engine(const wrl_module_t *module);
WRL_API const char *wrl_module_name(const wrl_module_t *module, size_t *size);
WRL_API size_t wrl_module_import_count(const wrl_module_t *module);
WRL_API bool wrl_module_import(const wrl_module_t *module, size_t index, wrl_importtype_t *import);
WRL_API size_t wrl_module_export_count(const wrl_module_t *module);
WRL_API bool wrl_module_export(const wrl_module_t *module, size_t index, wrl_exporttype_t *export_type);
WRL_API bool wrl_module_get_export(const wrl_module_t *module, const char *name, wrl_exporttype_t *export_type);
WRL_API bool wrl_module_get_export_n(const wrl_module_t *module, const char *name, size_t name_size,
                                     wrl_exporttype_t *export_type);
WRL_API size_t wrl_module_index_space_size(const wrl_module_t *module, wrl_externkind_t kind);
WRL_API bool wrl_module_index_space_type(const wrl_module_t *module, wrl_externkind_t kind, size_t index,
                                         wrl_externtype_t *type);
typedef struct wrl_section {
    uint8_t id;
    const char *name;
    size_t name_size;
    uint64_t offset;
    uint64_t size;
    const uint8_t *data;
    size_t data_size;
} wrl_section_t;
WRL_API size_t wrl_module_section_count(const wrl_module_t *module);
WRL_API bool wrl_module_section(const wrl_module_t *module, size_t index, wrl_section_t *section);
WRL_API bool wrl_module_custom_section(const wrl_module_t *module, const char *name, wrl_section_t *section);
#ifdef __cplusplus
}
#endif
#endif
#ifndef WRL_REF_H
#define WRL_REF_H
#ifdef __cplusplus
extern "C" {
#endif
WRL_API wrl_valtype_t wrl_ref_type(const wrl_store_t *store, wrl_ref_t ref);
WRL_API WRL_NODISCARD wrl_error_t *wrl_ref_check(const wrl_store_t *store, wrl_ref_t ref);
WRL_API WRL_NODISCARD wrl_error_t *wrl_ref_retain(wrl_store_t *store, wrl_ref_t ref);
WRL_API WRL_NODISCARD wrl_error_t *wrl_ref_release(wrl_store_t *store, wrl_ref_t ref);
WRL_API WRL_NODISCARD wrl_error_t *wrl_ref_autorelease(wrl_caller_t *caller, wrl_ref_t ref);
#ifdef __cplusplus
}
#endif
#endif
#ifndef WRL_STORE_H
#define WRL_STORE_H
#ifdef __cplusplus
extern "C" {
#endif
typedef struct wrl_store_config {
    size_t size;
    void *data;
    wrl_finalizer_t finalizer;
} wrl_store_config_t;
#define WRL_STORE_CONFIG_INIT                                                                                          \
    {                                                                                                                  \
        sizeof(wrl_store_config_t), NULL, NULL                                                                         \
    }
WRL_API WRL_NODISCARD wrl_error_t *wrl_store_new(wrl_engine_t *engine, const wrl_store_config_t *config,
                                                 wrl_store_t **store);
WRL_API void wrl_store_delete(wrl_store_t *store);
WRL_API void wrl_store_collect(wrl_store_t *store);
WRL_API wrl_engine_t *wrl_store_engine(const wrl_store_t *store);
WRL_API void *wrl_store_data(const wrl_store_t *store);
WRL_API WRL_NODISCARD wrl_error_t *wrl_store_set_data(wrl_store_t *store, void *data, wrl_finalizer_t finalizer);
WRL_API void *wrl_store_take_data(wrl_store_t *store);
#ifdef __cplusplus
}
#endif
#endif
#ifndef WRL_TABLE_H
#define WRL_TABLE_H
#ifdef __cplusplus
extern "C" {
#endif
WRL_API WRL_NODISCARD wrl_error_t *wrl_table_new(wrl_store_t *store, const wrl_tabletype_t *type,
                                                 const wrl_val_t *initial, wrl_table_t *table);
WRL_API wrl_tabletype_t wrl_table_type(const wrl_store_t *store, wrl_table_t table);
WRL_API uint64_t wrl_table_size(const wrl_store_t *store, wrl_table_t table);
WRL_API WRL_NODISCARD wrl_error_t *wrl_table_grow(wrl_store_t *store, wrl_table_t table, uint64_t delta,
                                                  const wrl_val_t *initial, uint64_t *previous_size);
WRL_API WRL_NODISCARD wrl_error_t *wrl_table_get(wrl_store_t *store, wrl_table_t table, uint64_t index,
                                                 wrl_val_t *value);
WRL_API WRL_NODISCARD wrl_error_t *wrl_table_set(wrl_store_t *store, wrl_table_t table, uint64_t index,
                                                 const wrl_val_t *value);
WRL_API WRL_NODISCARD wrl_error_t *wrl_table_fill(wrl_store_t *store, wrl_table_t table, uint64_t index, uint64_t count,
                                                  const wrl_val_t *value);
WRL_API WRL_NODISCARD wrl_error_t *wrl_table_copy(wrl_store_t *store, wrl_table_t target, uint64_t target_index,
                                                  wrl_table_t source, uint64_t source_index, uint64_t count);
#ifdef __cplusplus
}
#endif
#endif
#ifndef WRL_WASMTIME_H
#define WRL_WASMTIME_H
#ifdef __cplusplus
extern "C" {
#endif
const wrl_backend_t *wrl_backend_wasmtime(uint32_t abi);
#ifdef __cplusplus
}
#endif
#endif
#ifndef WRL_WAT_H
#define WRL_WAT_H
#ifdef __cplusplus
extern "C" {
#endif
WRL_API bool wrl_wat_supported(void);
WRL_API WRL_NODISCARD wrl_error_t *wrl_wat_to_wasm(const char *text, size_t size, wrl_bytes_t *wasm);
#ifdef __cplusplus
}
#endif
#endif
#endif
#ifndef WRL_PARSE_H
#define WRL_PARSE_H
#include <string.h>
#ifdef __cplusplus
extern "C" {
#endif
static inline bool wrl_functype_parse(const char *text, wrl_valtype_t *types, size_t capacity, wrl_functype_t *type)
{
    static const wrl_functype_t cleared = {NULL, 0, NULL, 0, NULL};
    size_t counts[2] = {0, 0};
    size_t done = 0;
    const char *at = text;
    if (type) {
        *type = cleared;
    }
    for (int side = 0; at && types && type && side < 2; side++) {
        at += strspn(at, " ");
        bool is_list = *at == '(';
        bool is_more = !is_list || at[1 + strspn(at + 1, " ")] != ')';
        at += is_list;
        while (is_more) {
            at += strspn(at, " ");
            wrl_valkind_t kind = WRL_VALKIND_I32;
            while (kind < WRL_VALKIND_REF && strncmp(at, wrl_valkind_name(kind), strlen(wrl_valkind_name(kind))) != 0) {
                kind++;
            }
            if (kind == WRL_VALKIND_REF || done == capacity || counts[side] == WRL_MAX_PARAMS) {
                return false;
            }
            const wrl_valtype_t found = {kind, 0, 0, 0};
            types[done++] = found;
            counts[side]++;
            at += strlen(wrl_valkind_name(kind));
            at += strspn(at, " ");
            is_more = is_list && *at == ',';
            at += is_more;
        }
        at += strspn(at, " ");
        if (is_list && *at++ != ')') {
            return false;
        }
        at += strspn(at, " ");
        const char *const end = side ? "" : "->";
        if (strncmp(at, end, side ? 1 : 2) != 0) {
            return false;
        }
        at += strlen(end);
    }
    if (!at || !types || !type) {
        return false;
    }
    type->params = types;
    type->param_count = counts[0];
    type->results = types + counts[0];
    type->result_count = counts[1];
    return true;
}
#ifdef __cplusplus
}
#endif
#endif
#ifndef WRL_SYS_BACKEND_H
#define WRL_SYS_BACKEND_H
#ifdef __cplusplus
extern "C" {
#endif
#define WRL_BACKEND_ABI 4u
typedef struct wrl_backend_ref {
    uint64_t words[2];
} wrl_backend_ref_t;
typedef struct wrl_backend_extern {
    wrl_externkind_t kind;
    wrl_backend_ref_t ref;
} wrl_backend_extern_t;
#define WRL_FOREIGN_EXTERNREF UINT64_MAX
typedef wrl_error_t *(*wrl_backend_entry_t)(void *store, wrl_backend_ref_t func, const wrl_functype_t *type,
                                            wrl_raw_t *slots);
typedef struct wrl_host_func wrl_host_func_t;
struct wrl_host_func {
    wrl_error_t *(*call)(wrl_host_func_t *self, void *caller, wrl_raw_t *slots);
    const wrl_functype_t *type;
};
typedef void (*wrl_module_compiled_t)(void *token, wrl_error_t *error, void *module);
typedef struct wrl_core {
    size_t size;
    uint32_t abi;
    wrl_error_t *(*error)(wrl_error_kind_t kind, wrl_trap_code_t code, const char *text, size_t text_size);
    void (*error_add_frame)(wrl_error_t *error, const wrl_frame_t *frame);
    size_t (*error_frame_count)(const wrl_error_t *error);
    void (*error_delete)(wrl_error_t *error);
    void *(*alloc)(size_t size);
    void (*free)(void *memory);
    uint32_t *(*calls)(void);
    void (*calls_vanished)(uint32_t left);
} wrl_core_t;
struct wrl_backend {
    size_t size;
    uint32_t abi;
    const char *name;
    const char *engine_name;
    const char *engine_version;
    wrl_error_t *(*engine_new)(const wrl_core_t *core, const wrl_engine_config_t *config, void **engine);
    void (*engine_delete)(void *engine);
    void (*engine_features)(void *engine, uint64_t features[2]);
    wrl_error_t *(*module_new)(void *engine, const uint8_t *bytes, size_t size, void **module);
    void (*module_delete)(void *module);
    wrl_error_t *(*store_new)(void *engine, void **store);
    void (*store_delete)(void *store);
    wrl_error_t *(*instance_new)(void *store, void *module, const wrl_backend_extern_t *imports, size_t import_count,
                                 uint64_t key, wrl_backend_ref_t *instance);
    wrl_error_t *(*instance_export)(void *store, wrl_backend_ref_t instance, size_t index, const char *name,
                                    size_t name_size, const wrl_externtype_t *type, wrl_backend_ref_t *item);
    wrl_error_t *(*func_new)(void *store, wrl_host_func_t *host, wrl_backend_ref_t *func);
    wrl_backend_entry_t (*func_entry)(void *store, wrl_backend_ref_t func, const wrl_functype_t *type);
    wrl_error_t *(*func_type)(void *store, wrl_backend_ref_t func, wrl_valtype_t *types, size_t *param_count,
                              size_t *result_count);
    bool (*caller_instance)(void *store, void *caller, uint64_t *key, wrl_backend_ref_t *instance);
    wrl_error_t *(*global_new)(void *store, const wrl_globaltype_t *type, const wrl_raw_t *initial,
                               wrl_backend_ref_t *global);
    wrl_error_t *(*global_get)(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type, wrl_raw_t *value);
    wrl_error_t *(*global_set)(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type,
                               const wrl_raw_t *value);
    wrl_error_t *(*memory_new)(void *store, const wrl_memorytype_t *type, wrl_backend_ref_t *memory);
    uint64_t (*memory_size)(void *store, wrl_backend_ref_t memory);
    wrl_error_t *(*memory_grow)(void *store, wrl_backend_ref_t memory, uint64_t delta, uint64_t *previous_pages);
    void (*memory_data)(void *store, wrl_backend_ref_t memory, uint8_t **data, uint64_t *size);
    wrl_error_t *(*memory_read)(void *store, wrl_backend_ref_t memory, uint64_t offset, void *buffer, size_t size);
    wrl_error_t *(*memory_write)(void *store, wrl_backend_ref_t memory, uint64_t offset, const void *buffer,
                                 size_t size);
    wrl_error_t *(*table_new)(void *store, const wrl_tabletype_t *type, const wrl_raw_t *initial,
                              wrl_backend_ref_t *table);
    uint64_t (*table_size)(void *store, wrl_backend_ref_t table);
    wrl_error_t *(*table_get)(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                              wrl_raw_t *value);
    wrl_error_t *(*table_set)(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                              const wrl_raw_t *value);
    wrl_error_t *(*table_grow)(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t delta,
                               const wrl_raw_t *initial, uint64_t *previous_size);
    wrl_error_t *(*externref_new)(void *store, uint64_t key, uint64_t *word);
    wrl_error_t *(*module_new_async)(void *engine, const uint8_t *bytes, size_t size, wrl_module_compiled_t done,
                                     void *token);
    int32_t (*ref_heap)(void *store, uint64_t word);
    void (*ref_release)(void *store, uint64_t word);
    void (*engine_stack)(void *engine, size_t *call, size_t *compile);
    void (*externref_release)(void *store, uint64_t key, uint64_t word);
    uint64_t (*externref_collected)(void *store);
    void (*store_collect)(void *store);
    wrl_error_t *(*module_validate)(void *engine, const uint8_t *bytes, size_t size);
    bool has_exact_traps;
    void (*calls_lost)(void);
};
#ifdef __cplusplus
}
#endif
#endif
