;; A function without parameters and results.
(module
  (func (export "nothing")))
