/*
 * Memory runs out while references are passed to the host. Each allocation of such a call fails once in a store of its
 * own, and repeatedly in one shared store. The call returns an error, and releases every reference that it has already
 * passed.
 *
 * Each call passes one of the program's externrefs, at several positions, and guest objects that hold this externref.
 * The program releases the externref during the call or right after it. A lost reference would keep the externref
 * alive, so its finalizer must run exactly once while the store lives.
 */
#include "../../../src/alloc.h"
#include "../../support/check.h"
#include "../../support/found.h"
#include "usage.h"
#include "wrl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __EMSCRIPTEN__
#include "glue.h"

#include <emscripten.h>
#include <malloc.h>
#endif

/* ---- Guests ---- */

/* `values` uses the parameter $x. */
#define GUEST(head, types, values, more)                                                                               \
    "(module " head "  (import \"host\" \"forget\" (func $forget))"                                                    \
    "  (import \"host\" \"nest\" (func $nest))"                                                                        \
    "  (import \"host\" \"take\" (func $take (param " types ") (result externref funcref)))"                           \
    "  (import \"host\" \"take_raw\" (func $take_raw (param " types ") (result externref funcref)))"                   \
    "  (elem declare func $a $b)"                                                                                      \
    "  (func $a (param i64 f32) (result f64) (f64.const 0))"                                                           \
    "  (func $b (param f32 f32 f32))"                                                                                  \
    "  (func $values (param $x externref) (result " types ") " values ")"                                              \
    "  (func (export \"up\") (param externref) (result " types ")"                                                     \
    "    (call $forget) (call $values (local.get 0)))"                                                                 \
    "  (func (export \"send\") (param externref) (result externref funcref)"                                           \
    "    (call $forget) (call $take (call $values (local.get 0))))"                                                    \
    "  (func (export \"send_raw\") (param externref) (result externref funcref)"                                       \
    "    (call $forget) (call $take_raw (call $values (local.get 0))))"                                                \
    "  (func (export \"nest\") (param externref) (call $nest))" more ")"

#define BOX "(type $box (struct (field externref)))"
#define OWN "(local.get $x)"
#define FOREIGN "(extern.convert_any (struct.new $box (local.get $x)))"
#define STRUCT "(struct.new $box (local.get $x))"
#define WRAPPED "(any.convert_extern (local.get $x))"
#define NUMBER "(ref.i31 (i32.const 5))"
#define CAUGHT "(call $catch (local.get $x))"

static const char plain_text[] = GUEST("", "externref externref funcref externref funcref externref",
                                       OWN OWN "(ref.func $a)" OWN "(ref.func $b)" OWN, "");

static const char foreign_text[] =
    GUEST(BOX, "externref externref funcref externref funcref externref externref externref",
          FOREIGN OWN "(ref.func $a)" OWN "(ref.func $b)" FOREIGN OWN FOREIGN, "");

static const char all_text[] =
    GUEST(BOX,
          "externref anyref funcref externref anyref funcref anyref externref anyref anyref anyref externref anyref"
          " anyref externref anyref anyref externref anyref",
          FOREIGN STRUCT
          "(ref.func $a)" OWN NUMBER
          "(ref.func $b)" WRAPPED OWN STRUCT STRUCT NUMBER FOREIGN STRUCT STRUCT FOREIGN STRUCT WRAPPED OWN STRUCT,
          "  (global $ga (export \"ga\") (mut anyref) (ref.null any))"
          "  (global $ge (export \"ge\") (mut externref) (ref.null extern))"
          "  (global $gf (export \"gf\") (mut funcref) (ref.null func))"
          "  (table $ta (export \"ta\") 1 anyref)"
          "  (table $te (export \"te\") 1 externref)"
          "  (table $tf (export \"tf\") 1 funcref)"
          "  (func (export \"fill\") (param $x externref)"
          "    (global.set $ga " STRUCT ") (global.set $ge " FOREIGN ") (global.set $gf (ref.func $a))"
          "    (table.set $ta (i32.const 0) " WRAPPED ") (table.set $te (i32.const 0) " OWN ")"
          "    (table.set $tf (i32.const 0) (ref.func $b)))"
          "  (func (export \"clear\")"
          "    (global.set $ga (ref.null any)) (global.set $ge (ref.null extern))"
          "    (table.set $ta (i32.const 0) (ref.null any)) (table.set $te (i32.const 0) (ref.null extern)))");

