(module
  (import "host" "say" (func (param i64 i64)))
  (func (export "run") (result i32)
    (i32.const 0)))
