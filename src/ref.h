/* The program's holds on references, for ref.c and externref.c. */
#ifndef WRL_SRC_REF_H
#define WRL_SRC_REF_H

#include "refs.h"

/* Changes the holds of a handle, and runs finalizers that are due. May delete the store. */
wrl_error_t *wrl__ref_change_holds(wrl_store_t *store, const char *name, wrl_raw_t handle,
                                   const wrl_ref_record_t *record, wrl_hold_change_t change);

#endif
