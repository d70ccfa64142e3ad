(module
  (memory 1 1 shared)
  (func (export "run") (result i32)
    (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 42)))
    (i32.atomic.load (i32.const 0))))