static const char exception_text[] =
    GUEST("(tag $t (param externref))", "exnref externref funcref exnref externref exnref",
          CAUGHT OWN "(ref.func $a)" CAUGHT OWN CAUGHT,
          "  (func $catch (param $x externref) (result exnref)"
          "    (block $caught (result exnref)"
          "      (try_table (catch_all_ref $caught) (throw $t (local.get $x)))"
          "      (unreachable)))"
          "  (func (export \"throw\") (param externref) (call $forget) (throw $t (local.get 0)))");

/* `types` has a letter for each type: E externref, F funcref, A anyref, X exnref. */
typedef struct guest {
    const char *name;
    const char *text;
    const char *types;
    wrl_feature_t needs;
    bool has_places;
    bool has_throw;
} guest_t;

static const guest_t guests[] = {
    {"plain", plain_text, "EEFEFE", WRL_FEATURE_REFERENCE_TYPES, false, false},
    {"foreign", foreign_text, "EEFEFEEE", WRL_FEATURE_GC_REFERENCES, false, false},
    {"all", all_text, "EAFEAFAEAAAEAAEAAEA", WRL_FEATURE_GC_REFERENCES, true, false},
    {"exceptions", exception_text, "XEFXEX", WRL_FEATURE_GC_REFERENCES, false, true},
};
#define GUESTS (sizeof guests / sizeof guests[0])
#define MOST_VALUES 32

static size_t read_types(const char *letters, wrl_valtype_t *types)
{
    size_t count = 0;
    for (; letters[count]; count++) {
        switch (letters[count]) {
        case 'E':
            types[count] = (wrl_valtype_t)WRL_TYPE_EXTERNREF;
            break;
        case 'F':
            types[count] = (wrl_valtype_t)WRL_TYPE_FUNCREF;
            break;
        default:
            types[count] = (wrl_valtype_t){WRL_VALKIND_REF, WRL_VALTYPE_NULLABLE, 0,
                                           letters[count] == 'A' ? WRL_HEAP_ANY : WRL_HEAP_EXN};
        }
    }
    return count;
}

/* ---- Allocations that fail ---- */

static size_t asked;    /* Allocations since the start of the call. */
static size_t refused;  /* How many allocations of the call have failed. */
static size_t fail_at;  /* The number of the allocation that fails. */
static bool fail_after; /* Whether all later allocations fail as well. */

static bool allow(size_t size)
{
    (void)size;
    asked++;
    bool fails = asked == fail_at || (fail_after && asked > fail_at);
    refused += fails;
    return !fails;
}

/* ---- A store, and the externrefs that are made in it ---- */

typedef struct trial {
    const guest_t *guest;
    const char *what; /* The kind of the last call. */
    size_t number;    /* The number of its failed allocation. */
    wrl_store_t *store;
    wrl_instance_t instance;
    wrl_func_t take;
    wrl_func_t fill;
    wrl_externref_t externref; /* Null after its release. */
    uint8_t *finalized;        /* How often each externref has been finalized. */
    size_t made;
    size_t most;
    size_t host_calls;
    struct trial *next;
} trial_t;

static wrl_engine_t *engine;

static bool ok(wrl_error_t *error)
{
    if (error) {
        check(false, wrl_error_message(error));
    }
    wrl_error_delete(error);
    return !error;
}

static void finalize(void *data)
{
    ++*(uint8_t *)data;
}

