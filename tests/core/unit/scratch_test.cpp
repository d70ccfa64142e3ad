/* The scratch stack, the arena and the growing array. */
#include "core.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <vector>

namespace {

struct Taken {
    unsigned char *room;
    size_t size;
    unsigned char fill;
    wrl_scratch_mark_t mark;
};

size_t allocations;

bool count_allocation(size_t)
{
    allocations++;
    return true;
}

} // namespace

TEST(Scratch, NestedRoomsDoNotOverlap)
{
    wrl_scratch_t scratch = {};
    std::vector<Taken> taken;
    std::mt19937 random(11);
    for (int step = 0; step < 5000; step++) {
        if (taken.empty() || random() % 5 < 3) {
            Taken one = {};
            one.size = random() % 20 == 0 ? 20000 + random() % 30000 : random() % 3000;
            one.fill = static_cast<unsigned char>(step);
            one.room = static_cast<unsigned char *>(wrl__scratch_take(&scratch, one.size, &one.mark));
            ASSERT_NE(one.room, nullptr);
            EXPECT_EQ(reinterpret_cast<uintptr_t>(one.room) % alignof(std::max_align_t), 0u);
            memset(one.room, one.fill, one.size);
            taken.push_back(one);
        } else {
            Taken one = taken.back();
            taken.pop_back();
            for (size_t i = 0; i < one.size; i++) {
                ASSERT_EQ(one.room[i], one.fill) << step;
            }
            wrl__scratch_release(&scratch, one.mark);
        }
    }
    wrl__scratch_free(&scratch);
}

TEST(Scratch, UsedAgainWithoutAllocating)
{
    wrl_scratch_t scratch = {};
    allocations = 0;
    for (int round = 0; round < 100; round++) {
        if (round == 1) {
            wrl__alloc_set_hook(count_allocation);
        }
        wrl_scratch_mark_t outer, middle, inner;
        ASSERT_NE(wrl__scratch_take(&scratch, 1000, &outer), nullptr);
        ASSERT_NE(wrl__scratch_take(&scratch, 40000, &middle), nullptr);
        ASSERT_NE(wrl__scratch_take(&scratch, 16000, &inner), nullptr);
        wrl__scratch_release(&scratch, inner);
        wrl__scratch_release(&scratch, middle);
        wrl__scratch_release(&scratch, outer);
    }
    wrl__alloc_set_hook(nullptr);
    EXPECT_EQ(allocations, 0u);
    wrl__scratch_free(&scratch);
}

TEST(Scratch, WhatWasReleasedIsTakenAgain)
{
    wrl_scratch_t scratch = {};
    wrl_scratch_mark_t outer, inner;
    ASSERT_NE(wrl__scratch_take(&scratch, 100, &outer), nullptr);
    void *first = wrl__scratch_take(&scratch, 1000, &inner);
    wrl__scratch_release(&scratch, inner);
    for (int round = 0; round < 100; round++) {
        EXPECT_EQ(wrl__scratch_take(&scratch, 1000, &inner), first);
        wrl__scratch_release(&scratch, inner);
    }
    wrl__scratch_release(&scratch, outer);
    wrl__scratch_free(&scratch);
}

TEST(Scratch, WithoutMemory)
{
    wrl_scratch_t scratch = {};
    wrl_scratch_mark_t mark, other;
    wrl__alloc_set_hook([](size_t) { return false; });
    EXPECT_EQ(wrl__scratch_take(&scratch, 10, &mark), nullptr);
    wrl__alloc_set_hook(nullptr);
    EXPECT_EQ(wrl__scratch_take(&scratch, SIZE_MAX, &mark), nullptr);
    EXPECT_EQ(wrl__scratch_take(&scratch, SIZE_MAX / 2 + 1, &mark), nullptr);
    ASSERT_NE(wrl__scratch_take(&scratch, 10, &mark), nullptr);
    wrl__alloc_set_hook([](size_t) { return false; });
    EXPECT_EQ(wrl__scratch_take(&scratch, 100000, &other), nullptr);
    EXPECT_NE(wrl__scratch_take(&scratch, 100, &other), nullptr);
    wrl__alloc_set_hook(nullptr);
    wrl__scratch_release(&scratch, other);
    wrl__scratch_release(&scratch, mark);
    wrl__scratch_free(&scratch);
    EXPECT_EQ(scratch.first, nullptr);
}

TEST(Arena, ManySizes)
{
    wrl_arena_t arena = {};
    std::vector<std::pair<unsigned char *, size_t>> rooms;
    for (size_t i = 0; i < 400; i++) {
        size_t size = i * 37 % 9000;
        unsigned char *room = static_cast<unsigned char *>(wrl__arena_alloc(&arena, size));
        ASSERT_NE(room, nullptr);
        EXPECT_EQ(reinterpret_cast<uintptr_t>(room) % alignof(std::max_align_t), 0u);
        for (size_t j = 0; j < size; j++) {
            ASSERT_EQ(room[j], 0);
        }
        memset(room, static_cast<int>(i & 0xFF) | 1, size);
        rooms.emplace_back(room, size);
    }
    for (size_t i = 0; i < rooms.size(); i++) {
        for (size_t j = 0; j < rooms[i].second; j++) {
            ASSERT_EQ(rooms[i].first[j], static_cast<int>(i & 0xFF) | 1);
        }
    }
    EXPECT_EQ(wrl__arena_alloc(&arena, SIZE_MAX), nullptr);
    wrl__arena_free(&arena);
}

TEST(Alloc, SizesThatOverflow)
{
    EXPECT_EQ(wrl__alloc_array(SIZE_MAX, 2), nullptr);
    void *nothing = wrl__alloc_array(0, 8);
    EXPECT_NE(nothing, nullptr);
    wrl__free(nothing);
    wrl__free(nullptr);
    void *items = nullptr;
    size_t capacity = 0;
    EXPECT_FALSE(wrl__grow(&items, &capacity, SIZE_MAX, 2));
    EXPECT_EQ(items, nullptr);
    EXPECT_EQ(capacity, 0u);
    ASSERT_TRUE(wrl__grow(&items, &capacity, 3, 4));
    EXPECT_GE(capacity, 3u);
    for (size_t i = 0; i < capacity * 4; i++) {
        EXPECT_EQ(static_cast<char *>(items)[i], 0);
    }
    wrl__free(items);
}
