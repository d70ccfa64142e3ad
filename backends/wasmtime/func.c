/* Functions: calls from the host to the guest, and from the guest to the host. */
#include "backend.h"

#if defined(__GNUC__)
#define WT_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
/* A function of the call path that begins a cache line, so that its speed does not depend on what precedes it. */
#define WT_ALIGNED __attribute__((aligned(64)))
#else
#define WT_UNLIKELY(condition) (condition)
#define WT_ALIGNED
#endif

/* Omits the stack protector from a function on the call path. These functions have no arrays, only variables whose
 * addresses are passed to the engine, so the protector would never detect anything. */
#define WT_NO_ARRAYS
#ifdef __has_attribute
#if __has_attribute(no_stack_protector)
#undef WT_NO_ARRAYS
#define WT_NO_ARRAYS __attribute__((no_stack_protector))
#endif
#endif

/* Checked calls keep up to this number of values on the stack. */
#define WT_FEW_VALUES 16

static size_t slot_count(const wrl_functype_t *type)
{
    return type->param_count > type->result_count ? type->param_count : type->result_count;
}

static bool has_kind(const wrl_valtype_t *types, size_t count, wrl_valkind_t kind)
{
    for (size_t i = 0; i < count; i++) {
        if (types[i].kind == kind) {
            return true;
        }
    }
    return false;
}

/* Whether values must be converted for the engine. A slot that holds a function reference already holds what the engine
 * expects; externrefs need conversion. */
static bool needs_lower(const wrl_valtype_t *types, size_t count)
{
    return has_kind(types, count, WRL_VALKIND_EXTERNREF);
}

/* Whether values from the engine must be converted: all references need conversion. */
static bool needs_lift(const wrl_valtype_t *types, size_t count)
{
    return has_kind(types, count, WRL_VALKIND_EXTERNREF) || has_kind(types, count, WRL_VALKIND_FUNCREF);
}

/* ---- Calls into the guest ------------------------------------------------------------------------------------------
 */

static inline WT_NO_ARRAYS wrl_error_t *call(void *store, wrl_backend_ref_t func, wrl_raw_t *slots, size_t count)
{
    wt_store_t *self = store;
    wasmtime_func_t callee = wt_func(self, func);
    wasm_trap_t *trap = NULL;
    self->entered++;
    wasmtime_error_t *error =
        wrl__wasmtime_call_unchecked(self->context, &callee, (wasmtime_val_raw_t *)slots, count, &trap);
    self->entered--;
    if (WT_UNLIKELY(error != NULL || trap != NULL)) {
        return wt_call_error(self, error, trap);
    }
    return NULL;
}

static WT_NO_ARRAYS wrl_error_t *entry_plain(void *store, wrl_backend_ref_t func, const wrl_functype_t *type,
                                             wrl_raw_t *slots)
{
    return call(store, func, slots, slot_count(type));
}

/* Calls with few values do not read the type to count the values. */
#define WT_ENTRY(count)                                                                                                \
    static WT_NO_ARRAYS WT_ALIGNED wrl_error_t *entry_##count(void *store, wrl_backend_ref_t func,                     \
                                                              const wrl_functype_t *type, wrl_raw_t *slots)            \
    {                                                                                                                  \
        (void)type;                                                                                                    \
        return call(store, func, slots, count);                                                                        \
    }
WT_ENTRY(0)
WT_ENTRY(1)
WT_ENTRY(2)
WT_ENTRY(3)
WT_ENTRY(4)
WT_ENTRY(5)
WT_ENTRY(6)
WT_ENTRY(7)
WT_ENTRY(8)
static const wrl_backend_entry_t plain_entries[] = {entry_0, entry_1, entry_2, entry_3, entry_4,
                                                    entry_5, entry_6, entry_7, entry_8};

static wrl_error_t *entry_refs(void *store, wrl_backend_ref_t func, const wrl_functype_t *type, wrl_raw_t *slots)
{
    wt_store_t *self = store;
    wt_lower(self, type->params, type->param_count, slots);
    wrl_error_t *error = entry_plain(store, func, type, slots);
    if (error != NULL) {
        return error;
    }
    if (!wt_lift(self, type->results, type->result_count, slots)) {
        return wt_plain_error(self->core, WRL_ERROR_OUT_OF_MEMORY);
    }
    return NULL;
}

