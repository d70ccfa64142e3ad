/*
 * Coroutines: calls on stacks of the program, and host functions that switch to other stacks while their callers wait.
 * Tests the uses that work, and the uses that are refused because the engine's calls would otherwise end out of order.
 */
#define _GNU_SOURCE
#include "../../support/check.h"
#include "../../support/found.h"
#include "wrl.h"
#include "wrl/backend.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { COUNT = 3, KIB = 1024, STACK = 4096 * KIB, OWN_STACK = 512 * KIB, MANY = 30 };

/* run(n) calls the host n times and adds up the results. many() calls the host once with many arguments and returns
 * their sum. again() calls a host function that calls id(). wide() has many parameters. later(n) calls the host once,
 * and then with many arguments, each of them n. */
static const char guest_rest[] = "(import \"host\" \"wait\" (func $wait (result i32)))"
                                 "(import \"host\" \"again\" (func $again (result i32)))"
                                 "  (func (export \"id\") (param i32) (result i32) (local.get 0))"
                                 "  (func (export \"again\") (result i32) (call $again))"
                                 "  (func $run (export \"run\") (param i32) (result i32)"
                                 "    (if (result i32) (local.get 0)"
                                 "      (then (i32.add (call $wait) (call $run (i32.sub (local.get 0) (i32.const 1)))))"
                                 "      (else (i32.const 100))))";

typedef struct routine {
    ucontext_t context;
    char *stack;
    wrl_store_t *store;
    wrl_instance_t instance;
    wrl_func_t wait;  /* The import of world.starting. */
    const char *name; /* The function to call, or NULL to instantiate world.starting. */
    int32_t argument; /* The argument of the call, unless it is "again" or "many". */
    bool waits;       /* Whether its host functions switch to the scheduler. */
    bool done;
    int32_t sum; /* The sum of the many arguments that the host received. */
    int32_t result;
    wrl_error_kind_t kind; /* The kind of the error of the call, or 0. */
    char message[256];
} routine_t;

typedef struct world {
    wrl_engine_t *engine;
    wrl_module_t *module;
    wrl_module_t *starting; /* A module whose start function calls the host. */
    bool on_stack;          /* Whether the engine runs guests on the native stack. */
    ucontext_t scheduler;
    routine_t *current;
} world_t;

static world_t world;

static bool ok(wrl_error_t *error)
{
    if (error) {
        check(false, wrl_error_message(error));
        wrl_error_delete(error);
    }
    return !error;
}

/* ---- Host functions ---- */

static wrl_error_t *wait_raw(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    (void)caller;
    routine_t *self = world.current;
    if (self && self->waits) {
        (void)swapcontext(&self->context, &world.scheduler);
    }
    slots[0].i32 = 1;
    return NULL;
}

/* Has more values than fit into the layer's buffer on the stack. */
static wrl_error_t *wait_many(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                              wrl_val_t *results, size_t result_count)
{
    wrl_raw_t slot;
    (void)result_count;
    routine_t *self = world.current;
    wrl_error_t *error = wait_raw(env, caller, &slot);
    int32_t sum = 0;
    for (size_t i = 0; i < arg_count; i++) {
        sum += args[i].kind == WRL_VALKIND_I32 ? args[i].of.i32 : -1000;
    }
    if (self) {
        self->sum = sum;
    }
    results[0] = WRL_I32(sum);
    return error;
}

static wrl_error_t *call_again(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    wrl_func_t id;
    wrl_error_t *error = found(wrl_caller_get_func(caller, "id", &id));
    for (int i = 0; i < 3 && !error; i++) {
        slots[0].i32 = 42 + i;
        error = wrl_func_call_raw(wrl_caller_store(caller), id, slots, 1);
    }
    (void)env;
    return error;
}

