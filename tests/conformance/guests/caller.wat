;; A host function inspects its calling instance.
(module
  (import "host" "look" (func $look (param i32) (result i32)))
  (memory (export "memory") 1)
  (global (export "global") i32 (i32.const 9))
  (table (export "table") 1 funcref)
  (data (i32.const 16) "from the guest")
  (func (export "triple") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
  (func (export "odd\00name") (result i32) (i32.const 6))
  (func (export "run") (param i32) (result i32) (call $look (local.get 0))))
