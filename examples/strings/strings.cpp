/*
 * The same as strings.c in C++, with the same guest in C (guest.c).
 *
 * Shows how to copy a text into a buffer that the guest allocates; how to read a struct of the guest; how to use the
 * guest's memory in place; and how a guest's false address is detected.
 *
 *     clang --target=wasm32 -ffreestanding -nostdlib -O2 -Wl,--no-entry guest.c -o guest.wasm
 *     c++ -std=c++17 -I$PREFIX/include strings.cpp -L$PREFIX/lib -lwrl -Wl,-rpath,$PREFIX/lib -o strings_cpp
 *     ./strings_cpp guest.wasm
 *
 * PREFIX is where the layer is installed. clang also needs lld. `./strings_cpp guest.wasm BACKEND` selects the engine.
 */
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>
#include <wrl.hpp>

namespace {

/* A range of the guest's memory. The members have 64 bits so that address + size does not overflow. */
struct Range {
    uint64_t address = 0;
    uint64_t size = 0;
};

/* The host's form of the guest's report_t. */
struct Report {
    uint32_t words = 0;
    Range longest;
    double mean_size = 0;
};

/* The guest, with handles that are looked up once and used for every call. */
class Guest {
  public:
    Guest(wrl::StoreRef store, const wrl::Module &module) : Guest(wrl::Instance::make(store, module).value())
    {
    }

    /* Copies a text into a buffer that the guest allocates. */
    Range put_text(std::string_view text) const
    {
        if (text.size() > INT32_MAX) {
            throw wrl::Error(WRL_ERROR_INVALID_ARGUMENT, "the text is too long for the guest");
        }
        uint32_t address = allocate_(static_cast<uint32_t>(text.size())).value();
        if (!address) {
            throw wrl::Error(WRL_ERROR_RESOURCE_LIMIT, "the guest has no space for the text");
        }
        /* Checks the bounds, because allocate() may have returned anything. */
        memory_.write(address, text.data(), text.size()).value();
        return {address, text.size()};
    }
    Report analyse(Range text) const
    {
        uint32_t address = analyse_(static_cast<uint32_t>(text.address), static_cast<uint32_t>(text.size)).value();
        if (!address) {
            throw wrl::Error(WRL_ERROR_RESOURCE_LIMIT, "the guest has no space for the report");
        }
        return get_report(address);
    }
    void shout(Range text) const
    {
        shout_(static_cast<uint32_t>(text.address), static_cast<uint32_t>(text.size)).value();
    }
    void reset() const
    {
        reset_().value();
    }
    Report lie() const
    {
        return get_report(lie_().value());
    }

    /*
     * Returns the bytes of a range in place, without a copy. The view is valid until the guest runs again, because the
     * guest may grow its memory, or until the store is deleted. So use the view at once, and do not keep it.
     */
    std::string_view view(Range range) const
    {
        wrl::Span<uint8_t> bytes = memory_.slice(range.address, range.size);
        if (!bytes.data()) {
            throw wrl::Error(WRL_ERROR_HOST, std::to_string(range.size) + " bytes at " + std::to_string(range.address) +
                                                 " are not in the guest's memory of " +
                                                 std::to_string(memory_.data_size()) + " bytes");
        }
        return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
    }
    /* Returns a copy of the bytes of a range. */
    std::string copy(Range range) const
    {
        return memory_.read_string(range.address, static_cast<size_t>(range.size)).value();
    }

  private:
    explicit Guest(const wrl::Instance &instance)
        : memory_(instance.get_memory("memory").value()),
          allocate_(instance.get_func<uint32_t(uint32_t)>("allocate").value()),
          analyse_(instance.get_func<uint32_t(uint32_t, uint32_t)>("analyse").value()),
          shout_(instance.get_func<void(uint32_t, uint32_t)>("shout").value()),
          reset_(instance.get_func<void()>("reset").value()), lie_(instance.get_func<uint32_t()>("lie").value())
    {
    }
    /* Reads a struct member by member. Pointers have 4 bytes in the guest, and the host's alignment may differ. guest.c
     * asserts the same offsets. read<T>() copies bytes, which is correct on little-endian hosts. */
    Report get_report(uint64_t address) const
    {
        Report report;
        report.words = memory_.read<uint32_t>(address).value();
        report.longest.size = memory_.read<uint32_t>(address + 4).value();
        report.longest.address = memory_.read<uint32_t>(address + 8).value();
        report.mean_size = memory_.read<double>(address + 16).value();
        return report;
    }

    wrl::Memory memory_;
    wrl::TypedFunc<uint32_t(uint32_t)> allocate_; /* Addresses are unsigned. */
    wrl::TypedFunc<uint32_t(uint32_t, uint32_t)> analyse_;
    wrl::TypedFunc<void(uint32_t, uint32_t)> shout_;
    wrl::TypedFunc<void()> reset_;
    wrl::TypedFunc<uint32_t()> lie_;
};

/* Does not use printf("%.*s"), because its size is an int, and a guest's text may be longer. */
void print_line(std::string_view text)
{
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::putchar('\n');
}

void print_report(const Guest &guest, const Report &report)
{
    std::string_view longest = guest.view(report.longest);
    std::printf("%u words of %.2f bytes, the longest is ", report.words, report.mean_size);
    print_line(longest);
}

/* Runs code that must fail, and prints the error. */
template <class Body> void refused(const Body &body)
{
    try {
        body();
    } catch (const wrl::Error &error) {
        std::printf("refused: %s\n", error.message());
    }
}

std::vector<char> read_file(const char *path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw wrl::Error(WRL_ERROR_IO, std::string(path) + " cannot be opened");
    }
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void run(const char *path, const char *backend)
{
    wrl::Engine engine = wrl::Engine::make(backend).value();
    wrl::Module module = wrl::Module::make(engine, read_file(path)).value();
    wrl::Store store = wrl::Store::make(engine).value();
    Guest guest(store, module);

    Range text = guest.put_text("a thin layer over every runtime");
    print_report(guest, guest.analyse(text));
    guest.shout(text);
    print_line(guest.view(text));
    guest.reset();

    /* Neither trusts the false report of lie(), nor crashes. */
    Report report = guest.lie();
    refused([&] { print_report(guest, report); });
    refused([&] { print_line(guest.copy(report.longest)); });
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: strings GUEST.wasm [BACKEND]\n");
        return 2;
    }
    try {
        run(argv[1], argc > 2 ? argv[2] : nullptr);
        return 0;
    } catch (const std::exception &error) {
        std::fprintf(stderr, "strings: %s\n", error.what());
        return 1;
    }
}