/* Lifts all values, and takes ownership of them, even on failure. */
static wrl_error_t *vals_up(wt_store_t *store, const wrl_valtype_t *types, size_t count, wasmtime_val_t *vals,
                            wrl_raw_t *slots)
{
    bool ok = wt_reserve_up(store, types, count);
    for (size_t i = 0; i < count; i++) {
        if (ok) {
            wt_val_up(store, &vals[i], &slots[i]);
        } else {
            wasmtime_val_unroot(&vals[i]);
        }
    }
    return ok ? NULL : wt_plain_error(store->core, WRL_ERROR_OUT_OF_MEMORY);
}

/* `vals` has space for all parameters and results. */
static wrl_error_t *call_checked(wt_store_t *store, const wasmtime_func_t *callee, const wrl_functype_t *type,
                                 wrl_raw_t *slots, wasmtime_val_t *vals)
{
    wasmtime_val_t *results = vals + type->param_count;
    for (size_t i = 0; i < type->param_count; i++) {
        vals[i] = wt_val_down(store, type->params[i], &slots[i]);
    }
    wasm_trap_t *trap = NULL;
    store->entered++;
    wasmtime_error_t *error =
        wrl__wasmtime_call(store->context, callee, vals, type->param_count, results, type->result_count, &trap);
    store->entered--;
    return error != NULL || trap != NULL ? wt_call_error(store, error, trap)
                                         : vals_up(store, type->results, type->result_count, results, slots);
}

/* Returns space for values: `few`, which holds WT_FEW_VALUES, or an allocation. Returns NULL if memory runs out. */
static wasmtime_val_t *room_for(const wt_store_t *store, size_t count, wasmtime_val_t *few)
{
    return count <= WT_FEW_VALUES ? few : store->core->alloc(count * sizeof(*few));
}

/* Only the engine can check that a reference is of the required type, and only its checked calls do so. */
static wrl_error_t *entry_checked(void *store, wrl_backend_ref_t func, const wrl_functype_t *type, wrl_raw_t *slots)
{
    wt_store_t *self = store;
    wasmtime_val_t few[WT_FEW_VALUES];
    size_t count = type->param_count + type->result_count;
    wasmtime_val_t *vals = room_for(self, count, few);
    if (vals == NULL) {
        return wt_plain_error(self->core, WRL_ERROR_OUT_OF_MEMORY);
    }
    wasmtime_func_t callee = wt_func(self, func);
    wrl_error_t *error = call_checked(self, &callee, type, slots, vals);
    if (vals != few) {
        self->core->free(vals);
    }
    return error;
}

/* Whether the type has references that the core cannot check in full. */
static bool needs_checks(const wrl_functype_t *type)
{
    return has_kind(type->params, type->param_count, WRL_VALKIND_REF) ||
           has_kind(type->results, type->result_count, WRL_VALKIND_REF);
}

/* Lifts arguments. They are borrowed from the engine, so this clones them for the core. */
static wrl_error_t *args_up(wt_store_t *store, const wrl_valtype_t *types, size_t count, const wasmtime_val_t *args,
                            wrl_raw_t *slots)
{
    if (!wt_reserve_up(store, types, count)) {
        return wt_plain_error(store->core, WRL_ERROR_OUT_OF_MEMORY);
    }
    for (size_t i = 0; i < count; i++) {
        wasmtime_val_t own;
        wasmtime_val_clone(&args[i], &own);
        wt_val_up(store, &own, &slots[i]);
    }
    return NULL;
}

/* ---- Calls of host functions by the host ---------------------------------------------------------------------------
 * If the host makes such a call while the engine runs a guest, the call does not enter the engine again. Otherwise the
 * engine's collector would mistake the guest frames around the call for two calls and visit them twice: it would make
 * two copies, in different places, of the objects that these frames refer to. An outermost call does enter the engine,
 * because the engine measures the native stack for guests from the outermost call.
 */

static wrl_error_t *call_directly(wrl_backend_ref_t func, wrl_raw_t *slots)
{
    wrl_host_func_t *host = wt_func_host(func);
    return host->call(host, NULL, slots);
}

static wrl_error_t *entry_host(void *store, wrl_backend_ref_t func, const wrl_functype_t *type, wrl_raw_t *slots)
{
    const wt_store_t *self = store;
    return self->entered == 0 ? entry_plain(store, func, type, slots) : call_directly(func, slots);
}

