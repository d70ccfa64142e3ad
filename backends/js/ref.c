/*
 * GC references. JS stores the references that were passed to the host in a list of the store; the private data of a
 * reference is its place in the list. JS cannot hold exceptions, so they are stored in GC structs, and have negative
 * private data. Adapters check whether a reference has the required type. For globals and table elements that are set
 * through the JS API, the API itself makes this check.
 */
#include "ref.h"
#include "adapter.h"
#include "binary/handlers.h"
#include "func.h"
#include "ref_glue.h"

/*
 * Determines the heap type of a reference:
 * (func (export "h") (param anyref) (result i32)
 *   (if (result i32) (ref.test (ref i31) (local.get 0)) (then (i32.const -20))
 *     (else (if (result i32) (ref.test (ref struct) (local.get 0)) (then (i32.const -21))
 *       (else (if (result i32) (ref.test (ref array) (local.get 0)) (then (i32.const -22))
 *         (else (i32.const -18))))))))
 */
static const uint8_t heaps[] = {0,    'a',  's',  'm',  1,    0, 0,    0,    1,    6,  1,    0x60, 1,    0x6e,
                                1,    0x7f, 3,    2,    1,    0, 7,    5,    1,    1,  'h',  0,    0,    10,
                                39,   1,    37,   0,    0x20, 0, 0xfb, 0x14, 0x6c, 4,  0x7f, 0x41, 0x6c, 5,
                                0x20, 0,    0xfb, 0x14, 0x6b, 4, 0x7f, 0x41, 0x6b, 5,  0x20, 0,    0xfb, 0x14,
                                0x6a, 4,    0x7f, 0x41, 0x6a, 5, 0x41, 0x6e, 11,   11, 11,   11};

/*
 * Puts exceptions into structs, and takes them out again:
 * (type $box (struct (field exnref)))
 * (import "e" "l" (func $kept (param i32 i32) (result anyref)))
 * (import "e" "b" (func $keep (param anyref i32 i32)))
 * (func (export "y") (param i32 i32) (result exnref) (local $box (ref null $box))
 *   (local.set $box (ref.cast (ref null $box) (call $kept (local.get 0) (local.get 1))))
 *   (if (result exnref) (ref.is_null (local.get $box)) (then (ref.null exn))
 *     (else (struct.get $box 0 (local.get $box)))))
 * (func (export "z") (param exnref i32 i32)
 *   (call $keep
 *     (if (result anyref) (ref.is_null (local.get 0)) (then (ref.null any)) (else (struct.new $box (local.get 0))))
 *     (local.get 1) (local.get 2)))
 */
static const uint8_t boxes[] = {
    0,    'a',  's',  'm',  1,    0,    0,    0,    1,    29,   5,    0x5f, 1,    0x69, 0,    0x60, 2,    0x7f, 0x7f,
    1,    0x6e, 0x60, 3,    0x6e, 0x7f, 0x7f, 0,    0x60, 2,    0x7f, 0x7f, 1,    0x69, 0x60, 3,    0x69, 0x7f, 0x7f,
    0,    2,    13,   2,    1,    'e',  1,    'l',  0,    1,    1,    'e',  1,    'b',  0,    2,    3,    3,    2,
    3,    4,    7,    9,    2,    1,    'y',  0,    2,    1,    'z',  0,    3,    10,   56,   2,    31,   1,    1,
    0x63, 0,    0x20, 0,    0x20, 1,    0x10, 0,    0xfb, 23,   0,    0x21, 2,    0x20, 2,    0xd1, 4,    0x69, 0xd0,
    0x69, 5,    0x20, 2,    0xfb, 2,    0,    0,    11,   11,   22,   0,    0x20, 0,    0xd1, 4,    0x6e, 0xd0, 0x6e,
    5,    0x20, 0,    0xfb, 0,    0,    11,   0x20, 1,    0x20, 2,    0x10, 1,    11};

/* ---- Code of adapters ---- */

/* Implements CONVERT_REFUSE (adapter.h). */
static wrl_error_t *refuse(void *store, int kind)
{
    static const char argument[] = "args: a reference does not have its parameter's type";
    static const char result[] = "a host function returned a reference that does not have its result's type";
    const wrl_core_t *core = ((js_store_t *)store)->core;
    return kind == WRL_ERROR_HOST
               ? core->error(WRL_ERROR_HOST, WRL_TRAP_NONE, result, sizeof result - 1)
               : core->error(WRL_ERROR_INVALID_ARGUMENT, WRL_TRAP_NONE, argument, sizeof argument - 1);
}

