/*
 * Stores: private parts. A store keeps a record of everything that a handle can name. Records are found by index and
 * never removed. Arrays of records may move whenever the engine may call back, so pointers to records do not outlive a
 * call into a backend's function that can run guest code.
 */
#ifndef WRL_SRC_STORE_H
#define WRL_SRC_STORE_H

#include "alloc.h"
#include "calls.h"
#include "compiler.h"
#include "engine.h"
#include "idmap.h"
#include "module.h"
#include "scratch.h"
#include "stack.h"
#include "wrl/extern.h"
#include "wrl/func.h"
#include "wrl/store.h"

/* Functions with at most so many slots are called by the shortest way. */
#define WRL_QUICK_SLOTS 16

/* The call path reads one of these; it is kept small. */
typedef struct wrl_func_record {
    wrl_backend_entry_t quick; /* The entry, if the function has few values and none is a reference, else NULL. */
    wrl_backend_ref_t ref;
    const wrl_functype_t *type; /* Owned by a host function or the store. */
    uint16_t param_count;
    uint16_t result_count;
    uint16_t slot_count;       /* Parameters or results, whichever is more. */
    wrl_backend_entry_t entry; /* NULL if the function cannot be called. */
} wrl_func_record_t;

typedef struct wrl_global_record {
    wrl_backend_ref_t ref;
    wrl_globaltype_t type;
} wrl_global_record_t;

/* More than wrl_store_guest_runs() can count to. */
#define WRL_NEVER_SEEN UINT64_MAX

typedef struct wrl_memory_record {
    uint8_t *data;    /* Where the memory lay, and how large it was, when wrl_store_guest_runs() was seen_at. */
    uint64_t size;    /* In bytes. */
    uint64_t seen_at; /* WRL_NEVER_SEEN at first. */
    wrl_backend_ref_t ref;
    wrl_memorytype_t type;
} wrl_memory_record_t;

typedef struct wrl_table_record {
    wrl_backend_ref_t ref;
    wrl_tabletype_t type;
} wrl_table_record_t;

typedef struct wrl_tag_record {
    wrl_backend_ref_t ref;
    wrl_functype_t type;
} wrl_tag_record_t;

/* What a record of a reference stands for. */
typedef enum wrl_ref_form {
    WRL_REF_FREE,    /* Nothing: it is used again. */
    WRL_REF_IDLE,    /* An externref of the engine's that no guest has, to be used again together with it. */
    WRL_REF_OTHER,   /* What wrl_ref_t is a handle of. */
    WRL_REF_FOREIGN, /* An externref that the guest made, of something of its own. */
    WRL_REF_OWN      /* An externref of the program. Its key is the record's index + 1. */
} wrl_ref_form_t;

/*
 * A reference. A handle's index is the record's, with its round above. It is good while the program holds the record or
 * host functions borrow it. A record of another form than WRL_REF_OWN ends with the last of both. One of that form may
 * be reached by guests for longer: it is *dropped* meanwhile.
 */
typedef struct wrl_ref_record {
    uint64_t word; /* The backend's. */
    void *data;    /* Of WRL_REF_OWN, as is the next. */
    wrl_finalizer_t finalizer;
    uint32_t round; /* How often the record has ended. */
    uint32_t held;  /* UINT32_MAX is for ever. */
    uint32_t borrowed;
    uint32_t next;  /* In the one list that it is in: one more than the index of the next record. */
    uint8_t form;   /* wrl_ref_form_t */
    bool is_result; /* Of the callback that has just returned. */
    bool is_listed; /* In the store's waiting_refs or late_refs. */
} wrl_ref_record_t;

/* That a host function borrows a record. */
typedef struct wrl_borrow {
    uint32_t index;
    uint32_t depth; /* Of the call that the host function was called from. */
} wrl_borrow_t;

typedef struct wrl_instance_record {
    wrl_backend_ref_t ref; /* Zero until the instance is made or is first a caller. */
    wrl_module_t *module;
    wrl_extern_t *imports; /* In the module's order. */
    wrl_extern_t *exports; /* In the module's order; of kind WRL_EXTERN_NONE until first asked for. */
} wrl_instance_record_t;

