/*
 * The js backend. The JS engine that runs the program also compiles and runs the guests. The program is compiled to
 * wasm32, for Node, browsers or Pyodide. docs/js-hosts.md describes the design.
 *
 * Values cross between the program and guests in small wasm modules that this backend generates (adapters/), since JS
 * can neither hold a v128 nor preserve the payload of a NaN. The JS code is in host/. All JS state is in the object
 * wrlJs (host/glue.c).
 *
 * Functions of this backend that are written in C start with wrl__jsb_, those that are written in JS with wrl__js_.
 */
#ifndef WRL_BACKEND_JS_H
#define WRL_BACKEND_JS_H

#include "binary/scan.h"
#include "binary/writer.h"
#include "rewrite/run.h"
#include "wrl/sys/backend.h"

/* ---- Facts about guest modules (facts.c) ---- */

typedef struct js_range {
    uint32_t start; /* Offset in the engine's module before rewriting. */
    uint32_t end;
} js_range_t;

/* A copy of a module's type section. The module and the signatures that need it share the copy. */
typedef struct js_types {
    uint32_t users; /* The number of owners. */
    uint32_t size;
    uint8_t bytes[]; /* Without the number of groups. */
} js_types_t;

void wrl__jsb_leave_types(const wrl_core_t *core, js_types_t *types);

typedef struct js_module {
    const wrl_core_t *core;
    int handle;                  /* JS handle of the WebAssembly.Module. */
    int shims;                   /* JS handle of the module that contains this module's shims; 0 until it is needed. */
    struct js_shims *free_shims; /* The unused sets of shims. */
    uint32_t free_shims_count;   /* The number of sets in free_shims. */
    js_types_t *types;           /* NULL if there is no type section. */
    uint32_t group_count;
    int tester;        /* JS handle of the tester of these types; 0 until it is needed. */
    uint32_t *type_at; /* By type index: where in `types` the function type begins, as in wrl_scan_types_t. */
    uint32_t type_count;
    uint32_t *func_type; /* By function index: the type index. */
    uint32_t func_count;
    uint32_t func_import_count;
    uint32_t import_count;
    uint8_t *imports;                /* A copy of the import section. */
    wrl_import_name_t *import_names; /* For JS. */
    js_range_t *bodies;              /* By function index minus func_import_count. */
    uint8_t *code;                   /* A copy of the code section if the engine's messages require it; else NULL. */
    uint32_t code_start;             /* As in js_range_t. */
    uint32_t code_size;
    wrl_run_t *runs; /* The parts of a rewritten module, in order. */
    uint32_t run_count;
    int64_t shift;  /* The offset in the program's module minus the offset in js_range_t. */
    uint8_t *names; /* A copy of the content of the name section, or NULL. */
    uint32_t names_size;
    uint32_t *name_at;       /* By function index: where in `names` its name is, or 0. NULL until a trap needs it. */
    bool has_distinct_types; /* See wrl__jsb_signature_distinct. */
    bool has_shared_memory;
    bool has_elements;
    bool has_data;
    wrl_reach_t element_reach;
    uint32_t table_import_count;
    bool may_catch;           /* For JS_SHIELD_LEGACY: see wrl__jsb_may_catch. */
    bool is_valid;            /* The program's bytes are valid. The engine's bytes may still exceed its limits. */
    int room;                 /* JS handle of a module with the same memories, if the module is large; else 0. */
    bool has_start;           /* The start function is the last export, and the engine does not run it. */
    uint32_t start;           /* Its function index. */
    uint32_t start_name_size; /* The size of its export name, which is longer than all others. */
} js_module_t;

/* Records the start function. Writes to `out` a copy of the module that exports the start function instead of running
 * it. Writes nothing if the module has no start function. */
void wrl__jsb_export_start(js_module_t *module, const uint8_t *bytes, size_t size, wrl_writer_t *out);
/* Records types, functions, code and names in js_module_t. Returns false if memory runs out. The core's reader has
 * accepted `bytes`; nothing else is known about them. */
bool wrl__jsb_keep_facts(js_module_t *module, const uint8_t *bytes, size_t size, bool keeps_code);
void wrl__jsb_forget(js_module_t *module);
/* Reports the type of a function. Returns false if this interface does not support the type. `types` needs as much
 * space as for wrl_backend_t::func_type. */
