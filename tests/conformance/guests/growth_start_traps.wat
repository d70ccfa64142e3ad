;; Its start function grows the memory and traps.
(module
  (import "env" "memory" (memory 1 40))
  (func $start
    (drop (memory.grow (i32.const 1)))
    (unreachable))
  (start $start))