static wrl_error_t *release(wrl_store_t *store, const wrl_val_t *value)
{
    return value->kind == WRL_VALKIND_EXTERNREF ? wrl_externref_release(store, value->of.externref)
           : value->kind == WRL_VALKIND_REF     ? wrl_ref_release(store, value->of.ref)
                                                : NULL;
}

static void release_all(wrl_store_t *store, const wrl_val_t *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ok(release(store, &values[i]));
    }
}

static void forget(trial_t *trial)
{
    ok(wrl_externref_release(trial->store, trial->externref));
    trial->externref = wrl_externref_null();
}

static wrl_error_t *host_forget(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    trial_t *trial = (trial_t *)env;
    (void)caller;
    (void)slots;
    forget(trial);
    return NULL;
}

/* Both functions return the first externref and the first function. */
static wrl_error_t *host_take(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                              wrl_val_t *results, size_t result_count)
{
    trial_t *trial = (trial_t *)env;
    (void)caller;
    (void)arg_count;
    (void)result_count;
    trial->host_calls++;
    results[0] = args[args[0].kind == WRL_VALKIND_EXTERNREF ? 0 : 1];
    results[1] = args[2];
    return NULL;
}

static wrl_error_t *host_take_raw(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    trial_t *trial = (trial_t *)env;
    (void)caller;
    trial->host_calls++;
    slots[0] = slots[trial->guest->types[0] == 'E' ? 0 : 1];
    slots[1] = slots[2];
    return NULL;
}

/* ---- Ways to pass references ---- */

static wrl_error_t *call_export(trial_t *trial, const char *name, wrl_val_t *results, size_t count)
{
    const wrl_val_t arg = WRL_EXTERNREF(trial->externref);
    wrl_func_t func;
    wrl_error_t *error = found(wrl_instance_get_func(trial->store, trial->instance, name, &func));
    return error ? error : wrl_func_call(trial->store, func, &arg, 1, results, count);
}

static wrl_error_t *call_and_release(trial_t *trial, const char *name, size_t count)
{
    wrl_val_t results[MOST_VALUES];
    wrl_error_t *error = call_export(trial, name, results, count);
    if (!error) {
        release_all(trial->store, results, count);
    }
    return error;
}

static wrl_error_t *pass_results(trial_t *trial)
{
    return call_and_release(trial, "up", strlen(trial->guest->types));
}

static wrl_error_t *pass_args(trial_t *trial)
{
    return call_and_release(trial, "send", 2);
}

static wrl_error_t *pass_args_raw(trial_t *trial)
{
    return call_and_release(trial, "send_raw", 2);
}

/* Uses slots, because tagged values would need the store's buffer. */
static wrl_error_t *call_raw(trial_t *trial, const char *name, const char *types)
{
    wrl_raw_t slots[MOST_VALUES] = {{.externref = trial->externref}};
    wrl_valtype_t valtypes[MOST_VALUES];
    size_t count = read_types(types, valtypes);
    wrl_func_t func;
    wrl_error_t *error = found(wrl_instance_get_func(trial->store, trial->instance, name, &func));
    error = error ? error : wrl_func_call_raw(trial->store, func, slots, MOST_VALUES);
    for (size_t i = 0; i < count && !error; i++) {
        wrl_val_t value = {.kind = valtypes[i].kind};
        value.of.ref = slots[i].ref;
        ok(release(trial->store, &value));
    }
    return error;
}

static wrl_error_t *pass_raw_results(trial_t *trial)
{
    return call_raw(trial, "up", trial->guest->types);
}

static wrl_error_t *call_raw_and_pass(trial_t *trial)
{
    return call_raw(trial, "send", "EF");
}

static wrl_error_t *call_raw_and_pass_raw(trial_t *trial)
{
    return call_raw(trial, "send_raw", "EF");
}

/* This many arguments fill the store's buffer for values, so that the next ones need an allocation. */
#define WIDE 682

static wrl_error_t *host_fill(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                              wrl_val_t *results, size_t result_count)
{
    (void)caller;
    (void)args;
    (void)arg_count;
    (void)results;
    (void)result_count;
    return call_raw_and_pass((trial_t *)env);
}

