/**
 * @file
 * The misuse matrix: calls every public function with one wrong argument at a time, in every way that a C library can
 * detect.
 *
 * A row is a function, one of its parameters and a kind of misuse. Before its rows, each function is called once with
 * the same valid arguments and must succeed, so that a row fails only because of the argument that it spoils. The
 * functions and their rows are in rows_….c.
 */
#ifndef WRL_CONFORMANCE_MISUSE_H
#define WRL_CONFORMANCE_MISUSE_H

#include "../harness.h"

#include <stddef.h>

/** All handles have this layout. */
typedef struct misuse_handle {
    uint64_t store_id;
    uint64_t index;
} misuse_handle_t;

/** The contents of a store. Each item was the last one of its kind to be made, so that its index + 1 does not exist. */
typedef struct misuse_items {
    wrl_instance_t instance;
    wrl_func_t func; /**< (i32, f64) -> (i32), of the host. */
    wrl_func_t refs; /**< (i32, funcref, externref) -> (), of the host. Null on engines without reference types. */
    wrl_global_t fixed;
    wrl_global_t global; /**< mut i64 */
    wrl_memory_t memory; /**< One page of at most two. */
    wrl_table_t table;   /**< Two elements, funcref. Null on engines without reference types. */
    wrl_externref_t externref;
    wrl_ref_t ref;         /**< An i31. Null on engines without GC references. */
    wrl_tag_t tag;         /**< Of a guest. Null on engines without exceptions. */
    wrl_instance_t tagged; /**< The instance that exports the tag. */
} misuse_items_t;

/** The objects that the rows of one function share. */
typedef struct misuse_world {
    wrl_test_t *t;
    wrl_engine_t *other_engine; /**< Of the same backend. */
    wrl_store_t *other_store;   /**< Of the same engine, with the same contents. */
    uint64_t other_id;          /**< Its id. */
    uint64_t dead_id;           /**< The id of a deleted store. */
    misuse_items_t items;
    wrl_module_t *module;       /**< Contains items of every kind, see guests/items.wat. */
    wrl_module_t *importer;     /**< Imports a function "env" "f". */
    wrl_module_t *other_module; /**< The same module for the other engine. */
    wrl_imports_t *imports;     /**< The importer's imports. */
    wrl_func_t import;          /**< The function in `imports`. */
    wrl_error_t *error;
    wrl_caller_t *caller; /**< In a host function: the caller. */
} misuse_world_t;

enum { MISUSE_ROOM = 256, MISUSE_VALUES = 3 };

/**
 * The arguments of one call. The pointers refer to the objects at the end of the struct, so that a row can spoil the
 * pointer or the object. Functions use the fields that they need. Several parameters of the same kind are called `…2`.
 */
