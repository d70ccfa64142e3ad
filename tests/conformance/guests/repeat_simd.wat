;; As repeat.wat, with vectors.
(module
  (memory 1 1)
  (func (export "narrow") (param $n i32) (result i32) (local $i v128)
    (loop $again
      (drop (i8x16.narrow_i16x8_u (i16x8.narrow_i32x4_s (local.get $i) (local.get $i))
        (i16x8.narrow_i32x4_u (local.get $i) (local.get $i))))
      (drop (i8x16.narrow_i16x8_s (local.get $i) (local.get $i)))
      (local.set $i (i32x4.add (local.get $i) (i32x4.splat (i32.const 1))))
      (br_if $again (i32.lt_u (i32x4.extract_lane 3 (local.get $i)) (local.get $n))))
    (i32x4.extract_lane 0 (local.get $i)))
  (func (export "lanes") (param $n i32) (result i32) (local $i v128)
    (loop $again
      (local.set $i (i32x4.add (local.get $i) (i32x4.splat (i32.const 1))))
      (local.set $i (i8x16.shuffle 4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11 (local.get $i) (local.get $i)))
      (drop (i8x16.swizzle (local.get $i) (v128.const i32x4 0 1 2 3)))
      (drop (i8x16.popcnt (i16x8.extmul_low_i8x16_s (local.get $i) (local.get $i))))
      (drop (i32x4.dot_i16x8_s (local.get $i) (i16x8.q15mulr_sat_s (local.get $i) (local.get $i))))
      (drop (v128.bitselect (local.get $i) (local.get $i) (i16x8.extadd_pairwise_i8x16_u (local.get $i))))
      (br_if $again (i32.lt_u (i32x4.extract_lane 3 (local.get $i)) (local.get $n))))
    (i32x4.extract_lane 0 (local.get $i)))
  (func (export "f32x4 and f64x2") (param $n i32) (result i32) (local $i v128)
    (loop $again
      (local.set $i (f32x4.nearest (f32x4.add (f32x4.ceil (f32x4.floor (f32x4.sqrt (f32x4.mul (local.get $i)
        (local.get $i))))) (f32x4.trunc (f32x4.splat (f32.const 1.5))))))
      (drop (f64x2.nearest (f64x2.ceil (f64x2.floor (f64x2.trunc (f64x2.sqrt (f64x2.promote_low_f32x4
        (local.get $i))))))))
      (drop (f32x4.demote_f64x2_zero (f64x2.convert_low_i32x4_s (i32x4.trunc_sat_f64x2_s_zero (local.get $i)))))
      (br_if $again (i32.lt_u (i32x4.extract_lane 3 (i32x4.trunc_sat_f32x4_u (local.get $i))) (local.get $n))))
    (i32x4.extract_lane 0 (i32x4.trunc_sat_f32x4_s (local.get $i))))
  (func (export "v128.load and v128.store") (param $n i32) (result i32)
    (v128.store (i32.const 0) (v128.const i32x4 0 0 0 0))
    (loop $again
      (v128.store (i32.const 0) (i32x4.add (v128.load (i32.const 0)) (i32x4.splat (i32.const 1))))
      (v128.store32_lane 1 (i32.const 16) (v128.load32_lane 2 (i32.const 0) (v128.load8x8_u (i32.const 16))))
      (br_if $again (i32.lt_u (i32.load (i32.const 12)) (local.get $n))))
    (i32.load (i32.const 0))))