/* References are lowered and lifted as if the call went through the engine. */
static wrl_error_t *entry_host_refs(void *store, wrl_backend_ref_t func, const wrl_functype_t *type, wrl_raw_t *slots)
{
    wt_store_t *self = store;
    if (self->entered == 0) {
        return entry_refs(store, func, type, slots);
    }
    wt_lower(self, type->params, type->param_count, slots);
    if (!wt_lift(self, type->params, type->param_count, slots)) {
        return wt_plain_error(self->core, WRL_ERROR_OUT_OF_MEMORY);
    }
    wrl_error_t *error = call_directly(func, slots);
    if (error != NULL) {
        return error;
    }
    wt_lower(self, type->results, type->result_count, slots);
    return wt_lift(self, type->results, type->result_count, slots)
               ? NULL
               : wt_plain_error(self->core, WRL_ERROR_OUT_OF_MEMORY);
}

/* Checks that the values in the slots are of the required types, and replaces them by the lifted values. */
static wrl_error_t *expect(wt_store_t *store, const wasmtime_func_t *callee, bool are_results,
                           const wrl_valtype_t *types, size_t count, wrl_raw_t *slots, wasmtime_val_t *vals)
{
    for (size_t i = 0; i < count; i++) {
        vals[i] = wt_val_down(store, types[i], &slots[i]);
    }
    wasmtime_error_t *error = wrl__wasmtime_expect(store->context, callee, are_results, vals, count);
    return error != NULL ? wt_call_error(store, error, NULL) : args_up(store, types, count, vals, slots);
}

static wrl_error_t *entry_host_checked(void *store, wrl_backend_ref_t func, const wrl_functype_t *type,
                                       wrl_raw_t *slots)
{
    wt_store_t *self = store;
    if (self->entered == 0) {
        return entry_checked(store, func, type, slots);
    }
    wasmtime_val_t few[WT_FEW_VALUES];
    size_t count = slot_count(type);
    wasmtime_val_t *vals = room_for(self, count, few);
    if (vals == NULL) {
        return wt_plain_error(self->core, WRL_ERROR_OUT_OF_MEMORY);
    }
    wasmtime_func_t callee = wt_func(self, func);
    wrl_error_t *error = expect(self, &callee, false, type->params, type->param_count, slots, vals);
    error = error != NULL ? error : call_directly(func, slots);
    error = error != NULL ? error : expect(self, &callee, true, type->results, type->result_count, slots, vals);
    if (vals != few) {
        self->core->free(vals);
    }
    return error;
}

static wrl_backend_entry_t host_entry(const wrl_functype_t *type)
{
    bool refs = needs_lift(type->params, type->param_count) || needs_lift(type->results, type->result_count);
    return needs_checks(type) ? entry_host_checked : refs ? entry_host_refs : entry_host;
}

static wrl_backend_entry_t select_entry(wrl_backend_ref_t func, const wrl_functype_t *type)
{
    if (wt_func_host(func) != NULL) {
        return host_entry(type);
    }
    if (needs_checks(type)) {
        return entry_checked;
    }
    if (needs_lower(type->params, type->param_count) || needs_lift(type->results, type->result_count)) {
        return entry_refs;
    }
    size_t count = slot_count(type);
    return count < sizeof(plain_entries) / sizeof(plain_entries[0]) ? plain_entries[count] : entry_plain;
}

wrl_error_t *wt_func_entry(void *store, wrl_backend_ref_t func, const wrl_functype_t *type, wrl_backend_entry_t *entry)
{
    (void)store;
    *entry = select_entry(func, type);
    return NULL;
}

/* ---- Calls from the guest to the host ------------------------------------------------------------------------------
 */

/* Returns the store, which is the engine's store data. The `env` of a host function is the core's record of the
 * function, not the store, so that a call needs no lookup to find the record. */
static wt_store_t *store_of(wasmtime_caller_t *caller)
{
    return wasmtime_context_get_data(wasmtime_caller_context(caller));
}

/* Keeps the error in the store, and returns a trap that makes the engine unwind the guest. */
static wasm_trap_t *fail(wt_store_t *store, wrl_error_t *error)
{
    static const char words[] = "host function failed";
    store->pending = error;
    return wasmtime_trap_new(words, sizeof(words) - 1);
}

static WT_ALIGNED wasm_trap_t *callback_plain(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *values,
                                              size_t count)
{
    (void)count;
    wrl_host_func_t *host = env;
    wrl_error_t *error = host->call(host, caller, (wrl_raw_t *)values);
    return WT_UNLIKELY(error != NULL) ? fail(store_of(caller), error) : NULL;
}

