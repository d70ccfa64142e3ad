/*
 * The same as hello.c in C++: errors are thrown, and objects are deleted automatically.
 *
 *     c++ -std=c++17 -I$PREFIX/include hello.cpp -L$PREFIX/lib -lwrl -Wl,-rpath,$PREFIX/lib -o hello_cpp
 *     ./hello_cpp
 *
 * PREFIX is where the layer is installed. `./hello_cpp BACKEND` selects the engine.
 */
#include <cstdio>
#include <wrl.hpp>

/* (module (func (export "add_one") (param i32) (result i32) local.get 0 i32.const 1 i32.add)) */
const unsigned char guest[] = {
    0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00, 0x01, 0x06, 0x01, 0x60, 0x01, 0x7F, 0x01,
    0x7F, 0x03, 0x02, 0x01, 0x00, 0x07, 0x0B, 0x01, 0x07, 'a',  'd',  'd',  '_',  'o',  'n',
    'e',  0x00, 0x00, 0x0A, 0x09, 0x01, 0x07, 0x00, 0x20, 0x00, 0x41, 0x01, 0x6A, 0x0B,
};

int main(int argc, char **argv)
{
    try {
        wrl::Engine engine = wrl::Engine::make(argc > 1 ? argv[1] : nullptr).value();
        wrl::Store store = wrl::Store::make(engine).value();
        wrl::Module module = wrl::Module::make(engine, guest).value();
        wrl::Instance instance = wrl::Instance::make(store, module).value();
        /* Checks the type once, so that calls need not check it. */
        auto add_one = instance.get_func<int32_t(int32_t)>("add_one").value();
        std::printf("add_one(42) = %d\n", add_one(42).value());
        return 0;
    } catch (const wrl::Error &error) {
        std::fprintf(stderr, "hello: %s\n", error.message());
        return 1;
    }
}
