/* The binary reader: its descriptions of valid modules and its errors for broken ones. */
#include "core.h"
#include "wasm_bytes.h"

#include <gtest/gtest.h>

#include <cstring>

namespace {

/* A module that was read. Freed by the destructor. */
class Info {
  public:
    explicit Info(const Bytes &bytes) : outcome(wrl__module_info_read(bytes.data(), bytes.size(), true, &info))
    {
    }
    ~Info()
    {
        if (outcome.ok) {
            wrl__module_info_free(&info);
        }
    }
    Info(const Info &) = delete;
    Info &operator=(const Info &) = delete;

    wrl_module_info_t info;
    Outcome outcome;

    wrl_externtype_t item(wrl_externkind_t kind, size_t index) const
    {
        wrl_externtype_t type;
        wrl__module_info_item(&info, kind, index, &type);
        return type;
    }
    wrl_importtype_t import(size_t number) const
    {
        wrl_importtype_t import;
        wrl__module_info_import(&info, number, &import);
        return import;
    }
    wrl_exporttype_t item_export(size_t number) const
    {
        wrl_exporttype_t type;
        wrl__module_info_export(&info, number, &type);
        return type;
    }
    wrl_section_t section(size_t number) const
    {
        wrl_section_t section;
        wrl__module_info_section(&info, number, &section);
        return section;
    }
    /* Returns the parameters and results of a function type. */
    const wrl_valtype_t *values(size_t type) const
    {
        return &info.values[info.types[type].values];
    }
};

std::string words(const wrl_externtype_t &type)
{
    char buffer[256];
    wrl_externtype_print(&type, buffer, sizeof buffer);
    return buffer;
}

void expect_broken(const Bytes &bytes, wrl_error_kind_t kind, const std::string &message)
{
    Info read(bytes);
    EXPECT_FALSE(read.outcome.ok) << message;
    EXPECT_EQ(read.outcome.kind, kind) << read.outcome.message;
    EXPECT_TRUE(read.outcome.has(message)) << read.outcome.message << "\nwanted: " << message;
}

void expect_malformed(const Bytes &bytes, const std::string &message)
{
    expect_broken(bytes, WRL_ERROR_MALFORMED, message);
}

void expect_invalid(const Bytes &bytes, const std::string &message)
{
    expect_broken(bytes, WRL_ERROR_INVALID, message);
}

/* Returns a module whose single type () -> () precedes the given sections. */
Bytes with_type(std::vector<Bytes> sections)
{
    sections.insert(sections.begin(), section(1, Bytes{1, 0x60, 0, 0}));
    return module(sections);
}

} // namespace

TEST(Reader, HeaderOnly)
{
    Info read(header());
    ASSERT_TRUE(read.outcome.ok) << read.outcome.message;
    EXPECT_EQ(read.info.section_count, 0u);
    EXPECT_EQ(read.info.import_count, 0u);
    EXPECT_EQ(read.info.export_count, 0u);
    EXPECT_EQ(read.info.name, nullptr);
    EXPECT_EQ(wrl__module_info_find_export(&read.info, "x", 1), SIZE_MAX);
}

TEST(Reader, BrokenHeaders)
{
    expect_malformed({}, "it is empty");
    expect_malformed({0}, "header ends after 1 of 8 bytes");
    expect_malformed({0, 0x61, 0x73, 0x6D, 1, 0, 0}, "header ends after 7 of 8 bytes");
    expect_malformed({1, 2, 3, 4, 5, 6, 7, 8}, "starts with 01 02 03 04 instead of the magic number 00 61 73 6d");
    expect_malformed({0x7F}, "starts with 7f instead of");
    expect_malformed({0, 0x61, 0x73, 0x6D, 2, 0, 0, 0}, "unknown version 2.0.0.0");
    expect_malformed({0, 0x61, 0x73, 0x6D, 0x0D, 0, 1, 0}, "a component, not a core module");
    expect_malformed(Bytes().raw("(module)"), "looks like the text format");
    expect_malformed(Bytes().raw("\n\t (module)"), "looks like the text format");
    expect_malformed(Bytes().raw("(; comment ;) (module)"), "looks like the text format");
}

