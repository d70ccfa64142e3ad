/* Modules assembled byte by byte. */
#ifndef WRL_TESTS_UNIT_WASM_BYTES_H
#define WRL_TESTS_UNIT_WASM_BYTES_H

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

class Bytes {
  public:
    Bytes() = default;
    Bytes(std::initializer_list<int> bytes);

    Bytes &byte(int value);
    Bytes &u(uint64_t value); /* Unsigned LEB128. */
    Bytes &s(int64_t value);  /* Signed LEB128. */
    Bytes &add(const Bytes &more);
    Bytes &text(const std::string &text); /* A name: its size, its bytes. */
    Bytes &raw(const std::string &bytes);

    const uint8_t *data() const
    {
        return bytes_.data();
    }
    size_t size() const
    {
        return bytes_.size();
    }
    uint8_t &operator[](size_t index)
    {
        return bytes_[index];
    }
    void resize(size_t size)
    {
        bytes_.resize(size);
    }
    std::vector<uint8_t> &vector()
    {
        return bytes_;
    }

  private:
    std::vector<uint8_t> bytes_;
};

/* Returns the magic number and the version. */
Bytes header();
/* Returns a section with these contents. */
Bytes section(int id, const Bytes &contents);
/* Returns a section that is a vector of entries. */
Bytes section(int id, const std::vector<Bytes> &entries);
Bytes custom(const std::string &name, const Bytes &contents);
/* Returns a module of these sections. */
Bytes module(const std::vector<Bytes> &sections);
/* Returns a subsection of the name section. */
Bytes subsection(int id, const Bytes &contents);
/* Returns a module with every kind of section and type that the reader supports. */
Bytes rich_module();

#endif
