/*
 * The js backend: guests are compiled and run by the WebAssembly of the JS engine that runs the program itself, which
 * is wasm32 then (Node, browsers, Pyodide). docs/js-hosts.md tells how it is made.
 *
 * Values cross between program and guest in small modules of wasm that this backend generates (adapter.c), since JS can
 * neither hold a v128 nor keep a NaN's payload. What JS has to do is in glue.c. All state of JS lies in Module.wrlJs.
 */
#ifndef WRL_BACKEND_JS_H
#define WRL_BACKEND_JS_H

#include "binary/scan.h"
#include "binary/writer.h"
#include "rewrite/run.h"
#include "wrl/sys/backend.h"

/* ---- Modules of the guest, as far as the backend has to know them (facts.c) ---- */

typedef struct js_range {
    uint32_t start; /* From the start of the module that the engine has, or would have if it was not rewritten. */
    uint32_t end;
} js_range_t;

/* A copy of a module's section of types, for it and the signatures that need it. */
typedef struct js_types {
    uint32_t users; /* So many. */
    uint32_t size;
    uint8_t bytes[]; /* Without the number of groups. */
} js_types_t;

void js_leave_types(const wrl_core_t *core, js_types_t *types);

typedef struct js_module {
    const wrl_core_t *core;
    int handle;                  /* JS: the WebAssembly.Module. */
    int shims;                   /* JS: the module of its shims; 0 until it is first needed. */
    struct js_shims *free_shims; /* Sets of them that no instance uses, */
    uint32_t free_shims_count;   /* so many. */
    js_types_t *types;           /* NULL without that section. */
    uint32_t group_count;
    uint32_t *type_at; /* By type index: where in `types` its function type begins, as in wrl_scan_types_t. */
    uint32_t type_count;
    uint32_t *func_type; /* By function index: its type's index. */
    uint32_t func_count;
    uint32_t func_import_count;
    uint32_t import_count;
    uint8_t *imports;                /* Copy of the section of imports. */
    wrl_import_name_t *import_names; /* JS reads them. */
    js_range_t *bodies;              /* By function index less func_import_count. */
    uint8_t *code;                   /* Copy of the section of code, where the engine's messages need it; else NULL. */
    uint32_t code_start;             /* As in js_range_t. */
    uint32_t code_size;
    wrl_run_t *runs; /* Of a module that was rewritten: its parts, in order. */
    uint32_t run_count;
    int64_t shift;  /* What to add to an offset in the engine's code to have one in the program's module. */
    uint8_t *names; /* Copy of the payload of the section of names, or NULL. */
    uint32_t names_size;
    bool has_distinct_types; /* See js_signature_distinct. */
    bool has_shared_memory;
    bool has_elements;
    bool has_data;
    wrl_reach_t element_reach;
    uint32_t table_import_count;
    bool may_catch;           /* Where JS_SHIELD_LEGACY has to know: see js_may_catch. */
    bool is_valid;            /* The program's bytes are; those that the engine has may be beyond its limits. */
    int room;                 /* JS: a module with the same memories; 0 if it is not large. */
    bool has_start;           /* The start function is exported, as the last export, and not run by the engine. */
    uint32_t start;           /* Its index. */
    uint32_t start_name_size; /* How long its name as an export is: longer than all others. */
} js_module_t;

/* Notes where the start function is, and writes the module without it to `out`, where it is exported instead. A module
 * without one leaves `out` empty. */
void js_export_start(js_module_t *module, const uint8_t *bytes, size_t size, wrl_writer_t *out);
/* Keeps what js_module_t has of types, functions, code and names: false if memory is short. Of `bytes` it is only known
 * that the core's reader accepts them. */
bool js_keep_facts(js_module_t *module, const uint8_t *bytes, size_t size, bool keeps_code);
void js_forget(js_module_t *module);
/* The function type of a function: false if it is beyond what this interface can carry. Room as for func_type. */
bool js_func_type_of(const js_module_t *module, uint32_t func, wrl_valtype_t *types, size_t *param_count,
                     size_t *result_count);
/* The name of a function, or of the module (func < 0): false if there is none. Lent by the module. */
bool js_name_of(const js_module_t *module, int64_t func, const char **name, size_t *size);

/* wrl_may_catch_all(), or NULL where it is not linked: every module may, then. */
extern bool (*js_may_catch)(const uint8_t *bytes, size_t size);

/* ---- Adapters: modules that the backend generates (adapter.c) ---- */

struct js_store;

/*
 * What a signature needs, made when it is first needed. It stays while a store uses its entry; of those that no store
 * uses the latest are kept for the next one (signature.c). Who is given one has it until a store ends.
 */
typedef struct js_signature {
    struct js_signature *next;
    js_types_t *types; /* Of a distinct one: the groups of types that it is declared in; else NULL. */
    uint32_t group_count;
    uint32_t type_count;
    uint32_t type;             /* Its index among them. */
    uint32_t users;            /* So many stores use its entry. */
    wrl_backend_entry_t entry; /* Calls any function of the signature; NULL until it is needed. */
    int shim;                  /* JS: the module of one shim; 0 until it is needed. */
    int check;                 /* JS: the module that imports a function of the signature; 0 until it is needed. */
    size_t param_count;
    size_t result_count;
    wrl_valtype_t values[]; /* Parameters, then results. */
} js_signature_t;

