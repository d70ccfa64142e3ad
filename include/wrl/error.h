/**
 * @file
 * Errors. Every function that can fail returns one, or NULL on success.
 */
#ifndef WRL_ERROR_H
#define WRL_ERROR_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The kind of an error, the same on every backend. Values are fixed; later versions may add more. */
typedef enum wrl_error_kind {
    WRL_ERROR_INVALID_ARGUMENT = 1, /**< The program misused the interface. The message names the argument. */
    WRL_ERROR_UNSUPPORTED = 2,      /**< Not supported by this backend, host or build. */
    WRL_ERROR_MALFORMED = 3,        /**< The bytes are not a WebAssembly module, or the text is not WAT. */
    WRL_ERROR_INVALID = 4,          /**< The module is invalid, or needs a proposal the engine does not support. */
    WRL_ERROR_LINK = 5,             /**< An import or export is missing or has the wrong type. The message names it. */
    WRL_ERROR_TRAP = 6,             /**< The guest trapped; see wrl_error_trap_code(). */
    WRL_ERROR_HOST = 7,             /**< A host function failed. */
    WRL_ERROR_RESOURCE_LIMIT = 8,   /**< A limit on memories, tables, instances or compiling was reached. */
    WRL_ERROR_OUT_OF_MEMORY = 9,    /**< The host is out of memory. */
    WRL_ERROR_IO = 10,              /**< A file could not be read, or a shared object could not be loaded. */
    WRL_ERROR_EXIT = 11             /**< The guest asked to end the program; see wrl_error_exit_status(). */
} wrl_error_kind_t;

/**
 * Why a guest trapped, the same on every backend. Values are fixed; later versions may add more. Source: the traps of
 * the core specification, chapter "Execution", and of the threads and exception proposals.
 */
typedef enum wrl_trap_code {
    WRL_TRAP_NONE = 0,                      /**< The error is not a trap. */
    WRL_TRAP_OTHER = 1,                     /**< A trap without a code. The message holds the engine's text. */
    WRL_TRAP_UNREACHABLE = 2,               /**< `unreachable` was executed. */
    WRL_TRAP_MEMORY_OUT_OF_BOUNDS = 3,      /**< A load, store, bulk operation or data segment is out of bounds. */
    WRL_TRAP_TABLE_OUT_OF_BOUNDS = 4,       /**< A table access, indirect call or element segment is out of bounds. */
    WRL_TRAP_INDIRECT_CALL_TO_NULL = 5,     /**< `call_indirect` found a null element. */
    WRL_TRAP_BAD_SIGNATURE = 6,             /**< `call_indirect` found a function of another type. */
    WRL_TRAP_INTEGER_OVERFLOW = 7,          /**< INT_MIN / -1, or a float too large for the integer type. */
    WRL_TRAP_INTEGER_DIVISION_BY_ZERO = 8,  /**< Integer division or remainder by zero. */
    WRL_TRAP_BAD_CONVERSION_TO_INTEGER = 9, /**< A NaN was converted to an integer. */
    WRL_TRAP_STACK_OVERFLOW = 10,           /**< The call stack, or the depth of nested calls, is exhausted. */
    WRL_TRAP_NULL_REFERENCE = 11,           /**< A null reference where a non-null one is needed. */
    WRL_TRAP_ARRAY_OUT_OF_BOUNDS = 12,      /**< A GC array access is out of its array's bounds. */
    WRL_TRAP_CAST_FAILURE = 13,             /**< `ref.cast` to a type that the reference does not have. */
    WRL_TRAP_ALLOCATION_TOO_LARGE = 14,     /**< A GC allocation is too large. */
    WRL_TRAP_UNALIGNED_ATOMIC = 15,         /**< An atomic access was not aligned. */
    WRL_TRAP_ATOMIC_WAIT_NON_SHARED = 16,   /**< `memory.atomic.wait` on a memory that is not shared. */
    WRL_TRAP_UNCAUGHT_EXCEPTION = 17,       /**< A WebAssembly exception left the outermost function. */
    WRL_TRAP_OUT_OF_FUEL = 18               /**< The store has too little fuel left; see wrl/fuel.h. */
} wrl_trap_code_t;

/** The value of a frame's index or offset if the engine does not report it. */
#define WRL_FRAME_UNKNOWN UINT64_MAX

/** One WebAssembly frame of a backtrace. Borrowed from its error. */
typedef struct wrl_frame {
    uint64_t func_index;     /**< Index in the module's function index space, imports included. */
    uint64_t func_offset;    /**< Bytes from the start of the function's body, or WRL_FRAME_UNKNOWN. */
    uint64_t module_offset;  /**< Bytes from the start of the module, or WRL_FRAME_UNKNOWN. */
    const char *func_name;   /**< From the module's name section, or NULL. NUL-terminated. */
    size_t func_name_size;   /**< In bytes, without the terminator. */
    const char *module_name; /**< From the module's name section, or NULL. NUL-terminated. */
    size_t module_name_size; /**< In bytes, without the terminator. */
} wrl_frame_t;

