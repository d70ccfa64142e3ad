/*
 * Adapters: small modules of wasm between program and guest. They import the program's memory, and load and store slots
 * there. One module serves all functions of a signature.
 */
#include "backend.h"
#include "glue.h"
#include "stack.h"

#include <string.h>

enum { KIND_FUNC = 0, KIND_TABLE = 1, KIND_MEMORY = 2, KIND_GLOBAL = 3 };
enum {
    CODE_I32 = 0x7f,
    CODE_I64 = 0x7e,
    CODE_F32 = 0x7d,
    CODE_F64 = 0x7c,
    CODE_V128 = 0x7b,
    CODE_FUNCREF = 0x70,
    CODE_EXTERNREF = 0x6f
};
enum {
    SECTION_CUSTOM = 0,
    SECTION_TYPE = 1,
    SECTION_IMPORT = 2,
    SECTION_FUNCTION = 3,
    SECTION_GLOBAL = 6,
    SECTION_EXPORT = 7,
    SECTION_CODE = 10
};
enum {
    OP_UNREACHABLE = 0x00,
    OP_IF = 0x04,
    OP_END = 0x0b,
    OP_CALL = 0x10,
    OP_CALL_INDIRECT = 0x11,
    OP_LOCAL_GET = 0x20,
    OP_LOCAL_SET = 0x21,
    OP_LOCAL_TEE = 0x22,
    OP_GLOBAL_GET = 0x23,
    OP_GLOBAL_SET = 0x24,
    OP_TABLE_GET = 0x25,
    OP_I32_LOAD = 0x28,
    OP_I32_STORE = 0x36,
    OP_I64_STORE = 0x37,
    OP_I32_CONST = 0x41,
    OP_I64_CONST = 0x42,
    OP_F32_CONST = 0x43,
    OP_F64_CONST = 0x44,
    OP_I32_GT_U = 0x4b,
    OP_I32_ADD = 0x6a,
    OP_I64_EXTEND_U = 0xad,
    OP_SIMD = 0xfd
};
enum { BLOCK_EMPTY = 0x40, SLOT = 16 };

static unsigned type_code(wrl_valkind_t kind)
{
    static const uint8_t codes[] = {0, CODE_I32, CODE_I64, CODE_F32, CODE_F64, CODE_V128, CODE_FUNCREF, CODE_EXTERNREF};
    return codes[kind];
}

static bool is_ref(wrl_valkind_t kind)
{
    return kind == WRL_VALKIND_FUNCREF || kind == WRL_VALKIND_EXTERNREF;
}

/* ---- Instructions ---- */

static void op(js_bytes_t *out, unsigned code, uint32_t index)
{
    js_put(out, code);
    js_put_u32(out, index);
}

static void access(js_bytes_t *out, unsigned code, unsigned align, uint32_t offset)
{
    js_put(out, code);
    js_put_u32(out, align);
    js_put_u32(out, offset);
}

static void i32_const(js_bytes_t *out, uint32_t value)
{
    js_put(out, OP_I32_CONST);
    js_put_i32(out, (int32_t)value);
}

/* A number between memory and the operand stack. */
static void access_number(js_bytes_t *out, wrl_valkind_t kind, bool store, uint32_t offset)
{
    /* Loads of i32, i64, f32 and f64 follow one another, and so do stores. */
    static const uint8_t aligns[] = {0, 2, 3, 2, 3};
    if (kind == WRL_VALKIND_V128) {
        js_put(out, OP_SIMD);
        access(out, store ? 11 : 0, 3, offset);
    } else {
        access(out, (store ? OP_I32_STORE : OP_I32_LOAD) + kind - WRL_VALKIND_I32, aligns[kind], offset);
    }
}

/* ---- Functions of JS for references, imported by adapters that need them ---- */

