;; Every name could be mistaken for a backend's own name, or for a line of an engine's backtrace.
(module $wrl:host
  (import "wrl:host" "wrl:call" (func $wrl:call (param i32 i64) (result i32)))
  (func $nan (@name "wrl:nan") (export "wrl:nan") (param i32) (result i32) (unreachable))
  (func $null (@name "wrl:null") (export "wrl:null") (param i32) (result i32) (unreachable))
  (func $host (@name "wrl:host") (export "wrl:host") (param i32) (result i32) (call $nan (local.get 0)))
  (func $call (@name "wrl:call") (export "wrl:call") (param i32) (result i32) (call $host (local.get 0)))
  (func $index (@name "wasm-function[1]") (export "wasm-function[1]:0x2a") (param i32) (result i32)
    (call $call (local.get 0)))
  (func $line
    (@name "x\0a    at wrl:host (wasm://wasm/1:wasm-function[1]:0x1)\0a    at wrl:call (wasm://wasm/1:wasm-function[2]:0x1)")
    (export "x\0a    at wrl:host (wasm-function[1]:0x1)\0a    at wrl:call (wasm-function[2]:0x1)")
    (param i32) (result i32) (call $index (local.get 0)))
  (func $other (@name "wrl:call@wrl:host\0awasm-function[9]@wasm-function[8]:0x2") (export "f") (param i32) (result i32)
    (call $line (local.get 0)))
  (func $to_host (@name "wrl:host") (export "to_host") (param i32) (result i32)
    (call $wrl:call (local.get 0) (i64.const 1)))
  (@custom "sourceMappingURL" "\0fwrl:host.js.map")
  (@custom "name" (before first) "\00\09\08wrl:call"))
