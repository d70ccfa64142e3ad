/* The effort of compilation: the estimate, its limits, and the memory that the reader itself uses. */
#include "core.h"
#include "malloc_count.h"
#include "wasm_bytes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

extern "C" {
#include "effort.h"
}

namespace {

const int CONST = 0x41, GET = 0x20, SET = 0x21, DROP = 0x1A, END = 0x0B, EMPTY = 0x40;
const wrl_effort_limits_t unlimited = {UINT64_MAX, UINT64_MAX, false};

Bytes repeat(const Bytes &what, size_t count)
{
    Bytes all;
    for (size_t i = 0; i < count; i++) {
        all.add(what);
    }
    return all;
}

/* Returns the sections of a module whose functions have type 0, () -> (), and these bodies. Type 1 has `width`
 * parameters and as many results. */
std::vector<Bytes> sections_with(const std::vector<Bytes> &bodies, size_t width = 0)
{
    Bytes values = Bytes().u(width).add(repeat(Bytes{0x7F}, width));
    Bytes types = Bytes{3, 0x60, 0, 0, 0x60}.add(values).add(values).add(Bytes{0x5F, 2, 0x7F, 0, 0x7F, 0});
    Bytes code = Bytes().u(bodies.size());
    for (const Bytes &body : bodies) {
        code.u(body.size()).add(body);
    }
    return {section(1, types), section(3, Bytes().u(bodies.size()).add(repeat(Bytes{0}, bodies.size()))),
            section(13, Bytes{1, 0, 0}), section(6, Bytes{2, 0x7F, 1, CONST, 0, END, 0x7F, 1, CONST, 0, END}),
            section(10, code)};
}

Bytes body_of(const Bytes &code, size_t locals = 0)
{
    Bytes body = locals ? Bytes{1}.u(locals).byte(0x7F) : Bytes{0};
    return body.add(code).byte(END);
}

/* Returns a module with one function. */
Bytes with_body(const Bytes &code, size_t locals = 0, size_t width = 0)
{
    return module(sections_with({body_of(code, locals)}, width));
}

/* Returns the size of all sections except custom sections and data. */
size_t compiled_size(const Bytes &whole)
{
    size_t sum = 0;
    for (size_t at = 8; at < whole.size();) {
        const int id = whole.data()[at++];
        size_t size = 0;
        for (unsigned shift = 0; shift < 35; shift += 7) {
            const uint8_t byte = whole.data()[at++];
            size |= static_cast<size_t>(byte & 0x7F) << shift;
            if (byte < 0x80) {
                break;
            }
        }
        sum += id == 0 || id == 11 ? 0 : size;
        at += size;
    }
    return sum;
}

struct Looked {
    Outcome outcome{nullptr};
    wrl_effort_t effort = {0, 0};

    explicit Looked(const Bytes &bytes, const wrl_effort_limits_t &limits = unlimited)
    {
        wrl_module_info_t info;
        outcome = Outcome(wrl__module_info_read(bytes.data(), bytes.size(), true, &info));
        if (outcome.ok) {
            outcome = Outcome(wrl__effort_check(&info, bytes.data(), &limits, &effort));
            wrl__module_info_free(&info);
        }
    }
};

/* Returns the additional work per byte compared with empty code. */
double work_per_byte(const Bytes &bytes)
{
    return (Looked(bytes).effort.work - Looked(with_body({})).effort.work) / static_cast<double>(bytes.size());
}

void expect_limit(const Bytes &bytes, const std::string &words)
{
    Looked looked(bytes);
    EXPECT_FALSE(looked.outcome.ok) << words;
    EXPECT_EQ(looked.outcome.kind, WRL_ERROR_RESOURCE_LIMIT) << looked.outcome.message;
    EXPECT_TRUE(looked.outcome.has(words)) << looked.outcome.message << "\nwanted: " << words;
}

} // namespace

TEST(Effort, PlainCodeIsCheap)
{
    EXPECT_LT(work_per_byte(with_body(repeat(Bytes{GET, 0, CONST, 1, 0x6A, SET, 0}, 10000), 1)), 3);
    EXPECT_LT(work_per_byte(with_body(repeat(Bytes{GET, 0, 0x04, EMPTY, CONST, 1, SET, 0, END}, 10000), 1)), 3);
}

