/**
 * @file
 * The whole interface of wasm_runtime_layer for C++17. It is header-only and calls only the C functions.
 *
 *     wrl::Engine engine = wrl::Engine::make().value();
 *     wrl::Store store = wrl::Store::make(engine).value();
 *     wrl::Module module = wrl::Module::make(engine, bytes).value();
 *     wrl::Instance instance = wrl::Instance::make(store, module).value();
 *     auto add_one = instance.get_func<int32_t(int32_t)>("add_one").value();
 *     int32_t sum = add_one(42).value();
 *
 * - The program owns Engine, Module (reference-counted: copies share it), Store, Imports, Bytes and Error (moved, not
 *   copied). Their destructors release or delete them. `get()` returns the C pointer, borrowed; `release()` transfers
 *   it to the caller; `adopt()` takes ownership of one.
 * - A store owns Instance, Func, TypedFunc, Global, Memory, Table, Tag and Extern. These are handles: copied freely,
 *   never freed, and valid as long as their store. They include a pointer to their store, so calls need not pass it.
 *   Using a handle after its store was deleted is using a dangling pointer.
 * - Externref and Ref are holds of the program in a store. The destructor of each object releases its hold. All of them
 *   have to be destroyed before their store.
 * - StoreRef, Caller, FuncType, ExternType and the other types that a module or store returns, std::string_view and
 *   Span are borrowed. They are valid as long as what they came from.
 * - A member that can fail returns a Result, with and without exceptions; see wrl/result.hpp.
 * - Errors, threads and costs of a member are those of the C function that its documentation names; the C headers
 *   describe them. Nothing here locks, and calls do not allocate.
 */
#ifndef WRL_HPP
#define WRL_HPP

#include "wrl.h"

#include "wrl/base.hpp"
#include "wrl/engine.hpp"
#include "wrl/error.hpp"
#include "wrl/extern.hpp"
#include "wrl/externref.hpp"
#include "wrl/func.hpp"
#include "wrl/global.hpp"
#include "wrl/held.hpp"
#include "wrl/host_func.hpp"
#include "wrl/imports.hpp"
#include "wrl/instance.hpp"
#include "wrl/memory.hpp"
#include "wrl/module.hpp"
#include "wrl/ref.hpp"
#include "wrl/result.hpp"
#include "wrl/signature.hpp"
#include "wrl/store.hpp"
#include "wrl/table.hpp"
#include "wrl/type.hpp"
#include "wrl/value.hpp"
#include "wrl/wat.hpp"

#endif
