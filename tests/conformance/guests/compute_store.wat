;; As compute.wat: a function that an engine refused to compile.
(module
  (memory 2)
  ;; The address and the value are the same operand. The offset does not fit 16 bits.
  (func (export "store of its own address") (param i32) (result i32) (local i32)
    (i32.store offset=65536
      (local.tee 1 (i32.add (local.get 0) (i32.const 1)))
      (local.get 1))
    (i32.load offset=65536 (local.get 1))))
