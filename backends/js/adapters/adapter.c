/*
 * Adapters: small modules of wasm between program and guest. They import the program's memory, and load and store slots
 * there. One module serves all functions of a signature.
 */
#include "adapter.h"

#include "glue.h"

#include <string.h>

const js_refs_t *js_refs;

/* The callee's copy of the function's name (wrl_backend_ref_t) is its own to change: there JS finds the top of the
 * stack of slots, should an exception leave it wrong, and how many calls were under way. */
enum { REF_INDEX = 0, REF_TOP = 4, REF_CALLS = 8 };

/* What the adapters' functions are called, by which JS knows their frames (glue.c). */
static const char *const call_name = "wrl:call";
static const char *const host_name = "wrl:host";

static unsigned type_code(wrl_valkind_t kind)
{
    static const uint8_t codes[] = {0, CODE_I32, CODE_I64, CODE_F32, CODE_F64, CODE_V128, CODE_FUNCREF, CODE_EXTERNREF};
    return codes[kind];
}

void js_put_type(wrl_writer_t *out, const wrl_valtype_t *type)
{
    if (type->kind == WRL_VALKIND_REF) {
        wrl_put(out, type->flags & WRL_VALTYPE_NULLABLE ? CODE_REF_NULL : CODE_REF);
        wrl_put_i32(out, type->heap);
    } else {
        wrl_put(out, type_code(type->kind));
    }
}

/* A number between memory and the operand stack. */
static void access_number(wrl_writer_t *out, wrl_valkind_t kind, bool store, uint32_t offset)
{
    /* Loads of i32, i64, f32 and f64 follow one another, and so do stores. */
    static const uint8_t aligns[] = {0, 2, 3, 2, 3};
    if (kind == WRL_VALKIND_V128) {
        wrl_put(out, OP_SIMD);
        access(out, store ? 11 : 0, 3, offset);
    } else {
        access(out, (store ? OP_I32_STORE : OP_I32_LOAD) + kind - WRL_VALKIND_I32, aligns[kind], offset);
    }
}

/* ---- Sections ---- */

size_t js_begin_section(wrl_writer_t *out, unsigned id, uint32_t count)
{
    wrl_put(out, id);
    size_t section = wrl_put_begin(out);
    wrl_put_u32(out, count);
    return section;
}

/* Functions of types from `type` on, each of the next one, or all of the same. */
static void put_functions(wrl_writer_t *out, uint32_t count, uint32_t type, bool same)
{
    size_t section = js_begin_section(out, SECTION_FUNCTION, count);
    for (uint32_t i = 0; i < count; i++) {
        wrl_put_u32(out, same ? type : type + i);
    }
    wrl_put_end(out, section);
}

void js_put_export(wrl_writer_t *out, const char *name, unsigned kind, uint32_t index)
{
    wrl_put_text(out, name);
    wrl_put(out, kind);
    wrl_put_u32(out, index);
}

/* ---- Functions that convert references, imported by adapters that need them ---- */

/* What they are called, and their types. */
static const struct {
    char name[2];
    uint8_t type_size;
    uint8_t type[7];
} converters[] = {
    {"p", 4, {TYPE_FUNC, 1, CODE_I32, 0}},
    {"d", 5, {TYPE_FUNC, 1, CODE_I32, 1, CODE_EXTERNREF}},
    {"u", 6, {TYPE_FUNC, 3, CODE_EXTERNREF, CODE_I32, CODE_I32, 0}},
    {"g", 5, {TYPE_FUNC, 1, CODE_I32, 1, CODE_FUNCREF}},
    {"w", 6, {TYPE_FUNC, 3, CODE_FUNCREF, CODE_I32, CODE_I32, 0}},
    {"l", 6, {TYPE_FUNC, 2, CODE_I32, CODE_I32, 1, CODE_ANYREF}},
    {"k", 6, {TYPE_FUNC, 3, CODE_ANYREF, CODE_I32, CODE_I32, 0}},
    {"x", 6, {TYPE_FUNC, 2, CODE_I32, CODE_I32, 1, CODE_I32}},
    {"y", 6, {TYPE_FUNC, 2, CODE_I32, CODE_I32, 1, CODE_EXNREF}},
    {"z", 6, {TYPE_FUNC, 3, CODE_EXNREF, CODE_I32, CODE_I32, 0}},
};

