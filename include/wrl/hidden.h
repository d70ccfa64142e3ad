/**
 * @file
 * Invisible and misleading characters in names from modules. Error messages escape them.
 */
#ifndef WRL_HIDDEN_H
#define WRL_HIDDEN_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Returns whether a character has to be escaped before it is shown: control characters, line ends, characters that
 * change the direction of text, and characters without a visible mark (Unicode's Default_Ignorable_Code_Point, and
 * blanks that are not white space). Spaces are not escaped. Use this function for names that do not come in an error
 * message, such as those of wrl_frame_t.
 *
 * @param code_point  The character's Unicode code point.
 */
static inline bool wrl_is_hidden(uint32_t code_point)
{
    /* First and last character of each range, from Unicode 17. */
    static const uint16_t plane_0[][2] = {
        {0x0000, 0x001F}, {0x007F, 0x009F}, {0x00AD, 0x00AD}, {0x034F, 0x034F}, {0x061C, 0x061C}, {0x115F, 0x1160},
        {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F}, {0x2800, 0x2800},
        {0x3164, 0x3164}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}};
    static const uint16_t plane_1[][2] = {
        {0x3430, 0x3442}, {0x6FE4, 0x6FE4}, {0xBCA0, 0xBCA3}, {0xD159, 0xD159}, {0xD173, 0xD17A}};
    const uint16_t(*range)[2] = code_point >> 16 ? plane_1 : plane_0;
    size_t count = code_point >> 16 ? sizeof plane_1 / sizeof *plane_1 : sizeof plane_0 / sizeof *plane_0;
    for (uint32_t low = code_point & 0xFFFF; code_point < 0x20000 && count; range++, count--) {
        if (low <= (*range)[1]) {
            return low >= (*range)[0];
        }
    }
    return code_point >= 0xE0000 && code_point <= 0xE0FFF;
}

#ifdef __cplusplus
}
#endif

#endif
