/* seeds FOLDER: writes the guests of the conformance suite to the folder, as the first inputs of the fuzzers. */
#include "guests.h"

#include <stdbool.h>
#include <stdio.h>

static bool write_guest(const char *folder, const wrl_guest_t *guest)
{
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/%s.wasm", folder, guest->name);
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(guest->bytes, 1, guest->size, file) == guest->size;
    if (file && fclose(file) != 0) {
        written = false;
    }
    if (!written) {
        (void)fprintf(stderr, "seeds: cannot write %s\n", path);
    }
    return written;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        (void)fprintf(stderr, "usage: seeds FOLDER\n");
        return 2;
    }
    for (size_t i = 0; i < wrl_guest_count; i++) {
        if (!write_guest(argv[1], wrl_guests[i])) {
            return 1;
        }
    }
    return 0;
}