/* A host function. It starts with what the backend sees of it. */
typedef struct wrl_host {
    wrl_host_func_t base;
    wrl_store_t *store;
    wrl_func_callback_t callback;
    wrl_func_callback_raw_t callback_raw;
    void *env;
    wrl_finalizer_t finalizer;
    wrl_functype_t *type;
    bool has_refs; /* The type has. */
    struct wrl_host *next;
} wrl_host_t;

/* A type that came from the engine and belongs to the store. */
typedef struct wrl_owned_type {
    wrl_functype_t *type;
    struct wrl_owned_type *next;
} wrl_owned_type_t;

#define WRL_RECORDS(type, name)                                                                                        \
    type *name;                                                                                                        \
    size_t name##_count;                                                                                               \
    size_t name##_capacity

struct wrl_store {
    uint64_t id;
    const wrl_backend_t *backend;
    void *backend_store;
    WRL_RECORDS(wrl_func_record_t, funcs);
    uint64_t runs; /* See wrl_store_depth and wrl_store_guest_runs. */
    uint64_t max_depth;
    size_t outer_stack; /* Native stack that an outermost call needs, and one inside another. */
    size_t inner_stack;
    uintptr_t entry;    /* An address in the frame where the innermost call under way began, unless it runs_on_stack. */
    bool runs_on_stack; /* The engine runs guests on the native stack. */
    bool has_late_work; /* For when a call has ended: deletion, or references to release. */
    bool delete_when_idle; /* has_late_work is set, too. */
    bool is_reclaiming;
    bool is_ending;  /* Finalizers run, then all is freed. */
    bool keeps_refs; /* A guest of the store may keep references; see wrl/externref.h. */
    wrl_engine_t *engine;
    void *data;
    wrl_finalizer_t finalizer;
    WRL_RECORDS(wrl_global_record_t, globals);
    WRL_RECORDS(wrl_memory_record_t, memories);
    WRL_RECORDS(wrl_table_record_t, tables);
    WRL_RECORDS(wrl_tag_record_t, tags);
    WRL_RECORDS(wrl_ref_record_t, refs);
    WRL_RECORDS(wrl_borrow_t, borrows); /* Innermost host function last. */
    /* Lists of records: one more than the index of the first; 0 for none. */
    uint32_t free_refs;
    uint32_t idle_refs;
    uint32_t waiting_refs; /* Dropped ones, of a backend that cannot tell when guests have no copy. */
    uint32_t late_refs;    /* Those that ended while a value that is one had yet to be read, by the backend or here. */
    size_t dropped_refs;   /* How many records are dropped. */
    WRL_RECORDS(wrl_instance_record_t, instances);
    wrl_idmap_t known; /* From the backend's names to records. */
    wrl_host_t *hosts;
    wrl_owned_type_t *types;
    wrl_arena_t export_types; /* Of the exports that were asked for: modules keep only what types are made of. */
    wrl_scratch_t scratch;
#ifdef WRL_CHECK_TYPES
    /* The engine's answer. Too large for the stack of a host function, and for thread-local memory: a library that is
     * loaded late shares what glibc keeps for that, about 2 KB. */
    wrl_valtype_t told_types[2 * WRL_MAX_PARAMS];
#endif
};

struct wrl_caller {
    wrl_store_t *store;
    void *backend_caller;
};

/* ---- From handles to records: NULL if the handle is not of this store ---- */

static inline wrl_func_record_t *wrl_store_func(const wrl_store_t *store, wrl_func_t func)
{
    return store && func.store_id == store->id && func.index < store->funcs_count ? &store->funcs[func.index] : NULL;
}

#define WRL_DEFINE_RECORD_LOOKUP(noun, record_type, array)                                                             \
    static inline record_type *wrl_store_##noun(const wrl_store_t *store, wrl_##noun##_t handle)                       \
    {                                                                                                                  \
        return store && handle.store_id == store->id && handle.index < store->array##_count                            \
                   ? &store->array[handle.index]                                                                       \
                   : NULL;                                                                                             \
    }

