/* Types as text. */
#ifndef WRL_SRC_TYPE_TEXT_H
#define WRL_SRC_TYPE_TEXT_H

#include "text.h"
#include "wrl/type.h"

void wrl__text_add_valtype(wrl_text_t *text, wrl_valtype_t type);
void wrl__text_add_functype(wrl_text_t *text, const wrl_functype_t *type);
void wrl__text_add_externtype(wrl_text_t *text, const wrl_externtype_t *type);

#endif
