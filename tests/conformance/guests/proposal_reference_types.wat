(module
  (table $a 1 externref)
  (table $b 2 funcref)
  (func (export "run") (result i32)
    (i32.add (i32.mul (i32.const 41) (ref.is_null (table.get $a (i32.const 0))))
             (i32.sub (table.size $b) (i32.const 1)))))
