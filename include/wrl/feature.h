/**
 * @file
 * Features of an engine: WebAssembly proposals, and abilities of the library.
 */
#ifndef WRL_FEATURE_H
#define WRL_FEATURE_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A feature. Values are fixed; later versions may add more. Numbers below 64 are WebAssembly's, numbers from 64 on are
 * the library's. This is the only list of features: the names that wrl_feature_name() returns, and those in Python, in
 * the tool and in the docs, are made from it.
 */
typedef enum wrl_feature {
    WRL_FEATURE_MUTABLE_GLOBALS = 0,         /**< Import and export of mutable globals. */
    WRL_FEATURE_SIGN_EXTENSION = 1,          /**< i32.extend8_s and similar. */
    WRL_FEATURE_SATURATING_FLOAT_TO_INT = 2, /**< i32.trunc_sat_f32_s and similar. */
    WRL_FEATURE_MULTI_VALUE = 3,             /**< Several results of functions and blocks. */
    WRL_FEATURE_BULK_MEMORY = 4,             /**< memory.copy, memory.fill, table.copy and passive segments. */
    WRL_FEATURE_REFERENCE_TYPES = 5,         /**< externref, funcref as values, several tables. */
    WRL_FEATURE_SIMD = 6,                    /**< v128, in guests and across the interface. */
    WRL_FEATURE_RELAXED_SIMD = 7,            /**< SIMD instructions with engine-defined results. */
    WRL_FEATURE_EXTENDED_CONST = 8,          /**< Arithmetic in constant expressions. */
    WRL_FEATURE_TAIL_CALL = 9,               /**< return_call and return_call_indirect. */
    WRL_FEATURE_MULTI_MEMORY = 10,           /**< Several memories in a module. */
    WRL_FEATURE_MEMORY64 = 11,               /**< 64-bit memories and tables. */
    WRL_FEATURE_THREADS = 12,                /**< Shared memories and atomics, in guests. */
    WRL_FEATURE_EXCEPTIONS = 13,             /**< Tags, throw, try_table. */
    WRL_FEATURE_FUNCTION_REFERENCES = 14,    /**< Typed function references, call_ref. */
    WRL_FEATURE_GC = 15,                     /**< Structs, arrays, i31. */
    WRL_FEATURE_CUSTOM_PAGE_SIZES = 16,      /**< Memories with pages of one byte. */
    WRL_FEATURE_WIDE_ARITHMETIC = 17,        /**< i64.add128 and similar. */

    WRL_FEATURE_EXECUTION = 64,      /**< Runs guest code. Without it modules can only be read and instantiated. */
    WRL_FEATURE_CALLER_EXPORTS = 65, /**< wrl_caller_get_export(). */
    WRL_FEATURE_MEMORY_DATA = 66,    /**< wrl_memory_data() returns the address of guest memory. */
    WRL_FEATURE_BACKTRACE = 67,      /**< Traps carry WebAssembly frames. */
    WRL_FEATURE_THREAD_SAFE = 68,    /**< Engines and modules work on any thread; stores may move between threads. */
    WRL_FEATURE_GC_REFERENCES = 69,  /**< GC references can be values, see wrl/ref.h, not only funcref and externref. */
    WRL_FEATURE_FUEL = 70            /**< Engines can be made with wrl_engine_config_t::fuel. */
} wrl_feature_t;

/** One more than the largest feature number of this version of the library. */
#define WRL_FEATURE_LIMIT 71

/**
 * Returns whether the engine supports a feature. Returns false for unknown numbers and for a NULL engine. For an engine
 * without WRL_FEATURE_EXECUTION, a proposal is supported if the engine accepts modules that use it. Any thread.
 */
WRL_API bool wrl_engine_supports(const wrl_engine_t *engine, wrl_feature_t feature);

/**
 * Returns a feature's name, such as "multi-value" or "caller-exports", or NULL for unknown numbers. Static storage. Any
 * thread.
 */
WRL_API const char *wrl_feature_name(wrl_feature_t feature);

#ifdef __cplusplus
}
#endif

#endif
