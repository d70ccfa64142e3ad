;; Functions whose types differ, although all but one have the same parameters and results. None is exported under its
;; own name, so that hosts which identify a function by its index meet several.
(module
  (type $plain (func (param i32) (result i32)))
  (type $open (sub (func (param i32) (result i32))))
  (type $subtype (sub $open (func (param i32) (result i32))))
  (type $last (sub final $subtype (func (param i32) (result i32))))
  (rec
    (type $first_of_two (func (param i32) (result i32)))
    (type $second_of_two (func (param i64 f64 funcref) (result funcref f64 i64))))

  (table (export "table") 6 funcref)
  (elem (i32.const 0) $plain $open $subtype $last $first_of_two $second_of_two)

  (func $plain (export "f0") (type $plain) (i32.add (local.get 0) (i32.const 100)))
  (func $open (export "f1") (type $open) (i32.add (local.get 0) (i32.const 101)))
  (func $subtype (export "f2") (type $subtype) (i32.add (local.get 0) (i32.const 102)))
  (func $last (export "f3") (type $last) (i32.add (local.get 0) (i32.const 103)))
  (func $first_of_two (export "f4") (type $first_of_two) (i32.add (local.get 0) (i32.const 104)))
  (func $second_of_two (export "f5") (type $second_of_two) (local.get 2) (local.get 1) (local.get 0))

  (func (export "trap") (type $open) unreachable))
