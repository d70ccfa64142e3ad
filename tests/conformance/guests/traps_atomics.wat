;; The traps of atomic instructions on an unshared memory.
(module
  (memory 1 1)
  (func (export "load_unaligned") (drop (i32.atomic.load (i32.const 1))))
  (func (export "store_unaligned") (i64.atomic.store (i32.const 4) (i64.const 0)))
  (func (export "add_unaligned") (drop (i32.atomic.rmw.add (i32.const 2) (i32.const 1))))
  (func (export "wait_non_shared")
    (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0))))
  (func (export "load_past_end") (drop (i32.atomic.load (i32.const 65536)))))
