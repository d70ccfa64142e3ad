/**
 * @file
 * Modules: compiled code, and the imports, exports, names and sections of a module's bytes.
 *
 * Modules are reference-counted and never change. Any thread may use them (with WRL_FEATURE_THREAD_SAFE; on JS hosts,
 * only the thread that made them). The library itself reads types, names and custom sections once from the module's
 * bytes, so they are the same on every backend.
 */
#ifndef WRL_MODULE_H
#define WRL_MODULE_H

#include "type.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The configuration of a module. Start from WRL_MODULE_CONFIG_INIT:
 *
 *     wrl_module_config_t config = WRL_MODULE_CONFIG_INIT;
 *     config.keep_custom_sections = true;
 */
typedef struct wrl_module_config {
    size_t size;               /**< sizeof(wrl_module_config_t), set by WRL_MODULE_CONFIG_INIT. */
    bool keep_custom_sections; /**< Whether the module copies the contents of its custom sections, for
                                  wrl_section_t::data. Their names and sizes are available in any case. */
} wrl_module_config_t;

/** The defaults, and the struct's size. The contents of custom sections are not kept. */
#define WRL_MODULE_CONFIG_INIT                                                                                         \
    {                                                                                                                  \
        sizeof(wrl_module_config_t), false                                                                             \
    }

/**
 * Compiles a module.
 *
 * @param engine  The engine to compile for. The module keeps a reference.
 * @param bytes   The module in the binary format (core specification, "Binary Format"). Not kept. May be NULL if size
 *                is 0, which is malformed.
 * @param size    In bytes.
 * @param config  NULL for the defaults. Not kept.
 * @param module  Receives the module with one reference, which the caller releases with wrl_module_release().
 *
 * Errors:
 * - MALFORMED for bytes that break the binary format. The message has the offset, unless the header of eight bytes is
 *   wrong.
 * - INVALID for modules that the engine's validation rejects, or that need a proposal that the engine does not support.
 * - UNSUPPORTED for a module so large that the host does not let this thread wait for it, as on the main thread of some
 *   browsers. The message names wrl_module_new_async().
 * - RESOURCE_LIMIT for a module beyond the limits of the JS API, with more than 50,000 nested blocks in a function, or
 *   whose compilation would exceed wrl_engine_config_t::max_compile_work or max_compile_memory; also if the thread has
 *   too little native stack left.
 * - OUT_OF_MEMORY, INVALID_ARGUMENT.
 *
 * Cost: grows with the size. wasmi needs some 35 ns a byte, wasmtime 25 to 35 times that. Any thread.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_module_new(wrl_engine_t *engine, const void *bytes, size_t size,
                                                  const wrl_module_config_t *config, wrl_module_t **module);

/**
 * Checks that bytes are a valid module for an engine. Keeps nothing.
 *
 * @param engine  The engine whose proposals and limits apply.
 * @param bytes   As for wrl_module_new().
 * @param size    In bytes.
 *
 * Returns NULL for a valid module. Errors: of the kind that wrl_module_new() returns for the same bytes, mostly
 * MALFORMED and INVALID; the engine's text may differ. An engine that validates without compiling may accept a module
 * that is too much for its compiler: wrl_module_new() then reports RESOURCE_LIMIT.
 *
 * Cost: grows with the size. wasmi and wasmtime validate without compiling, which takes less. Backends without a
 * validator, those for JS hosts among them, compile the module and drop it, which takes as long as wrl_module_new().
 * Any thread.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_module_validate(wrl_engine_t *engine, const void *bytes, size_t size);

/**
 * Called when wrl_module_new_async() has finished.
 *
 * @param env     The pointer that was passed to wrl_module_new_async().
 * @param error   Why there is no module. Owned by the callee. NULL if there is a module.
 * @param module  The module, with one reference that the callee owns. NULL if there is an error.
 *
 * The callback may use the whole interface: release the engine, make instances, compile more. It must not exit through
 * longjmp or a C++ exception.
 */
typedef void (*wrl_module_done_t)(void *env, wrl_error_t *error, wrl_module_t *module);