static bool define(wrl_store_t *store, wrl_imports_t *imports)
{
    static const wrl_valtype_t i32[] = {WRL_TYPE_I32};
    wrl_valtype_t params[MANY];
    for (size_t i = 0; i < MANY; i++) {
        params[i] = i32[0];
    }
    const wrl_functype_t few = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_TYPES_N(i32, 1));
    const wrl_functype_t many = WRL_FUNCTYPE(WRL_TYPES_N(params, MANY), WRL_TYPES_N(i32, 1));
    wrl_func_t wait, again, waits_with_many;
    return ok(wrl_func_new_raw(store, &few, wait_raw, NULL, NULL, &wait)) &&
           ok(wrl_func_new_raw(store, &few, call_again, NULL, NULL, &again)) &&
           ok(wrl_func_new(store, &many, wait_many, NULL, NULL, &waits_with_many)) &&
           ok(wrl_imports_define(imports, "host", "wait", wrl_extern_from_func(wait))) &&
           ok(wrl_imports_define(imports, "host", "again", wrl_extern_from_func(again))) &&
           ok(wrl_imports_define(imports, "host", "many", wrl_extern_from_func(waits_with_many)));
}

static wrl_store_t *open_store(wrl_instance_t *instance)
{
    wrl_store_t *store = NULL;
    wrl_imports_t *imports = NULL;
    bool good = ok(wrl_store_new(world.engine, NULL, &store)) && ok(wrl_imports_new(&imports)) &&
                define(store, imports) && ok(wrl_instance_new(store, world.module, imports, NULL, instance));
    wrl_imports_delete(imports);
    check(good, "a store can be made");
    return store;
}

static bool compile(const char *text, size_t size, wrl_module_t **module)
{
    wrl_bytes_t bytes = {0};
    bool good = ok(wrl_wat_to_wasm(text, size, &bytes)) &&
                ok(wrl_module_new(world.engine, bytes.data, bytes.size, NULL, module));
    wrl_bytes_delete(&bytes);
    return good;
}

static bool make_modules(void)
{
    static const char starting[] = "(module (import \"host\" \"wait\" (func $wait (result i32)))"
                                   "  (func $start (drop (call $wait))) (start $start))";
    static const char get[] = "(local.get 0)";
    char text[8192];
    char params[MANY * 4 + 1] = "";
    char args[MANY * 16 + 1] = "";
    char gets[MANY * 16 + 1] = "";
    for (int i = 0; i < MANY; i++) {
        memcpy(params + (size_t)4 * (size_t)i, " i32", sizeof(" i32"));
        (void)sprintf(args + strlen(args), "(i32.const %d)", i);
        memcpy(gets + (size_t)i * (sizeof(get) - 1), get, sizeof(get));
    }
    size_t size = (size_t)sprintf(text,
                                  "(module (import \"host\" \"many\" (func $many (param%s) (result i32)))%s"
                                  "  (func (export \"many\") (result i32) (call $many %s))"
                                  "  (func (export \"wide\") (param%s) (result i32) (call $wait))"
                                  "  (func (export \"later\") (param i32) (result i32)"
                                  "    (drop (call $wait)) (call $many %s)))",
                                  params, guest_rest, args, params, gets);
    return compile(text, size, &world.module) && compile(starting, sizeof(starting) - 1, &world.starting);
}

/* ---- The coroutines ---- */

static wrl_error_t *make_instance(const routine_t *self)
{
    wrl_imports_t *imports = NULL;
    wrl_instance_t instance;
    wrl_error_t *error = wrl_imports_new(&imports);
    error = error ? error : wrl_imports_define(imports, "host", "wait", wrl_extern_from_func(self->wait));
    error = error ? error : wrl_instance_new(self->store, world.starting, imports, NULL, &instance);
    wrl_imports_delete(imports);
    return error;
}

/* Uses tagged values, because calls of functions with many values then use the store's buffer. */
static wrl_error_t *call_wide(const routine_t *self, wrl_func_t func, int32_t *result)
{
    wrl_val_t args[MANY];
    wrl_val_t value = WRL_I32(0);
    for (int i = 0; i < MANY; i++) {
        args[i] = WRL_I32(i);
    }
    wrl_error_t *error = wrl_func_call(self->store, func, args, MANY, &value, 1);
    *result = value.of.i32;
    return error;
}

static wrl_error_t *call_func(const routine_t *self, int32_t *result)
{
    wrl_func_t func;
    wrl_raw_t slot = {.i32 = self->argument};
    wrl_error_t *error = found(wrl_instance_get_func(self->store, self->instance, self->name, &func));
    if (error || strcmp(self->name, "wide") == 0) {
        return error ? error : call_wide(self, func, result);
    }
    error = wrl_func_call_raw(self->store, func, &slot, 1);
    *result = slot.i32;
    return error;
}

