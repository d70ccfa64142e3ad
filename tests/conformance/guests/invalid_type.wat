;; Well-formed, but does not validate: the function leaves no result.
(module (func (export "f") (result i32)))
