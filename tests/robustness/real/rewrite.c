/* Passes real modules to tests/robustness/fuzz/rewrite_fuzzer.c, which checks the passes of src/rewrite and aborts if a
 * check fails. */
#include "file.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
    int passed = 0, failed = 0;
    for (int i = 1; i < argc; i++) {
        file_bytes_t file;
        const char *problem = file_read(argv[i], &file);
        if (problem) {
            (void)printf("FAIL  %s: %s\n", argv[i], problem);
            failed++;
            continue;
        }
        (void)printf("%s, %zu bytes\n", argv[i], file.size);
        (void)fflush(stdout);
        (void)LLVMFuzzerTestOneInput((const uint8_t *)file.data, file.size);
        free(file.data);
        passed++;
    }
    (void)printf("%d passed, %d failed\n", passed, failed);
    return failed || !passed ? 1 : 0;
}
