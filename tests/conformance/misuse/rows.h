/**
 * @file
 * Macros for the rows of the misuse matrix. Each rows_….c has the functions of some public headers, with the call of
 * each function, its parameters, and the kinds of misuse for each parameter. A function without an entry fails
 * conformance_misuse_coverage.
 */
#ifndef WRL_CONFORMANCE_MISUSE_ROWS_H
#define WRL_CONFORMANCE_MISUSE_ROWS_H

#include "misuse.h"

/** A parameter: its name in the header, its position in misuse_args_t, and its kinds of misuse. */
#define PARAM(name, field, kinds)                                                                                      \
    {                                                                                                                  \
        name, offsetof(misuse_args_t, field), kinds                                                                    \
    }
#define STORE PARAM("store", store, misuse_pointer)    /**< Of type wrl_store_t *. */
#define ENGINE PARAM("engine", engine, misuse_pointer) /**< Of type wrl_engine_t *. */
#define MODULE PARAM("module", module, misuse_pointer) /**< Of type wrl_module_t *. */
#define CALLER PARAM("caller", caller, misuse_pointer) /**< Of type wrl_caller_t *. */
#define OUT(name) PARAM(name, out, misuse_pointer)     /**< Where the function writes. */
#define HANDLE(name) PARAM(#name, name, misuse_handle) /**< Of an object in a store. */

/** Defines the call of a function with arguments `a`. */
#define CALL(function, expression)                                                                                     \
    static wrl_error_t *call_##function(misuse_args_t *a)                                                              \
    {                                                                                                                  \
        return expression;                                                                                             \
    }

/** As CALL, for a function that returns no error. The expression is whether the result is the one for misuse. */
#define ANSWER(function, expression)                                                                                   \
    static wrl_error_t *call_##function(misuse_args_t *a)                                                              \
    {                                                                                                                  \
        a->spoilt = (expression);                                                                                      \
        return NULL;                                                                                                   \
    }

/** Begins the code that changes the valid arguments `a` before a call of the function. */
#define PREPARE(function) static void prepare_##function(misuse_args_t *a)

#define FUNCTION(function) static const misuse_function_t misuse_##function /**< Begins an entry. */
#define CALLED(function) .name = #function, .call = call_##function  /**< The call is defined by CALL or ANSWER. */
#define CLEARS(type) .output = OUT_CLEARED, .out_size = sizeof(type) /**< The type of the output. */
#define PREPARED(function) .prepare = prepare_##function             /**< The code is defined by PREPARE. */

/** For functions that look up an item by name, with or without the name's size: "memory". */
void prepare_memory_name(misuse_args_t *a);

/**
 * Defines the tests of a file, "misuse.FUNCTION", from a list of functions and their needs. The part after "__" in a
 * name distinguishes variants of one function.
 */
#define MISUSE_GROUP(name, each_function)                                                                              \
    each_function(MISUSE_TEST) static const wrl_test_case_t cases[] = {each_function(MISUSE_CASE)};                    \
    WRL_TEST_GROUP(name)
#define MISUSE_TEST(function, need)                                                                                    \
    static bool run_##function(wrl_test_t *t)                                                                          \
    {                                                                                                                  \
        return misuse_run(t, &misuse_##function);                                                                      \
    }
#define MISUSE_CASE(function, need) {"misuse." #function, run_##function, {need}},

#endif
