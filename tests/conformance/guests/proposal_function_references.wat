(module
  (type $f (func (result i32)))
  (func $answer (result i32) (i32.const 42))
  (elem declare func $answer)
  (func (export "run") (result i32) (call_ref $f (ref.func $answer))))
