;; Accesses past the end of a shared memory that other instances use as well.
(module
  (import "env" "memory" (memory 1 3 shared))
  (func (export "load_past_end") (drop (i32.load (i32.const 65536))))
  (func (export "load_far") (drop (i32.load (i32.const -16))))
  (func (export "store_past_end") (i32.store (i32.const 65533) (i32.const 1))))
