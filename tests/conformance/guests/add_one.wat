;; The smallest useful guest.
(module $add_one
  (func $add_one (export "add_one") (param $n i32) (result i32)
    (i32.add (local.get $n) (i32.const 1))))
