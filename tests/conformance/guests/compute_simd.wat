;; As compute.wat, with vectors.
(module
  (func $br_table (param i32) (result v128)
    block (result v128)
      i64.const 7
      v128.const i64x2 1111 2222
      local.get 0
      br_table 0 1 1
    end)
  ;; The lanes, as 1111 * 10000 + 2222.
  (func (export "br_table with a vector") (param i32) (result i32) (local v128)
    (local.set 1 (call $br_table (local.get 0)))
    (i32.wrap_i64
      (i64.add
        (i64.mul (i64x2.extract_lane 0 (local.get 1)) (i64.const 10000))
        (i64x2.extract_lane 1 (local.get 1))))))
