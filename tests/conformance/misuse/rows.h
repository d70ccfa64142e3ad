/**
 * @file
 * What the rows of the misuse matrix are written with. Each rows_….c has the functions of some public headers: how each
 * is called, its parameters, and the kinds of misuse that each parameter is put through. A function without an entry
 * fails conformance_misuse_coverage.
 */
#ifndef WRL_CONFORMANCE_MISUSE_ROWS_H
#define WRL_CONFORMANCE_MISUSE_ROWS_H

#include "misuse.h"

/** A parameter under its name in the header, where it stands in misuse_args_t, and its kinds. */
#define PARAM(name, field, kinds)                                                                                      \
    {                                                                                                                  \
        name, offsetof(misuse_args_t, field), kinds                                                                    \
    }
#define STORE PARAM("store", store, misuse_pointer)    /**< Of type wrl_store_t *. */
#define ENGINE PARAM("engine", engine, misuse_pointer) /**< Of type wrl_engine_t *. */
#define MODULE PARAM("module", module, misuse_pointer) /**< Of type wrl_module_t *. */
#define CALLER PARAM("caller", caller, misuse_pointer) /**< Of type wrl_caller_t *. */
#define OUT(name) PARAM(name, out, misuse_pointer)     /**< Where the function writes to. */
#define HANDLE(name) PARAM(#name, name, misuse_handle) /**< Of something in a store. */

/** Defines how a function is called with arguments `a`. */
#define CALL(function, expression)                                                                                     \
    static wrl_error_t *call_##function(misuse_args_t *a)                                                              \
    {                                                                                                                  \
        return expression;                                                                                             \
    }

/** The same for one that returns no error: whether the answer is the one for misuse. */
#define ANSWER(function, expression)                                                                                   \
    static wrl_error_t *call_##function(misuse_args_t *a)                                                              \
    {                                                                                                                  \
        a->spoilt = (expression);                                                                                      \
        return NULL;                                                                                                   \
    }

/** Begins the definition of what is changed in sound arguments `a` before a function is called. */
#define PREPARE(function) static void prepare_##function(misuse_args_t *a)

#define FUNCTION(function) static const misuse_function_t misuse_##function /**< Begins an entry. */
#define CALLED(function) .name = #function, .call = call_##function         /**< By CALL or ANSWER. */
#define CLEARS(type) .output = OUT_CLEARED, .out_size = sizeof(type)        /**< What it writes. */
#define PREPARED(function) .prepare = prepare_##function                    /**< By PREPARE. */

/** For functions that ask for an item by its name, with or without its size: "memory". */
void prepare_memory_name(misuse_args_t *a);

/**
 * The tests of a file, "misuse.FUNCTION", from a list of its functions and of what each needs of the engine. What
 * follows "__" in a name tells variants of one function apart.
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
