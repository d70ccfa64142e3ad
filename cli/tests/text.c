/* cli_text json|text|quoted: writes the bytes of standard input with the tool's own functions. */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "text.h"

int main(int argc, char **argv)
{
    static char data[1 << 20];
    size_t size = fread(data, 1, sizeof data, stdin);
    json_t json;
    if (argc != 2) {
        return EXIT_FAILURE;
    }
    if (strcmp(argv[1], "json") == 0) {
        json_begin(&json, stdout);
        json_string(&json, data, size);
    } else if (strcmp(argv[1], "text") == 0) {
        text_print(stdout, data, size);
    } else {
        text_print_quoted(stdout, data, size);
    }
    return EXIT_SUCCESS;
}
