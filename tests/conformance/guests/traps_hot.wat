;; Code that runs often with good operands before it traps with the last one, and callers of it, for backtraces.
(module $hot_module
  (type $none (func))
  (type $number (func (result i32)))
  (table 3 3 funcref)
  (elem (i32.const 0) $nothing $one)
  (func $nothing)
  (func $one (result i32) (i32.const 1))
  ;; Backends that run the start function themselves give the engine a rewritten module. Frames still refer to this one.
  (start $nothing)

  (func $convert (param $value f64) (result i32)
    (i32.trunc_f64_s (local.get $value)))
  (func $convert_single (param $value f32) (result i64)
    (local $before i32)
    (local $kept f64)
    (i64.trunc_f32_u (local.get $value)))
  (func $call (param $index i32)
    (call_indirect (type $none) (local.get $index)))

  (func $convert_often (export "convert") (param $times i32) (param $last f64) (result i32)
    (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (call $convert (f64.const 2.5))))
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (i32.add (local.get $sum) (call $convert (local.get $last))))

  (func $convert_single_often (export "convert_single") (param $times i32) (param $last f32) (result i64)
    (local $sum i64)
    (loop $again
      (local.set $sum (i64.add (local.get $sum) (call $convert_single (f32.const 2.5))))
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (i64.add (local.get $sum) (call $convert_single (local.get $last))))

  (func $call_often (export "call") (param $times i32) (param $last i32)
    (loop $again
      (call $call (i32.const 0))
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (call $call (local.get $last))))
