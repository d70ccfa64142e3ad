#include "wasm_bytes.h"

Bytes::Bytes(std::initializer_list<int> bytes)
{
    for (int value : bytes) {
        byte(value);
    }
}

Bytes &Bytes::byte(int value)
{
    bytes_.push_back(static_cast<uint8_t>(value));
    return *this;
}

Bytes &Bytes::u(uint64_t value)
{
    do {
        int low = static_cast<int>(value & 0x7F);
        value >>= 7;
        byte(value ? low | 0x80 : low);
    } while (value);
    return *this;
}

Bytes &Bytes::s(int64_t value)
{
    for (;;) {
        int low = static_cast<int>(value & 0x7F);
        value >>= 7;
        if ((value == 0 && !(low & 0x40)) || (value == -1 && (low & 0x40))) {
            return byte(low);
        }
        byte(low | 0x80);
    }
}

Bytes &Bytes::add(const Bytes &more)
{
    bytes_.insert(bytes_.end(), more.bytes_.begin(), more.bytes_.end());
    return *this;
}

Bytes &Bytes::raw(const std::string &bytes)
{
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
}

Bytes &Bytes::text(const std::string &text)
{
    return u(text.size()).raw(text);
}

Bytes header()
{
    return {0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0};
}

Bytes section(int id, const Bytes &contents)
{
    return Bytes().byte(id).u(contents.size()).add(contents);
}

Bytes section(int id, const std::vector<Bytes> &entries)
{
    Bytes contents;
    contents.u(entries.size());
    for (const Bytes &entry : entries) {
        contents.add(entry);
    }
    return section(id, contents);
}

Bytes custom(const std::string &name, const Bytes &contents)
{
    return section(0, Bytes().text(name).add(contents));
}

Bytes module(const std::vector<Bytes> &sections)
{
    Bytes bytes = header();
    for (const Bytes &part : sections) {
        bytes.add(part);
    }
    return bytes;
}

Bytes subsection(int id, const Bytes &contents)
{
    return section(id, contents);
}

static Bytes import_entry(const std::string &from, const std::string &name, const Bytes &type)
{
    return Bytes().text(from).text(name).add(type);
}

static Bytes export_entry(const std::string &name, int kind, int index)
{
    return Bytes().text(name).byte(kind).u(static_cast<uint64_t>(index));
}

Bytes rich_module()
{
    Bytes types =
        section(1, std::vector<Bytes>{
                       {0x60, 0, 0},                         /* 0: () -> () */
                       {0x60, 2, 0x7F, 0x7E, 2, 0x7D, 0x7C}, /* 1: (i32, i64) -> (f32, f64) */
                       {0x60, 3, 0x7B, 0x70, 0x6F, 0},       /* 2: (v128, funcref, externref) -> () */
                       {0x5F, 3, 0x7F, 0, 0x78, 1, 0x77, 1}, /* 3: struct of i32, mut i8, mut i16 */
                       {0x5E, 0x64, 0x03, 1},                /* 4: array of mut (ref 3) */
                       {0x4E, 2, 0x50, 0, 0x5F, 0, 0x4F, 1, 5, 0x5F, 1, 0x63, 0x05, 0}, /* 5, 6: a recursion group */
                       {0x60, 1, 0x64, 0x00, 1, 0x63, 0x6E},                            /* 7: ((ref 0)) -> (anyref) */
                       {0x60, 1, 0x7F, 0},                                              /* 8: (i32) -> () */
                   });
    Bytes imports = section(2, std::vector<Bytes>{
                                   import_entry("env", "f", {0, 1}),
                                   import_entry("env", "t", {1, 0x70, 1, 1, 9}),
                                   import_entry("env", "m", {2, 0, 1}),
                                   import_entry("env", "g", {3, 0x7F, 0}),
                                   import_entry("env", "e", {4, 0, 8}),
                               });
    Bytes functions = section(3, std::vector<Bytes>{{0}, {8}});
    Bytes tables = section(4, std::vector<Bytes>{
                                  {0x6F, 0, 2},
                                  {0x70, 5, 1, 0x10},                            /* 64-bit indices, 1..16 */
                                  {0x40, 0, 0x63, 0x00, 0, 1, 0xD0, 0x00, 0x0B}, /* (ref null 0), with initial value */
                              });
    Bytes memories = section(5, std::vector<Bytes>{
                                    {1, 1, 2},
                                    {5, 1, 2},      /* memory64 */
                                    {3, 1, 4},      /* shared */
                                    {9, 7, 100, 0}, /* pages of one byte */
                                });
    Bytes tags = section(13, std::vector<Bytes>{{0, 8}});
    Bytes globals = section(6, std::vector<Bytes>{
                                   {0x7F, 0, 0x41, 1, 0x41, 2, 0x6A, 0x0B},
                                   {0x7E, 1, 0x42, 0x7F, 0x0B},
                                   {0x7D, 0, 0x43, 0, 0, 0x80, 0x3F, 0x0B},
                                   {0x7C, 1, 0x44, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0x0B},
                                   {0x7B, 0, 0xFD, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 0x0B},
                                   {0x70, 0, 0xD2, 1, 0x0B},
                                   {0x6F, 1, 0xD0, 0x6F, 0x0B},
                                   {0x7F, 0, 0x23, 0, 0x0B},
                                   {0x6C, 0, 0x41, 5, 0xFB, 28, 0x0B},
                               });
    Bytes exports = section(7, std::vector<Bytes>{
                                   export_entry("run", 0, 1),
                                   export_entry("table", 1, 1),
                                   export_entry("memory", 2, 1),
                                   export_entry("global", 3, 2),
                                   export_entry("tag", 4, 1),
                                   export_entry("\xC3\xA9t\xC3\xA9", 0, 2),
                                   export_entry("", 0, 0),
                               });
    Bytes start = section(8, Bytes{1});
    Bytes elements = section(9, Bytes{1, 0, 0x41, 0, 0x0B, 1, 1});
    Bytes data_count = section(12, Bytes{1});
    Bytes code = section(10, Bytes{2, 2, 0, 0x0B, 2, 0, 0x0B});
    Bytes data = section(11, Bytes{1, 1, 2, 0x68, 0x69});
    Bytes names;
    names.add(subsection(0, Bytes().text("rich")));
    names.add(subsection(1, Bytes({3, 0}).text("imported").u(1).text("runner").u(2).text("second")));
    names.add(subsection(2, Bytes({1, 1, 1, 0}).text("local")));
    return module({custom("first", {1, 2, 3}), types, imports, functions, tables, memories, tags, globals, exports,
                   start, elements, data_count, code, data, custom("name", names), custom("", {})});
}
