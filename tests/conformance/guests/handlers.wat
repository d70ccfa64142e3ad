;; try_table handlers around calls of the host.
(module
  (import "host" "do" (func $do (param i32 i64) (result i32)))
  (tag $oops)
  (func (export "plain") (param i32) (result i32) (call $do (local.get 0) (i64.const 1)))
  (func $all (export "all") (param i32) (result i32)
    (block $caught
      (return (try_table (result i32) (catch_all $caught) (call $do (local.get 0) (i64.const 2)))))
    (drop (call $do (i32.const 0) (i64.const 3)))
    (i32.const -1))
  (func (export "again") (param i32) (result i32) (local $exception exnref)
    (block $outer
      (block $caught (result exnref)
        (try_table (catch_all $outer)
          (return (try_table (result i32) (catch_all_ref $caught) (call $do (local.get 0) (i64.const 4)))))
        (unreachable))
      (local.set $exception)
      (try_table (catch_all $outer) (throw_ref (local.get $exception))))
    (i32.const -2))
  (func (export "tag") (param i32) (result i32)
    (block $all
      (block $caught
        (return (try_table (result i32) (catch $oops $caught) (catch_all $all) (call $do (local.get 0) (i64.const 5)))))
      (return (i32.const -3)))
    (i32.const -4))
  (func (export "deep") (param i32) (result i32)
    (block $caught (return (try_table (result i32) (catch_all $caught) (call $all (local.get 0)))))
    (i32.const -5))
  ;; Makes the handlers catch something.
  (func $throws (throw $oops))
  (func (export "own") (param i32) (result i32)
    (block $caught (result exnref)
      (try_table (catch_all_ref $caught) (call $throws))
      (unreachable))
    (drop)
    (i32.const 5))
  (func (export "trap") (param i32) (result i32)
    (block $caught (return (try_table (result i32) (catch_all $caught) (unreachable))))
    (i32.const -6)))
