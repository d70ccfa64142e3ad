/**
 * @file
 * Modules: compiled code, and what can be read from its bytes.
 *
 * Modules are counted and never change; any thread may use them (with WRL_FEATURE_THREAD_SAFE; on JS hosts, the thread
 * that made them). Types, names and custom sections come from the module's own bytes, read once by the layer itself, so
 * that they are the same on every backend.
 */
#ifndef WRL_MODULE_H
#define WRL_MODULE_H

#include "type.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What a module keeps. Start from WRL_MODULE_CONFIG_INIT:
 *
 *     wrl_module_config_t config = WRL_MODULE_CONFIG_INIT;
 *     config.keep_custom_sections = true;
 */
typedef struct wrl_module_config {
    size_t size;               /**< sizeof(wrl_module_config_t), set by WRL_MODULE_CONFIG_INIT. */
    bool keep_custom_sections; /**< Whether the module copies the contents of its custom sections, for
                                  wrl_section_t::data. Their names and sizes are known in any case. */
} wrl_module_config_t;

/** The defaults, and the struct's size: nothing of the contents of custom sections is kept. */
#define WRL_MODULE_CONFIG_INIT                                                                                         \
    {                                                                                                                  \
        sizeof(wrl_module_config_t), false                                                                             \
    }

/**
 * Compiles a module.
 *
 * @param engine  The engine to compile for. The module keeps a reference.
 * @param bytes   The module in the binary format (core specification, "Binary Format"). Not kept. May be NULL if size
 * is 0, which is malformed.
 * @param size    In bytes.
 * @param config  NULL for the defaults. Not kept.
 * @param module  Gets the module, with one reference, to be given to wrl_module_release().
 *
 * Errors: MALFORMED for bytes that break the binary format, with the offset unless it is the header of eight bytes that
 * is wrong; INVALID for modules that the engine's validation refuses, or that need a proposal the engine lacks;
 * UNSUPPORTED for a module so large that the host does not let this thread wait for it, as in some browsers' main
 * threads: the message names wrl_module_new_async(); RESOURCE_LIMIT for a module beyond the limits of the JS API, with
 * more than 50,000 blocks inside one another in a function, or whose compiling would take more than
 * wrl_engine_config_t::max_compile_work or max_compile_memory allow, and if the thread has too little native stack
 * left; OUT_OF_MEMORY, INVALID_ARGUMENT. Cost: grows with the size. wasmi needs some 35 ns a byte, wasmtime 25 to 35
 * times that. Any thread.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_module_new(wrl_engine_t *engine, const void *bytes, size_t size,
                                                  const wrl_module_config_t *config, wrl_module_t **module);

/**
 * Checks that bytes are a valid module for an engine, and keeps nothing of it.
 *
 * @param engine  The engine whose proposals and limits count.
 * @param bytes   As for wrl_module_new().
 * @param size    In bytes.
 *
 * Returns NULL for a valid module. Errors: of the kind that wrl_module_new() returns for the same bytes, MALFORMED and
 * INVALID above all; the engine's own words may differ. An engine that validates without compiling may accept here what
 * is too much for its compiler: wrl_module_new() then reports RESOURCE_LIMIT.
 *
 * Cost: grows with the size. wasmi and wasmtime validate without compiling, which takes less. Backends without a
 * validator, those for JS hosts among them, compile the module and drop it: as much as wrl_module_new(). Any thread.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_module_validate(wrl_engine_t *engine, const void *bytes, size_t size);

/**
 * What wrl_module_new_async() calls in the end.
 *
 * @param env     What was given to it.
 * @param error   Why there is no module, owned by the callee; NULL if there is one.
 * @param module  The module, with one reference that the callee owns; NULL if there is an error.
 *
 * It may use the whole interface: drop the engine, make instances, compile more. It must not leave by longjmp or a C++
 * exception.
 */
typedef void (*wrl_module_done_t)(void *env, wrl_error_t *error, wrl_module_t *module);

