/* Signatures: the adapters that all functions with the same parameters and results share. */
#include "adapter.h"
#include "func_glue.h"
#include "glue.h"

#include <emscripten.h>

#include <string.h>

/* An unused signature is kept while the weights of all requests after its last one add up to less than this. */
#define MAX_UNUSED 256
/* The maximum number of check modules that are kept. A guest may pass functions of thousands of types. */
#define MAX_CHECKS 64
#define BUCKETS 1024 /* As many as 10 bits can number. */

/* All signatures, by hash. Each set of types has a distinct signature (wrl__jsb_signature_distinct) for every type that
 * needs one. */
static js_signature_t *buckets[BUCKETS];
/* The sum of the weights of all signatures. A signature weighs 1, plus 1 for each 16 KiB of types. */
static size_t signature_weight;
/* The sum of the weights of all requests. */
static uint64_t requested;
static size_t check_count;

/* A signature that a store uses. */
typedef struct js_use {
    struct js_use *next;
    js_signature_t *signature;
} js_use_t;

static size_t weight_of(const js_signature_t *signature)
{
    return 1 + (signature->types ? signature->types->size >> 14 : 0);
}

/* ---- Finding signatures ---- */

/* Whether the signature belongs to type number `declared` of the module or, if `module` is NULL, is a plain signature.
 */
static bool same_types(const js_signature_t *signature, const js_module_t *module, uint32_t declared)
{
    const js_types_t *types = signature->types;
    if (!module || !types) {
        return !module && !types;
    }
    return signature->type == declared && types->size == module->types->size &&
           memcmp(types->bytes, module->types->bytes, types->size) == 0;
}

/* Returns parameter or result `index`. */
static const wrl_valtype_t *value_of(const wrl_functype_t *type, size_t index)
{
    return index < type->param_count ? &type->params[index] : &type->results[index - type->param_count];
}

static bool same_values(const js_signature_t *signature, const wrl_functype_t *type)
{
    bool same = signature->param_count == type->param_count && signature->result_count == type->result_count;
    for (size_t i = 0; same && i < type->param_count + type->result_count; i++) {
        same = memcmp(&signature->values[i], value_of(type, i), sizeof(wrl_valtype_t)) == 0;
    }
    return same;
}

/* Whether values of these types can be passed in both directions. Without a module, type indices have no meaning. */
static bool can_cross(const js_module_t *module, const wrl_functype_t *type)
{
    bool can = true;
    for (size_t i = 0; can && i < type->param_count + type->result_count; i++) {
        const wrl_valtype_t *value = value_of(type, i);
        can = value->kind != WRL_VALKIND_REF || (wrl__jsb_refs && (module || value->heap < 0));
    }
    return can;
}

/* The factor is random, so that no guest can choose types that all share a bucket. */
static js_signature_t **bucket_of(const wrl_functype_t *type, uint32_t declared)
{
    static uint32_t factor;
    if (!factor) {
        factor = (uint32_t)(emscripten_random() * 65536) << 16 | (uint32_t)(emscripten_random() * 65536) | 1;
    }
    uint32_t hash = declared + (uint32_t)type->param_count;
    for (size_t i = 0; i < type->param_count + type->result_count; i++) {
        const wrl_valtype_t *value = value_of(type, i);
        hash = factor * (hash ^ hash >> 15) + value->kind + 8 * (uint32_t)value->heap;
    }
    return &buckets[factor * (hash ^ hash >> 15) >> 22];
}

static js_signature_t *request(js_signature_t *signature)
{
    requested += weight_of(signature);
    signature->requested = requested;
    return signature;
}

static js_signature_t *find_known(js_signature_t *known, const js_module_t *module, uint32_t declared,
                                  const wrl_functype_t *type)
{
    while (known && !(same_values(known, type) && same_types(known, module, declared))) {
        known = known->next;
    }
    return known;
}

/* ---- Making signatures ---- */

static js_signature_t *make(const wrl_core_t *core, const wrl_functype_t *type, js_types_t *types,
                            js_signature_t **bucket)
{
    size_t values = type->param_count + type->result_count;
    js_signature_t *made = (js_signature_t *)core->alloc(sizeof *made + values * sizeof made->values[0]);
    if (!made) {
        return NULL;
    }
    made->types = types;
    made->group_count = made->type_count = 1;
    made->param_count = type->param_count;
    made->result_count = type->result_count;
    for (size_t i = 0; i < values; i++) {
        made->values[i] = *value_of(type, i);
    }
    made->next = *bucket;
    *bucket = made;
    signature_weight += weight_of(made);
    return made;
}

