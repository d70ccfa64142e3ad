;; Right assertions, and assertions that are wrong on purpose. A comment ";; caught: WORDS" at the end of a line means that the
;; assertion that begins on the line must fail, with these words in the runner's message. Every other assertion must pass.

(module $M
  (func (export "i32") (param i32) (result i32) (local.get 0))
  (func (export "i64") (param i64) (result i64) (local.get 0))
  (func (export "f32") (param f32) (result f32) (local.get 0))
  (func (export "f64") (param f64) (result f64) (local.get 0))
  (func (export "v128") (param v128) (result v128) (local.get 0))
  (func (export "externref") (param externref) (result externref) (local.get 0))
  (func (export "funcref") (param funcref) (result funcref) (local.get 0))
  (func $self (export "self") (result funcref) (ref.func $self))
  (func (export "two") (result i32 i64) (i32.const 1) (i64.const 2))
  (func (export "none"))
  (func (export "unreachable") (unreachable))
  (func (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func $forever (export "forever") (call $forever))
  (global (export "global") i32 (i32.const 7))
  (memory 1)
)

;; Integers
(assert_return (invoke "i32" (i32.const -1)) (i32.const 0xffffffff))
(assert_return (invoke "i32" (i32.const 1)) (i32.const 2)) ;; caught: expected i32 2 (0x00000002), got i32 1
(assert_return (invoke "i64" (i64.const 0x123456789abcdef0)) (i64.const 0x123456789abcdef0))
(assert_return (invoke "i64" (i64.const 0x100000001)) (i64.const 1)) ;; caught: expected i64 1
(assert_return (invoke "i32" (i32.const 1)) (i64.const 1)) ;; caught: expected i64 1
(assert_return (get "global") (i32.const 7))
(assert_return (get "global") (i32.const 8)) ;; caught: expected i32 8
(assert_return (get $M "global") (i64.const 7)) ;; caught: expected i64 7

;; Results: too few, too many, the wrong one of two
(assert_return (invoke "two") (i32.const 1) (i64.const 2))
(assert_return (invoke "two") (i32.const 1)) ;; caught: expected 1 results
(assert_return (invoke "none") (i32.const 1)) ;; caught: expected 1 results
(assert_return (invoke "i32" (i32.const 1))) ;; caught: expected 0 results
(assert_return (invoke "two") (i32.const 1) (i64.const 3)) ;; caught: result 1: expected i64 3

;; Floats: bits, also of zeros and of NaNs
(assert_return (invoke "f32" (f32.const 1.5)) (f32.const 1.5))
(assert_return (invoke "f32" (f32.const 0.0)) (f32.const -0.0)) ;; caught: expected f32 bits 0x80000000
(assert_return (invoke "f64" (f64.const -0.0)) (f64.const 0.0)) ;; caught: got f64 bits 0x8000000000000000
(assert_return (invoke "f32" (f32.const nan:0x200000)) (f32.const nan:0x200000))
(assert_return (invoke "f32" (f32.const nan:0x200000)) (f32.const nan:0x200001)) ;; caught: expected f32 bits 0x7fa00001
(assert_return (invoke "f64" (f64.const 1)) (f64.const 0x1.0000000000001p0)) ;; caught: expected f64 bits 0x3ff0000000000001
(assert_return (invoke "f32" (f32.const nan)) (f32.const nan:canonical))
(assert_return (invoke "f32" (f32.const -nan)) (f32.const nan:canonical))
(assert_return (invoke "f32" (f32.const nan:0x400001)) (f32.const nan:canonical)) ;; caught: expected f32 nan:canonical
(assert_return (invoke "f32" (f32.const nan:0x200000)) (f32.const nan:canonical)) ;; caught: expected f32 nan:canonical
(assert_return (invoke "f32" (f32.const inf)) (f32.const nan:canonical)) ;; caught: got f32 bits 0x7f800000
(assert_return (invoke "f32" (f32.const 0)) (f32.const nan:canonical)) ;; caught: expected f32 nan:canonical
(assert_return (invoke "f64" (f64.const nan)) (f64.const nan:canonical))
(assert_return (invoke "f64" (f64.const -nan:0x8000000000001)) (f64.const nan:canonical)) ;; caught: expected f64 nan:canonical
(assert_return (invoke "f32" (f32.const -nan:0x400001)) (f32.const nan:arithmetic))
(assert_return (invoke "f32" (f32.const nan)) (f32.const nan:arithmetic))
(assert_return (invoke "f32" (f32.const nan:0x200000)) (f32.const nan:arithmetic)) ;; caught: expected f32 nan:arithmetic
(assert_return (invoke "f32" (f32.const -inf)) (f32.const nan:arithmetic)) ;; caught: expected f32 nan:arithmetic
(assert_return (invoke "f64" (f64.const nan:0x8000000000001)) (f64.const nan:arithmetic))
(assert_return (invoke "f64" (f64.const nan:0x4000000000000)) (f64.const nan:arithmetic)) ;; caught: expected f64 nan:arithmetic
(assert_return (invoke "f64" (f64.const inf)) (f64.const nan:arithmetic)) ;; caught: expected f64 nan:arithmetic
(assert_return (invoke "f32" (f32.const nan)) (f64.const nan:canonical)) ;; caught: expected f64 nan:canonical, got f32

;; Vectors: one lane, the last lane, a NaN in a lane
(assert_return (invoke "v128" (v128.const i32x4 1 2 3 4)) (v128.const i32x4 1 2 3 4))
(assert_return (invoke "v128" (v128.const i32x4 1 2 3 4)) (v128.const i32x4 1 2 3 5)) ;; caught: as i32x4
(assert_return (invoke "v128" (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)) (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 16)) ;; caught: as i8x16
(assert_return (invoke "v128" (v128.const i16x8 0 1 2 3 4 5 6 7)) (v128.const i16x8 1 1 2 3 4 5 6 7)) ;; caught: as i16x8
(assert_return (invoke "v128" (v128.const i64x2 1 2)) (v128.const i64x2 1 3)) ;; caught: as i64x2
(assert_return (invoke "v128" (v128.const f32x4 1 nan 3 -0)) (v128.const f32x4 1 nan:canonical 3 -0))
(assert_return (invoke "v128" (v128.const f32x4 1 nan 3 -0)) (v128.const f32x4 1 nan:canonical 3 0)) ;; caught: as f32x4
(assert_return (invoke "v128" (v128.const f32x4 1 2 3 nan:0x200000)) (v128.const f32x4 1 2 3 nan:arithmetic)) ;; caught: lane 3 nan:arithmetic
(assert_return (invoke "v128" (v128.const f64x2 nan nan:0x8000000000001)) (v128.const f64x2 nan:canonical nan:arithmetic))
(assert_return (invoke "v128" (v128.const f64x2 nan nan:0x8000000000001)) (v128.const f64x2 nan:canonical nan:canonical)) ;; caught: lane 1 nan:canonical
(assert_return (invoke "v128" (v128.const f64x2 0 1)) (v128.const f64x2 nan:arithmetic 1)) ;; caught: lane 0 nan:arithmetic

;; References
(assert_return (invoke "externref" (ref.extern 1)) (ref.extern 1))
(assert_return (invoke "externref" (ref.extern 1)) (ref.extern))
(assert_return (invoke "externref" (ref.extern 1)) (ref.extern 2)) ;; caught: expected ref.extern 2, got ref.extern 1
(assert_return (invoke "externref" (ref.extern 0)) (ref.null extern)) ;; caught: got ref.extern 0
(assert_return (invoke "externref" (ref.null extern)) (ref.null extern))
(assert_return (invoke "externref" (ref.null extern)) (ref.null))
(assert_return (invoke "externref" (ref.null extern)) (ref.extern 0)) ;; caught: expected ref.extern 0
(assert_return (invoke "externref" (ref.null extern)) (ref.extern)) ;; caught: expected ref.extern
(assert_return (invoke "externref" (ref.null extern)) (ref.null func)) ;; caught: expected ref.null func
(assert_return (invoke "self") (ref.func))
(assert_return (invoke "self") (ref.null func)) ;; caught: got ref.func
(assert_return (invoke "self") (ref.null)) ;; caught: got ref.func
(assert_return (invoke "self") (ref.extern)) ;; caught: got ref.func
(assert_return (invoke "funcref" (ref.null func)) (ref.func)) ;; caught: expected ref.func, got null
(assert_return (invoke "funcref" (ref.null func)) (ref.null extern)) ;; caught: expected ref.null extern

;; One of several values
(assert_return (invoke "i32" (i32.const 2)) (either (i32.const 1) (i32.const 2)))
(assert_return (invoke "i32" (i32.const 3)) (either (i32.const 1) (i32.const 2))) ;; caught: either i32 1
(assert_return (invoke "f32" (f32.const inf)) (either (f32.const nan:canonical) (f32.const 0))) ;; caught: either f32 nan:canonical

;; Traps: another kind, no trap, and an unexpected trap
(assert_trap (invoke "unreachable") "unreachable")
(assert_trap (invoke "divide" (i32.const 1) (i32.const 0)) "integer divide by zero")
(assert_trap (invoke "divide" (i32.const 1) (i32.const 0)) "integer overflow") ;; caught: integer division by zero
(assert_trap (invoke "divide" (i32.const 0x80000000) (i32.const -1)) "integer divide by zero") ;; caught: integer overflow
(assert_trap (invoke "load" (i32.const 65536)) "out of bounds memory access")
(assert_trap (invoke "load" (i32.const 65536)) "out of bounds table access") ;; caught: out of bounds memory access
(assert_trap (invoke "unreachable") "no such words") ;; caught: does not have the message "no such words"
(assert_trap (invoke "unreachable") "") ;; caught: does not have the message
(assert_trap (invoke "divide" (i32.const 4) (i32.const 2)) "integer divide by zero") ;; caught: it returned i32 2
(assert_trap (invoke "forever") "unreachable") ;; caught: stack
(assert_return (invoke "unreachable")) ;; caught: trap (unreachable executed)
(assert_return (invoke "divide" (i32.const 1) (i32.const 0)) (i32.const 0)) ;; caught: integer division by zero
(assert_trap (module (func $f (unreachable)) (start $f)) "unreachable")
(assert_trap (module (func $f (unreachable)) (start $f)) "integer overflow") ;; caught: unreachable
(assert_trap (module (func $f) (start $f)) "unreachable") ;; caught: it returned
(assert_trap (module (import "spectest" "no" (func))) "unreachable") ;; caught: is missing

;; Exhaustion
(assert_exhaustion (invoke "forever") "call stack exhausted")
(assert_exhaustion (invoke "none") "call stack exhausted") ;; caught: it returned
(assert_exhaustion (invoke "unreachable") "call stack exhausted") ;; caught: unreachable

;; Exceptions
(assert_exception (invoke "none")) ;; caught: expected an exception, but it returned
(assert_exception (invoke "unreachable")) ;; caught: unreachable

;; Valid modules
(assert_invalid (module (func (result i32))) "type mismatch")
(assert_invalid (module (func)) "type mismatch") ;; caught: but it compiled
(assert_malformed (module binary "\00asm" "\02\00\00\00") "unknown binary version")
(assert_malformed (module binary "\00asm" "\01\00\00\00") "unknown binary version") ;; caught: but it compiled
(assert_malformed (module quote "(func)") "unexpected token") ;; caught: but it compiled
(assert_unlinkable (module (import "spectest" "no" (func))) "unknown import")
(assert_unlinkable (module (import "spectest" "print_i32" (func))) "incompatible import type")
(assert_unlinkable (module (import "spectest" "print_i32" (func (param i32)))) "unknown import") ;; caught: cannot be linked ("unknown import"), but it returned
(assert_unlinkable (module (func $f (unreachable)) (start $f)) "unknown import") ;; caught: unreachable
(assert_unlinkable (module (memory 1) (data (i32.const 65536) "a")) "data segment does not fit")
(assert_unlinkable (module (memory 1) (data (i32.const 65536) "a")) "elements segment does not fit") ;; caught: out of bounds memory access
(assert_unlinkable (module (memory 1) (data (i32.const 65536) "a")) "unknown import") ;; caught: out of bounds memory access

;; Impossible calls
(assert_return (invoke "missing")) ;; caught: no export
(assert_return (get "i32") (i32.const 0)) ;; caught: is a function
(assert_return (invoke "global") (i32.const 7)) ;; caught: is a global
(assert_return (invoke "i32") (i32.const 0)) ;; caught: has 1 parameters, not 0
(assert_trap (invoke "i32" (i64.const 0)) "unreachable") ;; caught: argument
(assert_return (invoke $Nobody "i32" (i32.const 0)) (i32.const 0)) ;; caught: there is no module "$Nobody"

;; Other directives
(invoke "none")
(invoke "unreachable") ;; caught: trap (unreachable executed)
(module $N (global (export "g") (mut i32) (i32.const 1)))
(register "N" $N)
(module (import "N" "g" (global (mut i32))) (func (export "set") (global.set 0 (i32.const 2))))
(invoke "set")
(assert_return (get $N "g") (i32.const 2))
(assert_return (get $N "g") (i32.const 1)) ;; caught: expected i32 1
(module (import "N" "h" (global (mut i32)))) ;; caught: no instance: link error
(register "P" $Nobody) ;; caught: there is no module "$Nobody"
