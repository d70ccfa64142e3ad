/**
 * @file
 * The misuse matrix: every public function, called with one argument after the other wrong in every way that C lets a
 * library detect.
 *
 * A row is a function, a parameter of it and a kind of misuse. Before its rows, each function is called once with the
 * same arguments unspoiled, and must succeed: so a row fails because of what the row spoils and nothing else. The
 * functions and their rows are in rows_….c.
 */
#ifndef WRL_CONFORMANCE_MISUSE_H
#define WRL_CONFORMANCE_MISUSE_H

#include "../harness.h"

#include <stddef.h>

/** Handles of all kinds have this form. */
typedef struct misuse_handle {
    uint64_t store_id;
    uint64_t index;
} misuse_handle_t;

/** What a store is filled with. Of each kind the item named here was made last, so that its index + 1 is not there. */
typedef struct misuse_items {
    wrl_instance_t instance;
    wrl_func_t func; /**< (i32, f64) -> (i32), of the host. */
    wrl_func_t refs; /**< (i32, funcref, externref) -> (), of the host. Null where the engine lacks references. */
    wrl_global_t fixed;
    wrl_global_t global; /**< mut i64 */
    wrl_memory_t memory; /**< One page of at most two. */
    wrl_table_t table;   /**< Two elements, funcref. Null where the engine lacks references. */
    wrl_externref_t externref;
    wrl_ref_t ref;         /**< An i31. Null where references do not cross the interface. */
    wrl_tag_t tag;         /**< Of a guest. Null where the engine lacks exceptions. */
    wrl_instance_t tagged; /**< It exports the tag. */
} misuse_items_t;

/** What the rows of one function share. */
typedef struct misuse_world {
    wrl_test_t *t;
    wrl_engine_t *other_engine; /**< Of the same backend. */
    wrl_store_t *other_store;   /**< Of the same engine, filled alike. */
    uint64_t other_id;          /**< Its number. */
    uint64_t dead_id;           /**< The number of a store that was deleted. */
    misuse_items_t items;
    wrl_module_t *module;       /**< Has some of everything; see guests/items.wat. */
    wrl_module_t *importer;     /**< Imports a function "env" "f". */
    wrl_module_t *other_module; /**< The same for the other engine. */
    wrl_imports_t *imports;     /**< Fit for the importer. */
    wrl_func_t import;          /**< The function in it. */
    wrl_error_t *error;
    wrl_caller_t *caller; /**< In a host function: its caller. */
} misuse_world_t;

enum { MISUSE_ROOM = 256, MISUSE_VALUES = 3 };

/**
 * The arguments of one call. Pointers point to what stands further down, so that a row may spoil either. Functions take
 * what they need; several parameters of the same kind are called `…2`.
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
    int number;  /**< An enumerator. */
    void *out;   /**< Where the function is to write: `room`. */
    void *out2;  /**< Likewise: `room2`. */
    int ended;   /**< How often the finalizer ran. */
    bool spoilt; /**< Of functions without errors: whether the answer is the one for misuse. */

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