typedef struct misuse_args {
    misuse_world_t *world;
    wrl_engine_t *engine;
    wrl_store_t *store;
    wrl_module_t *module;
    wrl_imports_t *imports;
    wrl_caller_t *caller;
    wrl_error_t *error;
    wrl_instance_t instance;
    wrl_func_t func;
    wrl_global_t global;
    wrl_memory_t memory;
    wrl_table_t table;
    wrl_externref_t externref;
    wrl_ref_t ref;
    wrl_tag_t tag;
    const wrl_extern_t *item;
    const wrl_engine_config_t *config;
    const wrl_module_config_t *module_config;
    const wrl_instance_config_t *instance_config;
    const wrl_functype_t *functype;
    const wrl_globaltype_t *globaltype;
    const wrl_memorytype_t *memorytype;
    const wrl_tabletype_t *tabletype;
    const wrl_externtype_t *externtype;
    const wrl_val_t *value;
    const wrl_val_t *values;
    wrl_raw_t *slots;
    const wrl_named_extern_t *named;
    const char *text;
    const char *text2;
    const void *bytes;
    void *buffer;
    wrl_func_callback_t callback;
    wrl_func_callback_raw_t callback_raw;
    wrl_backend_open_t open;
    wrl_module_done_t done;
    size_t size;
    size_t size2;
    size_t count;
    size_t count2;
    size_t index;
    uint64_t offset;
    int number;  /**< The value of an enum. */
    void *out;   /**< Where the function writes: `room`. */
    void *out2;  /**< Where it writes a second output: `room2`. */
    int ended;   /**< How often the finalizer has run. */
    bool spoilt; /**< For functions that return no error: whether the result is the one for misuse. */

    wrl_extern_t the_item;
    wrl_engine_config_t the_config;
    wrl_module_config_t the_module_config;
    wrl_instance_config_t the_instance_config;
    wrl_valtype_t the_params[MISUSE_VALUES];
    wrl_valtype_t the_results[1];
    wrl_functype_t the_functype;
    wrl_globaltype_t the_globaltype;
    wrl_memorytype_t the_memorytype;
    wrl_tabletype_t the_tabletype;
    wrl_externtype_t the_externtype;
    wrl_val_t the_value;
    wrl_val_t the_values[MISUSE_VALUES];
    wrl_raw_t the_slots[MISUSE_VALUES];
    wrl_named_extern_t the_named[2];
    char the_buffer[16];
    union {
        max_align_t align;
        uint8_t bytes[MISUSE_ROOM];
    } room, room2; /* Filled with MISUSE_FILLER before the call. */
} misuse_args_t;

#define MISUSE_FILLER 0xA5

/** The required result. */
typedef enum misuse_outcome {
    MISUSE_REFUSED = 0, /**< INVALID_ARGUMENT, and the message starts with the parameter's name. */
    MISUSE_ALLOWED,     /**< No misuse: success. */
    MISUSE_TOO_LARGE,   /**< RESOURCE_LIMIT: a valid request beyond a limit. */
    MISUSE_NO_FILE,     /**< IO. */
    MISUSE_UNLINKABLE   /**< LINK. */
} misuse_outcome_t;

/** A way to spoil a parameter. */
typedef struct misuse_kind {
    const char *what; /**< NULL ends a list. */
    void (*spoil)(misuse_args_t *args, void *field);
    misuse_outcome_t outcome;
} misuse_kind_t;

/** Ends a list of kinds. */
#define END                                                                                                            \
    {                                                                                                                  \
        NULL, NULL, MISUSE_REFUSED                                                                                     \
    }

/** Defines a function that spoils arguments `a`; `field` is the parameter. */
#define SPOIL(name, statement)                                                                                         \
    static void name(misuse_args_t *a, void *field)                                                                    \
    {                                                                                                                  \
        (void)a;                                                                                                       \
        (void)field;                                                                                                   \
        statement;                                                                                                     \
    }

/** A parameter under its name in the header, and the kinds of misuse for it. */
typedef struct misuse_param {
    const char *name; /**< NULL ends the list. */
    size_t offset;    /**< In misuse_args_t. */
    const misuse_kind_t *kinds;
} misuse_param_t;

/** The outputs after a failure. */
typedef enum misuse_output {
    OUT_NONE,      /**< None, or they do not outlive the call. */
    OUT_CLEARED,   /**< out_size bytes are zero. For a second output, out2_size bytes are zero as well. */
    OUT_NO_VALUE,  /**< A value of kind NONE. */
    OUT_UNTOUCHED, /**< Nothing was written. */
} misuse_output_t;

enum { MISUSE_PARAMS = 8 };

/** A public function and its rows. */
typedef struct misuse_function {
    const char *name;
    /** Changes the valid arguments to those that the function needs. May be NULL. */
    void (*prepare)(misuse_args_t *args);
    /** Calls the function. If it returns no error, `spoilt` receives whether its result is the one for misuse. */
    wrl_error_t *(*call)(misuse_args_t *args);
    misuse_output_t output;
    size_t out_size;
    size_t out2_size;
    bool finalizes;       /**< The finalizer must have run exactly once after a failure, and not otherwise. */
    bool answers;         /**< The function returns no error. */
    bool never_sound;     /**< The matrix cannot make valid arguments, so no call precedes the rows. */
    bool in_host;         /**< A host function that a guest called makes the call. */
    const char *harmless; /**< The reason if no parameter could be wrong. The valid call is the only row. */
    misuse_param_t params[MISUSE_PARAMS];
} misuse_function_t;

