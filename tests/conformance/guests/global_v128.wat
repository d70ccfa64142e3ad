;; A vector global, accessed by the guest and by the host.
(module
  (global $v (export "v") (mut v128) (v128.const i32x4 1 2 3 4))
  (func (export "get") (result v128) (global.get $v))
  (func (export "set") (param v128) (global.set $v (local.get 0)))
  (func (export "lane") (result i32) (i32x4.extract_lane 3 (global.get $v))))
