/*
 * References of all types. JS keeps what came up, in the store, and the word is its place there. Exceptions, which JS
 * cannot hold, are kept in structs of GC, and have negative words. Whether a reference is of the type that is wanted an
 * adapter finds out, or the JS API where it sets globals and elements of tables.
 */
#include "ref.h"
#include "adapter.h"
#include "binary/handlers.h"
#include "func.h"
#include "ref_glue.h"

/*
 * What a reference is:
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
 * Exceptions in structs, and out of them again:
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

/* ---- What adapters do ---- */

/* CONVERT_REFUSE, called by adapters. */
static wrl_error_t *refuse(void *store, int kind)
{
    static const char argument[] = "args: a reference is of another type than its parameter";
    static const char result[] = "a host function returned a reference of another type than its result";
    const wrl_core_t *core = ((js_store_t *)store)->core;
    return kind == WRL_ERROR_HOST
               ? core->error(WRL_ERROR_HOST, WRL_TRAP_NONE, result, sizeof result - 1)
               : core->error(WRL_ERROR_INVALID_ARGUMENT, WRL_TRAP_NONE, argument, sizeof argument - 1);
}

/* What a host function returns in vain is its own fault. Ends the block, too. */
static void put_refuse(wrl_writer_t *out, const frame_t *frame)
{
    i32_const(out, js_pending_place());
    js_put_store(out, frame);
    i32_const(out, frame->is_host ? WRL_ERROR_HOST : WRL_ERROR_INVALID_ARGUMENT);
    op(out, OP_CALL, frame->converters + CONVERT_REFUSE);
    js_put_end_guest(out);
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

/* Words of exceptions do not go where others are wanted, nor the other way round. */
static void check_word(wrl_writer_t *out, const frame_t *frame, const wrl_valtype_t *type, uint32_t offset)
{
    op(out, OP_LOCAL_GET, frame->slots);
    access(out, OP_I32_LOAD, 2, offset);
    i32_const(out, 0);
    wrl_put(out, js_is_exception(type) ? OP_I32_GT_S : OP_I32_LT_S);
    wrl_put(out, OP_IF);
    wrl_put(out, BLOCK_EMPTY);
    put_refuse(out, frame);
}

/* Leaves the block with the exception on the operand stack if it is of the type: there is none but theirs. */
static void check_exception(wrl_writer_t *out, const wrl_valtype_t *type)
{
    bool is_nullable = type->flags & WRL_VALTYPE_NULLABLE;
    if (type->heap == WRL_HEAP_EXN) {
        op(out, is_nullable ? OP_BR : OP_BR_ON_NON_NULL, 0);
    } else if (is_nullable) {
        wrl_put(out, OP_REF_IS_NULL);
        wrl_put(out, OP_IF);
        wrl_put(out, BLOCK_EMPTY);
        wrl_put(out, OP_REF_NULL);
        wrl_put_i32(out, type->heap);
        op(out, OP_BR, 1);
        wrl_put(out, OP_END);
    } else {
        wrl_put(out, OP_DROP);
    }
}

/* The same for any other reference, below a type that is above all others that it may be of. */
static void check_cast(wrl_writer_t *out, const wrl_valtype_t *type, int32_t top)
{
    enum { FROM_NULLABLE = 1, TO_NULLABLE = 2 };
    wrl_put(out, OP_GC);
    op(out, GC_BR_ON_CAST, type->flags & WRL_VALTYPE_NULLABLE ? FROM_NULLABLE | TO_NULLABLE : FROM_NULLABLE);
    wrl_put(out, 0);
    wrl_put_i32(out, top);
    wrl_put_i32(out, type->heap);
    wrl_put(out, OP_DROP);
}

static void load(wrl_writer_t *out, const frame_t *frame, const wrl_valtype_t *type, size_t index)
{
    static const int8_t tops[] = {
        [CONVERT_EXTERN] = WRL_HEAP_EXTERN, [CONVERT_FUNC] = WRL_HEAP_FUNC, [CONVERT_ANY] = WRL_HEAP_ANY};
    uint32_t offset = (uint32_t)(SLOT * index), from = converter(type);
    if (from >= CONVERT_ANY) {
        check_word(out, frame, type, offset);
    }
    wrl_put(out, OP_BLOCK);
    js_put_type(out, type);
    op(out, OP_LOCAL_GET, frame->slots);
    access(out, OP_I32_LOAD, 2, from == CONVERT_EXTERN ? offset + SLOT / 2 : offset);
    if (from >= CONVERT_ANY) {
        js_put_store(out, frame);
    }
    op(out, OP_CALL, frame->converters + from);
    if (from == CONVERT_EXN) {
        check_exception(out, type);
    } else {
        check_cast(out, type, tops[from]);
    }
    put_refuse(out, frame);
}

/* ---- Functions whose types a module numbers ---- */

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
    return place < 0 ? WRL_HEAP_EXN : wrl_js_ref_heap(store, place);
}

static void ref_release(void *store, uint64_t word)
{
    wrl_js_ref_release(store, (int)word);
}

/* ---- Host functions that the host calls ----
 * On its way a reference is checked, and becomes another one, which the function may let go of. The engine sees to
 * both.
 */

static wrl_error_t *call_host(void *store, wrl_backend_ref_t func, const wrl_functype_t *type, wrl_raw_t *slots)
{
    const wrl_core_t *core = ((js_store_t *)store)->core;
    bool crosses;
    js_signature_t *signature = js_signature(core, type, &crosses);
    wrl_backend_entry_t entry = signature ? js_signature_entry((js_store_t *)store, signature) : NULL;
    return entry && wrl_js_ref_func((int)func.words[0]) ? entry(store, func, type, slots) : js_out_of_memory(core);
}

/* A guest may have made an externref, too. */
static bool may_end(const wrl_valtype_t *type)
{
    return js_is_other(type) || (js_refs && type->kind == WRL_VALKIND_EXTERNREF);
}

static wrl_backend_entry_t func_entry(void *store, wrl_backend_ref_t func, const wrl_functype_t *type)
{
    bool has_others = false;
    for (size_t i = 0; i < type->param_count; i++) {
        has_others = has_others || may_end(&type->params[i]);
    }
    for (size_t i = 0; i < type->result_count; i++) {
        has_others = has_others || may_end(&type->results[i]);
    }
    return has_others && js_host_of(func) ? call_host : js_func_entry(store, func, type);
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
    js_engine_features(engine, features);
    if (js_ref_open(&places)) {
        js_refs = &all_refs;
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
    js_may_catch = wrl_may_catch_all;
    description = *lean;
    description.engine_features = engine_features;
    description.func_entry = func_entry;
    description.global_new = js_ref_global_new;
    description.global_get = js_ref_global_get;
    description.global_set = js_ref_global_set;
    description.table_new = js_ref_table_new;
    description.table_get = js_ref_table_get;
    description.table_set = js_ref_table_set;
    description.table_grow = js_ref_table_grow;
    description.ref_heap = ref_heap;
    description.ref_release = ref_release;
    return &description;
}