typedef struct converters {
    uint32_t type_base; /* The first of their three types. */
    uint32_t down;      /* (i32) -> externref */
    uint32_t up;        /* (externref) -> i32 */
    uint32_t up_func;   /* (funcref, i32 store) -> i32 */
} converters_t;

enum { CONVERTERS = 3 };

static void put_converter_types(js_bytes_t *out)
{
    static const uint8_t types[] = {0x60, 1,        CODE_I32, 1, CODE_EXTERNREF, 0x60,     1, CODE_EXTERNREF,
                                    1,    CODE_I32, 0x60,     2, CODE_FUNCREF,   CODE_I32, 1, CODE_I32};
    js_put_all(out, types, sizeof types);
}

static void import(js_bytes_t *out, const char *name, unsigned kind)
{
    js_put_text(out, "e");
    js_put_text(out, name);
    js_put(out, kind);
}

static void import_func(js_bytes_t *out, const char *name, uint32_t type)
{
    import(out, name, KIND_FUNC);
    js_put_u32(out, type);
}

static void import_global(js_bytes_t *out, const char *name, unsigned type, bool is_mutable)
{
    import(out, name, KIND_GLOBAL);
    js_put(out, type);
    js_put(out, is_mutable);
}

static void import_memory(js_bytes_t *out)
{
    static const uint8_t limits[] = {0, 0};
    import(out, "m", KIND_MEMORY);
    js_put_all(out, limits, sizeof limits);
}

static void import_funcs(js_bytes_t *out)
{
    static const uint8_t type[] = {CODE_FUNCREF, 0, 1};
    import(out, "F", KIND_TABLE);
    js_put_all(out, type, sizeof type);
}

static void import_converters(js_bytes_t *out, const converters_t *converters)
{
    import_func(out, "d", converters->type_base);
    import_func(out, "u", converters->type_base + 1);
    import_func(out, "w", converters->type_base + 2);
}

/* ---- Values between slots and operands ---- */

/* Where the slots are, and how references are converted. */
typedef struct frame {
    const converters_t *converters;
    uint32_t slots; /* A local: their address. */
    unsigned store_op;
    uint32_t store; /* A local or a global: the store, for functions that come up. */
} frame_t;

static void load_slot(js_bytes_t *out, const frame_t *frame, wrl_valkind_t kind, size_t index)
{
    uint32_t offset = (uint32_t)(SLOT * index);
    op(out, OP_LOCAL_GET, frame->slots);
    if (kind == WRL_VALKIND_FUNCREF) {
        access(out, OP_I32_LOAD, 2, offset);
        op(out, OP_TABLE_GET, 0);
    } else if (kind == WRL_VALKIND_EXTERNREF) {
        /* What externref_new returned lies in the second word; it is zero for null as well. */
        access(out, OP_I32_LOAD, 2, offset + SLOT / 2);
        op(out, OP_CALL, frame->converters->down);
    } else {
        access_number(out, kind, false, offset);
    }
}

static void store_slot(js_bytes_t *out, const frame_t *frame, wrl_valkind_t kind, size_t index, uint32_t local)
{
    uint32_t offset = (uint32_t)(SLOT * index);
    op(out, OP_LOCAL_GET, frame->slots);
    op(out, OP_LOCAL_GET, local);
    if (!is_ref(kind)) {
        access_number(out, kind, true, offset);
        return;
    }
    if (kind == WRL_VALKIND_FUNCREF) {
        op(out, frame->store_op, frame->store);
        op(out, OP_CALL, frame->converters->up_func);
    } else {
        op(out, OP_CALL, frame->converters->up);
    }
    js_put(out, OP_I64_EXTEND_U);
    access(out, OP_I64_STORE, 3, offset);
    op(out, OP_LOCAL_GET, frame->slots);
    js_put(out, OP_I64_CONST);
    js_put(out, 0);
    access(out, OP_I64_STORE, 3, offset + SLOT / 2);
}

