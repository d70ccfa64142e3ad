/* Message buffers, UTF-8, and the text of types. */
#include "core.h"
#include "wrl/hidden.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <climits>
#include <cstdio>
#include <iterator>
#include <vector>

namespace {

std::string taken(wrl_text_t &text)
{
    EXPECT_FALSE(text.failed);
    std::string copy(text.data ? text.data : "", text.size);
    wrl__text_free(&text);
    return copy;
}

std::string quoted(const std::string &name)
{
    wrl_text_t text = {};
    wrl__text_add_quoted(&text, name.data(), name.size());
    return taken(text);
}

std::string foreign(const std::string &words)
{
    wrl_text_t text = {};
    wrl__text_add_words(&text, words.data(), words.size());
    return taken(text);
}

bool is_utf8(const std::string &bytes)
{
    return wrl__utf8_valid(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size());
}

std::string formatted(const char *format, ...)
{
    wrl_text_t text = {};
    va_list arguments;
    va_start(arguments, format);
    wrl__text_addv(&text, format, arguments);
    va_end(arguments);
    return taken(text);
}

/* Encodes a code point in UTF-8's scheme, valid or not. */
std::string encode(uint32_t code, int length)
{
    static const uint32_t leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    std::string bytes;
    if (length == 1) {
        return std::string(1, static_cast<char>(code));
    }
    bytes += static_cast<char>(leads[length] | code >> 6 * (length - 1));
    for (int i = length - 2; i >= 0; i--) {
        bytes += static_cast<char>(0x80 | ((code >> 6 * i) & 0x3F));
    }
    return bytes;
}

int proper_length(uint32_t code)
{
    return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

std::string words(const wrl_externtype_t &type)
{
    char buffer[128];
    EXPECT_LT(wrl_externtype_print(&type, buffer, sizeof buffer), sizeof buffer);
    return buffer;
}

} // namespace

TEST(Text, Utf8EveryCodePointInEveryLength)
{
    for (uint32_t code = 0; code < 0x120000; code += code < 0x3000 ? 1 : 0x1F) {
        for (int length = proper_length(code); length <= 4; length++) {
            bool sound = length == proper_length(code) && code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF);
            ASSERT_EQ(is_utf8(encode(code, length)), sound) << std::hex << code << " in " << length;
        }
    }
    for (uint32_t code : {0xD7FFu, 0xE000u, 0xFFFDu, 0xFFFFu, 0x10000u, 0x10FFFFu}) {
        EXPECT_TRUE(is_utf8(encode(code, proper_length(code))));
    }
    for (uint32_t code : {0xD800u, 0xDBFFu, 0xDC00u, 0xDFFFu, 0x110000u}) {
        EXPECT_FALSE(is_utf8(encode(code, proper_length(code))));
    }
    EXPECT_FALSE(is_utf8(encode(0x7F, 2)));
    EXPECT_FALSE(is_utf8(encode(0x7FF, 3)));
    EXPECT_FALSE(is_utf8(encode(0xFFFF, 4)));
}

TEST(Text, Utf8CutsAndStrays)
{
    EXPECT_TRUE(is_utf8(""));
    for (const char *bytes : {"\x80", "\xBF", "\xC2", "\xC3(", "\xE2\x82", "\xE2\x82(", "\xF0\x9F\x98", "\xF0\x9F\x98(",
                              "\xFE", "\xFF", "a\xC0\x80", "\xF8\x88\x80\x80\x80"}) {
        EXPECT_FALSE(is_utf8(bytes));
    }
    EXPECT_EQ(wrl__utf8_sequence(reinterpret_cast<const uint8_t *>("\xE2\x82\xAC!"), 4), 3u);
    EXPECT_EQ(wrl__utf8_sequence(reinterpret_cast<const uint8_t *>("\xE2\x82\xAC!"), 2), 0u);
    EXPECT_EQ(wrl__utf8_sequence(nullptr, 0), 0u);
}

