;; Grows a memory of the host in every way that a guest can.
(module
  (type $unary (func (param i32) (result i32)))
  (import "host" "step" (func $step (type $unary)))
  (import "env" "memory" (memory 1 40))
  (export "memory" (memory 0))
  (table (export "table") 1 funcref)
  (func (export "size") (result i32) (memory.size))
  (func (export "load8") (type $unary) (i32.load8_u (local.get 0)))
  (func (export "grow") (type $unary) (memory.grow (local.get 0)))
  (func (export "grow_and_trap") (type $unary) (drop (memory.grow (local.get 0))) (unreachable))
  (func (export "grow_through_table") (type $unary)
    (call_indirect (type $unary) (local.get 0) (i32.const 0)))
  ;; Grows by a page n times, and passes the size to the host before, in between and after. The guest writes the host's
  ;; result to the last byte, which exists only if the guest uses the new size.
  (func (export "grow_between") (param $n i32) (result i32)
    (block $done
      (loop $again
        (i32.store8
          (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 1))
          (call $step (memory.size)))
        (br_if $done (i32.eqz (local.get $n)))
        (drop (memory.grow (i32.const 1)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $again)))
    (memory.size)))
