/*
 * Stores: internals. A store has a record of each object that a handle can refer to. Handles hold the index of the
 * record. Records are never removed. Arrays of records may move while guest code runs, so a pointer to a record is not
 * used after a call of a backend's function that can run guest code.
 */
#ifndef WRL_SRC_STORE_H
#define WRL_SRC_STORE_H

#include "alloc.h"
#include "engine.h"
#include "idmap.h"
#include "record.h"
#include "scratch.h"
#include "wrl/store.h"

#define WRL_RECORDS(type, name)                                                                                        \
    type *name;                                                                                                        \
    size_t name##_count;                                                                                               \
    size_t name##_capacity

struct wrl_store {
    uint64_t id;
    const wrl_backend_t *backend;
    void *backend_store;
    WRL_RECORDS(wrl_func_record_t, funcs);
    uint64_t runs; /* See wrl__store_depth and wrl__store_guest_runs. */
    uint64_t max_depth;
    size_t outer_stack;    /* The native stack that an outermost call needs. */
    size_t inner_stack;    /* The native stack that a nested call needs. */
    uintptr_t entry;       /* An address in the frame that began the innermost call. Unused if runs_on_stack. */
    bool runs_on_stack;    /* The engine runs guests on the native stack. */
    bool has_late_work;    /* To do when a call ends: delete the store, or release references. */
    bool delete_when_idle; /* has_late_work is set as well. */
    bool is_reclaiming;    /* A finalizer is running. */
    bool is_ending;        /* wrl_store_delete() is running the remaining finalizers; it then frees everything. */
    bool keeps_refs;       /* A guest of the store may keep references; see wrl/externref.h. */
    wrl_engine_t *engine;
    void *data;
    wrl_finalizer_t finalizer;
    WRL_RECORDS(wrl_global_record_t, globals);
    WRL_RECORDS(wrl_memory_record_t, memories);
    WRL_RECORDS(wrl_table_record_t, tables);
    WRL_RECORDS(wrl_tag_record_t, tags);
    WRL_RECORDS(wrl_ref_record_t, refs);
    WRL_RECORDS(wrl_borrow_t, borrows); /* Innermost host function last. */
    /* Lists of reference records. Each holds the index of its first record plus one, or 0 if it is empty. */
    uint32_t free_refs;
    uint32_t idle_refs;
    uint32_t waiting_refs; /* Dropped records, if the backend cannot report when no guest has a copy any more. */
    uint32_t late_refs;    /* Not in use any more, but a value that refers to them still has to be read. */
    size_t dropped_refs;   /* The number of dropped records. */
    WRL_RECORDS(wrl_instance_record_t, instances);
    wrl_idmap_t known; /* Maps the backend's identities to records, and types to their copies. */
    wrl_host_t *hosts;
    WRL_RECORDS(wrl_functype_t *, types); /* Those that the engine reported. */
    wrl_arena_t export_types; /* The types of exports that were looked up. Modules keep types in a compact form only. */
    wrl_scratch_t scratch;
#ifdef WRL_CHECK_TYPES
    /* Receives the type that the engine reports. Too large for the stack of a host function, and for thread-local
     * storage: glibc reserves about 2 KB of static TLS for all libraries that are loaded with dlopen(). */
    wrl_valtype_t told_types[2 * WRL_MAX_PARAMS];
#endif
};

struct wrl_caller {
    wrl_store_t *store;
    void *backend_caller;
};

/*
 * wrl_store::runs holds two counts in one number, since each call changes both. The low bits count the nested calls in
 * progress. The bits above count how many times guest code has run: whenever it has, memories may have grown.
 */
#define WRL_DEPTH_BITS 16
#define WRL_ONE_RUN ((uint64_t)1 << WRL_DEPTH_BITS)
_Static_assert(WRL_MAX_REENTRY < WRL_ONE_RUN, "the depth fits its bits");

static inline uint64_t wrl__store_depth(const wrl_store_t *store)
{
    return store->runs & (WRL_ONE_RUN - 1);
}

static inline uint64_t wrl__store_guest_runs(const wrl_store_t *store)
{
    return store->runs >> WRL_DEPTH_BITS;
}

/* Records that guest code has run, or that memories may have grown by other means. */
static inline void wrl__store_note_run(wrl_store_t *store)
{
    store->runs += WRL_ONE_RUN;
}

/* Does the work that has_late_work stands for: releases references, and deletes the store if the program has requested
 * that and no call is in progress. Returns `error`. */
wrl_error_t *wrl__store_finish_late(wrl_store_t *store, wrl_error_t *error);

/* Deletes the store, at once or when no call is in progress any more. */
void wrl__store_end(wrl_store_t *store);

/* Runs finalizers that are due, unless one is running already. May delete the store. */
void wrl__store_reclaim(wrl_store_t *store);
/* Cleans up after a call that ended without wrl__store_leave() and is no longer counted. May delete the store. */
void wrl__store_call_vanished(wrl_store_t *store);

#endif
