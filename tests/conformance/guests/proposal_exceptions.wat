(module
  (tag $t (param i32))
  (func $throws (throw $t (i32.const 42)))
  (func (export "run") (result i32)
    (block $caught (result i32)
      (try_table (catch $t $caught) (call $throws))
      (i32.const 0))))