/* Each shape costs more than twice as much at twice the size, or more than the limit for its size. */
TEST(Effort, ShapesThatAreDear)
{
    const std::pair<const char *, std::function<Bytes(size_t)>> all[] = {
        {"values through loops",
         [](size_t n) {
             return with_body(
                 repeat(Bytes{CONST, 0}, 100).add(repeat(Bytes{0x03, 1, END}, n)).add(repeat(Bytes{DROP}, 100)), 0,
                 100);
         }},
        {"values by branches",
         [](size_t n) {
             return with_body(repeat(Bytes{CONST, 0}, 100)
                                  .add(Bytes{0x02, 1})
                                  .add(repeat(Bytes{CONST, 0, 0x0D, 0}, n))
                                  .byte(END)
                                  .add(repeat(Bytes{DROP}, 100)),
                              0, 100);
         }},
        {"merged locals",
         [](size_t n) {
             Bytes sets;
             for (size_t i = 0; i < 200; i++) {
                 sets.add(Bytes{CONST, 0, SET}.u(i));
             }
             return with_body(repeat(Bytes{0x02, EMPTY}, n).add(sets).add(repeat(Bytes{END}, n)), 200);
         }},
        {"live locals",
         [](size_t n) {
             Bytes gets;
             for (size_t i = 0; i < 1000; i++) {
                 gets.byte(GET).u(i).byte(DROP);
             }
             return with_body(repeat(Bytes{CONST, 0, 0x04, EMPTY, END}, n).add(gets), 1000);
         }},
        {"live operands",
         [](size_t n) {
             return with_body(
                 repeat(Bytes{0x3F, 0}, 1000).add(repeat(Bytes{0x02, EMPTY, END}, n)).add(repeat(Bytes{DROP}, 1000)));
         }},
        {"handlers",
         [](size_t n) {
             return with_body(Bytes{0x02, EMPTY}
                                  .add(repeat(Bytes{0x1F, EMPTY, 1, 2, 0}, 100))
                                  .add(repeat(Bytes{0x10, 0}, n))
                                  .add(repeat(Bytes{END}, 101)));
         }},
        {"objects",
         [](size_t n) {
             return with_body(repeat(Bytes{0xFB, 1, 2, DROP}, n));
         }},
        {"calls by a table",
         [](size_t n) {
             return with_body(repeat(Bytes{CONST, 0, 0x11, 0, 0}, n));
         }},
    };
    for (const auto &one : all) {
        EXPECT_GT(work_per_byte(one.second(1000)), 10) << one.first;
    }
}

TEST(Effort, JustWithinAndBeyond)
{
    Bytes bytes = with_body(repeat(Bytes{CONST, 0, 0x11, 0, 0}, 4000));
    const size_t size = compiled_size(bytes);
    wrl_effort_t effort = Looked(bytes).effort;
    uint64_t work = static_cast<uint64_t>(std::ceil(effort.work)) - WRL_COMPILE_WORK_PER_BYTE * size;
    uint64_t memory = static_cast<uint64_t>(std::ceil(effort.memory)) - WRL_COMPILE_MEMORY_PER_BYTE * size;
    EXPECT_TRUE(Looked(bytes, {work, memory, false}).outcome.ok);
    Looked worked(bytes, {work - 1, memory, false});
    EXPECT_EQ(worked.outcome.kind, WRL_ERROR_RESOURCE_LIMIT);
    EXPECT_TRUE(worked.outcome.has("function 0")) << worked.outcome.message;
    EXPECT_TRUE(worked.outcome.has("max_compile_work")) << worked.outcome.message;
    EXPECT_TRUE(worked.outcome.has(std::to_string(work - 1 + WRL_COMPILE_WORK_PER_BYTE * size)))
        << worked.outcome.message;
    Looked kept(bytes, {work, memory - 1, false});
    EXPECT_EQ(kept.outcome.kind, WRL_ERROR_RESOURCE_LIMIT);
    EXPECT_TRUE(kept.outcome.has("max_compile_memory")) << kept.outcome.message;
}

/* With fuel, the cost of blocks grows by their square. Without fuel they are cheap. */
TEST(Effort, FuelMakesBlocksDear)
{
    for (size_t count : {10000, 20000}) {
        Bytes bytes = with_body(repeat(Bytes{0x03, EMPTY, END}, count));
        const double plain = Looked(bytes).effort.work;
        const double fuel = Looked(bytes, {UINT64_MAX, UINT64_MAX, true}).effort.work;
        EXPECT_GT(fuel - plain, 0.01 * static_cast<double>(count) * static_cast<double>(count));
    }
}

