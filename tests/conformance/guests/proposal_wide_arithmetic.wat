(module
  (func (export "run") (result i32)
    (i64.add128 (i64.const -1) (i64.const 0) (i64.const 1) (i64.const 41))
    (i64.add)
    (i64.const 0)
    (i64.add)
    (i32.wrap_i64)))
