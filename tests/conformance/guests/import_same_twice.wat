;; Two imports of the same name with different types. Only a lookup by name makes this a conflict.
(module
  (import "env" "f" (func $a (result i32)))
  (import "env" "f" (func $b (result i32)))
  (func (export "sum") (result i32) (i32.add (call $a) (call $b))))
