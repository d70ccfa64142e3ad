/**
 * @file
 * The interface that a backend implements. docs/writing-a-backend.md leads through it, and backends/null is the
 * smallest complete one. Programs that only use backends do not need it, and wrl.h does not include it.
 *
 * The core checks every request before it hands it down: handles are resolved, types match, indices, offsets and sizes
 * are in bounds, strings have their length. A backend translates, and reports what its engine says.
 *
 * Ownership: what a …_new function gives back belongs to the core until it calls the matching …_delete. What lives in a
 * store (instances, functions, globals, memories, tables, tags, externrefs) ends with store_delete.
 *
 * Threads: engine and module functions may run on any thread, also at once. Functions with a store run on one thread at
 * a time for that store; a store may move between threads.
 *
 * Errors: a function that returns wrl_error_t * returns NULL for success, or an error made with wrl_core_t::error. A
 * backend never makes up messages for people: the text of an error is the engine's own, or empty.
 */
#ifndef WRL_SYS_BACKEND_H
#define WRL_SYS_BACKEND_H

#include "../backend.h"
#include "../engine.h"
#include "../error.h"
#include "../feature.h"
#include "../type.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The version of this interface. It changes when an old backend could no longer be served. */
#define WRL_BACKEND_ABI 4u

/** A backend's own name for something in a store: 16 bytes that only it understands. All zeros is null. The core relies
 * on one thing: two names are the same object exactly if their bytes are equal. */
typedef struct wrl_backend_ref {
    uint64_t words[2]; /**< The 16 bytes. */
} wrl_backend_ref_t;

/** Something that is imported or exported. */
typedef struct wrl_backend_extern {
    wrl_externkind_t kind; /**< What it is. */
    wrl_backend_ref_t ref; /**< Its name. */
} wrl_backend_extern_t;

/*
 * Slots. Across this interface values travel in wrl_raw_t slots. Numbers are as the program sees them. References are
 * not handles here but names, in wrl_raw_t::words:
 *   to functions            the wrl_backend_ref_t of the function;
 *   to the host's things    going down: words[0] is the key that the core gave to externref_new, words[1] what
 *                           externref_new returned; coming up: words[0] is the key, words[1] is ignored. What the guest
 *                           itself made an externref of comes up as WRL_FOREIGN_EXTERNREF with a word of the backend's
 *                           in words[1], and goes down in the same way;
 *   all others              words[0] is a word of the backend's, which is the same going down. What came up lives until
 *                           ref_release or store_delete.
 * What lives until it is released (see externref_release, too) may be released while a host function runs or when its
 * call has returned, but what a host function returns lives until the backend has read it from the slots: at least
 * until the next call of the core's. A function of the backend that returns an error passes nothing in its slots: the
 * backend has released what it had made for them. The core owns what the slots of wrl_host_func_t::call hold, also if
 * that returns an error. Null is all zeros for all of them. wrl_valtype_value_kind() tells which of them a
 * type is. The core checks that kind, and that null is allowed; whether a reference is of the type in all other
 * respects is the engine's to check, also for arguments and results (WRL_ERROR_INVALID_ARGUMENT).
 */

/** What words[0] of an externref is that the guest made. */
#define WRL_FOREIGN_EXTERNREF UINT64_MAX

/**
 * Calls a function. This is the call path: the core keeps the pointer beside the function and calls it directly.
 *
 * @param store  What store_new made.
 * @param func   What func_new, instance_export or a slot gave.
 * @param type   The function's type; it stays where it is as long as the store.
 * @param slots  Arguments in, results out, as many slots as there are parameters or results, whichever is more.
 * @return NULL; or the error that wrl_host_func_t::call returned, the same pointer, with frames added where the engine
 *         has them and the error has none; or a trap made with wrl_core_t::error.
 */
typedef wrl_error_t *(*wrl_backend_entry_t)(void *store, wrl_backend_ref_t func, const wrl_functype_t *type,
                                            wrl_raw_t *slots);

/** See struct wrl_host_func. */
typedef struct wrl_host_func wrl_host_func_t;
/** A host function, for the backend to call when the guest does. It lives until store_delete has returned. */
struct wrl_host_func {
    /**
     * @param self    The host function.
     * @param caller  Whatever caller_instance needs to know the calling instance, or NULL.
     * @param slots   Arguments in, results out, as for wrl_backend_entry_t.
     * @return NULL, or an error. The backend then owns it, unwinds the guest, and returns it from the innermost entry,
     *         or instance_new, that is under way.
     */
    wrl_error_t *(*call)(wrl_host_func_t *self, void *caller, wrl_raw_t *slots);
    const wrl_functype_t *type; /**< The function's type. */
};