static void call(routine_t *self)
{
    int32_t result = 0;
    wrl_error_t *error = self->name ? call_func(self, &result) : make_instance(self);
    self->result = error ? -1 : result;
    self->kind = error ? wrl_error_kind(error) : (wrl_error_kind_t)0;
    (void)snprintf(self->message, sizeof(self->message), "%s", error ? wrl_error_message(error) : "");
    wrl_error_delete(error);
}

static void body(void)
{
    routine_t *self = world.current;
    call(self);
    self->done = true;
    (void)swapcontext(&self->context, &world.scheduler);
}

static void start(routine_t *self, char *stack, size_t size)
{
    (void)getcontext(&self->context);
    self->stack = stack;
    self->done = false;
    self->context.uc_stack.ss_sp = stack;
    self->context.uc_stack.ss_size = size;
    self->context.uc_link = NULL;
    makecontext(&self->context, body, 0);
}

static void resume(routine_t *self)
{
    routine_t *outer = world.current;
    ucontext_t scheduler = world.scheduler;
    world.current = self;
    (void)swapcontext(&world.scheduler, &self->context);
    world.scheduler = scheduler;
    world.current = outer;
}

/* Runs one step of each coroutine in turn until all are done. */
static void run_in_turn(routine_t *routines, size_t count)
{
    for (size_t left = count; left > 0;) {
        for (size_t i = 0; i < count; i++) {
            if (!routines[i].done) {
                resume(&routines[i]);
                left -= routines[i].done;
            }
        }
    }
}

static char *map_stacks(void)
{
    void *stacks = mmap(NULL, (size_t)COUNT * STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return stacks == MAP_FAILED ? NULL : (char *)stacks;
}

static void check_refused(const routine_t *routine, const char *words)
{
    bool good = routine->kind == WRL_ERROR_INVALID_ARGUMENT && strncmp(routine->message, "store: ", 7) == 0 &&
                strstr(routine->message, words);
    check(good, "a call that could end out of order is refused");
    if (!good) {
        printf("%d: %s\n", (int)routine->kind, routine->message);
    }
}

static void check_result(const routine_t *routine, int32_t result)
{
    check(routine->result == result, "a call has the right result");
    if (routine->result != result) {
        printf("%d, not %d: %s\n", routine->result, result, routine->message);
    }
}

/* ---- Tests ---- */

/* Each coroutine has a store. The stacks are adjacent, in either order of their addresses. */
static void test_stores(char *stacks, bool upwards)
{
    routine_t routines[COUNT];
    memset(routines, 0, sizeof(routines));
    for (int i = 0; i < COUNT; i++) {
        routines[i] = (routine_t){.name = i == 1 ? "many" : "run", .argument = 5 + i, .waits = true};
        routines[i].store = open_store(&routines[i].instance);
        start(&routines[i], stacks + (size_t)STACK * (size_t)(upwards ? i : COUNT - 1 - i), STACK);
    }
    run_in_turn(routines, COUNT);
    check_result(&routines[0], 105);
    for (int i = 1; i < COUNT; i++) {
        if (world.on_stack) {
            check_refused(&routines[i], "a call of wasmtime");
        } else {
            check_result(&routines[i], i == 1 ? MANY * (MANY - 1) / 2 : 105 + i);
        }
    }
    for (int i = 0; i < COUNT; i++) {
        /* No state is left behind. */
        routines[i].waits = false;
        call(&routines[i]);
        check_result(&routines[i], i == 1 ? MANY * (MANY - 1) / 2 : 105 + i);
        wrl_store_delete(routines[i].store);
    }
}

/* All coroutines share a store. */
static void test_one_store(char *stacks, bool upwards, const char *name, int32_t result)
{
    wrl_instance_t instance;
    wrl_store_t *store = open_store(&instance);
    routine_t routines[COUNT];
    memset(routines, 0, sizeof(routines));
    for (int i = 0; i < COUNT; i++) {
        routines[i] = (routine_t){.store = store, .instance = instance, .name = name, .argument = 5, .waits = true};
        start(&routines[i], stacks + (size_t)STACK * (size_t)(upwards ? i : COUNT - 1 - i), STACK);
    }
    run_in_turn(routines, COUNT);
    check_result(&routines[0], result);
    check_refused(&routines[1], "the same store");
    check_refused(&routines[2], "the same store");
    routines[1].waits = false;
    call(&routines[1]);
    check_result(&routines[1], result);
    wrl_store_delete(store);
}

/* Makes complete calls on coroutines, with nested calls, between calls on the thread's own stack. */
static void test_whole_calls(char *stacks)
{
    routine_t routines[COUNT];
    memset(routines, 0, sizeof(routines));
    wrl_instance_t instance;
    wrl_store_t *store = open_store(&instance);
    for (int i = 0; i < COUNT; i++) {
        routines[i] = (routine_t){.store = store, .instance = instance, .name = i == 2 ? "many" : "again"};
        start(&routines[i], stacks + (size_t)STACK * (size_t)i, STACK);
        resume(&routines[i]);
        check_result(&routines[i], i == 2 ? MANY * (MANY - 1) / 2 : 44);
        call(&routines[i]);
        check_result(&routines[i], i == 2 ? MANY * (MANY - 1) / 2 : 44);
    }
    wrl_store_delete(store);
}

/* A host function, on the thread's own stack, makes a coroutine complete a call. */
typedef struct inner {
    routine_t routine;
    char *stack;
} inner_t;

static wrl_error_t *run_inner(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    inner_t *inner = (inner_t *)env;
    (void)caller;
    start(&inner->routine, inner->stack, STACK);
    resume(&inner->routine);
    slots[0].i32 = inner->routine.result;
    return NULL;
}

static int32_t run_outer(wrl_store_t *store, inner_t *inner)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_TYPES(WRL_TYPE_I32));
    wrl_func_t func, id;
    wrl_imports_t *imports = NULL;
    wrl_instance_t instance;
    wrl_raw_t slot = {.i32 = 0};
    bool good = ok(wrl_imports_new(&imports)) && define(store, imports) &&
                ok(wrl_func_new_raw(store, &type, run_inner, inner, NULL, &func)) &&
                ok(wrl_imports_define(imports, "host", "again", wrl_extern_from_func(func))) &&
                ok(wrl_instance_new(store, world.module, imports, NULL, &instance)) &&
                wrl_instance_get_func(store, instance, "again", &id) && ok(wrl_func_call_raw(store, id, &slot, 1));
    wrl_imports_delete(imports);
    return good ? slot.i32 : -2;
}

