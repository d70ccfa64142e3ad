;; The same name asked for as two types: only a map by name makes this a question.
(module
  (import "env" "f" (func $a (result i32)))
  (import "env" "f" (func $b (result i32)))
  (func (export "sum") (result i32) (i32.add (call $a) (call $b))))
