;; Catches an imported tag and no other.
(module
  (import "a" "tag" (tag $tag (param i32)))
  (import "a" "throw" (func $throw (param i32)))
  (export "tag_again" (tag $tag))
  (func (export "catch") (param i32) (result i32)
    (block $caught (result i32)
      (try_table (catch $tag $caught) (call $throw (local.get 0)))
      (i32.const -1))))