/* Which one brings a reference down; the next one brings it up. */
static uint32_t converter_of(const wrl_valtype_t *type)
{
    if (type->kind == WRL_VALKIND_REF) {
        return js_refs->converter(type);
    }
    return type->kind == WRL_VALKIND_FUNCREF ? CONVERT_FUNC : CONVERT_EXTERN;
}

void js_put_converter_types(wrl_writer_t *out, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        wrl_put_all(out, converters[i].type, converters[i].type_size);
    }
}

void js_import(wrl_writer_t *out, const char *name, unsigned kind)
{
    wrl_put_text(out, "e");
    wrl_put_text(out, name);
    wrl_put(out, kind);
}

static void import_func(wrl_writer_t *out, const char *name, uint32_t type)
{
    js_import(out, name, KIND_FUNC);
    wrl_put_u32(out, type);
}

static void import_global(wrl_writer_t *out, const char *name, unsigned type, bool is_mutable)
{
    js_import(out, name, KIND_GLOBAL);
    wrl_put(out, type);
    wrl_put(out, is_mutable);
}

/* The program's memory is shared if the program is linked with -pthread; then all of its objects are compiled so. */
#ifdef __wasm_atomics__
#define HAS_SHARED_MEMORY wrl_js_has_shared_memory()
#else
#define HAS_SHARED_MEMORY 0
#endif

void js_import_memory(wrl_writer_t *out)
{
    /* From 0 pages on; to 65,536, which is as many as there can be, since a shared memory names a maximum. */
    static const uint8_t own[] = {0, 0}, shared[] = {3, 0, 0x80, 0x80, 4};
    js_import(out, "m", KIND_MEMORY);
    if (HAS_SHARED_MEMORY) {
        wrl_put_all(out, shared, sizeof shared);
    } else {
        wrl_put_all(out, own, sizeof own);
    }
}

static void import_funcs(wrl_writer_t *out)
{
    static const uint8_t type[] = {CODE_FUNCREF, 0, 1};
    js_import(out, "F", KIND_TABLE);
    wrl_put_all(out, type, sizeof type);
}

void js_import_converters(wrl_writer_t *out, uint32_t count, uint32_t type)
{
    for (uint32_t i = 0; i < count; i++) {
        import_func(out, converters[i].name, type + i);
    }
}

/* ---- Values between slots and operands ---- */

/* A guest's function is called with the store; a host function's adapter has it in its record. */
void js_put_store(wrl_writer_t *out, const frame_t *frame)
{
    if (frame->is_host) {
        op(out, OP_GLOBAL_GET, 0);
        access(out, OP_I32_LOAD, 2, offsetof(js_shims_t, store));
    } else {
        op(out, OP_LOCAL_GET, CALL_STORE);
    }
}

void js_load_slot(wrl_writer_t *out, const frame_t *frame, const wrl_valtype_t *type, size_t index)
{
    uint32_t offset = (uint32_t)(SLOT * index);
    if (type->kind == WRL_VALKIND_REF) {
        js_refs->load(out, frame, type, index);
        return;
    }
    op(out, OP_LOCAL_GET, frame->slots);
    if (type->kind < WRL_VALKIND_FUNCREF) {
        access_number(out, type->kind, false, offset);
        return;
    }
    /* What externref_new returned lies in the second word; it is zero for null as well. */
    access(out, OP_I32_LOAD, 2, type->kind == WRL_VALKIND_EXTERNREF ? offset + SLOT / 2 : offset);
    op(out, OP_CALL, frame->converters + converter_of(type));
}

