/* Reads constant expressions. */
#ifndef WRL_SRC_BINARY_EXPRESSION_H
#define WRL_SRC_BINARY_EXPRESSION_H

#include "binary/reader.h"

void wrl__skip_constant_expression(wrl_reader_t *r);

#endif
