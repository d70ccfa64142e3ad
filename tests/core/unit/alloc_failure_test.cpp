/*
 * Runs a scenario that uses every part of the core again and again. In the nth run the nth allocation fails. Each step
 * must either succeed or return an error; everything made is deleted; finalizers run exactly once. The sanitizers
 * detect leaks, and tests/core/unit/alloc_sites.py finds allocations that no failure has reached.
 */
#include "alloc_sites.h"
#include "compiled.h"
#include "fake_backend.h"
#include "guest.h"

#include <cstring>
#include <memory>
#include <vector>

namespace {

size_t asked;    /* Number of allocations so far. */
size_t fail_at;  /* The number of the allocation that fails, from 1; 0 for none. */
bool fail_after; /* Whether all later allocations fail as well. */
size_t failed;   /* Number of failed allocations. */

bool fail_nth(size_t)
{
    asked++;
    bool fails = fail_at && (asked == fail_at || (fail_after && asked > fail_at));
    failed += fails;
    if (fails) {
        alloc_site_failed();
    }
    return !fails;
}

/* Payloads with finalizers. Each must be finalized once, whether the call that took it succeeded or not. */
class Finalized {
  public:
    void *next()
    {
        counts.push_back(std::make_unique<int>(0));
        return counts.back().get();
    }
    static void finalize(void *data)
    {
        ++*static_cast<int *>(data);
    }
    size_t size() const
    {
        return counts.size();
    }
    void check() const
    {
        for (size_t i = 0; i < counts.size(); i++) {
            EXPECT_EQ(*counts[i], 1) << "number " << i << " of " << counts.size() << ", failing at " << fail_at;
        }
    }

  private:
    std::vector<std::unique_ptr<int>> counts;
};

const wrl_valtype_t i32_type[] = {WRL_TYPE_I32};
const wrl_functype_t i32_to_i32 = WRL_FUNCTYPE(WRL_TYPES_IN(i32_type), WRL_TYPES_IN(i32_type));

wrl_error_t *tagged(void *, wrl_caller_t *, const wrl_val_t *args, size_t, wrl_val_t *results, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        results[i] = args[i];
    }
    return nullptr;
}

wrl_error_t *raw(void *, wrl_caller_t *, wrl_raw_t *)
{
    return nullptr;
}

wrl_error_t *failing(void *env, wrl_caller_t *, wrl_raw_t *)
{
    Finalized *all = static_cast<Finalized *>(env);
    return wrl_error_new_with_data(WRL_ERROR_HOST, "with data", all->next(), Finalized::finalize);
}

/*
 * Imports env.f (i32) -> (i32) and env.m. Exports one extern of each kind (a tag only with `with_tag`), and has names
 * and a custom section. "func" returns a function that is not exported, "trap" traps, "call" calls env.f.
 */
Bytes scenario_module(bool with_tag)
{
    std::vector<Bytes> exports{Bytes().text("func").add({0, 1}),     Bytes().text("table").add({1, 1}),
                               Bytes().text("memory").add({2, 1}),   Bytes().text("global").add({3, 0}),
                               Bytes().text("imported").add({0, 0}), Bytes().text("trap").add({0, 3}),
                               Bytes().text("call").add({0, 4})};
    if (with_tag) {
        exports.push_back(Bytes().text("tag").add({4, 0}));
    }
    return module({
        custom("notes", Bytes().raw("some notes")),
        section(1, Bytes{3, 0x60, 1, 0x7F, 1, 0x7F, 0x60, 0, 1, 0x70, 0x60, 0, 0}),
        section(2, Bytes{2}.text("env").text("f").add({0, 0}).text("env").text("m").add({2, 0, 1})),
        section(3, Bytes{4, 1, 0, 2, 2}),
        section(4, Bytes{2, 0x70, 0, 2, 0x6F, 1, 1, 8}),
        section(5, Bytes{1, 1, 1, 4}),
        with_tag ? section(13, Bytes{1, 0, 2}) : custom("no tag", Bytes()),
        section(6, Bytes{1, 0x7E, 1, 0x42, 1, 0x0B}),
        section(7, exports),
        section(9, Bytes{1, 0, 0x41, 0, 0x0B, 1, 2}),
        section(10, Bytes{4, 6, 0,    0x41, 0, 0x25, 0,    0x0B, 4,    0, 0x20, 0,   0x0B,
                          3, 0, 0x00, 0x0B, 7, 0,    0x41, 1,    0x10, 0, 0x1A, 0x0B}),
        custom("name",
               Bytes().add(subsection(0, Bytes().text("scenario"))).add(subsection(1, Bytes({1, 1}).text("run")))),
    });
}

