/*
 * The proposals that engines may lack, each with a guest of the suite that uses it. Backends that try what their engine
 * can do have modules of their own for that.
 */
#ifndef WRL_CONFORMANCE_PROPOSALS_H
#define WRL_CONFORMANCE_PROPOSALS_H

#include "guests.h"
#include "wrl/feature.h"

typedef struct wrl_proposal {
    wrl_feature_t feature;
    const wrl_guest_t *guest; /* Its run() gives 42. */
} wrl_proposal_t;

extern const wrl_proposal_t wrl_proposals[];
extern const size_t wrl_proposal_count;

#endif