static void put_func_type(js_bytes_t *out, const js_signature_t *signature)
{
    js_put(out, 0x60);
    js_put_u32(out, (uint32_t)signature->param_count);
    for (size_t i = 0; i < signature->param_count; i++) {
        js_put(out, type_code(signature->kinds[i]));
    }
    js_put_u32(out, (uint32_t)signature->result_count);
    for (size_t i = 0; i < signature->result_count; i++) {
        js_put(out, type_code(signature->kinds[signature->param_count + i]));
    }
}

static bool has_refs(const js_signature_t *signature)
{
    for (size_t i = 0; i < signature->param_count + signature->result_count; i++) {
        if (is_ref(signature->kinds[i])) {
            return true;
        }
    }
    return false;
}

/* The name of the adapter's functions, by which trap.c knows their frames. */
static void put_names(js_bytes_t *out, uint32_t first, uint32_t count, const char *name)
{
    js_put(out, SECTION_CUSTOM);
    size_t section = js_begin(out);
    js_put_text(out, "name");
    js_put(out, 1);
    size_t part = js_begin(out);
    js_put_u32(out, count);
    for (uint32_t i = 0; i < count; i++) {
        js_put_u32(out, first + i);
        js_put_text(out, name);
    }
    js_end(out, part);
    js_end(out, section);
}

static void put_export(js_bytes_t *out, const char *name, unsigned kind, uint32_t index)
{
    js_put_text(out, name);
    js_put(out, kind);
    js_put_u32(out, index);
}

static int compile(js_bytes_t *out)
{
    int module = out->failed ? 0 : wrl_js_compile(out->data, (int)out->size);
    out->core->free(out->data);
    return module;
}

/* ---- Calls into the guest: (store, ref, slots), see js_signature_entry ---- */

enum { CALL_STORE, CALL_REF, CALL_SLOTS, CALL_PARAMS };
enum { TYPE_CALLEE, TYPE_CALL, TYPE_STACK, TYPE_CALL_CONVERTERS };
/* The callee's copy of the function's name (wrl_backend_ref_t), which is its own to change: there the catching side
 * finds what a trap leaves wrong. */
enum { REF_INDEX = 0, REF_SLOTS = 4, REF_STACK = 8 };

static void put_call_body(js_bytes_t *out, const js_signature_t *signature, const converters_t *converters)
{
    const frame_t frame = {converters, CALL_SLOTS, OP_LOCAL_GET, CALL_STORE};
    size_t body = js_begin(out);
    js_put_u32(out, (uint32_t)signature->result_count);
    for (size_t i = 0; i < signature->result_count; i++) {
        js_put(out, 1);
        js_put(out, type_code(signature->kinds[signature->param_count + i]));
    }
    op(out, OP_LOCAL_GET, CALL_REF);
    op(out, OP_GLOBAL_GET, 0);
    access(out, OP_I32_STORE, 2, REF_SLOTS);
    op(out, OP_LOCAL_GET, CALL_REF);
    op(out, OP_CALL, 0);
    access(out, OP_I32_STORE, 2, REF_STACK);
    for (size_t i = 0; i < signature->param_count; i++) {
        load_slot(out, &frame, signature->kinds[i], i);
    }
    op(out, OP_LOCAL_GET, CALL_REF);
    access(out, OP_I32_LOAD, 2, REF_INDEX);
    op(out, OP_CALL_INDIRECT, TYPE_CALLEE);
    js_put(out, 0);
    for (size_t i = signature->result_count; i-- > 0;) {
        op(out, OP_LOCAL_SET, (uint32_t)(CALL_PARAMS + i));
    }
    for (size_t i = 0; i < signature->result_count; i++) {
        store_slot(out, &frame, signature->kinds[signature->param_count + i], i, (uint32_t)(CALL_PARAMS + i));
    }
    js_put(out, OP_END);
    js_end(out, body);
}

