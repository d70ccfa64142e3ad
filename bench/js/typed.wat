;; By hand: makes a function of JS one of wasm, so that C can call it through a pointer.
(module
  (import "e" "f" (func $func (param i32) (result i32)))
  (export "f" (func $func)))
