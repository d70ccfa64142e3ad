/* Executes a .wast file. */
#ifndef SPEC_RUN_H
#define SPEC_RUN_H

#include "report.h"
#include "script.h"
#include "wrl.h"

/* Runs the file in a new store. */
void spec_run_file(wrl_engine_t *engine, spec_file_t *file, spec_report_t *report);

#endif