static int compile_call(const wrl_core_t *core, const js_signature_t *signature)
{
    static const uint8_t call_type[] = {0x60, 3, CODE_I32, CODE_I32, CODE_I32, 0};
    static const uint8_t stack_type[] = {0x60, 0, 1, CODE_I32};
    js_bytes_t out = {.core = core};
    bool refs = has_refs(signature);
    const converters_t converters = {TYPE_CALL_CONVERTERS, 1, 2, 3};
    uint32_t func = refs ? 1 + CONVERTERS : 1;
    js_put_header(&out);
    js_put(&out, SECTION_TYPE);
    size_t section = js_begin(&out);
    js_put_u32(&out, refs ? 3 + CONVERTERS : 3);
    put_func_type(&out, signature);
    js_put_all(&out, call_type, sizeof call_type);
    js_put_all(&out, stack_type, sizeof stack_type);
    if (refs) {
        put_converter_types(&out);
    }
    js_end(&out, section);
    js_put(&out, SECTION_IMPORT);
    section = js_begin(&out);
    js_put_u32(&out, refs ? 4 + CONVERTERS : 4);
    import_memory(&out);
    import_funcs(&out);
    import_global(&out, "p", CODE_I32, true);
    import_func(&out, "s", TYPE_STACK);
    if (refs) {
        import_converters(&out, &converters);
    }
    js_end(&out, section);
    js_put(&out, SECTION_FUNCTION);
    section = js_begin(&out);
    js_put_u32(&out, 1);
    js_put_u32(&out, TYPE_CALL);
    js_end(&out, section);
    js_put(&out, SECTION_EXPORT);
    section = js_begin(&out);
    js_put_u32(&out, 1);
    put_export(&out, "c", KIND_FUNC, func);
    js_end(&out, section);
    js_put(&out, SECTION_CODE);
    section = js_begin(&out);
    js_put_u32(&out, 1);
    put_call_body(&out, signature, &converters);
    js_end(&out, section);
    put_names(&out, func, 1, "wrl:call");
    return compile(&out);
}

/* ---- Calls of host functions ---- */

/* Which imports a host function's adapter works with. */
typedef struct host_imports {
    uint32_t stack;  /* A global: the stack of slots. */
    uint32_t caller; /* A global: what tells the calling instance. */
    uint32_t store;  /* A global: the store. */
    uint32_t host;   /* A global: the wrl_host_func_t. */
    uint32_t call;   /* A function: its member `call`. */
    const converters_t *converters;
} host_imports_t;

/* Ends the guest by a trap, which it cannot catch, unlike an exception of JS. What is stored tells trap.c why. */
static void put_end_guest(js_bytes_t *out)
{
    access(out, OP_I32_STORE, 2, 0);
    js_put(out, OP_UNREACHABLE);
    js_put(out, OP_END);
}

static void put_host_body(js_bytes_t *out, const js_signature_t *signature, const host_imports_t *imports)
{
    uint32_t slots = (uint32_t)signature->param_count, result = slots + 1;
    size_t slot_count =
        signature->param_count > signature->result_count ? signature->param_count : signature->result_count;
    const frame_t frame = {imports->converters, slots, OP_GLOBAL_GET, imports->store};
    size_t body = js_begin(out);
    js_put_u32(out, 1);
    js_put_u32(out, 2);
    js_put(out, CODE_I32);
    op(out, OP_GLOBAL_GET, imports->stack);
    op(out, OP_LOCAL_TEE, slots);
    i32_const(out, (uint32_t)(SLOT * slot_count));
    js_put(out, OP_I32_ADD);
    op(out, OP_LOCAL_TEE, result);
    op(out, OP_GLOBAL_SET, imports->stack);
    op(out, OP_LOCAL_GET, result);
    i32_const(out, js_slots_end());
    js_put(out, OP_I32_GT_U);
    js_put(out, OP_IF);
    js_put(out, BLOCK_EMPTY);
    i32_const(out, js_pending_place());
    i32_const(out, JS_PENDING_OVERFLOW);
    put_end_guest(out);
    for (size_t i = 0; i < signature->param_count; i++) {
        store_slot(out, &frame, signature->kinds[i], i, (uint32_t)i);
    }
    op(out, OP_GLOBAL_GET, imports->host);
    op(out, OP_GLOBAL_GET, imports->caller);
    op(out, OP_LOCAL_GET, slots);
    op(out, OP_CALL, imports->call);
    op(out, OP_LOCAL_SET, result);
    op(out, OP_LOCAL_GET, slots);
    op(out, OP_GLOBAL_SET, imports->stack);
    op(out, OP_LOCAL_GET, result);
    js_put(out, OP_IF);
    js_put(out, BLOCK_EMPTY);
    i32_const(out, js_pending_place());
    op(out, OP_LOCAL_GET, result);
    put_end_guest(out);
    for (size_t i = 0; i < signature->result_count; i++) {
        load_slot(out, &frame, signature->kinds[signature->param_count + i], i);
    }
    js_put(out, OP_END);
    js_end(out, body);
}

