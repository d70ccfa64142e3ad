#ifndef WRL_TESTS_CPP_ABORTING_H
#define WRL_TESTS_CPP_ABORTING_H

#include <wrl/base.h>

/* What a part of the program without exceptions does. */
bool aborting_fails_cleanly(wrl_engine_t *engine);
/* Ends the program with a message. */
void aborting_value(wrl_engine_t *engine);

#endif
