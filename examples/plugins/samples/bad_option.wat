;; Requests an option that the host does not have.
(module
  (import "host" "option" (func $option (param i32) (result i32)))
  (func (export "run") (result i32)
    (call $option (i32.const 7))))
