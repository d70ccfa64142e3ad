;; Exports one extern of each kind.
(module
  (global $g (export "global") (mut i32) (i32.const 10))
  (global (export "fixed") i64 (i64.const 99))
  (memory (export "memory") 1 4)
  (table $t (export "table") 2 10 funcref)
  (elem (i32.const 0) $five)
  (func $five (export "five") (result i32) (i32.const 5))
  (func (export "add_global") (param i32) (result i32) (i32.add (global.get $g) (local.get 0)))
  (func (export "set_global") (param i32) (global.set $g (local.get 0)))
  (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "store") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
  (func (export "call") (param i32) (result i32) (call_indirect (result i32) (local.get 0))))
