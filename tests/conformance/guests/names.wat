;; Names with NUL, with other control characters, without characters, and with characters outside ASCII.
(module
  (import "mod\00ule" "it\00em" (func $nul (result i32)))
  (import "" "" (func $blank (result i32)))
  (import "m\c3\b6dul" "\e2\82\ac" (func $wide (result i32)))
  (func $"a\00b" (export "a\00b") (result i32) (call $nul))
  (func $"a" (export "a") (result i32) (i32.const 1))
  (func (export "") (result i32) (call $blank))
  (func (export "\e2\82\ac\f0\9f\8e\88") (result i32) (call $wide))
  (func (export "line\nbreak") (result i32) (i32.const 5)))
