;; Several results, and none.
(module
  (func (export "swap") (param i32 i64) (result i64 i32) (local.get 1) (local.get 0))
  (func (export "four") (result i32 i64 f32 f64) (i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4))
  (func (export "more_results") (param i32) (result i32 i32 i32) (local.get 0) (local.get 0) (local.get 0))
  (func (export "more_params") (param i32 i32 i32) (result i32) (local.get 2)))
