;; At least 2 pages, at most 5.
(module (import "env" "m" (memory 2 5)))
