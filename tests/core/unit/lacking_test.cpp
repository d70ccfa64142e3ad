/*
 * Backends without a function of the interface, each function in turn, as NULL and by a description that ends before
 * it. Either the registration is refused with the name of the function, or everything that programs can do with the
 * backend works or is UNSUPPORTED.
 */
#include "compiled.h"
#include "guest.h"

#include <cstddef>
#include <cstring>
#include <dlfcn.h>
#include <list>
#include <utility>

extern "C" {
const wrl_backend_t *wrl_backend_wasmi(uint32_t abi);
}

namespace {

struct Function {
    const char *name;
    size_t offset;
};

const Function functions[] = {
#define WRL_BACKEND_FUNCTION(name) {#name, offsetof(wrl_backend_t, name)},
#include "backend_functions.inc"
#undef WRL_BACKEND_FUNCTION
};

/* Returns whether a call succeeded. If not, the error must be UNSUPPORTED and have a message. */
bool can(wrl_error_t *error)
{
    Outcome outcome(error);
    EXPECT_TRUE(outcome.ok || (outcome.kind == WRL_ERROR_UNSUPPORTED && !outcome.message.empty())) << outcome.message;
    return outcome.ok;
}

const char plain_guest[] = "(module (memory (export \"m\") 1 3) (global (export \"g\") (mut i32) (i32.const 3))"
                           "  (func (export \"id\") (param i32) (result i32) (local.get 0)))";
const char table_guest[] =
    "(module (table (export \"t\") 2 8 funcref) (elem (i32.const 0) $hidden)"
    "  (table (export \"x\") 2 8 externref) (global (export \"gx\") (mut externref) (ref.null extern))"
    "  (global (export \"gf\") (mut funcref) (ref.func $hidden))"
    "  (func $hidden (param i64) (result i64) (local.get 0))"
    "  (func (export \"first\") (result funcref) (table.get 0 (i32.const 0)))"
    "  (func (export \"f\") (param funcref) (result funcref) (local.get 0))"
    "  (func (export \"e\") (param externref) (result externref) (local.get 0)))";
const char host_guest[] = "(module (import \"h\" \"f\" (func $f (param i32) (result i32))) (memory (export \"m\") 1)"
                          "  (func $run (export \"run\") (param i32) (result i32) (call $f (local.get 0)))"
                          "  (func $start (drop (call $run (i32.const 1)))) (start $start))";
const char reference_guest[] =
    "(module (type $s (struct (field i32))) (global (export \"ga\") (mut anyref) (ref.i31 (i32.const 5)))"
    "  (table (export \"ta\") 2 8 anyref) (tag (export \"tag\") (param i32))"
    "  (func (export \"a\") (param anyref) (result anyref) (local.get 0))"
    "  (func (export \"s\") (result anyref) (struct.new $s (i32.const 7)))"
    "  (func (export \"throw\") (throw 0 (i32.const 1))))";

wrl_error_t *host_raw(void *, wrl_caller_t *caller, wrl_raw_t *slots)
{
    wrl_extern_t item;
    wrl_memory_t memory;
    wrl_func_t func;
    wrl_store_t *store = wrl_caller_store(caller);
    wrl_instance_t instance = wrl_caller_instance(caller);
    bool has_caller = instance.store_id != 0;
    slots[0].i32++;
    if (!has_caller && wrl_engine_supports(wrl_store_engine(store), WRL_FEATURE_CALLER_EXPORTS)) {
        return nullptr; /* The host made the call. */
    }
    EXPECT_EQ(wrl_caller_get_export(caller, "run", &item), has_caller);
    EXPECT_EQ(wrl_caller_get_func(caller, "run", &func), has_caller);
    if (wrl_caller_get_memory(caller, "m", &memory)) {
        uint32_t word = 1;
        EXPECT_OK(wrl_memory_write(store, memory, 4, &word, sizeof word));
    }
    return nullptr;
}

wrl_error_t *host_values(void *, wrl_caller_t *, const wrl_val_t *args, size_t, wrl_val_t *results, size_t)
{
    results[0] = args[0];
    return nullptr;
}

class World : public Guest {
  public:
    using Guest::Guest;

