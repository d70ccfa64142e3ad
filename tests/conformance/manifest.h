/**
 * @file
 * Manifests: what is known to be missing or wrong in a backend. One file per backend in manifests/.
 *
 * A manifest is a promise that is checked from both sides. A feature that the engine lacks and the manifest does not
 * list fails the run, as does a listed feature that the engine has after all; so does a listed test that passes. A
 * backend without a manifest is taken at its word about features, and none of its tests may fail.
 */
#ifndef WRL_CONFORMANCE_MANIFEST_H
#define WRL_CONFORMANCE_MANIFEST_H

#include "wrl/feature.h"

/** A feature that the engine lacks. */
typedef struct wrl_manifest_lack {
    wrl_feature_t feature;
    const char *reason;
    const char *issue; /**< Address of the engine's issue, or NULL. */
} wrl_manifest_lack_t;

/** A test that fails because of a bug or limit of the engine. It is run and must fail. */
typedef struct wrl_manifest_failure {
    const char *test;
    const char *reason;
    const char *issue; /**< Address of the engine's issue, or NULL. */
} wrl_manifest_failure_t;

/** All that is known of a backend. */
typedef struct wrl_manifest {
    const char *backend;
    const wrl_manifest_lack_t *lacks;
    size_t lack_count;
    const wrl_manifest_failure_t *failures;
    size_t failure_count;
} wrl_manifest_t;

/**
 * Whether the engine of the host's own JS compiles a module while the calling thread waits: browsers may refuse that to
 * the main thread of a page, for large modules. True where there is no JS.
 */
bool wrl_manifest_js_waits_for(const uint8_t *bytes, size_t size);

/** The manifest of a backend, with or without the option, or NULL. */
const wrl_manifest_t *wrl_manifest_find(const char *backend, bool exact_traps);

#endif
