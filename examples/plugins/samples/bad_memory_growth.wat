;; Starts small, but declares no maximum.
(module
  (memory 1)
  (func (export "run") (result i32)
    (memory.grow (i32.const 60000))))
