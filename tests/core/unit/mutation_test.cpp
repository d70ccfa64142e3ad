/* Thousands of broken modules. The reader must return an error or a consistent description for each. The sanitizers
 * detect what the assertions cannot. */
#include "core.h"
#include "wasm_bytes.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <random>

namespace {

/* Reads everything that the description points to. */
size_t touch(const wrl_module_info_t &info)
{
    size_t sum = info.name ? strlen(info.name) + info.name_size : 0;
    for (size_t kind = 0; kind < WRL_EXTERN_LIMIT; kind++) {
        const wrl_items_t &items = info.items[kind];
        for (size_t i = 0; i < items.count; i++) {
            wrl_externtype_t type;
            wrl__module_info_item(&info, static_cast<wrl_externkind_t>(kind), i, &type);
            EXPECT_EQ(type.kind, kind);
            sum += wrl_externtype_print(&type, nullptr, 0);
            if (kind == WRL_EXTERN_FUNC && type.of.func.name) {
                sum += strlen(type.of.func.name);
            }
        }
        EXPECT_LE(items.import_count, items.count);
        for (size_t i = 0; i < items.import_count; i++) {
            EXPECT_LT(items.imports[i], info.import_count);
        }
    }
    for (size_t i = 0; i < info.import_count; i++) {
        wrl_importtype_t import;
        wrl__module_info_import(&info, i, &import);
        EXPECT_EQ(import.module[import.module_size], '\0');
        EXPECT_EQ(import.name[import.name_size], '\0');
        EXPECT_LT(info.imports[i].index, info.items[import.type.kind].count);
    }
    for (size_t i = 0; i < info.export_count; i++) {
        wrl_exporttype_t type;
        wrl__module_info_export(&info, i, &type);
        EXPECT_EQ(type.name[type.name_size], '\0');
        EXPECT_EQ(wrl__module_info_find_export(&info, type.name, type.name_size), i);
        EXPECT_LT(info.exports[i].index, info.items[type.type.kind].count);
    }
    for (size_t i = 0; i < info.section_count; i++) {
        wrl_section_t part;
        wrl__module_info_section(&info, i, &part);
        EXPECT_EQ(part.name[part.name_size], '\0');
        for (size_t j = 0; j < part.data_size; j++) {
            sum += part.data[j];
        }
    }
    return sum;
}

/* Reads a copy of exactly that size, so that a read beyond the end is detected. Returns whether the bytes are a
 * module. */
bool survives(const uint8_t *data, size_t size)
{
    std::unique_ptr<uint8_t[]> copy(new uint8_t[size]);
    if (size) {
        memcpy(copy.get(), data, size);
    }
    wrl_module_info_t info;
    wrl_error_t *error = wrl__module_info_read(copy.get(), size, true, &info);
    copy.reset();
    if (error) {
        wrl_error_kind_t kind = wrl_error_kind(error);
        EXPECT_TRUE(kind == WRL_ERROR_MALFORMED || kind == WRL_ERROR_INVALID || kind == WRL_ERROR_RESOURCE_LIMIT)
            << wrl_error_message(error);
        const char *message = wrl_error_message(error);
        EXPECT_GT(strlen(message), 10u);
        EXPECT_TRUE(wrl__utf8_valid(reinterpret_cast<const uint8_t *>(message), strlen(message)));
        EXPECT_EQ(strchr(message, '\n'), nullptr);
        wrl_error_delete(error);
        return false;
    }
    (void)touch(info);
    wrl__module_info_free(&info);
    return true;
}

} // namespace

TEST(Mutation, TheModuleItselfIsSound)
{
    Bytes bytes = rich_module();
    EXPECT_TRUE(survives(bytes.data(), bytes.size()));
}

TEST(Mutation, CutAtEveryByte)
{
    Bytes bytes = rich_module();
    size_t sound = 0;
    for (size_t size = 0; size < bytes.size(); size++) {
        sound += survives(bytes.data(), size);
    }
    /* Only cuts between sections are valid modules: after the header, and after each of the 16 sections but the
     * last. */
    EXPECT_EQ(sound, 16u);
}

TEST(Mutation, EveryBitFlipped)
{
    Bytes bytes = rich_module();
    size_t sound = 0;
    for (size_t i = 0; i < bytes.size(); i++) {
        for (int bit = 0; bit < 8; bit++) {
            bytes[i] = static_cast<uint8_t>(bytes[i] ^ 1 << bit);
            sound += survives(bytes.data(), bytes.size());
            bytes[i] = static_cast<uint8_t>(bytes[i] ^ 1 << bit);
        }
    }
    EXPECT_GT(sound, 0u);
    EXPECT_LT(sound, bytes.size() * 8);
}

TEST(Mutation, EveryByteReplaced)
{
    Bytes bytes = rich_module();
    for (size_t i = 0; i < bytes.size(); i++) {
        uint8_t kept = bytes[i];
        for (int value : {0x00, 0x01, 0x0B, 0x40, 0x60, 0x7F, 0x80, 0xFB, 0xFF}) {
            bytes[i] = static_cast<uint8_t>(value);
            (void)survives(bytes.data(), bytes.size());
        }
        bytes[i] = kept;
    }
}

TEST(Mutation, Random)
{
    const Bytes original = rich_module();
    std::mt19937 random(20240613);
    auto below = [&random](size_t limit) { return static_cast<size_t>(random()) % limit; };
    size_t sound = 0;
    for (int round = 0; round < 20000; round++) {
        std::vector<uint8_t> bytes(original.data(), original.data() + original.size());
        for (size_t edits = 1 + below(4); edits; edits--) {
            size_t at = 8 + below(bytes.size() - 8);
            size_t count = 1 + below(8);
            switch (below(4)) {
            case 0:
                bytes[at] = static_cast<uint8_t>(random());
                break;
            case 1:
                bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), count, static_cast<uint8_t>(random()));
                break;
            case 2:
                count = count < bytes.size() - at ? count : bytes.size() - at - 1;
                bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                            bytes.begin() + static_cast<std::ptrdiff_t>(at + count));
                break;
            default:
                std::swap(bytes[at], bytes[8 + below(bytes.size() - 8)]);
                break;
            }
        }
        sound += survives(bytes.data(), bytes.size());
    }
    EXPECT_GT(sound, 0u);
    EXPECT_LT(sound, 20000u);
}

TEST(Mutation, RandomBytesAfterAHeader)
{
    std::mt19937 random(7);
    for (int round = 0; round < 2000; round++) {
        Bytes bytes = header();
        for (size_t size = static_cast<size_t>(random()) % 64; size; size--) {
            bytes.byte(static_cast<int>(random() % (size % 2 ? 16 : 256)));
        }
        (void)survives(bytes.data(), bytes.size());
    }
}
