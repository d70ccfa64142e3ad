;; For instantiation: a small module with one memory, table and global, without imports.
(module
  (memory (export "memory") 1)
  (table (export "table") 4 funcref)
  (global (export "global") (mut i64) (i64.const 1))
  (elem (i32.const 0) $add $sub)
  (data (i32.const 16) "some bytes of data")
  (func $add (export "add") (param i32 i32) (result i32)
    local.get 0
    local.get 1
    i32.add)
  (func $sub (export "sub") (param i32 i32) (result i32)
    local.get 0
    local.get 1
    i32.sub))