bool wrl__jsb_func_type_of(const js_module_t *module, uint32_t func, wrl_valtype_t *types, size_t *param_count,
                           size_t *result_count);
/* Reports the name of a function or, if func < 0, of the module. Returns false if there is none. The name is borrowed
 * from the module. */
bool wrl__jsb_name_of(js_module_t *module, int64_t func, const char **name, size_t *size);

/* wrl__may_catch_all(), or NULL if that function is not linked. If NULL, every module is assumed to catch exceptions.
 */
extern bool (*wrl__jsb_may_catch)(const uint8_t *bytes, size_t size);

/* ---- Adapters: wasm modules that the backend generates (adapters/) ---- */

struct js_store;

/*
 * The adapters of a signature. Each adapter is made when it is first needed. A signature lives while a store uses its
 * entry. The most recently requested unused signatures are kept for later stores (signature.c). A pointer to a
 * signature is valid until any store is deleted.
 */
typedef struct wrl__jsb_signature {
    struct wrl__jsb_signature *next; /* In its bucket. */
    uint64_t requested;              /* The sum of the weights of all requests up to the last one for it. */
    js_types_t *types;               /* The type groups that declare a distinct signature; NULL for a plain one. */
    uint32_t group_count;
    uint32_t type_count;
    uint32_t type;             /* The index of its type in `types`. */
    uint32_t users;            /* The number of stores that use its entry. */
    wrl_backend_entry_t entry; /* Calls any function of the signature; NULL until it is needed. */
    int shim;                  /* JS handle of the module of a single shim; 0 until it is needed. */
    int check; /* JS handle of the module that imports a function of the signature; 0 if there is none now. */
    size_t param_count;
    size_t result_count;
    wrl_valtype_t values[]; /* Parameters, then results. */
} js_signature_t;

/* Returns the plain signature of a type. Returns NULL if memory runs out, or if the type contains types that cannot
 * cross the interface. In the latter case *crosses is false. */
js_signature_t *wrl__jsb_signature(const wrl_core_t *core, const wrl_functype_t *type, bool *crosses);
/*
 * Does the same for functions of type number `declared` of a module. The engine treats a function type as distinct from
 * the plain type with the same parameters and results if it is non-final, a subtype, or part of a recursion group. A
 * type that refers to other types has no plain counterpart.
 */
js_signature_t *wrl__jsb_signature_distinct(const js_module_t *module, uint32_t declared, const wrl_functype_t *type,
                                            bool *crosses);
/* Each of these returns 0 or NULL if memory runs out or the adapter exceeds the engine's limits. */
/* Records that the store uses the signature. */
wrl_backend_entry_t wrl__jsb_signature_entry(struct js_store *store, js_signature_t *signature);
int wrl__jsb_signature_shim(const wrl_core_t *core, js_signature_t *signature);
int wrl__jsb_signature_check(const wrl_core_t *core, js_signature_t *signature);
/* Returns the tester of the module's types (tester.c), which is made when it is first needed. */
int wrl__jsb_module_tester(js_module_t *module);
/* Ends the use of all signatures by a store that is being deleted. Frees unused signatures beyond the limit. */
void wrl__jsb_signatures_leave(struct js_store *store);
/* Returns a module with one shim for each imported function that can be a host function, or 0. */
int wrl__jsb_module_shims(const js_module_t *module);
/* Returns a module with accessors, get and set, for globals with a number type; or 0. Without `value`, the module
 * imports a global of the type. With `value`, it defines the global and exports it as well. */
int wrl__jsb_global_module(const wrl_core_t *core, const wrl_globaltype_t *type, const wrl_raw_t *value);

/* ---- GC references (ref.c) ----
 * wrl_backend_js_plain supports them, and links the code that they need. wrl_backend_js_lean is the same backend
 * without them.
 */

struct frame;
typedef struct wrl__jsb_refs {
    /* Returns the converter (adapter.h) that passes a reference of the type to the guest. */
    uint32_t (*converter)(const wrl_valtype_t *type);
    /* Does the work of wrl__jsb_load_slot. */
    void (*load)(wrl_writer_t *out, const struct frame *frame, const wrl_valtype_t *type, size_t index);
    /* Replaces type indices of the module by abstract heap types. Returns whether there were any. */
    bool (*generalize)(const js_module_t *module, wrl_valtype_t *types, size_t count);
} js_refs_t;
/* NULL if GC references are not linked, or the engine has no GC. */
extern const js_refs_t *wrl__jsb_refs;

