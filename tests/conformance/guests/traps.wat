;; The traps of WebAssembly 1.0, one per export.
(module
  (type $none (func))
  (type $i32 (func (result i32)))
  (memory 1 1)
  (table 4 4 funcref)
  (elem (i32.const 0) $returns_i32)
  (func $returns_i32 (result i32) (i32.const 1))
  (func (export "fine") (result i32) (i32.const 1))

  (func (export "unreachable") (unreachable))

  (func (export "load_past_end") (drop (i32.load (i32.const 65533))))
  (func (export "load_far") (drop (i32.load8_u (i32.const -1))))
  (func (export "load_offset_wraps") (drop (i32.load8_u offset=0xffffffff (i32.const -1))))
  (func (export "store_past_end") (i64.store (i32.const 65529) (i64.const 1)))
  (func (export "store_far") (i32.store8 (i32.const 0x80000000) (i32.const 1)))

  (func (export "call_past_end") (call_indirect (type $none) (i32.const 4)))
  (func (export "call_far") (call_indirect (type $none) (i32.const -1)))
  (func (export "call_null") (call_indirect (type $none) (i32.const 1)))
  (func (export "call_other_type") (call_indirect (type $none) (i32.const 0)))

  (func (export "div_i32_overflow") (drop (i32.div_s (i32.const 0x80000000) (i32.const -1))))
  (func (export "div_i64_overflow") (drop (i64.div_s (i64.const 0x8000000000000000) (i64.const -1))))
  (func (export "trunc_i32_f32_overflow") (drop (i32.trunc_f32_s (f32.const 2147483648))))
  (func (export "trunc_i32_f64_overflow") (drop (i32.trunc_f64_u (f64.const -1))))
  (func (export "trunc_i64_f32_overflow") (drop (i64.trunc_f32_u (f32.const inf))))
  (func (export "trunc_i64_f64_overflow") (drop (i64.trunc_f64_s (f64.const -inf))))

  (func (export "div_i32_zero") (drop (i32.div_s (i32.const 1) (i32.const 0))))
  (func (export "div_u32_zero") (drop (i32.div_u (i32.const 1) (i32.const 0))))
  (func (export "rem_i32_zero") (drop (i32.rem_s (i32.const 1) (i32.const 0))))
  (func (export "rem_u32_zero") (drop (i32.rem_u (i32.const 1) (i32.const 0))))
  (func (export "div_i64_zero") (drop (i64.div_s (i64.const 1) (i64.const 0))))
  (func (export "div_u64_zero") (drop (i64.div_u (i64.const 1) (i64.const 0))))
  (func (export "rem_i64_zero") (drop (i64.rem_s (i64.const 1) (i64.const 0))))
  (func (export "rem_u64_zero") (drop (i64.rem_u (i64.const 1) (i64.const 0))))

  (func (export "trunc_i32_f32_nan") (drop (i32.trunc_f32_s (f32.const nan))))
  (func (export "trunc_i32_f64_nan") (drop (i32.trunc_f64_u (f64.const nan))))
  (func (export "trunc_i64_f32_nan") (drop (i64.trunc_f32_u (f32.const -nan))))
  (func (export "trunc_i64_f64_nan") (drop (i64.trunc_f64_s (f64.const nan:0x4))))

  (func $endless (export "endless") (call $endless))
  (func $endless_deep (export "endless_deep") (param i64 i64 i64 i64) (result i64)
    (i64.add (i64.const 1)
      (call $endless_deep (local.get 3) (local.get 2) (local.get 1) (local.get 0)))))
