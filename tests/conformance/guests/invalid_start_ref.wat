;; Well-formed, but does not validate: a reference to a function that only the start section names.
(module
  (func $f)
  (func (drop (ref.func $f)))
  (start $f))
