/**
 * @file
 * Errors: what every fallible function returns, NULL for success.
 */
#ifndef WRL_ERROR_H
#define WRL_ERROR_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The kind of an error. The same on every backend. Values are fixed; more may follow. */
typedef enum wrl_error_kind {
    WRL_ERROR_INVALID_ARGUMENT = 1, /**< The program misused the interface; the message names the argument. */
    WRL_ERROR_UNSUPPORTED = 2,      /**< This backend, host or build lacks what was asked for. */
    WRL_ERROR_MALFORMED = 3,        /**< The bytes are not a WebAssembly module, or the text is not WAT. */
    WRL_ERROR_INVALID = 4,          /**< The module does not validate, or needs a proposal the engine lacks. */
    WRL_ERROR_LINK = 5,             /**< An import or export is missing or of the wrong type; the message names it. */
    WRL_ERROR_TRAP = 6,             /**< The guest trapped; see wrl_error_trap_code(). */
    WRL_ERROR_HOST = 7,             /**< A host function failed. */
    WRL_ERROR_RESOURCE_LIMIT =
        8, /**< A limit was reached: of memories, tables or instances, or of what compiling may take. */
    WRL_ERROR_OUT_OF_MEMORY = 9, /**< The host is out of memory. */
    WRL_ERROR_IO = 10,           /**< A file could not be read, a shared object not be loaded. */
    WRL_ERROR_EXIT = 11          /**< The guest asked the program to end; see wrl_error_exit_status(). */
} wrl_error_kind_t;

/**
 * Why a guest trapped. The same on every backend. Values are fixed; more may follow.
 * Source: the traps of the core specification, chapter "Execution", and of the threads and exception proposals.
 */
typedef enum wrl_trap_code {
    WRL_TRAP_NONE = 0,                      /**< The error is not a trap. */
    WRL_TRAP_OTHER = 1,                     /**< A trap that has no code here; the message holds the engine's words. */
    WRL_TRAP_UNREACHABLE = 2,               /**< `unreachable` was executed. */
    WRL_TRAP_MEMORY_OUT_OF_BOUNDS = 3,      /**< A load, store, bulk operation or data segment left its memory. */
    WRL_TRAP_TABLE_OUT_OF_BOUNDS = 4,       /**< A table access, indirect call or element segment left its table. */
    WRL_TRAP_INDIRECT_CALL_TO_NULL = 5,     /**< `call_indirect` found a null element. */
    WRL_TRAP_BAD_SIGNATURE = 6,             /**< `call_indirect` found a function of another type. */
    WRL_TRAP_INTEGER_OVERFLOW = 7,          /**< INT_MIN / -1, or a float too large for the integer type. */
    WRL_TRAP_INTEGER_DIVISION_BY_ZERO = 8,  /**< Integer division or remainder by zero. */
    WRL_TRAP_BAD_CONVERSION_TO_INTEGER = 9, /**< A NaN converted to an integer. */
    WRL_TRAP_STACK_OVERFLOW = 10,           /**< The call stack, or the depth of re-entry, is exhausted. */
    WRL_TRAP_NULL_REFERENCE = 11,           /**< A null reference where a non-null one is needed. */
    WRL_TRAP_ARRAY_OUT_OF_BOUNDS = 12,      /**< A GC array access left its array. */
    WRL_TRAP_CAST_FAILURE = 13,             /**< `ref.cast` to a type the reference does not have. */
    WRL_TRAP_ALLOCATION_TOO_LARGE = 14,     /**< A GC allocation too large to be served. */
    WRL_TRAP_UNALIGNED_ATOMIC = 15,         /**< An atomic access was not aligned. */
    WRL_TRAP_ATOMIC_WAIT_NON_SHARED = 16,   /**< `memory.atomic.wait` on a memory that is not shared. */
    WRL_TRAP_UNCAUGHT_EXCEPTION = 17        /**< A WebAssembly exception left the outermost function. */
} wrl_trap_code_t;

/** The value of a frame's offsets and index where the engine does not know it. */
#define WRL_FRAME_UNKNOWN UINT64_MAX

