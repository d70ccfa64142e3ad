;; As planted.wast, for GC references and exceptions.

(module
  (type $s (struct))
  (type $a (array i8))
  (type $f (func))
  (tag $e)
  (func $self (export "func") (result (ref $f)) (ref.func $self_type))
  (func $self_type (type $f))
  (elem declare func $self_type)
  (func (export "struct") (result anyref) (struct.new $s))
  (func (export "array") (result anyref) (array.new_default $a (i32.const 1)))
  (func (export "i31") (result anyref) (ref.i31 (i32.const 1)))
  (func (export "in") (param externref) (result anyref) (any.convert_extern (local.get 0)))
  (func (export "out") (param anyref) (result externref) (extern.convert_any (local.get 0)))
  (func (export "null any") (result anyref) (ref.null any))
  (func (export "null struct") (result (ref null $s)) (ref.null $s))
  (func (export "null func") (result (ref null $f)) (ref.null $f))
  (func (export "null nofunc") (result nullfuncref) (ref.null nofunc))
  (func (export "null exn") (result exnref) (ref.null exn))
  (func (export "throw") (throw $e))
  (func (export "return"))
  (func (export "cast") (drop (ref.cast (ref $a) (struct.new $s))))
  (func (export "null") (drop (ref.as_non_null (ref.null any))))
)

;; Heap types
(assert_return (invoke "struct") (ref.struct))
(assert_return (invoke "struct") (ref.eq))
(assert_return (invoke "struct") (ref.any))
(assert_return (invoke "struct") (ref.array)) ;; caught: expected ref.array, got (ref struct)
(assert_return (invoke "struct") (ref.i31)) ;; caught: expected ref.i31
(assert_return (invoke "struct") (ref.null)) ;; caught: expected ref.null
(assert_return (invoke "struct") (ref.null any)) ;; caught: expected ref.null any
(assert_return (invoke "struct") (ref.func)) ;; caught: expected ref.func
(assert_return (invoke "struct") (ref.extern)) ;; caught: expected ref.extern
(assert_return (invoke "struct") (ref.host 1)) ;; caught: expected ref.host 1
(assert_return (invoke "array") (ref.array))
(assert_return (invoke "array") (ref.eq))
(assert_return (invoke "array") (ref.struct)) ;; caught: expected ref.struct, got (ref array)
(assert_return (invoke "i31") (ref.i31))
(assert_return (invoke "i31") (ref.eq))
(assert_return (invoke "i31") (ref.struct)) ;; caught: got (ref i31)
(assert_return (invoke "func") (ref.func))
(assert_return (invoke "func") (ref.any)) ;; caught: expected ref.any, got ref.func
(assert_return (invoke "func") (ref.null func)) ;; caught: got ref.func

;; References of the host
(assert_return (invoke "in" (ref.extern 1)) (ref.host 1))
(assert_return (invoke "in" (ref.extern 1)) (ref.any))
(assert_return (invoke "in" (ref.extern 1)) (ref.host 2)) ;; caught: expected ref.host 2
(assert_return (invoke "in" (ref.extern 1)) (ref.eq)) ;; caught: expected ref.eq
(assert_return (invoke "in" (ref.null extern)) (ref.null any))
(assert_return (invoke "in" (ref.null extern)) (ref.host 0)) ;; caught: got null reference
(assert_return (invoke "out" (ref.host 3)) (ref.extern 3))
(assert_return (invoke "out" (ref.host 3)) (ref.extern 4)) ;; caught: expected ref.extern 4, got ref.extern 3
(assert_return (invoke "out" (ref.null any)) (ref.null extern))
(assert_return (invoke "out" (ref.null any)) (ref.extern)) ;; caught: got null externref

;; Null references of each hierarchy
(assert_return (invoke "null any") (ref.null none))
(assert_return (invoke "null any") (ref.null func)) ;; caught: expected ref.null func
(assert_return (invoke "null any") (ref.null exn)) ;; caught: expected ref.null exn
(assert_return (invoke "null any") (ref.any)) ;; caught: got null reference
(assert_return (invoke "null any") (ref.struct)) ;; caught: got null reference
(assert_return (invoke "null struct") (ref.null struct))
(assert_return (invoke "null struct") (ref.null extern)) ;; caught: expected ref.null extern
(assert_return (invoke "null func") (ref.null func))
(assert_return (invoke "null nofunc") (ref.null nofunc))
(assert_return (invoke "null nofunc") (ref.null any)) ;; caught: expected ref.null any
(assert_return (invoke "null exn") (ref.null exn))
(assert_return (invoke "null exn") (ref.null noexn))
(assert_return (invoke "null exn") (ref.null any)) ;; caught: expected ref.null any
(assert_return (invoke "null exn") (either (ref.null func) (ref.null any))) ;; caught: expected either

;; Exceptions, and traps that are not exceptions
(assert_exception (invoke "throw"))
(assert_exception (invoke "return")) ;; caught: expected an exception, but it returned
(assert_exception (invoke "cast")) ;; caught: expected an exception, but there was trap
(assert_trap (invoke "throw") "unreachable") ;; caught: uncaught
(assert_return (invoke "throw")) ;; caught: uncaught
(assert_trap (invoke "cast") "cast failure")
(assert_trap (invoke "cast") "null reference") ;; caught: cast
(assert_trap (invoke "null") "null reference")
(assert_trap (invoke "null") "cast failure") ;; caught: null reference