void js_store_slot(wrl_writer_t *out, const frame_t *frame, const wrl_valtype_t *type, size_t index, uint32_t local)
{
    uint32_t offset = (uint32_t)(SLOT * index);
    bool is_number = type->kind < WRL_VALKIND_FUNCREF;
    op(out, OP_LOCAL_GET, is_number ? frame->slots : local);
    op(out, OP_LOCAL_GET, is_number ? local : frame->slots);
    if (is_number) {
        access_number(out, type->kind, true, offset);
        return;
    }
    i32_const(out, offset);
    wrl_put(out, OP_I32_ADD);
    js_put_store(out, frame);
    op(out, OP_CALL, frame->converters + converter_of(type) + 1);
}

/* If one of the types is a reference: ends here where the rest of the engine's stack would not do to bring them up. */
static void put_probe(wrl_writer_t *out, const frame_t *frame, const wrl_valtype_t *types, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (types[i].kind >= WRL_VALKIND_FUNCREF) {
            i32_const(out, 0);
            op(out, OP_CALL, frame->converters + CONVERT_PROBE);
            return;
        }
    }
}

static void put_func_type(wrl_writer_t *out, const js_signature_t *signature)
{
    wrl_put(out, TYPE_FUNC);
    wrl_put_u32(out, (uint32_t)signature->param_count);
    for (size_t i = 0; i < signature->param_count; i++) {
        js_put_type(out, &signature->values[i]);
    }
    wrl_put_u32(out, (uint32_t)signature->result_count);
    for (size_t i = 0; i < signature->result_count; i++) {
        js_put_type(out, &signature->values[signature->param_count + i]);
    }
}

/* Begins the section of types with those of the signature, before so many others; wrl_put_end ends it. */
static size_t begin_types(wrl_writer_t *out, const js_signature_t *signature, uint32_t others)
{
    size_t section = js_begin_section(out, SECTION_TYPE, signature->group_count + others);
    if (signature->types) {
        wrl_put_all(out, signature->types->bytes, signature->types->size);
    } else {
        put_func_type(out, signature);
    }
    return section;
}

/* How many of the functions for references its adapters import: an engine need not have the types of those that follow.
 */
static uint32_t count_converters(const js_signature_t *signature)
{
    uint32_t count = 0;
    for (size_t i = 0; i < signature->param_count + signature->result_count; i++) {
        const wrl_valtype_t *type = &signature->values[i];
        uint32_t more = type->kind < WRL_VALKIND_FUNCREF    ? 0
                        : type->kind < WRL_VALKIND_REF      ? CONVERT_ANY
                        : converter_of(type) == CONVERT_EXN ? CONVERTERS
                                                            : CONVERT_EXN;
        count = more > count ? more : count;
    }
    return count;
}

int js_compile(wrl_writer_t *out)
{
    int module = out->failed ? 0 : wrl_js_compile(out->data, (int)out->size);
    out->core->free(out->data);
    return module;
}

/* ---- The stack of slots, whose top lies in the program's memory ---- */

static void get_top(wrl_writer_t *out)
{
    i32_const(out, 0);
    access(out, OP_I32_LOAD, 2, js_top_place());
}

/* After its address, which is zero here, and the value. */
static void set_top(wrl_writer_t *out)
{
    access(out, OP_I32_STORE, 2, js_top_place());
}

/* ---- Calls into the guest: (store, ref, slots), see js_signature_entry ---- */