static wasm_trap_t *callback_refs(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *values, size_t count)
{
    wrl_host_func_t *host = env;
    wt_store_t *store = store_of(caller);
    const wrl_functype_t *type = host->type;
    wrl_raw_t *slots = (wrl_raw_t *)values;
    if (!wt_lift(store, type->params, type->param_count, slots)) {
        return fail(store, wt_plain_error(store->core, WRL_ERROR_OUT_OF_MEMORY));
    }
    wasm_trap_t *trap = callback_plain(env, caller, values, count);
    if (trap == NULL) {
        wt_lower(store, type->results, type->result_count, slots);
    }
    return trap;
}

static wrl_error_t *call_host(wt_store_t *store, wrl_host_func_t *host, wasmtime_caller_t *caller,
                              const wasmtime_val_t *args, wasmtime_val_t *results, wrl_raw_t *slots)
{
    const wrl_functype_t *type = host->type;
    wrl_error_t *error = args_up(store, type->params, type->param_count, args, slots);
    error = error != NULL ? error : host->call(host, caller, slots);
    for (size_t i = 0; i < type->result_count && error == NULL; i++) {
        /* The engine takes ownership of the results. The core keeps its references, so the results are clones. */
        wasmtime_val_t lent = wt_val_down(store, type->results[i], &slots[i]);
        wasmtime_val_clone(&lent, &results[i]);
    }
    return error;
}

static wasm_trap_t *callback_checked(void *env, wasmtime_caller_t *caller, const wasmtime_val_t *args, size_t arg_count,
                                     wasmtime_val_t *results, size_t result_count)
{
    (void)arg_count;
    (void)result_count;
    wrl_host_func_t *host = env;
    wt_store_t *store = store_of(caller);
    wrl_raw_t few[WT_FEW_VALUES];
    size_t count = slot_count(host->type);
    wrl_raw_t *slots = count <= WT_FEW_VALUES ? few : store->core->alloc(count * sizeof(*slots));
    if (slots == NULL) {
        return fail(store, wt_plain_error(store->core, WRL_ERROR_OUT_OF_MEMORY));
    }
    wrl_error_t *error = call_host(store, host, caller, args, results, slots);
    if (slots != few) {
        store->core->free(slots);
    }
    return error != NULL ? fail(store, error) : NULL;
}

static void new_unchecked(wt_store_t *store, const wasm_functype_t *engine_type, wrl_host_func_t *host,
                          wasmtime_func_t *func)
{
    const wrl_functype_t *type = host->type;
    bool refs = needs_lift(type->params, type->param_count) || needs_lower(type->results, type->result_count);
    wasmtime_func_new_unchecked(store->context, engine_type, refs ? callback_refs : callback_plain, host, NULL, func);
}

wrl_error_t *wt_func_new(void *store, wrl_host_func_t *host, wrl_backend_ref_t *func)
{
    wt_store_t *self = store;
    wasm_functype_t *engine_type = wt_functype(self->engine, host->type);
    if (engine_type == NULL) {
        return wt_plain_error(self->core, WRL_ERROR_UNSUPPORTED);
    }
    wasmtime_func_t made;
    if (needs_checks(host->type)) {
        wasmtime_func_new(self->context, engine_type, callback_checked, host, NULL, &made);
    } else {
        new_unchecked(self, engine_type, host, &made);
    }
    wasm_functype_delete(engine_type);
    wt_learn_id(self, made.store_id);
    return wt_funcset_add_host(self, made.__private, host, func) ? NULL
                                                                 : wt_plain_error(self->core, WRL_ERROR_OUT_OF_MEMORY);
}

/* ---- Types ---------------------------------------------------------------------------------------------------------
 */

static size_t types_up(const wasm_valtype_vec_t *from, wrl_valtype_t *to)
{
    size_t count = from->size < WRL_MAX_PARAMS ? from->size : WRL_MAX_PARAMS;
    for (size_t i = 0; i < count; i++) {
        to[i] = wt_valtype_up(from->data[i]);
    }
    return count;
}

wrl_error_t *wt_func_type(void *store, wrl_backend_ref_t func, wrl_valtype_t *types, size_t *param_count,
                          size_t *result_count)
{
    wt_store_t *self = store;
    wasmtime_func_t engine_func = wt_func(self, func);
    wasm_functype_t *type = wasmtime_func_type(self->context, &engine_func);
    *param_count = types_up(wasm_functype_params(type), types);
    *result_count = types_up(wasm_functype_results(type), types + *param_count);
    wasm_functype_delete(type);
    return NULL;
}
