;; The traps of typed function references.
(module
  (type $none (func))
  (func (export "call_ref_null") (call_ref $none (ref.null $none)))
  (func (export "as_non_null") (drop (ref.as_non_null (ref.null func)))))
