;; Its start function is an import.
(module
  (import "host" "look" (func $look))
  (memory (export "memory") 1)
  (func (export "f") (result i32) (i32.const 9))
  (start $look))