static const uint8_t host_call_type[] = {0x60, 3, CODE_I32, CODE_I32, CODE_I32, 1, CODE_I32};

/* The globals that all adapters of host functions share, in the order of host_imports_t. */
enum { HOST_STACK, HOST_CALLER, HOST_STORE, HOST_GLOBALS };

/* The table only where it is needed: engines visit all instances that import a table when one of its places is set. */
static void import_host_shared(js_bytes_t *out, bool refs)
{
    import_memory(out);
    if (refs) {
        import_funcs(out);
    }
    import_global(out, "p", CODE_I32, true);
    import_global(out, "c", CODE_I32, false);
    import_global(out, "t", CODE_I32, false);
}

static uint32_t host_shared_imports(bool refs)
{
    return 1 + HOST_GLOBALS + (refs ? 1 + CONVERTERS : 0);
}

static int compile_host(const wrl_core_t *core, const js_signature_t *signature)
{
    js_bytes_t out = {.core = core};
    const converters_t converters = {2, 0, 1, 2};
    bool refs = has_refs(signature);
    uint32_t call = refs ? CONVERTERS : 0;
    const host_imports_t imports = {HOST_STACK, HOST_CALLER, HOST_STORE, HOST_GLOBALS, call, &converters};
    js_put_header(&out);
    js_put(&out, SECTION_TYPE);
    size_t section = js_begin(&out);
    js_put_u32(&out, refs ? 2 + CONVERTERS : 2);
    put_func_type(&out, signature);
    js_put_all(&out, host_call_type, sizeof host_call_type);
    if (refs) {
        put_converter_types(&out);
    }
    js_end(&out, section);
    js_put(&out, SECTION_IMPORT);
    section = js_begin(&out);
    js_put_u32(&out, host_shared_imports(refs) + 2);
    import_host_shared(&out, refs);
    import_global(&out, "h", CODE_I32, false);
    if (refs) {
        import_converters(&out, &converters);
    }
    import_func(&out, "f", 1);
    js_end(&out, section);
    js_put(&out, SECTION_FUNCTION);
    section = js_begin(&out);
    js_put_u32(&out, 1);
    js_put_u32(&out, 0);
    js_end(&out, section);
    js_put(&out, SECTION_EXPORT);
    section = js_begin(&out);
    js_put_u32(&out, 1);
    put_export(&out, "f", KIND_FUNC, call + 1);
    js_end(&out, section);
    js_put(&out, SECTION_CODE);
    section = js_begin(&out);
    js_put_u32(&out, 1);
    put_host_body(&out, signature, &imports);
    js_end(&out, section);
    put_names(&out, call + 1, 1, "wrl:host");
    return compile(&out);
}

