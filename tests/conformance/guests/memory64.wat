;; 64-bit memories and tables, with limits beyond 32 bits.
(module
  (memory (export "memory") i64 1 0x100000001)
  (table (export "table") i64 3 0x100000002 funcref)
  (func (export "size") (result i64) (memory.size))
  (func (export "store8") (param i64 i32) (i32.store8 (local.get 0) (local.get 1)))
  (func (export "load8") (param i64) (result i32) (i32.load8_u (local.get 0))))
