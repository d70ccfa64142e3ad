/*
 * Records of references, and their lifetimes. wrl/externref.h has the rule.
 *
 * A record is in use while the program holds it or host functions borrow it. When that ends, the core releases the
 * reference in the backend at once, with two exceptions:
 * - Borrows of a callback end when it returns, but the backend reads its results only afterwards. Borrowed references
 *   among the results are released later.
 * - The backend lifts all values of a call before the core reads the first one, and regards each as in use from then
 *   on. Several of them may be the same externref. A value that cannot be borrowed is released when the core has read
 *   all of them.
 */
#include "refs.h"

#include "alloc.h"
#include "error.h"
#include "item.h"
#include "wrl/ref.h"

#include <string.h>

/* A record that has ended this many times is not reused: its next handles would be equal to its first ones. */
#define LAST_ROUND UINT32_MAX

#define HELD_FOR_EVER UINT32_MAX

/* ---- Records ---- */

static void push(wrl_store_t *store, uint32_t *list, uint32_t index)
{
    store->refs[index].next = *list;
    *list = index + 1;
}

/* The list must not be empty. */
static uint32_t pop(wrl_store_t *store, uint32_t *list)
{
    uint32_t index = *list - 1;
    *list = store->refs[index].next;
    return index;
}

static bool take_record(wrl_store_t *store, uint32_t *index)
{
    if (store->free_refs) {
        *index = pop(store, &store->free_refs);
        return true;
    }
    if (store->refs_count >= UINT32_MAX - 1 ||
        !wrl__grow((void **)&store->refs, &store->refs_capacity, store->refs_count + 1, sizeof *store->refs)) {
        return false;
    }
    *index = (uint32_t)store->refs_count++;
    store->refs[*index] = (wrl_ref_record_t){.form = WRL_REF_FREE};
    return true;
}

/* Ends a record and puts it into the list for its new form, so that it can be reused. */
static void end_record(wrl_store_t *store, uint32_t index, wrl_ref_form_t form)
{
    wrl_ref_record_t *record = &store->refs[index];
    record->form = (uint8_t)form;
    if (record->round != LAST_ROUND) {
        record->round++;
        push(store, form == WRL_REF_IDLE ? &store->idle_refs : &store->free_refs, index);
    }
}

/* Whether values of the kind have records. References to functions need none: functions last as long as their store. */
static bool is_counted(wrl_valkind_t kind)
{
    return kind == WRL_VALKIND_EXTERNREF || kind == WRL_VALKIND_REF;
}

static bool is_in_use(const wrl_ref_record_t *record)
{
    return record->held || record->borrowed;
}

/* Whether the backend reports when guests have no copy of an externref. */
static bool has_collector(const wrl_store_t *store)
{
    return store->backend->externref_release;
}

/* Puts a record that is not in use into a list for later. */
static void put_off(wrl_store_t *store, uint32_t *list, uint32_t index)
{
    store->refs[index].is_listed = true;
    store->has_late_work = true;
    push(store, list, index);
}

/* Takes a record from such a list. Returns whether it is still not in use. */
static bool take_up(wrl_store_t *store, uint32_t *list, uint32_t *index)
{
    *index = pop(store, list);
    store->refs[*index].is_listed = false;
    return !is_in_use(&store->refs[*index]);
}

/* Releases the reference of a record that is not in use. */
static void drop(wrl_store_t *store, uint32_t index)
{
    wrl_ref_record_t *record = &store->refs[index];
    uint64_t word = record->word;
    switch (record->form) {
    case WRL_REF_OTHER:
        end_record(store, index, WRL_REF_FREE);
        store->backend->ref_release(store->backend_store, word);
        break;
    case WRL_REF_FOREIGN:
        if (has_collector(store)) {
            end_record(store, index, WRL_REF_FREE);
            store->backend->externref_release(store->backend_store, WRL_FOREIGN_EXTERNREF, word);
        }
        break;
    default:
        if (has_collector(store)) {
            store->backend->externref_release(store->backend_store, (uint64_t)index + 1, word);
        } else if (!store->keeps_refs) {
            put_off(store, &store->waiting_refs, index);
        }
    }
}

/* Drops a record after a hold or a borrow of it has ended, if it is not in use any more. `is_read_later`: the backend
 * or the core still has to read a value that refers to the record. */
static void look_after(wrl_store_t *store, uint32_t index, bool is_read_later)
{
    wrl_ref_record_t *record = &store->refs[index];
    if (is_in_use(record)) {
        return;
    }
    store->dropped_refs += record->form == WRL_REF_OWN;
    record->is_result = false;
    if (record->is_listed) {
        return;
    }
    if (is_read_later && (record->form == WRL_REF_OTHER || has_collector(store))) {
        put_off(store, &store->late_refs, index);
    } else {
        drop(store, index);
    }
}

static void unhold(wrl_store_t *store, uint32_t index)
{
    if (store->refs[index].held != HELD_FOR_EVER) {
        store->refs[index].held--;
        look_after(store, index, false);
    }
}

/* ---- New references, and references that are passed to the host ---- */

