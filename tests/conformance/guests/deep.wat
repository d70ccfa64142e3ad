;; Several frames between two host functions, and between the host and a trap. The names appear in the backtrace.
(module $deep_module
  (import "host" "f" (func $host (param i32) (result i32)))
  (func $inner (param i32) (result i32) (i32.add (i32.const 1) (call $host (local.get 0))))
  (func $middle (param i32) (result i32) (i32.add (i32.const 1) (call $inner (local.get 0))))
  (func $outer (export "call_host") (param i32) (result i32) (i32.add (i32.const 1) (call $middle (local.get 0))))
  (func $trap_inner (unreachable))
  (func $trap_middle (call $trap_inner))
  (func $trap_outer (export "trap") (call $trap_middle)))
