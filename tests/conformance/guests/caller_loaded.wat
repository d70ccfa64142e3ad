;; Loaded by caller_loads. Exports other externs under the same names, leaves a function in a table, and traps in its
;; start function.
(module
  (import "host" "look" (func $look))
  (import "env" "t" (table $t 8 20 funcref))
  (import "env" "m" (memory 1))
  (export "memory" (memory 0))
  (global (export "global") (mut i64) (i64.const 2))
  (table (export "table") 5 funcref)
  (func (export "f") (param i64 i64 i64))
  (func $left (call $look))
  (elem (table $t) (i32.const 1) func $left)
  (func $start (call $look) unreachable)
  (start $start))
