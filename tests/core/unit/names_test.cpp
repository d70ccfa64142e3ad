/* The index by name. */
#include "core.h"

#include <gtest/gtest.h>

#include <vector>

namespace {

typedef std::vector<std::pair<std::string, std::string>> Entries;

wrl_name_t name_of(const std::string &text)
{
    return {text.data(), text.size()};
}

wrl_name_key_t key_of(const void *context, size_t number)
{
    const auto &entry = (*static_cast<const Entries *>(context))[number];
    return {name_of(entry.first), name_of(entry.second)};
}

size_t find(const wrl_names_t &names, const Entries &entries, const std::string &first, const std::string &second)
{
    return wrl__names_find(&names, {name_of(first), name_of(second)}, key_of, &entries);
}

} // namespace

TEST(Names, EmptyIndex)
{
    wrl_names_t names = {};
    EXPECT_EQ(find(names, {}, "a", ""), SIZE_MAX);
    wrl__names_free(&names);
}

TEST(Names, TenThousand)
{
    Entries entries;
    wrl_names_t names = {};
    for (size_t i = 0; i < 10000; i++) {
        entries.emplace_back("module" + std::to_string(i % 7), "name" + std::to_string(i));
        ASSERT_TRUE(wrl__names_add(&names, i, key_of, &entries));
    }
    for (size_t i = 0; i < entries.size(); i++) {
        EXPECT_EQ(find(names, entries, entries[i].first, entries[i].second), i);
    }
    EXPECT_EQ(find(names, entries, "module0", "name1"), SIZE_MAX);
    EXPECT_EQ(find(names, entries, "name0", "module0"), SIZE_MAX);
    EXPECT_LE(names.used * 4, names.slot_count * 3);
    wrl__names_free(&names);
    EXPECT_EQ(names.slot_count, 0u);
}

TEST(Names, TheBorderBetweenBothPartsCounts)
{
    Entries entries = {{"ab", "c"}, {"a", "bc"}, {"abc", ""}, {"", "abc"}, {"", ""}, {std::string("\0", 1), ""}};
    wrl_names_t names = {};
    for (size_t i = 0; i < entries.size(); i++) {
        ASSERT_EQ(find(names, entries, entries[i].first, entries[i].second), SIZE_MAX) << i;
        ASSERT_TRUE(wrl__names_add(&names, i, key_of, &entries));
    }
    for (size_t i = 0; i < entries.size(); i++) {
        EXPECT_EQ(find(names, entries, entries[i].first, entries[i].second), i);
    }
    wrl__names_free(&names);
}

TEST(Names, ReservedRoomIsEnough)
{
    Entries entries;
    wrl_names_t names = {};
    ASSERT_TRUE(wrl__names_reserve(&names, 500, key_of, &entries));
    size_t slots = names.slot_count;
    wrl__alloc_set_hook([](size_t) { return false; });
    for (size_t i = 0; i < 500; i++) {
        entries.emplace_back(std::to_string(i), "");
        EXPECT_TRUE(wrl__names_add(&names, i, key_of, &entries));
    }
    wrl__alloc_set_hook(nullptr);
    EXPECT_EQ(names.slot_count, slots);
    wrl__names_free(&names);
}

TEST(Names, WithoutMemoryNothingChanges)
{
    Entries entries;
    wrl_names_t names = {};
    for (size_t i = 0; i < 12; i++) {
        entries.emplace_back(std::to_string(i), "");
        ASSERT_TRUE(wrl__names_add(&names, i, key_of, &entries));
    }
    entries.emplace_back("more", "");
    wrl__alloc_set_hook([](size_t) { return false; });
    EXPECT_FALSE(wrl__names_add(&names, 12, key_of, &entries));
    wrl__alloc_set_hook(nullptr);
    EXPECT_EQ(find(names, entries, "11", ""), 11u);
    EXPECT_EQ(find(names, entries, "more", ""), SIZE_MAX);
    EXPECT_FALSE(wrl__names_add(&names, UINT32_MAX, key_of, &entries));
    EXPECT_FALSE(wrl__names_reserve(&names, SIZE_MAX / 2, key_of, &entries));
    wrl__names_free(&names);
}
