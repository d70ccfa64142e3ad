/* Shims: wasm functions through which guests call host functions. Their module imports one global, the address of their
 * js_shims_t. */
#include "adapter.h"

/* The name of a shim, by which JS recognizes its frames (glue.c). */
static const char *const host_name = "wrl:host";

/* Sets the top of the slot stack. Expects the base address, 0, and the new top on the operand stack. */
static void set_top(wrl_writer_t *out)
{
    access(out, OP_I32_STORE, 2, wrl__jsb_top_place());
}

/* Indices of functions in a module of shims. The imported `call` functions of the hosts start at 0. */
typedef struct shim_imports {
    uint32_t converters; /* The first converter. */
    uint32_t catcher;    /* The catcher. Imported only if there is a shield. */
    uint32_t move;       /* wrl__jsb_move_slots. */
    uint32_t first;      /* The first shim. */
} shim_imports_t;

/* Calls wrl__jsb_move_slots. */
static void put_move(wrl_writer_t *out, uint32_t slots, uint32_t size, uint32_t move)
{
    op(out, OP_GLOBAL_GET, 0);
    op(out, OP_LOCAL_GET, slots);
    i32_const(out, size);
    op(out, OP_CALL, move);
}

/* Handles a chunk that has too little space for the shim's slots: the shim calls itself with slots in another chunk. */
static void put_again(wrl_writer_t *out, uint32_t params, uint32_t size, uint32_t move, uint32_t self)
{
    put_move(out, params, size, move);
    wrl__put(out, OP_IF);
    wrl__put(out, BLOCK_EMPTY);
    wrl__put(out, OP_UNREACHABLE);
    wrl__put(out, OP_END);
    for (uint32_t i = 0; i < params; i++) {
        op(out, OP_LOCAL_GET, i);
    }
    op(out, OP_CALL, self);
    put_move(out, params, 0, move);
    wrl__put(out, OP_DROP);
    wrl__put(out, OP_RETURN);
}

enum {
    CATCH_ALL_REF = 3,
    LABEL_OF_SHIELD = 0 /* From try_table: the enclosing block. */
};

/*
 * Begins the shield, which surrounds the whole body of a shim. The shield hides from the guest every exception that
 * leaves the shim, whether it comes from the host function or from a converter. If the local `guarded` is 0, no guest
 * has exception handlers.
 */
static void begin_shield(wrl_writer_t *out, uint32_t guarded)
{
    static const uint8_t legacy[] = {OP_TRY, BLOCK_EMPTY};
    static const uint8_t exnref[] = {OP_BLOCK, CODE_EXNREF,   OP_TRY_TABLE,   BLOCK_EMPTY,
                                     1,        CATCH_ALL_REF, LABEL_OF_SHIELD};
    if (wrl__jsb_shield() == JS_SHIELD_EXNREF) {
        wrl__put_all(out, exnref, sizeof exnref);
    } else if (wrl__jsb_shield() == JS_SHIELD_LEGACY) {
        wrl__jsb_load_i32(out, wrl__jsb_guarded_place());
        op(out, OP_LOCAL_SET, guarded);
        wrl__put_all(out, legacy, sizeof legacy);
    }
}

/* Ends the guest if an error or exception is pending. A nested call leaves an error pending if the engine's stack ends
 * during the call. */
static void put_pass_pending(wrl_writer_t *out)
{
    wrl__jsb_load_i32(out, wrl__jsb_pending_place());
    wrl__put(out, OP_IF);
    wrl__put(out, BLOCK_EMPTY);
    wrl__put(out, OP_UNREACHABLE);
    wrl__put(out, OP_END);
}

/* Records that an exception is pending. JS or the catcher keeps the exception. Ends the guest and the block. */
static void put_pass(wrl_writer_t *out)
{
    i32_const(out, wrl__jsb_pending_place());
    i32_const(out, JS_PENDING_EXCEPTION);
    wrl__jsb_put_end_guest(out);
}