/* Ends the guest because a reference has the wrong type. The error's kind shows whether a host function returned the
 * reference or the program passed it. Ends the block. */
static void put_refuse(wrl_writer_t *out, const frame_t *frame)
{
    i32_const(out, wrl__jsb_pending_place());
    wrl__jsb_put_store(out, frame);
    i32_const(out, frame->is_host ? WRL_ERROR_HOST : WRL_ERROR_INVALID_ARGUMENT);
    op(out, OP_CALL, frame->converters + CONVERT_REFUSE);
    wrl__jsb_put_end_guest(out);
}

static uint32_t converter(const wrl_valtype_t *type)
{
    switch (wrl_valtype_value_kind(*type)) {
    case WRL_VALKIND_FUNCREF:
        return CONVERT_FUNC;
    case WRL_VALKIND_EXTERNREF:
        return CONVERT_EXTERN;
    default:
        return js_is_exception(type) ? CONVERT_EXN : CONVERT_ANY;
    }
}

/* Refuses an exception's private data for a non-exception type, and any other private data for an exception type. */
static void check_word(wrl_writer_t *out, const frame_t *frame, const wrl_valtype_t *type, uint32_t offset)
{
    op(out, OP_LOCAL_GET, frame->slots);
    access(out, OP_I32_LOAD, 2, offset);
    i32_const(out, 0);
    wrl__put(out, js_is_exception(type) ? OP_I32_GT_S : OP_I32_LT_S);
    wrl__put(out, OP_IF);
    wrl__put(out, BLOCK_EMPTY);
    put_refuse(out, frame);
}

/* Leaves the block, with the exception on the operand stack, if the exception has the type. The only types are exn and
 * noexn. */
static void check_exception(wrl_writer_t *out, const wrl_valtype_t *type)
{
    bool is_nullable = type->flags & WRL_VALTYPE_NULLABLE;
    if (type->heap == WRL_HEAP_EXN) {
        op(out, is_nullable ? OP_BR : OP_BR_ON_NON_NULL, 0);
    } else if (is_nullable) {
        wrl__put(out, OP_REF_IS_NULL);
        wrl__put(out, OP_IF);
        wrl__put(out, BLOCK_EMPTY);
        wrl__put(out, OP_REF_NULL);
        wrl__put_i32(out, type->heap);
        op(out, OP_BR, 1);
        wrl__put(out, OP_END);
    } else {
        wrl__put(out, OP_DROP);
    }
}

/* Leaves the block, with the reference on the operand stack, if the reference has the type. For references other than
 * exceptions. `top` is the top of the hierarchy of heap types that the type belongs to. */
static void check_cast(wrl_writer_t *out, const wrl_valtype_t *type, int32_t top)
{
    enum { FROM_NULLABLE = 1, TO_NULLABLE = 2 };
    wrl__put(out, OP_GC);
    op(out, GC_BR_ON_CAST, type->flags & WRL_VALTYPE_NULLABLE ? FROM_NULLABLE | TO_NULLABLE : FROM_NULLABLE);
    wrl__put(out, 0);
    wrl__put_i32(out, top);
    wrl__put_i32(out, type->heap);
    wrl__put(out, OP_DROP);
}

static void load(wrl_writer_t *out, const frame_t *frame, const wrl_valtype_t *type, size_t index)
{
    static const int8_t tops[] = {
        [CONVERT_EXTERN] = WRL_HEAP_EXTERN, [CONVERT_FUNC] = WRL_HEAP_FUNC, [CONVERT_ANY] = WRL_HEAP_ANY};
    uint32_t offset = (uint32_t)(SLOT * index), from = converter(type);
    if (from >= CONVERT_ANY) {
        check_word(out, frame, type, offset);
    }
    wrl__put(out, OP_BLOCK);
    wrl__jsb_put_type(out, type);
    op(out, OP_LOCAL_GET, frame->slots);
    access(out, OP_I32_LOAD, 2, from == CONVERT_EXTERN ? offset + SLOT / 2 : offset);
    if (from >= CONVERT_ANY) {
        wrl__jsb_put_store(out, frame);
    }
    op(out, OP_CALL, frame->converters + from);
    if (from == CONVERT_EXN) {
        check_exception(out, type);
    } else {
        check_cast(out, type, tops[from]);
    }
    put_refuse(out, frame);
}

