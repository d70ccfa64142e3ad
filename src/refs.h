/* Records of references and their lifetimes. The public functions are in ref.c and externref.c. */
#ifndef WRL_SRC_REFS_H
#define WRL_SRC_REFS_H

#include "store.h"

static inline wrl_ref_record_t *wrl__store_find_ref(const wrl_store_t *store, uint64_t store_id, uint64_t index)
{
    bool found = store && store_id == store->id && (uint32_t)index < store->refs_count;
    wrl_ref_record_t *record = found ? &store->refs[(uint32_t)index] : NULL;
    return found && record->round == index >> 32 && (record->held || record->borrowed) ? record : NULL;
}

static inline wrl_ref_record_t *wrl__store_ref_record(const wrl_store_t *store, wrl_ref_t ref)
{
    wrl_ref_record_t *record = wrl__store_find_ref(store, ref.store_id, ref.index);
    return record && record->form == WRL_REF_OTHER ? record : NULL;
}

static inline wrl_ref_record_t *wrl__store_externref(const wrl_store_t *store, wrl_externref_t externref)
{
    wrl_ref_record_t *record = wrl__store_find_ref(store, externref.store_id, externref.index);
    return record && record->form >= WRL_REF_FOREIGN ? record : NULL;
}

/* Who receives a reference that is passed to the host: the program, with a hold, or a host function, as a borrow. */
typedef enum wrl_getter { WRL_HOLD, WRL_BORROW } wrl_getter_t;

/* Turn the slot of a reference that was passed to the host into a handle. Take ownership of the backend's private data,
 * even if they fail. */
wrl_error_t *wrl__store_enter_ref(wrl_store_t *store, wrl_getter_t getter, wrl_raw_t *slot);
wrl_error_t *wrl__store_enter_externref(wrl_store_t *store, wrl_getter_t getter, wrl_raw_t *slot);
/* Drops the hold on a value that was lifted with WRL_HOLD. The slot has a handle that fits the type, or null. */
void wrl__store_drop_value(wrl_store_t *store, wrl_valtype_t type, const wrl_raw_t *slot);
/* Makes an externref in the backend, and a record for it. The caller fills in the rest of the record. */
wrl_error_t *wrl__store_make_own(wrl_store_t *store, uint32_t *index);
/* Ends the lifting of a host function's arguments. `mark` is borrows_count from before it. Releases borrows that are
 * left over from earlier host functions, and arguments that could not be borrowed. Returns the mark for
 * wrl__store_return_borrows(). */
size_t wrl__store_end_lift(wrl_store_t *store, size_t mark);
/* Marks a result of a callback: if it is a reference, it lasts until the backend has read it. */
void wrl__store_mark_result(wrl_store_t *store, wrl_valkind_t kind, wrl_raw_t value);
/* Ends the borrows of a host function. */
void wrl__store_return_borrows(wrl_store_t *store, size_t mark);
/* Releases what ended calls have left. The store's depth shows which calls have ended. */
void wrl__store_tidy_refs(wrl_store_t *store);
/* Records that guests have a place to keep references of the type, unless they are references to functions. */
void wrl__store_note_keeper(wrl_store_t *store, wrl_valtype_t type);
/* Ends the borrows of earlier host functions. Called before a host function without references, if has_late_work. */
void wrl__store_begin_host_call(wrl_store_t *store);
/* Runs finalizers that are due, unless one is running already. */
void wrl__store_finalize_dead(wrl_store_t *store);
/* Run all finalizers, and then free the memory, when the store is deleted. */
void wrl__store_finalize_refs(wrl_store_t *store);
void wrl__store_free_refs(wrl_store_t *store);

/* Returns the error for an invalid handle of a reference. */
wrl_error_t *wrl__store_bad_ref(const wrl_store_t *store, const char *name, uint64_t store_id, uint64_t index);

/* Changes the program's holds on a handle, which may be null. `record` is its record, or NULL if it is invalid. */
typedef enum wrl_hold_change { WRL_RETAIN, WRL_RELEASE, WRL_AUTORELEASE } wrl_hold_change_t;
wrl_error_t *wrl__store_change_holds(wrl_store_t *store, const char *name, wrl_raw_t handle,
                                     const wrl_ref_record_t *record, wrl_hold_change_t change);

#endif
