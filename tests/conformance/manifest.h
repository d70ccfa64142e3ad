/**
 * @file
 * Manifests list the known limits and bugs of a backend. There is one file per backend in manifests/.
 *
 * A run checks a manifest in both directions. The run fails if the engine does not support a feature that the manifest
 * does not list, if the engine supports a listed feature, or if a listed test passes. For a backend without a manifest,
 * the features that it reports count, and no test may fail.
 */
#ifndef WRL_CONFORMANCE_MANIFEST_H
#define WRL_CONFORMANCE_MANIFEST_H

#include "wrl/feature.h"

/** A feature that the engine does not support. */
typedef struct wrl_manifest_lack {
    wrl_feature_t feature;
    const char *reason;
    const char *issue; /**< The URL of the engine's issue, or NULL. */
} wrl_manifest_lack_t;

/** A test that fails because of a bug or limit of the engine. It runs and must fail. */
typedef struct wrl_manifest_failure {
    const char *test;
    const char *reason;
    const char *issue; /**< The URL of the engine's issue, or NULL. */
} wrl_manifest_failure_t;

/** The known limits of a backend. */
typedef struct wrl_manifest {
    const char *backend;
    const wrl_manifest_lack_t *lacks;
    size_t lack_count;
    const wrl_manifest_failure_t *failures;
    size_t failure_count;
} wrl_manifest_t;

/**
 * Returns whether the host's JS engine compiles a module synchronously. Browsers may refuse large modules on a page's
 * main thread. True on hosts without JS.
 */
bool wrl_manifest_js_waits_for(const uint8_t *bytes, size_t size);

/** Returns the manifest of a backend, with or without exact_traps, or NULL. */
const wrl_manifest_t *wrl_manifest_find(const char *backend, bool exact_traps);

#endif
