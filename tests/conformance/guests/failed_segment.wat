;; Puts a function into the host's table and then fails: the data segment does not fit. The function stays in the table.
(module
  (import "env" "t" (table 2 5 funcref))
  (memory 1)
  (func $seven (result i32) (i32.const 7))
  (elem (i32.const 1) func $seven)
  (data (i32.const 65535) "ab"))
