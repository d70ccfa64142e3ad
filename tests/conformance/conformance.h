/**
 * @file
 * The conformance suite as a library, for hosts that have no command line (a browser, Python).
 *
 * The suite uses the public interface alone. It runs every test on one backend, in one thread unless it was compiled
 * with WRL_CONFORMANCE_THREADS, and reads no files but those that the options name. On hosts with an event loop in
 * place of threads, some tests end only there, and so does the run.
 */
#ifndef WRL_CONFORMANCE_H
#define WRL_CONFORMANCE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Gets one line of the report, without a newline. */
typedef void (*wrl_conformance_print_t)(void *env, const char *line);

/** What to run. All zeros but `size` is a full run on the default backend, reported on standard output. */
typedef struct wrl_conformance_options {
    size_t size;                   /**< sizeof(wrl_conformance_options_t). */
    const char *backend;           /**< Name of a known backend, or NULL for the default; with "+exact_traps"
                                        at its end with that option. */
    const char *filter;            /**< Only tests whose name contains this, or NULL for all. */
    bool quiet;                    /**< Do not list the tests that pass. */
    bool alone;                    /**< Leave out the tests that need a second backend. */
    const char *not_a_backend;     /**< A shared object that holds no backend, or NULL if the host has none. */
    wrl_conformance_print_t print; /**< NULL for standard output. */
    void *print_env;               /**< Given to print. */
} wrl_conformance_options_t;

/** What came out. Every test that the filter lets through is counted exactly once. */
typedef struct wrl_conformance_counts {
    size_t passed;            /**< Ran and held. */
    size_t failed;            /**< Ran and did not hold, or contradicted the manifest. */
    size_t expected_failures; /**< Ran and failed, as the backend's manifest says. */
    size_t lacking;           /**< Did not run: the engine, host or build lacks what the test needs. */
} wrl_conformance_counts_t;

/**
 * Gets what came out, at the end.
 * @param env     What was given to wrl_conformance_run().
 * @param status  0 if nothing failed and at least one test was selected, otherwise 1.
 * @param counts  Valid during the call.
 */
typedef void (*wrl_conformance_end_t)(void *env, int status, const wrl_conformance_counts_t *counts);

/**
 * Runs the suite. The last line of the report is "N passed, N failed".
 * @param options  Not kept, but for its strings and print_env.
 * @param end      Called once: before this returns, or later from the host's event loop.
 * @param env      Given to it.
 */
void wrl_conformance_run(const wrl_conformance_options_t *options, wrl_conformance_end_t end, void *env);

/** Prints the names of the tests that the filter lets through, and what each needs. */
void wrl_conformance_list(const wrl_conformance_options_t *options);

#ifdef __cplusplus
}
#endif

#endif
