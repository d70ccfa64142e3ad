;; No engine accepts the module: it stands for a module with an unsupported feature.
(module binary "\00asm" "\01\00\00\00" "\ff\00")
(assert_return (invoke "f"))
(assert_trap (invoke "f") "unreachable")
(register "refused")
(module (import "refused" "f" (func)))
(assert_unlinkable (module (import "refused" "f" (func))) "unknown import")
(module (func (export "f") (result i32) (i32.const 1)))
(assert_return (invoke "f") (i32.const 2))
