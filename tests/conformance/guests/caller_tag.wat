;; As caller.wat, with a tag.
(module
  (import "host" "look" (func $look (param i32) (result i32)))
  (memory (export "memory") 1)
  (global (export "global") i32 (i32.const 9))
  (table (export "table") 1 funcref)
  (tag (export "tag") (param i32))
  (func (export "triple") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
  (func (export "run") (param i32) (result i32) (call $look (local.get 0))))
