;; Returns an i64 where an i32 is due.
(module
  (func (export "run") (result i32)
    (i64.const 42)))
