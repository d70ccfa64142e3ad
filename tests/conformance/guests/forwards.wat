;; A module without handlers, between one with handlers and the host.
(module
  (import "host" "do" (func $do (param i32 i64) (result i32)))
  (func (export "do") (param i32 i64) (result i32) (call $do (local.get 0) (local.get 1))))
