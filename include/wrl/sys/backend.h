/**
 * @file
 * The interface that a backend implements. docs/writing-a-backend.md is a guide to it, and backends/null is the
 * smallest complete backend. Programs that only use backends do not need this header, and wrl.h does not include it.
 *
 * The core checks every request before it calls the backend: handles are resolved, types match, indices, offsets and
 * sizes are in bounds, strings come with their length. A backend translates the request for its engine, and reports the
 * engine's result.
 *
 * Ownership: the core owns what a …_new function returns until it calls the matching …_delete. Objects in a store
 * (instances, functions, globals, memories, tables, tags, externrefs) are deleted by store_delete.
 *
 * Threads: engine and module functions may run on any thread, and concurrently. Functions that take a store run on one
 * thread at a time for that store; a store may move between threads.
 *
 * Errors: a function that returns wrl_error_t * returns NULL on success, or an error made with wrl_core_t::error. A
 * backend never writes messages for people: the text of an error is the engine's own, or empty.
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

/** The version of this interface. It changes when backends for an older version would no longer work. */
#define WRL_BACKEND_ABI 5u

/**
 * A backend's identity of an object in a store: 16 bytes that only the backend interprets. All zeros is null. The core
 * relies on one property: two identities refer to the same object if and only if their bytes are equal.
 */
typedef struct wrl_backend_ref {
    uint64_t words[2]; /**< The 16 bytes. */
} wrl_backend_ref_t;

/** An object that is imported or exported. */
typedef struct wrl_backend_extern {
    wrl_externkind_t kind; /**< Its kind. */
    wrl_backend_ref_t ref; /**< Its identity. */
} wrl_backend_extern_t;

/*
 * Slots. Values cross this interface in wrl_raw_t slots. Numbers have the same form as in the program's slots.
 * References are not handles here. wrl_valtype_value_kind() determines which form a type has in wrl_raw_t::words:
 *
 * - A reference to a function is the wrl_backend_ref_t of the function.
 * - An external reference that is passed to the guest has in words[0] the key that the core passed to externref_new,
 *   and in words[1] what externref_new returned. One that is passed to the host has the key in words[0]; words[1] is
 *   ignored. An externref that the guest made from an object of its own has WRL_FOREIGN_EXTERNREF in words[0] and
 *   private data of the backend in words[1], in both directions.
 * - Any other reference has private data of the backend in words[0], in both directions. A reference that was passed to
 *   the host is valid until ref_release or store_delete.
 * - A null reference of any type is all zeros.
 *
 * The core may release a reference (with ref_release or externref_release) while a host function runs or when its call
 * has returned. However, a reference that a host function returns stays valid until the backend has read it from the
 * slots: at least until the core next calls a function of the backend.
 *
 * A function of the backend that returns an error passes no references in its slots: the backend has released those
 * that it had made for them. The core owns the references in the slots of wrl_host_func_t::call, even if that function
 * returns an error.
 *
 * The core checks the kind of a reference and, for a null reference, that its type allows null. The engine checks
 * everything else about a reference's type, including for arguments and results (WRL_ERROR_INVALID_ARGUMENT).
 */

/** The value of words[0] for an externref that the guest made. */
#define WRL_FOREIGN_EXTERNREF UINT64_MAX

/**
 * Calls a function. This is the call path: the core keeps the pointer beside the function and calls it directly.
 *
 * @param store  The store that store_new made.
 * @param func   The function, from func_new, instance_export or a slot.
 * @param type   The function's type. It stays at the same address as long as the store.
 * @param slots  Hold the arguments on entry and the results on return. There are as many slots as there are parameters
 *               or results, whichever is more.
 * @return NULL; or the error that wrl_host_func_t::call returned, the same pointer, with frames added where the engine
 *         has them and the error has none; or a trap made with wrl_core_t::error.
 */
typedef wrl_error_t *(*wrl_backend_entry_t)(void *store, wrl_backend_ref_t func, const wrl_functype_t *type,
                                            wrl_raw_t *slots);

