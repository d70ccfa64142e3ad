;; Recurses through the host: down(n) = n == 0 ? 0 : 1 + host.down(n - 1).
(module
  (import "host" "down" (func $down (param i32) (result i32)))
  (func (export "down") (param $n i32) (result i32)
    (if (result i32) (i32.eqz (local.get $n))
      (then (i32.const 0))
      (else (i32.add (i32.const 1) (call $down (i32.sub (local.get $n) (i32.const 1)))))))
  (func (export "trap_at_bottom") (param $n i32) (result i32)
    (if (i32.eqz (local.get $n)) (then (unreachable)))
    (call $down (i32.sub (local.get $n) (i32.const 1)))))