/** What must come of it. */
typedef enum misuse_outcome {
    MISUSE_REFUSED = 0, /**< INVALID_ARGUMENT, and the message starts with the parameter's name. */
    MISUSE_ALLOWED,     /**< It is no misuse: success. */
    MISUSE_TOO_LARGE,   /**< RESOURCE_LIMIT: a sound request beyond a limit. */
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

/** A parameter, as the header calls it, and all that can be wrong with it. */
typedef struct misuse_param {
    const char *name; /**< NULL ends the list. */
    size_t offset;    /**< In misuse_args_t. */
    const misuse_kind_t *kinds;
} misuse_param_t;

/** The outputs after a failure. */
typedef enum misuse_output {
    OUT_NONE,      /**< None, or they do not outlive the call. */
    OUT_CLEARED,   /**< out_size bytes are zero, of the second output as well where there is one. */
    OUT_NO_VALUE,  /**< A value of kind NONE. */
    OUT_UNTOUCHED, /**< Nothing was written. */
} misuse_output_t;

enum { MISUSE_PARAMS = 8 };

/** A public function and its rows. */
typedef struct misuse_function {
    const char *name;
    /** Changes the sound arguments to what the function needs. May be NULL. */
    void (*prepare)(misuse_args_t *args);
    /** Calls it. Of functions that return no error: says in `spoilt` whether the answer is that for misuse. */
    wrl_error_t *(*call)(misuse_args_t *args);
    misuse_output_t output;
    size_t out_size;
    size_t out2_size;
    bool finalizes;       /**< The finalizer must have run once after a failure, and not before. */
    bool answers;         /**< It returns no error. */
    bool never_sound;     /**< No arguments that could be made here are sound: there is no call before the rows. */
    bool in_host;         /**< The call is made from a host function that a guest called. */
    const char *harmless; /**< For functions without parameters that could be wrong: why. The sound call is the row. */
    misuse_param_t params[MISUSE_PARAMS];
} misuse_function_t;

/** Fills the test's store and all that the rows need. */
bool misuse_world_make(wrl_test_t *t, misuse_world_t *world);
/** Sound arguments. */
void misuse_args_set(misuse_world_t *world, misuse_args_t *args);
/** The finalizer: counts in an int. */
void misuse_on_end(void *data);

/** Goes through all rows of a function. */
bool misuse_run(wrl_test_t *t, const misuse_function_t *function);

/* Kinds that several parameters share. `field` is the parameter. */
extern const misuse_kind_t misuse_pointer[];          /* NULL */
extern const misuse_kind_t misuse_optional[];         /* NULL, which is allowed */
extern const misuse_kind_t misuse_handle[];           /* All that a handle can be but one of the store's. */
extern const misuse_kind_t misuse_handle_or_null[];   /* The same where null is allowed. */
extern const misuse_kind_t misuse_handle_null[];      /* Null alone is refused, whatever else the handle may be. */
extern const misuse_kind_t misuse_item[];             /* NULL, kinds that are none, handles. */
extern const misuse_kind_t misuse_name[];             /* NULL, and a name that is not there. */
extern const misuse_kind_t misuse_sized_name[];       /* NULL, with a size. */
extern const misuse_kind_t misuse_required_name[];    /* The same, where an unknown name is LINK. */
extern const misuse_kind_t misuse_required_memory[];  /* The name of a memory, for what is none: LINK. */
extern const misuse_kind_t misuse_required_table[];   /* The name of a table, for what is none: LINK. */
extern const misuse_kind_t misuse_externkind[];       /* No kind of extern. */
extern const misuse_kind_t misuse_export_memory[];    /* The name of a memory, for what is none. */
extern const misuse_kind_t misuse_export_no_memory[]; /* Names of others, for a memory. */
extern const misuse_kind_t misuse_huge_size[];        /* Sizes that no object has. */
extern const misuse_kind_t misuse_config[];           /* struct sizes, unknown backends */
extern const misuse_kind_t misuse_functype[];         /* … */
extern const misuse_kind_t misuse_globaltype[];       /* … */
extern const misuse_kind_t misuse_memorytype[];       /* … */
extern const misuse_kind_t misuse_tabletype[];        /* … */
extern const misuse_kind_t misuse_value_i64[];        /* For an i64: NULL and other kinds. */
extern const misuse_kind_t misuse_value_funcref[];    /* For a funcref: NULL, other kinds, handles. */
extern const misuse_kind_t misuse_args_numbers[];     /* For (i32, f64): NULL and wrong kinds at each place. */
extern const misuse_kind_t misuse_args_refs[];        /* For (i32, funcref, externref): handles at each place. */
extern const misuse_kind_t misuse_slots_refs[];       /* The same for slots. */
extern const misuse_kind_t misuse_wrong_count[];      /* None, one less, one more, as many as there can be. */
extern const misuse_kind_t misuse_too_few[];          /* None, one less. */
extern const misuse_kind_t misuse_index[];            /* One beyond the last, and as far as it goes. */
extern const misuse_kind_t misuse_element[];          /* The same for tables, in `offset`. */
extern const misuse_kind_t misuse_offset[];           /* Ranges that leave a page, also by wrapping round. */
extern const misuse_kind_t misuse_delta[];            /* Growth beyond every limit. */
extern const misuse_kind_t misuse_enumerator[];       /* Numbers that are no enumerators. */
extern const misuse_kind_t misuse_linked_imports[];   /* Items of other stores under the names that are asked for. */
extern const misuse_kind_t misuse_named[];            /* NULL, names that are NULL, items that are none. */

#endif
