;; Grows a shared memory.
(module
  (memory (export "memory") 1 4 shared)
  (func (export "load8") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