WRL_DEFINE_RECORD_LOOKUP(global, wrl_global_record_t, globals)
WRL_DEFINE_RECORD_LOOKUP(memory, wrl_memory_record_t, memories)
WRL_DEFINE_RECORD_LOOKUP(table, wrl_table_record_t, tables)
WRL_DEFINE_RECORD_LOOKUP(tag, wrl_tag_record_t, tags)

static inline wrl_ref_record_t *wrl_store_find_ref(const wrl_store_t *store, uint64_t store_id, uint64_t index)
{
    bool found = store && store_id == store->id && (uint32_t)index < store->refs_count;
    wrl_ref_record_t *record = found ? &store->refs[(uint32_t)index] : NULL;
    return found && record->round == index >> 32 && (record->held || record->borrowed) ? record : NULL;
}

static inline wrl_ref_record_t *wrl_store_ref_record(const wrl_store_t *store, wrl_ref_t ref)
{
    wrl_ref_record_t *record = wrl_store_find_ref(store, ref.store_id, ref.index);
    return record && record->form == WRL_REF_OTHER ? record : NULL;
}

static inline wrl_ref_record_t *wrl_store_externref(const wrl_store_t *store, wrl_externref_t externref)
{
    wrl_ref_record_t *record = wrl_store_find_ref(store, externref.store_id, externref.index);
    return record && record->form >= WRL_REF_FOREIGN ? record : NULL;
}

/* Whether the backend has reported its reference to the instance. */
static inline bool wrl_store_is_known(const wrl_instance_record_t *record)
{
    return record->ref.words[0] || record->ref.words[1];
}

static inline wrl_instance_record_t *wrl_store_instance(const wrl_store_t *store, wrl_instance_t instance)
{
    return store && instance.store_id == store->id && instance.index < store->instances_count &&
                   wrl_store_is_known(&store->instances[instance.index])
               ? &store->instances[instance.index]
               : NULL;
}

/* Why a look-up failed: no store, a null handle, another store's, or an index out of range. `name` is the parameter's.
 */
wrl_error_t *wrl_store_bad_handle(const wrl_store_t *store, const char *name, uint64_t store_id, uint64_t index);

/* Whether the extern is something in this store. */
bool wrl_store_has_extern(const wrl_store_t *store, const wrl_extern_t *item);
/* NULL if it is, or an error. */
wrl_error_t *wrl_store_check_extern(const wrl_store_t *store, const wrl_extern_t *item, const char *name);

/* ---- From the backend's names to handles; each enters a record if there is none yet ---- */

/* `type` stays where it is as long as the store. */
wrl_error_t *wrl_store_enter_func(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_functype_t *type,
                                  wrl_func_t *func);
/* For a function that nothing is known of: asks the backend for its type. */
wrl_error_t *wrl_store_find_func(wrl_store_t *store, wrl_backend_ref_t ref, wrl_func_t *func);
wrl_error_t *wrl_store_enter_global(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_globaltype_t *type,
                                    wrl_global_t *global);
wrl_error_t *wrl_store_enter_memory(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_memorytype_t *type,
                                    wrl_memory_t *memory);
wrl_error_t *wrl_store_enter_table(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_tabletype_t *type,
                                   wrl_table_t *table);
/* Any kind of extern, of a type that stays where it is as long as the store. */
wrl_error_t *wrl_store_enter_extern(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_externtype_t *type,
                                    wrl_extern_t *item);

/* ---- References; see ref.c ---- */

/* Who gets a reference that comes up: the program, which is to release it, or the host function that is being called.
 */
typedef enum wrl_getter { WRL_HOLD, WRL_BORROW } wrl_getter_t;