static void put_call_body(wrl_writer_t *out, const js_signature_t *signature)
{
    const frame_t frame = {CALL_SLOTS, 0, false};
    size_t body = wrl_put_begin(out);
    wrl_put_u32(out, (uint32_t)signature->result_count);
    for (size_t i = 0; i < signature->result_count; i++) {
        wrl_put(out, 1);
        js_put_type(out, &signature->values[signature->param_count + i]);
    }
    put_probe(out, &frame, signature->values + signature->param_count, signature->result_count);
    op(out, OP_LOCAL_GET, CALL_REF);
    get_top(out);
    access(out, OP_I32_STORE, 2, REF_TOP);
    op(out, OP_LOCAL_GET, CALL_REF);
    i32_const(out, 0);
    access(out, OP_I32_LOAD, 2, js_calls_place());
    access(out, OP_I32_STORE, 2, REF_CALLS);
    for (size_t i = 0; i < signature->param_count; i++) {
        js_load_slot(out, &frame, &signature->values[i], i);
    }
    op(out, OP_LOCAL_GET, CALL_REF);
    access(out, OP_I32_LOAD, 2, REF_INDEX);
    op(out, OP_CALL_INDIRECT, signature->type);
    wrl_put(out, 0);
    for (size_t i = signature->result_count; i-- > 0;) {
        op(out, OP_LOCAL_SET, (uint32_t)(CALL_PARAMS + i));
    }
    for (size_t i = 0; i < signature->result_count; i++) {
        js_store_slot(out, &frame, &signature->values[signature->param_count + i], i, (uint32_t)(CALL_PARAMS + i));
    }
    wrl_put(out, OP_END);
    wrl_put_end(out, body);
}

int js_compile_call(const wrl_core_t *core, const js_signature_t *signature)
{
    static const uint8_t call_type[] = {TYPE_FUNC, 3, CODE_I32, CODE_I32, CODE_I32, 0};
    wrl_writer_t out = {.core = core};
    uint32_t count = count_converters(signature);
    uint32_t type = signature->type_count;
    wrl_put_header(&out);
    size_t section = begin_types(&out, signature, 1 + count);
    wrl_put_all(&out, call_type, sizeof call_type);
    js_put_converter_types(&out, count);
    wrl_put_end(&out, section);
    section = js_begin_section(&out, SECTION_IMPORT, 2 + count);
    js_import_memory(&out);
    import_funcs(&out);
    js_import_converters(&out, count, type + 1);
    wrl_put_end(&out, section);
    put_functions(&out, 1, type, true);
    section = js_begin_section(&out, SECTION_EXPORT, 1);
    js_put_export(&out, "c", KIND_FUNC, count);
    wrl_put_end(&out, section);
    section = js_begin_section(&out, SECTION_CODE, 1);
    put_call_body(&out, signature);
    wrl_put_end(&out, section);
    wrl_put_names(&out, count, 1, &call_name, 0);
    return js_compile(&out);
}

/* ---- Shims: calls of host functions ----
 * The one global that they import is the address of their js_shims_t.
 */

void js_put_end_guest(wrl_writer_t *out)
{
    access(out, OP_I32_STORE, 2, 0);
    wrl_put(out, OP_UNREACHABLE);
    wrl_put(out, OP_END);
}

/* Functions that a set of shims imports: the host functions' `call` from 0 on, */
typedef struct shim_imports {
    uint32_t converters; /* the first of those that convert, */
    uint32_t catcher;    /* the catcher, which none imports where there is no shield, */
    uint32_t move;       /* and js_move_slots; */
    uint32_t first;      /* the first shim. */
} shim_imports_t;

/* A call of js_move_slots. */
static void put_move(wrl_writer_t *out, uint32_t slots, uint32_t size, uint32_t move)
{
    op(out, OP_GLOBAL_GET, 0);
    op(out, OP_LOCAL_GET, slots);
    i32_const(out, size);
    op(out, OP_CALL, move);
}

/* The stack of slots ends within those of the shim: it calls itself again, with them in another chunk. */
static void put_again(wrl_writer_t *out, uint32_t params, uint32_t size, uint32_t move, uint32_t self)
{
    put_move(out, params, size, move);
    wrl_put(out, OP_IF);
    wrl_put(out, BLOCK_EMPTY);
    wrl_put(out, OP_UNREACHABLE);
    wrl_put(out, OP_END);
    for (uint32_t i = 0; i < params; i++) {
        op(out, OP_LOCAL_GET, i);
    }
    op(out, OP_CALL, self);
    put_move(out, params, 0, move);
    wrl_put(out, OP_DROP);
    wrl_put(out, OP_RETURN);
}

enum {
    CATCH_ALL_REF = 3,
    LABEL_OF_SHIELD = 0 /* From try_table: the block around it. */
};

