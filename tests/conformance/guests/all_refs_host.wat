;; A host function with references of all heap types as parameters and results.
(module
  (import "host" "f" (func $f (param anyref (ref null func) i32) (result (ref i31))))
  (type $pair (struct (field anyref) (field i32)))
  (func $itself (export "call") (param i32) (result i32)
    (i31.get_s (call $f (struct.new $pair (ref.null any) (local.get 0)) (ref.func $itself) (local.get 0))))
  (func (export "call_null") (param i32) (result i32)
    (i31.get_s (call $f (ref.null any) (ref.null func) (local.get 0))))
  (func (export "make_i31") (param i32) (result (ref i31)) (ref.i31 (local.get 0))))
