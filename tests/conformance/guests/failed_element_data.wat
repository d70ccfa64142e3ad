;; Puts a function into the host's table and then fails: the second element segment does not fit. Element segments are
;; initialised before data segments, so the memory that the function reads is still zero.
(module
  (import "env" "t" (table $t 8 20 funcref))
  (memory 1)
  (func $reads (result i32) (i32.load8_u (i32.const 0)))
  (elem (table $t) (i32.const 1) func $reads)
  (elem (table $t) (i32.const 8) func $reads)
  (data (i32.const 0) "a"))
