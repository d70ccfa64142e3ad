;; Returns an i64 instead of an i32.
(module
  (func (export "run") (result i32)
    (i64.const 42)))
