;; Begins small, and sets itself no limit.
(module
  (memory 1)
  (func (export "run") (result i32)
    (memory.grow (i32.const 60000))))