TEST(Text, QuotedNames)
{
    EXPECT_EQ(quoted(""), "\"\"");
    EXPECT_EQ(quoted("plain name"), "\"plain name\"");
    EXPECT_EQ(quoted("\"\\"), "\"\\\"\\\\\"");
    EXPECT_EQ(quoted(std::string("a\0b\n\x1B\x7F", 6)), "\"a\\00b\\0a\\1b\\7f\"");
    EXPECT_EQ(quoted("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"), "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"");
    EXPECT_EQ(quoted("\xFF\xC3"), "\"\\ff\\c3\"");
    EXPECT_EQ(quoted("\xC2\x85"), "\"\\c2\\85\"");
    EXPECT_EQ(quoted("\xE2\x80\xAE"), "\"\\e2\\80\\ae\"");
    EXPECT_EQ(quoted("\xE2\x80\xA8"), "\"\\e2\\80\\a8\"");
    EXPECT_EQ(quoted("\xE2\x81\xA6"), "\"\\e2\\81\\a6\"");
}

/* Unicode's Default_Ignorable_Code_Point, controls, line ends, and blanks that are not white space: every character of
 * each range, and its neighbours. */
TEST(Text, HiddenCharactersAreEscaped)
{
    const std::pair<uint32_t, uint32_t> hidden[] = {
        {0x00, 0x1F},       {0x7F, 0x9F},       {0xAD, 0xAD},       {0x34F, 0x34F},     {0x61C, 0x61C},
        {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x200B, 0x200F},   {0x2028, 0x202E},
        {0x2060, 0x206F},   {0x2800, 0x2800},   {0x3164, 0x3164},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},
        {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},   {0x13430, 0x13442}, {0x16FE4, 0x16FE4}, {0x1BCA0, 0x1BCA3},
        {0x1D159, 0x1D159}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
    };
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        const bool is_hidden = std::any_of(std::begin(hidden), std::end(hidden), [code](const auto &range) {
            return code >= range.first && code <= range.second;
        });
        ASSERT_EQ(wrl_is_hidden(code), is_hidden) << std::hex << code;
    }
    EXPECT_FALSE(wrl_is_hidden(UINT32_MAX));
    EXPECT_FALSE(wrl_is_hidden(0x110000));
    for (const auto &range : hidden) {
        for (uint32_t code = range.first; code <= range.second; code++) {
            std::string escaped = "\"a";
            for (char one : encode(code, proper_length(code))) {
                char escape[4];
                (void)snprintf(escape, sizeof escape, "\\%02x", static_cast<unsigned>(static_cast<unsigned char>(one)));
                escaped += escape;
            }
            EXPECT_EQ(quoted("a" + encode(code, proper_length(code)) + "b"), escaped + "b\"") << std::hex << code;
            EXPECT_EQ(foreign("a" + encode(code, proper_length(code)) + "b"), "a b") << std::hex << code;
        }
        for (uint32_t code : {range.first - 1, range.second + 1}) {
            if (code <= 0x10FFFF && code != 0x7F) {
                const std::string shown = "a" + encode(code, proper_length(code)) + "b";
                EXPECT_EQ(quoted(shown), "\"" + shown + "\"") << std::hex << code;
                EXPECT_EQ(foreign(shown), shown) << std::hex << code;
            }
        }
    }
}

TEST(Text, LongNamesAreCut)
{
    EXPECT_EQ(quoted(std::string(256, 'a')), "\"" + std::string(256, 'a') + "\"");
    EXPECT_EQ(quoted(std::string(257, 'a')), "\"" + std::string(256, 'a') + "\xE2\x80\xA6\"");
    std::string split = quoted(std::string(255, 'a') + "\xF0\x9F\x98\x80" + "rest");
    EXPECT_TRUE(is_utf8(split));
    EXPECT_LT(quoted(std::string(100000, '\1')).size(), 1000u);
}

TEST(Text, QuotedNamesAreAlwaysOneLineOfUtf8)
{
    for (int first = 0; first < 256; first++) {
        for (int second = 0; second < 256; second++) {
            std::string bytes = quoted({static_cast<char>(first), static_cast<char>(second), 'x'});
            ASSERT_TRUE(is_utf8(bytes)) << first << " " << second;
            for (char one : bytes) {
                ASSERT_GE(static_cast<unsigned char>(one), 0x20);
            }
        }
    }
}