static int compile_check(const wrl_core_t *core, const js_signature_t *signature)
{
    js_bytes_t out = {.core = core};
    js_put_header(&out);
    js_put(&out, SECTION_TYPE);
    size_t section = js_begin(&out);
    js_put_u32(&out, 1);
    put_func_type(&out, signature);
    js_end(&out, section);
    js_put(&out, SECTION_IMPORT);
    section = js_begin(&out);
    js_put_u32(&out, 1);
    import_func(&out, "f", 0);
    js_end(&out, section);
    return compile(&out);
}

/* ---- Signatures ---- */

/* All that were ever needed: a program has few, and no end to tidy up for. */
static js_signature_t *signatures;

static bool same(const js_signature_t *signature, const wrl_functype_t *type)
{
    if (signature->param_count != type->param_count || signature->result_count != type->result_count) {
        return false;
    }
    for (size_t i = 0; i < type->param_count; i++) {
        if (signature->kinds[i] != type->params[i].kind) {
            return false;
        }
    }
    for (size_t i = 0; i < type->result_count; i++) {
        if (signature->kinds[type->param_count + i] != type->results[i].kind) {
            return false;
        }
    }
    return true;
}

static bool can_cross(const wrl_valtype_t *types, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (types[i].kind < WRL_VALKIND_I32 || types[i].kind > WRL_VALKIND_EXTERNREF) {
            return false;
        }
    }
    return true;
}

js_signature_t *js_signature(const wrl_core_t *core, const wrl_functype_t *type, bool *crosses)
{
    *crosses = can_cross(type->params, type->param_count) && can_cross(type->results, type->result_count);
    if (!*crosses) {
        return NULL;
    }
    for (js_signature_t *known = signatures; known; known = known->next) {
        if (same(known, type)) {
            return known;
        }
    }
    js_signature_t *made = (js_signature_t *)core->alloc(sizeof *made + type->param_count + type->result_count);
    if (!made) {
        return NULL;
    }
    made->param_count = type->param_count;
    made->result_count = type->result_count;
    for (size_t i = 0; i < type->param_count; i++) {
        made->kinds[i] = type->params[i].kind;
    }
    for (size_t i = 0; i < type->result_count; i++) {
        made->kinds[type->param_count + i] = type->results[i].kind;
    }
    made->next = signatures;
    signatures = made;
    return made;
}

wrl_backend_entry_t js_signature_entry(const wrl_core_t *core, js_signature_t *signature)
{
    if (!signature->entry) {
        int module = compile_call(core, signature);
        if (module) {
            signature->entry = (wrl_backend_entry_t)(uintptr_t)wrl_js_entry(module);
            wrl_js_release(module);
        }
    }
    return signature->entry;
}

int js_signature_host(const wrl_core_t *core, js_signature_t *signature)
{
    if (!signature->host) {
        signature->host = compile_host(core, signature);
    }
    return signature->host;
}

int js_signature_check(const wrl_core_t *core, js_signature_t *signature)
{
    if (!signature->check) {
        signature->check = compile_check(core, signature);
    }
    return signature->check;
}

/* ---- Shims: the adapters of all functions that a guest module imports ---- */

/* The names of a shim's imports: a letter and the number of the function. */
static void number_name(char *text, char letter, uint32_t number)
{
    char digits[10];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    *text++ = letter;
    while (count) {
        *text++ = digits[--count];
    }
    *text = 0;
}

/* The signature of imported function `func`, or NULL if no host function can have it. `failed`: memory is short. */
static js_signature_t *import_signature(const js_module_t *module, uint32_t func, wrl_valtype_t *types, bool *failed)
{
    wrl_functype_t type = {.size = sizeof type};
    if (!js_func_type_of(module, func, types, &type.param_count, &type.result_count)) {
        return NULL;
    }
    type.params = types;
    type.results = types + type.param_count;
    bool crosses;
    js_signature_t *signature = js_signature(module->core, &type, &crosses);
    *failed = *failed || (crosses && !signature);
    return signature;
}