TEST(Reader, RichModuleItems)
{
    Info read(rich_module());
    ASSERT_TRUE(read.outcome.ok) << read.outcome.message;
    EXPECT_EQ(read.info.type_count, 9u);
    EXPECT_EQ(read.info.items[WRL_EXTERN_FUNC].count, 3u);
    EXPECT_EQ(read.info.items[WRL_EXTERN_TABLE].count, 4u);
    EXPECT_EQ(read.info.items[WRL_EXTERN_MEMORY].count, 5u);
    EXPECT_EQ(read.info.items[WRL_EXTERN_GLOBAL].count, 10u);
    EXPECT_EQ(read.info.items[WRL_EXTERN_TAG].count, 2u);
    EXPECT_EQ(words(read.item(WRL_EXTERN_FUNC, 0)), "(i32, i64) -> (f32, f64)");
    EXPECT_EQ(words(read.item(WRL_EXTERN_FUNC, 1)), "() -> ()");
    EXPECT_EQ(words(read.item(WRL_EXTERN_FUNC, 2)), "(i32) -> ()");
    EXPECT_EQ(words(read.item(WRL_EXTERN_TABLE, 0)), "funcref 1..9");
    EXPECT_EQ(words(read.item(WRL_EXTERN_TABLE, 1)), "externref 2..");
    EXPECT_EQ(words(read.item(WRL_EXTERN_TABLE, 2)), "i64 funcref 1..16");
    EXPECT_EQ(words(read.item(WRL_EXTERN_TABLE, 3)), "(ref null 0) 1..");
    EXPECT_EQ(words(read.item(WRL_EXTERN_MEMORY, 0)), "1.. pages");
    EXPECT_EQ(words(read.item(WRL_EXTERN_MEMORY, 1)), "1..2 pages");
    EXPECT_EQ(words(read.item(WRL_EXTERN_MEMORY, 2)), "i64 1..2 pages");
    EXPECT_EQ(words(read.item(WRL_EXTERN_MEMORY, 3)), "1..4 pages shared");
    EXPECT_EQ(words(read.item(WRL_EXTERN_MEMORY, 4)), "7..100 pages of 1 bytes");
    EXPECT_EQ(words(read.item(WRL_EXTERN_GLOBAL, 0)), "i32");
    EXPECT_EQ(words(read.item(WRL_EXTERN_GLOBAL, 2)), "mut i64");
    EXPECT_EQ(words(read.item(WRL_EXTERN_GLOBAL, 5)), "v128");
    EXPECT_EQ(words(read.item(WRL_EXTERN_GLOBAL, 7)), "mut externref");
    EXPECT_EQ(words(read.item(WRL_EXTERN_GLOBAL, 9)), "(ref null i31)");
    EXPECT_EQ(words(read.item(WRL_EXTERN_TAG, 0)), "(i32)");
    EXPECT_EQ(words(read.item(WRL_EXTERN_TAG, 1)), "(i32)");
}

TEST(Reader, RichModuleTypes)
{
    Info read(rich_module());
    ASSERT_TRUE(read.outcome.ok) << read.outcome.message;
    const size_t functions[] = {0, 1, 2, 7, 8};
    const size_t others[] = {3, 4, 5, 6};
    for (size_t index : functions) {
        EXPECT_TRUE(read.info.types[index].is_func) << index;
    }
    for (size_t index : others) {
        EXPECT_FALSE(read.info.types[index].is_func) << index;
    }
    const wrl_valtype_t *values = read.values(7);
    ASSERT_EQ(read.info.types[7].param_count, 1u);
    EXPECT_EQ(values[0].kind, WRL_VALKIND_REF);
    EXPECT_EQ(values[0].flags, WRL_VALTYPE_FUNC);
    EXPECT_EQ(values[0].heap, 0);
    ASSERT_EQ(read.info.types[7].result_count, 1u);
    EXPECT_EQ(values[1].flags, WRL_VALTYPE_NULLABLE);
    EXPECT_EQ(values[1].heap, -0x12);
}

