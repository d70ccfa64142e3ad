;; Well-formed, but a local that does not exist.
(module (func (result i32) (local.get 3)))
