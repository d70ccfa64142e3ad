/*
 * The proposals that engines may not support. Each has a guest that uses it. Backends that probe their engine use
 * modules of their own.
 */
#ifndef WRL_CONFORMANCE_PROPOSALS_H
#define WRL_CONFORMANCE_PROPOSALS_H

#include "guests.h"
#include "wrl/feature.h"

typedef struct wrl_proposal {
    wrl_feature_t feature;
    const wrl_guest_t *guest; /* Its run() returns 42. */
} wrl_proposal_t;

extern const wrl_proposal_t wrl_proposals[];
extern const size_t wrl_proposal_count;

#endif