/** See struct wrl_host_func. */
typedef struct wrl_host_func wrl_host_func_t;
/** A host function, which the backend calls when the guest does. It stays valid until store_delete has returned. */
struct wrl_host_func {
    /**
     * Calls the host function.
     *
     * @param self    The host function.
     * @param caller  Passed to caller_instance, which determines the calling instance from it. May be NULL.
     * @param slots   Hold the arguments on entry and the results on return, as for wrl_backend_entry_t.
     * @return NULL, or an error. The backend then owns the error, unwinds the guest, and returns the error from the
     *         innermost entry, or instance_new, that is in progress.
     */
    wrl_error_t *(*call)(wrl_host_func_t *self, void *caller, wrl_raw_t *slots);
    const wrl_functype_t *type; /**< The function's type. */
};

/**
 * The core's function that module_new_async calls when it has finished. The function calls the program, which may do
 * anything: the engine may have been deleted by the time the function returns.
 *
 * @param token   The token that was passed to module_new_async.
 * @param error   Why there is no module. The core takes ownership. NULL on success.
 * @param module  The module, as from module_new. Ignored if there is an error.
 */
typedef void (*wrl_module_compiled_t)(void *token, wrl_error_t *error, void *module);

/** Functions of the core for backends. With them a backend needs no symbol of the library. */
typedef struct wrl_core {
    size_t size;  /**< sizeof(wrl_core_t) of the library. */
    uint32_t abi; /**< WRL_BACKEND_ABI of the library. */

    /**
     * Makes an error. Never returns NULL.
     *
     * @param code  The trap's code if kind is WRL_ERROR_TRAP, otherwise WRL_TRAP_NONE.
     * @param text  The engine's text, or NULL. Not kept.
     */
    wrl_error_t *(*error)(wrl_error_kind_t kind, wrl_trap_code_t code, const char *text, size_t text_size);
    /** Adds one frame; the innermost frame comes first. Copies the names. Drops the frame if memory runs out. */
    void (*error_add_frame)(wrl_error_t *error, const wrl_frame_t *frame);
    /** Returns how many frames the error has. */
    size_t (*error_frame_count)(const wrl_error_t *error);
    /** Deletes an error that will not be returned. */
    void (*error_delete)(wrl_error_t *error);

    /**
     * Allocates memory with the library's allocator. Returns zeroed memory, aligned for any type, or NULL. Any thread.
     */
    void *(*alloc)(size_t size);
    /** Frees memory from alloc, on any thread. Accepts NULL. */
    void (*free)(void *memory);

    /**
     * For backends on JS hosts, where a JS exception can end the C frames of calls without running the rest of them.
     * Returns the address of a counter: the number of calls in progress on this thread, in all stores. A call of an
     * entry or of instance_new is included in the number while it runs. The pointer `calls` is NULL on other hosts.
     */
    uint32_t *(*calls)(void);
    /**
     * Reports that only the first `left` calls are still in progress: the frames of all later ones have disappeared,
     * and the core no longer counts these calls. The stores of these calls may be deleted. The pointer `calls_vanished`
     * is NULL on other hosts.
     */
    void (*calls_vanished)(uint32_t left);
} wrl_core_t;

/**
 * The description of a backend. Functions marked "optional" may be NULL; the core then returns WRL_ERROR_UNSUPPORTED.
 * The struct may grow at its end: its size determines which functions are present.
 */
struct wrl_backend {
    size_t size;                /**< sizeof(wrl_backend_t) when the backend was compiled. */
    uint32_t abi;               /**< WRL_BACKEND_ABI when the backend was compiled. */
    const char *name;           /**< Lower-case letters, digits and "_"; the same as in the symbol. */
    const char *engine_name;    /**< The engine behind the backend, for people. */
    const char *engine_version; /**< The version of that engine. */

    /* Engines. */

    /** Makes an engine. `core` stays valid forever. `config` is valid during the call. */
    wrl_error_t *(*engine_new)(const wrl_core_t *core, const wrl_engine_config_t *config, void **engine);
    /** Deletes an engine. Its modules and stores have already been deleted. */
    void (*engine_delete)(void *engine);
    /** Sets bit `f % 64` of features[f / 64] for every wrl_feature_t f that the engine supports. */
    void (*engine_features)(void *engine, uint64_t features[2]);