    void do_all()
    {
        do_modules();
        do_items();
        do_references();
        do_plain_guest();
        do_host_functions();
        do_table_guest();
        do_reference_guest();
    }

  private:
    bool load(const char *wat)
    {
        instance = {0, 0};
        return can(compile(std::string(wat))) && can(instantiate());
    }

    void do_modules()
    {
        wrl_bytes_t wasm;
        ASSERT_OK(wrl_wat_to_wasm(plain_guest, sizeof plain_guest - 1, &wasm));
        Compiled compiled;
        if (can(wrl_module_new_async(engine, wasm.data, wasm.size, nullptr, Compiled::done, &compiled))) {
            compiled.wait();
            can(compiled.take_error());
        }
        Compiled::wait_for_idle();
        wrl_bytes_delete(&wasm);
        wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
        config.backend = wrl_engine_backend_name(engine);
        config.stack_size = 65536;
        wrl_engine_t *other = nullptr;
        can(wrl_engine_new(&config, &other));
        wrl_engine_release(other);
    }

    void do_global(wrl_valkind_t kind)
    {
        wrl_globaltype_t type = WRL_GLOBALTYPE(kind, true);
        wrl_val_t value = {};
        value.kind = kind;
        wrl_global_t global;
        if (can(wrl_global_new(store, &type, &value, &global))) {
            can(wrl_global_get(store, global, &value));
            can(wrl_global_set(store, global, &value));
            EXPECT_EQ(wrl_global_type(store, global).content.kind, kind);
        }
    }

    void do_memory(wrl_memory_t memory)
    {
        uint64_t pages;
        char bytes[8] = "";
        EXPECT_OK(wrl_memory_write(store, memory, 3, "abc", 4));
        EXPECT_OK(wrl_memory_read(store, memory, 3, bytes, 4));
        EXPECT_STREQ(bytes, "abc");
        EXPECT_EQ(wrl_memory_size(store, memory), 1u);
        can(wrl_memory_grow(store, memory, 1, &pages));
        EXPECT_GE(wrl_memory_data_size(store, memory), 65536u);
    }

    void do_table(wrl_table_t table, const wrl_val_t &null)
    {
        uint64_t size;
        wrl_val_t value;
        EXPECT_EQ(wrl_table_size(store, table), 2u);
        EXPECT_EQ(wrl_table_type(store, table).element.kind, null.kind);
        if (can(wrl_table_get(store, table, 0, &value))) {
            can(wrl_table_set(store, table, 1, &value));
            release(value);
        }
        can(wrl_table_set(store, table, 1, &null));
        can(wrl_table_grow(store, table, 1, &null, &size));
    }

    void do_items()
    {
        for (int kind = WRL_VALKIND_I32; kind <= WRL_VALKIND_EXTERNREF; kind++) {
            do_global(static_cast<wrl_valkind_t>(kind));
        }
        wrl_memorytype_t memory_type = WRL_MEMORYTYPE(1, 3);
        wrl_memory_t memory;
        if (can(wrl_memory_new(store, &memory_type, &memory))) {
            do_memory(memory);
        }
        for (wrl_valkind_t kind : {WRL_VALKIND_FUNCREF, WRL_VALKIND_EXTERNREF}) {
            wrl_tabletype_t type = WRL_TABLETYPE(kind, 2, 5);
            wrl_val_t null = {};
            null.kind = kind;
            wrl_table_t table;
            if (can(wrl_table_new(store, &type, &null, &table))) {
                do_table(table, null);
            }
        }
    }

    void do_references()
    {
        wrl_externref_t externref;
        if (can(wrl_externref_new(store, this, nullptr, &externref))) {
            EXPECT_EQ(wrl_externref_data(store, externref), this);
        }
    }

