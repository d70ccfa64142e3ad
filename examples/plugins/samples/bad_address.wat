;; Passes a text that starts in its memory and ends out of bounds.
(module
  (import "host" "say" (func $say (param i32 i32)))
  (memory (export "memory") 1 1)
  (func (export "run") (result i32)
    (call $say (i32.const 65530) (i32.const 20))
    (i32.const 0)))
