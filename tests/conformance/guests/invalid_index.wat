;; Well-formed but invalid: the local does not exist.
(module (func (result i32) (local.get 3)))
