/* The records of a store: one for each object that a handle can refer to. */
#ifndef WRL_SRC_RECORD_H
#define WRL_SRC_RECORD_H

#include "module.h"
#include "wrl/extern.h"
#include "wrl/func.h"
#include "wrl/sys/backend.h"

/* Functions with at most this many slots are called on the quick path. */
#define WRL_QUICK_SLOTS 16

/* Small, since each call reads one. */
typedef struct wrl_func_record {
    wrl_backend_entry_t quick; /* The entry, if the function has few values and none is a reference; otherwise NULL. */
    wrl_backend_ref_t ref;
    const wrl_functype_t *type; /* Owned by a host function or the store. */
    uint16_t param_count;
    uint16_t result_count;
    uint16_t slot_count;       /* Parameters or results, whichever is more. */
    wrl_backend_entry_t entry; /* NULL before the first call, and if the function cannot be called. */
} wrl_func_record_t;

typedef struct wrl_global_record {
    wrl_backend_ref_t ref;
    wrl_globaltype_t type;
} wrl_global_record_t;

/* Larger than any wrl__store_guest_runs(). */
#define WRL_NEVER_SEEN UINT64_MAX

typedef struct wrl_memory_record {
    uint8_t *data;    /* The memory's address when wrl__store_guest_runs() was seen_at. */
    uint64_t size;    /* Its size in bytes at that time. */
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

/* The use of a reference record. */
typedef enum wrl_ref_form {
    WRL_REF_FREE,    /* Nothing. The record can be reused. */
    WRL_REF_IDLE,    /* An externref of the engine that no guest has. The record and the externref can be reused. */
    WRL_REF_OTHER,   /* The reference of a wrl_ref_t. */
    WRL_REF_FOREIGN, /* An externref that the guest made from an object of its own. */
    WRL_REF_OWN      /* An externref of the program. Its key is the record's index + 1. */
} wrl_ref_form_t;

/*
 * A reference. The low half of a handle's index is the index of the record, the high half is the record's round. The
 * handle is valid while the program holds the record or host functions borrow it. After that, a record of form
 * WRL_REF_OWN may still be reachable by guests; meanwhile it is *dropped*. Records of other forms end at once, or with
 * their store if the backend has no collector and the form is WRL_REF_FOREIGN.
 */
typedef struct wrl_ref_record {
    uint64_t word;             /* The backend's private data. */
    void *data;                /* For WRL_REF_OWN. */
    wrl_finalizer_t finalizer; /* For WRL_REF_OWN. */
    uint32_t round;            /* How many times the record has ended. */
    uint32_t held;             /* The number of holds. UINT32_MAX never decreases. */
    uint32_t borrowed;         /* The number of borrows. */
    uint32_t next;             /* The index of the next record plus one, in the list that has this record. */
    uint8_t form;              /* wrl_ref_form_t */
    bool is_result;            /* A result of the callback that has just returned. */
    bool is_listed;            /* In the store's waiting_refs or late_refs. */
} wrl_ref_record_t;

/* A borrow of a record by a host function. */
typedef struct wrl_borrow {
    uint32_t index;
    uint32_t depth; /* The store's depth when the host function was called. */
} wrl_borrow_t;

typedef struct wrl_instance_record {
    wrl_backend_ref_t ref; /* Zero until the instance has been made or is a caller for the first time. */
    wrl_module_t *module;
    wrl_extern_t *imports; /* In the module's order. */
    wrl_extern_t *exports; /* In the module's order. Each has kind WRL_EXTERN_NONE until it is looked up. */
} wrl_instance_record_t;

/* A host function. `base` is the part that the backend accesses. */
typedef struct wrl_host {
    wrl_host_func_t base;
    wrl_store_t *store;
    wrl_func_callback_t callback;
    wrl_func_callback_raw_t callback_raw;
    void *env;
    wrl_finalizer_t finalizer;
    wrl_functype_t *type;
    bool has_refs; /* Parameters or results are references. */
    struct wrl_host *next;
} wrl_host_t;

#endif
