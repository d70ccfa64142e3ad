/*
 * Adapters: small modules of wasm between program and guest. They import the program's memory, and load and store slots
 * there. One module serves all functions of a signature.
 */
#include "adapter.h"

#include "glue.h"

#include <string.h>

const js_refs_t *js_refs;

/* The callee's copy of the function's name (wrl_backend_ref_t) is its own to change: there JS finds the top of the
 * stack of slots, should an exception leave it wrong. */
enum { REF_INDEX = 0, REF_TOP = 4 };

/* What the adapters' functions are called, by which JS knows their frames (glue.c). */
static const char *const call_name = "wrl:call";
static const char *const host_name = "wrl:host";

static unsigned type_code(wrl_valkind_t kind)
{
    static const uint8_t codes[] = {0, CODE_I32, CODE_I64, CODE_F32, CODE_F64, CODE_V128, CODE_FUNCREF, CODE_EXTERNREF};
    return codes[kind];
}

void js_put_type(js_bytes_t *out, const wrl_valtype_t *type)
{
    if (type->kind == WRL_VALKIND_REF) {
        js_put(out, type->flags & WRL_VALTYPE_NULLABLE ? CODE_REF_NULL : CODE_REF);
        js_put_i32(out, type->heap);
    } else {
        js_put(out, type_code(type->kind));
    }
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

/* ---- Sections ---- */

size_t js_begin_section(js_bytes_t *out, unsigned id, uint32_t count)
{
    js_put(out, id);
    size_t section = js_begin(out);
    js_put_u32(out, count);
    return section;
}

/* Functions of types from `type` on, each of the next one, or all of the same. */
static void put_functions(js_bytes_t *out, uint32_t count, uint32_t type, bool same)
{
    size_t section = js_begin_section(out, SECTION_FUNCTION, count);
    for (uint32_t i = 0; i < count; i++) {
        js_put_u32(out, same ? type : type + i);
    }
    js_end(out, section);
}

void js_put_export(js_bytes_t *out, const char *name, unsigned kind, uint32_t index)
{
    js_put_text(out, name);
    js_put(out, kind);
    js_put_u32(out, index);
}

/* ---- Functions that convert references, imported by adapters that need them ---- */

/* What they are called, and their types. */
static const struct {
    char name[2];
    uint8_t type_size;
    uint8_t type[7];
} converters[] = {
    {"d", 5, {0x60, 1, CODE_I32, 1, CODE_EXTERNREF}},        {"u", 6, {0x60, 3, CODE_EXTERNREF, CODE_I32, CODE_I32, 0}},
    {"g", 5, {0x60, 1, CODE_I32, 1, CODE_FUNCREF}},          {"w", 6, {0x60, 3, CODE_FUNCREF, CODE_I32, CODE_I32, 0}},
    {"l", 6, {0x60, 2, CODE_I32, CODE_I32, 1, CODE_ANYREF}}, {"k", 6, {0x60, 3, CODE_ANYREF, CODE_I32, CODE_I32, 0}},
    {"x", 6, {0x60, 2, CODE_I32, CODE_I32, 1, CODE_I32}},    {"y", 6, {0x60, 2, CODE_I32, CODE_I32, 1, CODE_EXNREF}},
    {"z", 6, {0x60, 3, CODE_EXNREF, CODE_I32, CODE_I32, 0}},
};

/* Which one brings a reference down; the next one brings it up. */
static uint32_t converter_of(const wrl_valtype_t *type)
{
    if (type->kind == WRL_VALKIND_REF) {
        return js_refs->converter(type);
    }
    return type->kind == WRL_VALKIND_FUNCREF ? CONVERT_FUNC : CONVERT_EXTERN;
}

void js_put_converter_types(js_bytes_t *out, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        js_put_all(out, converters[i].type, converters[i].type_size);
    }
}

void js_import(js_bytes_t *out, const char *name, unsigned kind)
{
    js_put_text(out, "e");
    js_put_text(out, name);
    js_put(out, kind);
}

static void import_func(js_bytes_t *out, const char *name, uint32_t type)
{
    js_import(out, name, KIND_FUNC);
    js_put_u32(out, type);
}

static void import_global(js_bytes_t *out, const char *name, unsigned type, bool is_mutable)
{
    js_import(out, name, KIND_GLOBAL);
    js_put(out, type);
    js_put(out, is_mutable);
}