/* What goes around the whole of a shim: whatever leaves it by an exception, in a host function or where references are
 * converted, is kept from the guest. Where `guarded` is 0 no guest has handlers of exceptions. */
static void begin_shield(wrl_writer_t *out, uint32_t guarded)
{
    static const uint8_t legacy[] = {OP_TRY, BLOCK_EMPTY};
    static const uint8_t exnref[] = {OP_BLOCK, CODE_EXNREF,   OP_TRY_TABLE,   BLOCK_EMPTY,
                                     1,        CATCH_ALL_REF, LABEL_OF_SHIELD};
    if (js_shield() == JS_SHIELD_EXNREF) {
        wrl_put_all(out, exnref, sizeof exnref);
    } else if (js_shield() == JS_SHIELD_LEGACY) {
        i32_const(out, 0);
        access(out, OP_I32_LOAD, 2, js_guarded_place());
        op(out, OP_LOCAL_SET, guarded);
        wrl_put_all(out, legacy, sizeof legacy);
    }
}

/* If an error or exception is pending, of a call inside this one that the end of the engine's stack kept from taking
 * it: ends the guest for that. */
static void put_pass_pending(wrl_writer_t *out)
{
    i32_const(out, 0);
    access(out, OP_I32_LOAD, 2, js_pending_place());
    wrl_put(out, OP_IF);
    wrl_put(out, BLOCK_EMPTY);
    wrl_put(out, OP_UNREACHABLE);
    wrl_put(out, OP_END);
}

/* Sets aside that an exception is pending, which JS or the catcher keeps, and ends the guest and the block. */
static void put_pass(wrl_writer_t *out)
{
    i32_const(out, js_pending_place());
    i32_const(out, JS_PENDING_EXCEPTION);
    js_put_end_guest(out);
}

/* After the results. */
static void end_shield(wrl_writer_t *out, uint32_t guarded, const shim_imports_t *imports)
{
    static const uint8_t unreachable_end[] = {OP_UNREACHABLE, OP_END};
    if (js_shield() == JS_SHIELD_NONE) {
        wrl_put(out, OP_END);
        return;
    }
    wrl_put(out, OP_RETURN);
    if (js_shield() == JS_SHIELD_EXNREF) {
        wrl_put(out, OP_END);
        wrl_put_all(out, unreachable_end, sizeof unreachable_end);
        put_pass_pending(out);
        op(out, OP_CALL, imports->catcher);
        put_pass(out);
        return;
    }
    wrl_put(out, OP_CATCH_ALL);
    op(out, OP_LOCAL_GET, guarded);
    wrl_put(out, OP_IF);
    wrl_put(out, BLOCK_EMPTY);
    put_pass_pending(out);
    put_pass(out);
    op(out, OP_RETHROW, 0);
    wrl_put(out, OP_END);
    wrl_put_all(out, unreachable_end, sizeof unreachable_end);
}

static void load_shim(wrl_writer_t *out, uint32_t index, uint32_t member)
{
    op(out, OP_GLOBAL_GET, 0);
    access(out, OP_I32_LOAD, 2, (uint32_t)(offsetof(js_shims_t, hosts) + index * sizeof(js_shim_t)) + member);
}

static void put_host_call(wrl_writer_t *out, uint32_t index, uint32_t slots, uint32_t call)
{
    load_shim(out, index, offsetof(js_shim_t, host));
    op(out, OP_GLOBAL_GET, 0);
    op(out, OP_LOCAL_GET, slots);
    op(out, OP_CALL, call);
}

/* Leaves the error on the operand stack. */
static void put_shielded_call(wrl_writer_t *out, uint32_t index, uint32_t slots, uint32_t call, uint32_t guarded,
                              const shim_imports_t *imports)
{
    if (js_shield() != JS_SHIELD_LEGACY) {
        put_host_call(out, index, slots, call);
        return;
    }
    op(out, OP_LOCAL_GET, guarded);
    wrl_put(out, OP_IF);
    wrl_put(out, CODE_I32);
    load_shim(out, index, offsetof(js_shim_t, call));
    put_host_call(out, index, slots, imports->catcher);
    wrl_put(out, OP_ELSE);
    put_host_call(out, index, slots, call);
    wrl_put(out, OP_END);
}

