;; As caller_loaded, with other exports. It fails before any call of the host.
(module
  (import "host" "look" (func $look))
  (import "env" "t" (table $t 8 20 funcref))
  (memory (export "memory") 3)
  (global (export "global") (mut f64) (f64.const 3))
  (table (export "table") 6 funcref)
  (func (export "f") (result funcref) (ref.null func))
  (func $left (call $look))
  (elem (table $t) (i32.const 2) func $left)
  (func $start unreachable)
  (start $start))
