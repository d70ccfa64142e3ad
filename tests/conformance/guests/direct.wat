;; A guest holds a reference during a host call and finds the same reference afterwards.
(module
  (type $s (struct (field (mut i32))))
  (import "host" "plain" (func $plain (param i32)))
  (global $g (mut (ref null $s)) (ref.null $s))
  (func (export "hold") (param i32) (result i32)
    (local $a (ref null $s))
    (local.set $a (struct.new $s (local.get 0)))
    (global.set $g (local.get $a))
    (call $plain (i32.const 0))
    (struct.set $s 0 (local.get $a) (i32.const 42))
    (i32.add
      (struct.get $s 0 (global.get $g))
      (i32.mul (i32.const 100) (ref.eq (local.get $a) (global.get $g))))))