/* NULL if memory is short, or if the type holds what cannot cross the interface (*crosses is false then). */
js_signature_t *js_signature(const wrl_core_t *core, const wrl_functype_t *type, bool *crosses);
/*
 * The same for functions of type number `declared` of a module. A type that is open for subtypes, is one, or stands in
 * a group with others is distinct to the engine from the plain one of the same parameters and results; one that names
 * others has no plain one.
 */
js_signature_t *js_signature_distinct(const js_module_t *module, uint32_t declared, const wrl_functype_t *type,
                                      bool *crosses);
/* Each returns 0 or NULL if memory is short, or the engine has no room. */
/* The store uses the entry from now on. */
wrl_backend_entry_t js_signature_entry(struct js_store *store, js_signature_t *signature);
int js_signature_shim(const wrl_core_t *core, js_signature_t *signature);
int js_signature_check(const wrl_core_t *core, js_signature_t *signature);
/* A store, which is ending, uses none any more; frees what is more than is kept. */
void js_signatures_leave(struct js_store *store);
/* The module of shims for all functions that a guest's module imports and a host function can be. */
int js_module_shims(const js_module_t *module);
/* A module with accessors for globals of a type of number: imports a global of the type, unless `value` is given, and
 * exports get and set. With a value it defines the global and exports it as well. */
int js_global_module(const wrl_core_t *core, const wrl_globaltype_t *type, const wrl_raw_t *value);

/* ---- References of other types than funcref and externref (ref.c) ----
 * wrl_backend_js_plain has them, and brings along what they need; wrl_backend_js_lean is the same backend without.
 */

struct frame;
typedef struct js_refs {
    /* Which function of adapters (adapter.h) brings one down. */
    uint32_t (*converter)(const wrl_valtype_t *type);
    /* As js_load_slot. */
    void (*load)(wrl_writer_t *out, const struct frame *frame, const wrl_valtype_t *type, size_t index);
    /* Says of types that the module numbers what they are outside of it: whether there is one. */
    bool (*generalize)(const js_module_t *module, wrl_valtype_t *types, size_t count);
} js_refs_t;
/* NULL where they are not linked, or where the engine lacks GC. */
extern const js_refs_t *js_refs;

/* ---- Stores ---- */

/* What the passes of src/rewrite do for an engine with exact_traps (exact.c), as bits. */
typedef enum js_check {
    JS_CHECK_CONVERSIONS = 1,
    JS_CHECK_CALLS = 2,
    JS_CHECK_DEAD_CODE = 4 /* When it is compiled: the engine does not. */
} js_check_t;

typedef struct js_engine js_engine_t;
struct js_engine {
    const wrl_core_t *core;
    uint32_t checks; /* js_check_t */
    /* NULL, or what makes another module of the one that the engine is to have: it writes that to `out`, or nothing if
     * it is to stay as it is. */
    wrl_error_t *(*rewrite)(const js_engine_t *engine, js_module_t *module, const uint8_t *bytes, size_t size,
                            wrl_writer_t *out);
};

/* Makes the engine of a backend. */
wrl_error_t *js_engine_new(const wrl_core_t *core, js_engine_t **engine);

typedef struct js_store {
    const wrl_core_t *core;
    int handle;                    /* JS: what the store holds there; JS reads it here. */
    struct js_instance *instances; /* Latest first. */
    struct js_shims *shims;        /* Those of host functions that references name. */
    uint32_t hosts;                /* The first of its host functions, see func.c. */
    struct js_use *uses;           /* The signatures whose entries it uses, see signature.c. */
    bool has_distinct_types;       /* Some instance's module has. */
    uint32_t checks;               /* Its engine's. */
} js_store_t;

typedef struct js_instance {
    uint64_t key; /* The core's. */
    js_store_t *store;
    js_module_t *module;
    struct js_shims *shims; /* NULL if it imports no host function. */
    int handle;             /* JS: the WebAssembly.Instance; 0 while it is being made, and if that failed. */
    struct js_instance *next;
} js_instance_t;

/* ---- Shims: how guests call host functions (shims.c) ---- */

/* JS and the shims read these two. */
typedef struct js_shim {
    wrl_host_func_t *host; /* NULL for what is no host function. */
    uint32_t id;           /* The host function's name towards the core. */
    uint32_t call;         /* Its member `call`, which the shim was made with. */
} js_shim_t;

/*
 * The shims of one instance, or the one of a host function that is called through a reference. A guest calls a host
 * function through them; their address is what tells the core the calling instance. Making them takes about as long as
 * making an instance, so that they are kept for the next instance of the module when their store ends.
 */