/* ---- Types that refer to types of their module ---- */

static bool generalize(const js_module_t *module, wrl_valtype_t *types, size_t count)
{
    bool found = false;
    for (wrl_valtype_t *type = types; type < types + count; type++) {
        if (type->kind == WRL_VALKIND_REF && type->heap >= 0) {
            type->heap = type->flags & WRL_VALTYPE_FUNC                  ? WRL_HEAP_FUNC
                         : module->type_at[type->heap] == WRL_SCAN_ARRAY ? WRL_HEAP_ARRAY
                                                                         : WRL_HEAP_STRUCT;
            type->flags &= WRL_VALTYPE_NULLABLE;
            found = true;
        }
    }
    return found;
}

static const js_refs_t all_refs = {converter, load, generalize};

/* ---- References ---- */

static int32_t ref_heap(void *store, uint64_t word)
{
    int32_t place = (int32_t)word;
    return place < 0 ? WRL_HEAP_EXN : wrl__js_ref_heap(store, place);
}

static void ref_release(void *store, uint64_t word)
{
    wrl__js_ref_release(store, (int)word);
}

/* ---- Host functions that the host calls ----
 * The arguments must be checked, and passed as new references, which the function may release. A call through the
 * engine does both.
 */

static wrl_error_t *call_host(void *store, wrl_backend_ref_t func, const wrl_functype_t *type, wrl_raw_t *slots)
{
    const wrl_core_t *core = ((js_store_t *)store)->core;
    bool crosses;
    js_signature_t *signature = wrl__jsb_signature(core, type, &crosses);
    wrl_backend_entry_t entry = signature ? wrl__jsb_signature_entry((js_store_t *)store, signature) : NULL;
    return entry && wrl__js_ref_func((int)func.words[0]) ? entry(store, func, type, slots)
                                                         : wrl__jsb_out_of_memory(core);
}

/* Whether the receiver may release values of the type. With GC this includes externrefs, which a guest may have made.
 */
static bool may_end(const wrl_valtype_t *type)
{
    return js_is_other(type) || (wrl__jsb_refs && type->kind == WRL_VALKIND_EXTERNREF);
}

static wrl_error_t *func_entry(void *store, wrl_backend_ref_t func, const wrl_functype_t *type,
                               wrl_backend_entry_t *entry)
{
    bool has_others = false;
    for (size_t i = 0; i < type->param_count; i++) {
        has_others = has_others || may_end(&type->params[i]);
    }
    for (size_t i = 0; i < type->result_count; i++) {
        has_others = has_others || may_end(&type->results[i]);
    }
    if (!has_others || !wrl__jsb_host_of(func)) {
        return wrl__jsb_func_entry(store, func, type, entry);
    }
    *entry = call_host;
    return NULL;
}

/* ---- The backend ---- */

static void engine_features(void *engine, uint64_t features[2])
{
    const js_ref_places_t places = {
        .heaps = heaps,
        .heaps_size = sizeof heaps,
        .boxes = boxes,
        .boxes_size = sizeof boxes,
        .refuse = (uint32_t)(uintptr_t)refuse,
    };
    wrl__jsb_engine_features(engine, features);
    if (wrl__jsb_ref_open(&places)) {
        wrl__jsb_refs = &all_refs;
        features[WRL_FEATURE_GC_REFERENCES / 64] |= UINT64_C(1) << WRL_FEATURE_GC_REFERENCES % 64;
    }
}

const wrl_backend_t *wrl_backend_js_plain(uint32_t abi)
{
    static wrl_backend_t description;
    const wrl_backend_t *lean = wrl_backend_js_lean(abi);
    if (!lean) {
        return NULL;
    }
    wrl__jsb_may_catch = wrl__may_catch_all;
    description = *lean;
    description.engine_features = engine_features;
    description.func_entry = func_entry;
    description.global_new = wrl__jsb_ref_global_new;
    description.global_get = wrl__jsb_ref_global_get;
    description.global_set = wrl__jsb_ref_global_set;
    description.table_new = wrl__jsb_ref_table_new;
    description.table_get = wrl__jsb_ref_table_get;
    description.table_set = wrl__jsb_ref_table_set;
    description.table_grow = wrl__jsb_ref_table_grow;
    description.ref_heap = ref_heap;
    description.ref_release = ref_release;
    return &description;
}