TEST(Text, ForeignWords)
{
    EXPECT_EQ(foreign(""), "");
    EXPECT_EQ(foreign("  \n"), "");
    EXPECT_EQ(foreign(" error:\n\n   at\toffset \r\n"), "error: at offset");
    EXPECT_EQ(foreign("a\xFF"
                      "b"),
              "a b");
    EXPECT_EQ(foreign(std::string("a\0\0b", 4)), "a b");
    EXPECT_EQ(foreign("\xE2\x82\xAC"), "\xE2\x82\xAC");
}

TEST(Text, LongForeignWordsAreCut)
{
    EXPECT_EQ(foreign(std::string(1024, 'a')), std::string(1024, 'a'));
    EXPECT_EQ(foreign(std::string(1025, 'a')), std::string(1024, 'a') + "\xE2\x80\xA6");
    /* Dropped spaces do not count, and characters are never split. */
    EXPECT_EQ(foreign("a" + std::string(100000, ' ') + "b"), "a b");
    for (size_t i = 0; i < 4; i++) {
        std::string cut = foreign(std::string(1021 + i, 'a') + "\xF0\x9F\x98\x80" + std::string(100000, 'a'));
        EXPECT_TRUE(is_utf8(cut));
        EXPECT_LE(cut.size(), 1024u + 3 + 3);
    }
}

TEST(Text, GrowsAndFormats)
{
    wrl_text_t text = {};
    std::string wanted;
    for (int i = 0; i < 1000; i++) {
        wrl__text_addf(&text, "%d,", i);
        wanted += std::to_string(i) + ",";
    }
    wrl__text_add_bytes(&text, nullptr, 0);
    EXPECT_EQ(taken(text), wanted);
}

TEST(Text, RemembersThatMemoryRanOut)
{
    wrl_text_t text = {};
    wrl__text_add(&text, "begin");
    wrl__alloc_set_hook([](size_t) { return false; });
    wrl__text_add(&text, "a text that needs more room than there is");
    wrl__alloc_set_hook(nullptr);
    EXPECT_TRUE(text.failed);
    wrl__text_add(&text, "x");
    wrl__text_addf(&text, "%d", 1);
    EXPECT_TRUE(text.failed);
    EXPECT_STREQ(text.data, "begin");
    Outcome outcome(wrl__error_from_text(WRL_ERROR_HOST, &text));
    EXPECT_EQ(outcome.kind, WRL_ERROR_OUT_OF_MEMORY);
}

TEST(Text, TypesInWords)
{
    const wrl_valtype_t params[] = {WRL_TYPE_I32, WRL_TYPE_FUNCREF};
    const wrl_valtype_t results[] = {{WRL_VALKIND_REF, 0, 0, 7}, {WRL_VALKIND_REF, WRL_VALTYPE_NULLABLE, 0, -0x15}};
    wrl_externtype_t type = {};
    EXPECT_EQ(words(type), "none");
    type.kind = WRL_EXTERN_FUNC;
    type.of.func = WRL_FUNCTYPE(WRL_TYPES_IN(params), WRL_TYPES_IN(results));
    EXPECT_EQ(words(type), "(i32, funcref) -> ((ref 7), (ref null struct))");
    type.of.func = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    EXPECT_EQ(words(type), "() -> ()");
    type.kind = WRL_EXTERN_GLOBAL;
    type.of.global = WRL_GLOBALTYPE(WRL_VALKIND_F64, true);
    EXPECT_EQ(words(type), "mut f64");
    type.kind = WRL_EXTERN_MEMORY;
    type.of.memory = WRL_MEMORYTYPE(1, WRL_NO_MAX);
    type.of.memory.is_64 = type.of.memory.is_shared = true;
    EXPECT_EQ(words(type), "i64 1.. pages shared");
    type.kind = WRL_EXTERN_TABLE;
    type.of.table = WRL_TABLETYPE(WRL_VALKIND_EXTERNREF, 1, UINT64_MAX - 1);
    EXPECT_EQ(words(type), "externref 1..18446744073709551614");
    type.kind = WRL_EXTERN_TAG;
    type.of.tag = WRL_FUNCTYPE(WRL_TYPES_N(params, 1), WRL_NO_TYPES);
    EXPECT_EQ(words(type), "(i32)");
    type.kind = static_cast<wrl_externkind_t>(17);
    EXPECT_EQ(words(type), "unknown");
}

