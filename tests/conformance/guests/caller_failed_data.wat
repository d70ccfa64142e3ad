;; Leaves a function in a table and then fails: its data segment does not fit.
(module
  (import "host" "look" (func $look))
  (import "env" "t" (table $t 8 20 funcref))
  (memory (export "memory") 4)
  (func (export "f") (param f32) (result f32) (local.get 0))
  (func $left (call $look))
  (elem (table $t) (i32.const 3) func $left)
  (data (i32.const 0x10_0000) "x"))