/* Only bytes that a compiler processes raise the limit. */
TEST(Effort, CustomSectionsAndDataAllowNothing)
{
    std::vector<Bytes> sections = sections_with({body_of(repeat(Bytes{CONST, 0, 0x11, 0, 0}, 4000))});
    const Bytes plain = module(sections);
    const double effort = Looked(plain).effort.work;
    const uint64_t work = static_cast<uint64_t>(std::ceil(effort)) - WRL_COMPILE_WORK_PER_BYTE * compiled_size(plain);
    EXPECT_TRUE(Looked(plain, {work, UINT64_MAX, false}).outcome.ok);
    EXPECT_FALSE(Looked(plain, {work - 1, UINT64_MAX, false}).outcome.ok);
    const Bytes filler = repeat(Bytes{0}, 100000), empty = repeat(Bytes{0, 1, 0}, 1000);
    std::vector<Bytes> more[4] = {sections, sections, sections, sections};
    more[0].insert(more[0].begin(), custom("first", filler));
    more[1].push_back(custom("last", filler));
    more[2].push_back(section(11, Bytes{1, 1}.u(filler.size()).add(filler)));
    more[3].insert(more[3].begin() + 2, empty);
    for (const std::vector<Bytes> &one : more) {
        EXPECT_TRUE(Looked(module(one), {work, UINT64_MAX, false}).outcome.ok);
        EXPECT_EQ(Looked(module(one), {work - 1, UINT64_MAX, false}).outcome.kind, WRL_ERROR_RESOURCE_LIMIT);
    }
    /* Element segments raise the limit, as they are compiled. */
    sections.insert(sections.end() - 1, section(9, Bytes{1, 3, 0}.u(1000).add(repeat({0}, 1000))));
    EXPECT_TRUE(Looked(module(sections), {work - 1000 * WRL_COMPILE_WORK_PER_BYTE, UINT64_MAX, false}).outcome.ok);
}

/* The limits of the JS API for functions, and this library's limit of nesting. */
TEST(Effort, LimitsOfFunctions)
{
    EXPECT_TRUE(Looked(with_body({}, 50000)).outcome.ok);
    expect_limit(with_body({}, 50001), "function 0 has 50001 locals, more than 50000");
    expect_limit(with_body({}, UINT32_MAX), "4294967295 locals");
    EXPECT_TRUE(Looked(with_body(Bytes{0xFB, 8, 0}.u(10000))).outcome.ok);
    expect_limit(with_body(Bytes{0xFB, 8, 0}.u(10001)), "10001 operands");
    EXPECT_TRUE(Looked(with_body(repeat(Bytes{0x01}, 7654321 - 2))).outcome.ok);
    expect_limit(with_body(repeat(Bytes{0x01}, 7654321 - 1)), "7654322 bytes, more than 7654321");
    EXPECT_TRUE(Looked(with_body(repeat(Bytes{0x02, EMPTY}, 49999).add(repeat(Bytes{END}, 49999)))).outcome.ok);
    expect_limit(with_body(repeat(Bytes{0x02, EMPTY}, 50000)), "50000 nested blocks");
}

TEST(Effort, WithoutMemory)
{
    static size_t left;
    Bytes bytes =
        with_body(Bytes{CONST, 0}.add(repeat(Bytes{0x02, 1}, 20)).add(repeat(Bytes{END}, 20)).byte(SET).byte(0), 1, 1);
    wrl_module_info_t info;
    ASSERT_OK(wrl__module_info_read(bytes.data(), bytes.size(), true, &info));
    size_t failures = 0;
    for (bool ok = false; !ok; failures += !ok) {
        left = failures;
        wrl__alloc_set_hook([](size_t) { return left-- != 0; });
        wrl_effort_t effort = {0, 0};
        wrl_error_t *error = wrl__effort_check(&info, bytes.data(), &unlimited, &effort);
        wrl__alloc_set_hook(nullptr);
        ok = !error;
        EXPECT_TRUE(ok || wrl_error_kind(error) == WRL_ERROR_OUT_OF_MEMORY);
        wrl_error_delete(error);
    }
    EXPECT_GE(failures, 5u);
    wrl__module_info_free(&info);
}

using Sections = std::vector<std::pair<int, Bytes>>;

