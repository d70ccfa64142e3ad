;; Each export does one thing as often as its argument says and returns how often it did. Operands that an engine would
;; simplify as constants, such as growth by 0, are locals.
(module
  (type $unary (func (param i32) (result i32)))
  (import "host" "one" (func $host (param i32) (result i32)))
  (memory 1 2)
  (table $few 4 4 funcref)
  (table $many 0 funcref)
  (global $global (mut i64) (i64.const 0))
  (data $data "0123456789")
  (elem $elem func $one $host)
  (elem declare func $one $host)
  (elem (table $few) (i32.const 0) func $one $host)

  (func $one (param i32) (result i32) (i32.const 1))
  (func $two (param i32) (result i32 i32) (local.get 0) (i32.const 1))

  (func (export "memory.size") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (local.set $i (i32.add (local.get $i) (memory.size)))
      (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $i))
  (func (export "memory.grow by nothing") (param $n i32) (result i32) (local $i i32) (local $zero i32)
    (loop $again
      (local.set $i (i32.add (local.get $i) (memory.grow (local.get $zero))))
      (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $i))
  (func (export "memory.grow fails") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (local.set $i (i32.sub (local.get $i) (memory.grow (i32.const 2))))
      (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $i))
  (func (export "memory.copy") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (memory.copy (i32.const 1) (i32.const 0) (i32.const 16))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $i))
  (func (export "memory.fill") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (memory.fill (i32.const 1) (local.get $i) (i32.const 16))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $i))
  (func (export "memory.init") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (memory.init $data (i32.const 1) (i32.const 0) (i32.const 0))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $i))
  (func (export "data.drop") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (data.drop $data)
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $i))

  (func (export "table.size") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (local.set $i (i32.add (local.get $i) (i32.shr_u (table.size $few) (i32.const 2))))
      (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $i))
  (func (export "table.grow") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (local.set $i (i32.add (table.grow $many (ref.null func) (i32.const 1)) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $i))
  (func (export "table.grow by nothing") (param $n i32) (result i32) (local $i i32) (local $zero i32)
    (loop $again
      (local.set $i (i32.add (local.get $i) (i32.shr_u (table.grow $few (ref.null func) (local.get $zero)) (i32.const 2))))
      (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $i))
  (func (export "table.grow fails") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (local.set $i (i32.sub (local.get $i) (table.grow $few (ref.null func) (i32.const 1))))
      (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $i))
  (func (export "table.get and ref.is_null") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (local.set $i (i32.add (local.get $i) (ref.is_null (table.get $few (i32.const 3)))))
      (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $i))
  (func (export "table.set and ref.func") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (table.set $few (i32.const 2) (ref.func $one))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $i))
  (func (export "table.fill") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (table.fill $few (i32.const 3) (ref.null func) (i32.const 1))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $i))
  (func (export "table.copy") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (table.copy $few $few (i32.const 2) (i32.const 0) (i32.const 1))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $i))
  (func (export "table.copy between tables") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (table.copy $many $few (i32.const 0) (i32.const 0) (i32.const 0))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $i))
  (func (export "table.init") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (table.init $few $elem (i32.const 2) (i32.const 0) (i32.const 0))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $i))
  (func (export "elem.drop") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (elem.drop $elem)
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $i))

  (func (export "call") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (local.set $i (i32.add (local.get $i) (call $one (local.get $i))))
      (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $i))
  (func (export "call of two results") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (local.set $i (i32.add (call $two (local.get $i))))
      (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $i))
  (func (export "call of the host") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (local.set $i (i32.add (local.get $i) (call $host (local.get $i))))
      (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $i))
  (func (export "call_indirect") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (local.set $i (i32.add (local.get $i) (call_indirect $few (type $unary) (local.get $i) (i32.const 0))))
      (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $i))
  (func (export "call_indirect of the host") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (local.set $i (i32.add (local.get $i) (call_indirect $few (type $unary) (local.get $i) (i32.const 1))))
      (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $i))
  (func (export "br_table with results") (param $n i32) (result i32) (local $i i32) (local $j i32)
    (loop $again
      (block $c (result i32 i32) (block $b (result i32 i32) (block $a (result i32 i32)
        (br_table $a $b $c (i32.const 1) (local.get $i) (local.get $j)))))
      (local.set $i (i32.add))
      (br_if $again (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
    (local.get $i))

  (func (export "global.get and global.set") (param $n i32) (result i32) (local $i i32)
    (global.set $global (i64.const 0))
    (loop $again
      (global.set $global (i64.add (global.get $global) (i64.const 1)))
      (br_if $again (i64.lt_u (global.get $global) (i64.extend_i32_u (local.get $n)))))
    (i32.wrap_i64 (global.get $global)))
  (func (export "load and store") (param $n i32) (result i32) (local $i i32)
    (i64.store (i32.const 32) (i64.const 0))
    (loop $again
      (i32.store16 (i32.const 48) (i32.load8_u (i32.const 48)))
      (f32.store (i32.const 52) (f32.load (i32.const 56)))
      (f64.store (i32.const 64) (f64.load (i32.const 72)))
      (i64.store (i32.const 32) (i64.add (i64.load (i32.const 32)) (i64.const 1)))
      (br_if $again (i32.lt_u (i32.load (i32.const 32)) (local.get $n))))
    (i32.load (i32.const 32)))
  (func (export "division") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (local.set $i (i32.add (local.get $i)
        (i32.div_s (i32.rem_u (i32.const 7) (i32.const 4)) (i32.wrap_i64 (i64.rem_s (i64.const 13)
          (i64.div_u (i64.const 20) (i64.const 4))))))
        )
      (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $i))
  (func (export "f32") (param $n i32) (result i32) (local $i f32)
    (loop $again
      (local.set $i (f32.nearest (f32.add (f32.ceil (f32.sub (f32.sqrt (f32.mul (local.get $i) (local.get $i)))
        (f32.const 0.25))) (f32.abs (f32.floor (f32.trunc (f32.const -1.5)))))))
      (br_if $again (i32.lt_u (i32.trunc_f32_u (local.get $i)) (local.get $n))))
    (i32.trunc_sat_f32_s (f32.copysign (f32.min (local.get $i) (f32.const inf)) (f32.const 1))))
  (func (export "f64") (param $n i32) (result i32) (local $i f64)
    (loop $again
      (local.set $i (f64.nearest (f64.add (f64.ceil (f64.sub (f64.sqrt (f64.mul (local.get $i) (local.get $i)))
        (f64.const 0.25))) (f64.abs (f64.floor (f64.trunc (f64.const -1.5)))))))
      (br_if $again (i32.lt_u (i32.trunc_f64_u (local.get $i)) (local.get $n))))
    (i32.trunc_sat_f64_s (f64.copysign (f64.max (local.get $i) (f64.const 0)) (f64.const 1)))))
