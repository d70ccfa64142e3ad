/* Which modules have handlers that catch all exceptions, for engines that do not show what such a handler caught. */
#include "backend.h"

#include "binary/format.h"
#include "binary/instruction.h"

/* A body whose instructions are not known may have one. */
static bool body_may_catch(cursor_t code)
{
    for (uint32_t groups = u32(&code); groups > 0 && !code.failed; groups--) {
        leb(&code);
        skip_valtype(&code);
    }
    while (code.at < code.end) {
        wrl_instruction_t instruction;
        if (!wrl_next_instruction(&code, &instruction) || instruction.op == OP_CATCH_ALL) {
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
