;; Puts a function into the host's table and then fails: the second element segment does not fit. The later segments,
;; one in each binary form, are not reached.
(module
  (import "env" "t" (table $t 8 20 funcref))
  (table $own 4 funcref)
  (func $seven (result i32) (i32.const 7))
  (func $sum (result i32) (i32.add (call $seven) (table.size $own)))
  (elem (table $t) (i32.const 1) func $sum)
  (elem (table $own) (i32.const 4) func $seven)
  (elem (table $own) (i32.const 0) funcref (ref.func $seven))
  (elem (i32.const 5) func $seven)
  (elem (i32.const 6) funcref (ref.func $seven)))
