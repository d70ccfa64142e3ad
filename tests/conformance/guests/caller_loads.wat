;; Its start function makes the host load another module and then inspect the calling instance.
(module
  (import "host" "load" (func $load))
  (import "host" "look" (func $look))
  (memory (export "memory") 2)
  (global (export "global") (mut i32) (i32.const 1))
  (table (export "table") 3 funcref)
  (func (export "f") (result i32) (i32.const 7))
  (func $start (call $load) (call $look))
  (start $start)
  (func (export "look") (call $look)))