static void test_inner_call(char *stacks)
{
    wrl_instance_t instance, other_instance;
    wrl_store_t *store = open_store(&instance);
    wrl_store_t *other = open_store(&other_instance);
    inner_t inner = {.stack = stacks, .routine = {.store = other, .instance = other_instance, .name = "again"}};
    int32_t result = run_outer(store, &inner);
    if (world.on_stack) {
        check_refused(&inner.routine, "a call of wasmtime");
    } else {
        check_result(&inner.routine, 44);
    }
    check(result == inner.routine.result, "the outer call continues");
    inner.routine.store = store;
    inner.routine.instance = instance;
    result = run_outer(store, &inner);
    check_refused(&inner.routine, "the same store");
    check(result == -1, "the outer call continues");
    call(&inner.routine);
    check_result(&inner.routine, 44);
    wrl_store_delete(store);
    wrl_store_delete(other);
}

/*
 * Two coroutines on parts of the thread's own stack, as if a stack were copied. The layer can only detect at the end of
 * the first call that the second call is not nested in it. Both calls then fail. Engines that run guests on this stack
 * cannot recover.
 */
static void test_unseen(const char *name, int32_t result)
{
    char stacks[2 * OWN_STACK];
    wrl_instance_t instance;
    wrl_store_t *store = open_store(&instance);
    routine_t routines[2];
    memset(routines, 0, sizeof(routines));
    for (int i = 0; i < 2; i++) {
        routines[i] = (routine_t){.store = store, .instance = instance, .name = name, .argument = 1 + i, .waits = true};
        start(&routines[i], stacks + (size_t)OWN_STACK * (size_t)(1 - i), OWN_STACK);
    }
    run_in_turn(routines, 2);
    for (int i = 0; i < 2; i++) {
        check(routines[i].kind == WRL_ERROR_HOST, "calls that end out of order are errors");
        printf("%s\n", routines[i].message);
        routines[i].waits = false;
        routines[i].argument = 5;
        call(&routines[i]);
        check_result(&routines[i], result);
    }
    wrl_store_delete(store);
}

