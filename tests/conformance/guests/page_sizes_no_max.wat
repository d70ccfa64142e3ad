;; A memory with pages of one byte that may grow to the end of its address space, and a second memory beside it.
(module
  (memory $first (export "memory") 1 (pagesize 1))
  (memory $second 3 300 (pagesize 1))
  (func (export "grow") (param i32) (result i32) (memory.grow $first (local.get 0)))
  (func (export "grow_second") (param i32) (result i32) (memory.grow $second (local.get 0))))
