;; A start function that calls the host, or traps if its global is set.
(module
  (import "host" "started" (func $started))
  (import "env" "memory" (memory 1))
  (func $start
    (i32.store8 (i32.const 0) (i32.const 77))
    (call $started))
  (start $start)
  (func (export "after") (result i32) (i32.const 5)))