    void release(const wrl_val_t &value)
    {
        if (value.kind == WRL_VALKIND_REF && value.of.ref.store_id) {
            EXPECT_EQ(wrl_ref_type(store, value.of.ref).kind, WRL_VALKIND_REF);
            can(wrl_ref_release(store, value.of.ref));
        }
    }

    /* Calls the export with nulls and with the program's values. */
    void call(const char *name, std::vector<wrl_val_t> args, size_t result_count)
    {
        wrl_func_t func;
        if (!wrl_instance_get_func(store, instance, name, &func)) {
            return;
        }
        wrl_val_t result = {};
        if (can(wrl_func_call(store, func, args.data(), args.size(), &result, result_count)) && result_count) {
            if (result.kind == WRL_VALKIND_FUNCREF && !wrl_func_is_null(result.of.func)) {
                EXPECT_OK(wrl_extern_check(store, wrl_extern_from_func(result.of.func)));
            }
            release(result);
        }
        wrl_raw_t slots[2] = {};
        for (size_t i = 0; i < args.size(); i++) {
            memcpy(&slots[i], &args[i].of, sizeof slots[i]);
        }
        can(wrl_func_call_raw(store, func, slots, 2));
    }

    void do_exports()
    {
        wrl_exporttype_t type;
        for (size_t i = 0; wrl_module_export(module, i, &type); i++) {
            wrl_extern_t item;
            if (wrl_instance_get_export(store, instance, type.name, &item)) {
                EXPECT_EQ(wrl_extern_type(store, item).kind, type.type.kind);
                can(wrl_imports_define(imports, "exported", type.name, item));
                use(item);
            }
        }
    }

    void use(const wrl_extern_t &item)
    {
        wrl_val_t value;
        if (item.kind == WRL_EXTERN_TABLE) {
            wrl_tabletype_t type = wrl_table_type(store, item.of.table);
            wrl_val_t null = {};
            null.kind = type.element.kind;
            do_table(item.of.table, null);
        } else if (item.kind == WRL_EXTERN_MEMORY) {
            do_memory(item.of.memory);
        } else if (item.kind == WRL_EXTERN_GLOBAL && can(wrl_global_get(store, item.of.global, &value))) {
            can(wrl_global_set(store, item.of.global, &value));
            release(value);
        }
    }

    void do_plain_guest()
    {
        if (load(plain_guest)) {
            do_exports();
            wrl_val_t seven = WRL_I32(7);
            call("id", {seven}, 1);
        }
    }

    void do_host_functions()
    {
        const wrl_valtype_t i32[] = {WRL_TYPE_I32};
        const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_IN(i32), WRL_TYPES_IN(i32));
        wrl_func_t raw, values;
        if (!can(wrl_func_new_raw(store, &type, host_raw, nullptr, nullptr, &raw)) ||
            !can(wrl_func_new(store, &type, host_values, nullptr, nullptr, &values))) {
            return;
        }
        for (wrl_func_t func : {raw, values}) {
            wrl_val_t arg = WRL_I32(1), result;
            can(wrl_func_call(store, func, &arg, 1, &result, 1));
            wrl_imports_t *again = nullptr;
            ASSERT_OK(wrl_imports_new(&again));
            std::swap(imports, again);
            ASSERT_OK(wrl_imports_define(imports, "h", "f", wrl_extern_from_func(func)));
            if (load(host_guest)) {
                call("run", {arg}, 1);
            }
            std::swap(imports, again);
            wrl_imports_delete(again);
        }
    }

    void do_table_guest()
    {
        if (!load(table_guest)) {
            return;
        }
        do_exports();
        wrl_val_t func = WRL_NULL_FUNCREF, externref = WRL_NULL_EXTERNREF;
        call("first", {}, 1);
        call("f", {func}, 1);
        call("e", {externref}, 1);
        if (can(wrl_externref_new(store, this, nullptr, &externref.of.externref))) {
            call("e", {externref}, 1);
        }
    }

