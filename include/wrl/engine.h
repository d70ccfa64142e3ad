/**
 * @file
 * Engines: a runtime, chosen by name, and its configuration.
 */
#ifndef WRL_ENGINE_H
#define WRL_ENGINE_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * How an engine is to be made. Start from WRL_ENGINE_CONFIG_INIT:
 *
 *     wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
 *     config.backend = "wasmtime";
 */
typedef struct wrl_engine_config {
    size_t size;         /**< sizeof(wrl_engine_config_t), set by WRL_ENGINE_CONFIG_INIT. */
    const char *backend; /**< Name of the backend, as wrl_backend_find() takes it, or NULL for the default. */
    size_t max_reentry;  /**< How many calls into guests may be under way in one store, one inside the other, before the
                            next is WRL_TRAP_STACK_OVERFLOW; 0 for the default, WRL_DEFAULT_MAX_REENTRY, and at most
                            WRL_MAX_REENTRY. More than the default needs threads with larger stacks. */
    size_t stack_size;   /**< Native stack, in bytes, that guests may take in an outermost call of a store, on engines
                            that run guests on it (wasmtime). From WRL_MIN_STACK_SIZE to WRL_MAX_STACK_SIZE, 1 MiB,
                            which is the default, as 0. UNSUPPORTED where the engine has no such limit. */
    size_t stack_reserve; /**< Native stack, in bytes, that has to be left on the thread before a guest is entered, for
                             the engine, the layer and host functions; docs/threads.md has a table. From
                             WRL_MIN_STACK_SIZE, which the engine and the layer themselves need, to
                             WRL_MAX_STACK_SIZE; 0 for the default, WRL_DEFAULT_STACK_RESERVE. On engines that run
                             guests on the native stack an outermost call needs stack_size and space for the values of
                             the largest host function in addition, and a call inside another space for the values of
                             the store's largest function. With less, the call is WRL_TRAP_STACK_OVERFLOW. */
    uint64_t max_compile_work;   /**< Limits the steps that compiling a module is estimated to take. The limit is
                                    max_compile_work + WRL_COMPILE_WORK_PER_BYTE * n, where n is the size of all
                                    sections except custom sections and data, so limit the size of modules as well. A
                                    step is about a microsecond of wasmtime's compiler on a computer of 2020. 0 for the
                                    default, WRL_DEFAULT_MAX_COMPILE_WORK; UINT64_MAX for no limit. UNSUPPORTED where the
                                    host's own engine compiles (JS hosts), which has limits of its own. */
    uint64_t max_compile_memory; /**< Limits the memory, in bytes, that compiling a module is estimated to take. The
                                    limit is max_compile_memory + WRL_COMPILE_MEMORY_PER_BYTE * n, with the same n. 0
                                    for the default, WRL_DEFAULT_MAX_COMPILE_MEMORY; UINT64_MAX for no limit.
                                    UNSUPPORTED where max_compile_work is. */
    bool exact_traps; /**< Reports each trap with its own code, where the engine has one message for several traps, and
                         rejects modules with invalid code that cannot be reached, where the engine accepts them. The
                         engines wasmi and wasmtime always do, and on them the option changes nothing. On JS hosts
                         guests are rewritten for it, which costs time to compile and to run; see docs/js-hosts.md.
                         UNSUPPORTED if the backend does not say that it can. */
} wrl_engine_config_t;

/** The defaults, and the struct's size. */
#define WRL_ENGINE_CONFIG_INIT                                                                                         \
    {                                                                                                                  \
        sizeof(wrl_engine_config_t), NULL, 0, 0, 0, 0, 0, false                                                        \
    }

/** In calls: enough for honest programs, and less than the stack of a common thread can hold. */
#define WRL_DEFAULT_MAX_REENTRY 200
/** The most that wrl_engine_config_t::max_reentry may say. */
#define WRL_MAX_REENTRY 65535

/** In bytes: the least that wrl_engine_config_t::stack_size and stack_reserve may say. */
#define WRL_MIN_STACK_SIZE 16384
/** In bytes: the most that wrl_engine_config_t::stack_size and stack_reserve may say. */
#define WRL_MAX_STACK_SIZE 1048576
/** In bytes: what host functions and engines find at least, for local variables of up to 16 KiB. */
#define WRL_DEFAULT_STACK_RESERVE 32768

/** In steps for each byte of a module that is compiled, see wrl_engine_config_t::max_compile_work. */
#define WRL_COMPILE_WORK_PER_BYTE 20
/** In steps: some 10 seconds of wasmtime's compiler. */
#define WRL_DEFAULT_MAX_COMPILE_WORK 10000000
/** In bytes for each byte of a module that is compiled, see wrl_engine_config_t::max_compile_memory. */
#define WRL_COMPILE_MEMORY_PER_BYTE 1024
/** In bytes: 1 GiB. */
#define WRL_DEFAULT_MAX_COMPILE_MEMORY 1073741824

/**
 * Makes an engine.
 *
 * @param config  NULL for the defaults. Not kept.
 * @param engine  Gets the engine, with one reference, to be given to wrl_engine_release().
 *
 * Errors: INVALID_ARGUMENT for an unknown backend (the message lists the known ones) or a config of impossible size; IO
 * if the backend is a shared object that cannot be loaded, or one that is refused because users other than this one and
 * root may change the file or its folder (the message names the file and the reason); UNSUPPORTED for an option that
 * the engine or the host does not have (the message names it); RESOURCE_LIMIT if less than 40 KiB of the thread's
 * native stack are left; OUT_OF_MEMORY; what the backend reports. Any thread. Cost: some microseconds to milliseconds;
 * make one and share it.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_engine_new(const wrl_engine_config_t *config, wrl_engine_t **engine);

/** Adds a reference and returns the same pointer. NULL gives NULL. Any thread. */
WRL_API wrl_engine_t *wrl_engine_retain(const wrl_engine_t *engine);

/**
 * Drops a reference. Modules and stores keep their engine alive, so the program may drop its own as soon as it needs
 * no more of them. NULL is allowed. Any thread.
 */
WRL_API void wrl_engine_release(wrl_engine_t *engine);

/** The name of the engine's backend, such as "wasmi". Static storage. Any thread. */
WRL_API const char *wrl_engine_backend_name(const wrl_engine_t *engine);

/** The version of the engine behind the backend, such as "1.1.0". Static storage. Any thread. */
WRL_API const char *wrl_engine_version(const wrl_engine_t *engine);

#ifdef __cplusplus
}
#endif

#endif
