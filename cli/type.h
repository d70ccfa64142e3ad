/* Types as text. */
#ifndef CLI_TYPE_H
#define CLI_TYPE_H

#include <wrl.h>

/* What wrl_externtype_print() writes, to be given to free(); NULL if memory is short. */
char *type_text(const wrl_externtype_t *type);

#endif
