;; The guest of tests/hosts/js (world.c) with a handler around the call of the host.
(module
  (import "e" "h" (func $h (param i32) (result i32)))
  (func (export "f") (param i32) (result i32)
    (block $caught (return (try_table (result i32) (catch_all $caught) (call $h (local.get 0)))))
    (i32.const -1))
  (func $r (export "r") (param i32) (result i32)
    (block $caught (return (try_table (result i32) (catch_all $caught) (call $r (local.get 0)))))
    (i32.const -1))
  (func (export "u") (param i32) (result i32)
    (block $caught (return (try_table (result i32) (catch_all $caught) (unreachable))))
    (i32.const -1))
  (func (export "one") (param i32) (result i32) (i32.const 1)))
