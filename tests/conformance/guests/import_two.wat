;; The first import can be provided while the second is missing.
(module
  (import "one" "first" (func))
  (import "two" "second" (func)))
