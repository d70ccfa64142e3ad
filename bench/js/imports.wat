;; For instantiation with imports.
(module
  (import "host" "checked" (func $checked (param i32) (result i32)))
  (import "host" "raw" (func $raw (param i32) (result i32)))
  (global (export "global") (mut i64) (i64.const 1))
  (func (export "call_checked") (param i32) (result i32)
    local.get 0
    call $checked)
  (func (export "call_raw") (param i32) (result i32)
    local.get 0
    call $raw))
