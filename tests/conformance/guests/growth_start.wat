;; Its start function grows the memory, calls the host and grows the memory again.
(module
  (import "host" "step" (func $step (param i32) (result i32)))
  (import "env" "memory" (memory 1 40))
  (func $start
    (drop (memory.grow (i32.const 1)))
    (drop (call $step (memory.size)))
    (drop (memory.grow (i32.const 1))))
  (start $start))
