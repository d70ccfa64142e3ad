;; Has a tag of a type of its own. Its start function has the host load the next module, lets the host look at its caller,
;; and traps unless the host says that it may stay. It leaves a function in a table.
(module
  (import "host" "load" (func $load))
  (import "host" "look" (func $look))
  (import "host" "stays" (func $stays (result i32)))
  (import "env" "t" (table $t 8 20 funcref))
  (tag (export "tag") (param f64 f64 f64))
  (func $left (call $look))
  (elem (table $t) (i32.const 3) func $left)
  (func $start (call $load) (call $look) (if (i32.eqz (call $stays)) (then unreachable)))
  (start $start))