/* Shim number `index` of a js_shims_t; `call` is the function that it calls. */
static void put_shim_body(wrl_writer_t *out, const js_signature_t *signature, uint32_t index, uint32_t call,
                          const shim_imports_t *imports)
{
    uint32_t slots = (uint32_t)signature->param_count, result = slots + 1, guarded = slots + 2;
    /* One at least: the top of the stack of slots tells that a host function was called and has not returned (glue.c).
     */
    size_t slot_count = 1;
    slot_count = signature->param_count > slot_count ? signature->param_count : slot_count;
    slot_count = signature->result_count > slot_count ? signature->result_count : slot_count;
    const frame_t frame = {slots, imports->converters, true};
    size_t body = wrl_put_begin(out);
    wrl_put_u32(out, 1);
    wrl_put_u32(out, js_shield() == JS_SHIELD_LEGACY ? 3 : 2);
    wrl_put(out, CODE_I32);
    begin_shield(out, guarded);
    put_probe(out, &frame, signature->values, signature->param_count);
    i32_const(out, 0);
    get_top(out);
    op(out, OP_LOCAL_TEE, slots);
    i32_const(out, (uint32_t)(SLOT * slot_count));
    wrl_put(out, OP_I32_ADD);
    op(out, OP_LOCAL_TEE, result);
    set_top(out);
    op(out, OP_LOCAL_GET, result);
    i32_const(out, 0);
    access(out, OP_I32_LOAD, 2, js_end_place());
    wrl_put(out, OP_I32_GT_U);
    wrl_put(out, OP_IF);
    wrl_put(out, BLOCK_EMPTY);
    put_again(out, slots, (uint32_t)(SLOT * slot_count), imports->move, imports->first + call);
    wrl_put(out, OP_END);
    for (size_t i = 0; i < signature->param_count; i++) {
        js_store_slot(out, &frame, &signature->values[i], i, (uint32_t)i);
    }
    put_shielded_call(out, index, slots, call, guarded, imports);
    op(out, OP_LOCAL_SET, result);
    i32_const(out, 0);
    op(out, OP_LOCAL_GET, slots);
    set_top(out);
    op(out, OP_LOCAL_GET, result);
    wrl_put(out, OP_IF);
    wrl_put(out, BLOCK_EMPTY);
    i32_const(out, js_pending_place());
    op(out, OP_LOCAL_GET, result);
    js_put_end_guest(out);
    for (size_t i = 0; i < signature->result_count; i++) {
        js_load_slot(out, &frame, &signature->values[signature->param_count + i], i);
    }
    end_shield(out, guarded, imports);
    wrl_put_end(out, body);
}

/* The names of a shim's import and export: a letter and the number of the function. */
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

/* The functions that have shims, in order. */
typedef struct shim_set {
    js_signature_t *const *signatures; /* By function; NULL for those without. */
    uint32_t func_count;
    uint32_t shim_count;
    uint32_t converters; /* How many they need. */
} shim_set_t;

/* The types of their imports: `call`, the converters, and the catcher, if there is one. */
static uint32_t count_import_types(const shim_set_t *set)
{
    return 1 + set->converters + (js_shield() != JS_SHIELD_NONE);
}