/**
 * Compiles a module while the calling thread continues, and then calls `done`.
 *
 *     error = wrl_module_new_async(engine, bytes, size, NULL, on_compiled, app);
 *     free(bytes);
 *     if (error) …    // on_compiled is not called
 *
 * Errors that are found at once are returned: invalid arguments, malformed bytes, lack of memory. `done` is then never
 * called. After success `done` is called exactly once, with the engine's result.
 *
 * Where `done` is called:
 * - On hosts with threads: on a thread of the library, so possibly before this function has returned. At most four
 *   modules are compiled at a time; others wait for their turn, even if a `done` takes long. The threads start when
 *   there is work and end when there is none. Signals of the program are not delivered to them.
 * - On JS hosts: on the calling thread, from the host's event loop, never before this function has returned. The
 *   program has to return to the loop. The host's own engine compiles in the meantime. Any other engine, such as wasmi,
 *   compiles in the task that calls `done`, and blocks the loop for as long as wrl_module_new() would.
 *
 * The threads end with the process, whatever they are doing: a program has to wait for `done` before it leaves main().
 * (Emscripten's runtime stays alive until then.) After a call of this function, a shared object that contains libwrl.a
 * must not be unloaded, because the end of the threads cannot be detected; libwrl.so is never unloaded.
 *
 * @param engine  The engine to compile for. Kept until `done` has returned, and by the module.
 * @param bytes   As for wrl_module_new(). Copied.
 * @param size    In bytes.
 * @param config  NULL for the defaults. Not kept.
 * @param done    Called as described above.
 * @param env     Passed to `done`. May be NULL.
 *
 * Errors that are returned:
 * - INVALID_ARGUMENT.
 * - MALFORMED and INVALID for what the library itself finds, as for wrl_module_new().
 * - UNSUPPORTED if the engine does not support WRL_FEATURE_THREAD_SAFE and would have to compile on another thread.
 * - RESOURCE_LIMIT if no thread can be started, or if compiling would exceed max_compile_work or max_compile_memory of
 *   wrl_engine_config_t.
 * - OUT_OF_MEMORY.
 *
 * Errors that are passed to `done`: INVALID for what the engine finds, RESOURCE_LIMIT, OUT_OF_MEMORY.
 *
 * Cost: copies the bytes and reads them, some 10 ns a byte. Any thread.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_module_new_async(wrl_engine_t *engine, const void *bytes, size_t size,
                                                        const wrl_module_config_t *config, wrl_module_done_t done,
                                                        void *env);

/** Adds a reference and returns the same pointer. Returns NULL for NULL. Any thread. */
WRL_API wrl_module_t *wrl_module_retain(const wrl_module_t *module);

/**
 * Releases a reference. Instances keep their module alive. Accepts NULL. Any thread.
 *
 * wasmi keeps the code of a module, some 100 bytes for a small function, until its engine is deleted: a program that
 * keeps compiling should make a new engine from time to time.
 */
WRL_API void wrl_module_release(wrl_module_t *module);

/** Returns the engine that the module was compiled for. Borrowed from the module. */
WRL_API wrl_engine_t *wrl_module_engine(const wrl_module_t *module);

/**
 * Returns the module's own name, from its name section, or NULL if it has none. NUL-terminated, borrowed from the
 * module. `size` (may be NULL) receives its length in bytes.
 */
WRL_API const char *wrl_module_name(const wrl_module_t *module, size_t *size);

/** Returns how many imports the module has. */
WRL_API size_t wrl_module_import_count(const wrl_module_t *module);

/** Reports import `index`, in the module's order. Returns false and clears `import` if there is none. */
WRL_API bool wrl_module_import(const wrl_module_t *module, size_t index, wrl_importtype_t *import);

/** Returns how many exports the module has. */
WRL_API size_t wrl_module_export_count(const wrl_module_t *module);

/** Reports export `index`, in the module's order. Returns false and clears `export_type` if there is none. */
WRL_API bool wrl_module_export(const wrl_module_t *module, size_t index, wrl_exporttype_t *export_type);

/** Looks up an export by name. Returns false and clears `export_type` if there is none. Constant time. */
WRL_API bool wrl_module_get_export(const wrl_module_t *module, const char *name, wrl_exporttype_t *export_type);

/** Looks up an export as wrl_module_get_export() does, by a name that may hold NUL. */
WRL_API bool wrl_module_get_export_n(const wrl_module_t *module, const char *name, size_t name_size,
                                     wrl_exporttype_t *export_type);

/**
 * Returns the size of the index space of a kind: the number of functions, globals, memories, tables or tags, imported
 * ones included (core specification, "Indices").
 */
WRL_API size_t wrl_module_index_space_size(const wrl_module_t *module, wrl_externkind_t kind);

/**
 * Reports the type at `index` of the index space of a kind. Imports come first. Returns false and clears `type` if
 * there is none. A function's name comes from the name section, if it has one there.
 */
WRL_API bool wrl_module_index_space_type(const wrl_module_t *module, wrl_externkind_t kind, size_t index,
                                         wrl_externtype_t *type);

/** A section of the module's bytes. Borrowed from the module. */
typedef struct wrl_section {
    uint8_t id;          /**< 0 for custom sections, otherwise as in the core specification, "Sections". */
    const char *name;    /**< A custom section's own name, otherwise the usual name, such as "code". NUL-terminated. */
    size_t name_size;    /**< In bytes, without the terminator. */
    uint64_t offset;     /**< Offset of the contents from the start of the module, in bytes. */
    uint64_t size;       /**< Size of the contents, in bytes. For custom sections it includes the name. */
    const uint8_t *data; /**< A custom section's contents after its name, if the module was made with
                            wrl_module_config_t::keep_custom_sections; otherwise NULL. NULL for other sections. */
    size_t data_size;    /**< Size of those contents, kept or not, in bytes: they are the last data_size of the
                            section's `size` bytes. */
} wrl_section_t;

/** Returns how many sections the module has. */
WRL_API size_t wrl_module_section_count(const wrl_module_t *module);

/** Reports section `index`, in the module's order. Returns false and clears `section` if there is none. */
WRL_API bool wrl_module_section(const wrl_module_t *module, size_t index, wrl_section_t *section);

/**
 * Reports the first custom section with a given name. Returns false and clears `section` if there is none. Cost: grows
 * with the number of sections.
 */
WRL_API bool wrl_module_custom_section(const wrl_module_t *module, const char *name, wrl_section_t *section);

#ifdef __cplusplus
}
#endif

#endif
