/* The map from a backend's ids to record numbers. */
#include "core.h"

#include <gtest/gtest.h>

TEST(IdMap, Empty)
{
    wrl_idmap_t map = {};
    EXPECT_EQ(wrl__idmap_find(&map, WRL_EXTERN_FUNC, {{1, 2}}), SIZE_MAX);
    wrl__idmap_free(&map);
}

TEST(IdMap, KindAndBothWordsCount)
{
    wrl_idmap_t map = {};
    const wrl_backend_ref_t refs[] = {{{1, 2}}, {{2, 1}}, {{1, 0}}, {{0, 1}}, {{1, 1}}, {{UINT64_MAX, UINT64_MAX}}};
    size_t number = 0;
    for (wrl_externkind_t kind : {WRL_EXTERN_FUNC, WRL_EXTERN_GLOBAL, WRL_EXTERN_TAG}) {
        for (const wrl_backend_ref_t &ref : refs) {
            EXPECT_EQ(wrl__idmap_find(&map, kind, ref), SIZE_MAX);
            ASSERT_TRUE(wrl__idmap_add(&map, kind, ref, number));
            EXPECT_EQ(wrl__idmap_find(&map, kind, ref), number++);
        }
    }
    number = 0;
    for (wrl_externkind_t kind : {WRL_EXTERN_FUNC, WRL_EXTERN_GLOBAL, WRL_EXTERN_TAG}) {
        for (const wrl_backend_ref_t &ref : refs) {
            EXPECT_EQ(wrl__idmap_find(&map, kind, ref), number++);
        }
    }
    EXPECT_EQ(wrl__idmap_find(&map, WRL_EXTERN_MEMORY, refs[0]), SIZE_MAX);
    wrl__idmap_free(&map);
}

TEST(IdMap, Many)
{
    wrl_idmap_t map = {};
    const size_t count = 50000;
    for (size_t i = 0; i < count; i++) {
        /* Keys like addresses: far apart, with low bits of zero. */
        ASSERT_TRUE(wrl__idmap_add(&map, WRL_EXTERN_FUNC, {{0x7F0000000000u + i * 64, i % 3}}, i));
    }
    for (size_t i = 0; i < count; i++) {
        ASSERT_EQ(wrl__idmap_find(&map, WRL_EXTERN_FUNC, {{0x7F0000000000u + i * 64, i % 3}}), i);
    }
    EXPECT_EQ(wrl__idmap_find(&map, WRL_EXTERN_FUNC, {{0x7F0000000001u, 0}}), SIZE_MAX);
    wrl__idmap_free(&map);
    EXPECT_EQ(map.slots, nullptr);
}

TEST(IdMap, WithoutMemoryNothingChanges)
{
    wrl_idmap_t map = {};
    wrl__alloc_set_hook([](size_t) { return false; });
    EXPECT_FALSE(wrl__idmap_add(&map, WRL_EXTERN_FUNC, {{1, 0}}, 0));
    wrl__alloc_set_hook(nullptr);
    size_t count = 0;
    while (map.slot_count == 0 || map.used * 4 < map.slot_count * 3) {
        ASSERT_TRUE(wrl__idmap_add(&map, WRL_EXTERN_FUNC, {{count, 1}}, count));
        count++;
    }
    wrl__alloc_set_hook([](size_t) { return false; });
    EXPECT_FALSE(wrl__idmap_add(&map, WRL_EXTERN_FUNC, {{count, 1}}, count));
    wrl__alloc_set_hook(nullptr);
    EXPECT_EQ(wrl__idmap_find(&map, WRL_EXTERN_FUNC, {{count - 1, 1}}), count - 1);
    EXPECT_EQ(wrl__idmap_find(&map, WRL_EXTERN_FUNC, {{count, 1}}), SIZE_MAX);
    EXPECT_TRUE(wrl__idmap_add(&map, WRL_EXTERN_FUNC, {{count, 1}}, count));
    EXPECT_FALSE(wrl__idmap_add(&map, WRL_EXTERN_FUNC, {{9, 9}}, UINT32_MAX));
    wrl__idmap_free(&map);
}
