(module
  (func (export "run") (result i32) (i32.add (i32.extend8_s (i32.const 0xff)) (i32.const 43))))
