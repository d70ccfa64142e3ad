;; Well-formed but invalid: the function leaves no result.
(module (func (export "f") (result i32)))
