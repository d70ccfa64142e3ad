;; A table for call_indirect. WebAssembly 1.0 alone.
(module
  (type $i32_i32 (func (param i32) (result i32)))
  (table $t (export "table") 4 6 funcref)
  (elem (i32.const 0) $inc $dec)
  (func $inc (export "inc") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func $dec (export "dec") (param i32) (result i32) (i32.sub (local.get 0) (i32.const 1)))
  (func (export "call") (param $index i32) (param $n i32) (result i32)
    (call_indirect (type $i32_i32) (local.get $n) (local.get $index))))
