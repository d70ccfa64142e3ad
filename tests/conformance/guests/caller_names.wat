;; Exports under the replacement character, which decoders substitute for invalid UTF-8.
(module
  (import "host" "look" (func $look))
  (func (export "\ef\bf\bd") (call $look))
  (func (export "run") (call $look)))
