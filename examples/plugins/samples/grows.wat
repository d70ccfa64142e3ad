;; Grows its memory to the maximum, and cannot grow it further.
(module
  (memory 1 16)
  (func (export "run") (result i32)
    (drop (memory.grow (i32.const 15)))
    (drop (memory.grow (i32.const 1)))
    (memory.size)))