/**
 * Makes an error. A host function returns such an error to report that it failed. Copies the message. Never returns
 * NULL: when memory runs out, it returns the preallocated WRL_ERROR_OUT_OF_MEMORY.
 *
 * A kind outside wrl_error_kind_t becomes WRL_ERROR_HOST. A NULL message becomes the kind's name. An error of kind
 * WRL_ERROR_TRAP has the code WRL_TRAP_OTHER; wrl_error_new_trap() makes traps with other codes. Any thread.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_error_new(wrl_error_kind_t kind, const char *message);

/**
 * Makes an error as wrl_error_new() does, with a message that is formatted as by printf. Never pass text from elsewhere
 * as the format. If printf fails, the error has the requested kind, and its message reports that the format failed and
 * quotes it.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_error_newf(wrl_error_kind_t kind, const char *format, ...) WRL_PRINTF(2, 3);

/**
 * Makes an error as wrl_error_new() does, with a pointer of the program's own. wrl_error_data() returns the pointer
 * after the call into the guest has returned the error. `finalizer` (may be NULL) receives `data` exactly once: when
 * the error is deleted, or before this function returns if memory runs out.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_error_new_with_data(wrl_error_kind_t kind, const char *message, void *data,
                                                           wrl_finalizer_t finalizer);

/**
 * Makes a trap (an error of kind WRL_ERROR_TRAP). A host function returns such an error to trap. A code outside
 * wrl_trap_code_t, or WRL_TRAP_NONE, becomes WRL_TRAP_OTHER. A NULL message becomes the code's name. Like
 * wrl_error_new(), never returns NULL. Any thread.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_error_new_trap(wrl_trap_code_t code, const char *message);

/**
 * Makes an error of kind WRL_ERROR_EXIT: the guest asked to end the program with this status. Like wrl_error_new(),
 * never returns NULL. Any thread.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_error_new_exit(int32_t status);

/**
 * Deletes the error and its frames, and runs the finalizer of its data. Accepts NULL. Does nothing for the preallocated
 * out-of-memory error.
 */
WRL_API void wrl_error_delete(wrl_error_t *error);

/** Returns the kind, which never changes. Returns WRL_ERROR_INVALID_ARGUMENT for NULL, which is not an error. */
WRL_API wrl_error_kind_t wrl_error_kind(const wrl_error_t *error);

/**
 * Returns the message: one line of UTF-8 for people, never NULL. The message names the import, export or argument at
 * fault; the engine's text may follow. Names from modules are quoted. In these names, control characters, invisible
 * characters, and characters that change the direction of text are escaped (see wrl_is_hidden()): each byte is written
 * as a backslash and two hexadecimal digits. Borrowed from the error.
 */
WRL_API const char *wrl_error_message(const wrl_error_t *error);

/** Returns the trap code, or WRL_TRAP_NONE if the error is not a trap. */
WRL_API wrl_trap_code_t wrl_error_trap_code(const wrl_error_t *error);

/** Returns the status of a WRL_ERROR_EXIT, otherwise 0. */
WRL_API int32_t wrl_error_exit_status(const wrl_error_t *error);

/** Returns the pointer that was passed to wrl_error_new_with_data(), otherwise NULL. Borrowed from the error. */
WRL_API void *wrl_error_data(const wrl_error_t *error);

/**
 * Returns how many WebAssembly frames the error has: 0 where the engine has no backtraces (WRL_FEATURE_BACKTRACE).
 * Engines keep only the innermost frames: wasmtime 20 of them, V8 as many as Error.stackTraceLimit allows.
 */
WRL_API size_t wrl_error_frame_count(const wrl_error_t *error);

/**
 * Reports frame `index`, innermost first. Returns false and clears `frame` if there is none. The names are borrowed
 * from the error.
 */
WRL_API bool wrl_error_frame(const wrl_error_t *error, size_t index, wrl_frame_t *frame);

/**
 * Returns the name of a kind, such as "invalid argument", or "unknown" for other values. Static storage. Any thread.
 */
WRL_API const char *wrl_error_kind_name(wrl_error_kind_t kind);

/**
 * Returns the name of a trap code, such as "out of bounds memory access", or "unknown" for other values. Static
 * storage. Any thread.
 */
WRL_API const char *wrl_trap_code_name(wrl_trap_code_t code);

#ifdef __cplusplus
}
#endif

#endif
