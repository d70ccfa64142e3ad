;; Hand-written: turns a JS function into a wasm function, so that C can call it through a pointer.
(module
  (import "e" "f" (func $func (param i32) (result i32)))
  (export "f" (func $func)))
