;; At least 2 elements, at most 5.
(module (import "env" "t" (table 2 5 funcref)))