/* The functions that have a shim, with their signatures, in order. */
typedef struct shims {
    js_signature_t **signatures; /* By function; NULL for those without. */
    uint32_t count;
    uint32_t first; /* The index of the first function after those of JS, which are there only for references. */
    bool refs;
} shims_t;

static void put_shim_types(js_bytes_t *out, const js_module_t *module, const shims_t *shims)
{
    js_put_u32(out, shims->count + 1 + CONVERTERS);
    js_put_all(out, host_call_type, sizeof host_call_type);
    put_converter_types(out);
    for (uint32_t i = 0; i < module->func_import_count; i++) {
        if (shims->signatures[i]) {
            put_func_type(out, shims->signatures[i]);
        }
    }
}

static void put_shim_imports(js_bytes_t *out, const js_module_t *module, const shims_t *shims,
                             const converters_t *converters)
{
    char name[12];
    js_put_u32(out, host_shared_imports(shims->refs) + 2 * shims->count);
    import_host_shared(out, shims->refs);
    if (shims->refs) {
        import_converters(out, converters);
    }
    for (uint32_t i = 0; i < module->func_import_count; i++) {
        if (shims->signatures[i]) {
            number_name(name, 'h', i);
            import_global(out, name, CODE_I32, false);
            number_name(name, 'f', i);
            import_func(out, name, 0);
        }
    }
}

static void put_shim_exports(js_bytes_t *out, const js_module_t *module, const shims_t *shims)
{
    char name[12];
    uint32_t shim = 0;
    js_put_u32(out, shims->count);
    for (uint32_t i = 0; i < module->func_import_count; i++) {
        if (shims->signatures[i]) {
            number_name(name, 's', i);
            put_export(out, name, KIND_FUNC, shims->first + shims->count + shim++);
        }
    }
}

static void put_shims(js_bytes_t *out, const js_module_t *module, const shims_t *shims)
{
    const converters_t converters = {1, 0, 1, 2};
    js_put_header(out);
    js_put(out, SECTION_TYPE);
    size_t section = js_begin(out);
    put_shim_types(out, module, shims);
    js_end(out, section);
    js_put(out, SECTION_IMPORT);
    section = js_begin(out);
    put_shim_imports(out, module, shims, &converters);
    js_end(out, section);
    js_put(out, SECTION_FUNCTION);
    section = js_begin(out);
    js_put_u32(out, shims->count);
    for (uint32_t i = 0; i < shims->count; i++) {
        js_put_u32(out, 1 + CONVERTERS + i);
    }
    js_end(out, section);
    js_put(out, SECTION_EXPORT);
    section = js_begin(out);
    put_shim_exports(out, module, shims);
    js_end(out, section);
    js_put(out, SECTION_CODE);
    section = js_begin(out);
    js_put_u32(out, shims->count);
    uint32_t shim = 0;
    for (uint32_t i = 0; i < module->func_import_count; i++) {
        if (shims->signatures[i]) {
            const host_imports_t imports = {HOST_STACK,          HOST_CALLER,         HOST_STORE,
                                            HOST_GLOBALS + shim, shims->first + shim, &converters};
            put_host_body(out, shims->signatures[i], &imports);
            shim++;
        }
    }
    js_end(out, section);
    put_names(out, shims->first + shims->count, shims->count, "wrl:host");
}

int js_shims(const js_module_t *module)
{
    const wrl_core_t *core = module->core;
    uint32_t count = module->func_import_count;
    wrl_valtype_t *types = (wrl_valtype_t *)core->alloc(2 * (size_t)WRL_MAX_PARAMS * sizeof *types);
    shims_t shims = {(js_signature_t **)core->alloc((count + 1) * sizeof(js_signature_t *)), 0, 0, false};
    bool failed = !types || !shims.signatures;
    for (uint32_t i = 0; i < count && !failed; i++) {
        shims.signatures[i] = import_signature(module, i, types, &failed);
        shims.count += shims.signatures[i] != NULL;
        shims.refs = shims.refs || (shims.signatures[i] && has_refs(shims.signatures[i]));
    }
    int handle = 0;
    if (!failed) {
        js_bytes_t out = {.core = core};
        shims.first = shims.refs ? CONVERTERS : 0;
        put_shims(&out, module, &shims);
        handle = compile(&out);
    }
    core->free(types);
    core->free(shims.signatures);
    return handle;
}