/* A module with every kind of segment and of initial value. */
Sections sections_of_startup()
{
    return {
        {1, {4, 0x60, 0, 0, 0x50, 0, 0x5F, 0, 0x50, 0, 0x5E, 0x7F, 1, 0x50, 1, 1, 0x5F, 0}},
        {2, {2, 1, 'a', 1, 'g', 3, 0x7F, 0, 1, 'a', 1, 't', 1, 0x70, 0, 1}},
        {3, {1, 0}},
        {4, {4, 0x70, 0, 10, 0x40, 0, 0x70, 0, 10, 0xD2, 0, END, 0x40, 0, 0x6E, 0, 10, 0xFB, 1, 1, END, 0x6F, 5, 1, 2}},
        {5, {2, 0, 3, 4, 3}},
        {6, {3, 0x6E, 0, 0xFB, 1, 1, END, 0x7F, 0, 0x23, 0, END, 0x7E, 0, 0x42, 0x7F, END}},
        {9, {8, 0,   0x23, 0, END,   2, 0,   0,     1, 0,    2,    0,    0, 2,    1, CONST, 1, END,  0,
             1, 0,   3,    0, 1,     0, 4,   CONST, 0, END,  1,    0xD2, 0, END,  5, 0x6E,  1, 0xFB, 1,
             1, END, 6,    3, CONST, 0, END, 0x6E,  1, 0xD0, 0x6E, END,  7, 0x70, 1, 0xD2,  0, END}},
        {10, {1, 2, 0, END}},
        {11, {3, 0, CONST, 1, END, 2, 1, 1, 1, 1, 3, 2, 1, 0x42, 0x7F, END, 1, 3}},
    };
}

Bytes module_of(const Sections &sections)
{
    std::vector<Bytes> all;
    for (const auto &one : sections) {
        all.push_back(section(one.first, one.second));
    }
    return module(all);
}

double startup_work(const std::vector<std::pair<int, Bytes>> &sections)
{
    Looked looked(module_of(sections));
    EXPECT_TRUE(looked.outcome.ok) << looked.outcome.message;
    return looked.effort.work;
}

/* Segments at a constant offset cost nothing, unless an earlier segment has another offset. */
TEST(Effort, SegmentsThatAreImages)
{
    const Bytes functions = repeat(Bytes{0}, 100);
    const Bytes known = Bytes{0, CONST, 0, END, 100}.add(functions),
                unknown = Bytes{0, 0x23, 0, END, 100}.add(functions);
    const auto work = [](const Bytes &segments) {
        return startup_work({{1, {1, 0x60, 0, 0}},
                             {2, {1, 1, 'a', 1, 'g', 3, 0x7F, 0}},
                             {3, {1, 0}},
                             {4, {1, 0x70, 0, 100}},
                             {9, segments},
                             {10, {1, 2, 0, END}}});
    };
    const double none = work({0}), entries = work(Bytes{1}.add(unknown)) - none;
    EXPECT_GT(entries, 2000);
    EXPECT_LT(work(Bytes{1}.add(known)) - none, 10);
    EXPECT_LT(work(Bytes{2}.add(known).add(unknown)) - none, 1.1 * entries);
    EXPECT_GT(work(Bytes{2}.add(unknown).add(known)) - none, 1.9 * entries);
}

/* Nothing is read beyond the sections, whatever they contain. */
TEST(Effort, BrokenStartup)
{
    const Sections whole = sections_of_startup();
    ASSERT_TRUE(Looked(module_of(whole)).outcome.ok) << Looked(module_of(whole)).outcome.message;
    size_t passed = 0;
    for (size_t i = 0; i < whole.size(); i++) {
        for (size_t at = 0; at < whole[i].second.size(); at++) {
            for (int byte : {-1, 0, 1, 0x7F, 0x80, 0xFF}) {
                Sections broken = whole;
                Bytes &contents = broken[i].second;
                if (byte < 0) {
                    contents.resize(at);
                } else {
                    contents[at] = static_cast<uint8_t>(byte);
                }
                passed += Looked(module_of(broken)).outcome.ok;
            }
        }
    }
    EXPECT_GT(passed, 100u);
}

