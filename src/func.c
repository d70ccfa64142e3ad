#include "alloc.h"
#include "compiler.h"
#include "error.h"
#include "item.h"
#include "turn.h"
#include "type.h"
#include "type_text.h"
#include "value.h"

#include <string.h>

/* Up to this many values of a host function are on the C stack; more are in the store's scratch space. */
#define INLINE_VALUES 24

_Static_assert(sizeof(wrl_raw_t) == 16, "slots are 16 bytes");
_Static_assert(sizeof(wrl_val_t) == 24, "values are 24 bytes");

static WRL_RARE wrl_error_t *bad_func(const wrl_store_t *store, wrl_func_t func)
{
    return wrl__store_bad_handle(store, "func", func.store_id, func.index);
}

static WRL_RARE wrl_error_t *wrong_count(const char *name, const wrl_functype_t *type, size_t given, size_t needed)
{
    wrl_text_t text = {0};
    wrl__text_addf(&text, "%s: %zu given, %zu needed for the function type ", name, given, needed);
    wrl__text_add_functype(&text, type);
    return wrl__error_from_text(WRL_ERROR_INVALID_ARGUMENT, &text);
}

/* ---- Values ----
 * On the call path, all values are numbers of the right kind. lower_numbers() and lift_numbers() handle this case and
 * return false for any other. They need so few variables that all stay in registers. lower_any() and lift_any() handle
 * all values.
 */

static inline bool lower_numbers(const wrl_valtype_t *types, size_t count, const wrl_val_t *values, wrl_raw_t *slots)
{
    for (size_t i = 0; i < count; i++) {
        if (WRL_UNLIKELY(!wrl__lower_number(types[i], &values[i], &slots[i]))) {
            return false;
        }
    }
    return true;
}

static WRL_RARE wrl_error_t *lower_any(const wrl_store_t *store, const wrl_valtype_t *types, size_t count,
                                       const wrl_val_t *values, const char *name, wrl_raw_t *slots)
{
    wrl_error_t *error = NULL;
    for (size_t i = 0; i < count && !error; i++) {
        error = wrl__store_lower(store, types[i], &values[i], name, i, &slots[i]);
    }
    return error;
}

static inline wrl_error_t *lower(const wrl_store_t *store, const wrl_valtype_t *types, size_t count,
                                 const wrl_val_t *values, const char *name, wrl_raw_t *slots)
{
    bool done = lower_numbers(types, count, values, slots);
    return WRL_UNLIKELY(!done) ? lower_any(store, types, count, values, name, slots) : NULL;
}

static inline bool lift_numbers(const wrl_valtype_t *types, size_t count, const wrl_raw_t *slots, wrl_val_t *values)
{
    for (size_t i = 0; i < count; i++) {
        values[i].kind = types[i].kind;
        if (WRL_UNLIKELY(!wrl__lift_number(types[i], &slots[i], &values[i]))) {
            return false;
        }
    }
    return true;
}

/* Returns the first of two errors and deletes the other. */
static wrl_error_t *either(wrl_error_t *first, wrl_error_t *second)
{
    if (first) {
        wrl_error_delete(second);
    }
    return first ? first : second;
}

static WRL_RARE wrl_error_t *lift_any(wrl_store_t *store, const wrl_valtype_t *types, size_t count,
                                      const wrl_raw_t *slots, wrl_val_t *values)
{
    wrl_error_t *error = NULL;
    for (size_t i = 0; i < count; i++) {
        error = either(error, wrl__store_lift(store, types[i], WRL_BORROW, &slots[i], &values[i]));
    }
    return error;
}

static inline wrl_error_t *lift(wrl_store_t *store, const wrl_valtype_t *types, size_t count, const wrl_raw_t *slots,
                                wrl_val_t *values)
{
    bool done = lift_numbers(types, count, slots, values);
    return WRL_UNLIKELY(!done) ? lift_any(store, types, count, slots, values) : NULL;
}