/* A reference that came up, its slot turned into a handle. Takes over the backend's word, also if it fails. */
wrl_error_t *wrl_store_enter_ref(wrl_store_t *store, wrl_getter_t getter, wrl_raw_t *slot);
wrl_error_t *wrl_store_enter_externref(wrl_store_t *store, wrl_getter_t getter, wrl_raw_t *slot);
/* Undoes that for WRL_HOLD: the slot holds a handle of the kind, or no reference. */
void wrl_store_drop_value(wrl_store_t *store, wrl_valtype_t type, const wrl_raw_t *slot);
/* A record for an externref of the program, with one of the backend's; the caller fills in the rest. */
wrl_error_t *wrl_store_make_own(wrl_store_t *store, uint32_t *index);
/* What the program does with a handle, which may be null; `record` is its record, or NULL if it is bad. */
typedef enum wrl_hold_change { WRL_RETAIN, WRL_RELEASE, WRL_AUTORELEASE } wrl_hold_change_t;
wrl_error_t *wrl_store_change_holds(wrl_store_t *store, const char *name, wrl_raw_t handle,
                                    const wrl_ref_record_t *record, wrl_hold_change_t change);
/* Why a handle of a reference is bad. */
wrl_error_t *wrl_store_bad_ref(const wrl_store_t *store, const char *name, uint64_t store_id, uint64_t index);

/* When all arguments of a host function are lifted, before which borrows_count was `mark`: releases what was left from
 * before, and what could not be borrowed. Returns the mark for wrl_store_return_borrows(). */
size_t wrl_store_end_lift(wrl_store_t *store, size_t mark);
/* Says of a value that it is a result of the callback: a reference lasts until the backend has read it. */
void wrl_store_mark_result(wrl_store_t *store, wrl_valkind_t kind, wrl_raw_t value);
void wrl_store_return_borrows(wrl_store_t *store, size_t mark);
/* Releases what ended calls have left, as far as the depth of the store tells. */
void wrl_store_tidy_refs(wrl_store_t *store);
/* Runs finalizers that are due, except while one runs. The store may be gone then. */
void wrl_store_reclaim(wrl_store_t *store);
/* Says that the store has something where guests can keep a reference of the type, if it is not one to functions. */
void wrl_store_note_keeper(wrl_store_t *store, wrl_valtype_t type);
/* Before a host function without references runs, with has_late_work: ends what those before it have borrowed. */
void wrl_store_begin_host_call(wrl_store_t *store);
/* When the store ends: first all finalizers, then the memory. */
void wrl_store_finalize_refs(wrl_store_t *store);
void wrl_store_free_refs(wrl_store_t *store);

/* The backend's name of an extern that was checked. */
wrl_backend_ref_t wrl_store_ref(const wrl_store_t *store, const wrl_extern_t *item);

/* ---- Values ---- */

/* Numbers of 4 bytes have odd kinds, those of 8 bytes even ones; all other kinds are greater. */
_Static_assert(WRL_VALKIND_I32 == 1 && WRL_VALKIND_I64 == 2 && WRL_VALKIND_F32 == 3 && WRL_VALKIND_F64 == 4,
               "the kinds of numbers come first, by their size in turn");

/*
 * From a program's value to a slot, on the call path: false for anything but a number of the right kind. Numbers are
 * copied as they were written: to read 16 bytes after 4 were written would wait for the write to finish. They are
 * copied as bits: a float that passes through a register of the x87 unit would lose a signalling NaN.
 */
static inline bool wrl_lower_number(wrl_valtype_t type, const wrl_val_t *value, wrl_raw_t *slot)
{
    if (value->kind != type.kind || type.kind > WRL_VALKIND_F64) {
        return false;
    }
    if (type.kind & 1) {
        slot->i32 = value->of.i32;
    } else {
        slot->i64 = value->of.i64;
    }
    return true;
}

/* The way back; the value's kind is the caller's to set. */
static inline bool wrl_lift_number(wrl_valtype_t type, const wrl_raw_t *slot, wrl_val_t *value)
{
    if (type.kind > WRL_VALKIND_F64) {
        return false;
    }
    if (type.kind & 1) {
        value->of.i32 = slot->i32;
    } else {
        value->of.i64 = slot->i64;
    }
    return true;
}

/* From a program's value to a backend's slot. `name` is the parameter's, `index` what it is the how-manieth of. */
wrl_error_t *wrl_store_lower(const wrl_store_t *store, wrl_valtype_t type, const wrl_val_t *value, const char *name,
                             size_t index, wrl_raw_t *slot);