/* Ends the shield and returns. Expects the results on the operand stack. */
static void end_shield(wrl_writer_t *out, uint32_t guarded, const shim_imports_t *imports)
{
    static const uint8_t unreachable_end[] = {OP_UNREACHABLE, OP_END};
    if (wrl__jsb_shield() == JS_SHIELD_NONE) {
        wrl__put(out, OP_END);
        return;
    }
    wrl__put(out, OP_RETURN);
    if (wrl__jsb_shield() == JS_SHIELD_EXNREF) {
        wrl__put(out, OP_END);
        wrl__put_all(out, unreachable_end, sizeof unreachable_end);
        put_pass_pending(out);
        op(out, OP_CALL, imports->catcher);
        put_pass(out);
        return;
    }
    wrl__put(out, OP_CATCH_ALL);
    op(out, OP_LOCAL_GET, guarded);
    wrl__put(out, OP_IF);
    wrl__put(out, BLOCK_EMPTY);
    put_pass_pending(out);
    put_pass(out);
    op(out, OP_RETHROW, 0);
    wrl__put(out, OP_END);
    wrl__put_all(out, unreachable_end, sizeof unreachable_end);
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

/* Calls the host function, and leaves its error on the operand stack. */
static void put_shielded_call(wrl_writer_t *out, uint32_t index, uint32_t slots, uint32_t call, uint32_t guarded,
                              const shim_imports_t *imports)
{
    if (wrl__jsb_shield() != JS_SHIELD_LEGACY) {
        put_host_call(out, index, slots, call);
        return;
    }
    op(out, OP_LOCAL_GET, guarded);
    wrl__put(out, OP_IF);
    wrl__put(out, CODE_I32);
    load_shim(out, index, offsetof(js_shim_t, call));
    put_host_call(out, index, slots, imports->catcher);
    wrl__put(out, OP_ELSE);
    put_host_call(out, index, slots, call);
    wrl__put(out, OP_END);
}

/* Writes shim number `index` of a js_shims_t. The shim calls imported function `call`. The shim itself is function
 * imports->first + call. */
static void put_shim_body(wrl_writer_t *out, const js_signature_t *signature, uint32_t index, uint32_t call,
                          const shim_imports_t *imports)
{
    uint32_t slots = (uint32_t)signature->param_count, result = slots + 1, guarded = slots + 2;
    /* At least one slot: a changed top shows that a host function was called and has not returned (glue.c). */
    size_t slot_count = 1;
    slot_count = signature->param_count > slot_count ? signature->param_count : slot_count;
    slot_count = signature->result_count > slot_count ? signature->result_count : slot_count;
    const frame_t frame = {slots, imports->converters, true};
    size_t body = wrl__put_begin(out);
    wrl__put_u32(out, 1);
    wrl__put_u32(out, wrl__jsb_shield() == JS_SHIELD_LEGACY ? 3 : 2);
    wrl__put(out, CODE_I32);
    begin_shield(out, guarded);
    wrl__jsb_put_probe(out, &frame, signature->values, signature->param_count);
    i32_const(out, 0);
    wrl__jsb_load_i32(out, wrl__jsb_top_place());
    op(out, OP_LOCAL_TEE, slots);
    i32_const(out, (uint32_t)(SLOT * slot_count));
    wrl__put(out, OP_I32_ADD);
    op(out, OP_LOCAL_TEE, result);
    set_top(out);
    op(out, OP_LOCAL_GET, result);
    wrl__jsb_load_i32(out, wrl__jsb_end_place());
    wrl__put(out, OP_I32_GT_U);
    wrl__put(out, OP_IF);
    wrl__put(out, BLOCK_EMPTY);
    put_again(out, slots, (uint32_t)(SLOT * slot_count), imports->move, imports->first + call);
    wrl__put(out, OP_END);
    for (size_t i = 0; i < signature->param_count; i++) {
        wrl__jsb_store_slot(out, &frame, &signature->values[i], i, (uint32_t)i);
    }
    put_shielded_call(out, index, slots, call, guarded, imports);
    op(out, OP_LOCAL_SET, result);
    i32_const(out, 0);
    op(out, OP_LOCAL_GET, slots);
    set_top(out);
    op(out, OP_LOCAL_GET, result);
    wrl__put(out, OP_IF);
    wrl__put(out, BLOCK_EMPTY);
    i32_const(out, wrl__jsb_pending_place());
    op(out, OP_LOCAL_GET, result);
    wrl__jsb_put_end_guest(out);
    for (size_t i = 0; i < signature->result_count; i++) {
        wrl__jsb_load_slot(out, &frame, &signature->values[signature->param_count + i], i);
    }
    end_shield(out, guarded, imports);
    wrl__put_end(out, body);
}

/* Writes the name of a shim's import or export: a letter and the index of the function. */
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

/* The functions with shims, in order. */
typedef struct shim_set {
    js_signature_t *const *signatures; /* By function index; NULL for functions without a shim. */
    uint32_t func_count;
    uint32_t shim_count;
    uint32_t converters; /* The number of converters that the shims need. */
} shim_set_t;

/* Returns the number of types of the imports: one for `call`, one for each converter, one for the catcher if any. */
static uint32_t count_import_types(const shim_set_t *set)
{
    return 1 + set->converters + (wrl__jsb_shield() != JS_SHIELD_NONE);
}

static void put_shim_types(wrl_writer_t *out, const shim_set_t *set)
{
    static const uint8_t host_call_type[] = {TYPE_FUNC, 3, CODE_I32, CODE_I32, CODE_I32, 1, CODE_I32};
    static const uint8_t exnref_type[] = {TYPE_FUNC, 1, CODE_EXNREF, 0};
    static const uint8_t legacy_type[] = {TYPE_FUNC, 4, CODE_I32, CODE_I32, CODE_I32, CODE_I32, 1, CODE_I32};
    size_t section = wrl__jsb_begin_section(out, SECTION_TYPE, count_import_types(set) + set->shim_count);
    wrl__put_all(out, host_call_type, sizeof host_call_type);
    wrl__jsb_put_converter_types(out, set->converters);
    if (wrl__jsb_shield() == JS_SHIELD_EXNREF) {
        wrl__put_all(out, exnref_type, sizeof exnref_type);
    } else if (wrl__jsb_shield() == JS_SHIELD_LEGACY) {
        wrl__put_all(out, legacy_type, sizeof legacy_type);
    }
    for (uint32_t i = 0; i < set->func_count; i++) {
        if (set->signatures[i]) {
            wrl__jsb_put_func_type(out, set->signatures[i]);
        }
    }
    wrl__put_end(out, section);
}

static void put_shim_imports(wrl_writer_t *out, const shim_set_t *set)
{
    char name[12];
    size_t section = wrl__jsb_begin_section(out, SECTION_IMPORT, 2 + count_import_types(set) + set->shim_count);
    wrl__jsb_import_memory(out);
    wrl__jsb_import(out, "c", KIND_GLOBAL);
    wrl__put(out, CODE_I32);
    wrl__put(out, 0);
    for (uint32_t i = 0; i < set->func_count; i++) {
        if (set->signatures[i]) {
            number_name(name, 'f', i);
            wrl__jsb_import_func(out, name, 0);
        }
    }
    wrl__jsb_import_converters(out, set->converters, 1);
    if (wrl__jsb_shield() != JS_SHIELD_NONE) {
        wrl__jsb_import_func(out, "n", 1 + set->converters);
    }
    wrl__jsb_import_func(out, "o", 0);
    wrl__put_end(out, section);
}

static void put_shim_exports(wrl_writer_t *out, const shim_set_t *set, uint32_t first)
{
    char name[12];
    size_t section = wrl__jsb_begin_section(out, SECTION_EXPORT, set->shim_count);
    for (uint32_t i = 0, shim = first; i < set->func_count; i++) {
        if (set->signatures[i]) {
            number_name(name, 's', i);
            wrl__jsb_put_export(out, name, KIND_FUNC, shim++);
        }
    }
    wrl__put_end(out, section);
}

static void put_shim_code(wrl_writer_t *out, const shim_set_t *set)
{
    uint32_t converters = set->shim_count, first = converters + count_import_types(set);
    const shim_imports_t imports = {converters, converters + set->converters, first - 1, first};
    size_t section = wrl__jsb_begin_section(out, SECTION_CODE, set->shim_count);
    for (uint32_t i = 0, shim = 0; i < set->func_count; i++) {
        if (set->signatures[i]) {
            put_shim_body(out, set->signatures[i], i, shim++, &imports);
        }
    }
    wrl__put_end(out, section);
}

static int compile_shims(const wrl_core_t *core, const shim_set_t *set)
{
    wrl_writer_t out = {.core = core};
    uint32_t types = count_import_types(set), first = set->shim_count + types;
    wrl__put_header(&out);
    put_shim_types(&out, set);
    put_shim_imports(&out, set);
    wrl__jsb_put_functions(&out, set->shim_count, types, false);
    put_shim_exports(&out, set, first);
    put_shim_code(&out, set);
    wrl__put_names(&out, first, set->shim_count, &host_name, 0);
    return wrl__jsb_compile(&out);
}

static int compile_shim(const wrl_core_t *core, js_signature_t *signature)
{
    const shim_set_t set = {&signature, 1, 1, wrl__jsb_count_converters(signature)};
    return compile_shims(core, &set);
}

int wrl__jsb_signature_shim(const wrl_core_t *core, js_signature_t *signature)
{
    if (!signature->shim) {
        signature->shim = compile_shim(core, signature);
    }
    return signature->shim;
}

/* ---- The shims of a module ---- */

/* Returns the signature of imported function `func`, or NULL if no host function can have it. Sets *failed if memory
 * runs out. */
static js_signature_t *import_signature(const js_module_t *module, uint32_t func, wrl_valtype_t *types, bool *failed)
{
    wrl_functype_t type = {0};
    if (!wrl__jsb_func_type_of(module, func, types, &type.param_count, &type.result_count)) {
        return NULL;
    }
    type.params = types;
    type.results = types + type.param_count;
    bool crosses;
    js_signature_t *signature = wrl__jsb_signature(module->core, &type, &crosses);
    *failed = *failed || (crosses && !signature);
    return signature;
}

int wrl__jsb_module_shims(const js_module_t *module)
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
            uint32_t more = wrl__jsb_count_converters(signatures[i]);
            set.converters = more > set.converters ? more : set.converters;
            set.shim_count++;
        }
    }
    int handle = failed ? 0 : compile_shims(core, &set);
    core->free(types);
    core->free(signatures);
    return handle;
}
