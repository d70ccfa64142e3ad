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
 * The configuration of an engine. Start from WRL_ENGINE_CONFIG_INIT:
 *
 *     wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
 *     config.backend = "wasmtime";
 */
typedef struct wrl_engine_config {
    size_t size;          /**< sizeof(wrl_engine_config_t), set by WRL_ENGINE_CONFIG_INIT. */
    const char *backend;  /**< Name of the backend, as for wrl_backend_find(), or NULL for the default. */
    size_t max_reentry;   /**< Maximum number of calls into guests that may be in progress in one store, nested in one
                             another. A further call fails with WRL_TRAP_STACK_OVERFLOW. At most WRL_MAX_REENTRY; 0 for
                             the default, WRL_DEFAULT_MAX_REENTRY. More than the default needs threads with larger
                             stacks. */
    size_t stack_size;    /**< Native stack, in bytes, that guests may use in an outermost call of a store, on engines
                             that run guests on it (wasmtime). From WRL_MIN_STACK_SIZE to WRL_MAX_STACK_SIZE; 0 for the
                             default, WRL_MAX_STACK_SIZE, which is 1 MiB. UNSUPPORTED where the engine has no such
                             limit. */
    size_t stack_reserve; /**< Native stack, in bytes, that must be left on the thread before a guest is entered. The
                             engine, the library and host functions use it; docs/threads.md has a table. From
                             WRL_MIN_STACK_SIZE, which the engine and the library themselves need, to
                             WRL_MAX_STACK_SIZE; 0 for the default, WRL_DEFAULT_STACK_RESERVE. On engines that run
                             guests on the native stack, an outermost call also needs stack_size and space for the
                             values of the largest possible host function; a nested call also needs space for the
                             values of the store's largest function. With less stack left, the call fails with
                             WRL_TRAP_STACK_OVERFLOW. */
    uint64_t max_compile_work;   /**< Limits the estimated number of steps for compiling a module. The limit is
                                    max_compile_work + WRL_COMPILE_WORK_PER_BYTE * n, where n is the size of all
                                    sections except custom sections and data, so limit the size of modules as well. A
                                    step is about a microsecond of wasmtime's compiler on a computer of 2020. 0 for
                                    the default, WRL_DEFAULT_MAX_COMPILE_WORK; UINT64_MAX for no limit. UNSUPPORTED
                                    where the host's own engine compiles (JS hosts), which has limits of its own. */
    uint64_t max_compile_memory; /**< Limits the estimated memory, in bytes, for compiling a module. The limit is
                                    max_compile_memory + WRL_COMPILE_MEMORY_PER_BYTE * n, with the same n. 0 for the
                                    default, WRL_DEFAULT_MAX_COMPILE_MEMORY; UINT64_MAX for no limit. UNSUPPORTED
                                    where max_compile_work is. */
    bool exact_traps; /**< Reports each trap with its own code even where the engine has one message for several
                         traps, and rejects modules with invalid unreachable code even where the engine accepts them.
                         wasmi and wasmtime always do, so the option changes nothing on them. On JS hosts it rewrites
                         guests, which costs time to compile and to run; see docs/js-hosts.md. UNSUPPORTED if the
                         backend does not offer it. */
    bool fuel;        /**< Guests take fuel, see wrl/fuel.h. They run slower; docs/performance.md has the figures.
                         UNSUPPORTED without WRL_FEATURE_FUEL. */
} wrl_engine_config_t;

/** The defaults, and the struct's size. */
#define WRL_ENGINE_CONFIG_INIT                                                                                         \
    {                                                                                                                  \
        sizeof(wrl_engine_config_t), NULL, 0, 0, 0, 0, 0, false, false                                                 \
    }

/** In calls. Enough for ordinary programs, and few enough for the stack of an ordinary thread. */
#define WRL_DEFAULT_MAX_REENTRY 200
/** The maximum of wrl_engine_config_t::max_reentry. */
#define WRL_MAX_REENTRY 65535

/** In bytes. The minimum of wrl_engine_config_t::stack_size and stack_reserve. */
#define WRL_MIN_STACK_SIZE 16384
/** In bytes. The maximum of wrl_engine_config_t::stack_size and stack_reserve. */
#define WRL_MAX_STACK_SIZE 1048576
/** In bytes. Enough for the engine, and for host functions with up to 16 KiB of local variables. */
#define WRL_DEFAULT_STACK_RESERVE 32768

/** In steps per byte of a module that is compiled, see wrl_engine_config_t::max_compile_work. */
#define WRL_COMPILE_WORK_PER_BYTE 20
/** In steps. About 10 seconds of wasmtime's compiler. */
#define WRL_DEFAULT_MAX_COMPILE_WORK 10000000
/** In bytes per byte of a module that is compiled, see wrl_engine_config_t::max_compile_memory. */
#define WRL_COMPILE_MEMORY_PER_BYTE 1024
/** In bytes. 1 GiB. */
#define WRL_DEFAULT_MAX_COMPILE_MEMORY 1073741824

/**
 * Makes an engine.
 *
 * @param config  NULL for the defaults. Not kept.
 * @param engine  Receives the engine with one reference, which the caller releases with wrl_engine_release().
 *
 * Errors:
 * - INVALID_ARGUMENT for an unknown backend (the message lists the known ones), and for a config of the wrong size.
 * - IO if the backend is a shared object that cannot be loaded, or one that is refused because users other than the
 *   current user and root may change the file or its folder. The message names the file and the reason.
 * - UNSUPPORTED for an option that the engine or the host does not support. The message names it.
 * - RESOURCE_LIMIT if less than 40 KiB of the thread's native stack is left.
 * - OUT_OF_MEMORY, and what the backend reports.
 *
 * Any thread. Cost: some microseconds to milliseconds, so make one engine and share it.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_engine_new(const wrl_engine_config_t *config, wrl_engine_t **engine);

/** Adds a reference and returns the same pointer. Returns NULL for NULL. Any thread. */
WRL_API wrl_engine_t *wrl_engine_retain(const wrl_engine_t *engine);

/**
 * Releases a reference. Modules and stores keep their engine alive, so the program may release its own reference once
 * it has made the last of them. Accepts NULL. Any thread.
 */
WRL_API void wrl_engine_release(wrl_engine_t *engine);

/** Returns the name of the engine's backend, such as "wasmi". Static storage. Any thread. */
WRL_API const char *wrl_engine_backend_name(const wrl_engine_t *engine);

/** Returns the version of the engine behind the backend, such as "1.1.0". Static storage. Any thread. */
WRL_API const char *wrl_engine_version(const wrl_engine_t *engine);

#ifdef __cplusplus
}
#endif

#endif
