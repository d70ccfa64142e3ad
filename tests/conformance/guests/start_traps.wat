;; A start function that writes to an imported memory and then traps.
(module
  (import "env" "memory" (memory 1))
  (func $deep (unreachable))
  (func $start
    (i32.store8 (i32.const 3) (i32.const 33))
    (call $deep))
  (start $start))