static void put_shim_types(wrl_writer_t *out, const shim_set_t *set)
{
    static const uint8_t host_call_type[] = {TYPE_FUNC, 3, CODE_I32, CODE_I32, CODE_I32, 1, CODE_I32};
    static const uint8_t exnref_type[] = {TYPE_FUNC, 1, CODE_EXNREF, 0};
    static const uint8_t legacy_type[] = {TYPE_FUNC, 4, CODE_I32, CODE_I32, CODE_I32, CODE_I32, 1, CODE_I32};
    size_t section = js_begin_section(out, SECTION_TYPE, count_import_types(set) + set->shim_count);
    wrl_put_all(out, host_call_type, sizeof host_call_type);
    js_put_converter_types(out, set->converters);
    if (js_shield() == JS_SHIELD_EXNREF) {
        wrl_put_all(out, exnref_type, sizeof exnref_type);
    } else if (js_shield() == JS_SHIELD_LEGACY) {
        wrl_put_all(out, legacy_type, sizeof legacy_type);
    }
    for (uint32_t i = 0; i < set->func_count; i++) {
        if (set->signatures[i]) {
            put_func_type(out, set->signatures[i]);
        }
    }
    wrl_put_end(out, section);
}

static void put_shim_imports(wrl_writer_t *out, const shim_set_t *set)
{
    char name[12];
    size_t section = js_begin_section(out, SECTION_IMPORT, 2 + count_import_types(set) + set->shim_count);
    js_import_memory(out);
    import_global(out, "c", CODE_I32, false);
    for (uint32_t i = 0; i < set->func_count; i++) {
        if (set->signatures[i]) {
            number_name(name, 'f', i);
            import_func(out, name, 0);
        }
    }
    js_import_converters(out, set->converters, 1);
    if (js_shield() != JS_SHIELD_NONE) {
        import_func(out, "n", 1 + set->converters);
    }
    import_func(out, "o", 0);
    wrl_put_end(out, section);
}

static void put_shim_exports(wrl_writer_t *out, const shim_set_t *set, uint32_t first)
{
    char name[12];
    size_t section = js_begin_section(out, SECTION_EXPORT, set->shim_count);
    for (uint32_t i = 0, shim = first; i < set->func_count; i++) {
        if (set->signatures[i]) {
            number_name(name, 's', i);
            js_put_export(out, name, KIND_FUNC, shim++);
        }
    }
    wrl_put_end(out, section);
}

static void put_shim_code(wrl_writer_t *out, const shim_set_t *set)
{
    uint32_t converters = set->shim_count, first = converters + count_import_types(set);
    const shim_imports_t imports = {converters, converters + set->converters, first - 1, first};
    size_t section = js_begin_section(out, SECTION_CODE, set->shim_count);
    for (uint32_t i = 0, shim = 0; i < set->func_count; i++) {
        if (set->signatures[i]) {
            put_shim_body(out, set->signatures[i], i, shim++, &imports);
        }
    }
    wrl_put_end(out, section);
}

static int compile_shims(const wrl_core_t *core, const shim_set_t *set)
{
    wrl_writer_t out = {.core = core};
    uint32_t types = count_import_types(set), first = set->shim_count + types;
    wrl_put_header(&out);
    put_shim_types(&out, set);
    put_shim_imports(&out, set);
    put_functions(&out, set->shim_count, types, false);
    put_shim_exports(&out, set, first);
    put_shim_code(&out, set);
    wrl_put_names(&out, first, set->shim_count, &host_name, 0);
    return js_compile(&out);
}

int js_compile_shim(const wrl_core_t *core, js_signature_t *signature)
{
    const shim_set_t set = {&signature, 1, 1, count_converters(signature)};
    return compile_shims(core, &set);
}

int js_compile_check(const wrl_core_t *core, const js_signature_t *signature)
{
    wrl_writer_t out = {.core = core};
    wrl_put_header(&out);
    size_t section = begin_types(&out, signature, 0);
    wrl_put_end(&out, section);
    section = js_begin_section(&out, SECTION_IMPORT, 1);
    import_func(&out, "f", signature->type);
    wrl_put_end(&out, section);
    return js_compile(&out);
}

/* ---- The shims of a module ---- */

