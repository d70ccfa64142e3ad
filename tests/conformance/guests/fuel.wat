;; Functions that never return, in different ways, and some that do.
(module
  (import "host" "work" (func $work (param i32)))
  (memory 1)
  (table 1 funcref)
  (elem (i32.const 0) $indirect)
  (func (export "loop") (loop $again (br $again)))
  (func (export "loop_if") (loop $again (br_if $again (i32.const 1))))
  (func (export "loop_table") (param i32) (loop $again (br_table $again $again (local.get 0))))
  (func $recursion (export "recursion") (call $recursion))
  (func $indirect (export "indirect") (call_indirect (i32.const 0)) (call_indirect (i32.const 0)))
  (func (export "fills")
    (loop $again (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)) (br $again)))
  ;; Counts to the argument, then traps.
  (func (export "divide") (param i32) (result i32)
    (loop $again
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (br_if $again (local.get 0)))
    (i32.div_u (i32.const 1) (local.get 0)))
  ;; Counts to the argument.
  (func (export "count") (param i32) (result i32) (local i32)
    (loop $again
      (local.set 1 (i32.add (local.get 1) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get 1) (local.get 0))))
    (local.get 1))
  (func (export "works") (param i32) (call $work (local.get 0))))