const size_t WIDE = 20;

/* "make" returns an i31, "pick" takes many references and returns the first, "give" converts a reference to an
 * externref. */
Bytes references_module()
{
    const std::string wide(WIDE, 0x6E);
    return module({
        section(1, Bytes{3, 0x60, 0, 1, 0x64, 0x6C, 0x60, static_cast<int>(WIDE)}.raw(wide).add(
                       {1, 0x6E, 0x60, 1, 0x6E, 1, 0x6F})),
        section(3, Bytes{3, 0, 1, 2}),
        section(7,
                {Bytes().text("make").add({0, 0}), Bytes().text("pick").add({0, 1}), Bytes().text("give").add({0, 2})}),
        section(10, Bytes{3, 6, 0, 0x41, 5, 0xFB, 0x1C, 0x0B, 4, 0, 0x20, 0, 0x0B, 6, 0, 0x20, 0, 0xFB, 0x1B, 0x0B}),
    });
}

/* The scenario. A step does what the results of the earlier steps allow. */
class Scenario {
  public:
    Scenario(const std::string &backend, Finalized &finalized) : backend_(backend), finalized_(finalized)
    {
    }

    void run()
    {
        make();
        host_call_with_many_values();
        compile_async();
        if (engine_ && store_ && module_ && imports_) {
            host_functions();
            items();
            link_errors();
            imported_start();
            instance();
            calls();
            if (wrl_engine_supports(engine_, WRL_FEATURE_GC_REFERENCES)) {
                references();
            }
            errors();
            text();
        }
        wrl_imports_delete(imports_);
        wrl_store_delete(store_);
        wrl_module_release(module_);
        wrl_engine_release(engine_);
    }

    size_t steps = 0;
    size_t errors_seen = 0;

  private:
    /* Returns whether a step succeeded. If not, the error must be about memory. */
    bool ok(wrl_error_t *error)
    {
        steps++;
        if (!error) {
            return true;
        }
        errors_seen++;
        /* A backend returns RESOURCE_LIMIT for a memory or table that it cannot allocate. */
        EXPECT_TRUE(wrl_error_kind(error) == WRL_ERROR_OUT_OF_MEMORY ||
                    wrl_error_kind(error) == WRL_ERROR_RESOURCE_LIMIT)
            << wrl_error_message(error) << ", failing at " << fail_at;
        EXPECT_GT(failed, 0u) << wrl_error_message(error);
        wrl_error_delete(error);
        return false;
    }

    /* Checks a step that must fail, for its own reason or because memory is out. */
    void wrong(wrl_error_t *error, wrl_error_kind_t kind)
    {
        steps++;
        ASSERT_NE(error, nullptr) << "failing at " << fail_at;
        if (wrl_error_kind(error) != kind) {
            EXPECT_EQ(wrl_error_kind(error), WRL_ERROR_OUT_OF_MEMORY) << wrl_error_message(error);
            EXPECT_GT(failed, 0u);
            errors_seen++;
        }
        wrl_error_delete(error);
    }

    void make()
    {
        wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
        config.backend = backend_.c_str();
        Bytes bytes = scenario_module(backend_ != "wasmi"); /* wasmi does not support tags. */
        if (!ok(wrl_engine_new(&config, &engine_))) {
            EXPECT_EQ(engine_, nullptr);
            return;
        }
        if (!ok(wrl_module_new(engine_, bytes.data(), bytes.size(), nullptr, &module_))) {
            EXPECT_EQ(module_, nullptr);
        }
        const wrl_store_config_t store_config = {sizeof store_config, finalized_.next(), Finalized::finalize};
        if (!ok(wrl_store_new(engine_, &store_config, &store_))) {
            EXPECT_EQ(store_, nullptr);
        }
        if (!ok(wrl_imports_new(&imports_))) {
            EXPECT_EQ(imports_, nullptr);
        }
        if (store_) {
            ok(wrl_store_set_data(store_, finalized_.next(), Finalized::finalize));
        }
    }