/** One WebAssembly frame of a backtrace, innermost first. Borrowed from its error. */
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
 * Makes an error, as host functions do to fail. The message is copied.
 * Never returns NULL: when memory is short, the error is the preallocated WRL_ERROR_OUT_OF_MEMORY.
 * A kind outside wrl_error_kind_t becomes WRL_ERROR_HOST. A NULL message becomes the kind's name. Of kind
 * WRL_ERROR_TRAP it has the code WRL_TRAP_OTHER; wrl_error_new_trap() gives others. Any thread.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_error_new(wrl_error_kind_t kind, const char *message);

/** As wrl_error_new(), with a message formatted as by printf. Never hand it text from elsewhere as the format. If
 * printf fails, the error has the kind that was asked for, and its message says that the format failed, and quotes it.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_error_newf(wrl_error_kind_t kind, const char *format, ...) WRL_PRINTF(2, 3);

/**
 * As wrl_error_new(), with a pointer of the program's own, to be found again by wrl_error_data() when the error comes
 * out of the outermost call. `finalizer` (may be NULL) gets `data` exactly once: when the error is deleted, or before
 * this function returns if memory is short.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_error_new_with_data(wrl_error_kind_t kind, const char *message, void *data,
                                                           wrl_finalizer_t finalizer);

/**
 * Makes a trap (kind WRL_ERROR_TRAP), for host functions. A code that wrl_trap_code_t lacks, or WRL_TRAP_NONE, becomes
 * WRL_TRAP_OTHER. A NULL message means the code's own words. Never returns NULL, as wrl_error_new(). Any thread.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_error_new_trap(wrl_trap_code_t code, const char *message);

/**
 * Makes an error of kind WRL_ERROR_EXIT: the guest asked to end with this status. Never returns NULL, as
 * wrl_error_new(). Any thread.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_error_new_exit(int32_t status);

/**
 * Deletes the error and its frames, and runs the finalizer of its data. NULL is allowed, and so is the preallocated
 * out-of-memory error, for which it does nothing.
 */
WRL_API void wrl_error_delete(wrl_error_t *error);

/** The kind. An error never changes its kind. WRL_ERROR_INVALID_ARGUMENT for NULL, which is no error. */
WRL_API wrl_error_kind_t wrl_error_kind(const wrl_error_t *error);

/**
 * The message: one line of UTF-8 for people, never NULL. It names the import, export or argument at fault; the engine's
 * own words may follow. Names from modules are quoted, with escapes (\ and two hexadecimal digits for each byte) for
 * control characters, and for characters that are not seen or turn the direction of text, see wrl_is_hidden().
 * Borrowed from the error.
 */
WRL_API const char *wrl_error_message(const wrl_error_t *error);

/** The trap code, or WRL_TRAP_NONE if the error is not a trap. */
WRL_API wrl_trap_code_t wrl_error_trap_code(const wrl_error_t *error);

/** The status of a WRL_ERROR_EXIT, otherwise 0. */
WRL_API int32_t wrl_error_exit_status(const wrl_error_t *error);

/** The pointer given to wrl_error_new_with_data(), otherwise NULL. Borrowed from the error. */
WRL_API void *wrl_error_data(const wrl_error_t *error);

/** How many WebAssembly frames the error carries: 0 where the engine has no backtraces (WRL_FEATURE_BACKTRACE). Engines
 * keep the innermost ones alone: wasmtime 20, V8 what Error.stackTraceLimit says. */
WRL_API size_t wrl_error_frame_count(const wrl_error_t *error);

/** Frame `index`, innermost first. Returns false, and clears `frame`, if there is none. The names are lent. */
WRL_API bool wrl_error_frame(const wrl_error_t *error, size_t index, wrl_frame_t *frame);

/** The name of a kind in words, such as "invalid argument"; "unknown" for other values. Static storage. Any thread. */
WRL_API const char *wrl_error_kind_name(wrl_error_kind_t kind);

/** A trap code in words, such as "out of bounds memory access"; "unknown" for others. Static storage. Any thread. */
WRL_API const char *wrl_trap_code_name(wrl_trap_code_t code);

#ifdef __cplusplus
}
#endif

#endif
