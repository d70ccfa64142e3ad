;; Handlers around code that never returns. If a handler caught a trap, the function would return.
(module
  (import "host" "work" (func $work (param i32)))
  (func $loop (loop $again (br $again)))
  (func (export "loop") (block $caught (try_table (catch_all $caught) (call $loop))))
  (func (export "works") (block $caught (try_table (catch_all $caught) (call $work (i32.const -1))))))
