;; Has a tag with a type of its own. Its start function makes the host load the next module and inspect the calling
;; instance, and traps unless host.stays returns true. It leaves a function in a table.
(module
  (import "host" "load" (func $load))
  (import "host" "look" (func $look))
  (import "host" "stays" (func $stays (result i32)))
  (import "env" "t" (table $t 8 20 funcref))
  (tag (export "tag") (param i64 f32))
  (func $left (call $look))
  (elem (table $t) (i32.const 2) func $left)
  (func $start (call $load) (call $look) (if (i32.eqz (call $stays)) (then unreachable)))
  (start $start))
