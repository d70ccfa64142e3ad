/*
 * Which modules have handlers that catch all exceptions, for engines that do not show what such a handler caught.
 * There, all modules are looked through before they are compiled.
 */
#include "backend.h"

#include "binary/format.h"
#include "binary/instruction.h"

#include <string.h>

static void skip_leb(cursor_t *cursor)
{
    while (cursor->at < cursor->end && (cursor->bytes[cursor->at++] & 0x80)) {
    }
}

/* Goes over an instruction that most code consists of, and is quick at that: false if it is another one. What is cut
 * off is not valid, and never runs. */
static bool skip_common(cursor_t *cursor)
{
    enum { FIRST_PLAIN = 0x45, LAST_PLAIN = 0xc4, MULTI_MEMORY = 0x40 };
    unsigned op = cursor->bytes[cursor->at];
    unsigned next = cursor->at + 1 < cursor->end ? cursor->bytes[cursor->at + 1] : 0;
    if ((op >= OP_LOCAL_GET && op <= OP_TABLE_SET) || op == OP_I32_CONST || op == OP_BR || op == OP_BR_IF ||
        op == OP_CALL) {
        cursor->at++;
        skip_leb(cursor);
    } else if (op >= FIRST_PLAIN ? op <= LAST_PLAIN : op == OP_END || op == OP_DROP || op == OP_SELECT) {
        cursor->at++;
    } else if (op >= OP_I32_LOAD && op < OP_MEMORY_SIZE && next < MULTI_MEMORY) {
        cursor->at += 2;
        skip_leb(cursor);
    } else if (op >= OP_BLOCK && op <= OP_IF && next == BLOCK_EMPTY) {
        cursor->at += 2;
    } else {
        return false;
    }
    return true;
}

/* A body whose instructions are not known may have one. */
static bool body_may_catch(cursor_t code)
{
    const uint8_t *bytes = code.bytes + code.at;
    if (!memchr(bytes, OP_CATCH_ALL, code.end - code.at) || !memchr(bytes, OP_TRY, code.end - code.at)) {
        return false;
    }
    for (uint32_t groups = u32(&code); groups > 0 && !code.failed; groups--) {
        leb(&code);
        skip_valtype(&code);
    }
    while (code.at < code.end) {
        wrl_instruction_t instruction;
        if (!skip_common(&code) && (!wrl_next_instruction(&code, &instruction) || instruction.op == OP_CATCH_ALL)) {
            return true;
        }
    }
    return false;
}

bool js_may_catch_all(const uint8_t *bytes, size_t size)
{
    section_t section;
    if (!find_section(bytes, size, SECTION_CODE, &section)) {
        return false;
    }
    cursor_t cursor = section.body;
    for (uint32_t count = u32(&cursor); count > 0 && !cursor.failed; count--) {
        size_t body_size = u32(&cursor);
        cursor_t body = cursor;
        skip(&cursor, body_size);
        body.end = cursor.at;
        if (cursor.failed || body_may_catch(body)) {
            return true;
        }
    }
    return cursor.failed;
}