/* Lowers references in place. */
static wrl_error_t *lower_slots(const wrl_store_t *store, const wrl_valtype_t *types, size_t count, wrl_raw_t *slots)
{
    wrl_error_t *error = NULL;
    for (size_t i = 0; i < count && !error; i++) {
        error = wrl__store_lower_raw(store, types[i], "slots", i, &slots[i]);
    }
    return error;
}

static wrl_error_t *lift_slots(wrl_store_t *store, const wrl_valtype_t *types, size_t count, wrl_getter_t getter,
                               wrl_raw_t *slots)
{
    wrl_error_t *error = NULL;
    for (size_t i = 0; i < count; i++) {
        error = either(error, wrl__store_lift_raw(store, types[i], getter, &slots[i]));
    }
    return error;
}

static void drop_slots(wrl_store_t *store, const wrl_valtype_t *types, size_t count, const wrl_raw_t *slots)
{
    for (size_t i = 0; i < count; i++) {
        wrl__store_drop_value(store, types[i], &slots[i]);
    }
}

/* Lifts the results of a call in place. The program receives all of them or none. */
static wrl_error_t *lift_results(wrl_store_t *store, const wrl_functype_t *type, wrl_raw_t *slots)
{
    wrl_error_t *error = lift_slots(store, type->results, type->result_count, WRL_HOLD, slots);
    if (error) {
        drop_slots(store, type->results, type->result_count, slots);
    }
    return error;
}

/* Releases the arguments of a host function that cannot be called: the backend has already lifted them. */
static WRL_RARE void refuse_args(wrl_store_t *store, const wrl_functype_t *type, wrl_raw_t *slots)
{
    wrl_error_delete(lift_slots(store, type->params, type->param_count, WRL_HOLD, slots));
    drop_slots(store, type->params, type->param_count, slots);
}

/* ---- Calls into the guest ----
 * wrl_func_call and wrl_func_call_raw make the common calls on the quick path: calls of functions with few values, none
 * of them a reference. All other calls, and calls that fail, take the slow path.
 */

/* Returns the error for a function without an entry, on a backend that runs code: its type has values that cannot cross
 * the interface. */
static WRL_RARE wrl_error_t *cannot_enter(const wrl_store_t *store, const wrl_func_record_t *record)
{
    wrl_text_t text = {0};
    wrl__text_addf(&text, "the backend %s cannot call functions of type ", store->backend->name);
    wrl__text_add_functype(&text, record->type);
    return wrl__error_from_text(WRL_ERROR_UNSUPPORTED, &text);
}

/* Returns NULL if the function can be called now, or the reason why not. Sets the record's entry. */
static wrl_error_t *check_callable(wrl_store_t *store, wrl_func_record_t *record)
{
    if (!wrl__store_has_room(store)) {
        return wrl__store_no_room(store);
    }
    wrl_error_t *error = record->entry ? NULL : wrl__store_find_entry(store, record);
    if (!error && !record->entry) {
        error = wrl__engine_require(store->engine, WRL_FEATURE_EXECUTION, "calling a function");
        error = error ? error : cannot_enter(store, record);
    }
    return error;
}

static wrl_error_t *check_call(wrl_store_t *store, wrl_func_t func, const wrl_val_t *args, size_t arg_count,
                               const wrl_val_t *results, size_t result_count)
{
    wrl_func_record_t *record = wrl__store_func(store, func);
    if (!record) {
        return bad_func(store, func);
    }
    const wrl_functype_t *type = record->type;
    if (arg_count != type->param_count) {
        return wrong_count("arg_count", type, arg_count, type->param_count);
    }
    if (result_count != type->result_count) {
        return wrong_count("result_count", type, result_count, type->result_count);
    }
    if ((!args && arg_count) || (!results && result_count)) {
        return wrl__error_null(!args && arg_count ? "args" : "results");
    }
    return check_callable(store, record);
}