TEST(Reader, RichModuleImportsAndExports)
{
    Info read(rich_module());
    ASSERT_TRUE(read.outcome.ok) << read.outcome.message;
    ASSERT_EQ(read.info.import_count, 5u);
    const char *names[] = {"f", "t", "m", "g", "e"};
    const wrl_externkind_t kinds[] = {WRL_EXTERN_FUNC, WRL_EXTERN_TABLE, WRL_EXTERN_MEMORY, WRL_EXTERN_GLOBAL,
                                      WRL_EXTERN_TAG};
    for (size_t i = 0; i < 5; i++) {
        EXPECT_STREQ(read.import(i).module, "env");
        EXPECT_STREQ(read.import(i).name, names[i]);
        EXPECT_EQ(read.import(i).type.kind, kinds[i]);
        EXPECT_EQ(read.info.imports[i].index, 0u);
        ASSERT_EQ(read.info.items[kinds[i]].import_count, 1u);
        EXPECT_EQ(read.info.items[kinds[i]].imports[0], i);
    }
    ASSERT_EQ(read.info.export_count, 7u);
    EXPECT_EQ(wrl__module_info_find_export(&read.info, "run", 3), 0u);
    EXPECT_EQ(wrl__module_info_find_export(&read.info, "tag", 3), 4u);
    EXPECT_EQ(wrl__module_info_find_export(&read.info, "\xC3\xA9t\xC3\xA9", 5), 5u);
    EXPECT_EQ(wrl__module_info_find_export(&read.info, "", 0), 6u);
    EXPECT_EQ(wrl__module_info_find_export(&read.info, "ru", 2), SIZE_MAX);
    EXPECT_EQ(wrl__module_info_find_export(&read.info, "run\0", 4), SIZE_MAX);
}

TEST(Reader, RichModuleSections)
{
    Bytes bytes = rich_module();
    Info read(bytes);
    ASSERT_TRUE(read.outcome.ok) << read.outcome.message;
    const int ids[] = {0, 1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11, 0, 0};
    ASSERT_EQ(read.info.section_count, sizeof ids / sizeof ids[0]);
    uint64_t end = 8;
    for (size_t i = 0; i < read.info.section_count; i++) {
        wrl_section_t part = read.section(i);
        EXPECT_EQ(part.id, ids[i]) << i;
        EXPECT_GT(part.offset, end) << i;
        EXPECT_EQ(bytes[static_cast<size_t>(end)], ids[i]) << i;
        end = part.offset + part.size;
        EXPECT_EQ(part.data != nullptr, ids[i] == 0) << i;
    }
    EXPECT_EQ(end, bytes.size());
    EXPECT_STREQ(read.section(0).name, "first");
    ASSERT_EQ(read.section(0).data_size, 3u);
    EXPECT_EQ(memcmp(read.section(0).data, "\1\2\3", 3), 0);
    EXPECT_STREQ(read.section(15).name, "");
    EXPECT_EQ(read.section(15).data_size, 0u);
    EXPECT_STREQ(read.section(6).name, "tag");
}

TEST(Reader, RichModuleNames)
{
    Info read(rich_module());
    ASSERT_TRUE(read.outcome.ok) << read.outcome.message;
    EXPECT_STREQ(read.info.name, "rich");
    EXPECT_EQ(read.info.name_size, 4u);
    EXPECT_STREQ(read.item(WRL_EXTERN_FUNC, 0).of.func.name, "imported");
    EXPECT_STREQ(read.item(WRL_EXTERN_FUNC, 1).of.func.name, "runner");
}

