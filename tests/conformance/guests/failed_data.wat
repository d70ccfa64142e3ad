;; Puts functions into the host's table and then fails: the second data segment does not fit. What the functions use is
;; initialised. The third segment and the start function are not reached.
(module
  (import "env" "t" (table $t 8 20 funcref))
  (memory 1)
  (global $g i32 (i32.const 30))
  (func $reads (result i32) (i32.add (global.get $g) (i32.load8_u (i32.const 0))))
  (func $unreached (result i32) (i32.load8_u (i32.const 16)))
  (func $grows (result i32) (memory.grow (i32.const 1)))
  (func $start unreachable)
  (start $start)
  (elem (table $t) (i32.const 1) func $reads $unreached)
  (elem (table $t) (i32.const 3) funcref (ref.func $grows) (ref.null func))
  (data (i32.const 0) "a")
  (data (i32.const 65535) "ab")
  (data (i32.const 16) "z"))