/* Starts such calls, all of which wait in the host. The names are names of functions, or NULL. */
static void start_unseen(routine_t *routines, int count, char *stacks, wrl_store_t *store, wrl_instance_t instance,
                         const char *const *names)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_TYPES_N(&(wrl_valtype_t)WRL_TYPE_I32, 1));
    for (int i = 0; i < count; i++) {
        routines[i] = (routine_t){.store = store, .instance = instance, .name = names[i], .waits = true};
        routines[i].argument = 10 + i;
        ok(wrl_func_new_raw(store, &type, wait_raw, NULL, NULL, &routines[i].wait));
        start(&routines[i], stacks + (size_t)OWN_STACK * (size_t)(count - 1 - i), OWN_STACK);
        resume(&routines[i]);
        routines[i].waits = false;
    }
}

static void finish_unseen(routine_t *routine)
{
    routine->waits = false;
    resume(routine);
    check(routine->done, "a resumed call ends");
    check(routine->kind == WRL_ERROR_HOST, "calls that end out of order are errors");
}

/*
 * The outermost of three such calls, which uses the store's buffer, ends first. Then the innermost call makes the guest
 * call the host with many values, while the call in between is still in the host with many values of its own.
 */
static void test_unseen_room(const char *outermost)
{
    char stacks[3 * OWN_STACK];
    wrl_instance_t instance;
    wrl_store_t *store = open_store(&instance);
    const char *const names[] = {outermost, "many", "later"};
    routine_t routines[3];
    memset(routines, 0, sizeof(routines));
    start_unseen(routines, 3, stacks, store, instance, names);
    finish_unseen(&routines[0]);
    finish_unseen(&routines[2]);
    finish_unseen(&routines[1]);
    check(routines[1].sum == MANY * (MANY - 1) / 2, "callbacks do not share their values");
    check(routines[2].sum == MANY * 12, "callbacks do not share their values");
    for (int i = 0; i < 3; i++) {
        call(&routines[i]);
        check_result(&routines[i], i == 2 ? MANY * 12 : i == 1 ? MANY * (MANY - 1) / 2 : outermost ? 1 : 0);
    }
    wrl_store_delete(store);
}

/* Callbacks that begin later are not nested either: the first of two callbacks ends first, and then two more begin. */
static void test_unseen_room_afterwards(void)
{
    char stacks[5 * OWN_STACK];
    wrl_instance_t instance;
    wrl_store_t *store = open_store(&instance);
    const char *const names[] = {"run", "later", "later", "later", "later"};
    routine_t routines[5];
    memset(routines, 0, sizeof(routines));
    start_unseen(routines, 5, stacks, store, instance, names);
    finish_unseen(&routines[0]);
    static const int begin[] = {1, 2, 0, 3, 4};
    for (int i = 0; i < 5; i++) {
        if (begin[i]) {
            routines[begin[i]].waits = true;
            resume(&routines[begin[i]]);
        } else {
            finish_unseen(&routines[1]);
        }
    }
    for (int i = 2; i < 5; i++) {
        finish_unseen(&routines[i]);
        check(routines[i].sum == MANY * (10 + i), "callbacks do not share their values");
    }
    wrl_store_delete(store);
}

/* ---- Finalizers during a call that waits on another stack ---- */

typedef struct finalizing {
    routine_t caller; /* The call that the finalizer makes. */
    int runs;
} finalizing_t;

static void call_from_finalizer(void *data)
{
    finalizing_t *self = (finalizing_t *)data;
    self->runs++;
    call(&self->caller);
}

/* A finalizer that switches to another stack. */
typedef struct leaving {
    ucontext_t own;
    ucontext_t back;
    wrl_store_t *store;
    wrl_externref_t externref;
} leaving_t;

static leaving_t leaving;

static void leave(void *data)
{
    (void)data;
    (void)swapcontext(&leaving.own, &leaving.back);
}

static void release_leaving(void)
{
    (void)ok(wrl_externref_release(leaving.store, leaving.externref));
}

static void count_run(void *data)
{
    ++*(int *)data;
}

