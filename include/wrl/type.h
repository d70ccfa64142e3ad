/**
 * @file
 * Types of values, functions, globals, memories and tables, and of imports and exports.
 *
 * All are plain structs whose layout is fixed: later versions add no members. Pointers in them are borrowed: a function
 * that takes a type copies what it keeps; a type that a function returns borrows from the module or store that it
 * describes.
 */
#ifndef WRL_TYPE_H
#define WRL_TYPE_H

#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

/** In wrl_valtype_t::flags, for WRL_VALKIND_REF: the reference may be null. */
#define WRL_VALTYPE_NULLABLE 1u
/**
 * In wrl_valtype_t::flags, for WRL_VALKIND_REF with a type index in heap: the type at that index is a function type.
 */
#define WRL_VALTYPE_FUNC 2u

/** Values of wrl_valtype_t::heap: the abstract heap types (core specification, "Heap Types"). */
enum {
    WRL_HEAP_NOEXN = -0x0c,    /**< The bottom type of exceptions: null only. */
    WRL_HEAP_NOFUNC = -0x0d,   /**< The bottom type of functions: null only. */
    WRL_HEAP_NOEXTERN = -0x0e, /**< The bottom type of external references: null only. */
    WRL_HEAP_NONE = -0x0f,     /**< The bottom type of the types below WRL_HEAP_ANY: null only. */
    WRL_HEAP_FUNC = -0x10,     /**< Any function. */
    WRL_HEAP_EXTERN = -0x11,   /**< Any object of the host. */
    WRL_HEAP_ANY = -0x12,      /**< Any object of the guest except functions and exceptions. */
    WRL_HEAP_EQ = -0x13,       /**< Any object that can be compared: i31, structs, arrays. */
    WRL_HEAP_I31 = -0x14,      /**< A 31-bit integer. */
    WRL_HEAP_STRUCT = -0x15,   /**< Any struct. */
    WRL_HEAP_ARRAY = -0x16,    /**< Any array. */
    WRL_HEAP_EXN = -0x17       /**< Any exception. */
};

/**
 * The type of a value. For kinds up to WRL_VALKIND_EXTERNREF the other fields are zero; `funcref` and `externref` are
 * the nullable references. Every other reference type has the kind WRL_VALKIND_REF, and flags and heap describe it.
 *
 * Type indices have a meaning only in their module. Types with indices therefore come from modules, and a program
 * cannot make functions, globals or tables of such types.
 */
typedef struct wrl_valtype {
    wrl_valkind_t kind; /**< WRL_VALKIND_I32 to WRL_VALKIND_REF. */
    uint8_t flags;      /**< WRL_VALTYPE_… */
    uint16_t reserved;  /**< Zero. */
    int32_t heap;       /**< For WRL_VALKIND_REF: WRL_HEAP_…, or a type index of the module. Otherwise zero. */
} wrl_valtype_t;

/**
 * Returns the kind of the values of a type. This is the type's own kind except for WRL_VALKIND_REF: references to
 * functions are values of kind WRL_VALKIND_FUNCREF, references to objects of the host are WRL_VALKIND_EXTERNREF, and
 * all others are WRL_VALKIND_REF. Any thread.
 */
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

/** Initialiser of a wrl_valtype_t: const wrl_valtype_t params[] = {WRL_TYPE_I32, WRL_TYPE_F64}; */
#define WRL_TYPE_I32                                                                                                   \
    {                                                                                                                  \
        WRL_VALKIND_I32, 0, 0, 0                                                                                       \
    }
/** See WRL_TYPE_I32. */
#define WRL_TYPE_I64                                                                                                   \
    {                                                                                                                  \
        WRL_VALKIND_I64, 0, 0, 0                                                                                       \
    }
/** See WRL_TYPE_I32. */
#define WRL_TYPE_F32                                                                                                   \
    {                                                                                                                  \
        WRL_VALKIND_F32, 0, 0, 0                                                                                       \
    }