/* Implements wrl__jsb_signature, without a module, and wrl__jsb_signature_distinct. */
static js_signature_t *find_or_make(const wrl_core_t *core, const js_module_t *module, uint32_t declared,
                                    const wrl_functype_t *type, bool *crosses)
{
    *crosses = can_cross(module, type);
    if (!*crosses) {
        return NULL;
    }
    js_signature_t **bucket = bucket_of(type, declared);
    js_signature_t *known = find_known(*bucket, module, declared, type);
    if (!known) {
        known = make(core, type, module ? module->types : NULL, bucket);
        if (known && module) {
            module->types->users++;
            known->group_count = module->group_count;
            known->type_count = module->type_count;
            known->type = declared;
        }
    }
    return known ? request(known) : NULL;
}

js_signature_t *wrl__jsb_signature(const wrl_core_t *core, const wrl_functype_t *type, bool *crosses)
{
    return find_or_make(core, NULL, 0, type, crosses);
}

js_signature_t *wrl__jsb_signature_distinct(const js_module_t *module, uint32_t declared, const wrl_functype_t *type,
                                            bool *crosses)
{
    return find_or_make(module->core, module, declared, type, crosses);
}

/* ---- Entries, shims and checks ---- */

/* Records that the store uses the signature. Returns false if memory runs out. */
static bool use(js_store_t *store, js_signature_t *signature)
{
    const js_use_t *known = store->uses;
    while (known && known->signature != signature) {
        known = known->next;
    }
    js_use_t *made = known ? NULL : (js_use_t *)store->core->alloc(sizeof *made);
    if (made) {
        *made = (js_use_t){store->uses, signature};
        store->uses = made;
        signature->users++;
    }
    return known || made;
}

wrl_backend_entry_t wrl__jsb_signature_entry(js_store_t *store, js_signature_t *signature)
{
    if (!signature->entry) {
        int module = wrl__jsb_compile_call(store->core, signature);
        if (module) {
            signature->entry = (wrl_backend_entry_t)(uintptr_t)wrl__js_entry(module);
            wrl__js_release(module);
        }
    }
    return signature->entry && use(store, signature) ? signature->entry : NULL;
}

static void drop_check(js_signature_t *signature)
{
    if (signature->check) {
        wrl__js_release(signature->check);
        signature->check = 0;
        check_count--;
    }
}

static void drop_checks(void)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        for (js_signature_t *signature = buckets[i]; signature; signature = signature->next) {
            drop_check(signature);
        }
    }
}

int wrl__jsb_signature_check(const wrl_core_t *core, js_signature_t *signature)
{
    if (!signature->check) {
        if (check_count == MAX_CHECKS) {
            drop_checks();
        }
        signature->check = wrl__jsb_compile_check(core, signature);
        check_count += signature->check != 0;
    }
    return signature->check;
}

/* ---- Deleting signatures ---- */

static void end(const wrl_core_t *core, js_signature_t *signature)
{
    if (signature->entry) {
        wrl__js_entry_end((uint32_t)(uintptr_t)signature->entry);
    }
    if (signature->shim) {
        wrl__js_release(signature->shim);
    }
    drop_check(signature);
    signature_weight -= weight_of(signature);
    wrl__jsb_leave_types(core, signature->types);
    core->free(signature);
}

static void end_unused(const wrl_core_t *core)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        for (js_signature_t **at = &buckets[i]; *at;) {
            js_signature_t *signature = *at;
            if (signature->users || requested - signature->requested < MAX_UNUSED) {
                at = &signature->next;
            } else {
                *at = signature->next;
                end(core, signature);
            }
        }
    }
}

void wrl__jsb_signatures_leave(js_store_t *store)
{
    while (store->uses) {
        js_use_t *use = store->uses;
        store->uses = use->next;
        use->signature->users--;
        store->core->free(use);
    }
    if (signature_weight > MAX_UNUSED) {
        end_unused(store->core);
    }
}