static bool borrow(wrl_store_t *store, uint32_t index)
{
    if (!wrl__grow((void **)&store->borrows, &store->borrows_capacity, store->borrows_count + 1,
                   sizeof *store->borrows)) {
        return false;
    }
    store->borrows[store->borrows_count++] = (wrl_borrow_t){index, (uint32_t)wrl__store_depth(store)};
    store->refs[index].borrowed++;
    return true;
}

/* Adds a hold or a borrow to a record, and writes its handle to the slot. */
static wrl_error_t *give(wrl_store_t *store, wrl_getter_t getter, uint32_t index, wrl_raw_t *slot)
{
    wrl_ref_record_t *record = &store->refs[index];
    store->dropped_refs -= record->form == WRL_REF_OWN && !is_in_use(record);
    if (getter == WRL_HOLD) {
        record->held += record->held != HELD_FOR_EVER;
    } else if (!borrow(store, index)) {
        look_after(store, index, true);
        return wrl__error_out_of_memory();
    }
    slot->ref = (wrl_ref_t){store->id, (uint64_t)record->round << 32 | index};
    return NULL;
}

/* Makes a record for private data that has none yet. */
static wrl_error_t *enter(wrl_store_t *store, wrl_getter_t getter, wrl_ref_form_t form, uint64_t word, wrl_raw_t *slot)
{
    uint32_t index;
    bool made = take_record(store, &index);
    store->keeps_refs = true;
    if (made) {
        store->refs[index].form = (uint8_t)form;
        store->refs[index].word = word;
        return give(store, getter, index, slot);
    }
    if (form == WRL_REF_OTHER) {
        store->backend->ref_release(store->backend_store, word);
    } else if (has_collector(store)) {
        store->backend->externref_release(store->backend_store, WRL_FOREIGN_EXTERNREF, word);
    }
    return wrl__error_out_of_memory();
}

wrl_error_t *wrl__store_enter_ref(wrl_store_t *store, wrl_getter_t getter, wrl_raw_t *slot)
{
    uint64_t word = slot->words[0];
    slot->ref = wrl_ref_null();
    return word ? enter(store, getter, WRL_REF_OTHER, word, slot) : NULL;
}

wrl_error_t *wrl__store_enter_externref(wrl_store_t *store, wrl_getter_t getter, wrl_raw_t *slot)
{
    uint64_t key = slot->words[0], word = slot->words[1];
    slot->ref = wrl_ref_null();
    if (key == 0) {
        return NULL;
    }
    if (key == WRL_FOREIGN_EXTERNREF) {
        return enter(store, getter, WRL_REF_FOREIGN, word, slot);
    }
    if (key > store->refs_count || store->refs[key - 1].form != WRL_REF_OWN) {
        wrl_error_t *error = wrl__store_not_ending(store);
        return error ? error : wrl_error_new(WRL_ERROR_UNSUPPORTED, "an externref that this library did not make");
    }
    return give(store, getter, (uint32_t)(key - 1), slot);
}

void wrl__store_drop_value(wrl_store_t *store, wrl_valtype_t type, const wrl_raw_t *slot)
{
    if (is_counted(wrl_valtype_value_kind(type)) && wrl__store_find_ref(store, slot->ref.store_id, slot->ref.index)) {
        unhold(store, (uint32_t)slot->ref.index);
    }
}

wrl_error_t *wrl__store_make_own(wrl_store_t *store, uint32_t *index)
{
    if (store->idle_refs) {
        if (!wrl__alloc_allowed(sizeof *store->refs)) {
            return wrl__error_out_of_memory();
        }
        *index = pop(store, &store->idle_refs);
        return NULL;
    }
    if (!take_record(store, index)) {
        return wrl__error_out_of_memory();
    }
    uint64_t word = 0;
    wrl_error_t *error = store->backend->externref_new(store->backend_store, (uint64_t)*index + 1, &word);
    if (error) {
        push(store, &store->free_refs, *index);
        return error;
    }
    store->refs[*index].word = word;
    return NULL;
}

/* ---- Host functions ---- */

static void unborrow(wrl_store_t *store, uint32_t index, bool may_be_result)
{
    store->refs[index].borrowed--;
    look_after(store, index, may_be_result && store->refs[index].is_result);
}

static void drop_late(wrl_store_t *store)
{
    uint32_t index;
    while (store->late_refs) {
        if (take_up(store, &store->late_refs, &index)) {
            drop(store, index);
        }
    }
}

size_t wrl__store_end_lift(wrl_store_t *store, size_t mark)
{
    drop_late(store);
    size_t first = mark;
    while (first && store->borrows[first - 1].depth >= wrl__store_depth(store)) {
        first--;
    }
    if (first < mark) {
        for (size_t i = first; i < mark; i++) {
            unborrow(store, store->borrows[i].index, false);
        }
        store->borrows_count -= mark - first;
        memmove(store->borrows + first, store->borrows + mark, (store->borrows_count - first) * sizeof *store->borrows);
    }
    return first;
}

