(module
  (import "host" "delete_everything" (func (param i32)))
  (func (export "run") (result i32)
    (i32.const 0)))
