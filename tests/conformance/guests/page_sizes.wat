;; A memory counted in bytes.
(module
  (memory (export "memory") 5 9 (pagesize 1))
  (func (export "size") (result i32) (memory.size)))