/* Makes a call with any kinds of values. The counts have been checked, and `slots` is large enough. */
static wrl_error_t *call_in_slots(wrl_store_t *store, const wrl_func_record_t *record, const wrl_val_t *args,
                                  wrl_val_t *results, wrl_raw_t *slots)
{
    const wrl_functype_t *type = record->type;
    wrl_error_t *error = lower_any(store, type->params, type->param_count, args, "args", slots);
    error = error ? error : record->entry(store->backend_store, record->ref, type, slots);
    error = error ? error : lift_results(store, type, slots);
    for (size_t i = 0; i < type->result_count && !error; i++) {
        results[i].kind = wrl_valtype_value_kind(type->results[i]);
        if (!wrl__lift_number(type->results[i], &slots[i], &results[i])) {
            results[i].of.v128 = slots[i].v128;
        }
    }
    return error;
}

/* Called before a call on the slow path ends, because finalizers may be due. */
static void note_late_work(wrl_store_t *store)
{
    store->has_late_work |= store->dropped_refs != 0;
}

/* Makes a call of wrl_func_call on the slow path. */
static WRL_RARE wrl_error_t *call_slowly(wrl_store_t *store, wrl_func_t func, const wrl_val_t *args, size_t arg_count,
                                         wrl_val_t *results, size_t result_count)
{
    wrl_error_t *error = check_call(store, func, args, arg_count, results, result_count);
    if (error) {
        return error;
    }
    const wrl_func_record_t *record = wrl__store_func(store, func);
    wrl_scratch_mark_t mark;
    wrl_raw_t *slots = (wrl_raw_t *)wrl__scratch_take(&store->scratch, record->slot_count * sizeof *slots, &mark);
    if (!slots) {
        return wrl__error_out_of_memory();
    }
    wrl_turn_t turn = wrl__store_enter(store, false, store->runs_on_stack);
    uintptr_t entry = store->entry;
    error = call_in_slots(store, record, args, results, slots);
    wrl__store_release_scratch(store, mark, entry);
    note_late_work(store);
    return wrl__store_leave(store, turn, false, store->runs_on_stack, error);
}

/* Runs a call on the quick path. `results` is NULL for a raw call. Results are written before the call ends, since its
 * end may delete the store. */
static WRL_INLINE wrl_error_t *run_on(wrl_store_t *store, const wrl_func_record_t *record, wrl_raw_t *slots,
                                      wrl_val_t *results, bool runs_on_stack)
{
    /* The record may move during the call, when functions enter the store. The type does not move. */
    const wrl_functype_t *type = record->type;
    wrl_turn_t turn = wrl__store_enter(store, true, runs_on_stack);
    wrl_error_t *error = record->quick(store->backend_store, record->ref, type, slots);
    if (results && !error) {
        error = lift(store, type->results, type->result_count, slots, results);
    }
    return wrl__store_leave(store, turn, true, runs_on_stack, error);
}

/* Compiles run_on() twice, so that runs_on_stack is tested once for each call. */
static WRL_INLINE wrl_error_t *run_quickly(wrl_store_t *store, const wrl_func_record_t *record, wrl_raw_t *slots,
                                           wrl_val_t *results)
{
    return store->runs_on_stack ? run_on(store, record, slots, results, true)
                                : run_on(store, record, slots, results, false);
}

/* Makes a call of wrl_func_call on the quick path, nested or outermost as `is_inner` states. Returns false if the call
 * has to take the slow path. */
static WRL_INLINE bool call_quickly(wrl_store_t *store, wrl_func_t func, const wrl_val_t *args, size_t arg_count,
                                    wrl_val_t *results, size_t result_count, bool is_inner, wrl_error_t **error)
{
    const wrl_func_record_t *record = wrl__store_func(store, func);
    if (WRL_UNLIKELY(!record || arg_count != record->param_count || result_count != record->result_count ||
                     (!args && arg_count) || (!results && result_count) || !record->quick ||
                     !wrl__store_has_plain_room(store, is_inner))) {
        return false;
    }
    wrl_raw_t slots[WRL_QUICK_SLOTS];
    *error = lower(store, record->type->params, arg_count, args, "args", slots);
    if (WRL_UNLIKELY(*error)) {
        return true;
    }
    *error = run_quickly(store, record, slots, results);
    return true;
}