    /* On another thread, or when the test tells the double to finish. */
    void compile_async()
    {
        Bytes bytes = scenario_module(backend_ != "wasmi");
        Compiled compiled;
        if (engine_ &&
            ok(wrl_module_new_async(engine_, bytes.data(), bytes.size(), nullptr, Compiled::done, &compiled))) {
            compiled.wait();
            EXPECT_EQ(ok(compiled.take_error()), compiled.module != nullptr);
        }
        Compiled::wait_for_idle();
    }

    /* In a store without a buffer for values yet. */
    void host_call_with_many_values()
    {
        wrl_store_t *store = nullptr;
        wrl_func_t func;
        std::vector<wrl_raw_t> slots(40);
        const wrl_functype_t many = WRL_FUNCTYPE(WRL_TYPES_N(wide_type_, 40), WRL_TYPES_N(wide_type_, 40));
        if (engine_ && ok(wrl_store_new(engine_, nullptr, &store)) &&
            ok(wrl_func_new(store, &many, tagged, nullptr, nullptr, &func))) {
            ok(wrl_func_call_raw(store, func, slots.data(), slots.size()));
        }
        wrl_store_delete(store);
    }

    void host_functions()
    {
        const wrl_valtype_t *wide = wide_type_;
        wrl_functype_t many = WRL_FUNCTYPE(WRL_TYPES_N(wide, 40), WRL_TYPES_N(wide, 40));
        many.name = "a name";
        ok(wrl_func_new(store_, &i32_to_i32, tagged, finalized_.next(), Finalized::finalize, &tagged_));
        ok(wrl_func_new_raw(store_, &i32_to_i32, raw, finalized_.next(), Finalized::finalize, &raw_));
        ok(wrl_func_new(store_, &many, tagged, finalized_.next(), Finalized::finalize, &wide_));
        ok(wrl_func_new_raw(store_, &many, raw, finalized_.next(), Finalized::finalize, &wide_raw_));
        ok(wrl_func_new_raw(store_, &i32_to_i32, failing, &finalized_, nullptr, &failing_));
        ok(wrl_func_new_raw(store_, &i32_to_i32, asking, nullptr, nullptr, &asking_));
        ok(wrl_func_new_raw(store_, &many, nested, this, nullptr, &nested_));
        if (!wrl_func_is_null(asking_)) {
            ok(wrl_imports_define(imports_, "env", "f", wrl_extern_from_func(asking_)));
        }
    }