/* ---- Stores ---- */

/* The checks that src/rewrite adds or makes for an engine with exact_traps (exact.c), as bits. */
typedef enum js_check {
    JS_CHECK_CONVERSIONS = 1,
    JS_CHECK_CALLS = 2,
    JS_CHECK_DEAD_CODE = 4 /* Made during compilation, since the engine does not validate unreachable code. */
} js_check_t;

typedef struct js_engine js_engine_t;
struct js_engine {
    const wrl_core_t *core;
    uint32_t checks; /* js_check_t bits. */
    /* NULL, or the function that rewrites the module for the engine. It writes the new module to `out`, or nothing if
     * the module stays as it is. */
    wrl_error_t *(*rewrite)(const js_engine_t *engine, js_module_t *module, const uint8_t *bytes, size_t size,
                            wrl_writer_t *out);
};

/* Makes an engine. */
wrl_error_t *wrl__jsb_engine_new(const wrl_core_t *core, js_engine_t **engine);

typedef struct js_store {
    const wrl_core_t *core;
    int handle;                    /* JS handle of the store's JS state. JS reads this member. */
    struct js_instance *instances; /* Latest first. */
    struct js_shims *shims;        /* The shims of host functions that references refer to. */
    uint32_t hosts;                /* The first of its host functions, see func.c. */
    struct js_use *uses;           /* The signatures whose entries it uses, see signature.c. */
    bool has_distinct_types;       /* The module of an instance has distinct types. */
    uint32_t checks;               /* The js_check_t bits of its engine. */
} js_store_t;

typedef struct js_instance {
    uint64_t key; /* The core's key. */
    js_store_t *store;
    js_module_t *module;
    struct js_shims *shims; /* NULL if no host function is imported. */
    int handle;             /* JS handle of the WebAssembly.Instance; 0 before instantiation and if it failed. */
    struct js_instance *next;
} js_instance_t;

/* ---- Shims: how guests call host functions (shims.c) ---- */

/* JS and the shims read these two structs. */
typedef struct js_shim {
    wrl_host_func_t *host; /* NULL if the import is not a host function. */
    uint32_t id;           /* The id of the host function. */
    uint32_t call;         /* The value of host->call that the shim was made with. */
} js_shim_t;

/*
 * The shims of one instance, or the single shim of a host function that is called through a reference. Guests call host
 * functions through the shims. The address of this struct identifies the calling instance to the core. Making a set of
 * shims takes about as long as making an instance. A set is therefore kept for the next instance of the module when the
 * set's store is deleted.
 */
typedef struct js_shims {
    js_store_t *store;
    js_instance_t *instance; /* NULL for the single shim of a reference. */
    struct js_shims *next;   /* In the module's list of free sets, or in js_store_t::shims. */
    int handle;              /* JS handle of the functions. */
    js_shim_t hosts[];       /* By index of the imported function. */
} js_shims_t;

/* Returns a set for an instance, with these `hosts`. Returns NULL if memory runs out. */
js_shims_t *wrl__jsb_shims_take(js_instance_t *instance, const js_shim_t *hosts);
/* Makes the JS function of the host function `id`, so that references can refer to it. Returns false if memory runs
 * out. */
bool wrl__jsb_shims_refer(js_store_t *store, uint32_t id, wrl_host_func_t *host);
/* Ends the use of all shims of a store. */
void wrl__jsb_shims_end(js_store_t *store);
/* Frees the sets that a module keeps. */
void wrl__jsb_shims_forget(js_module_t *module);

/* ---- The description and its functions ---- */

/* The backend "js", in three sizes. Only those that the program's table of backends names are linked. */
const wrl_backend_t *wrl_backend_js(uint32_t abi);       /* Everything. */
const wrl_backend_t *wrl_backend_js_plain(uint32_t abi); /* Without exact_traps and the rewriting of guests. */
const wrl_backend_t *wrl_backend_js_lean(uint32_t abi);  /* Also without GC references (ref.c). */

wrl_error_t *wrl__jsb_module_new(void *engine, const uint8_t *bytes, size_t size, void **module);
wrl_error_t *wrl__jsb_module_new_async(void *engine, const uint8_t *bytes, size_t size, wrl_module_compiled_t done,
                                       void *token);