/* Makes every kind of call of wrl_func_call except an outermost call on the quick path. */
static WRL_APART wrl_error_t *call_otherwise(wrl_store_t *store, wrl_func_t func, const wrl_val_t *args,
                                             size_t arg_count, wrl_val_t *results, size_t result_count)
{
#if WRL_STACK_KNOWN
    wrl_error_t *error;
    if (call_quickly(store, func, args, arg_count, results, result_count, true, &error)) {
        return error;
    }
#endif
    return call_slowly(store, func, args, arg_count, results, result_count);
}

WRL_ALIGNED wrl_error_t *wrl_func_call(wrl_store_t *store, wrl_func_t func, const wrl_val_t *args, size_t arg_count,
                                       wrl_val_t *results, size_t result_count)
{
    wrl_error_t *error;
    if (call_quickly(store, func, args, arg_count, results, result_count, false, &error)) {
        return error;
    }
    return call_otherwise(store, func, args, arg_count, results, result_count);
}

static wrl_error_t *check_call_raw(wrl_store_t *store, wrl_func_t func, const wrl_raw_t *slots, size_t slot_count)
{
    wrl_func_record_t *record = wrl__store_func(store, func);
    if (!record) {
        return bad_func(store, func);
    }
    if (slot_count < record->slot_count) {
        return wrong_count("slot_count", record->type, slot_count, record->slot_count);
    }
    if (!slots && record->slot_count) {
        return wrl__error_null("slots");
    }
    return check_callable(store, record);
}

/* Makes a call of wrl_func_call_raw on the slow path. */
static WRL_RARE wrl_error_t *call_raw_slowly(wrl_store_t *store, wrl_func_t func, wrl_raw_t *slots, size_t slot_count)
{
    wrl_error_t *error = check_call_raw(store, func, slots, slot_count);
    if (error) {
        return error;
    }
    const wrl_func_record_t *record = wrl__store_func(store, func);
    const wrl_functype_t *type = record->type;
    wrl_turn_t turn = wrl__store_enter(store, false, store->runs_on_stack);
    error = lower_slots(store, type->params, type->param_count, slots);
    error = error ? error : record->entry(store->backend_store, record->ref, type, slots);
    error = error ? error : lift_results(store, type, slots);
    note_late_work(store);
    return wrl__store_leave(store, turn, false, store->runs_on_stack, error);
}

/* Like call_quickly(). */
static WRL_INLINE bool call_raw_quickly(wrl_store_t *store, wrl_func_t func, wrl_raw_t *slots, size_t slot_count,
                                        bool is_inner, wrl_error_t **error)
{
    const wrl_func_record_t *record = wrl__store_func(store, func);
    if (WRL_UNLIKELY(!record || !slots || slot_count < record->slot_count || !record->quick ||
                     !wrl__store_has_plain_room(store, is_inner))) {
        return false;
    }
    *error = run_quickly(store, record, slots, NULL);
    return true;
}

/* Makes every kind of call of wrl_func_call_raw except an outermost call on the quick path. */
static WRL_APART wrl_error_t *call_raw_otherwise(wrl_store_t *store, wrl_func_t func, wrl_raw_t *slots,
                                                 size_t slot_count)
{
#if WRL_STACK_KNOWN
    wrl_error_t *error;
    if (call_raw_quickly(store, func, slots, slot_count, true, &error)) {
        return error;
    }
#endif
    return call_raw_slowly(store, func, slots, slot_count);
}

WRL_ALIGNED wrl_error_t *wrl_func_call_raw(wrl_store_t *store, wrl_func_t func, wrl_raw_t *slots, size_t slot_count)
{
    wrl_error_t *error;
    if (call_raw_quickly(store, func, slots, slot_count, false, &error)) {
        return error;
    }
    return call_raw_otherwise(store, func, slots, slot_count);
}