    void items()
    {
        const wrl_memorytype_t memory_type = WRL_MEMORYTYPE(1, 3);
        const wrl_globaltype_t global_type = WRL_GLOBALTYPE(WRL_VALKIND_EXTERNREF, true);
        const wrl_tabletype_t table_type = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 3, WRL_NO_MAX);
        wrl_memory_t memory;
        if (ok(wrl_memory_new(store_, &memory_type, &memory))) {
            const wrl_named_extern_t items[] = {{"m", wrl_extern_from_memory(memory)},
                                                {"unused", wrl_extern_from_memory(memory)}};
            ok(wrl_imports_define_module(imports_, "env", items, 2));
            char bytes[10] = "bytes";
            if (ok(wrl_memory_grow(store_, memory, 1, nullptr))) {
                ok(wrl_memory_write(store_, memory, 65530, bytes, sizeof bytes));
            }
        }
        if (wrl_engine_supports(engine_, WRL_FEATURE_THREADS)) {
            wrl_memorytype_t shared_type = WRL_MEMORYTYPE(1, 2);
            shared_type.is_shared = true;
            ok(wrl_memory_new(store_, &shared_type, &memory));
        }
        wrl_externref_t externref = wrl_externref_null();
        ok(wrl_externref_new(store_, finalized_.next(), Finalized::finalize, &externref));
        for (int i = 0; i < 100; i++) {
            wrl_externref_t more;
            ok(wrl_externref_new(store_, finalized_.next(), Finalized::finalize, &more));
        }
        wrl_global_t global;
        wrl_val_t value = WRL_EXTERNREF(externref);
        if (ok(wrl_global_new(store_, &global_type, &value, &global))) {
            ok(wrl_global_get(store_, global, &value));
            EXPECT_EQ(value.of.externref.index, externref.index);
        }
        wrl_table_t table;
        value = WRL_FUNCREF(raw_);
        if (ok(wrl_table_new(store_, &table_type, &value, &table))) {
            ok(wrl_table_grow(store_, table, 5, &value, nullptr));
            ok(wrl_table_get(store_, table, 1, &value));
            EXPECT_EQ(value.of.func.index, raw_.index);
        }
    }

    void link_errors()
    {
        wrl_imports_t *wrong_imports;
        wrl_instance_t none;
        if (!ok(wrl_imports_new(&wrong_imports))) {
            return;
        }
        wrong(wrl_instance_new(store_, module_, wrong_imports, nullptr, &none), WRL_ERROR_LINK);
        if (!wrl_func_is_null(wide_) &&
            ok(wrl_imports_define(wrong_imports, "env", "f", wrl_extern_from_func(wide_)))) {
            wrong(wrl_instance_new(store_, module_, wrong_imports, nullptr, &none), WRL_ERROR_LINK);
        }
        EXPECT_EQ(none.store_id, 0u);
        wrl_imports_delete(wrong_imports);
    }

    /* If the imports could not be defined, the instance cannot be made. */
    void instance()
    {
        if (!wrl_imports_get(imports_, "env", "f", nullptr) || !wrl_imports_get(imports_, "env", "m", nullptr)) {
            wrong(wrl_instance_new(store_, module_, imports_, nullptr, &instance_), WRL_ERROR_LINK);
        } else if (ok(wrl_instance_new(store_, module_, imports_, nullptr, &instance_))) {
            exports();
            call_guest();
            return;
        }
        EXPECT_EQ(instance_.store_id, 0u);
    }

    /* The start function is an import, which the layer calls itself. */
    void imported_start()
    {
        const Bytes bytes = module({section(1, Bytes{1, 0x60, 0, 0}),
                                    section(2, Bytes{1}.text("env").text("s").add({0, 0})), section(8, Bytes{0})});
        const wrl_functype_t nothing = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
        wrl_func_t func;
        wrl_module_t *starting = nullptr;
        wrl_instance_t none;
        if (ok(wrl_func_new_raw(store_, &nothing, raw, finalized_.next(), Finalized::finalize, &func)) &&
            ok(wrl_imports_define(imports_, "env", "s", wrl_extern_from_func(func))) &&
            ok(wrl_module_new(engine_, bytes.data(), bytes.size(), nullptr, &starting))) {
            ok(wrl_instance_new(store_, starting, imports_, nullptr, &none));
        }
        wrl_module_release(starting);
    }

    void exports()
    {
        size_t count = wrl_instance_export_count(store_, instance_);
        for (size_t i = 0; i < count; i++) {
            wrl_export_t item;
            ok(wrl_instance_export(store_, instance_, i, &item));
        }
        ok(wrl_imports_define_instance(imports_, "again", store_, instance_));
        wrl_extern_t item;
        EXPECT_FALSE(wrl_instance_get_export(store_, instance_, "funk", &item));
        wrl_memory_t memory;
        EXPECT_FALSE(wrl_instance_get_memory(store_, instance_, "func", &memory));
    }

    /* The guest function returns a reference to a function that only the backend knows, so that the layer asks for its
     * type. The test sets what the double's guest functions do; other backends run the module's code. */
    void call_guest()
    {
        wrl_func_t func;
        if (!wrl_instance_get_func(store_, instance_, "func", &func)) {
            return;
        }
        Double::guest = [](void *store, const wrl_functype_t *, wrl_raw_t *slots) -> wrl_error_t * {
            static wrl_host_func_t host = {nullptr, &i32_to_i32};
            wrl_backend_ref_t ref;
            wrl_error_t *error = wrl_backend_null(WRL_BACKEND_ABI)->func_new(store, &host, &ref);
            if (!error) {
                memcpy(slots[0].words, ref.words, sizeof ref.words);
            }
            return error;
        };
        wrl_val_t result = WRL_NULL_FUNCREF;
        if (ok(wrl_func_call(store_, func, nullptr, 0, &result, 1))) {
            EXPECT_FALSE(wrl_func_is_null(result.of.func));
            EXPECT_EQ(wrl_func_type(store_, result.of.func).param_count, 1u);
        }
        exports_of_caller();
        Double::guest = [](void *, const wrl_functype_t *, wrl_raw_t *) {
            return wrl_error_new_trap(WRL_TRAP_UNREACHABLE, nullptr);
        };
        if (wrl_instance_get_func(store_, instance_, "trap", &func)) {
            wrong(wrl_func_call(store_, func, nullptr, 0, nullptr, 0), WRL_ERROR_TRAP);
        }
    }

    /* A host function looks up its caller's exports. */
    void exports_of_caller()
    {
        wrl_func_t func;
        if (backend_ != "double") {
            if (wrl_instance_get_func(store_, instance_, "call", &func)) {
                ok(wrl_func_call(store_, func, nullptr, 0, nullptr, 0));
            }
            return;
        }
        Double::caller = [](uint64_t *key, wrl_backend_ref_t *instance) {
            *key = Double::key;
            *instance = Double::instance;
            return true;
        };
        wrl_raw_t slot{};
        ok(wrl_func_call_raw(store_, asking_, &slot, 1));
    }

    /* Looks up an export in a host function and continues. */
    static wrl_error_t *asking(void *, wrl_caller_t *caller, wrl_raw_t *)
    {
        wrl_extern_t item;
        bool found = wrl_caller_get_export(caller, "imported", &item);
        EXPECT_TRUE(found || failed > 0);
        EXPECT_EQ(item.kind, found ? WRL_EXTERN_FUNC : WRL_EXTERN_NONE);
        return nullptr;
    }

    /* A nested call, while the outer call's values are in the buffer. */
    static wrl_error_t *nested(void *env, wrl_caller_t *, wrl_raw_t *)
    {
        static_cast<Scenario *>(env)->call_guest();
        return nullptr;
    }

    void calls()
    {
        std::vector<wrl_val_t> args(40, WRL_I32(3)), results(40);
        std::vector<wrl_raw_t> slots(40);
        if (!wrl_func_is_null(nested_) && instance_.store_id) {
            ok(wrl_func_call(store_, nested_, args.data(), 40, results.data(), 40));
        }
        if (!wrl_func_is_null(wide_)) {
            ok(wrl_func_call(store_, wide_, args.data(), 40, results.data(), 40));
            wrong(wrl_func_call(store_, wide_, args.data(), 39, results.data(), 40), WRL_ERROR_INVALID_ARGUMENT);
        }
        if (!wrl_func_is_null(wide_raw_)) {
            ok(wrl_func_call(store_, wide_raw_, args.data(), 40, results.data(), 40));
            ok(wrl_func_call_raw(store_, wide_raw_, slots.data(), 40));
        }
        if (!wrl_func_is_null(failing_)) {
            wrong(wrl_func_call(store_, failing_, args.data(), 1, results.data(), 1), WRL_ERROR_HOST);
        }
    }

    void references()
    {
        Bytes bytes = references_module();
        wrl_module_t *module;
        wrl_instance_t instance;
        if (ok(wrl_module_new(engine_, bytes.data(), bytes.size(), nullptr, &module))) {
            if (ok(wrl_instance_new(store_, module, nullptr, nullptr, &instance))) {
                pass_references(instance);
            }
            wrl_module_release(module);
        }
    }

    void pass_references(wrl_instance_t instance)
    {
        std::vector<wrl_val_t> refs(WIDE, WRL_NULL_REF);
        wrl_func_t func;
        wrl_val_t result;
        if (wrl_instance_get_func(store_, instance, "make", &func)) {
            for (wrl_val_t &ref : refs) {
                if (!ok(wrl_func_call(store_, func, nullptr, 0, &ref, 1))) {
                    ref = WRL_NULL_REF;
                }
            }
        }
        if (wrl_instance_get_func(store_, instance, "pick", &func) &&
            ok(wrl_func_call(store_, func, refs.data(), refs.size(), &result, 1))) {
            ok(wrl_ref_release(store_, result.of.ref));
        }
        const std::vector<wrl_valtype_t> any(WIDE,
                                             wrl_valtype_t{WRL_VALKIND_REF, WRL_VALTYPE_NULLABLE, 0, WRL_HEAP_ANY});
        const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_N(any.data(), WIDE), WRL_TYPES_N(any.data(), WIDE));
        if (ok(wrl_func_new(store_, &type, tagged, finalized_.next(), Finalized::finalize, &func))) {
            ok(wrl_func_call(store_, func, refs.data(), WIDE, refs.data(), WIDE));
        }
        if (wrl_instance_get_func(store_, instance, "give", &func)) {
            ok(wrl_func_call(store_, func, refs.data(), 1, &result, 1));
        }
    }

    void errors()
    {
        wrong(wrl_error_new_with_data(WRL_ERROR_IO, "data", finalized_.next(), Finalized::finalize), WRL_ERROR_IO);
        wrong(wrl_error_newf(WRL_ERROR_HOST, "%s of %d", "a format", 7), WRL_ERROR_HOST);
        wrl_error_t *error = wrl_error_new_trap(WRL_TRAP_UNREACHABLE, "a trap");
        wrl_frame_t frame = {};
        frame.func_name = frame.module_name = "name";
        frame.func_name_size = frame.module_name_size = 4;
        for (int i = 0; i < 12; i++) {
            wrl__error_add_frame(error, &frame);
        }
        size_t count = wrl_error_frame_count(error);
        for (size_t i = 0; i < count; i++) {
            EXPECT_TRUE(wrl_error_frame(error, i, &frame));
            EXPECT_EQ(frame.func_name_size, frame.func_name ? 4u : 0u);
        }
        wrong(error, WRL_ERROR_TRAP);
        wrl_module_t *broken;
        wrong(wrl_module_new(engine_, "broken", 6, nullptr, &broken), WRL_ERROR_MALFORMED);
        Bytes twice = module({section(5, Bytes{1, 0, 1}), section(7, Bytes{2, 1, 0x61, 2, 0, 1, 0x61, 2, 0})});
        wrong(wrl_module_new(engine_, twice.data(), twice.size(), nullptr, &broken), WRL_ERROR_INVALID);
        wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
        config.backend = "no such backend";
        wrl_engine_t *none;
        wrong(wrl_engine_new(&config, &none), WRL_ERROR_INVALID_ARGUMENT);
        EXPECT_EQ(none, nullptr);
    }

    void text()
    {
#ifdef WRL_UNIT_WAT
        wrl_bytes_t wasm;
        ok(wrl_wat_to_wasm("(module)", 8, &wasm));
        wrl_bytes_delete(&wasm);
        wrong(wrl_wat_to_wasm("(modul)", 7, &wasm), WRL_ERROR_MALFORMED);
#endif
        /* Without memory the length is 0 or the full one, and nothing is written beyond the buffer. */
        wrl_externtype_t type = {};
        type.kind = WRL_EXTERN_FUNC;
        type.of.func = i32_to_i32;
        char buffer[8] = "#######";
        (void)wrl_externtype_print(&type, buffer, 4);
        EXPECT_EQ(buffer[4], '#');
        EXPECT_LT(strlen(buffer), 7u);
    }

    const std::string backend_;
    Finalized &finalized_;
    wrl_engine_t *engine_ = nullptr;
    wrl_module_t *module_ = nullptr;
    wrl_store_t *store_ = nullptr;
    wrl_imports_t *imports_ = nullptr;
    wrl_instance_t instance_ = {0, 0};
    wrl_func_t tagged_ = {0, 0}, raw_ = {0, 0}, wide_ = {0, 0}, wide_raw_ = {0, 0}, failing_ = {0, 0}, asking_ = {0, 0},
               nested_ = {0, 0};
    std::vector<wrl_valtype_t> wide_types_ = std::vector<wrl_valtype_t>(40, wrl_valtype_t WRL_TYPE_I32);
    const wrl_valtype_t *wide_type_ = wide_types_.data();
};