/* Where a backend was given a value: says of a reference of the wrong type, which only the engine finds out, what is
 * wrong with it. Engines tell of types by numbers of their own. Takes any error, or NULL. */
wrl_error_t *wrl_store_blame_value(wrl_error_t *error, wrl_valtype_t type, const char *name);
/* From a backend's slot to a program's value. The caller lifts all values of a call, also after one has failed. */
wrl_error_t *wrl_store_lift(wrl_store_t *store, wrl_valtype_t type, wrl_getter_t getter, const wrl_raw_t *slot,
                            wrl_val_t *value);
/* The same for a reference that stays in its slot. */
wrl_error_t *wrl_store_lower_raw(const wrl_store_t *store, wrl_valtype_t type, const char *name, size_t index,
                                 wrl_raw_t *slot);
wrl_error_t *wrl_store_lift_raw(wrl_store_t *store, wrl_valtype_t type, wrl_getter_t getter, wrl_raw_t *slot);

/* Whether values of this type can cross the interface: UNSUPPORTED otherwise. */
wrl_error_t *wrl_valtype_require(const wrl_engine_t *engine, wrl_valtype_t type, const char *what);

/* ---- Entering the guest ---- */

/*
 * Two counts in one number, as every call changes both: in the low bits, how many calls into the guest are under way,
 * one inside the other; above, how often guest code has run, which may have grown memories.
 */
#define WRL_DEPTH_BITS 16
#define WRL_ONE_RUN ((uint64_t)1 << WRL_DEPTH_BITS)
_Static_assert(WRL_MAX_REENTRY < WRL_ONE_RUN, "the depth fits its bits");

static inline uint64_t wrl_store_depth(const wrl_store_t *store)
{
    return store->runs & (WRL_ONE_RUN - 1);
}

static inline uint64_t wrl_store_guest_runs(const wrl_store_t *store)
{
    return store->runs >> WRL_DEPTH_BITS;
}

/* Says that guest code has run up to here, or that memories may have grown by other means. */
static inline void wrl_store_note_run(wrl_store_t *store)
{
    store->runs += WRL_ONE_RUN;
}

/*
 * The order of calls. A call has to end before the one that it was made inside of. Coroutines could break that, and it
 * cannot be mended when it shows. So a call is refused unless the innermost one of its store is among the frames that
 * called; and, on engines that run guests on the native stack, the innermost one of the thread.
 */

#if WRL_STACK_KNOWN

/* What no frame has as its address: calls have ended out of order. */
#define WRL_OUT_OF_ORDER ((uintptr_t)1)

/* What becomes of a call that ends before one that was made inside it. Returns `error`, or a new one. */
wrl_error_t *wrl_store_ended_early(wrl_store_t *store, wrl_error_t *error);

#endif

/*
 * Whether one more call may be made inside those under way: by their number, the thread's native stack, and the order
 * of calls. Always false on a stack that is not the thread's own, where wrl_store_has_room has to be asked. Where the
 * stack is known, calls inside others (`is_inner`) have to be asked for apart: their checks would take registers from
 * the outermost calls, so a function checks for one of the two alone.
 */
static WRL_INLINE bool wrl_store_has_plain_room(const wrl_store_t *store, bool is_inner)
{
#if WRL_STACK_KNOWN
    uint64_t depth = wrl_store_depth(store);
    uintptr_t left = WRL_STACK_HERE() - wrl_stack.low;
    if (!is_inner) {
        return depth == 0 && left >= store->outer_stack && left < wrl_stack.size;
    }
    uintptr_t above = store->runs_on_stack ? wrl_stack.size : store->entry - wrl_stack.low;
    return depth && depth < store->max_depth && left >= store->inner_stack && left < wrl_stack.size && left < above &&
           above < wrl_stack.whole;
#elif WRL_FRAMES_VANISH
    (void)is_inner;
    if (WRL_UNLIKELY(wrl_calls.count && !wrl_calls_are_live(WRL_CALLS_HERE()))) {
        wrl_calls_forget(WRL_CALLS_HERE());
    }
    return wrl_store_depth(store) < store->max_depth && wrl_calls.count < wrl_calls.capacity &&
           (!wrl_calls.count || wrl_stack_has(store->inner_stack));
#else
    (void)is_inner;
    return wrl_store_depth(store) < store->max_depth;
#endif
}

