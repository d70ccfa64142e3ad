;; Imports that nobody provides. One has a name that must be escaped in a message.
(module
  (import "bad\nmodule" "bad\00name" (func)))
