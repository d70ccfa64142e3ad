;; Its element segment does not fit the imported table.
(module
  (import "env" "table" (table 1 funcref))
  (elem (i32.const 1) $f)
  (func $f))
