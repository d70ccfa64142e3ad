;; A memory with pages of one byte.
(module
  (memory (export "memory") 5 9 (pagesize 1))
  (func (export "size") (result i32) (memory.size)))
