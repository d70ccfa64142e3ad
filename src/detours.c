#include "detours.h"

#include "binary/format.h"

/* The number of detours for all codes up to and including `last`. A detour costs about 4 KiB and 12 us, measured with
 * wasmtime 48. */
typedef struct detours {
    uint16_t last;
    uint8_t count;
} detours_t;

static const detours_t collected_detours[] = {
    {1, 6},  {5, 1},  {7, 9},  {8, 6},  {9, 9},  {10, 13}, {14, 4},
    {15, 1}, {16, 3}, {17, 5}, {18, 2}, {19, 7}, {25, 7},  {UINT16_MAX, 0},
};

static const detours_t bulk_detours[] = {
    {7, 0}, {8, 1}, {9, 0}, {11, 1}, {12, 4}, {13, 1}, {14, 5}, {15, 4}, {16, 0}, {17, 2}, {UINT16_MAX, 0},
};

static const detours_t plain_detours[] = {
    {0x07, 0}, {0x0a, 3}, {0x10, 0}, {0x11, 4}, {0x12, 0}, {0x13, 4},       {0x15, 1},
    {0x24, 0}, {0x25, 4}, {0x26, 1}, {0x3f, 0}, {0x40, 1}, {UINT16_MAX, 0},
};

static uint32_t find_detours(const detours_t *detours, uint32_t code)
{
    while (code > detours->last && detours->last < UINT16_MAX) {
        detours++;
    }
    return detours->count;
}

uint32_t wrl__detours_of(const wrl_instruction_t *instruction)
{
    enum { LAST_WAIT = 2 }; /* memory.atomic.notify and the two waits. */
    switch (instruction->op) {
    case OP_GC:
        return find_detours(collected_detours, instruction->code);
    case OP_BULK:
        return find_detours(bulk_detours, instruction->code);
    case OP_SIMD:
        return 0;
    case OP_ATOMIC:
        return instruction->code <= LAST_WAIT;
    default:
        return instruction->op <= OP_MEMORY_GROW ? find_detours(plain_detours, instruction->op) : 0;
    }
}