struct Result {
    size_t asked, failed, steps, errors_seen, finalized;
};

Result run_failing_at(const char *backend, size_t number, bool and_after)
{
    Double::enter();
    int engines = Double::engines, modules = Double::modules, stores = Double::stores;
    Finalized finalized;
    Scenario scenario(backend, finalized);
    asked = failed = 0;
    fail_at = number;
    fail_after = and_after;
    wrl__alloc_set_hook(fail_nth);
    scenario.run();
    wrl__alloc_set_hook(nullptr);
    finalized.check();
    EXPECT_EQ(Double::engines, engines) << number;
    EXPECT_EQ(Double::modules, modules) << number;
    EXPECT_EQ(Double::stores, stores) << number;
    return {asked, failed, scenario.steps, scenario.errors_seen, finalized.size()};
}

/* Returns the number of allocations in a second run, which makes no permanent objects such as a loaded backend. */
size_t count_allocations(const char *backend)
{
    run_failing_at(backend, 0, false);
    return run_failing_at(backend, 0, false).asked;
}

class AllocFailure : public ::testing::TestWithParam<const char *> {};

/* A backend that the library does not know yet. */
const wrl_backend_t *open_late(uint32_t)
{
    static const wrl_backend_t backend = null_backend_as("late");
    return &backend;
}

