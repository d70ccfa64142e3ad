;; The first can be given while the second is missing.
(module
  (import "one" "first" (func))
  (import "two" "second" (func)))