/* The program's memory is shared if the program is linked with -pthread; then all of its objects are compiled so. */
#ifdef __wasm_atomics__
#define HAS_SHARED_MEMORY wrl_js_has_shared_memory()
#else
#define HAS_SHARED_MEMORY 0
#endif

void js_import_memory(js_bytes_t *out)
{
    /* From 0 pages on; to 65,536, which is as many as there can be, since a shared memory names a maximum. */
    static const uint8_t own[] = {0, 0}, shared[] = {3, 0, 0x80, 0x80, 4};
    js_import(out, "m", KIND_MEMORY);
    if (HAS_SHARED_MEMORY) {
        js_put_all(out, shared, sizeof shared);
    } else {
        js_put_all(out, own, sizeof own);
    }
}

static void import_funcs(js_bytes_t *out)
{
    static const uint8_t type[] = {CODE_FUNCREF, 0, 1};
    js_import(out, "F", KIND_TABLE);
    js_put_all(out, type, sizeof type);
}

void js_import_converters(js_bytes_t *out, uint32_t count, uint32_t type)
{
    for (uint32_t i = 0; i < count; i++) {
        import_func(out, converters[i].name, type + i);
    }
}

/* ---- Values between slots and operands ---- */

/* A guest's function is called with the store; a host function's adapter has it in its record. */
void js_put_store(js_bytes_t *out, const frame_t *frame)
{
    if (frame->is_host) {
        op(out, OP_GLOBAL_GET, 0);
        access(out, OP_I32_LOAD, 2, offsetof(js_shims_t, store));
    } else {
        op(out, OP_LOCAL_GET, CALL_STORE);
    }
}

void js_load_slot(js_bytes_t *out, const frame_t *frame, const wrl_valtype_t *type, size_t index)
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

void js_store_slot(js_bytes_t *out, const frame_t *frame, const wrl_valtype_t *type, size_t index, uint32_t local)
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
    js_put(out, OP_I32_ADD);
    js_put_store(out, frame);
    op(out, OP_CALL, frame->converters + converter_of(type) + 1);
}

static void put_func_type(js_bytes_t *out, const js_signature_t *signature)
{
    js_put(out, 0x60);
    js_put_u32(out, (uint32_t)signature->param_count);
    for (size_t i = 0; i < signature->param_count; i++) {
        js_put_type(out, &signature->values[i]);
    }
    js_put_u32(out, (uint32_t)signature->result_count);
    for (size_t i = 0; i < signature->result_count; i++) {
        js_put_type(out, &signature->values[signature->param_count + i]);
    }
}

