/* Converts values of scripts to values of the layer. */
#ifndef SPEC_VALUE_H
#define SPEC_VALUE_H

#include "message.h"
#include "script.h"
#include "wrl.h"

/* The host's references of one file. (ref.extern 3) is the same reference each time, and (ref.host 3) is that reference
 * as an anyref. Only a guest can convert between the two. */
typedef struct spec_refs {
    wrl_store_t *store;
    struct spec_ref {
        uint32_t number;
        wrl_externref_t externref;
    } * refs;
    size_t count;
    bool asked;             /* Whether the runner has tried to make the functions below. */
    bool converts;          /* Whether the functions exist. */
    wrl_func_t internalize; /* From an externref to an anyref. */
    wrl_func_t externalize; /* Back. */
} spec_refs_t;

void spec_refs_clear(spec_refs_t *refs);

/* The result of a conversion. */
typedef enum spec_crossing {
    SPEC_CROSSED,
    SPEC_CANNOT_CROSS, /* The layer has no values of this type. */
    SPEC_WENT_WRONG
} spec_crossing_t;

/* Makes the value for a parameter of that type. `why` receives the reason if there is none. */
spec_crossing_t spec_value_make(spec_refs_t *refs, const spec_value_t *value, wrl_valtype_t type, wrl_val_t *made,
                                spec_message_t *why);

/* Gets the number of an externref that was converted from an anyref. Returns false if it is not one of the host's. */
bool spec_refs_host(spec_refs_t *refs, const wrl_val_t *anyref, uint32_t *number);

/* Adds a value to a message. */
void spec_message_add_val(spec_message_t *text, wrl_store_t *store, const wrl_val_t *value);
void spec_message_add_value(spec_message_t *text, const spec_value_t *value);

#endif