void wrl__jsb_module_delete(void *module);
wrl_error_t *wrl__jsb_store_new(void *engine, void **store);
void wrl__jsb_store_delete(void *store);
wrl_error_t *wrl__jsb_instance_new(void *store, void *module, const wrl_backend_extern_t *imports, size_t import_count,
                                   uint64_t key, wrl_backend_ref_t *instance);
wrl_error_t *wrl__jsb_instance_export(void *store, wrl_backend_ref_t instance, size_t index, const char *name,
                                      size_t name_size, const wrl_externtype_t *type, wrl_backend_ref_t *item);
bool wrl__jsb_caller_instance(void *store, void *caller, uint64_t *key, wrl_backend_ref_t *instance);
wrl_error_t *wrl__jsb_func_new(void *store, wrl_host_func_t *host, wrl_backend_ref_t *func);
wrl_error_t *wrl__jsb_func_entry(void *store, wrl_backend_ref_t func, const wrl_functype_t *type,
                                 wrl_backend_entry_t *entry);
wrl_error_t *wrl__jsb_func_type(void *store, wrl_backend_ref_t func, wrl_valtype_t *types, size_t *param_count,
                                size_t *result_count);
wrl_error_t *wrl__jsb_global_new(void *store, const wrl_globaltype_t *type, const wrl_raw_t *initial,
                                 wrl_backend_ref_t *global);
wrl_error_t *wrl__jsb_global_get(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type, wrl_raw_t *value);
wrl_error_t *wrl__jsb_global_set(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type,
                                 const wrl_raw_t *value);
wrl_error_t *wrl__jsb_memory_new(void *store, const wrl_memorytype_t *type, wrl_backend_ref_t *memory);
uint64_t wrl__jsb_memory_size(void *store, wrl_backend_ref_t memory);
wrl_error_t *wrl__jsb_memory_grow(void *store, wrl_backend_ref_t memory, uint64_t delta, uint64_t *previous_pages);
void wrl__jsb_memory_data(void *store, wrl_backend_ref_t memory, uint8_t **data, uint64_t *size);
wrl_error_t *wrl__jsb_memory_read(void *store, wrl_backend_ref_t memory, uint64_t offset, void *buffer, size_t size);
wrl_error_t *wrl__jsb_memory_write(void *store, wrl_backend_ref_t memory, uint64_t offset, const void *buffer,
                                   size_t size);
wrl_error_t *wrl__jsb_table_new(void *store, const wrl_tabletype_t *type, const wrl_raw_t *initial,
                                wrl_backend_ref_t *table);
uint64_t wrl__jsb_table_size(void *store, wrl_backend_ref_t table);
wrl_error_t *wrl__jsb_table_get(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                                wrl_raw_t *value);
wrl_error_t *wrl__jsb_table_set(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                                const wrl_raw_t *value);
wrl_error_t *wrl__jsb_table_grow(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t delta,
                                 const wrl_raw_t *initial, uint64_t *previous_size);
wrl_error_t *wrl__jsb_externref_new(void *store, uint64_t key, uint64_t *word);
void wrl__jsb_externref_release(void *store, uint64_t key, uint64_t word);
uint64_t wrl__jsb_externref_collected(void *store);
void wrl__jsb_engine_features(void *engine, uint64_t features[2]);

/* ---- Errors (trap.c) ---- */

wrl_error_t *wrl__jsb_out_of_memory(const wrl_core_t *core);
/* Makes an error of the kind from the first `size` bytes of wrl__jsb_text. */
wrl_error_t *wrl__jsb_error_of_text(const wrl_core_t *core, wrl_error_kind_t kind, uint32_t size);
/* Returns the reason why an adapter could not be made: memory runs out, or the adapter exceeds the engine's limits. The
 * latter is the exception that JS caught last. */
wrl_error_t *wrl__jsb_adapter_error(const wrl_core_t *core);
/* Makes an error from the exception that ended instantiation. */
wrl_error_t *wrl__jsb_instance_error(const js_module_t *module);
/* Makes an error of the kind from the exception that JS caught last. */
wrl_error_t *wrl__jsb_last_error(const wrl_core_t *core, wrl_error_kind_t kind);

#endif
