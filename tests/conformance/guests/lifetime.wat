;; Externrefs that pass through, with no place where one could stay.
(module
  (import "host" "take" (func $take (param externref)))
  (import "host" "echo" (func $echo (param externref) (result externref)))
  (func (export "take") (param externref) (call $take (local.get 0)))
  (func (export "take_twice") (param externref) (call $take (local.get 0)) (call $take (local.get 0)))
  (func (export "take_again") (param externref)
    (call $take (local.get 0)) (call $take (ref.null extern)) (call $take (local.get 0)))
  (func (export "trap") (param externref) (call $take (local.get 0)) (unreachable))
  (func (export "echo") (param externref) (result externref) (call $echo (local.get 0)))
  (func (export "echo_is_null") (param externref) (result i32) (ref.is_null (call $echo (local.get 0))))
  (func (export "echo_take") (param externref) (call $take (call $echo (local.get 0)))))
