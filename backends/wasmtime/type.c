/* Types: conversions between the layer's structs and the engine's objects. */
#include "backend.h"

/* The abstract heap types: codes of the binary format and numbers of the engine. */
static const struct {
    int32_t heap;
    wasmtime_heaptype_kind_t kind;
} heaps[] = {
    {WRL_HEAP_NOEXN, WASMTIME_HEAPTYPE_KIND_NOEXN},
    {WRL_HEAP_NOFUNC, WASMTIME_HEAPTYPE_KIND_NOFUNC},
    {WRL_HEAP_NONE, WASMTIME_HEAPTYPE_KIND_NONE},
    {WRL_HEAP_NOEXTERN, WASMTIME_HEAPTYPE_KIND_NOEXTERN},
    {WRL_HEAP_FUNC, WASMTIME_HEAPTYPE_KIND_FUNC},
    {WRL_HEAP_EXTERN, WASMTIME_HEAPTYPE_KIND_EXTERN},
    {WRL_HEAP_ANY, WASMTIME_HEAPTYPE_KIND_ANY},
    {WRL_HEAP_EQ, WASMTIME_HEAPTYPE_KIND_EQ},
    {WRL_HEAP_I31, WASMTIME_HEAPTYPE_KIND_I31},
    {WRL_HEAP_STRUCT, WASMTIME_HEAPTYPE_KIND_STRUCT},
    {WRL_HEAP_ARRAY, WASMTIME_HEAPTYPE_KIND_ARRAY},
    {WRL_HEAP_EXN, WASMTIME_HEAPTYPE_KIND_EXN},
    /* Concrete types have no index outside of their module. They are reported as their abstract supertype. */
    {WRL_HEAP_FUNC, WASMTIME_HEAPTYPE_KIND_CONCRETE_FUNC},
    {WRL_HEAP_STRUCT, WASMTIME_HEAPTYPE_KIND_CONCRETE_STRUCT},
    {WRL_HEAP_ARRAY, WASMTIME_HEAPTYPE_KIND_CONCRETE_ARRAY},
    {WRL_HEAP_EXN, WASMTIME_HEAPTYPE_KIND_CONCRETE_EXN},
};

static wasm_valtype_t *reftype(const wasm_engine_t *engine, wrl_valtype_t type)
{
    for (size_t i = 0; i < sizeof(heaps) / sizeof(heaps[0]); i++) {
        if (heaps[i].heap == type.heap) {
            wasmtime_valtype_t full = {.kind = WASMTIME_VALTYPE_KIND_REF};
            full.reftype.nullable = (type.flags & WRL_VALTYPE_NULLABLE) != 0;
            full.reftype.heaptype.kind = heaps[i].kind;
            return wasmtime_valtype_to_wasm(engine, &full);
        }
    }
    return NULL;
}

wasm_valtype_t *wt_valtype(const wasm_engine_t *engine, wrl_valtype_t type)
{
    switch (type.kind) {
    case WRL_VALKIND_I32:
        return wasm_valtype_new(WASM_I32);
    case WRL_VALKIND_I64:
        return wasm_valtype_new(WASM_I64);
    case WRL_VALKIND_F32:
        return wasm_valtype_new(WASM_F32);
    case WRL_VALKIND_F64:
        return wasm_valtype_new(WASM_F64);
    case WRL_VALKIND_V128:
        return wasmtime_wasm_valtype_v128();
    case WRL_VALKIND_FUNCREF:
        return wasm_valtype_new(WASM_FUNCREF);
    case WRL_VALKIND_EXTERNREF:
        return wasm_valtype_new(WASM_EXTERNREF);
    default:
        return reftype(engine, type);
    }
}

static bool fill(const wasm_engine_t *engine, wasm_valtype_vec_t *vec, const wrl_valtype_t *types, size_t count)
{
    if (count == 0) {
        wasm_valtype_vec_new_empty(vec);
        return true;
    }
    wasm_valtype_vec_new_uninitialized(vec, count);
    for (size_t i = 0; i < count; i++) {
        vec->data[i] = wt_valtype(engine, types[i]);
        if (vec->data[i] == NULL) {
            wasm_valtype_vec_delete(vec);
            return false;
        }
    }
    return true;
}

wasm_functype_t *wt_functype(const wasm_engine_t *engine, const wrl_functype_t *type)
{
    wasm_valtype_vec_t params;
    wasm_valtype_vec_t results;
    if (!fill(engine, &params, type->params, type->param_count)) {
        return NULL;
    }
    if (!fill(engine, &results, type->results, type->result_count)) {
        wasm_valtype_vec_delete(&params);
        return NULL;
    }
    return wasm_functype_new(&params, &results);
}

static int32_t heap_code(wasmtime_heaptype_kind_t kind)
{
    size_t i = 0;
    while (i + 1 < sizeof(heaps) / sizeof(heaps[0]) && heaps[i].kind != kind) {
        i++;
    }
    return heaps[i].heap;
}

static wrl_valtype_t ref_up(const wasmtime_reftype_t *ref)
{
    wrl_valtype_t type = {WRL_VALKIND_REF, 0, 0, 0};
    if (ref->nullable && ref->heaptype.kind == WASMTIME_HEAPTYPE_KIND_FUNC) {
        type.kind = WRL_VALKIND_FUNCREF;
    } else if (ref->nullable && ref->heaptype.kind == WASMTIME_HEAPTYPE_KIND_EXTERN) {
        type.kind = WRL_VALKIND_EXTERNREF;
    } else {
        type.flags = ref->nullable ? WRL_VALTYPE_NULLABLE : 0;
        type.heap = heap_code(ref->heaptype.kind);
    }
    return type;
}

wrl_valtype_t wt_valtype_up(const wasm_valtype_t *type)
{
    static const wrl_valkind_t numbers[] = {
        [WASMTIME_VALTYPE_KIND_I32] = WRL_VALKIND_I32,   [WASMTIME_VALTYPE_KIND_I64] = WRL_VALKIND_I64,
        [WASMTIME_VALTYPE_KIND_F32] = WRL_VALKIND_F32,   [WASMTIME_VALTYPE_KIND_F64] = WRL_VALKIND_F64,
        [WASMTIME_VALTYPE_KIND_V128] = WRL_VALKIND_V128,
    };
    wasmtime_valtype_t full;
    wasmtime_valtype_new(type, &full);
    wrl_valtype_t up = {WRL_VALKIND_NONE, 0, 0, 0};
    if (full.kind == WASMTIME_VALTYPE_KIND_REF) {
        up = ref_up(&full.reftype);
    } else if (full.kind < sizeof(numbers) / sizeof(numbers[0])) {
        up.kind = numbers[full.kind];
    }
    wasmtime_valtype_delete(&full);
    return up;
}