/**
 * Compiles a module while the calling thread goes on, and then calls `done`.
 *
 *     error = wrl_module_new_async(engine, bytes, size, NULL, on_compiled, app);
 *     free(bytes);
 *     if (error) …    // on_compiled is not called
 *
 * What can be known at once is returned: bad arguments, malformed bytes, want of memory. `done` is then never called.
 * After success `done` is called exactly once, with what the engine says of the module.
 *
 * Where it is called:
 * - On hosts with threads, on a thread of the library's own, so possibly before this function has returned. At most
 *   four modules are compiled at a time; others wait for their turn, also for a `done` that takes long. The threads
 *   start when there is work and end when there is none. The program's signals are not delivered to them.
 * - On JS hosts, on the calling thread, from the host's event loop, never before this function has returned: the
 *   program has to return to the loop. The host's own engine compiles meanwhile. Any other, such as wasmi, compiles in
 *   the task that calls `done`, and blocks the loop for as long as wrl_module_new() would.
 *
 * A process that ends sooner takes the threads with it, wherever they are: a program waits for `done` before it leaves
 * main(). (Emscripten's runtime stays alive until then.) A shared object that libwrl.a was linked into must not be
 * unloaded after a call of this function, as nothing tells when a thread has ended; libwrl.so is never unloaded.
 *
 * @param engine  The engine to compile for. Kept until `done` has returned, and by the module.
 * @param bytes   As for wrl_module_new(). Copied.
 * @param size    In bytes.
 * @param config  NULL for the defaults. Not kept.
 * @param done    Called as told above.
 * @param env     Given to `done`. May be NULL.
 *
 * Errors returned: INVALID_ARGUMENT; MALFORMED and INVALID for what the layer itself finds, as for wrl_module_new();
 * UNSUPPORTED if the engine lacks WRL_FEATURE_THREAD_SAFE and would have to compile on another thread; RESOURCE_LIMIT
 * if no thread can be started, or if compiling would take too much (max_compile_work and max_compile_memory of
 * wrl_engine_config_t); OUT_OF_MEMORY.
 * Errors given to `done`: INVALID for what the engine finds, RESOURCE_LIMIT, OUT_OF_MEMORY.
 * Cost: copies the bytes and reads them, some 10 ns a byte. Any thread.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_module_new_async(wrl_engine_t *engine, const void *bytes, size_t size,
                                                        const wrl_module_config_t *config, wrl_module_done_t done,
                                                        void *env);

/** Adds a reference and returns the same pointer. NULL gives NULL. Any thread. */
WRL_API wrl_module_t *wrl_module_retain(const wrl_module_t *module);

/**
 * Drops a reference. Instances keep their module alive. NULL is allowed. Any thread.
 * wasmi keeps the code of its modules, some 100 bytes for a small function, until their engine ends: a program that
 * compiles for ever should make a new engine now and then.
 */
WRL_API void wrl_module_release(wrl_module_t *module);

/** The engine that the module was compiled for. Borrowed from the module. */
WRL_API wrl_engine_t *wrl_module_engine(const wrl_module_t *module);

/**
 * The module's own name, from its name section: lent, NUL-terminated, `size` (may be NULL) gets its length. NULL if it
 * has none.
 */
WRL_API const char *wrl_module_name(const wrl_module_t *module, size_t *size);

/** How many imports the module asks for. */
WRL_API size_t wrl_module_import_count(const wrl_module_t *module);

/** Import `index`, in the module's order. Returns false, and clears `import`, if there is none. */
WRL_API bool wrl_module_import(const wrl_module_t *module, size_t index, wrl_importtype_t *import);

/** How many exports the module has. */
WRL_API size_t wrl_module_export_count(const wrl_module_t *module);

/** Export `index`, in the module's order. Returns false, and clears `export_type`, if there is none. */
WRL_API bool wrl_module_export(const wrl_module_t *module, size_t index, wrl_exporttype_t *export_type);

/** The export of that name. Returns false, and clears `export_type`, if there is none. Constant time. */
WRL_API bool wrl_module_get_export(const wrl_module_t *module, const char *name, wrl_exporttype_t *export_type);

/** As wrl_module_get_export(), for names that may hold NUL. */
WRL_API bool wrl_module_get_export_n(const wrl_module_t *module, const char *name, size_t name_size,
                                     wrl_exporttype_t *export_type);

/**
 * Returns the size of the index space of a kind: of functions, globals, memories, tables or tags, those that are
 * imported included (core specification, "Indices").
 */
WRL_API size_t wrl_module_index_space_size(const wrl_module_t *module, wrl_externkind_t kind);

/**
 * Reports the type at `index` of the index space of a kind, in which imports come first. Returns false, and clears
 * `type`, if there is none. A function's name comes from the name section, where it has one.
 */
WRL_API bool wrl_module_index_space_type(const wrl_module_t *module, wrl_externkind_t kind, size_t index,
                                         wrl_externtype_t *type);

/** A section of the module's bytes. Borrowed from the module. */
typedef struct wrl_section {
    uint8_t id;          /**< 0 for custom sections, otherwise as in core specification, "Sections". */
    const char *name;    /**< A custom section's own name, otherwise the usual word, such as "code". NUL-terminated. */
    size_t name_size;    /**< In bytes, without the terminator. */
    uint64_t offset;     /**< Of the contents, from the start of the module. In bytes. */
    uint64_t size;       /**< Of the contents; for custom sections, the name included. In bytes. */
    const uint8_t *data; /**< A custom section's contents after its name, if the module was made with
                            wrl_module_config_t::keep_custom_sections; otherwise NULL. NULL for other sections. */
    size_t data_size;    /**< Of those contents, kept or not, in bytes: they are the last data_size bytes of `size`. */
} wrl_section_t;

/** How many sections the module has. */
WRL_API size_t wrl_module_section_count(const wrl_module_t *module);

/** Section `index`, in the module's order. Returns false, and clears `section`, if there is none. */
WRL_API bool wrl_module_section(const wrl_module_t *module, size_t index, wrl_section_t *section);

/** The first custom section of that name. Returns false, and clears `section`, if there is none. Looks through them. */
WRL_API bool wrl_module_custom_section(const wrl_module_t *module, const char *name, wrl_section_t *section);

#ifdef __cplusplus
}
#endif

#endif