typedef struct js_shims {
    js_store_t *store;
    js_instance_t *instance; /* NULL for a reference's. */
    struct js_shims *next;   /* Of the free ones of a module, or of those that a store's references use. */
    int handle;              /* JS: the functions. */
    js_shim_t hosts[];       /* By imported function. */
} js_shims_t;

/* A set for an instance, with `hosts` as wanted; NULL if memory is short. */
js_shims_t *js_shims_take(js_instance_t *instance, const js_shim_t *hosts);
/* Gives a host function's name a function of JS, that a reference can name: false if memory is short. */
bool js_shims_refer(js_store_t *store, uint32_t id, wrl_host_func_t *host);
/* Ends the use of all shims of a store. */
void js_shims_end(js_store_t *store);
/* Frees those that a module keeps. */
void js_shims_forget(js_module_t *module);

/* ---- The description, and its functions ---- */

/* One backend, "js", in three sizes. What a program's table of backends does not name is not linked. */
const wrl_backend_t *wrl_backend_js(uint32_t abi);       /* All of it. */
const wrl_backend_t *wrl_backend_js_plain(uint32_t abi); /* Without exact_traps, and what rewrites guests for that; */
const wrl_backend_t *wrl_backend_js_lean(uint32_t abi);  /* and without references of all types (ref.c). */

wrl_error_t *js_module_new(void *engine, const uint8_t *bytes, size_t size, void **module);
wrl_error_t *js_module_new_async(void *engine, const uint8_t *bytes, size_t size, wrl_module_compiled_t done,
                                 void *token);
void js_module_delete(void *module);
wrl_error_t *js_store_new(void *engine, void **store);
void js_store_delete(void *store);
wrl_error_t *js_instance_new(void *store, void *module, const wrl_backend_extern_t *imports, size_t import_count,
                             uint64_t key, wrl_backend_ref_t *instance);
wrl_error_t *js_instance_export(void *store, wrl_backend_ref_t instance, size_t index, const char *name,
                                size_t name_size, const wrl_externtype_t *type, wrl_backend_ref_t *item);
bool js_caller_instance(void *store, void *caller, uint64_t *key, wrl_backend_ref_t *instance);
wrl_error_t *js_func_new(void *store, wrl_host_func_t *host, wrl_backend_ref_t *func);
wrl_backend_entry_t js_func_entry(void *store, wrl_backend_ref_t func, const wrl_functype_t *type);
wrl_error_t *js_func_type(void *store, wrl_backend_ref_t func, wrl_valtype_t *types, size_t *param_count,
                          size_t *result_count);
wrl_error_t *js_global_new(void *store, const wrl_globaltype_t *type, const wrl_raw_t *initial,
                           wrl_backend_ref_t *global);
wrl_error_t *js_global_get(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type, wrl_raw_t *value);
wrl_error_t *js_global_set(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type, const wrl_raw_t *value);
wrl_error_t *js_memory_new(void *store, const wrl_memorytype_t *type, wrl_backend_ref_t *memory);
uint64_t js_memory_size(void *store, wrl_backend_ref_t memory);
wrl_error_t *js_memory_grow(void *store, wrl_backend_ref_t memory, uint64_t delta, uint64_t *previous_pages);
void js_memory_data(void *store, wrl_backend_ref_t memory, uint8_t **data, uint64_t *size);
wrl_error_t *js_memory_read(void *store, wrl_backend_ref_t memory, uint64_t offset, void *buffer, size_t size);
wrl_error_t *js_memory_write(void *store, wrl_backend_ref_t memory, uint64_t offset, const void *buffer, size_t size);
wrl_error_t *js_table_new(void *store, const wrl_tabletype_t *type, const wrl_raw_t *initial, wrl_backend_ref_t *table);
uint64_t js_table_size(void *store, wrl_backend_ref_t table);
wrl_error_t *js_table_get(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                          wrl_raw_t *value);
wrl_error_t *js_table_set(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                          const wrl_raw_t *value);
wrl_error_t *js_table_grow(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t delta,
                           const wrl_raw_t *initial, uint64_t *previous_size);
wrl_error_t *js_externref_new(void *store, uint64_t key, uint64_t *word);
void js_externref_release(void *store, uint64_t key, uint64_t word);
uint64_t js_externref_collected(void *store);
void js_engine_features(void *engine, uint64_t features[2]);

/* ---- Errors (trap.c) ---- */

wrl_error_t *js_out_of_memory(const wrl_core_t *core);
/* An error of the kind, with so many bytes of what JS wrote. */
wrl_error_t *js_error_of_text(const wrl_core_t *core, wrl_error_kind_t kind, uint32_t size);
/* Why there is no adapter: memory is short, or it is beyond the engine's limits, which JS caught last. */
wrl_error_t *js_adapter_error(const wrl_core_t *core);
/* What making an instance threw. */
wrl_error_t *js_instance_error(const js_module_t *module);
/* An error of the kind, with the words of the exception that JS caught last. */
wrl_error_t *js_last_error(const wrl_core_t *core, wrl_error_kind_t kind);

#endif
