;; Functions that an engine has computed wrongly. Each takes and returns an i32.
(module
  (func (export "select by i32.eqz") (param i32) (result i32)
    (select (i32.const 1) (local.get 0) (i32.eqz (local.get 0))))
  (func (export "select of constants by i32.eqz") (param i32) (result i32)
    (select (i32.const 11) (i32.const 22) (i32.eqz (local.get 0))))
  (func (export "select by i32.eq with zero") (param i32) (result i32)
    (select (i32.const 1) (local.get 0) (i32.eq (local.get 0) (i32.const 0))))
  (func (export "select by i32.ne with zero") (param i32) (result i32)
    (select (i32.const 1) (local.get 0) (i32.ne (local.get 0) (i32.const 0)))))
