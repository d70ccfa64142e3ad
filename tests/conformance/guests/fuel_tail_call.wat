;; Tail calls that never return.
(module
  (func $again (export "loop") (return_call $again)))
