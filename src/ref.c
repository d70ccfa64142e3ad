#include "wrl/ref.h"

#include "alloc.h"
#include "error.h"
#include "store.h"

#include <string.h>

/* A record that was released so often is not used again: its next handles would be equal to its first ones. */
#define LAST_ROUND UINT32_MAX

static wrl_error_t *bad_ref(const wrl_store_t *store, wrl_ref_t ref)
{
    if (store && ref.store_id == store->id && (uint32_t)ref.index < store->refs_count) {
        return wrl_error_argument("ref", "was released");
    }
    return wrl_store_bad_handle(store, "ref", ref.store_id, ref.index);
}

static bool take_record(wrl_store_t *store, uint32_t *index)
{
    if (store->free_ref) {
        *index = store->free_ref - 1;
        store->free_ref = store->refs[*index].next;
        return true;
    }
    if (store->refs_count >= UINT32_MAX - 1 ||
        !wrl_grow((void **)&store->refs, &store->refs_capacity, store->refs_count + 1, sizeof *store->refs)) {
        return false;
    }
    *index = (uint32_t)store->refs_count++;
    store->refs[*index] = (wrl_ref_record_t){0, 0, 0};
    return true;
}

wrl_error_t *wrl_store_enter_ref(wrl_store_t *store, uint64_t word, wrl_ref_t *ref)
{
    uint32_t index;
    if (!take_record(store, &index)) {
        store->backend->ref_release(store->backend_store, word);
        return wrl_error_out_of_memory();
    }
    wrl_ref_record_t *record = &store->refs[index];
    record->word = word;
    ref->store_id = store->id;
    ref->index = (uint64_t)record->round << 32 | index;
    return NULL;
}

wrl_error_t *wrl_ref_type(wrl_store_t *store, wrl_ref_t ref, wrl_valtype_t *type)
{
    if (!type) {
        return wrl_error_null("type");
    }
    memset(type, 0, sizeof *type);
    const wrl_ref_record_t *record = wrl_store_ref_record(store, ref);
    if (!record) {
        return bad_ref(store, ref);
    }
    type->kind = WRL_VALKIND_REF;
    type->heap = store->backend->ref_heap(store->backend_store, record->word);
    return NULL;
}

wrl_error_t *wrl_ref_release(wrl_store_t *store, wrl_ref_t ref)
{
    if (store && wrl_ref_is_null(ref)) {
        return NULL;
    }
    wrl_ref_record_t *record = wrl_store_ref_record(store, ref);
    if (!record) {
        return bad_ref(store, ref);
    }
    store->backend->ref_release(store->backend_store, record->word);
    record->word = 0;
    if (record->round != LAST_ROUND) {
        record->round++;
        record->next = store->free_ref;
        store->free_ref = (uint32_t)ref.index + 1;
    }
    return NULL;
}