/* The same by a longer way, on any stack. */
bool wrl_store_has_room(const wrl_store_t *store);

/* An error if the store is being deleted: what is made now would never end. */
wrl_error_t *wrl_store_not_ending(const wrl_store_t *store);

/* The error for a call that there is no room for. */
wrl_error_t *wrl_store_no_room(const wrl_store_t *store);

/* Does what has_late_work stands for: releases references; deletes the store if that was asked for, unless it still
 * runs. Returns `error`. */
wrl_error_t *wrl_store_finish_late(wrl_store_t *store, wrl_error_t *error);

/* What begins with a call, and is put back when it ends. */
typedef struct wrl_turn {
#if WRL_FRAMES_VANISH
    uint64_t depth;
    uint32_t call;
#endif
    uintptr_t outer; /* Of wrl_stack, the size; or of the store, the entry. */
    uintptr_t entry; /* Of wrl_stack, if the size is WRL_STACK_FOREIGN. */
} wrl_turn_t;

/* Begins a call into the guest, for which there is room; `is_plain` as wrl_store_has_plain_room said. The result is for
 * wrl_store_leave, in the same function. */
static WRL_INLINE wrl_turn_t wrl_store_enter(wrl_store_t *store, bool is_plain, bool runs_on_stack)
{
    wrl_turn_t turn = {0};
#if WRL_FRAMES_VANISH
    turn.depth = wrl_store_depth(store);
    turn.call = wrl_calls_begin(store, WRL_CALLS_HERE());
#endif
    store->runs++;
#if WRL_STACK_KNOWN
    uintptr_t here = WRL_STACK_HERE();
    if (!runs_on_stack) {
        turn.outer = store->entry;
        store->entry = here;
    } else {
        turn.outer = wrl_stack.size;
        if (is_plain) {
            wrl_stack.size = here - wrl_stack.low;
        } else {
            turn.entry = wrl_stack.entry;
            wrl_stack_enter_slowly(here);
        }
    }
#else
    (void)is_plain;
    (void)runs_on_stack;
#endif
    return turn;
}

/* Ends what wrl_store_enter began. Returns `error`, or that the call was not the innermost one. */
static WRL_INLINE wrl_error_t *wrl_store_leave(wrl_store_t *store, wrl_turn_t turn, bool is_plain, bool runs_on_stack,
                                               wrl_error_t *error)
{
#if WRL_STACK_KNOWN
    if (runs_on_stack) {
        wrl_stack.size = turn.outer;
        if (!is_plain) {
            wrl_stack.entry = turn.entry;
        }
    } else if (WRL_UNLIKELY(store->entry != WRL_STACK_HERE())) {
        error = wrl_store_ended_early(store, error);
    } else {
        store->entry = turn.outer;
    }
#else
    (void)is_plain;
    (void)runs_on_stack;
#endif
#if WRL_FRAMES_VANISH
    wrl_calls_end(turn.call);
    store->runs = (store->runs & ~(WRL_ONE_RUN - 1)) + (WRL_ONE_RUN + turn.depth);
#else
    store->runs += WRL_ONE_RUN - 1; /* The depth is known to be one less. */
#endif
    return WRL_UNLIKELY(store->has_late_work) ? wrl_store_finish_late(store, error) : error;
}

/* Gives back what a call has taken of the store's scratch, unless one that took more is still under way: `entry` is the
 * store's from when it was taken. */
static inline void wrl_store_release_scratch(wrl_store_t *store, wrl_scratch_mark_t mark, uintptr_t entry)
{
#if WRL_STACK_KNOWN
    if (store->entry != entry || entry == WRL_OUT_OF_ORDER) {
        return;
    }
#else
    (void)entry;
#endif
    wrl_scratch_release(&store->scratch, mark);
}

/* A call into a guest of the store is over without wrl_store_leave, and counted no more. The store may be gone then. */
void wrl_store_call_vanished(wrl_store_t *store);

#endif
