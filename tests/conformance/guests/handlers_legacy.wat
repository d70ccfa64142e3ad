;; Handlers of the legacy exception proposal (before try_table) around calls of the host.
(module
  (import "host" "do" (func $do (param i32 i64) (result i32)))
  (tag $oops)
  (func (export "plain") (param i32) (result i32) local.get 0 i64.const 1 call $do)
  (func $all (export "all") (param i32) (result i32)
    try (result i32)
      local.get 0 i64.const 2 call $do
    catch_all
      i32.const 0 i64.const 3 call $do
      drop
      i32.const -1
    end)
  (func (export "again") (param i32) (result i32)
    try (result i32)
      try (result i32)
        local.get 0 i64.const 4 call $do
      catch_all
        rethrow 0
      end
    catch_all
      i32.const -2
    end)
  (func (export "tag") (param i32) (result i32)
    try (result i32)
      local.get 0 i64.const 5 call $do
    catch $oops
      i32.const -3
    catch_all
      i32.const -4
    end)
  (func (export "deep") (param i32) (result i32)
    try (result i32)
      try (result i32)
        local.get 0 call $all
      delegate 0
    catch_all
      i32.const -5
    end)
  ;; Makes the handlers catch something.
  (func $throws throw $oops)
  (func (export "own") (param i32) (result i32)
    try (result i32)
      call $throws
      unreachable
    catch_all
      i32.const 5
    end)
  (func (export "trap") (param i32) (result i32)
    try (result i32)
      unreachable
    catch_all
      i32.const -6
    end))
