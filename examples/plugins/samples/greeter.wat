;; Uses all host functions.
(module
  (import "host" "say" (func $say (param i32 i32)))
  (import "host" "option" (func $option (param i32) (result i32)))
  (memory (export "memory") 1 1)
  (data (i32.const 0) "good morning")
  (func (export "run") (result i32)
    (call $say (i32.const 0) (i32.const 12))
    (i32.add (call $option (i32.const 0)) (call $option (i32.const 1)))))
