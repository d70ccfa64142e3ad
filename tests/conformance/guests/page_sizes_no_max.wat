;; A memory counted in bytes that may be as large as its addresses reach, and a second one beside it.
(module
  (memory $first (export "memory") 1 (pagesize 1))
  (memory $second 3 300 (pagesize 1))
  (func (export "grow") (param i32) (result i32) (memory.grow $first (local.get 0)))
  (func (export "grow_second") (param i32) (result i32) (memory.grow $second (local.get 0))))
