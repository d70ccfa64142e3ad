;; Work for threads: sums the numbers below n, and traps at a given number.
(module
  (import "host" "check" (func $check (param i32)))
  (func (export "sum") (param $n i32) (param $trap_at i32) (result i32)
    (local $i i32) (local $sum i32)
    (loop $next
      (if (i32.eq (local.get $i) (local.get $trap_at)) (then (unreachable)))
      (call $check (local.get $i))
      (local.set $sum (i32.add (local.get $sum) (local.get $i)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $sum))
  (func (export "load_far") (result i32) (i32.load8_u (i32.const 0x7fffffff)))
  (func (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func $endless (export "endless") (call $endless))
  (memory 1))
