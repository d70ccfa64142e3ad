;; A host function grows this memory during a guest's call of it. The guest then uses the new page.
(module
  (import "host" "grow" (func $grow))
  (memory (export "memory") 1 10)
  (func (export "run") (result i32)
    (i32.store (i32.const 0) (i32.const 11))
    (i32.store (i32.const 65532) (i32.const 22))
    (call $grow)
    (i32.store (i32.const 65536) (i32.const 33))
    (i32.store (i32.const 131068) (i32.const 44))
    (i32.add
      (i32.add (i32.load (i32.const 0)) (i32.load (i32.const 65532)))
      (i32.add (i32.load (i32.const 65536)) (i32.load (i32.const 131068)))))
  (func (export "size") (result i32) (memory.size)))