/* The engine rejects broken bodies. */
TEST(Effort, BrokenBodies)
{
    const Bytes broken[] = {
        {0xFF},                      /* An unknown instruction. */
        {0x41},                      /* Cut off. */
        {END, END, END},             /* More ends than blocks. */
        {0x05},                      /* An else without an if. */
        {DROP, DROP, DROP},          /* Nothing to drop. */
        {0x0C, 0xFF, 0xFF, 0x03},    /* An unknown label. */
        {0x10, 0xFF, 0xFF, 0x03},    /* An unknown function. */
        {0x11, 0xFF, 0xFF, 0x03, 0}, /* An unknown type. */
        {GET, 0xFF, 0xFF, 0x03},     /* An unknown local. */
        {SET, 0xFF, 0xFF, 0x03},
        {0x24, 0xFF, 0xFF, 0x03}, /* An unknown global. */
        {0x02, 0xFF, 0xFF, 0x03}, /* An unknown block type. */
        {0x0E, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F},
        {0x1F, EMPTY, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F},
        {0xFB, 0, 0xFF, 0xFF, 0x03},
        {0x08, 9},
    };
    for (const Bytes &code : broken) {
        Looked looked(with_body(code));
        EXPECT_TRUE(looked.outcome.ok) << looked.outcome.message;
        Bytes whole = with_body(code);
        for (size_t size = whole.size(); size > 8; size--) {
            Bytes cut = whole;
            cut.resize(size);
            (void)Looked(cut);
        }
    }
}

/* An engine may have compiled the functions after a broken one before it rejects the module. */
TEST(Effort, FunctionsAfterABrokenBody)
{
    const Bytes dear = body_of(repeat(Bytes{CONST, 0, 0x11, 0, 0}, 4000));
    const double work = Looked(module(sections_with({body_of({}), dear}))).effort.work;
    const Bytes broken[] = {
        {0, 0xFF, END},       /* An unknown instruction. */
        {0, 0xFB, 127, END},  /* An unknown prefixed instruction. */
        {0, CONST},           /* Cut off. */
        {},                   /* Empty. */
        {0, END, END, END},   /* More ends than blocks. */
        {0, DROP, DROP, END}, /* Nothing to drop. */
        {0x0C, 0x7F},         /* Locals that are cut off. */
        {2, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x7F, END}, /* Locals that are too many to
                                                                                           * count. */
    };
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        const Bytes bytes = module(sections_with({broken[i], dear}));
        Looked looked(bytes);
        EXPECT_TRUE(looked.outcome.ok) << i << ": " << looked.outcome.message;
        EXPECT_GT(looked.effort.work, 0.9 * work) << i;
        Looked limited(bytes, {0, UINT64_MAX, false});
        EXPECT_EQ(limited.outcome.kind, WRL_ERROR_RESOURCE_LIMIT) << i;
        EXPECT_TRUE(limited.outcome.has("function 1")) << i << ": " << limited.outcome.message;
    }
}

/* The JS API, section "Implementation-defined Limits". */
TEST(Reader, LimitsOfTheJsApi)
{
    auto many = [](int id, size_t count, const Bytes &item) {
        return section(id, Bytes().u(count).add(repeat(item, count)));
    };
    auto typed = [](const Bytes &one) { return module({section(1, Bytes{1, 0x60, 0, 0}), one}); };
    const struct {
        const char *what;
        size_t most;
        std::function<Bytes(size_t)> make;
    } all[] = {
        {"types", 1000000,
         [&](size_t n) {
             return module({many(1, n, {0x5F, 0})});
         }},
        {"imports", 1000000,
         [&](size_t n) {
             return typed(many(2, n, {0, 0, 0, 0}));
         }},
        {"functions", 1000000, [&](size_t n) { return typed(many(3, n, {0})); }},
        {"tables", 100000,
         [&](size_t n) {
             return module({many(4, n, {0x70, 0, 0})});
         }},
        {"memories", 100,
         [&](size_t n) {
             return module({many(5, n, {0, 0})});
         }},
        {"memories", 100,
         [&](size_t n) {
             return module({many(2, n - 1, {0, 0, 2, 0, 0}), many(5, 1, {0, 0})});
         }},
        {"tags", 1000000,
         [&](size_t n) {
             return typed(many(13, n, {0, 0}));
         }},
        {"globals", 1000000,
         [&](size_t n) {
             return module({many(6, n, {0x7F, 0, END})});
         }},
        {"data segments", 100000,
         [&](size_t n) {
             return module({many(11, n, {1, 0})});
         }},
        {"elements of a segment", 10000000,
         [&](size_t n) {
             return module({section(9, Bytes{1, 1, 0}.u(n).add(repeat({0}, n)))});
         }},
        {"fields of a struct", 10000,
         [&](size_t n) {
             return module({section(1, Bytes{1, 0x5F}.u(n).add(repeat({0x7F, 0}, n)))});
         }},
        {"operands of array.new_fixed", 10000,
         [&](size_t n) {
             return module({section(6, Bytes{1, 0x6E, 0, 0xFB, 8, 0}.u(n).byte(END))});
         }},
        {"supertypes of a type", 63,
         [&](size_t n) {
             Bytes types = Bytes().u(n + 1).add(Bytes{0x50, 0, 0x5F, 0});
             for (size_t i = 0; i < n; i++) {
                 types.add(Bytes{0x50, 1}.u(i).add(Bytes{0x5F, 0}));
             }
             return module({section(1, types)});
         }},
    };
    for (const auto &one : all) {
        for (size_t more : {0, 1}) {
            Bytes bytes = one.make(one.most + more);
            wrl_module_info_t info;
            Outcome outcome(wrl__module_info_read(bytes.data(), bytes.size(), true, &info));
            if (outcome.ok) {
                wrl__module_info_free(&info);
            }
            EXPECT_EQ(outcome.ok, more == 0) << one.what << ": " << outcome.message;
            if (more) {
                EXPECT_EQ(outcome.kind, WRL_ERROR_RESOURCE_LIMIT) << outcome.message;
                std::string words =
                    std::to_string(one.most + 1) + " " + one.what + ", more than " + std::to_string(one.most);
                EXPECT_TRUE(outcome.has(words)) << outcome.message << "\nwanted: " << words;
            }
        }
    }
}

