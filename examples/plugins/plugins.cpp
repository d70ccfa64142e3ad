/*
 * The same as plugins.c in C++. All objects of a plug-in are deleted at the end of a block, even after an exception,
 * and one handler reports all errors.
 *
 * A plug-in is a file NAME.wasm or NAME.wat. It exports a function "run" of type () -> (i32). It may import from
 * "host":
 *
 *     say(address: i32, size: i32)       takes a text in the plug-in's memory, which it exports as "memory"
 *     option(number: i32) -> (i32)       returns a setting; an unknown number is an error
 *
 * Memories and tables must declare a maximum. The host adds up the maxima before it makes an instance, so no plug-in
 * can exceed the limits below. Time is not limited: a plug-in that never returns blocks this program for ever.
 *
 *     c++ -std=c++17 -I$PREFIX/include plugins.cpp -L$PREFIX/lib -lwrl -Wl,-rpath,$PREFIX/lib -o plugins_cpp
 *     ./plugins_cpp samples
 *
 * PREFIX is where the layer is installed. `./plugins_cpp FOLDER BACKEND` selects the engine.
 */
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>
#include <wrl.hpp>

namespace {

namespace fs = std::filesystem;

/* The limits of each plug-in. */
constexpr size_t max_file_size = size_t{4} << 20;
constexpr uint64_t max_memory = uint64_t{16} << 20;
constexpr uint64_t max_elements = 10000;
constexpr uint32_t max_said = 60;

constexpr std::array<int32_t, 2> options = {40, 2};

/* The output of a plug-in. */
struct Outcome {
    int32_t result = 0;
    std::string said;
};

/* Defines the host functions. The store borrows `outcome`, which must outlive the store. */
void define_host(wrl::StoreRef store, wrl::Imports &imports, Outcome &outcome)
{
    auto say = [&outcome](wrl::Caller &caller, uint32_t address, uint32_t size) {
        if (size > max_said) {
            throw std::length_error("say: at most " + std::to_string(max_said) + " bytes, not " + std::to_string(size));
        }
        outcome.said = caller.get_memory("memory").value().read_string(address, size).value();
    };
    auto option = [](uint32_t number) {
        if (number >= options.size()) {
            throw std::out_of_range("option: there is no number " + std::to_string(number));
        }
        return options[number];
    };
    imports.define_func(store, "host", "say", say).value();
    imports.define_func(store, "host", "option", option).value();
}

/* Checks the declared maxima, which is enough because the engine enforces them. */
void check_limits(const wrl::Module &module)
{
    uint64_t bytes_left = max_memory;
    for (size_t i = 0; i < module.index_space_size(WRL_EXTERN_MEMORY); i++) {
        wrl::MemoryType memory = module.index_space_type(WRL_EXTERN_MEMORY, i)->memory();
        /* WRL_NO_MAX, the value of a memory without a maximum, exceeds every limit. */
        if (memory.max > bytes_left >> memory.page_size_log2) {
            throw std::length_error("its memory may grow to more than " + std::to_string(max_memory) + " bytes");
        }
        bytes_left -= memory.max << memory.page_size_log2;
    }
    uint64_t elements_left = max_elements;
    for (size_t i = 0; i < module.index_space_size(WRL_EXTERN_TABLE); i++) {
        wrl::TableType table = module.index_space_type(WRL_EXTERN_TABLE, i)->table();
        if (table.max > elements_left) {
            throw std::length_error("its table may grow to more than " + std::to_string(max_elements) + " elements");
        }
        elements_left -= table.max;
    }
}

/* Checks that the entry exists, is a function, and has the right type, before any code of the module runs. */
void check_entry(const wrl::Module &module)
{
    auto entry = module.get_export("run");
    if (!entry) {
        throw std::invalid_argument("it has no export \"run\"");
    }
    const wrl::ExternType &type = entry->type;
    if (type.kind() != WRL_EXTERN_FUNC || type.func() != wrl::FuncType::of<int32_t()>()) {
        throw std::invalid_argument(std::string("its export \"run\" is not a function () -> (i32), but a ") +
                                    wrl_externkind_name(type.kind()) + " " + type.to_string());
    }
}

std::string read_file(const fs::path &path)
{
    std::error_code unused;
    if (!fs::is_regular_file(path, unused)) {
        throw std::runtime_error("it is not a file that can be read");
    }
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw std::runtime_error("it cannot be opened");
    }
    std::string bytes(max_file_size + 1, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (file.bad()) {
        throw std::runtime_error("it cannot be read");
    }
    bytes.resize(static_cast<size_t>(file.gcount()));
    if (bytes.size() > max_file_size) {
        throw std::length_error("it has more than " + std::to_string(max_file_size) + " bytes");
    }
    return bytes;
}

wrl::Module load(const wrl::Engine &engine, const fs::path &path)
{
    std::string bytes = read_file(path);
    if (path.extension() == ".wat") {
        return wrl::Module::make(engine, wrl::wat_to_wasm(bytes).value()).value();
    }
    return wrl::Module::make(engine, bytes).value();
}

/* Runs a plug-in in its own store, which is deleted afterwards. No other plug-in can see its effects. */
Outcome run_plugin(const wrl::Engine &engine, const fs::path &path)
{
    wrl::Module module = load(engine, path);
    check_limits(module);
    check_entry(module);
    Outcome outcome;
    wrl::Store store = wrl::Store::make(engine).value();
    wrl::Imports imports = wrl::Imports::make().value();
    define_host(store, imports, outcome);
    wrl::Instance instance = wrl::Instance::make(store, module, imports).value();
    outcome.result = instance.get_func<int32_t()>("run").value()().value();
    return outcome;
}

/* Replaces control characters. File names and texts of plug-ins are untrusted and must not control the terminal. */
std::string plain(std::string text)
{
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return text;
}

/* Runs one plug-in and prints its line. Returns whether it succeeded. */
bool run_and_report(const wrl::Engine &engine, const fs::path &path)
{
    std::string line = plain(path.filename().string()) + ": ";
    bool good = false;
    try {
        Outcome outcome = run_plugin(engine, path);
        line += std::to_string(outcome.result);
        line += outcome.said.empty() ? "" : ", and says: " + plain(outcome.said);
        good = true;
    } catch (const std::exception &error) {
        line += error.what();
    }
    std::printf("%s\n", line.c_str());
    return good;
}

std::vector<fs::path> list_plugins(const std::string &folder)
{
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    if (error) {
        throw std::runtime_error("the folder " + folder + " cannot be read");
    }
    std::vector<fs::path> found;
    for (const fs::directory_entry &entry : entries) {
        if (entry.path().extension() == ".wasm" || entry.path().extension() == ".wat") {
            found.push_back(entry.path());
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

void run_folder(const char *folder, const char *backend)
{
    wrl::Engine engine = wrl::Engine::make(backend).value();
    std::vector<fs::path> plugins = list_plugins(folder);
    auto good = std::count_if(plugins.begin(), plugins.end(),
                              [&engine](const fs::path &path) { return run_and_report(engine, path); });
    auto count = static_cast<std::ptrdiff_t>(plugins.size());
    std::printf("%td plug-ins: %td good, %td bad\n", count, good, count - good);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: plugins FOLDER [BACKEND]\n");
        return 2;
    }
    try {
        run_folder(argv[1], argc > 2 ? argv[2] : nullptr);
        return 0;
    } catch (const std::exception &error) {
        std::fprintf(stderr, "plugins: %s\n", error.what());
        return 1;
    }
}
