/* Values of scripts as values of the layer. */
#ifndef SPEC_VALUE_H
#define SPEC_VALUE_H

#include "message.h"
#include "script.h"
#include "wrl.h"

/* The host's references of one file: (ref.extern 3) is the same reference each
 * time, and (ref.host 3) is that as an anyref. Only a guest can make one of the
 * other. */
typedef struct spec_refs {
    wrl_store_t *store;
    struct spec_ref {
        uint32_t number;
        wrl_externref_t externref;
    } * refs;
    size_t count;
    bool asked;             /* Whether it was tried to make the following. */
    bool converts;          /* They are there. */
    wrl_func_t internalize; /* From an externref to an anyref. */
    wrl_func_t externalize; /* Back. */
} spec_refs_t;

void spec_refs_clear(spec_refs_t *refs);

/* What became of a value on its way. */
typedef enum spec_crossing {
    SPEC_CROSSED,
    SPEC_CANNOT_CROSS, /* The layer has no values of its type. */
    SPEC_WENT_WRONG
} spec_crossing_t;

/* The value for a parameter of that type. `why` gets what keeps it from
 * crossing. */
spec_crossing_t spec_value_make(spec_refs_t *refs, const spec_value_t *value, wrl_valtype_t type, wrl_val_t *made,
                                spec_message_t *why);

/* The pointer of an externref that came out of an anyref; false if it is none
 * of the host's. */
bool spec_refs_host(spec_refs_t *refs, const wrl_val_t *anyref, uint32_t *number);

/* For messages. */
void spec_message_add_val(spec_message_t *text, wrl_store_t *store, const wrl_val_t *value);
void spec_message_add_value(spec_message_t *text, const spec_value_t *value);

#endif