#ifdef WRL_UNIT_COUNTS_MALLOC
/* The reader never holds more than eight bytes for each byte of a module, whatever the module contains. */
TEST(Reader, HeapForEachByte)
{
    auto many = [](int id, size_t count, const Bytes &item) {
        return section(id, Bytes().u(count).add(repeat(item, count)));
    };
    auto typed = [](const Bytes &one) { return module({section(1, Bytes{1, 0x60, 0, 0}), one}); };
    Bytes exports = Bytes().u(100000);
    for (size_t i = 0; i < 100000; i++) {
        exports.byte(3)
            .byte('0' + int(i % 64))
            .byte('0' + int(i / 64 % 64))
            .byte('0' + int(i / 4096 % 64))
            .byte(0)
            .byte(0);
    }
    Bytes names = Bytes().u(100000);
    for (size_t i = 0; i < 100000; i++) {
        names.u(i).byte(0);
    }
    Bytes params = Bytes().u(200);
    for (size_t i = 0; i < 200; i++) {
        params.byte(0x60).u(1000).add(repeat({0x7F}, 1000)).byte(0);
    }
    Bytes customs;
    for (size_t i = 0; i < 100000; i++) {
        customs.add(Bytes{0, 1, 0});
    }
    const std::pair<const char *, Bytes> all[] = {
        {"types", module({many(1, 100000, {0x5F, 0})})},
        {"function types", module({many(1, 100000, {0x60, 0, 0})})},
        {"parameters", module({section(1, params)})},
        {"one parameter", module({many(1, 100000, {0x60, 1, 0x7F, 0})})},
        {"groups", module({many(1, 100000, {0x4E, 0})})},
        {"imports", typed(many(2, 100000, {0, 0, 0, 0}))},
        {"imported globals", module({many(2, 100000, {0, 0, 3, 0x7F, 0})})},
        {"functions", typed(many(3, 100000, {0}))},
        {"tables", module({many(4, 100000, {0x70, 0, 0})})},
        {"tags", typed(many(13, 100000, {0, 0}))},
        {"globals", module({many(6, 100000, {0x7F, 0, END})})},
        {"exports", module({section(1, Bytes{1, 0x60, 0, 0}), section(3, Bytes{1, 0}), section(7, exports)})},
        {"exports that are not there", module({section(7, Bytes().u(33333).add(repeat({0xFF}, 100000)))})},
        {"elements", module({section(9, Bytes{1, 1, 0}.u(100000).add(repeat({0}, 100000)))})},
        {"data", module({many(11, 100000, {1, 0})})},
        {"custom sections", Bytes(header()).add(customs)},
        {"names", module({custom("name", subsection(1, names))})},
        {"a name", module({custom("name", subsection(0, Bytes().text(std::string(100000, 'x'))))})},
    };
    for (const auto &one : all) {
        malloc_peak_start();
        wrl_module_info_t info;
        wrl_error_t *error = wrl__module_info_read(one.second.data(), one.second.size(), true, &info);
        size_t peak = malloc_peak_stop();
        if (!error) {
            wrl__module_info_free(&info);
        }
        wrl_error_delete(error);
        EXPECT_LE(peak, 8 * one.second.size() + 4096)
            << one.first << ": " << static_cast<double>(peak) / static_cast<double>(one.second.size()) << " a byte";
    }
}
#endif