/** Fills the test's store and makes everything that the rows need. */
bool misuse_world_make(wrl_test_t *t, misuse_world_t *world);
/** Sets valid arguments. */
void misuse_args_set(misuse_world_t *world, misuse_args_t *args);
/** A finalizer that increments an int. */
void misuse_on_end(void *data);

/** Runs all rows of a function. */
bool misuse_run(wrl_test_t *t, const misuse_function_t *function);

/* Kinds that several parameters share. `field` is the parameter. */
extern const misuse_kind_t misuse_pointer[];          /* NULL */
extern const misuse_kind_t misuse_optional[];         /* NULL, which is allowed */
extern const misuse_kind_t misuse_handle[];           /* All bad values of a handle. */
extern const misuse_kind_t misuse_handle_or_null[];   /* The same for a handle that may be null. */
extern const misuse_kind_t misuse_handle_null[];      /* Only null is refused. */
extern const misuse_kind_t misuse_item[];             /* NULL, invalid kinds, bad handles. */
extern const misuse_kind_t misuse_name[];             /* NULL, and a name that does not exist. */
extern const misuse_kind_t misuse_sized_name[];       /* NULL with a size. */
extern const misuse_kind_t misuse_required_name[];    /* As misuse_name, but an unknown name is a LINK error. */
extern const misuse_kind_t misuse_required_memory[];  /* The name of a memory for another kind of extern: LINK. */
extern const misuse_kind_t misuse_required_table[];   /* The name of a table for another kind of extern: LINK. */
extern const misuse_kind_t misuse_externkind[];       /* Invalid kinds of extern. */
extern const misuse_kind_t misuse_export_memory[];    /* The name of a memory for another kind of extern. */
extern const misuse_kind_t misuse_export_no_memory[]; /* The names of other externs for a memory. */
extern const misuse_kind_t misuse_huge_size[];        /* Sizes that no object can have. */
extern const misuse_kind_t misuse_config[];           /* Struct sizes, unknown backends. */
extern const misuse_kind_t misuse_functype[];         /* … */
extern const misuse_kind_t misuse_globaltype[];       /* … */
extern const misuse_kind_t misuse_memorytype[];       /* … */
extern const misuse_kind_t misuse_tabletype[];        /* … */
extern const misuse_kind_t misuse_value_i64[];        /* For an i64: NULL and values of other kinds. */
extern const misuse_kind_t misuse_value_funcref[];    /* For a funcref: NULL, values of other kinds, bad handles. */
extern const misuse_kind_t misuse_args_numbers[];     /* For (i32, f64): NULL, and wrong kinds at each position. */
extern const misuse_kind_t misuse_args_refs[];        /* For (i32, funcref, externref): bad handles at each position. */
extern const misuse_kind_t misuse_slots_refs[];       /* The same in slots. */
extern const misuse_kind_t misuse_wrong_count[];      /* None, one less, one more, and the largest count. */
extern const misuse_kind_t misuse_too_few[];          /* None, one less. */
extern const misuse_kind_t misuse_index[];            /* One beyond the last, and the largest index. */
extern const misuse_kind_t misuse_element[];          /* The same for tables, in `offset`. */
extern const misuse_kind_t misuse_offset[];           /* Ranges that leave a page, also by wrapping. */
extern const misuse_kind_t misuse_delta[];            /* Growth beyond every limit. */
extern const misuse_kind_t misuse_enumerator[];       /* Numbers that are not values of the enum. */
extern const misuse_kind_t misuse_linked_imports[];   /* Externs of other stores under the imported names. */
extern const misuse_kind_t misuse_named[];            /* NULL, names that are NULL, invalid items. */

#endif
