/* Converts types to text. */
#ifndef CLI_TYPE_H
#define CLI_TYPE_H

#include <wrl.h>

/* Returns the text that wrl_externtype_print() writes. The caller passes it to free(). Returns NULL if memory runs out.
 */
char *type_text(const wrl_externtype_t *type);

#endif
