/**
 * @file
 * The conformance suite as a library, for hosts that have no command line (a browser, Python).
 *
 * The suite uses only the public interface. It runs every test on one backend, in one thread unless it was compiled
 * with WRL_CONFORMANCE_THREADS. It reads no files except those that the options name. On hosts with an event loop
 * instead of threads, some tests end in the event loop, and so does the run.
 */
#ifndef WRL_CONFORMANCE_H
#define WRL_CONFORMANCE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Receives one line of the report, without a newline. */
typedef void (*wrl_conformance_print_t)(void *env, const char *line);

/** What to run. With all fields but `size` zero: every test on the default backend, reported on standard output. */
typedef struct wrl_conformance_options {
    size_t size;                   /**< sizeof(wrl_conformance_options_t). */
    const char *backend;           /**< The id of a known backend, or NULL for the default. "+exact_traps" at its end
                                    * selects that option. */
    const char *filter;            /**< Only tests whose name contains this, or NULL for all. */
    bool quiet;                    /**< Omits passed tests from the report. */
    bool alone;                    /**< Skips the tests that need a second backend. */
    const char *not_a_backend;     /**< A shared object without a backend, or NULL if the host has none. */
    wrl_conformance_print_t print; /**< NULL for standard output. */
    void *print_env;               /**< Passed to print. */
} wrl_conformance_options_t;

/** The results. Every test that the filter selects is counted exactly once. */
typedef struct wrl_conformance_counts {
    size_t passed;            /**< Passed. */
    size_t failed;            /**< Failed, or contradicted the manifest. */
    size_t expected_failures; /**< Failed as the backend's manifest expects. */
    size_t lacking;           /**< Not run: the engine, host or build does not support what the test needs. */
} wrl_conformance_counts_t;

/**
 * Receives the results at the end of a run.
 * @param env     The pointer that was passed to wrl_conformance_run().
 * @param status  0 if nothing failed and at least one test was selected, otherwise 1.
 * @param counts  Valid during the call.
 */
typedef void (*wrl_conformance_end_t)(void *env, int status, const wrl_conformance_counts_t *counts);

/**
 * Runs the suite. The last line of the report is "N passed, N failed".
 * @param options  Copied, except for its strings and print_env.
 * @param end      Called once: before this returns, or later from the host's event loop.
 * @param env      Passed to `end`.
 */
void wrl_conformance_run(const wrl_conformance_options_t *options, wrl_conformance_end_t end, void *env);

/** Prints the names of the tests that the filter selects, and what each test needs. */
void wrl_conformance_list(const wrl_conformance_options_t *options);

#ifdef __cplusplus
}
#endif

#endif