bool fail_always(size_t)
{
    alloc_site_failed();
    return false;
}

} // namespace

TEST_P(AllocFailure, TheScenarioItselfSucceeds)
{
    Result result = run_failing_at(GetParam(), 0, false);
    EXPECT_EQ(result.errors_seen, 0u);
    EXPECT_GT(result.steps, 50u);
    EXPECT_GT(result.asked, 150u);
    EXPECT_GT(result.finalized, 25u);
}

TEST_P(AllocFailure, EachAllocationFailsOnce)
{
    size_t total = count_allocations(GetParam());
    size_t runs_with_errors = 0;
    for (size_t number = 1; number <= total && !HasFailure(); number++) {
        Result result = run_failing_at(GetParam(), number, false);
        EXPECT_EQ(result.failed, 1u) << number;
        runs_with_errors += result.errors_seen > 0;
    }
    /* Most failures cause an error. Other allocations are for messages and names, which are dropped without memory. */
    EXPECT_GT(runs_with_errors * 2, total);
}

TEST_P(AllocFailure, AllAllocationsFailFromOneOn)
{
    size_t total = count_allocations(GetParam());
    for (size_t number = 1; number <= total && !HasFailure(); number++) {
        EXPECT_GE(run_failing_at(GetParam(), number, true).failed, 1u) << number;
    }
}

