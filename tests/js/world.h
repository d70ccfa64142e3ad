/* A store with a small guest in it, which tests/js calls into in many ways, and what its tests tell. */
#ifndef WRL_TESTS_JS_WORLD_H
#define WRL_TESTS_JS_WORLD_H

#include "wrl.h"

/*
 * The guest: (import "e" "h"), and of the same type (i32) -> (i32): f calls h, r calls itself for ever, u is
 * unreachable, and one, which returns 1.
 */
extern const uint8_t guest[];
extern const size_t guest_size;

/* What is below the last call of f. */
typedef enum bottom {
    UNREACHABLE,
    OVERFLOW,
    HOST_ERROR,
    EXIT,
    ABORT,
    NOTHING,
    JS_THROWS,
    HOST_TRAPS /* The program's own C code. */
} bottom_t;

/* Guests with the same exports: as above, and with handlers that catch all, of either kind, around what they do. */
typedef enum guest_kind { PLAIN, LEGACY_HANDLERS, HANDLERS, GUEST_KINDS } guest_kind_t;
extern const char *const guest_kinds[GUEST_KINDS];
/* Whether the engine has what the guest needs. */
bool can_open(guest_kind_t kind);

/* How the program ends when a host function calls exit(). */
#define STATUS 7

typedef struct world {
    wrl_engine_t *engine;
    wrl_module_t *module;
    wrl_store_t *store;
    wrl_func_t f, r, u, one, host;
    int levels;       /* How many more there are to be. */
    bottom_t bottom;  /* What is at the lowest. */
    bool handles;     /* Whether errors are handled, at every level. */
    bool direct;      /* Whether every second level is a host function that is called without a guest. */
    int catches_at;   /* At so many levels more, JS catches what passes; never at 0. */
    int caught;       /* How often it did. */
    int room;         /* How many levels there were below that, then. */
    bool deletes;     /* Whether the store's deletion is asked for at the bottom. */
    int handled;      /* How many errors were. */
    int deepest;      /* How many host calls there were. */
    int finalized;    /* How often the store's finalizer ran, */
    int finalized_fn; /* and the host function's. */
} world_t;

/* Prints whether a test passed, and counts. */
void tell(const char *name, bool good);
/* Prints the counts, and gives the program's status. */
int tell_counts(void);

/* Whether an error, which is deleted, is of that kind; and whether there is none. Others are printed. */
bool is_kind(wrl_error_t *error, wrl_error_kind_t kind, wrl_trap_code_t code);
bool is_ok(wrl_error_t *error);

/* A finalizer for an int: counts in it. */
void count(void *data);

wrl_error_t *call(world_t *world, wrl_func_t func);
/* One level further down: calls f or, where levels are direct, the host function. */
wrl_error_t *go_down(world_t *world);

bool open_world(world_t *world, uint32_t max_reentry);
bool open_world_of(world_t *world, uint32_t max_reentry, guest_kind_t kind);
void close_world(world_t *world);
bool open_store(world_t *world);
/* Whether the store still works, and ends at once with each finalizer run once. */
bool close_store(world_t *world);

/* ---- Nothing stays behind (leaks.c) ---- */

/* Runs the action `times` times to warm up, then ten times as often: whether nothing is left of that. */
bool leaves_nothing(bool (*action)(world_t *world, int number), world_t *world, int times);

void test_leaks(void);

/* One use of everything that a store can hold, and of what can fail (everything.c). */
bool use_everything(world_t *world, int number);

/* ---- Exceptions of JS that pass through guests (passing.c) ---- */

/* A function of JS throws. */
void throw_in_js(void);
/* Goes down from a function of JS, which catches what is thrown there: true if it was that of throw_in_js. An error
 * that was returned is told, and deleted. */
bool catch_in_js(world_t *world);
/* The same for a trap of the program's own. */
bool catch_trap_in_js(world_t *world);
/* catch_in_js for any function. */
bool catch_of(void (*body)(void *data), void *data);

/* How often a function of JS has thrown for throw_in_js. */
int js_thrown(void);

void test_passing(void);

/* ---- The end of the engine's stack (stack_end.c) ---- */

void test_stack_end(void);

#endif
