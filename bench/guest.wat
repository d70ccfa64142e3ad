;; For calls from the host and calls to the host.
(module
  (import "host" "checked" (func $checked (param i32) (result i32)))
  (import "host" "raw" (func $raw (param i32) (result i32)))
  (memory (export "memory") 17)
  (table (export "table") 8 funcref)
  (global (export "global") (mut i64) (i64.const 1))
  (elem (i32.const 0) $add $add $add $add $add $add $add $add)
  (func $add (export "add") (param i32 i32) (result i32)
    local.get 0
    local.get 1
    i32.add)
  ;; Each calls the host $left times.
  (func (export "call_checked") (param $left i32) (result i32)
    (local $sum i32)
    loop $again
      local.get $sum
      call $checked
      local.set $sum
      local.get $left
      i32.const 1
      i32.sub
      local.tee $left
      br_if $again
    end
    local.get $sum)
  (func (export "call_raw") (param $left i32) (result i32)
    (local $sum i32)
    loop $again
      local.get $sum
      call $raw
      local.set $sum
      local.get $left
      i32.const 1
      i32.sub
      local.tee $left
      br_if $again
    end
    local.get $sum)
  ;; Each runs a loop $left times, and adds 1 in each iteration.
  (func (export "convert") (param $left i32) (result i32)
    (local $sum i32)
    loop $again
      local.get $sum
      f64.convert_i32_s
      f64.const 1.25
      f64.add
      i32.trunc_f64_s
      local.set $sum
      local.get $left
      i32.const 1
      i32.sub
      local.tee $left
      br_if $again
    end
    local.get $sum)
  (func (export "call_indirect") (param $left i32) (result i32)
    (local $sum i32)
    loop $again
      local.get $sum
      i32.const 1
      local.get $left
      i32.const 7
      i32.and
      call_indirect (param i32 i32) (result i32)
      local.set $sum
      local.get $left
      i32.const 1
      i32.sub
      local.tee $left
      br_if $again
    end
    local.get $sum))
