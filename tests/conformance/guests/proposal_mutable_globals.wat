(module
  (global $g (export "g") (mut i32) (i32.const 41))
  (func (export "run") (result i32) (global.set $g (i32.const 42)) (global.get $g)))