/* The signature of imported function `func`, or NULL if no host function can have it. `failed`: memory is short. */
static js_signature_t *import_signature(const js_module_t *module, uint32_t func, wrl_valtype_t *types, bool *failed)
{
    wrl_functype_t type = {0};
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

int js_module_shims(const js_module_t *module)
{
    const wrl_core_t *core = module->core;
    uint32_t count = module->func_import_count;
    wrl_valtype_t *types = (wrl_valtype_t *)core->alloc(2 * (size_t)WRL_MAX_PARAMS * sizeof *types);
    js_signature_t **signatures = (js_signature_t **)core->alloc((count + 1) * sizeof(js_signature_t *));
    shim_set_t set = {signatures, count, 0, 0};
    bool failed = !types || !signatures;
    for (uint32_t i = 0; i < count && !failed; i++) {
        signatures[i] = import_signature(module, i, types, &failed);
        if (signatures[i]) {
            uint32_t more = count_converters(signatures[i]);
            set.converters = more > set.converters ? more : set.converters;
            set.shim_count++;
        }
    }
    int handle = failed ? 0 : compile_shims(core, &set);
    core->free(types);
    core->free(signatures);
    return handle;
}

/* ---- Globals ---- */

static void put_constant(wrl_writer_t *out, wrl_valkind_t kind, const wrl_raw_t *value)
{
    switch (kind) {
    case WRL_VALKIND_F32:
        wrl_put(out, OP_F32_CONST);
        wrl_put_all(out, value->v128.bytes, 4);
        break;
    case WRL_VALKIND_F64:
        wrl_put(out, OP_F64_CONST);
        wrl_put_all(out, value->v128.bytes, 8);
        break;
    default:
        wrl_put(out, OP_SIMD);
        wrl_put(out, 12);
        wrl_put_all(out, value->v128.bytes, 16);
    }
    wrl_put(out, OP_END);
}

static void put_accessors(wrl_writer_t *out, wrl_valkind_t kind, bool is_mutable)
{
    size_t body = wrl_put_begin(out);
    wrl_put(out, 0);
    op(out, OP_LOCAL_GET, 0);
    op(out, OP_GLOBAL_GET, 0);
    access_number(out, kind, true, 0);
    wrl_put(out, OP_END);
    wrl_put_end(out, body);
    if (is_mutable) {
        body = wrl_put_begin(out);
        wrl_put(out, 0);
        op(out, OP_LOCAL_GET, 0);
        access_number(out, kind, false, 0);
        op(out, OP_GLOBAL_SET, 0);
        wrl_put(out, OP_END);
        wrl_put_end(out, body);
    }
}

int js_global_module(const wrl_core_t *core, const wrl_globaltype_t *type, const wrl_raw_t *value)
{
    static const uint8_t accessor_type[] = {TYPE_FUNC, 1, CODE_I32, 0};
    wrl_writer_t out = {.core = core};
    wrl_valkind_t kind = type->content.kind;
    uint32_t functions = type->is_mutable ? 2 : 1;
    wrl_put_header(&out);
    size_t section = js_begin_section(&out, SECTION_TYPE, 1);
    wrl_put_all(&out, accessor_type, sizeof accessor_type);
    wrl_put_end(&out, section);
    section = js_begin_section(&out, SECTION_IMPORT, value ? 1 : 2);
    js_import_memory(&out);
    if (!value) {
        import_global(&out, "g", type_code(kind), type->is_mutable);
    }
    wrl_put_end(&out, section);
    put_functions(&out, functions, 0, true);
    if (value) {
        section = js_begin_section(&out, SECTION_GLOBAL, 1);
        wrl_put(&out, type_code(kind));
        wrl_put(&out, type->is_mutable);
        put_constant(&out, kind, value);
        wrl_put_end(&out, section);
    }
    section = js_begin_section(&out, SECTION_EXPORT, functions + (value ? 1 : 0));
    js_put_export(&out, "get", KIND_FUNC, 0);
    if (type->is_mutable) {
        js_put_export(&out, "set", KIND_FUNC, 1);
    }
    if (value) {
        js_put_export(&out, "g", KIND_GLOBAL, 0);
    }
    wrl_put_end(&out, section);
    section = js_begin_section(&out, SECTION_CODE, functions);
    put_accessors(&out, kind, type->is_mutable);
    wrl_put_end(&out, section);
    return js_compile(&out);
}
