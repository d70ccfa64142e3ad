;; Hand-written adapter that the guest imports, and that calls a C function with slots in the program's memory.
(module
  (import "e" "m" (memory 0))
  (import "e" "p" (global $stack (mut i32)))
  (import "e" "h" (global $env i32))
  (import "e" "f" (func $call (param i32 i32) (result i32)))
  (func (export "f") (param $value i32) (result i32)
    (local $slots i32)
    (local $failed i32)
    global.get $stack
    local.tee $slots
    i32.const 16
    i32.add
    global.set $stack
    local.get $slots
    local.get $value
    i32.store
    global.get $env
    local.get $slots
    call $call
    local.set $failed
    local.get $slots
    global.set $stack
    local.get $failed
    if
      unreachable
    end
    local.get $slots
    i32.load))
