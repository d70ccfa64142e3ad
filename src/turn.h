/* Calls into guests: checks whether a call may begin, begins it and ends it. */
#ifndef WRL_SRC_TURN_H
#define WRL_SRC_TURN_H

#include "calls.h"
#include "compiler.h"
#include "stack.h"
#include "store.h"

/*
 * The order of calls. A nested call has to end before the call that it is nested in. Coroutines could break this order,
 * and a broken order can be detected but not repaired. So a call is refused unless it is nested in the innermost call
 * of its store: the frame of that innermost call has to be among the calling frames. On engines that run guests on the
 * native stack, the same applies to the innermost call of the thread.
 */

#if WRL_STACK_KNOWN

/* The store's `entry` once calls have ended out of order. No frame has this address. */
#define WRL_OUT_OF_ORDER ((uintptr_t)1)

/* Handles a call that ends before a call nested in it. Returns `error`, or a new error if `error` is NULL. */
wrl_error_t *wrl__store_ended_early(wrl_store_t *store, wrl_error_t *error);

#endif

/*
 * Whether a call may begin: checks the number of nested calls, the thread's native stack, and the order of calls.
 * Always false on a stack that is not the thread's own; the caller then uses wrl__store_has_room().
 *
 * Where the limits of the stack are known, the caller states whether the call is nested (`is_inner`). The result is
 * false if `is_inner` is wrong. `is_inner` is a parameter because computing it here would cost outermost calls
 * registers.
 */
static WRL_INLINE bool wrl__store_has_plain_room(const wrl_store_t *store, bool is_inner)
{
#if WRL_STACK_KNOWN
    uint64_t depth = wrl__store_depth(store);
    uintptr_t left = WRL_STACK_HERE() - wrl__stack.low;
    if (!is_inner) {
        return depth == 0 && left >= store->outer_stack && left < wrl__stack.size;
    }
    uintptr_t above = store->runs_on_stack ? wrl__stack.size : store->entry - wrl__stack.low;
    return depth && depth < store->max_depth && left >= store->inner_stack && left < wrl__stack.size && left < above &&
           above < wrl__stack.whole;
#elif WRL_FRAMES_VANISH
    (void)is_inner;
    if (WRL_UNLIKELY(wrl__calls.count && !wrl__calls_are_live(WRL_CALLS_HERE()))) {
        wrl__calls_forget(WRL_CALLS_HERE());
    }
    return wrl__store_depth(store) < store->max_depth && wrl__calls.count < wrl__calls.capacity &&
           (!wrl__calls.count || wrl__stack_has(store->inner_stack));
#else
    (void)is_inner;
    return wrl__store_depth(store) < store->max_depth;
#endif
}

/* Whether a call may begin. Slower, but works on any stack. */
bool wrl__store_has_room(const wrl_store_t *store);

/* Returns the error for a call that may not begin. */
wrl_error_t *wrl__store_no_room(const wrl_store_t *store);

/* State that a call changes when it begins and restores when it ends. */
typedef struct wrl_turn {
#if WRL_FRAMES_VANISH
    uint64_t depth;
    uint32_t call;
#endif
    uintptr_t outer; /* wrl__stack.size, or the store's `entry` if the engine does not run guests on the stack. */
    uintptr_t entry; /* wrl__stack.entry, if wrl__stack.size is WRL_STACK_FOREIGN. */
} wrl_turn_t;

/* Begins a call into the guest. The caller has checked that the call may begin; `is_plain` is the result of
 * wrl__store_has_plain_room(). The same function must pass the returned state to wrl__store_leave(). */
static WRL_INLINE wrl_turn_t wrl__store_enter(wrl_store_t *store, bool is_plain, bool runs_on_stack)
{
    wrl_turn_t turn = {0};
#if WRL_FRAMES_VANISH
    turn.depth = wrl__store_depth(store);
    turn.call = wrl__calls_begin(store, WRL_CALLS_HERE());
#endif
    store->runs++;
#if WRL_STACK_KNOWN
    uintptr_t here = WRL_STACK_HERE();
    if (!runs_on_stack) {
        turn.outer = store->entry;
        store->entry = here;
    } else {
        turn.outer = wrl__stack.size;
        if (is_plain) {
            wrl__stack.size = here - wrl__stack.low;
        } else {
            turn.entry = wrl__stack.entry;
            wrl__stack_enter_slowly(here);
        }
    }
#else
    (void)is_plain;
    (void)runs_on_stack;
#endif
    return turn;
}

/* Ends a call that wrl__store_enter() began. Returns `error`. If `error` is NULL and the call was not the innermost
 * one, returns an error that reports the wrong order. */
static WRL_INLINE wrl_error_t *wrl__store_leave(wrl_store_t *store, wrl_turn_t turn, bool is_plain, bool runs_on_stack,
                                                wrl_error_t *error)
{
#if WRL_STACK_KNOWN
    if (runs_on_stack) {
        wrl__stack.size = turn.outer;
        if (!is_plain) {
            wrl__stack.entry = turn.entry;
        }
    } else if (WRL_UNLIKELY(store->entry != WRL_STACK_HERE())) {
        error = wrl__store_ended_early(store, error);
    } else {
        store->entry = turn.outer;
    }
#else
    (void)is_plain;
    (void)runs_on_stack;
#endif
#if WRL_FRAMES_VANISH
    if (WRL_UNLIKELY(error) && turn.depth == 0 && store->backend->calls_lost) {
        /* Frames that have vanished may not have released scratch space. */
        wrl__scratch_release(&store->scratch, (wrl_scratch_mark_t){NULL, 0});
    }
    wrl__calls_end(turn.call);
    store->runs = (store->runs & ~(WRL_ONE_RUN - 1)) + (WRL_ONE_RUN + turn.depth);
#else
    store->runs += WRL_ONE_RUN - 1; /* One run more, one level of depth less. */
#endif
    return WRL_UNLIKELY(store->has_late_work) ? wrl__store_finish_late(store, error) : error;
}

/* Releases the scratch space of a call, unless a later call that took scratch space is still in progress. `entry` is
 * the value of the store's `entry` when the space was taken. */
static inline void wrl__store_release_scratch(wrl_store_t *store, wrl_scratch_mark_t mark, uintptr_t entry)
{
#if WRL_STACK_KNOWN
    if (store->entry != entry || entry == WRL_OUT_OF_ORDER) {
        return;
    }
#else
    (void)entry;
#endif
    wrl__scratch_release(&store->scratch, mark);
}

#endif
