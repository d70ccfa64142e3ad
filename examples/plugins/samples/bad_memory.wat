;; Requests 4 GiB.
(module
  (memory 65536 65536)
  (func (export "run") (result i32)
    (memory.size)))