/**
 * The core's function that module_new_async calls when it has finished. It calls the program, which may do anything;
 * the engine may be gone when it returns.
 *
 * @param token   What was given to module_new_async.
 * @param error   Why there is no module; the core takes it over. NULL for success.
 * @param module  What module_new would have given. Not looked at if there is an error.
 */
typedef void (*wrl_module_compiled_t)(void *token, wrl_error_t *error, void *module);

/** What the core offers to backends: a backend needs no symbol of the library. */
typedef struct wrl_core {
    size_t size;  /**< sizeof(wrl_core_t) of the library. */
    uint32_t abi; /**< WRL_BACKEND_ABI of the library. */

    /**
     * Makes an error. Never returns NULL.
     * @param code  The trap's code if kind is WRL_ERROR_TRAP, otherwise WRL_TRAP_NONE.
     * @param text  The engine's own words, or NULL. Not kept.
     */
    wrl_error_t *(*error)(wrl_error_kind_t kind, wrl_trap_code_t code, const char *text, size_t text_size);
    /** Adds one frame, innermost first. The names are copied. Frames that memory is too short for are dropped. */
    void (*error_add_frame)(wrl_error_t *error, const wrl_frame_t *frame);
    /** How many frames the error has. */
    size_t (*error_frame_count)(const wrl_error_t *error);
    /** Deletes an error that will not be returned. */
    void (*error_delete)(wrl_error_t *error);

    /** The library's allocator. Returns zeroed memory, aligned for any type, or NULL. Any thread. */
    void *(*alloc)(size_t size);
    /** Frees what alloc gave, on any thread. NULL is allowed. */
    void (*free)(void *memory);

    /**
     * For backends on JS hosts, where an exception of JS can end the frames of calls without running what is left of
     * them. Returns the place of the number of calls under way on this thread, of all stores; a call of an entry or of
     * instance_new counts itself. NULL on other hosts.
     */
    uint32_t *(*calls)(void);
    /**
     * Ends the accounting of all calls beyond the first `left`: nothing of the frames that made them will run. Their
     * stores may be gone afterwards. NULL on other hosts.
     */
    void (*calls_vanished)(uint32_t left);
} wrl_core_t;

/**
 * The description of a backend. Functions marked "optional" may be NULL; the core then answers WRL_ERROR_UNSUPPORTED.
 * The struct may grow at its end: size tells the core which functions there are.
 */
struct wrl_backend {
    size_t size;                /**< sizeof(wrl_backend_t), as the backend was compiled. */
    uint32_t abi;               /**< WRL_BACKEND_ABI, as the backend was compiled. */
    const char *name;           /**< Lower-case letters, digits and "_"; the same as in the symbol. */
    const char *engine_name;    /**< The engine behind it, for people. */
    const char *engine_version; /**< The version of that engine. */

    /* Engines. */

    /** Makes an engine. `core` stays valid for ever. `config` is valid during the call. */
    wrl_error_t *(*engine_new)(const wrl_core_t *core, const wrl_engine_config_t *config, void **engine);
    /** Ends an engine. Its modules and stores are gone already. */
    void (*engine_delete)(void *engine);
    /** Sets bit `f % 64` of features[f / 64] for every wrl_feature_t f that the engine has. */
    void (*engine_features)(void *engine, uint64_t features[2]);

    /* Modules. */

    /**
     * Compiles. The core has read the bytes already: header and sections are sound. `bytes` is valid during the call.
     * Kinds of error: INVALID, RESOURCE_LIMIT, OUT_OF_MEMORY; and UNSUPPORTED if this thread may not wait for a module
     * so large. If the backend has module_new_async, the core then names wrl_module_new_async() to the program.
     */
    wrl_error_t *(*module_new)(void *engine, const uint8_t *bytes, size_t size, void **module);
    /** Ends a module. Stores that held instances of it are gone already. */
    void (*module_delete)(void *module);

    /* Stores. */

    /** Makes a store. */
    wrl_error_t *(*store_new)(void *engine, void **store);
    /** Ends everything in the store. No guest code of the store is running. */
    void (*store_delete)(void *store);

    /* Instances. */