static wrl_error_t *pass_without_space(trial_t *trial)
{
    static wrl_val_t args[WIDE];
    for (size_t i = 0; i < WIDE; i++) {
        args[i] = WRL_I64(0);
    }
    return wrl_func_call(trial->store, trial->fill, args, WIDE, NULL, 0);
}

/* The program calls a host function directly. */
static wrl_error_t *pass_directly(trial_t *trial)
{
    wrl_val_t values[MOST_VALUES];
    wrl_val_t results[2];
    size_t count = strlen(trial->guest->types);
    wrl_error_t *error = call_export(trial, "up", values, count);
    if (error) {
        return error;
    }
    error = wrl_func_call(trial->store, trial->take, values, count, results, 2);
    release_all(trial->store, values, count);
    if (!error) {
        release_all(trial->store, results, 2);
    }
    return error;
}

/* Passes references directly during a call of the guest. */
static wrl_error_t *host_nest(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)caller;
    (void)slots;
    return pass_directly((trial_t *)env);
}

static wrl_error_t *pass_inside(trial_t *trial)
{
    return call_export(trial, "nest", NULL, 0);
}

static wrl_error_t *get_value(trial_t *trial, const char *name, wrl_val_t *value)
{
    wrl_extern_t item;
    wrl_error_t *error = found(wrl_instance_get_export(trial->store, trial->instance, name, &item));
    if (error) {
        return error;
    }
    return item.kind == WRL_EXTERN_GLOBAL ? wrl_global_get(trial->store, item.of.global, value)
                                          : wrl_table_get(trial->store, item.of.table, 0, value);
}

/* Writes the value back by every setter. */
static wrl_error_t *put_value(trial_t *trial, const char *name, const wrl_val_t *value)
{
    wrl_extern_t item;
    wrl_error_t *error = found(wrl_instance_get_export(trial->store, trial->instance, name, &item));
    if (!error && value->kind == WRL_VALKIND_REF) {
        error = wrl_ref_check(trial->store, value->of.ref);
    }
    if (error) {
        return error;
    }
    if (item.kind == WRL_EXTERN_GLOBAL) {
        return wrl_global_set(trial->store, item.of.global, value);
    }
    error = wrl_table_set(trial->store, item.of.table, 0, value);
    return error ? error : wrl_table_grow(trial->store, item.of.table, 0, value, NULL);
}

static wrl_error_t *read_places(trial_t *trial)
{
    static const char *const names[] = {"ga", "ge", "gf", "ta", "te", "tf"};
    wrl_error_t *error = call_export(trial, "fill", NULL, 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !error; i++) {
        wrl_val_t value;
        error = get_value(trial, names[i], &value);
        if (!error) {
            error = put_value(trial, names[i], &value);
            release_all(trial->store, &value, 1);
        }
    }
    return error;
}

/* An uncaught exception. */
static wrl_error_t *throw_exception(trial_t *trial)
{
    wrl_error_t *error = call_export(trial, "throw", NULL, 0);
    bool is_thrown = error && wrl_error_trap_code(error) == WRL_TRAP_UNCAUGHT_EXCEPTION;
    if (is_thrown) {
        wrl_error_delete(error);
    }
    return is_thrown ? NULL : error;
}

typedef struct way {
    const char *name;
    wrl_error_t *(*pass)(trial_t *trial);
} way_t;

static const way_t ways[] = {
    {"results", pass_results},
    {"raw results", pass_raw_results},
    {"arguments", pass_args},
    {"raw arguments", pass_args_raw},
    {"arguments in a raw call", call_raw_and_pass},
    {"raw arguments in a raw call", call_raw_and_pass_raw},
    {"arguments without space", pass_without_space},
    {"directly", pass_directly},
    {"inside a call", pass_inside},
    {"globals and tables", read_places},
    {"exception", throw_exception},
};
#define WAYS (sizeof ways / sizeof ways[0])