/* ---- Calls of host functions ---- */

/* Turns the error of a check on a host function's results into WRL_ERROR_HOST. */
static WRL_RARE wrl_error_t *blame_host(const wrl_functype_t *type, wrl_error_t *error)
{
    if (wrl_error_kind(error) == WRL_ERROR_OUT_OF_MEMORY) {
        return error;
    }
    wrl_text_t text = {0};
    wrl__text_add(&text, "the host function ");
    if (type->name) {
        wrl__text_add_quoted(&text, type->name, strlen(type->name));
    } else {
        wrl__text_add(&text, "of type ");
        wrl__text_add_functype(&text, type);
    }
    wrl__text_addf(&text, " failed to set its results: %s", wrl_error_message(error));
    wrl_error_delete(error);
    return wrl__error_from_text(WRL_ERROR_HOST, &text);
}

/* Makes the caller, and records that guest code has run. */
static inline wrl_caller_t enter_host_call(const wrl_host_t *host, void *backend_caller)
{
    wrl__store_note_run(host->store);
    return (wrl_caller_t){host->store, backend_caller};
}

/* Calls the callback. `values` holds the arguments and has space for the results after them. */
static inline wrl_error_t *run_tagged(const wrl_host_t *host, void *backend_caller, wrl_val_t *values)
{
    const wrl_functype_t *type = host->type;
    wrl_val_t *results = values + type->param_count;
    for (size_t i = 0; i < type->result_count; i++) {
        results[i].kind = WRL_VALKIND_NONE;
    }
    wrl_caller_t caller = enter_host_call(host, backend_caller);
    return host->callback(host->env, &caller, values, type->param_count, results, type->result_count);
}

/* Calls a host function without references. */
static inline wrl_error_t *host_call_tagged(const wrl_host_t *host, void *backend_caller, wrl_raw_t *slots,
                                            wrl_val_t *values)
{
    const wrl_functype_t *type = host->type;
    wrl_error_t *error = lift(host->store, type->params, type->param_count, slots, values);
    if (WRL_UNLIKELY(error)) {
        return error;
    }
    if (WRL_UNLIKELY(host->store->has_late_work)) {
        wrl__store_begin_host_call(host->store);
    }
    error = run_tagged(host, backend_caller, values);
    if (WRL_UNLIKELY(error)) {
        return error;
    }
    error = lower(host->store, type->results, type->result_count, values + type->param_count, "results", slots);
    return WRL_UNLIKELY(error) ? blame_host(type, error) : NULL;
}

/* Calls a host function with references. The host function borrows its reference arguments. */
static wrl_error_t *host_call_tagged_refs(const wrl_host_t *host, void *backend_caller, wrl_raw_t *slots,
                                          wrl_val_t *values)
{
    const wrl_functype_t *type = host->type;
    wrl_store_t *store = host->store;
    size_t mark = store->borrows_count;
    wrl_error_t *error = lift_any(store, type->params, type->param_count, slots, values);
    mark = wrl__store_end_lift(store, mark);
    error = error ? error : run_tagged(host, backend_caller, values);
    const wrl_val_t *results = values + type->param_count;
    if (!error) {
        for (size_t i = 0; i < type->result_count; i++) {
            wrl__store_mark_result(store, results[i].kind, (wrl_raw_t){.v128 = results[i].of.v128});
        }
        error = lower_any(store, type->results, type->result_count, results, "results", slots);
        error = error ? blame_host(type, error) : NULL;
    }
    wrl__store_return_borrows(store, mark);
    return error;
}

