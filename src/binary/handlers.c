/*
 * Finds modules with handlers that catch all exceptions, for engines that do not report what such a handler caught. On
 * those engines all modules are searched before they are compiled.
 */
#include "binary/handlers.h"

#include "binary/cursor.h"
#include "binary/format.h"
#include "binary/instruction.h"

#include <string.h>

/* The shapes of the most common instructions, by their first byte. wrl__next_instruction() handles the others. */
enum { OTHER, PLAIN, NUMBER, MEMORY, BLOCK };

static const uint8_t *shapes(void)
{
    enum { FIRST_PLAIN = 0x45, LAST_PLAIN = 0xc4 };
    static uint8_t made[256];
    if (!made[OP_END]) {
        memset(made + FIRST_PLAIN, PLAIN, LAST_PLAIN - FIRST_PLAIN + 1);
        made[OP_END] = made[OP_DROP] = made[OP_SELECT] = PLAIN;
        memset(made + OP_LOCAL_GET, NUMBER, OP_TABLE_SET - OP_LOCAL_GET + 1);
        made[OP_I32_CONST] = made[OP_I64_CONST] = made[OP_BR] = made[OP_BR_IF] = made[OP_CALL] = NUMBER;
        memset(made + OP_I32_LOAD, MEMORY, OP_MEMORY_SIZE - OP_I32_LOAD);
        made[OP_BLOCK] = made[OP_LOOP] = made[OP_IF] = BLOCK;
    }
    return made;
}

/* Returns the position of the next instruction that is not one of the common ones. Code that is cut off is invalid, and
 * never runs. */
static const uint8_t *skip_common(const uint8_t *shape, const uint8_t *at, const uint8_t *end)
{
    enum { MULTI_MEMORY = 0x40, LEAST = 2 };
    while (end - at >= LEAST) {
        switch (shape[*at]) {
        case PLAIN:
            at++;
            continue;
        case MEMORY:
            if (at[1] >= MULTI_MEMORY) {
                return at;
            }
            at++;
            break;
        case NUMBER:
            break;
        case BLOCK:
            if (at[1] != BLOCK_EMPTY) {
                return at;
            }
            break;
        default:
            return at;
        }
        at++;
        while (at < end && (*at++ & 0x80)) {
        }
    }
    return at;
}

/* Whether a body may have such a handler. A body with unknown instructions may have one. */
static bool body_may_catch(const uint8_t *shape, cursor_t code)
{
    const uint8_t *bytes = code.bytes + code.at;
    if (!memchr(bytes, OP_CATCH_ALL, code.end - code.at) || !memchr(bytes, OP_TRY, code.end - code.at)) {
        return false;
    }
    for (uint32_t groups = u32(&code); groups > 0 && !code.failed; groups--) {
        leb(&code);
        wrl__skip_valtype(&code);
    }
    for (;;) {
        wrl_instruction_t instruction;
        code.at = (size_t)(skip_common(shape, code.bytes + code.at, code.bytes + code.end) - code.bytes);
        if (code.at >= code.end) {
            return false;
        }
        if (!wrl__next_instruction(&code, &instruction) || instruction.op == OP_CATCH_ALL) {
            return true;
        }
    }
}

bool wrl__may_catch_all(const uint8_t *bytes, size_t size)
{
    section_t section;
    if (!wrl__find_section(bytes, size, SECTION_CODE, &section)) {
        return false;
    }
    cursor_t cursor = section.body, body;
    for (uint32_t count = u32(&cursor); count > 0 && wrl__next_body(&cursor, &body); count--) {
        if (body_may_catch(shapes(), body)) {
            return true;
        }
    }
    return cursor.failed;
}
