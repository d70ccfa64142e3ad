;; As compute.wat, with blocks that take or yield several values.
(module
  (func $if (param i32 i32) (result i32)
    local.get 1
    i32.const 77
    local.get 0
    if (param i32)
      local.get 0
      if
      else
      end
      drop
    else
      drop
    end)
  (func (export "local under an if with a parameter") (param i32) (result i32)
    (call $if (i32.const 0) (local.get 0)))
  (func $block (param i32 i32) (result i32)
    local.get 1
    i32.const 77
    block (param i32)
      drop
      local.get 0
      br_if 0
      i32.const 99
      local.set 1
    end)
  (func (export "local under a block with a parameter") (param i32) (result i32)
    (call $block (i32.const 1) (local.get 0)))
  (func $br_table (param i32) (result i64 i64)
    block (result i64 i64)
      i32.const 7
      i64.const 9
      i64.const 10
      local.get 0
      br_table 0 1 1
    end)
  ;; 9 * 100 + 10
  (func (export "br_table with two values") (param i32) (result i32) (local i64)
    (call $br_table (local.get 0))
    local.set 1
    i64.const 100
    i64.mul
    local.get 1
    i64.add
    i32.wrap_i64))