static WRL_RARE wrl_error_t *host_call_with_scratch(const wrl_host_t *host, void *backend_caller, wrl_raw_t *slots,
                                                    size_t count)
{
    wrl_scratch_mark_t mark;
    wrl_val_t *values = (wrl_val_t *)wrl__scratch_take(&host->store->scratch, count * sizeof *values, &mark);
    if (!values) {
        if (host->has_refs) {
            refuse_args(host->store, host->type, slots);
        }
        return wrl__error_out_of_memory();
    }
    wrl_store_t *store = host->store;
    uintptr_t entry = store->entry;
    wrl_error_t *error = host->has_refs ? host_call_tagged_refs(host, backend_caller, slots, values)
                                        : host_call_tagged(host, backend_caller, slots, values);
#if WRL_STACK_KNOWN
    if (store->entry != entry) {
        /* A call nested in this one is still in progress and has taken scratch space. */
        return wrl__store_ended_early(store, error);
    }
#endif
    wrl__store_release_scratch(store, mark, entry);
    return error;
}

static WRL_ALIGNED wrl_error_t *on_host_call(wrl_host_func_t *self, void *backend_caller, wrl_raw_t *slots)
{
    const wrl_host_t *host = (const wrl_host_t *)self;
    size_t count = host->type->param_count + host->type->result_count;
    if (count > INLINE_VALUES) {
        return host_call_with_scratch(host, backend_caller, slots, count);
    }
    wrl_val_t values[INLINE_VALUES];
    return host_call_tagged(host, backend_caller, slots, values);
}

static wrl_error_t *on_host_call_refs(wrl_host_func_t *self, void *backend_caller, wrl_raw_t *slots)
{
    const wrl_host_t *host = (const wrl_host_t *)self;
    return host_call_with_scratch(host, backend_caller, slots, host->type->param_count + host->type->result_count);
}

static WRL_NO_ARRAYS inline wrl_error_t *run_raw(const wrl_host_t *host, void *backend_caller, wrl_raw_t *slots)
{
    wrl_caller_t caller = enter_host_call(host, backend_caller);
    return host->callback_raw(host->env, &caller, slots);
}

static WRL_NO_ARRAYS WRL_ALIGNED wrl_error_t *on_host_call_raw(wrl_host_func_t *self, void *backend_caller,
                                                               wrl_raw_t *slots)
{
    const wrl_host_t *host = (const wrl_host_t *)self;
    if (WRL_UNLIKELY(host->store->has_late_work)) {
        wrl__store_begin_host_call(host->store);
    }
    return run_raw(host, backend_caller, slots);
}

static wrl_error_t *on_host_call_raw_refs(wrl_host_func_t *self, void *backend_caller, wrl_raw_t *slots)
{
    const wrl_host_t *host = (const wrl_host_t *)self;
    const wrl_functype_t *type = host->type;
    wrl_store_t *store = host->store;
    size_t mark = store->borrows_count;
    wrl_error_t *error = lift_slots(store, type->params, type->param_count, WRL_BORROW, slots);
    mark = wrl__store_end_lift(store, mark);
    error = error ? error : run_raw(host, backend_caller, slots);
    if (!error) {
        for (size_t i = 0; i < type->result_count; i++) {
            wrl__store_mark_result(store, wrl_valtype_value_kind(type->results[i]), slots[i]);
        }
        error = lower_slots(store, type->results, type->result_count, slots);
        error = error ? blame_host(type, error) : NULL;
    }
    wrl__store_return_borrows(store, mark);
    return error;
}

/* ---- Construction of host functions ---- */

static wrl_error_t *require_types(const wrl_engine_t *engine, const wrl_valtype_t *types, size_t count, bool *has_refs)
{
    for (size_t i = 0; i < count; i++) {
        wrl_error_t *error = wrl__valtype_require(engine, types[i], "the function's type");
        if (error) {
            return error;
        }
        *has_refs = *has_refs || wrl__valtype_is_ref(types[i]);
    }
    return NULL;
}