/* Long types are cut in messages. A type that is printed on its own is complete. */
TEST(Text, LongTypesAreCut)
{
    std::vector<wrl_valtype_t> many(1000, WRL_TYPE_I32);
    wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_N(many.data(), 33), WRL_TYPES_N(many.data(), many.size()));
    wrl_text_t text = {};
    wrl__text_add_functype(&text, &type);
    std::string cut = taken(text);
    EXPECT_LT(cut.size(), 400u);
    EXPECT_NE(cut.find("i32, \xE2\x80\xA6 33 in all) -> (i32, "), std::string::npos) << cut;
    EXPECT_NE(cut.find("i32, \xE2\x80\xA6 1000 in all)"), std::string::npos) << cut;
    wrl_externtype_t printed = {};
    printed.kind = WRL_EXTERN_FUNC;
    printed.of.func = type;
    EXPECT_GT(wrl_externtype_print(&printed, nullptr, 0), 5u * 1000);
}

TEST(Text, PrintingIntoSmallBuffers)
{
    wrl_externtype_t type = {};
    type.kind = WRL_EXTERN_MEMORY;
    type.of.memory = WRL_MEMORYTYPE(1, 2);
    const std::string whole = "1..2 pages";
    EXPECT_EQ(wrl_externtype_print(&type, nullptr, 0), whole.size());
    for (size_t size = 0; size <= whole.size() + 1; size++) {
        std::vector<char> buffer(size + 1, '#');
        EXPECT_EQ(wrl_externtype_print(&type, buffer.data(), size), whole.size());
        EXPECT_EQ(buffer[size], '#');
        if (size) {
            EXPECT_EQ(std::string(buffer.data()), whole.substr(0, size - 1));
        }
    }
}

/* The C library's functions produce the same text. */
TEST(Text, OwnFormats)
{
    char buffer[256];
    auto same = [&buffer](const std::string &words) { EXPECT_EQ(words, buffer); };
#define SAME(...) ((void)snprintf(buffer, sizeof buffer, __VA_ARGS__), same(formatted(__VA_ARGS__)))
    SAME("no conversion");
    SAME("%s%s|%s", "", "one", "zwei \xC3\xA4");
    SAME("%c%c%c", 'a', '%', ' ');
    for (int number : {0, 1, -1, 9, 10, 99, 100, INT_MAX, INT_MIN}) {
        SAME("%d, %u, %x, %02x!", number, static_cast<unsigned>(number), static_cast<unsigned>(number),
             static_cast<unsigned>(number));
    }
    for (long number : {0L, 7L, -7L, LONG_MAX, LONG_MIN}) {
        SAME("a%ldb%luc%lxd", number, static_cast<unsigned long>(number), static_cast<unsigned long>(number));
    }
    for (long long number : {0LL, 15LL, 16LL, -16LL, LLONG_MAX, LLONG_MIN}) {
        SAME("%lld %llu %llx %02llx", number, static_cast<unsigned long long>(number),
             static_cast<unsigned long long>(number), static_cast<unsigned long long>(number));
    }
    for (size_t number : {size_t{0}, size_t{10}, SIZE_MAX}) {
        SAME("%zu 0x%zx", number, number);
    }
#undef SAME
}

/* An unknown conversion ends the text and consumes no argument (formats.py finds such conversions). */
TEST(Text, UnknownFormatsEndTheText)
{
    for (const char *format : {"a%", "a%%", "a%f", "a%.0f", "a%5d", "a%ls!", "a%hhd", "a%zd", "a%02d", "a%l", "a%02"}) {
        EXPECT_EQ(formatted(format), "a") << format;
    }
}