/** See WRL_TYPE_I32. */
#define WRL_TYPE_F64                                                                                                   \
    {                                                                                                                  \
        WRL_VALKIND_F64, 0, 0, 0                                                                                       \
    }
/** See WRL_TYPE_I32. */
#define WRL_TYPE_V128                                                                                                  \
    {                                                                                                                  \
        WRL_VALKIND_V128, 0, 0, 0                                                                                      \
    }
/** See WRL_TYPE_I32. */
#define WRL_TYPE_FUNCREF                                                                                               \
    {                                                                                                                  \
        WRL_VALKIND_FUNCREF, 0, 0, 0                                                                                   \
    }
/** See WRL_TYPE_I32. */
#define WRL_TYPE_EXTERNREF                                                                                             \
    {                                                                                                                  \
        WRL_VALKIND_EXTERNREF, 0, 0, 0                                                                                 \
    }

/** The maximum number of parameters, and of results, of a function (the limit of the JS embedding). */
#define WRL_MAX_PARAMS 1000

/** The type of a function. */
typedef struct wrl_functype {
    const wrl_valtype_t *params;  /**< Borrowed; may be NULL if there are none. */
    size_t param_count;           /**< At most WRL_MAX_PARAMS. */
    const wrl_valtype_t *results; /**< Borrowed; may be NULL if there are none. */
    size_t result_count;          /**< At most WRL_MAX_PARAMS. */
    const char *name; /**< The function's name in error messages, or NULL. Not part of the type. For a module's
                         function it is the name in the module's name section, unless that name holds NUL. */
} wrl_functype_t;

/**
 * A function type from two lists of value types. Each list is WRL_TYPES(), WRL_NO_TYPES, WRL_TYPES_IN() or
 * WRL_TYPES_N():
 *
 *     const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32, WRL_TYPE_I64), WRL_NO_TYPES);
 */
#define WRL_FUNCTYPE(params, results)                                                                                  \
    {                                                                                                                  \
        params, results, NULL                                                                                          \
    }
#ifndef __cplusplus
/**
 * One or more value types. C only. In a function the types live as long as the enclosing block, so a static variable
 * there cannot use them.
 */
#define WRL_TYPES(...)                                                                                                 \
    ((const wrl_valtype_t[]){__VA_ARGS__}), (sizeof((const wrl_valtype_t[]){__VA_ARGS__}) / sizeof(wrl_valtype_t))
#endif
/** No value types. */
#define WRL_NO_TYPES NULL, 0
/** The value types in an array (not a pointer). */
#define WRL_TYPES_IN(array) (array), (sizeof(array) / sizeof((array)[0]))
/** `count` value types, starting at a pointer. */
#define WRL_TYPES_N(pointer, count) (pointer), (count)

/** The type of a global. */
typedef struct wrl_globaltype {
    wrl_valtype_t content; /**< The type of its value. */
    bool is_mutable;       /**< Whether it can be set. */
} wrl_globaltype_t;

/** The type of a global whose value is of a kind up to WRL_VALKIND_EXTERNREF: WRL_GLOBALTYPE(WRL_VALKIND_I32, true). */
#define WRL_GLOBALTYPE(kind, is_mutable)                                                                               \
    {                                                                                                                  \
        {(kind), 0, 0, 0}, (is_mutable)                                                                                \
    }

/** No upper limit except the engine's. */
#define WRL_NO_MAX UINT64_MAX

/** The type of a memory. */
typedef struct wrl_memorytype {
    uint64_t min;           /**< In pages. */
    uint64_t max;           /**< In pages, or WRL_NO_MAX. */
    bool is_64;             /**< Addresses are i64 (memory64). */
    bool is_shared;         /**< Shared between threads (threads proposal). */
    uint8_t page_size_log2; /**< 16, which is 64 KiB, unless the custom page sizes proposal is used. */
} wrl_memorytype_t;

/**
 * The type of a memory with 32-bit addresses, not shared, with pages of 64 KiB: WRL_MEMORYTYPE(1, WRL_NO_MAX), in
 * pages.
 */
