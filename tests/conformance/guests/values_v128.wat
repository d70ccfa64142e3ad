;; Vectors that pass through the guest, or that the guest takes apart.
(module
  (func (export "echo") (param v128) (result v128) (local.get 0))
  (func (export "lane0") (param v128) (result i32) (i32x4.extract_lane 0 (local.get 0)))
  (func (export "lane3") (param v128) (result i32) (i32x4.extract_lane 3 (local.get 0)))
  (func (export "last_byte") (param v128) (result i32) (i8x16.extract_lane_u 15 (local.get 0)))
  (func (export "constant") (result v128) (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 255)))
