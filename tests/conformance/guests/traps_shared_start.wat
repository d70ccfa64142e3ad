;; An access past the end of a shared memory during instantiation.
(module
  (import "env" "memory" (memory 1 3 shared))
  (func $start (i32.store (i32.const 65536) (i32.const 1)))
  (start $start))
