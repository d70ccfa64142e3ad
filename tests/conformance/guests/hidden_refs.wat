;; A function that only a reference reaches. Its parameters and results have concrete types.
(module
  (type $point (struct (field i32)))
  (type $numbers (array i32))
  (type $unary (func (param i32) (result i32)))

  (func $hidden (param (ref $numbers) (ref null $unary)) (result (ref null $point))
    (struct.new $point (array.len (local.get 0))))
  (elem declare func $hidden)

  (func (export "get_hidden") (result funcref) (ref.func $hidden))
  (func (export "make_numbers") (param i32) (result (ref $numbers)) (array.new $numbers (i32.const 7) (local.get 0)))
  (func (export "value") (param (ref null $point)) (result i32) (struct.get $point 0 (local.get 0))))
