#include "type.h"

#include <stdlib.h>

char *type_text(const wrl_externtype_t *type)
{
    size_t size = wrl_externtype_print(type, NULL, 0) + 1;
    char *text = malloc(size);
    if (text) {
        wrl_externtype_print(type, text, size);
    }
    return text;
}