static bool is_possible(const guest_t *guest, const way_t *way)
{
    return (way->pass != read_places || guest->has_places) && (way->pass != throw_exception || guest->has_throw);
}

/* Makes a call in which allocation `number` fails. Returns false if the call makes fewer allocations. */
static bool attempt(trial_t *trial, const way_t *way, size_t number, bool and_after)
{
    trial->what = way->name;
    trial->number = number;
    if (trial->made == trial->most ||
        !ok(wrl_externref_new(trial->store, &trial->finalized[trial->made], finalize, &trial->externref))) {
        check(false, "an externref cannot be made");
        return false;
    }
    trial->made++;
    asked = refused = 0;
    fail_at = number;
    fail_after = and_after;
    wrl__alloc_set_hook(allow);
    wrl_error_t *error = way->pass(trial);
    wrl__alloc_set_hook(NULL);
    if (error && (wrl_error_kind(error) != WRL_ERROR_OUT_OF_MEMORY || !refused)) {
        check(false, wrl_error_message(error));
    }
    wrl_error_delete(error);
    if (!wrl_externref_is_null(trial->externref)) {
        forget(trial);
    }
    wrl_func_t clear;
    if (trial->guest->has_places) {
        wrl_instance_get_func(trial->store, trial->instance, "clear", &clear);
        ok(wrl_func_call(trial->store, clear, NULL, 0, NULL, 0));
    }
    return refused > 0;
}

/* ---- Trials ---- */

static wrl_module_t *modules[GUESTS];

static bool define(trial_t *trial, wrl_imports_t *imports)
{
    wrl_valtype_t types[MOST_VALUES];
    const wrl_functype_t none = {0};
    const wrl_functype_t take = WRL_FUNCTYPE(WRL_TYPES_N(types, read_types(trial->guest->types, types)),
                                             WRL_TYPES(WRL_TYPE_EXTERNREF, WRL_TYPE_FUNCREF));
    wrl_valtype_t wide[WIDE];
    for (size_t i = 0; i < WIDE; i++) {
        wide[i] = (wrl_valtype_t)WRL_TYPE_I64;
    }
    const wrl_functype_t fill = WRL_FUNCTYPE(WRL_TYPES_N(wide, WIDE), WRL_NO_TYPES);
    wrl_func_t take_raw;
    wrl_func_t forgets;
    wrl_func_t nest;
    return ok(wrl_func_new(trial->store, &take, host_take, trial, NULL, &trial->take)) &&
           ok(wrl_func_new_raw(trial->store, &take, host_take_raw, trial, NULL, &take_raw)) &&
           ok(wrl_func_new(trial->store, &fill, host_fill, trial, NULL, &trial->fill)) &&
           ok(wrl_func_new_raw(trial->store, &none, host_forget, trial, NULL, &forgets)) &&
           ok(wrl_func_new_raw(trial->store, &none, host_nest, trial, NULL, &nest)) &&
           ok(wrl_imports_define(imports, "host", "take", wrl_extern_from_func(trial->take))) &&
           ok(wrl_imports_define(imports, "host", "take_raw", wrl_extern_from_func(take_raw))) &&
           ok(wrl_imports_define(imports, "host", "forget", wrl_extern_from_func(forgets))) &&
           ok(wrl_imports_define(imports, "host", "nest", wrl_extern_from_func(nest)));
}

static trial_t *trials; /* The trials that have not ended. */

/* Returns NULL if the store cannot be made. `most` is the maximum number of externrefs. */
static trial_t *begin(size_t guest, size_t most)
{
    trial_t *trial = (trial_t *)calloc(1, sizeof *trial);
    uint8_t *finalized = (uint8_t *)calloc(most, 1);
    wrl_imports_t *imports = NULL;
    if (!trial || !finalized) {
        abort();
    }
    trial->guest = &guests[guest];
    trial->finalized = finalized;
    trial->most = most;
    trial->next = trials;
    trials = trial;
    bool good = ok(wrl_store_new(engine, NULL, &trial->store)) && ok(wrl_imports_new(&imports)) &&
                define(trial, imports) &&
                ok(wrl_instance_new(trial->store, modules[guest], imports, NULL, &trial->instance));
    wrl_imports_delete(imports);
    return good ? trial : NULL;
}

