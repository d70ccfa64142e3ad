/**
 * @file
 * The whole interface of wasm_runtime_layer for C++17, over the C functions and nothing else: all of it is in headers.
 *
 *     wrl::Engine engine = wrl::Engine::make().value();
 *     wrl::Store store = wrl::Store::make(engine).value();
 *     wrl::Module module = wrl::Module::make(engine, bytes).value();
 *     wrl::Instance instance = wrl::Instance::make(store, module).value();
 *     auto add_one = instance.get_func<int32_t(int32_t)>("add_one").value();
 *     int32_t sum = add_one(42).value();
 *
 * - What the program owns: Engine, Module (counted, copies share), Store, Imports, Bytes, Error (moved, not copied).
 *   Their destructors delete. `get()` lends the C pointer, `release()` gives it up, `adopt()` takes one over.
 * - What a store owns: Instance, Func, TypedFunc, Global, Memory, Table, Tag, Extern. They are handles: copied freely,
 *   never freed, and good as long as their store. They know their store, so that calls need not name it; using one
 * after its store has ended is using a dangling pointer.
 * - What a program holds in a store: Externref, Ref. Each object is a hold, which its destructor releases: they have to
 *   be gone before their store.
 * - What is lent: StoreRef, Caller, FuncType, ExternType and the other types that a module or store tells of, all
 *   std::string_view and Span. They are good as long as what they came from.
 * - What can fail returns a Result, see wrl/result.hpp: with exceptions and without them.
 * - Errors, threads and costs are those of the C function behind each member, which its documentation names; the C
 *   headers describe them. Nothing here locks, and calls do not allocate.
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
