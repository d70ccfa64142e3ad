/* Changes of the operand stack's height, for instructions whose change is always the same. */
#include "binary/height.h"

#include "binary/format.h"

#include <stdint.h>

/* The change for all codes up to and including `last`. */
typedef struct change {
    uint16_t last;
    int8_t by;
} change_t;

static const change_t plain_changes[] = {
    {0x0c, 0}, {0x0e, -1}, {0x19, 0},  {0x1a, -1}, {0x1c, -2}, {0x1f, 0},  {0x20, 1},  {0x21, -1},
    {0x22, 0}, {0x23, 1},  {0x24, -1}, {0x25, 0},  {0x26, -2}, {0x35, 0},  {0x3e, -2}, {0x3f, 1},
    {0x40, 0}, {0x44, 1},  {0x45, 0},  {0x4f, -1}, {0x50, 0},  {0x66, -1}, {0x69, 0},  {0x78, -1},
    {0x7b, 0}, {0x8a, -1}, {0x91, 0},  {0x98, -1}, {0x9f, 0},  {0xa6, -1}, {0xcf, 0},  {0xd0, 1},
    {0xd1, 0}, {0xd2, 1},  {0xd3, -1}, {0xd5, 0},  {0xd6, -1}, {0xff, 0},
};

static const change_t collected_changes[] = {
    {0, 1},   {1, 1},   {4, 0},  {5, -2},  {6, -1},  {7, 0},   {8, 1},          {10, -1},
    {13, -1}, {14, -3}, {15, 0}, {16, -4}, {17, -5}, {19, -4}, {UINT16_MAX, 0},
};

static const change_t bulk_changes[] = {
    {7, 0},   {8, -3}, {9, 0},   {12, -3}, {13, 0},  {14, -3},
    {15, -1}, {16, 1}, {17, -3}, {18, 0},  {20, -2}, {UINT16_MAX, 0},
};

static const change_t vector_changes[] = {
    {10, 0},   {11, -2},  {12, 1},   {14, -1},  {22, 0},   {23, -1},  {25, 0},   {26, -1},  {27, 0},
    {28, -1},  {29, 0},   {30, -1},  {31, 0},   {32, -1},  {33, 0},   {34, -1},  {76, -1},  {77, 0},
    {81, -1},  {82, -2},  {83, 0},   {87, -1},  {91, -2},  {100, 0},  {102, -1}, {106, 0},  {115, -1},
    {117, 0},  {121, -1}, {122, 0},  {123, -1}, {129, 0},  {130, -1}, {132, 0},  {134, -1}, {138, 0},
    {147, -1}, {148, 0},  {159, -1}, {170, 0},  {191, -1}, {202, 0},  {223, -1}, {227, 0},  {235, -1},
    {239, 0},  {247, -1}, {255, 0},  {256, -1}, {260, 0},  {268, -2}, {274, -1}, {275, -2}, {UINT16_MAX, 0},
};

static const change_t atomic_changes[] = {
    {0, -1}, {2, -2}, {0x16, 0}, {0x1d, -2}, {0x47, -1}, {0x4e, -2}, {UINT16_MAX, 0},
};

static int find_change(const change_t *changes, uint32_t code)
{
    while (code > changes->last && changes->last < UINT16_MAX) {
        changes++;
    }
    return changes->by;
}

int wrl__height_change(const wrl_instruction_t *instruction)
{
    switch (instruction->op) {
    case OP_GC:
        return find_change(collected_changes, instruction->code);
    case OP_BULK:
        return find_change(bulk_changes, instruction->code);
    case OP_SIMD:
        return find_change(vector_changes, instruction->code);
    case OP_ATOMIC:
        return find_change(atomic_changes, instruction->code);
    default:
        return find_change(plain_changes, instruction->op & 0xff);
    }
}
