;; Reference types beyond funcref and externref.
(module
  (type $f (func (param i32) (result i32)))
  (func $inc (type $f) (i32.add (local.get 0) (i32.const 1)))
  (elem declare func $inc)
  (global (export "typed") (ref $f) (ref.func $inc))
  (table (export "table") 1 (ref null $f))
  (func (export "get") (result (ref $f)) (ref.func $inc))
  (func (export "use") (param i32) (result i32) (call_ref $f (local.get 0) (ref.func $inc))))