/* Checks that each externref was finalized once. */
static void check_finalized(const trial_t *trial, const char *when)
{
    size_t never = 0;
    size_t twice = 0;
    for (size_t i = 0; i < trial->made; i++) {
        never += trial->finalized[i] == 0;
        twice += trial->finalized[i] > 1;
    }
    if (never || twice) {
        printf("%s, %s, allocation %zu: of %zu externrefs %zu were not finalized, and %zu more than once, %s\n",
               trial->guest->name, trial->what, trial->number, trial->made, never, twice, when);
    }
    check(!never && !twice, "externrefs are finalized exactly once");
}

static void collect_trials(void)
{
    for (const trial_t *trial = trials; trial; trial = trial->next) {
        wrl_store_collect(trial->store);
    }
}

/* Runs after the collector has finished. */
static void end_trials(void)
{
    while (trials) {
        trial_t *trial = trials;
        trials = trial->next;
        check_finalized(trial, "while their store lives");
        wrl_store_delete(trial->store);
        check_finalized(trial, "when their store has ended");
        free(trial->finalized);
        free(trial);
    }
}

/* Makes each allocation of the call fail, in a store that has made no other call. */
static size_t run_fresh(size_t guest, const way_t *way, bool and_after)
{
    size_t number = 0;
    bool is_reached = true;
    while (is_reached) {
        trial_t *trial = begin(guest, 1);
        is_reached = trial && attempt(trial, way, ++number, and_after);
        if (trial && !is_reached && way->pass != pass_results && way->pass != pass_raw_results &&
            way->pass != read_places && way->pass != throw_exception) {
            check(trial->host_calls == 1, "the host function is called if memory suffices");
        }
    }
    return number - 1;
}

static void run_all_fresh(size_t guest)
{
    for (size_t i = 0; i < WAYS; i++) {
        if (is_possible(&guests[guest], &ways[i])) {
            size_t count = run_fresh(guest, &ways[i], false);
            run_fresh(guest, &ways[i], true);
            printf("%s, %s: %zu allocations\n", guests[guest].name, ways[i].name, count);
            check(count > 0, "the call allocates in a new store");
        }
    }
}

/* ---- Many calls in one store ---- */

enum { MANY = 13000, MOST_ALLOCATIONS = 40, HELD = 5 };

#define SPARE_BLOCKS 64
#define SPARE_BYTES (64LL * 1024)

static size_t many = MANY;

#ifdef __EMSCRIPTEN__

typedef struct amount {
    long long bytes;
    int held[HELD];
} amount_t;

static amount_t measure(void)
{
    amount_t amount = {(long long)mallinfo().uordblks, {0}};
    for (int i = 0; i < HELD; i++) {
        amount.held[i] = wrl__js_held(i);
    }
    return amount;
}

static void compare(const amount_t *first, const amount_t *last)
{
    printf("%+lld bytes\n", last->bytes - first->bytes);
    check(last->bytes - first->bytes <= SPARE_BYTES, "bytes are lost");
    for (int i = 0; i < HELD; i++) {
        printf("held by JS (%d): %d, then %d\n", i, first->held[i], last->held[i]);
        check(last->held[i] <= first->held[i] + SPARE_BLOCKS, "JS holds more");
    }
}

#else

typedef usage_t amount_t;

static amount_t measure(void)
{
    return usage_now();
}

static void compare(const amount_t *first, const amount_t *last)
{
    printf("%+lld blocks, %+lld bytes\n", last->blocks - first->blocks, last->bytes - first->bytes);
    check(last->blocks - first->blocks <= SPARE_BLOCKS, "blocks are lost");
    check(last->bytes - first->bytes <= SPARE_BYTES, "bytes are lost");
}