    /** Makes an instance. `key` is the core's number for it, which caller_instance reports: it must be known to the
     * backend before guest code of the instance runs, and remain so if the instance then fails, since its functions
     * may live on in tables. `imports` are in the module's order, of matching kinds and types (where a type refers to
     * other types of its module, the core leaves the check to the engine: error kind LINK). */
    wrl_error_t *(*instance_new)(void *store, void *module, const wrl_backend_extern_t *imports, size_t import_count,
                                 uint64_t key, wrl_backend_ref_t *instance);
    /** Export `index` of the instance, called `name`, of type `type`, which stays where it is as long as the store.
     * Asked again, it gives the same item. */
    wrl_error_t *(*instance_export)(void *store, wrl_backend_ref_t instance, size_t index, const char *name,
                                    size_t name_size, const wrl_externtype_t *type, wrl_backend_ref_t *item);

    /* Functions. */

    /** Makes a host function; its calls go to host->call. Optional. */
    wrl_error_t *(*func_new)(void *store, wrl_host_func_t *host, wrl_backend_ref_t *func);
    /** The entry for calls to a function of that type. It may depend on the type alone or on the function as well. NULL
     * for a function that cannot be called, as guest functions without WRL_FEATURE_EXECUTION. */
    wrl_backend_entry_t (*func_entry)(void *store, wrl_backend_ref_t func, const wrl_functype_t *type);
    /** The type of a function that came up in a slot: writes parameters, then results, to `types`, which has room for
     * 2 * WRL_MAX_PARAMS. Optional, for engines without reference types. */
    wrl_error_t *(*func_type)(void *store, wrl_backend_ref_t func, wrl_valtype_t *types, size_t *param_count,
                              size_t *result_count);
    /** The instance whose code called the host function: the key that instance_new was given for it, and the reference
     * that instance_new reports. The instance may be in the making, or may have failed. Never a guess: returns false if
     * there is no calling instance. Optional, WRL_FEATURE_CALLER_EXPORTS. */
    bool (*caller_instance)(void *store, void *caller, uint64_t *key, wrl_backend_ref_t *instance);

    /* Globals. */

    /** Makes a global. */
    wrl_error_t *(*global_new)(void *store, const wrl_globaltype_t *type, const wrl_raw_t *initial,
                               wrl_backend_ref_t *global);
    /** Writes the value to a slot. */
    wrl_error_t *(*global_get)(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type, wrl_raw_t *value);
    /** Sets the value. The global is mutable. */
    wrl_error_t *(*global_set)(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type,
                               const wrl_raw_t *value);

    /* Memories. */

    /** Makes a memory, filled with zeros. Kinds of error: RESOURCE_LIMIT, OUT_OF_MEMORY, UNSUPPORTED. */
    wrl_error_t *(*memory_new)(void *store, const wrl_memorytype_t *type, wrl_backend_ref_t *memory);
    /** The size now, in pages. */
    uint64_t (*memory_size)(void *store, wrl_backend_ref_t memory);
    /** Grows by `delta` pages, or changes nothing. Kinds of error: RESOURCE_LIMIT, OUT_OF_MEMORY. */
    wrl_error_t *(*memory_grow)(void *store, wrl_backend_ref_t memory, uint64_t delta, uint64_t *previous_pages);
    /** Address and size in bytes. The address is NULL where the host cannot see the memory; the size is always right.
     * The core keeps the answer until guest code may have run or memory_grow was called, except for shared memories. */
    void (*memory_data)(void *store, wrl_backend_ref_t memory, uint8_t **data, uint64_t *size);
    /** Copies out of the memory. In bounds. Optional, together with memory_write, where memory_data gives addresses. */
    wrl_error_t *(*memory_read)(void *store, wrl_backend_ref_t memory, uint64_t offset, void *buffer, size_t size);
    /** Copies into the memory. In bounds. */
    wrl_error_t *(*memory_write)(void *store, wrl_backend_ref_t memory, uint64_t offset, const void *buffer,
                                 size_t size);

    /* Tables. All optional together. */

    /** Makes a table whose elements are all `initial`. Kinds of error as for memory_new. */
    wrl_error_t *(*table_new)(void *store, const wrl_tabletype_t *type, const wrl_raw_t *initial,
                              wrl_backend_ref_t *table);
    /** The size now, in elements. */
    uint64_t (*table_size)(void *store, wrl_backend_ref_t table);
    /** Writes element `index` to a slot. In bounds. */
    wrl_error_t *(*table_get)(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                              wrl_raw_t *value);
    /** Sets element `index`. In bounds. */
    wrl_error_t *(*table_set)(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                              const wrl_raw_t *value);
    /** Grows by `delta` elements, each `initial`, or changes nothing. Kinds of error: RESOURCE_LIMIT, OUT_OF_MEMORY. */
    wrl_error_t *(*table_grow)(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t delta,
                               const wrl_raw_t *initial, uint64_t *previous_size);

