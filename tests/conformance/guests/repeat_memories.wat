;; As repeat.wat, with several memories.
(module
  (memory $a 1 2)
  (memory $b 1 2)
  (func (export "memory.copy between memories") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (memory.copy $b $a (i32.const 1) (i32.const 0) (i32.const 16))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $i))
  (func (export "memory.grow of another memory") (param $n i32) (result i32) (local $i i32) (local $zero i32)
    (loop $again
      (local.set $i (i32.add (local.get $i) (memory.grow $b (local.get $zero))))
      (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $i))
  (func (export "load and store in another memory") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (i32.store $b (i32.const 8) (i32.add (i32.load $b (i32.const 8)) (i32.const 1)))
      (br_if $again (i32.lt_u (i32.load $b (i32.const 8)) (local.get $n))))
    (i32.load $b (i32.const 8))))