TEST(Reader, ContentsAreKeptOnlyIfAskedFor)
{
    Bytes large = Bytes().raw(std::string(100000, 'x'));
    Bytes names = subsection(0, Bytes().text("m"));
    Bytes bytes = module({custom("large", large), custom("name", names)});
    wrl_module_info_t info;
    ASSERT_OK(wrl__module_info_read(bytes.data(), bytes.size(), false, &info));
    wrl_section_t part;
    wrl__module_info_section(&info, 0, &part);
    EXPECT_STREQ(part.name, "large");
    EXPECT_EQ(part.data, nullptr);
    EXPECT_EQ(part.data_size, 100000u);
    EXPECT_STREQ(info.name, "m");
    EXPECT_LT(info.pool_capacity, 100u);
    wrl__module_info_free(&info);
}

TEST(Reader, AnyUseOfTheBytesIsOver)
{
    Bytes bytes = rich_module();
    Info read(bytes);
    ASSERT_TRUE(read.outcome.ok) << read.outcome.message;
    memset(bytes.vector().data(), 0xEE, bytes.size());
    EXPECT_STREQ(read.item_export(0).name, "run");
    EXPECT_STREQ(read.section(0).name, "first");
    EXPECT_EQ(read.section(0).data[0], 1);
    EXPECT_STREQ(read.info.name, "rich");
}

TEST(Reader, BrokenNameSectionsAreLeftOut)
{
    const Bytes broken[] = {
        {},
        {0},                                  /* Ends after the subsection's id. */
        {0, 0x80},                            /* Ends within its size. */
        {0, 9, 1},                            /* Larger than the section. */
        {0, 2, 5, 0x61},                      /* A name longer than the subsection. */
        {0, 2, 1, 0xFF},                      /* Not UTF-8. */
        {0, 0x80, 0x80, 0x80, 0x80, 0x80, 0}, /* A size in too many bytes. */
        {1, 1, 0x7F},                         /* A count without elements. */
        {1, 3, 1, 0, 9},                      /* A function name that is cut off. */
        {1, 4, 1, 0xFF, 0x7F, 0},             /* A function that does not exist, and then the end. */
        {1, 6, 2, 9, 1, 0x61, 0, 7},          /* A function that does not exist, and then a broken name. */
        {99, 1, 0},                           /* An unknown subsection. */
    };
    for (const Bytes &names : broken) {
        Info read(with_type({section(3, Bytes{1, 0}), custom("name", names)}));
        ASSERT_TRUE(read.outcome.ok) << read.outcome.message;
        EXPECT_EQ(read.info.name, nullptr);
        EXPECT_EQ(read.info.name_size, 0u);
        EXPECT_EQ(read.item(WRL_EXTERN_FUNC, 0).of.func.name, nullptr);
        EXPECT_EQ(read.info.section_count, 3u);
    }
}

TEST(Reader, WhatComesBeforeABrokenNameIsKept)
{
    Bytes names = subsection(0, Bytes().text("m")).add(subsection(1, Bytes{2, 0, 1, 0x66, 1, 9}));
    Info read(with_type({section(3, Bytes{2, 0, 0}), custom("name", names)}));
    ASSERT_TRUE(read.outcome.ok) << read.outcome.message;
    EXPECT_STREQ(read.info.name, "m");
    EXPECT_STREQ(read.item(WRL_EXTERN_FUNC, 0).of.func.name, "f");
    EXPECT_EQ(read.item(WRL_EXTERN_FUNC, 1).of.func.name, nullptr);
}

TEST(Reader, NamesMayHoldNul)
{
    std::string name("a\0b", 3);
    Info read(module({section(5, Bytes{1, 0, 1}), section(7, Bytes{1}.text(name).byte(2).u(0))}));
    ASSERT_TRUE(read.outcome.ok) << read.outcome.message;
    EXPECT_EQ(read.item_export(0).name_size, 3u);
    EXPECT_EQ(wrl__module_info_find_export(&read.info, name.data(), 3), 0u);
    EXPECT_EQ(wrl__module_info_find_export(&read.info, "a", 1), SIZE_MAX);
}

