;; Invalid: the start function, an import, has a parameter.
(module
  (import "host" "look" (func $look (param i32)))
  (start $look))