void wrl__store_mark_result(wrl_store_t *store, wrl_valkind_t kind, wrl_raw_t value)
{
    wrl_ref_record_t *record =
        is_counted(kind) ? wrl__store_find_ref(store, value.ref.store_id, value.ref.index) : NULL;
    if (record) {
        record->is_result = true;
    }
}

void wrl__store_return_borrows(wrl_store_t *store, size_t mark)
{
    while (store->borrows_count > mark) {
        unborrow(store, store->borrows[--store->borrows_count].index, true);
    }
}

/* Ends the borrows of host functions of that depth or more. None of them runs any more. */
static void end_borrows(wrl_store_t *store, uint64_t depth)
{
    while (store->borrows_count && store->borrows[store->borrows_count - 1].depth >= depth) {
        unborrow(store, store->borrows[--store->borrows_count].index, false);
    }
    drop_late(store);
}

void wrl__store_begin_host_call(wrl_store_t *store)
{
    end_borrows(store, wrl__store_depth(store));
}

void wrl__store_tidy_refs(wrl_store_t *store)
{
    end_borrows(store, wrl__store_depth(store) + 1);
}

/* ---- The end of externrefs ---- */

/* Finds an externref of the program that nothing can refer to any more. Returns false if there is none. */
static bool next_dead(wrl_store_t *store, uint64_t depth, uint32_t *index)
{
    if (has_collector(store)) {
        uint64_t key = store->backend->externref_collected(store->backend_store);
        *index = (uint32_t)(key - 1);
        return key;
    }
    while (store->waiting_refs && depth == 0 && !store->keeps_refs) {
        if (take_up(store, &store->waiting_refs, index)) {
            return true;
        }
    }
    return false;
}

static void finalize(wrl_store_t *store, uint32_t index)
{
    const wrl_ref_record_t record = store->refs[index];
    store->dropped_refs--;
    /* Without a collector the engine keeps its externref, so the record and the externref are reused together. */
    end_record(store, index, has_collector(store) ? WRL_REF_FREE : WRL_REF_IDLE);
    if (record.finalizer) {
        record.finalizer(record.data);
    }
}

void wrl__store_finalize_dead(wrl_store_t *store)
{
    uint32_t index;
    if (!store->dropped_refs || store->is_reclaiming || !next_dead(store, wrl__store_depth(store), &index)) {
        return;
    }
    /* If a finalizer deletes the store, the deletion happens after this function returns. */
    store->is_reclaiming = true;
    do {
        finalize(store, index);
        /* The depth is read again: a finalizer may have switched to another stack, where a call began. */
    } while (next_dead(store, wrl__store_depth(store), &index));
    store->is_reclaiming = false;
    store->has_late_work |= store->waiting_refs && !store->keeps_refs;
}

void wrl__store_note_keeper(wrl_store_t *store, wrl_valtype_t type)
{
    store->keeps_refs |= is_counted(wrl_valtype_value_kind(type));
}

/*
 * A record ends before its finalizer runs, so that the finalizer cannot get the externref again from a table. The
 * record may be reused for other references that finalizers find in tables. Finalizers may also release externrefs
 * whose finalizers have not run yet: those then have one hold less.
 */
void wrl__store_finalize_refs(wrl_store_t *store)
{
    store->waiting_refs = 0;
    store->late_refs = 0;
    for (size_t i = 0; i < store->refs_count; i++) {
        const wrl_ref_record_t record = store->refs[i];
        store->refs[i].is_listed = false;
        if (record.form == WRL_REF_OWN && record.finalizer) {
            store->refs[i].held = 0;
            store->refs[i].borrowed = 0;
            end_record(store, (uint32_t)i, WRL_REF_FREE);
            record.finalizer(record.data);
        }
    }
}

void wrl__store_free_refs(wrl_store_t *store)
{
    wrl__free(store->refs);
    wrl__free(store->borrows);
}

wrl_error_t *wrl__store_bad_ref(const wrl_store_t *store, const char *name, uint64_t store_id, uint64_t index)
{
    if (store && store_id == store->id && (uint32_t)index < store->refs_count) {
        return wrl__error_argument(name, "was released");
    }
    return wrl__store_bad_handle(store, name, store_id, index);
}

wrl_error_t *wrl__store_change_holds(wrl_store_t *store, const char *name, wrl_raw_t handle,
                                     const wrl_ref_record_t *record, wrl_hold_change_t change)
{
    uint32_t index = (uint32_t)handle.ref.index;
    if (store && wrl_ref_is_null(handle.ref)) {
        return NULL;
    }
    if (!store || !record) {
        return wrl__store_bad_ref(store, name, handle.ref.store_id, handle.ref.index);
    }
    if (change == WRL_RETAIN) {
        store->refs[index].held += record->held != HELD_FOR_EVER;
        return NULL;
    }
    if (!record->held) {
        return wrl__error_argument(name, "is borrowed: there is no hold to release");
    }
    if (change == WRL_AUTORELEASE) {
        if (!borrow(store, index)) {
            return wrl__error_out_of_memory();
        }
        /* The host function may be one without references, which does not end its borrows when it returns. */
        store->has_late_work = true;
    }
    unhold(store, index);
    return NULL;
}
