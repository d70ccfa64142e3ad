;; The traps of table instructions.
(module
  (table $t 2 2 externref)
  (func (export "table_get_past_end") (drop (table.get $t (i32.const 2))))
  (func (export "table_set_past_end") (table.set $t (i32.const -1) (ref.null extern)))
  (func (export "table_fill_past_end") (table.fill $t (i32.const 1) (ref.null extern) (i32.const 2))))
