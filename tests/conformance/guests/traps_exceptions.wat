;; Uncaught exceptions.
(module
  (tag $tag (param i32))
  (func $throws (export "throw") (throw $tag (i32.const 7)))
  (func (export "throw_deep") (call $throws))
  (func (export "throw_ref_null") (throw_ref (ref.null exn))))