    /* Modules. */

    /**
     * Compiles a module. The core has already read the bytes: header and sections are well-formed. `bytes` is valid
     * during the call. Kinds of error: INVALID, RESOURCE_LIMIT, OUT_OF_MEMORY; and UNSUPPORTED if this thread may not
     * wait for so large a module. In that case the core's message names wrl_module_new_async() if the backend has
     * module_new_async.
     */
    wrl_error_t *(*module_new)(void *engine, const uint8_t *bytes, size_t size, void **module);
    /** Deletes a module. Stores with instances of it have already been deleted. */
    void (*module_delete)(void *module);

    /* Stores. */

    /** Makes a store. */
    wrl_error_t *(*store_new)(void *engine, void **store);
    /** Deletes everything in the store. No guest code of the store is running. */
    void (*store_delete)(void *store);

    /* Instances. */

    /**
     * Makes an instance. `imports` are in the module's order, with matching kinds and types. Where a type refers to
     * other types of its module, the engine has to check it instead of the core (error kind LINK).
     *
     * `key` is the core's number for the instance, which caller_instance reports. The backend has to record it before
     * guest code of the instance runs, and has to keep it if the instance then fails, because its functions may live on
     * in tables.
     */
    wrl_error_t *(*instance_new)(void *store, void *module, const wrl_backend_extern_t *imports, size_t import_count,
                                 uint64_t key, wrl_backend_ref_t *instance);
    /**
     * Reports export `index` of the instance, with the name `name` and the type `type`, which stays at the same address
     * as long as the store. Reports the same item each time.
     */
    wrl_error_t *(*instance_export)(void *store, wrl_backend_ref_t instance, size_t index, const char *name,
                                    size_t name_size, const wrl_externtype_t *type, wrl_backend_ref_t *item);

    /* Functions. */

    /** Makes a host function, which calls host->call. Optional. */
    wrl_error_t *(*func_new)(void *store, wrl_host_func_t *host, wrl_backend_ref_t *func);
    /**
     * Reports the entry for calls of a function of that type. It may depend on the type alone or also on the function.
     * Leaves *entry NULL for a function that cannot be called, such as a guest function without WRL_FEATURE_EXECUTION.
     * The core requests the entry when the function is first called, and keeps it. After an error, it requests the
     * entry again at the next call. Kinds of error: TRAP (STACK_OVERFLOW), RESOURCE_LIMIT, OUT_OF_MEMORY.
     */
    wrl_error_t *(*func_entry)(void *store, wrl_backend_ref_t func, const wrl_functype_t *type,
                               wrl_backend_entry_t *entry);
    /**
     * Reports the type of a function that was passed to the host in a slot. Writes parameters, then results, to
     * `types`, which has space for 2 * WRL_MAX_PARAMS types. Optional for engines without reference types.
     */
    wrl_error_t *(*func_type)(void *store, wrl_backend_ref_t func, wrl_valtype_t *types, size_t *param_count,
                              size_t *result_count);
    /**
     * Reports the instance whose code called the host function: the key that instance_new received for it, and the
     * reference that instance_new reports. The instance may be unfinished, or may have failed. The result must never be
     * a guess. Returns false if there is no calling instance. Optional, for WRL_FEATURE_CALLER_EXPORTS.
     */
    bool (*caller_instance)(void *store, void *caller, uint64_t *key, wrl_backend_ref_t *instance);

    /* Globals. */

    /** Makes a global. */
    wrl_error_t *(*global_new)(void *store, const wrl_globaltype_t *type, const wrl_raw_t *initial,
                               wrl_backend_ref_t *global);
    /** Writes the value of the global to a slot. */
    wrl_error_t *(*global_get)(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type, wrl_raw_t *value);
    /** Sets the value of the global, which is mutable. */
    wrl_error_t *(*global_set)(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type,
                               const wrl_raw_t *value);

    /* Memories. */

