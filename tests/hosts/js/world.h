/* A store with a small guest, which the tests in this folder call in many ways, and the output of the tests. */
#ifndef WRL_TESTS_JS_WORLD_H
#define WRL_TESTS_JS_WORLD_H

#include "wrl.h"

/*
 * The guest: (import "e" "h"), and functions of the same type (i32) -> (i32): f calls h, r recurses without end, u is
 * unreachable, and one returns 1.
 */
extern const uint8_t guest[];
extern const size_t guest_size;

/* What happens below the innermost call of f. */
typedef enum bottom {
    UNREACHABLE,
    OVERFLOW,
    HOST_ERROR,
    EXIT,
    ABORT,
    NOTHING,
    JS_THROWS,
    HOST_TRAPS /* A trap in the program's own C code. */
} bottom_t;

/* Guests with the same exports: the one above, and one with catch-all handlers of each kind. */
typedef enum guest_kind { PLAIN, LEGACY_HANDLERS, HANDLERS, GUEST_KINDS } guest_kind_t;
extern const char *const guest_kinds[GUEST_KINDS];
/* Returns whether the engine supports the proposals that the guest needs. */
bool can_open(guest_kind_t kind);

/* The exit status when a host function calls exit(). */
#define STATUS 7

typedef struct world {
    wrl_engine_t *engine;
    wrl_module_t *module;
    wrl_store_t *store;
    wrl_func_t f, r, u, one, host;
    int levels;       /* How many levels are still to come. */
    bottom_t bottom;  /* What happens at the innermost level. */
    bool handles;     /* Whether every level handles errors. */
    bool direct;      /* Whether every second level calls a host function without a guest in between. */
    int catches_at;   /* At this many remaining levels, JS catches exceptions. Never at 0. */
    int caught;       /* How often JS has caught an exception. */
    int room;         /* How many levels were possible below the catch. */
    bool deletes;     /* Whether the innermost level deletes the store. */
    int handled;      /* The number of handled errors. */
    int deepest;      /* The number of host calls. */
    int finalized;    /* How often the store's finalizer has run. */
    int finalized_fn; /* How often the host function's finalizer has run. */
} world_t;

/* Prints whether a test passed, and counts it. */
void tell(const char *name, bool good);
/* Prints the counts and returns the exit status. */
int tell_counts(void);

/* Return whether an error is of the given kind, or whether there is no error. Print other errors. Delete the error. */
bool is_kind(wrl_error_t *error, wrl_error_kind_t kind, wrl_trap_code_t code);
bool is_ok(wrl_error_t *error);

/* A finalizer that increments an int. */
void count(void *data);

wrl_error_t *call(world_t *world, wrl_func_t func);
/* Goes one level deeper: calls f or, at direct levels, the host function. */
wrl_error_t *go_down(world_t *world);

bool open_world(world_t *world, uint32_t max_reentry);
bool open_world_of(world_t *world, uint32_t max_reentry, guest_kind_t kind);
void close_world(world_t *world);
bool open_store(world_t *world);
/* Returns whether the store still works and, when it is deleted, immediately runs each finalizer once. */
bool close_store(world_t *world);

/* ---- Checks for leaks (leaks.c) ---- */

/* Runs the action `times` times to warm up, and then ten times as often. Returns whether the second part left nothing
 * behind. */
bool leaves_nothing(bool (*action)(world_t *world, int number), world_t *world, int times);

void test_leaks(void);

/* Uses everything that a store can contain, and every way in which a use can fail (everything.c). */
bool use_everything(world_t *world, int number);

/* ---- JS exceptions that pass guests (passing.c) ---- */

/* Throws in a JS function. */
void throw_in_js(void);
/* Goes deeper from a JS function, which catches any exception. Returns whether the exception was that of throw_in_js().
 * Prints and deletes an error that was returned. */
bool catch_in_js(world_t *world);
/* Does the same as catch_in_js() for a trap in the program's own code. */
bool catch_trap_in_js(world_t *world);
/* As catch_in_js(), for any function. */
bool catch_of(void (*body)(void *data), void *data);

/* Returns how often throw_in_js() has thrown. */
int js_thrown(void);

void test_passing(void);

/* ---- The end of the engine's stack (stack_end.c) ---- */

void test_stack_end(void);

#endif
