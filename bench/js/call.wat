;; Hand-written adapter that calls a function of the guest with the values of slots in the program's memory.
(module
  (import "e" "m" (memory 0))
  (import "e" "f" (func $func (param i32 i32) (result i32)))
  (func (export "f") (param $slots i32)
    local.get $slots
    local.get $slots
    i32.load
    local.get $slots
    i32.load offset=16
    call $func
    i32.store))