TEST(Reader, BrokenSections)
{
    expect_malformed(module({{14, 0}}), "unknown section 14");
    expect_malformed(module({{1}}), "section header: it ends too early");
    expect_malformed(module({{1, 2, 0}}), "the type section has 2 bytes, but only 1 are left");
    expect_malformed(module({section(1, Bytes{0}), section(1, Bytes{0})}),
                     "the type section is repeated or out of order");
    expect_malformed(module({section(2, Bytes{0}), section(1, Bytes{0})}),
                     "the type section is repeated or out of order");
    expect_malformed(module({section(6, Bytes{0}), section(13, Bytes{0})}),
                     "the tag section is repeated or out of order");
    expect_malformed(module({section(10, Bytes{0}), section(12, Bytes{0})}), "the data count section is repeated");
    expect_malformed(module({section(1, Bytes{0, 0})}), "1 bytes are left over");
    expect_malformed(module({section(1, Bytes{5, 0x60, 0, 0})}), "a count of 5 is more than the bytes left");
    expect_malformed(module({section(0, Bytes{})}), "custom section: it ends too early");
    expect_malformed(module({section(0, Bytes{5, 0x61})}), "custom section: it ends 4 bytes too early");
    expect_malformed(module({section(0, Bytes{1, 0xFF})}), "a name is not UTF-8");
}

TEST(Reader, ErrorsTellTheOffset)
{
    expect_malformed(module({section(1, Bytes{1, 0x61, 0, 0})}), "malformed module at offset 0xb, in the type section: "
                                                                 "0x61 is not a form of type");
}

TEST(Reader, BrokenTypes)
{
    expect_malformed(module({section(1, Bytes{1, 0x60, 1, 0x00, 0})}), "0x00 is not a value type");
    expect_malformed(module({section(1, Bytes{1, 0x60, 1, 0x64, 0x80, 0x7E, 0})}), "unknown heap type");
    expect_malformed(module({section(1, Bytes{1, 0x60, 1, 0x63, 0x40, 0})}), "unknown heap type -64");
    expect_malformed(module({section(1, Bytes{1, 0x50, 0, 0x10})}), "0x10 is not a form of type");
    expect_malformed(module({section(1, Bytes{1, 0x5F, 1, 0x01, 0})}), "0x01 is not a value type");
    Bytes many;
    many.u(1).byte(0x60).u(WRL_MAX_PARAMS + 1);
    for (int i = 0; i <= WRL_MAX_PARAMS; i++) {
        many.byte(0x7F);
    }
    expect_broken(module({section(1, many.byte(0))}), WRL_ERROR_RESOURCE_LIMIT,
                  "1001 parameters or results of a function, more than 1000");
}

TEST(Reader, AsManyParametersAsAllowed)
{
    Bytes many;
    many.u(1).byte(0x60).u(WRL_MAX_PARAMS);
    for (int i = 0; i < WRL_MAX_PARAMS; i++) {
        many.byte(0x7E);
    }
    Info read(module({section(1, many.byte(0))}));
    ASSERT_TRUE(read.outcome.ok) << read.outcome.message;
    EXPECT_EQ(read.info.types[0].param_count, static_cast<size_t>(WRL_MAX_PARAMS));
    EXPECT_EQ(read.values(0)[WRL_MAX_PARAMS - 1].kind, WRL_VALKIND_I64);
}

