/* Types: between the layer's structs and the engine's objects. */
#include "backend.h"

wasm_valtype_t *wt_valtype(wrl_valkind_t kind)
{
    switch (kind) {
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
        return NULL;
    }
}

static bool fill(wasm_valtype_vec_t *vec, const wrl_valtype_t *types, size_t count)
{
    if (count == 0) {
        wasm_valtype_vec_new_empty(vec);
        return true;
    }
    wasm_valtype_vec_new_uninitialized(vec, count);
    for (size_t i = 0; i < count; i++) {
        vec->data[i] = wt_valtype(types[i].kind);
        if (vec->data[i] == NULL) {
            wasm_valtype_vec_delete(vec);
            return false;
        }
    }
    return true;
}

wasm_functype_t *wt_functype(const wrl_functype_t *type)
{
    wasm_valtype_vec_t params;
    wasm_valtype_vec_t results;
    if (!fill(&params, type->params, type->param_count)) {
        return NULL;
    }
    if (!fill(&results, type->results, type->result_count)) {
        wasm_valtype_vec_delete(&params);
        return NULL;
    }
    return wasm_functype_new(&params, &results);
}

/* The codes of the binary format. The types of a module have no index outside of it: they are given as the abstract
 * type above them. */
static int32_t heap_code(wasmtime_heaptype_kind_t kind)
{
    switch (kind) {
    case WASMTIME_HEAPTYPE_KIND_EXTERN:
        return -0x11;
    case WASMTIME_HEAPTYPE_KIND_NOEXTERN:
        return -0x0e;
    case WASMTIME_HEAPTYPE_KIND_NOFUNC:
        return -0x0d;
    case WASMTIME_HEAPTYPE_KIND_ANY:
        return -0x12;
    case WASMTIME_HEAPTYPE_KIND_NONE:
        return -0x0f;
    case WASMTIME_HEAPTYPE_KIND_EQ:
        return -0x13;
    case WASMTIME_HEAPTYPE_KIND_I31:
        return -0x14;
    case WASMTIME_HEAPTYPE_KIND_ARRAY:
    case WASMTIME_HEAPTYPE_KIND_CONCRETE_ARRAY:
        return -0x16;
    case WASMTIME_HEAPTYPE_KIND_STRUCT:
    case WASMTIME_HEAPTYPE_KIND_CONCRETE_STRUCT:
        return -0x15;
    case WASMTIME_HEAPTYPE_KIND_EXN:
    case WASMTIME_HEAPTYPE_KIND_CONCRETE_EXN:
        return -0x17;
    case WASMTIME_HEAPTYPE_KIND_NOEXN:
        return -0x0c;
    default:
        return -0x10;
    }
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