static wrl_error_t *check_new(const wrl_store_t *store, const wrl_functype_t *type, bool has_callback,
                              const wrl_func_t *func, bool *has_refs)
{
    if (!func) {
        return wrl__error_null("func");
    }
    if (!store) {
        return wrl__error_null("store");
    }
    wrl_error_t *error = wrl__store_not_ending(store);
    error = error ? error : wrl__functype_check(type, "type");
    if (error) {
        return error;
    }
    if (!has_callback) {
        return wrl__error_null("callback");
    }
    if (!store->backend->func_new) {
        return wrl__error_format(WRL_ERROR_UNSUPPORTED, "the backend %s does not support host functions",
                                 store->backend->name);
    }
    if (type->result_count > 1) {
        error = wrl__engine_require(store->engine, WRL_FEATURE_MULTI_VALUE, "a function with several results");
    }
    error = error ? error : require_types(store->engine, type->params, type->param_count, has_refs);
    return error ? error : require_types(store->engine, type->results, type->result_count, has_refs);
}

/* Enters a host function into the engine and the store. Takes ownership of it. */
static wrl_error_t *enter_host(wrl_store_t *store, wrl_host_t *host, wrl_func_t *func)
{
    wrl_backend_ref_t ref = {{0, 0}};
    wrl_error_t *error = store->backend->func_new(store->backend_store, &host->base, &ref);
    if (error) {
        wrl__free(host->type);
        wrl__free(host);
        return error;
    }
    /* The engine refers to the function now, so it has to last as long as the store, even if the next step fails. */
    host->next = store->hosts;
    store->hosts = host;
    return wrl__store_enter_func(store, ref, host->type, func);
}

static wrl_error_t *func_new(wrl_store_t *store, const wrl_functype_t *type, const wrl_host_t *form, wrl_func_t *func)
{
    bool has_refs = false;
    wrl_error_t *error = check_new(store, type, form->callback || form->callback_raw, func, &has_refs);
    if (error) {
        return error;
    }
    wrl_host_t *host = (wrl_host_t *)wrl__alloc(sizeof *host);
    wrl_functype_t *copy = wrl__functype_copy(type);
    if (!host || !copy) {
        wrl__free(host);
        wrl__free(copy);
        return wrl__error_out_of_memory();
    }
    *host = *form;
    host->store = store;
    host->type = copy;
    host->base.type = copy;
    host->has_refs = has_refs;
    host->base.call = form->callback ? (has_refs ? on_host_call_refs : on_host_call)
                                     : (has_refs ? on_host_call_raw_refs : on_host_call_raw);
    return enter_host(store, host, func);
}

/* Sets the finalizer when nothing can fail any more, so that it runs once. */
static wrl_error_t *func_new_with_env(wrl_store_t *store, const wrl_functype_t *type, wrl_host_t *form,
                                      wrl_finalizer_t finalizer, wrl_func_t *func)
{
    if (func) {
        *func = wrl_func_null();
    }
    wrl_error_t *error = func_new(store, type, form, func);
    if (error) {
        if (finalizer) {
            finalizer(form->env);
        }
        return error;
    }
    store->hosts->finalizer = finalizer;
    return NULL;
}

wrl_error_t *wrl_func_new(wrl_store_t *store, const wrl_functype_t *type, wrl_func_callback_t callback, void *env,
                          wrl_finalizer_t finalizer, wrl_func_t *func)
{
    wrl_host_t form = {.callback = callback, .env = env};
    return func_new_with_env(store, type, &form, finalizer, func);
}

wrl_error_t *wrl_func_new_raw(wrl_store_t *store, const wrl_functype_t *type, wrl_func_callback_raw_t callback,
                              void *env, wrl_finalizer_t finalizer, wrl_func_t *func)
{
    wrl_host_t form = {.callback_raw = callback, .env = env};
    return func_new_with_env(store, type, &form, finalizer, func);
}

wrl_functype_t wrl_func_type(const wrl_store_t *store, wrl_func_t func)
{
    const wrl_func_record_t *record = wrl__store_func(store, func);
    return record ? *record->type : (wrl_functype_t){0};
}

/* ---- The caller ---- */

wrl_store_t *wrl_caller_store(wrl_caller_t *caller)
{
    return caller ? caller->store : NULL;
}