TEST(Reader, BrokenItems)
{
    expect_invalid(with_type({section(3, Bytes{1, 1})}), "unknown type 1");
    expect_invalid(module({section(1, Bytes{1, 0x5F, 0}), section(3, Bytes{1, 0})}), "type 0 is not a function type");
    expect_malformed(module({section(5, Bytes{1, 0x10, 0})}), "0x10 is not a form of limits");
    expect_malformed(module({section(5, Bytes{1, 8, 0, 17})}), "invalid page size of 2^17 bytes");
    expect_malformed(module({section(4, Bytes{1, 0x70, 2, 0})}), "0x02 is not a form of limits");
    expect_malformed(module({section(4, Bytes{1, 0x7F, 0, 0})}), "expected a reference type, not i32");
    expect_malformed(module({section(4, Bytes{1, 0x40, 1, 0x70, 0, 0, 0x0B})}), "a table of unknown form");
    expect_malformed(module({section(6, Bytes{1, 0x7F, 2, 0x41, 0, 0x0B})}), "invalid mutability 2");
    expect_invalid(module({section(6, Bytes{1, 0x7F, 0, 0x20, 0, 0x0B})}), "holds the instruction 0x20");
    expect_invalid(module({section(6, Bytes{1, 0x7F, 0, 0xFB, 99, 0x0B})}), "holds the instruction 0xfb 99");
    expect_invalid(module({section(6, Bytes{1, 0x7B, 0, 0xFD, 13, 0x0B})}), "holds the instruction 0xfd 13");
    expect_malformed(module({section(6, Bytes{1, 0x7F, 0, 0x41, 0})}), "it ends too early");
    expect_malformed(module({section(6, Bytes{1, 0x7D, 0, 0x43, 0})}), "it ends 3 bytes too early");
    expect_malformed(with_type({section(13, Bytes{1, 1, 0})}), "a tag with an unknown attribute");
    expect_malformed(with_type({section(2, Bytes{1, 1, 0x61, 1, 0x62, 9, 0})}), "0x09 is not a kind of import");
    expect_malformed(module({section(7, Bytes{1, 1, 0x61, 5, 0})}), "0x05 is not a kind of export");
    expect_invalid(module({section(7, Bytes{1, 1, 0x61, 0, 0})}), "unknown function 0");
    expect_invalid(module({section(5, Bytes{1, 0, 1}), section(7, Bytes{2, 1, 0x61, 2, 0, 1, 0x61, 2, 0})}),
                   "duplicate export name \"a\"");
}

TEST(Reader, AllConstantInstructions)
{
    const Bytes expressions[] = {
        {0xD0, 0x70, 0x0B}, {0xD2, 0, 0x0B},       {0xFB, 0, 3, 0x0B}, {0xFB, 1, 3, 0x0B}, {0xFB, 6, 3, 0x0B},
        {0xFB, 7, 3, 0x0B}, {0xFB, 8, 3, 2, 0x0B}, {0xFB, 26, 0x0B},   {0xFB, 27, 0x0B},   {0xFB, 28, 0x0B},
        {0x6B, 0x0B},       {0x6C, 0x0B},          {0x7C, 0x0B},       {0x7D, 0x0B},       {0x7E, 0x0B},
    };
    for (const Bytes &expression : expressions) {
        Info read(module({section(6, Bytes{1, 0x7F, 0}.add(expression))}));
        EXPECT_TRUE(read.outcome.ok) << read.outcome.message;
    }
}

/* LEB128 (core specification 5.2.2): numbers may be padded, up to the maximum length of their type. */
TEST(Reader, UnsignedLimits32)
{
    Info most(module({section(4, Bytes{1, 0x70, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F})}));
    ASSERT_TRUE(most.outcome.ok) << most.outcome.message;
    EXPECT_EQ(most.item(WRL_EXTERN_TABLE, 0).of.table.min, 0xFFFFFFFFu);
    Info padded(module({section(4, Bytes{1, 0x70, 0, 0x81, 0x80, 0x80, 0x80, 0x00})}));
    ASSERT_TRUE(padded.outcome.ok) << padded.outcome.message;
    EXPECT_EQ(padded.item(WRL_EXTERN_TABLE, 0).of.table.min, 1u);
    expect_malformed(module({section(4, Bytes{1, 0x70, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x1F})}), "too large for 32 bits");
    expect_malformed(module({section(4, Bytes{1, 0x70, 0, 0x81, 0x80, 0x80, 0x80, 0x80, 0})}),
                     "too many bytes for 32 bits");
    expect_malformed(module({section(4, Bytes{1, 0x70, 0, 0x80})}), "it ends too early");
}