    /** Makes a memory, filled with zeros. Kinds of error: RESOURCE_LIMIT, OUT_OF_MEMORY, UNSUPPORTED. */
    wrl_error_t *(*memory_new)(void *store, const wrl_memorytype_t *type, wrl_backend_ref_t *memory);
    /** Returns the current size, in pages. */
    uint64_t (*memory_size)(void *store, wrl_backend_ref_t memory);
    /** Grows the memory by `delta` pages, or changes nothing. Kinds of error: RESOURCE_LIMIT, OUT_OF_MEMORY. */
    wrl_error_t *(*memory_grow)(void *store, wrl_backend_ref_t memory, uint64_t delta, uint64_t *previous_pages);
    /**
     * Reports the memory's address and its size in bytes. The address is NULL where the host cannot access the memory
     * directly; the size is valid in any case. The core keeps both until guest code may have run or memory_grow was
     * called; for shared memories it calls this function each time.
     */
    void (*memory_data)(void *store, wrl_backend_ref_t memory, uint8_t **data, uint64_t *size);
    /**
     * Copies bytes out of the memory. The range is in bounds. Optional, together with memory_write, where memory_data
     * reports addresses.
     */
    wrl_error_t *(*memory_read)(void *store, wrl_backend_ref_t memory, uint64_t offset, void *buffer, size_t size);
    /** Copies bytes into the memory. The range is in bounds. */
    wrl_error_t *(*memory_write)(void *store, wrl_backend_ref_t memory, uint64_t offset, const void *buffer,
                                 size_t size);

    /* Tables. Optional: all of these functions or none. */

    /** Makes a table whose elements are all `initial`. Kinds of error as for memory_new. */
    wrl_error_t *(*table_new)(void *store, const wrl_tabletype_t *type, const wrl_raw_t *initial,
                              wrl_backend_ref_t *table);
    /** Returns the current size, in elements. */
    uint64_t (*table_size)(void *store, wrl_backend_ref_t table);
    /** Writes element `index` to a slot. The index is in bounds. */
    wrl_error_t *(*table_get)(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                              wrl_raw_t *value);
    /** Sets element `index`. The index is in bounds. */
    wrl_error_t *(*table_set)(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                              const wrl_raw_t *value);
    /**
     * Grows the table by `delta` elements, each `initial`, or changes nothing. Kinds of error: RESOURCE_LIMIT,
     * OUT_OF_MEMORY.
     */
    wrl_error_t *(*table_grow)(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t delta,
                               const wrl_raw_t *initial, uint64_t *previous_size);

    /* Externrefs. */

    /**
     * Makes an externref that stands for `key` (never 0). It lives as long as the store, or as described for
     * externref_release. `word` receives private data of the backend, which accompanies the key in the slot when the
     * reference is passed to the guest. Optional.
     */
    wrl_error_t *(*externref_new)(void *store, uint64_t key, uint64_t *word);

    /* Asynchronous compilation. */

    /**
     * Starts to compile as module_new does, and returns before the compilation is finished. Optional, for engines that
     * can compile in the background themselves, as on hosts without threads. Without it the core calls module_new
     * later: on another thread if the engine has WRL_FEATURE_THREAD_SAFE, and from the event loop where the host has no
     * threads.
     *
     * NULL means that `done` will be called exactly once, with `token` and the result (kinds of error: INVALID,
     * RESOURCE_LIMIT, OUT_OF_MEMORY). It is called after this function has returned, never from inside it: on the same
     * thread or, with WRL_FEATURE_THREAD_SAFE, on any thread. The backend must hold no lock during the call, because
     * `done` calls the program. An error (kinds: RESOURCE_LIMIT, OUT_OF_MEMORY) means that nothing was started and that
     * `done` will not be called.
     *
     * `bytes` and the engine stay valid until `done` is called. Neither may be accessed afterwards.
     */
    wrl_error_t *(*module_new_async)(void *engine, const uint8_t *bytes, size_t size, wrl_module_compiled_t done,
                                     void *token);

    /*
     * GC references. Optional: both functions or none. Without them the core refuses to pass values of types of kind
     * WRL_VALKIND_REF in either direction.
     */

