/**
 * @file
 * Function types from text, for tests and tools.
 *
 * wrl.h does not include this header. Its function is inline, so it adds nothing to a program that does not use it.
 */
#ifndef WRL_PARSE_H
#define WRL_PARSE_H

#include "type.h"

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Reads a function type such as "(i32, i64) -> f64" or "() -> ()". This is the notation of wrl_externtype_print(). In
 * place of a list, a single type without parentheses is accepted as well.
 *
 *     wrl_valtype_t types[4];
 *     wrl_functype_t type;
 *     if (!wrl_functype_parse("(i32, i64) -> f64", types, 4, &type)) …
 *
 * @param text      NUL-terminated. Value types are i32, i64, f32, f64, v128, funcref and externref. Spaces are allowed
 *                  between tokens.
 * @param types     Receives the parameters and, after them, the results. The type borrows this array.
 * @param capacity  How many types the array has space for.
 * @param type      Receives the type. Cleared if this function returns false.
 *
 * Returns false for any other text, for more types than the array has space for, for more than WRL_MAX_PARAMS
 * parameters or results, and for NULL. Any thread. Cost: grows with the text.
 */
static inline bool wrl_functype_parse(const char *text, wrl_valtype_t *types, size_t capacity, wrl_functype_t *type)
{
    static const wrl_functype_t cleared = {NULL, 0, NULL, 0, NULL};
    size_t counts[2] = {0, 0};
    size_t done = 0;
    const char *at = text;
    if (type) {
        *type = cleared;
    }
    for (int side = 0; at && types && type && side < 2; side++) {
        at += strspn(at, " ");
        bool is_list = *at == '(';
        bool is_more = !is_list || at[1 + strspn(at + 1, " ")] != ')';
        at += is_list;
        while (is_more) {
            at += strspn(at, " ");
            wrl_valkind_t kind = WRL_VALKIND_I32;
            while (kind < WRL_VALKIND_REF && strncmp(at, wrl_valkind_name(kind), strlen(wrl_valkind_name(kind))) != 0) {
                kind++;
            }
            if (kind == WRL_VALKIND_REF || done == capacity || counts[side] == WRL_MAX_PARAMS) {
                return false;
            }
            const wrl_valtype_t found = {kind, 0, 0, 0};
            types[done++] = found;
            counts[side]++;
            at += strlen(wrl_valkind_name(kind));
            at += strspn(at, " ");
            is_more = is_list && *at == ',';
            at += is_more;
        }
        at += strspn(at, " ");
        if (is_list && *at++ != ')') {
            return false;
        }
        at += strspn(at, " ");
        const char *const end = side ? "" : "->";
        if (strncmp(at, end, side ? 1 : 2) != 0) {
            return false;
        }
        at += strlen(end);
    }
    if (!at || !types || !type) {
        return false;
    }
    type->params = types;
    type->param_count = counts[0];
    type->results = types + counts[0];
    type->result_count = counts[1];
    return true;
}

#ifdef __cplusplus
}
#endif

#endif