TEST(Reader, UnsignedLimits64)
{
    Info most(module({section(4, Bytes{1, 0x70, 4, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01})}));
    ASSERT_TRUE(most.outcome.ok) << most.outcome.message;
    EXPECT_EQ(most.item(WRL_EXTERN_TABLE, 0).of.table.min, UINT64_MAX);
    expect_malformed(
        module({section(4, Bytes{1, 0x70, 4, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x03})}),
        "too large for 64 bits");
    expect_malformed(
        module({section(4, Bytes{1, 0x70, 4, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0})}),
        "too many bytes for 64 bits");
}

/* The reader rejects limits that no memory of the kind can have, so that all engines behave alike. */
TEST(Reader, MemoryLimits)
{
    auto memory = [](const Bytes &limits) { return module({section(5, Bytes{1}.add(limits))}); };
    EXPECT_TRUE(Info(memory(Bytes{1, 0}.u(0x10000))).outcome.ok);
    expect_invalid(memory(Bytes{1, 0}.u(0x10001)), "65537, more than the 65536 of its address space");
    expect_invalid(memory(Bytes{0}.u(0x10001)), "more than the 65536");
    expect_invalid(memory(Bytes{1, 2, 1}), "a minimum of 2, more than its maximum of 1");
    EXPECT_TRUE(Info(memory(Bytes{5, 0}.u(0x1000000000000))).outcome.ok);
    expect_invalid(memory(Bytes{5, 0}.u(0x1000000000001)), "more than the 281474976710656");
    EXPECT_TRUE(Info(memory(Bytes{9, 0}.u(0xFFFFFFFF).u(0))).outcome.ok); /* Pages of one byte. */
    EXPECT_TRUE(Info(memory(Bytes{13, 0}.u(UINT64_MAX - 1).u(0))).outcome.ok);
    expect_invalid(module({section(4, Bytes{1, 0x70, 1, 2, 1})}), "a table with a minimum of 2");
}

/* Engines recurse on constant expressions. */
TEST(Reader, LongConstantExpressions)
{
    auto sum = [](int additions) {
        Bytes expression{0x41, 0};
        for (int i = 0; i < additions; i++) {
            expression.add(Bytes{0x41, 1, 0x6A});
        }
        return expression.add(Bytes{0x0B});
    };
    auto global = [&](int additions) { return module({section(6, Bytes{1, 0x7F, 0}.add(sum(additions)))}); };
    EXPECT_TRUE(Info(global(256)).outcome.ok);
    expect_broken(global(257), WRL_ERROR_RESOURCE_LIMIT, "more than 256 operations");
    expect_broken(module({section(11, Bytes{1, 0}.add(sum(257)).add(Bytes{0}))}), WRL_ERROR_RESOURCE_LIMIT,
                  "data section");
    expect_broken(module({section(9, Bytes{1, 0}.add(sum(257)).add(Bytes{0}))}), WRL_ERROR_RESOURCE_LIMIT, "element");
    for (int flags : {0, 2, 4, 6}) {
        Bytes table = flags & 2 ? Bytes{0} : Bytes{};
        Bytes kind = flags == 2 ? Bytes{0} : flags == 6 ? Bytes{0x70} : Bytes{};
        Bytes items = flags & 4 ? Bytes{1, 0xD0, 0x70, 0x0B} : Bytes{1, 0};
        Bytes start = Bytes{1, flags}.add(table);
        EXPECT_TRUE(Info(module({section(9, Bytes(start).add(sum(2)).add(kind).add(items))})).outcome.ok) << flags;
        expect_broken(module({section(9, Bytes(start).add(sum(257)).add(kind).add(items))}), WRL_ERROR_RESOURCE_LIMIT,
                      "more than 256");
    }
    for (int flags : {1, 3, 5, 7}) {
        Bytes kind = flags & 4 ? Bytes{0x70} : Bytes{0};
        Bytes items = flags & 4 ? Bytes{1}.add(sum(257)) : Bytes{2, 0, 0};
        Info read(module({section(9, Bytes{1, flags}.add(kind).add(items))}));
        EXPECT_EQ(read.outcome.ok, flags < 4) << flags << " " << read.outcome.message;
    }
    expect_malformed(module({section(9, Bytes{1, 8})}), "8 is not a form of element segment");
    expect_malformed(module({section(11, Bytes{1, 3})}), "3 is not a form of data segment");
    expect_malformed(module({section(9, Bytes{1, 1, 7, 0})}), "an element segment of unknown kind");
}