#define WRL_MEMORYTYPE(min, max)                                                                                       \
    {                                                                                                                  \
        (min), (max), false, false, 16                                                                                 \
    }

/** The type of a table. */
typedef struct wrl_tabletype {
    wrl_valtype_t element; /**< A reference type. */
    uint64_t min;          /**< In elements. */
    uint64_t max;          /**< In elements, or WRL_NO_MAX. */
    bool is_64;            /**< Indices are i64 (memory64). */
} wrl_tabletype_t;

/** The type of a table with 32-bit indices: WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 1, WRL_NO_MAX), in elements. */
#define WRL_TABLETYPE(kind, min, max)                                                                                  \
    {                                                                                                                  \
        {(kind), 0, 0, 0}, (min), (max), false                                                                         \
    }

/** The kind of an import or export. Values are fixed; later versions may add more. */
typedef uint32_t wrl_externkind_t;
enum {
    WRL_EXTERN_NONE = 0,   /**< Nothing: the kind of a cleared output. */
    WRL_EXTERN_FUNC = 1,   /**< A function. */
    WRL_EXTERN_GLOBAL = 2, /**< A global variable. */
    WRL_EXTERN_MEMORY = 3, /**< A linear memory. */
    WRL_EXTERN_TABLE = 4,  /**< A table of references. */
    WRL_EXTERN_TAG = 5     /**< An exception tag. */
};

/** The type of an import or export. */
typedef struct wrl_externtype {
    wrl_externkind_t kind; /**< Selects the member of `of`. */
    union {
        wrl_functype_t func;     /**< For WRL_EXTERN_FUNC. */
        wrl_globaltype_t global; /**< For WRL_EXTERN_GLOBAL. */
        wrl_memorytype_t memory; /**< For WRL_EXTERN_MEMORY. */
        wrl_tabletype_t table;   /**< For WRL_EXTERN_TABLE. */
        wrl_functype_t tag;      /**< For WRL_EXTERN_TAG. The parameters are the values that the exception carries;
                                    there are no results. */
    } of;                        /**< The type. */
} wrl_externtype_t;

/** An import of a module. Borrowed from the module. */
typedef struct wrl_importtype {
    const char *module;    /**< NUL-terminated. */
    size_t module_size;    /**< In bytes, without the terminator. */
    const char *name;      /**< NUL-terminated. */
    size_t name_size;      /**< In bytes, without the terminator. */
    wrl_externtype_t type; /**< The type that the extern has to match. */
} wrl_importtype_t;

/** An export of a module's instances. Borrowed from the module. */
typedef struct wrl_exporttype {
    const char *name;      /**< NUL-terminated. */
    size_t name_size;      /**< In bytes, without the terminator. */
    wrl_externtype_t type; /**< The type of the export. */
} wrl_exporttype_t;

/**
 * Returns "function", "global", "memory", "table" or "tag"; "none" or "unknown" for other values. Static storage. Any
 * thread.
 */
WRL_API const char *wrl_externkind_name(wrl_externkind_t kind);

/** Returns whether two value types are the same. Any thread. */
WRL_API bool wrl_valtype_equal(wrl_valtype_t a, wrl_valtype_t b);

/** Returns whether two function types have the same parameters and results. Ignores their names. Any thread. */
WRL_API bool wrl_functype_equal(const wrl_functype_t *a, const wrl_functype_t *b);

/**
 * Writes a type as text, such as "(i32, i32) -> (f64)", "mut i32", "1..2 pages", "funcref 0..10". Works like snprintf:
 * writes at most `size` bytes including the terminator, and returns the length of the whole text. `buffer` may be NULL
 * if `size` is 0. Any thread.
 */
WRL_API size_t wrl_externtype_print(const wrl_externtype_t *type, char *buffer, size_t size);

/** Writes a value type as wrl_externtype_print() does. */
WRL_API size_t wrl_valtype_print(wrl_valtype_t type, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif

#endif
