;; Writes its first segment to an imported memory and traps on the second one.
(module
  (import "env" "memory" (memory 1))
  (data (i32.const 0) "kept")
  (data (i32.const 65535) "too long"))
