/* The immediates of instructions. Opcodes between two known ones count as known, too: engines reject modules that use
 * them. */
#include "binary/instruction.h"

#include "binary/format.h"

typedef enum shape {
    NOTHING,
    NUMBER,
    NUMBERS,   /* Two numbers. */
    BLOCK,     /* A block type. */
    LABELS,    /* A list of numbers, and one more number. */
    TYPES,     /* A list of value types. */
    CATCHES,   /* A block type, and a list of catches. */
    MEMORY,    /* Alignment, memory and offset. */
    LANE,      /* The same, and a byte. */
    CAST,      /* Flags, a label and two heap types. */
    BYTES = 64 /* For shapes from here on, the difference from this value is the number of bytes. */
} shape_t;

typedef struct range {
    uint16_t first;
    uint16_t last;
    uint8_t shape; /* A shape_t. */
} range_t;

/* The most frequent ones come first. */
static const range_t plain[] = {
    {0x20, 0x26, NUMBER},  {0x45, 0xc4, NOTHING}, {0x28, 0x3e, MEMORY},    {0x3f, 0x42, NUMBER},
    {0x0a, 0x0b, NOTHING}, {0x0c, 0x0d, NUMBER},  {0x10, 0x10, NUMBER},    {0x00, 0x01, NOTHING},
    {0x02, 0x04, BLOCK},   {0x05, 0x05, NOTHING}, {0x06, 0x06, BLOCK},     {0x07, 0x09, NUMBER},
    {0x0e, 0x0e, LABELS},  {0x0f, 0x0f, NOTHING}, {0x11, 0x11, NUMBERS},   {0x12, 0x12, NUMBER},
    {0x13, 0x13, NUMBERS}, {0x14, 0x15, NUMBER},  {0x18, 0x18, NUMBER},    {0x19, 0x1b, NOTHING},
    {0x1c, 0x1c, TYPES},   {0x1f, 0x1f, CATCHES}, {0x43, 0x43, BYTES + 4}, {0x44, 0x44, BYTES + 8},
    {0xd0, 0xd0, NUMBER},  {0xd1, 0xd1, NOTHING}, {0xd2, 0xd2, NUMBER},    {0xd3, 0xd4, NOTHING},
    {0xd5, 0xd6, NUMBER},
};

/* Instructions on GC references. */
static const range_t collected[] = {
    {0, 1, NUMBER},   {2, 5, NUMBERS},   {6, 7, NUMBER},   {8, 10, NUMBERS}, {11, 14, NUMBER},  {15, 15, NOTHING},
    {16, 16, NUMBER}, {17, 19, NUMBERS}, {20, 23, NUMBER}, {24, 25, CAST},   {26, 30, NOTHING},
};

/* Conversions, memories, tables, wide arithmetic. */
static const range_t bulk[] = {
    {0, 7, NOTHING},   {8, 8, NUMBERS},  {9, 9, NUMBER},    {10, 10, NUMBERS}, {11, 11, NUMBER},
    {12, 12, NUMBERS}, {13, 13, NUMBER}, {14, 14, NUMBERS}, {15, 17, NUMBER},  {19, 22, NOTHING},
};

static const range_t vectors[] = {
    {0, 11, MEMORY},   {12, 13, BYTES + 16}, {14, 20, NOTHING}, {21, 34, BYTES + 1},
    {35, 83, NOTHING}, {84, 91, LANE},       {92, 93, MEMORY},  {94, 0x113, NOTHING},
};

static const range_t atomics[] = {{0, 2, MEMORY}, {3, 3, BYTES + 1}, {0x10, 0x4e, MEMORY}};

static const range_t *find(const range_t *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last) {
            return &ranges[i];
        }
    }
    return NULL;
}

#define FIND(ranges, code) find(ranges, sizeof(ranges) / sizeof((ranges)[0]), code)

static const range_t *range_of(cursor_t *cursor, wrl_instruction_t *instruction)
{
    unsigned op = instruction->op;
    if (op < OP_GC || op > OP_ATOMIC) {
        return FIND(plain, op);
    }
    uint32_t code = instruction->code = u32(cursor);
    switch (op) {
    case OP_GC:
        return FIND(collected, code);
    case OP_BULK:
        return FIND(bulk, code);
    case OP_SIMD:
        return FIND(vectors, code);
    default:
        return FIND(atomics, code);
    }
}

static void skip_block_type(cursor_t *cursor)
{
    unsigned code = cursor->at < cursor->end ? cursor->bytes[cursor->at] : 0;
    if (code == CODE_REF_NULL || code == CODE_REF) {
        wrl__skip_valtype(cursor);
    } else {
        leb(cursor);
    }
}

static void skip_memory(cursor_t *cursor)
{
    enum { HAS_MEMORY = 0x40 };
    if (u32(cursor) & HAS_MEMORY) {
        leb(cursor);
    }
    leb(cursor);
}

static void skip_catch(cursor_t *cursor)
{
    enum { CATCH_REF = 1 };
    if (byte(cursor) <= CATCH_REF) {
        leb(cursor); /* The tag. */
    }
    leb(cursor);
}

static void skip_many(cursor_t *cursor, void (*skip_one)(cursor_t *cursor))
{
    for (uint32_t count = u32(cursor); count > 0 && !cursor->failed; count--) {
        skip_one(cursor);
    }
}

static void skip_number(cursor_t *cursor)
{
    leb(cursor);
}

bool wrl__next_instruction(cursor_t *cursor, wrl_instruction_t *instruction)
{
    *instruction = (wrl_instruction_t){.op = byte(cursor)};
    const range_t *range = range_of(cursor, instruction);
    instruction->at = cursor->at;
    if (!range || cursor->failed) {
        return false;
    }
    switch (range->shape) {
    case NOTHING:
        break;
    case NUMBERS:
        instruction->first = u32(cursor);
        instruction->second = u32(cursor);
        break;
    case NUMBER:
        instruction->first = u32(cursor);
        break;
    case BLOCK:
        skip_block_type(cursor);
        break;
    case LABELS:
        skip_many(cursor, skip_number);
        leb(cursor);
        break;
    case TYPES:
        skip_many(cursor, wrl__skip_valtype);
        break;
    case CATCHES:
        skip_block_type(cursor);
        skip_many(cursor, skip_catch);
        break;
    case MEMORY:
        skip_memory(cursor);
        break;
    case LANE:
        skip_memory(cursor);
        byte(cursor);
        break;
    case CAST:
        byte(cursor);
        instruction->first = u32(cursor);
        leb(cursor);
        leb(cursor);
        break;
    default:
        skip(cursor, range->shape - (size_t)BYTES);
    }
    return !cursor->failed;
}

bool wrl__skip_expression(cursor_t *cursor)
{
    wrl_instruction_t instruction = {.op = OP_UNREACHABLE};
    while (instruction.op != OP_END) {
        if (!wrl__next_instruction(cursor, &instruction)) {
            return false;
        }
    }
    return true;
}