    void do_reference_guest()
    {
        Outcome outcome(compile(std::string(reference_guest)));
        /* Most engines do not support these types. */
        if (!outcome.ok || !can(instantiate())) {
            return;
        }
        do_exports();
        wrl_val_t null = {};
        null.kind = WRL_VALKIND_REF;
        call("a", {null}, 1);
        call("s", {}, 1);
    }
};

/* The library keeps descriptions and names, so they are never freed. */
struct Lacking {
    std::string name;
    wrl_backend_t description;
};

const wrl_backend_t *offered;

/* Each registration needs a distinct open function. */
template <size_t N> const wrl_backend_t *open_numbered(uint32_t)
{
    static const wrl_backend_t *own = offered;
    return own;
}

template <size_t... N> wrl_backend_open_t opener(size_t number, std::index_sequence<N...>)
{
    static const wrl_backend_open_t openers[] = {open_numbered<N>...};
    return openers[number];
}

constexpr size_t most = 3 * 2 * (sizeof functions / sizeof functions[0]);

/* Returns whether the message names the function, or a later one if those are missing as well. */
bool is_named(const std::string &words, const Function &function, bool cut)
{
    for (const Function &other : functions) {
        bool lacks = cut ? other.offset >= function.offset : other.offset == function.offset;
        if (lacks && words.find(other.name) != std::string::npos) {
            return true;
        }
    }
    return false;
}

/* Registers a copy of the backend without the function and uses it in every way. Returns whether the registration was
 * refused. */
bool do_without(const wrl_backend_t *backend, const Function &function, bool cut)
{
    static std::list<Lacking> all;
    static size_t number;
    all.push_back({"lacking_" + std::to_string(number), *backend});
    Lacking &lacking = all.back();
    lacking.description.name = lacking.name.c_str();
    if (cut) {
        lacking.description.size = function.offset;
    } else {
        memset(reinterpret_cast<char *>(&lacking.description) + function.offset, 0, sizeof(void (*)(void)));
    }
    offered = &lacking.description;
    EXPECT_LT(number, most);
    Outcome outcome(wrl_backend_register(opener(number++, std::make_index_sequence<most>())));
    if (!outcome.ok) {
        EXPECT_EQ(outcome.kind, WRL_ERROR_INVALID_ARGUMENT);
        EXPECT_TRUE(is_named(outcome.message, function, cut)) << outcome.message;
        return true;
    }
    World(lacking.name.c_str()).do_all();
    return false;
}

void do_without_each(const wrl_backend_t *backend, size_t least_refused)
{
    ASSERT_NE(backend, nullptr);
    size_t refused = 0;
    for (const Function &function : functions) {
        for (bool cut : {false, true}) {
            SCOPED_TRACE(std::string(backend->name) + " without " + function.name + (cut ? " and what follows" : ""));
            refused += do_without(backend, function, cut);
        }
    }
    EXPECT_GE(refused, least_refused);
    EXPECT_LT(refused, 2 * (sizeof functions / sizeof functions[0]));
}

} // namespace

#ifdef WRL_UNIT_WAT

TEST(Lacking, Null)
{
    do_without_each(wrl_backend_null(WRL_BACKEND_ABI), 17);
}

#ifdef WRL_UNIT_WASMI
TEST(Lacking, Wasmi)
{
    do_without_each(wrl_backend_wasmi(WRL_BACKEND_ABI), 17);
}
#endif

#ifdef WRL_UNIT_WASMTIME
TEST(Lacking, Wasmtime)
{
    /* The object stays loaded, like the library's own copy. */
    void *object = dlopen(WRL_UNIT_WASMTIME, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    ASSERT_NE(object, nullptr) << dlerror();
    wrl_backend_open_t open = nullptr;
    *reinterpret_cast<void **>(&open) = dlsym(object, "wrl_backend_wasmtime");
    ASSERT_NE(open, nullptr);
    do_without_each(open(WRL_BACKEND_ABI), 17);
}
#endif

#endif