#endif

/* Runs all kinds of calls, and for each kind all allocations. */
static void run_many(trial_t *trial)
{
    for (size_t round = 0; round < many && trial; round++) {
        const way_t *way = &ways[round % WAYS];
        size_t number = 1 + round / WAYS % MOST_ALLOCATIONS;
        if (is_possible(trial->guest, way)) {
            attempt(trial, way, number, round / WAYS / MOST_ALLOCATIONS % 2);
        }
    }
}

/* ---- The program ---- */

static bool compile(size_t guest)
{
    wrl_bytes_t bytes = {0};
    bool good = ok(wrl_wat_to_wasm(guests[guest].text, strlen(guests[guest].text), &bytes)) &&
                ok(wrl_module_new(engine, bytes.data, bytes.size, NULL, &modules[guest]));
    wrl_bytes_delete(&bytes);
    return good;
}

/* The parts of the program. Collectors run between them. */

static amount_t before;
static trial_t *long_trials[GUESTS];

static void try_fresh(void)
{
    for (size_t i = 0; i < GUESTS; i++) {
        if (modules[i]) {
            run_all_fresh(i);
        }
    }
}

static void warm_up(void)
{
    end_trials();
    for (size_t i = 0; i < GUESTS; i++) {
        long_trials[i] = modules[i] ? begin(i, 2 * many) : NULL;
        run_many(long_trials[i]);
    }
}

static void try_many(void)
{
    before = measure();
    for (size_t i = 0; i < GUESTS; i++) {
        run_many(long_trials[i]);
    }
}

static void end(void)
{
    amount_t after = measure();
    for (size_t i = 0; i < GUESTS; i++) {
        if (long_trials[i]) {
            printf("%s: %zu calls in one store, which made %zu of host functions\n", guests[i].name,
                   long_trials[i]->made, long_trials[i]->host_calls);
        }
    }
    compare(&before, &after);
    end_trials();
    for (size_t i = 0; i < GUESTS; i++) {
        wrl_module_release(modules[i]);
    }
    wrl_engine_release(engine);
    printf("%zu passed, %zu failed\n", passed, failed);
}

static void (*const parts[])(void) = {try_fresh, warm_up, try_many, end};
#define PARTS (sizeof parts / sizeof parts[0])

#ifdef __EMSCRIPTEN__

enum { TURNS = 5, PAUSE = 20 };

/* clang-format off */
EM_JS(void, collect_garbage, (void), { gc(); });
/* clang-format on */

/* The JS collector reports collected objects between tasks. */
static void turn(void *count)
{
    uintptr_t turns = (uintptr_t)count;
    if (turns % TURNS == 0) {
        collect_trials();
        parts[turns / TURNS]();
    }
    collect_garbage();
    if (++turns / TURNS < PARTS) {
        emscripten_async_call(turn, (void *)turns, PAUSE);
    } else {
        emscripten_force_exit(failed != 0);
    }
}

static void run_parts(void)
{
    emscripten_async_call(turn, NULL, PAUSE);
    emscripten_exit_with_live_runtime();
}

#else

static void run_parts(void)
{
    for (size_t i = 0; i < PARTS; i++) {
        collect_trials();
        parts[i]();
    }
}

#endif

int main(int argc, char **argv)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = argc > 1 ? argv[1] : NULL;
    if (argc > 2) {
        many /= strtoul(argv[2], NULL, 10);
    }
    if (!wrl_wat_supported() || !ok(wrl_engine_new(&config, &engine))) {
        return 2;
    }
    for (size_t i = 0; i < GUESTS; i++) {
        if (!wrl_engine_supports(engine, guests[i].needs)) {
            printf("%s: not supported on %s\n", guests[i].name, config.backend);
        } else if (!compile(i)) {
            return 1;
        }
    }
    run_parts();
    return failed ? 1 : 0;
}
