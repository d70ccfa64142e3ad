;; Each of its memories is within the limit, but together they exceed it.
(module
  (memory 1 200)
  (memory 1 200)
  (func (export "run") (result i32)
    (memory.size)))
