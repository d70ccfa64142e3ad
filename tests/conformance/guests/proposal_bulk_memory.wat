(module
  (memory 1)
  (data $d "\2a")
  (func (export "run") (result i32)
    (memory.init $d (i32.const 7) (i32.const 0) (i32.const 1))
    (memory.copy (i32.const 9) (i32.const 7) (i32.const 1))
    (i32.load8_u (i32.const 9))))