    /**
     * Returns the heap type of the reference whose private data is `word`: WRL_HEAP_I31, WRL_HEAP_STRUCT,
     * WRL_HEAP_ARRAY, WRL_HEAP_EXN, or WRL_HEAP_ANY for an object of the host that the guest converted to anyref.
     */
    int32_t (*ref_heap)(void *store, uint64_t word);
    /** Releases a reference that was passed to the host. `word` is not used again. */
    void (*ref_release)(void *store, uint64_t word);

    /* The native stack. */

    /**
     * Reports how much native stack the engine needs, in bytes. For engines that run guests on the native stack or
     * compile on it.
     *
     * `call` receives how much stack an outermost call of a store may take before the engine itself stops it. This
     * includes the stack that is needed to pass values to a host function with WRL_MAX_PARAMS parameters and results.
     * `compile` receives how much stack module_new takes at most. Both hold the core's estimate on entry. Passing
     * values to a guest may take at most 16 bytes times the sum of three numbers: the number of parameters, the number
     * of results, and the larger of the two.
     *
     * The core checks before each call that the thread has that much stack left, and that the calls on a thread end
     * last in, first out, even if they are of different stores. Optional. Without it, wrl_engine_config_t::stack_size
     * is UNSUPPORTED.
     */
    void (*engine_stack)(void *engine, size_t *call, size_t *compile);

    /*
     * The end of externrefs. externref_release and externref_collected are optional together: for engines that can
     * report when guests have no copy of an externref any more. Without them the core applies a rule (wrl/externref.h)
     * and reuses the same externref, with its key and its private data.
     */

    /**
     * Releases the core's reference to the externref that stands for `key`. If the externref is passed to the host in a
     * slot again, the core refers to it as before, by the same `word`. If `key` is WRL_FOREIGN_EXTERNREF, the reference
     * ends instead, and `word` is not used again.
     */
    void (*externref_release)(void *store, uint64_t key, uint64_t word);
    /**
     * Returns the key of an externref that was released, that no guest can refer to, and that has now ended; 0 if there
     * is none. The core may pass the key to externref_new again. The core calls this function when it may run
     * finalizers, so an engine that finds such externrefs at other times has to record them.
     */
    uint64_t (*externref_collected)(void *store);
    /** Collects the objects that guests do not refer to. Optional. */
    void (*store_collect)(void *store);

    /**
     * Validates a module. Keeps nothing. The core has already read the bytes, as for module_new. Errors are those of
     * module_new, of the kinds INVALID, RESOURCE_LIMIT and OUT_OF_MEMORY. Optional, for engines that validate without
     * compiling. Without it the core calls module_new and module_delete.
     */
    wrl_error_t *(*module_validate)(void *engine, const uint8_t *bytes, size_t size);

    /* Properties. */

    /**
     * Whether programs may set wrl_engine_config_t::exact_traps: the engine has a distinct text for each trap and
     * validates all code, or engine_new reads the option and provides both. If false, the option is UNSUPPORTED.
     */
    bool has_exact_traps;

    /**
     * Drops the error or exception that was propagating out of calls which then disappeared without a report. For
     * backends on JS hosts that report calls that disappear (wrl_core_t::calls_vanished). The calls of such backends
     * therefore end last in, first out. NULL for all other backends.
     */
    void (*calls_lost)(void);

    /*
     * Fuel. Optional: both functions or none. Without them wrl_engine_config_t::fuel is UNSUPPORTED. With that option,
     * engine_new makes an engine whose guests take fuel from their store, and trap with WRL_TRAP_OUT_OF_FUEL if the
     * store has too little. Otherwise the core calls neither function. Host functions may be running.
     */

    /** Sets the fuel that is left in the store. A new store has none. Kinds of error: OUT_OF_MEMORY. */
    wrl_error_t *(*store_set_fuel)(void *store, uint64_t fuel);
    /** Returns the fuel that is left in the store. */
    uint64_t (*store_fuel)(void *store);
};

#ifdef __cplusplus
}
#endif

#endif