INSTANTIATE_TEST_SUITE_P(Double, AllocFailure, ::testing::Values("double", "deferred"));
#ifdef WRL_UNIT_WASMI
INSTANTIATE_TEST_SUITE_P(Wasmi, AllocFailure, ::testing::Values("wasmi"));
#endif
#ifdef WRL_UNIT_WASMTIME
INSTANTIATE_TEST_SUITE_P(Wasmtime, AllocFailure, ::testing::Values("wasmtime"));
#endif

TEST(AllocFailureOnce, ABackendIsRegisteredLater)
{
    wrl__alloc_set_hook(fail_always);
    wrl_error_t *error = wrl_backend_register(open_late);
    wrl__alloc_set_hook(nullptr);
    EXPECT_ERROR(error, WRL_ERROR_OUT_OF_MEMORY, "");
    EXPECT_FALSE(wrl_backend_find("late", nullptr));
    EXPECT_OK(wrl_backend_register(open_late));
    EXPECT_TRUE(wrl_backend_find("late", nullptr));
}

/* The list of built-in backends is made at the first use of the library, so the test needs a new process. */
TEST(AllocFailureOnce, TheFirstUseOfTheLibrary)
{
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    auto first_use = [](size_t number) {
        asked = failed = 0;
        fail_at = number;
        fail_after = false;
        wrl__alloc_set_hook(fail_nth);
        wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
        config.backend = "null";
        wrl_engine_t *engine = nullptr;
        wrl_error_t *error = wrl_engine_new(&config, &engine);
        wrl__alloc_set_hook(nullptr);
        bool clean = error ? !engine && wrl_error_kind(error) == WRL_ERROR_OUT_OF_MEMORY : engine != nullptr;
        wrl_error_delete(error);
        wrl_engine_release(engine);
        /* The next use finds all backends. */
        error = wrl_engine_new(&config, &engine);
        clean = clean && !error && wrl_backend_find(nullptr, nullptr);
        wrl_error_delete(error);
        wrl_engine_release(engine);
        std::exit(clean ? failed ? 1 : 2 : 3);
    };
    EXPECT_EXIT(first_use(1), testing::ExitedWithCode(1), "");
    EXPECT_EXIT(first_use(2), testing::ExitedWithCode(1), "");
    EXPECT_EXIT(first_use(3), testing::ExitedWithCode(1), "");
    EXPECT_EXIT(first_use(0), testing::ExitedWithCode(2), "");
}