/* Begins the section of types with those of the signature, before so many others; js_end ends it. */
static size_t begin_types(js_bytes_t *out, const js_signature_t *signature, uint32_t others)
{
    size_t section = js_begin_section(out, SECTION_TYPE, signature->group_count + others);
    if (signature->types) {
        js_put_all(out, signature->types, signature->types_size);
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

int js_compile(js_bytes_t *out)
{
    int module = out->failed ? 0 : wrl_js_compile(out->data, (int)out->size);
    out->core->free(out->data);
    return module;
}

/* ---- The stack of slots, whose top lies in the program's memory ---- */

static void get_top(js_bytes_t *out)
{
    i32_const(out, 0);
    access(out, OP_I32_LOAD, 2, js_top_place());
}

/* After its address, which is zero here, and the value. */
static void set_top(js_bytes_t *out)
{
    access(out, OP_I32_STORE, 2, js_top_place());
}

/* ---- Calls into the guest: (store, ref, slots), see js_signature_entry ---- */

static void put_call_body(js_bytes_t *out, const js_signature_t *signature)
{
    const frame_t frame = {CALL_SLOTS, 0, false};
    size_t body = js_begin(out);
    js_put_u32(out, (uint32_t)signature->result_count);
    for (size_t i = 0; i < signature->result_count; i++) {
        js_put(out, 1);
        js_put_type(out, &signature->values[signature->param_count + i]);
    }
    op(out, OP_LOCAL_GET, CALL_REF);
    get_top(out);
    access(out, OP_I32_STORE, 2, REF_TOP);
    for (size_t i = 0; i < signature->param_count; i++) {
        js_load_slot(out, &frame, &signature->values[i], i);
    }
    op(out, OP_LOCAL_GET, CALL_REF);
    access(out, OP_I32_LOAD, 2, REF_INDEX);
    op(out, OP_CALL_INDIRECT, signature->type);
    js_put(out, 0);
    for (size_t i = signature->result_count; i-- > 0;) {
        op(out, OP_LOCAL_SET, (uint32_t)(CALL_PARAMS + i));
    }
    for (size_t i = 0; i < signature->result_count; i++) {
        js_store_slot(out, &frame, &signature->values[signature->param_count + i], i, (uint32_t)(CALL_PARAMS + i));
    }
    js_put(out, OP_END);
    js_end(out, body);
}

static int compile_call(const wrl_core_t *core, const js_signature_t *signature)
{
    static const uint8_t call_type[] = {0x60, 3, CODE_I32, CODE_I32, CODE_I32, 0};
    js_bytes_t out = {.core = core};
    uint32_t count = count_converters(signature);
    uint32_t type = signature->type_count;
    js_put_header(&out);
    size_t section = begin_types(&out, signature, 1 + count);
    js_put_all(&out, call_type, sizeof call_type);
    js_put_converter_types(&out, count);
    js_end(&out, section);
    section = js_begin_section(&out, SECTION_IMPORT, 2 + count);
    js_import_memory(&out);
    import_funcs(&out);
    js_import_converters(&out, count, type + 1);
    js_end(&out, section);
    put_functions(&out, 1, type, true);
    section = js_begin_section(&out, SECTION_EXPORT, 1);
    js_put_export(&out, "c", KIND_FUNC, count);
    js_end(&out, section);
    section = js_begin_section(&out, SECTION_CODE, 1);
    put_call_body(&out, signature);
    js_end(&out, section);
    js_put_names(&out, count, 1, &call_name, 0);
    return js_compile(&out);
}

/* ---- Shims: calls of host functions ----
 * The one global that they import is the address of their js_shims_t.
 */

void js_put_end_guest(js_bytes_t *out)
{
    access(out, OP_I32_STORE, 2, 0);
    js_put(out, OP_UNREACHABLE);
    js_put(out, OP_END);
}

/* Shim number `index` of a js_shims_t; `call` is the function that it calls, `converters` the first of JS's. */
static void put_shim_body(js_bytes_t *out, const js_signature_t *signature, uint32_t index, uint32_t call,
                          uint32_t converters)
{
    uint32_t slots = (uint32_t)signature->param_count, result = slots + 1;
    size_t slot_count =
        signature->param_count > signature->result_count ? signature->param_count : signature->result_count;
    const frame_t frame = {slots, converters, true};
    size_t body = js_begin(out);
    js_put_u32(out, 1);
    js_put_u32(out, 2);
    js_put(out, CODE_I32);
    i32_const(out, 0);
    get_top(out);
    op(out, OP_LOCAL_TEE, slots);
    i32_const(out, (uint32_t)(SLOT * slot_count));
    js_put(out, OP_I32_ADD);
    op(out, OP_LOCAL_TEE, result);
    set_top(out);
    op(out, OP_LOCAL_GET, result);
    i32_const(out, js_slots_end());
    js_put(out, OP_I32_GT_U);
    js_put(out, OP_IF);
    js_put(out, BLOCK_EMPTY);
    i32_const(out, js_pending_place());
    i32_const(out, JS_PENDING_OVERFLOW);
    js_put_end_guest(out);
    for (size_t i = 0; i < signature->param_count; i++) {
        js_store_slot(out, &frame, &signature->values[i], i, (uint32_t)i);
    }
    op(out, OP_GLOBAL_GET, 0);
    access(out, OP_I32_LOAD, 2, (uint32_t)(offsetof(js_shims_t, hosts) + index * sizeof(js_shim_t)));
    op(out, OP_GLOBAL_GET, 0);
    op(out, OP_LOCAL_GET, slots);
    op(out, OP_CALL, call);
    op(out, OP_LOCAL_SET, result);
    i32_const(out, 0);
    op(out, OP_LOCAL_GET, slots);
    set_top(out);
    op(out, OP_LOCAL_GET, result);
    js_put(out, OP_IF);
    js_put(out, BLOCK_EMPTY);
    i32_const(out, js_pending_place());
    op(out, OP_LOCAL_GET, result);
    js_put_end_guest(out);
    for (size_t i = 0; i < signature->result_count; i++) {
        js_load_slot(out, &frame, &signature->values[signature->param_count + i], i);
    }
    js_put(out, OP_END);
    js_end(out, body);
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

static void put_shim_types(js_bytes_t *out, const shim_set_t *set)
{
    static const uint8_t host_call_type[] = {0x60, 3, CODE_I32, CODE_I32, CODE_I32, 1, CODE_I32};
    size_t section = js_begin_section(out, SECTION_TYPE, 1 + set->converters + set->shim_count);
    js_put_all(out, host_call_type, sizeof host_call_type);
    js_put_converter_types(out, set->converters);
    for (uint32_t i = 0; i < set->func_count; i++) {
        if (set->signatures[i]) {
            put_func_type(out, set->signatures[i]);
        }
    }
    js_end(out, section);
}

static void put_shim_imports(js_bytes_t *out, const shim_set_t *set)
{
    char name[12];
    size_t section = js_begin_section(out, SECTION_IMPORT, 2 + set->converters + set->shim_count);
    js_import_memory(out);
    import_global(out, "c", CODE_I32, false);
    for (uint32_t i = 0; i < set->func_count; i++) {
        if (set->signatures[i]) {
            number_name(name, 'f', i);
            import_func(out, name, 0);
        }
    }
    js_import_converters(out, set->converters, 1);
    js_end(out, section);
}

static void put_shim_exports(js_bytes_t *out, const shim_set_t *set, uint32_t first)
{
    char name[12];
    size_t section = js_begin_section(out, SECTION_EXPORT, set->shim_count);
    for (uint32_t i = 0, shim = first; i < set->func_count; i++) {
        if (set->signatures[i]) {
            number_name(name, 's', i);
            js_put_export(out, name, KIND_FUNC, shim++);
        }
    }
    js_end(out, section);
}

static void put_shim_code(js_bytes_t *out, const shim_set_t *set)
{
    size_t section = js_begin_section(out, SECTION_CODE, set->shim_count);
    for (uint32_t i = 0, shim = 0; i < set->func_count; i++) {
        if (set->signatures[i]) {
            put_shim_body(out, set->signatures[i], i, shim++, set->shim_count);
        }
    }
    js_end(out, section);
}

static int compile_shims(const wrl_core_t *core, const shim_set_t *set)
{
    js_bytes_t out = {.core = core};
    uint32_t first = set->shim_count + set->converters;
    js_put_header(&out);
    put_shim_types(&out, set);
    put_shim_imports(&out, set);
    put_functions(&out, set->shim_count, 1 + set->converters, false);
    put_shim_exports(&out, set, first);
    put_shim_code(&out, set);
    js_put_names(&out, first, set->shim_count, &host_name, 0);
    return js_compile(&out);
}

static int compile_check(const wrl_core_t *core, const js_signature_t *signature)
{
    js_bytes_t out = {.core = core};
    js_put_header(&out);
    size_t section = begin_types(&out, signature, 0);
    js_end(&out, section);
    section = js_begin_section(&out, SECTION_IMPORT, 1);
    import_func(&out, "f", signature->type);
    js_end(&out, section);
    return js_compile(&out);
}

/* ---- Signatures ---- */

/* All that were ever needed: a program has few, and no end to tidy up for. Distinct ones are as many as there are types
 * of that kind, in different modules, whose functions became known. */
static js_signature_t *signatures;

/* Whether a signature is that of functions of type number `declared` of the module, or, without one, the plain one. */
static bool same_types(const js_signature_t *signature, const js_module_t *module, uint32_t declared)
{
    if (!module || !signature->types) {
        return !module && !signature->types;
    }
    return signature->type == declared && signature->types_size == module->types_size &&
           memcmp(signature->types, module->types, module->types_size) == 0;
}

/* The types that other signatures of the same module keep, or NULL. */
static uint8_t *known_types(const js_module_t *module)
{
    for (js_signature_t *known = signatures; known; known = known->next) {
        if (known->types && known->types_size == module->types_size &&
            memcmp(known->types, module->types, module->types_size) == 0) {
            return known->types;
        }
    }
    return NULL;
}

/* Parameter or result `index`. */
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

/* Without a module the numbers of its types mean nothing. */
static bool can_cross(const js_module_t *module, const wrl_functype_t *type)
{
    bool can = true;
    for (size_t i = 0; can && i < type->param_count + type->result_count; i++) {
        const wrl_valtype_t *value = value_of(type, i);
        can = value->kind != WRL_VALKIND_REF || (js_refs && (module || value->heap < 0));
    }
    return can;
}

/* As js_signature_distinct; `module` is NULL for plain ones. */
static js_signature_t *find(const wrl_core_t *core, const js_module_t *module, uint32_t declared,
                            const wrl_functype_t *type, bool *crosses)
{
    *crosses = can_cross(module, type);
    if (!*crosses) {
        return NULL;
    }
    for (js_signature_t *known = signatures; known; known = known->next) {
        if (same_values(known, type) && same_types(known, module, declared)) {
            return known;
        }
    }
    size_t values = type->param_count + type->result_count;
    uint8_t *types = module ? known_types(module) : NULL;
    size_t types_size = module && !types ? module->types_size : 0;
    js_signature_t *made = (js_signature_t *)core->alloc(sizeof *made + values * sizeof made->values[0] + types_size);
    if (!made) {
        return NULL;
    }
    made->group_count = made->type_count = 1;
    if (module) {
        made->types = types ? types : (uint8_t *)(made->values + values);
        memcpy(made->types, module->types, types_size);
        made->types_size = module->types_size;
        made->group_count = module->group_count;
        made->type_count = module->type_count;
        made->type = declared;
    }
    made->param_count = type->param_count;
    made->result_count = type->result_count;
    for (size_t i = 0; i < values; i++) {
        made->values[i] = *value_of(type, i);
    }
    made->next = signatures;
    signatures = made;
    return made;
}

js_signature_t *js_signature(const wrl_core_t *core, const wrl_functype_t *type, bool *crosses)
{
    return find(core, NULL, 0, type, crosses);
}

js_signature_t *js_signature_distinct(const js_module_t *module, uint32_t declared, const wrl_functype_t *type,
                                      bool *crosses)
{
    return find(module->core, module, declared, type, crosses);
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

int js_signature_shim(const wrl_core_t *core, js_signature_t *signature)
{
    if (!signature->shim) {
        const shim_set_t set = {&signature, 1, 1, count_converters(signature)};
        signature->shim = compile_shims(core, &set);
    }
    return signature->shim;
}

int js_signature_check(const wrl_core_t *core, js_signature_t *signature)
{
    if (!signature->check) {
        signature->check = compile_check(core, signature);
    }
    return signature->check;
}

/* ---- The shims of a module ---- */

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
    static const uint8_t accessor_type[] = {0x60, 1, CODE_I32, 0};
    js_bytes_t out = {.core = core};
    wrl_valkind_t kind = type->content.kind;
    uint32_t functions = type->is_mutable ? 2 : 1;
    js_put_header(&out);
    size_t section = js_begin_section(&out, SECTION_TYPE, 1);
    js_put_all(&out, accessor_type, sizeof accessor_type);
    js_end(&out, section);
    section = js_begin_section(&out, SECTION_IMPORT, value ? 1 : 2);
    js_import_memory(&out);
    if (!value) {
        import_global(&out, "g", type_code(kind), type->is_mutable);
    }
    js_end(&out, section);
    put_functions(&out, functions, 0, true);
    if (value) {
        section = js_begin_section(&out, SECTION_GLOBAL, 1);
        js_put(&out, type_code(kind));
        js_put(&out, type->is_mutable);
        put_constant(&out, kind, value);
        js_end(&out, section);
    }
    section = js_begin_section(&out, SECTION_EXPORT, functions + (value ? 1 : 0));
    js_put_export(&out, "get", KIND_FUNC, 0);
    if (type->is_mutable) {
        js_put_export(&out, "set", KIND_FUNC, 1);
    }
    if (value) {
        js_put_export(&out, "g", KIND_GLOBAL, 0);
    }
    js_end(&out, section);
    section = js_begin_section(&out, SECTION_CODE, functions);
    put_accessors(&out, kind, type->is_mutable);
    js_end(&out, section);
    return js_compile(&out);
}
