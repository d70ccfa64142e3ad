;; A function that traps. trap_blamed.wat has another one at the same place of a module of the same size.
(module $honest
  (func $traps (export "f") unreachable nop))
