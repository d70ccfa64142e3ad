;; Passes references to the host, which returns them swapped.
(module
  (import "host" "swap" (func $swap (param externref funcref) (result funcref externref)))
  (func $nine (export "nine") (result i32) (i32.const 9))
  (func (export "run") (param externref) (result funcref externref)
    (call $swap (local.get 0) (ref.func $nine))))
