;; Well-formed but invalid: a reference to a function that only the start section refers to.
(module
  (func $f)
  (func (drop (ref.func $f)))
  (start $f))