TEST(Reader, SignedLimits)
{
    const struct {
        Bytes constant;
        const char *error; /* NULL for none. */
    } cases[] = {
        {{0x41, 0xFF, 0xFF, 0xFF, 0xFF, 0x07}, nullptr},                 /* The largest 32-bit integer. */
        {{0x41, 0x80, 0x80, 0x80, 0x80, 0x78}, nullptr},                 /* The smallest. */
        {{0x41, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F}, nullptr},                 /* -1, padded. */
        {{0x41, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F}, "too large for 32 bits"}, /* Not sign-extended. */
        {{0x41, 0x80, 0x80, 0x80, 0x80, 0x70}, "too large for 32 bits"},
        {{0x41, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00}, "too many bytes for 32 bits"},
        {{0x42, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00}, nullptr},
        {{0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7F}, nullptr},
        {{0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01}, "too large for 64 bits"},
        {{0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00}, "too many bytes for 64 bits"},
    };
    for (const auto &one : cases) {
        Bytes bytes = module({section(6, Bytes{1, 0x7F, 0}.add(one.constant).byte(0x0B))});
        if (one.error) {
            expect_malformed(bytes, one.error);
        } else {
            Info read(bytes);
            EXPECT_TRUE(read.outcome.ok) << read.outcome.message;
        }
    }
}

TEST(Reader, HeapTypesAreS33)
{
    Info read(module({section(1, Bytes{1, 0x60, 1, 0x64, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0})}));
    ASSERT_TRUE(read.outcome.ok) << read.outcome.message;
    EXPECT_EQ(read.values(0)[0].heap, INT32_MAX);
    expect_malformed(module({section(1, Bytes{1, 0x60, 1, 0x64, 0x80, 0x80, 0x80, 0x80, 0x08, 0})}),
                     "unknown heap type");
}

TEST(Reader, HugeCountsCostNothing)
{
    /* 2^32 - 1 of each, in five bytes: rejected before any memory is allocated for them. */
    for (int id : {1, 2, 3, 4, 5, 13, 6, 7}) {
        expect_malformed(module({section(id, Bytes{0xFF, 0xFF, 0xFF, 0xFF, 0x0F})}), "more than the bytes left");
    }
    expect_malformed(module({section(1, Bytes{1, 0x4E, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F})}), "more than the bytes left");
    expect_malformed(module({section(1, Bytes{1, 0x5F, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F})}), "more than the bytes left");
    expect_malformed(module({section(1, Bytes{1, 0x60, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F})}), "more than the bytes left");
}

TEST(Reader, ManyExportsAreFound)
{
    const size_t count = 5000;
    Bytes exports;
    exports.u(count);
    for (size_t i = 0; i < count; i++) {
        exports.text("export" + std::to_string(i)).byte(2).u(0);
    }
    Info read(module({section(5, Bytes{1, 0, 1}), section(7, exports)}));
    ASSERT_TRUE(read.outcome.ok) << read.outcome.message;
    for (size_t i = 0; i < count; i++) {
        std::string name = "export" + std::to_string(i);
        EXPECT_EQ(wrl__module_info_find_export(&read.info, name.data(), name.size()), i);
    }
    EXPECT_EQ(wrl__module_info_find_export(&read.info, "export5000", 10), SIZE_MAX);
}