    /* Externrefs. */

    /** Makes an externref that stands for `key` (never 0), and that lives as long as the store, or as externref_release
     * says. `word` gets what the backend wants to find beside the key when the reference goes down in a slot.
     * Optional. */
    wrl_error_t *(*externref_new)(void *store, uint64_t key, uint64_t *word);

    /* Compiling without waiting. */

    /**
     * Starts to compile, as module_new does, and returns before that is done. Optional: for engines with a way of their
     * own, as in hosts without threads. Without it the core calls module_new later: on another thread if the engine has
     * WRL_FEATURE_THREAD_SAFE, and where the host has no threads, from its event loop.
     *
     * NULL means that `done` will be called, exactly once, with `token` and what came of it (kinds of error: INVALID,
     * RESOURCE_LIMIT, OUT_OF_MEMORY). It is called after this function has returned, never from inside it: on the same
     * thread or, with WRL_FEATURE_THREAD_SAFE, on any; with no lock held, since it calls the program. An error (kinds:
     * RESOURCE_LIMIT, OUT_OF_MEMORY) means that nothing was started and that `done` will not be called.
     *
     * `bytes` stays where it is until `done` is called, and so does the engine; neither may be touched afterwards.
     */
    wrl_error_t *(*module_new_async)(void *engine, const uint8_t *bytes, size_t size, wrl_module_compiled_t done,
                                     void *token);

    /* GC references. Optional together: without them no value of a type of kind WRL_VALKIND_REF goes down or
     * comes up, and the core says so. */

    /** What the reference behind the word is: WRL_HEAP_I31, WRL_HEAP_STRUCT, WRL_HEAP_ARRAY, WRL_HEAP_EXN, or
     * WRL_HEAP_ANY for something of the host's that the guest made an anyref of. */
    int32_t (*ref_heap)(void *store, uint64_t word);
    /** Lets go of a reference that came up. The word is not used again. */
    void (*ref_release)(void *store, uint64_t word);

    /* The native stack. */

    /** For engines that run guests on the native stack or compile on it: `call` gets how many bytes an outermost call
     * of a store may take before the engine itself ends it, with what it takes there to pass values to a host function
     * of WRL_MAX_PARAMS parameters and results; `compile` what module_new takes at most. What it takes to pass values
     * to a guest is at most 16 bytes for each parameter, each result, and each of whichever are more. The core looks
     * whether the thread has all that before it calls, and that calls end in turn on each thread, whatever their stores
     * are. Both come in as the core's guess. Optional; without it, wrl_engine_config_t::stack_size is UNSUPPORTED. */
    void (*engine_stack)(void *engine, size_t *call, size_t *compile);

    /* The end of externrefs. externref_release and externref_collected are optional together: for engines that find out
     * when guests have no copy of an externref any more. Without them the core goes by a rule (wrl/externref.h), and
     * uses the same externref again, key, word and all. */

    /** Says that the core does not refer to an externref that stands for `key`, until it comes up in a slot again: from
     * then on the core refers to it as before, by the same word. What is called WRL_FOREIGN_EXTERNREF ends instead, and
     * its word is not used again. */
    void (*externref_release)(void *store, uint64_t key, uint64_t word);
    /** The key of an externref that was released and that no guest can refer to, which has ended now: its key may come
     * in by externref_new again. 0 if there is none. The core asks when it may run finalizers; an engine that finds out
     * in the middle of something makes a note of it. */
    uint64_t (*externref_collected)(void *store);
    /** Collects now what guests do not refer to. Optional. */
    void (*store_collect)(void *store);

    /** Validates, and keeps nothing. The core has read the bytes already, as for module_new. Errors as those of
     * module_new, of the kinds INVALID, RESOURCE_LIMIT and OUT_OF_MEMORY. Optional: for engines that validate without
     * compiling. Without it the core calls module_new and module_delete. */
    wrl_error_t *(*module_validate)(void *engine, const uint8_t *bytes, size_t size);

    /* What is promised. */

    /** Whether programs may ask for wrl_engine_config_t::exact_traps. The engine has its own words for each trap and
     * validates all code, or engine_new sees that the option is set and makes it so. False makes the option
     * UNSUPPORTED. */
    bool has_exact_traps;

    /** For backends on JS hosts that report calls that vanish (wrl_core_t::calls_vanished), and whose calls therefore
     * end last in, first out: calls have vanished without a report. Drops the error or exception that was on its way
     * out of them. NULL for all others. */
    void (*calls_lost)(void);
};

#ifdef __cplusplus
}
#endif

#endif
