;; Takes as much memory as it is allowed, and gets no more.
(module
  (memory 1 16)
  (func (export "run") (result i32)
    (drop (memory.grow (i32.const 15)))
    (drop (memory.grow (i32.const 1)))
    (memory.size)))
