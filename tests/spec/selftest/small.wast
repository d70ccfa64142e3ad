(module $M
  (func (export "id") (param i32 f32 externref) (result i32 f32 externref) (local.get 0) (local.get 1) (local.get 2))
  (func (export "trap") (unreachable))
)
(register "M" $M)
(assert_return
  (invoke $M "id" (i32.const 1) (f32.const 2) (ref.extern 3))
  (either (i32.const 0) (i32.const 1)) (f32.const 2) (ref.extern 3))
(assert_trap (invoke "trap") "unreachable")
(assert_invalid (module (func (result i32))) "type mismatch")
(assert_malformed (module quote "(func") "unexpected end")