/* ---- Globals ---- */

static void put_constant(js_bytes_t *out, wrl_valkind_t kind, const wrl_raw_t *value)
{
    switch (kind) {
    case WRL_VALKIND_F32:
        js_put(out, OP_F32_CONST);
        js_put_all(out, value->v128.bytes, 4);
        break;
    case WRL_VALKIND_F64:
        js_put(out, OP_F64_CONST);
        js_put_all(out, value->v128.bytes, 8);
        break;
    default:
        js_put(out, OP_SIMD);
        js_put(out, 12);
        js_put_all(out, value->v128.bytes, 16);
    }
    js_put(out, OP_END);
}

static void put_accessors(js_bytes_t *out, wrl_valkind_t kind, bool is_mutable)
{
    js_put_u32(out, is_mutable ? 2 : 1);
    size_t body = js_begin(out);
    js_put(out, 0);
    op(out, OP_LOCAL_GET, 0);
    op(out, OP_GLOBAL_GET, 0);
    access_number(out, kind, true, 0);
    js_put(out, OP_END);
    js_end(out, body);
    if (is_mutable) {
        body = js_begin(out);
        js_put(out, 0);
        op(out, OP_LOCAL_GET, 0);
        access_number(out, kind, false, 0);
        op(out, OP_GLOBAL_SET, 0);
        js_put(out, OP_END);
        js_end(out, body);
    }
}

int js_global_module(const wrl_core_t *core, const wrl_globaltype_t *type, const wrl_raw_t *value)
{
    static const uint8_t types[] = {1, 0x60, 1, CODE_I32, 0};
    js_bytes_t out = {.core = core};
    wrl_valkind_t kind = type->content.kind;
    uint32_t functions = type->is_mutable ? 2 : 1;
    js_put_header(&out);
    js_put(&out, SECTION_TYPE);
    size_t section = js_begin(&out);
    js_put_all(&out, types, sizeof types);
    js_end(&out, section);
    js_put(&out, SECTION_IMPORT);
    section = js_begin(&out);
    js_put_u32(&out, value ? 1 : 2);
    import_memory(&out);
    if (!value) {
        import_global(&out, "g", type_code(kind), type->is_mutable);
    }
    js_end(&out, section);
    js_put(&out, SECTION_FUNCTION);
    section = js_begin(&out);
    js_put_u32(&out, functions);
    for (uint32_t i = 0; i < functions; i++) {
        js_put(&out, 0);
    }
    js_end(&out, section);
    if (value) {
        js_put(&out, SECTION_GLOBAL);
        section = js_begin(&out);
        js_put_u32(&out, 1);
        js_put(&out, type_code(kind));
        js_put(&out, type->is_mutable);
        put_constant(&out, kind, value);
        js_end(&out, section);
    }
    js_put(&out, SECTION_EXPORT);
    section = js_begin(&out);
    js_put_u32(&out, functions + (value ? 1 : 0));
    put_export(&out, "get", KIND_FUNC, 0);
    if (type->is_mutable) {
        put_export(&out, "set", KIND_FUNC, 1);
    }
    if (value) {
        put_export(&out, "g", KIND_GLOBAL, 0);
    }
    js_end(&out, section);
    js_put(&out, SECTION_CODE);
    section = js_begin(&out);
    put_accessors(&out, kind, type->is_mutable);
    js_end(&out, section);
    return compile(&out);
}
