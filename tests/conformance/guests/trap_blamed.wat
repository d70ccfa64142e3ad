;; See trap_honest.wat.
(module $blamed
  (func $works (export "f") nop nop))
