#include "turn.h"

#include "error.h"
#include "item.h"

#if WRL_STACK_KNOWN

static bool is_in_order(const wrl_store_t *store)
{
    if (store->runs_on_stack) {
        return wrl__stack_is_in_order(wrl__store_depth(store) > 0);
    }
    return !wrl__store_depth(store) || (store->entry != WRL_OUT_OF_ORDER && wrl__stack_is_inside(store->entry));
}

wrl_error_t *wrl__store_ended_early(wrl_store_t *store, wrl_error_t *error)
{
    store->entry = WRL_OUT_OF_ORDER;
    if (wrl__store_depth(store) == 1) {
        /* This is the last call, so all scratch space is unused. */
        wrl__scratch_release(&store->scratch, (wrl_scratch_mark_t){NULL, 0});
    }
    return error ? error : wrl_error_new(WRL_ERROR_HOST, "the call ended before a call nested in it");
}

static wrl_error_t *out_of_order(const wrl_store_t *store)
{
    return wrl__error_argument(
        "store", "a call of %s is in progress on another stack or thread, and this one is not nested in it",
        wrl__store_depth(store) ? "the same store" : store->backend->name);
}

#endif

bool wrl__store_has_room(const wrl_store_t *store)
{
#if WRL_FRAMES_VANISH
    wrl__calls_forget(WRL_CALLS_HERE());
#endif
    uint64_t depth = wrl__store_depth(store);
#if WRL_STACK_KNOWN
    if (!is_in_order(store)) {
        return false;
    }
#endif
#if WRL_FRAMES_VANISH
    if (!wrl__calls_reserve()) {
        return false;
    }
#endif
    return !store->is_ending && depth < store->max_depth &&
           wrl__stack_has(depth ? store->inner_stack : store->outer_stack);
}

wrl_error_t *wrl__store_no_room(const wrl_store_t *store)
{
    if (store->is_ending) {
        return wrl__store_not_ending(store);
    }
    uint64_t depth = wrl__store_depth(store);
#if WRL_STACK_KNOWN
    if (depth < store->max_depth && !is_in_order(store)) {
        return out_of_order(store);
    }
#endif
#if WRL_STACK_KNOWN
    if (depth < store->max_depth && !wrl__stack_is_known()) {
        return wrl_error_new(WRL_ERROR_OUT_OF_MEMORY, "the limits of this thread's native stack are unknown");
    }
#endif
#if WRL_FRAMES_VANISH
    if (depth < store->max_depth && wrl__stack_has(depth ? store->inner_stack : store->outer_stack)) {
        /* wrl__calls_reserve() has failed. A second attempt might succeed, so it is not repeated here. */
        return wrl__error_out_of_memory();
    }
#endif
    wrl_error_t *error = wrl__error_from_backend(WRL_ERROR_TRAP, WRL_TRAP_STACK_OVERFLOW, NULL, 0);
    if (depth < store->max_depth) {
        return wrl__error_prefix(
            error,
            "a call needs %zu bytes of native stack (stack_size, stack_reserve), more than this thread has left: ",
            depth ? store->inner_stack : store->outer_stack);
    }
    return wrl__error_prefix(error,
                             "more than %llu nested calls into the guest: ", (unsigned long long)store->max_depth);
}
