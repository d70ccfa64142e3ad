;; The guest of tests/hosts/js (world.c) with a handler around the call of the host, in the form of the legacy proposal
;; (before try_table).
(module
  (import "e" "h" (func $h (param i32) (result i32)))
  (func (export "f") (param i32) (result i32)
    try (result i32)
      local.get 0 call $h
    catch_all
      i32.const -1
    end)
  (func $r (export "r") (param i32) (result i32)
    try (result i32)
      local.get 0 call $r
    catch_all
      i32.const -1
    end)
  (func (export "u") (param i32) (result i32)
    try (result i32)
      unreachable
    catch_all
      i32.const -1
    end)
  (func (export "one") (param i32) (result i32) (i32.const 1)))
