;; Two distinct memories.
(module
  (memory $a (export "a") 1)
  (memory $b (export "b") 2)
  (func (export "store_b") (param i32 i32) (i32.store8 $b (local.get 0) (local.get 1)))
  (func (export "load_b") (param i32) (result i32) (i32.load8_u $b (local.get 0)))
  (func (export "load_a") (param i32) (result i32) (i32.load8_u $a (local.get 0))))
