;; Imports that nobody gives, with a name that must be escaped in a message.
(module
  (import "bad\nmodule" "bad\00name" (func)))
