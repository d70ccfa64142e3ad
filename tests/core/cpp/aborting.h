#ifndef WRL_TESTS_CPP_ABORTING_H
#define WRL_TESTS_CPP_ABORTING_H

#include <wrl/base.h>

/* Runs a part of a program without exceptions. Returns whether its errors were reported as results. */
bool aborting_fails_cleanly(wrl_engine_t *engine);
/* Aborts the program with a message. */
void aborting_value(wrl_engine_t *engine);

#endif