/* A call begins while a finalizer waits. Objects that are released during the call are finalized after the call. */
static void test_call_while_a_finalizer_waits(char *stacks)
{
    int runs = 0;
    wrl_externref_t externref;
    wrl_instance_t instance;
    wrl_store_t *store = open_store(&instance);
    routine_t routine = {.store = store, .instance = instance, .name = "run", .argument = 1, .waits = true};
    leaving.store = store;
    (void)(ok(wrl_externref_new(store, NULL, leave, &leaving.externref)) &&
           ok(wrl_externref_new(store, &runs, count_run, &externref)));
    (void)getcontext(&leaving.own);
    leaving.own.uc_stack.ss_sp = stacks + STACK;
    leaving.own.uc_stack.ss_size = STACK;
    leaving.own.uc_link = &leaving.back;
    makecontext(&leaving.own, release_leaving, 0);
    (void)swapcontext(&leaving.back, &leaving.own);
    start(&routine, stacks, STACK);
    resume(&routine);
    (void)ok(wrl_externref_release(store, externref));
    (void)swapcontext(&leaving.back, &leaving.own);
    check(runs == 0, "no finalizer runs during a call");
    while (!routine.done) {
        resume(&routine);
    }
    check_result(&routine, 101);
    check(runs == 1, "the finalizer runs after the call");
    wrl_store_delete(store);
    check(runs == 1, "the finalizer runs once");
}

/* Finalizers are not calls, so the waiting call stays the current call. Calls that finalizers make are refused like all
 * other calls. */
static void test_finalizers(char *stacks)
{
    wrl_instance_t instance;
    wrl_store_t *store = open_store(&instance);
    routine_t routine = {.store = store, .instance = instance, .name = "run", .argument = 5, .waits = true};
    finalizing_t finalizing[COUNT];
    memset(finalizing, 0, sizeof(finalizing));
    start(&routine, stacks, STACK);
    resume(&routine);
    for (int i = 0; i < COUNT; i++) {
        wrl_externref_t externref;
        finalizing[i].caller = (routine_t){.store = store, .instance = instance, .name = "id", .argument = 42};
        (void)(ok(wrl_externref_new(store, &finalizing[i], call_from_finalizer, &externref)) &&
               ok(wrl_externref_release(store, externref)));
    }
    wrl_store_collect(store);
    for (int i = 0; i < COUNT; i++) {
        /* With a garbage collector, finalizers run immediately. With the layer's own rule, they run when no call is in
         * progress. */
        check(finalizing[i].runs == (world.on_stack ? 1 : 0), "finalizers run at the right time");
        if (world.on_stack) {
            check_refused(&finalizing[i].caller, "the same store");
        }
    }
    while (!routine.done) {
        resume(&routine);
    }
    check_result(&routine, 105);
    for (int i = 0; i < COUNT; i++) {
        check(finalizing[i].runs == 1, "finalizers run once");
        if (!world.on_stack) {
            check_result(&finalizing[i].caller, 42);
        }
    }
    routine.waits = false;
    call(&routine);
    check_result(&routine, 105);
    wrl_store_delete(store);
}

static void test_backend(const char *name, char *stacks)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = name;
    world = (world_t){.on_stack = strcmp(name, "wasmtime") == 0};
    if (!ok(wrl_engine_new(&config, &world.engine)) || !make_modules()) {
        return;
    }
    for (int upwards = 0; upwards < 2; upwards++) {
        test_stores(stacks, upwards);
        test_one_store(stacks, upwards, "run", 105);
        test_one_store(stacks, upwards, "many", MANY * (MANY - 1) / 2);
    }
    test_whole_calls(stacks);
    test_inner_call(stacks);
    test_finalizers(stacks);
    if (!world.on_stack) {
        test_unseen("run", 105);
        test_unseen("many", MANY * (MANY - 1) / 2);
        test_unseen_room("wide");
        test_unseen_room(NULL);
        test_unseen_room_afterwards();
        test_call_while_a_finalizer_waits(stacks);
    }
    wrl_module_release(world.starting);
    wrl_module_release(world.module);
    wrl_engine_release(world.engine);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    char *stacks = map_stacks();
    check(stacks != NULL, "the test can allocate stacks");
    for (int i = 1; i < argc && stacks; i++) {
        if (strcmp(argv[i], "--loaded") == 0 && i + 1 < argc) {
            ok(wrl_backend_load(argv[++i], NULL));
        } else {
            printf("-- %s\n", argv[i]);
            test_backend(argv[i], stacks);
        }
    }
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed != 0;
}
