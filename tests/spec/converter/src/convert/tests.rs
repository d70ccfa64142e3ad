use super::*;

const EMPTY: &[u8] = b"\0asm\x01\0\0\0";

/// Returns the records of a text. No directive may be left out.
fn records(text: &str) -> Vec<u8> {
    let converted = convert(text).expect(text);
    assert!(converted.left_out.is_empty(), "{text}: {:?}", converted.left_out);
    converted.records
}

/// Returns the directives of a text that are left out: line, name and reason.
fn left_out(text: &str) -> Vec<(u32, String, String)> {
    let converted = convert(text).expect(text);
    converted.left_out.into_iter().map(|left| (left.line, left.what, left.reason)).collect()
}

/// Checks that `text` becomes one record. `fill` writes the expected payload.
fn check(text: &str, op: Op, fill: impl FnOnce(&mut Bytes)) {
    let mut expected = Bytes::default();
    fill(expected.record(op, 1));
    assert_eq!(records(text), expected.0, "{text}");
}

/// Checks a value as an argument and as a result.
fn check_value(text: &str, argument: &[u8], result: &[u8]) {
    check(&format!("(invoke \"f\" ({text}))"), Op::Action, |bytes| {
        bytes.u8(0).str("").str("f").u32(1).raw(argument);
    });
    check_result(text, result);
}

fn check_result(text: &str, result: &[u8]) {
    check(&format!("(assert_return (invoke \"f\") ({text}))"), Op::AssertReturn, |bytes| {
        bytes.u8(0).str("").str("f").u32(0).u32(1).raw(result);
    });
}

#[test]
fn modules() {
    check("(module)", Op::Module, |bytes| {
        bytes.str("").bytes(EMPTY);
    });
    check("(module $M)", Op::Module, |bytes| {
        let named = b"\0asm\x01\0\0\0\0\x09\x04name\0\x02\x01M";
        bytes.str("$M").bytes(named);
    });
    check("(module $M binary \"\\00asm\" \"\\01\\00\\00\\00\")", Op::Module, |bytes| {
        bytes.str("$M").bytes(EMPTY);
    });
    // The converter does not check binary modules. The engine does.
    check("(module binary \"asm\")", Op::Module, |bytes| {
        bytes.str("").bytes(b"asm");
    });
    check("(module definition binary \"\\00asm\\01\\00\\00\\00\")", Op::ModuleDefinition, |bytes| {
        bytes.str("").bytes(EMPTY);
    });
    check("(module instance $I $M)", Op::ModuleInstance, |bytes| {
        bytes.str("$I").str("$M");
    });
    check("(module instance)", Op::ModuleInstance, |bytes| {
        bytes.str("").str("");
    });
}

#[test]
fn quoted_modules() {
    let memory = b"\0asm\x01\0\0\0\x05\x03\x01\0\x01";
    for (text, op, id) in [
        ("(module quote \"(memory\" \"1)\")", Op::Module, ""),
        ("(module quote \"(module (memory 1))\")", Op::Module, ""),
        ("(module $M quote \"(memory 1)\")", Op::Module, "$M"),
        ("(module definition quote \"(memory 1)\")", Op::ModuleDefinition, ""),
        ("(module definition $M quote \"(memory 1)\")", Op::ModuleDefinition, "$M"),
    ] {
        check(text, op, |bytes| {
            bytes.str(id).bytes(memory);
        });
    }
    check("(module quote)", Op::Module, |bytes| {
        bytes.str("").bytes(EMPTY);
    });
    check("(module quote \"\" \" \")", Op::Module, |bytes| {
        bytes.str("").bytes(EMPTY);
    });
}

#[test]
fn fields_alone_are_a_module() {
    check("(memory 1)", Op::Module, |bytes| {
        bytes.str("").bytes(b"\0asm\x01\0\0\0\x05\x03\x01\0\x01");
    });
}

#[test]
fn actions_and_names() {
    check("(register \"name\" $M)", Op::Register, |bytes| {
        bytes.str("name").str("$M");
    });
    check("(register \"\")", Op::Register, |bytes| {
        bytes.str("").str("");
    });
    check("(invoke $M \"f\" (i32.const 1) (i64.const 2))", Op::Action, |bytes| {
        bytes.u8(0).str("$M").str("f").u32(2).u8(1).u32(1).u8(2).u64(2);
    });
    check("(get $M \"g\")", Op::Action, |bytes| {
        bytes.u8(1).str("$M").str("g");
    });
}

#[test]
fn assertions_about_what_runs() {
    check("(assert_return (invoke \"f\"))", Op::AssertReturn, |bytes| {
        bytes.u8(0).str("").str("f").u32(0).u32(0);
    });
    check("(assert_return (get \"g\") (i32.const 7))", Op::AssertReturn, |bytes| {
        bytes.u8(1).str("").str("g").u32(1).u8(1).u32(7);
    });
    check("(assert_return (module))", Op::AssertReturn, |bytes| {
        bytes.u8(2).bytes(EMPTY).u32(0);
    });
    check("(assert_trap (invoke \"f\") \"unreachable\")", Op::AssertTrap, |bytes| {
        bytes.u8(0).str("").str("f").u32(0).str("unreachable");
    });
    check("(assert_trap (module binary \"x\") \"out of bounds\")", Op::AssertTrap, |bytes| {
        bytes.u8(2).bytes(b"x").str("out of bounds");
    });
    check("(assert_exhaustion (invoke $M \"f\") \"call stack\")", Op::AssertExhaustion, |bytes| {
        bytes.u8(0).str("$M").str("f").u32(0).str("call stack");
    });
    check("(assert_exception (invoke \"f\"))", Op::AssertException, |bytes| {
        bytes.u8(0).str("").str("f").u32(0);
    });
    check("(assert_suspension (invoke \"f\") \"unhandled\")", Op::AssertSuspension, |bytes| {
        bytes.u8(0).str("").str("f").u32(0).str("unhandled");
    });
}

#[test]
fn assertions_about_modules() {
    check("(assert_unlinkable (module) \"unknown import\")", Op::AssertUnlinkable, |bytes| {
        bytes.bytes(EMPTY).str("unknown import");
    });
    check("(assert_invalid (module) \"type mismatch\")", Op::AssertInvalid, |bytes| {
        bytes.bytes(EMPTY).str("type mismatch");
    });
    check("(assert_malformed (module binary \"\") \"unexpected end\")", Op::AssertMalformed, |bytes| {
        bytes.bytes(b"").str("unexpected end");
    });
    // The converter can encode the text, so an engine must reject the module.
    check("(assert_malformed (module quote \"\") \"what\")", Op::AssertMalformed, |bytes| {
        bytes.bytes(EMPTY).str("what");
    });
}

#[test]
fn text_that_is_refused_is_the_converters_verdict() {
    let detail = |text: &str| encode_text(text.as_bytes()).expect_err(text);
    for (assertion, op) in [
        ("assert_malformed", Op::AssertMalformed),
        ("assert_invalid", Op::AssertInvalid),
        ("assert_malformed_custom", Op::AssertMalformed),
        ("assert_invalid_custom", Op::AssertInvalid),
    ] {
        check(&format!("({assertion} (module quote \"(fun)\") \"unknown operator\")"), Op::Text, |bytes| {
            bytes.u8(op as u8).u8(1).str("unknown operator").str(&detail("(fun)"));
        });
    }
    check("(assert_invalid (module (func (call $f))) \"unknown function\")", Op::Text, |bytes| {
        bytes.u8(21).u8(1).str("unknown function").str("unknown func: failed to find name `$f`");
    });
    check("(assert_malformed (module quote \"\\ff\") \"malformed UTF-8\")", Op::Text, |bytes| {
        bytes.u8(22).u8(1).str("malformed UTF-8").str("malformed UTF-8 encoding");
    });
    assert_eq!(convert("(assert_malformed (module quote \"(\") \"\")").expect("it is split").text, 1);
}

#[test]
fn numbers() {
    check_value("i32.const -2", b"\x01\xfe\xff\xff\xff", b"\x01\xfe\xff\xff\xff");
    let i64 = b"\x02\xfe\xff\xff\xff\xff\xff\xff\x7f";
    check_value("i64.const 0x7ffffffffffffffe", i64, i64);
    check_value("f32.const 1", b"\x03\0\0\0\x80\x3f", b"\x03\0\0\0\x80\x3f");
    check_value("f32.const -nan:0x200000", b"\x03\0\0\0\xa0\xff", b"\x03\0\0\0\xa0\xff");
    let f64 = b"\x04\0\0\0\0\0\0\0\0\x80";
    check_value("f64.const -0", f64, f64);
    check_result("f32.const nan:canonical", b"\x03\x01\0\0\0\0");
    check_result("f32.const nan:arithmetic", b"\x03\x02\0\0\0\0");
    check_result("f64.const nan:canonical", b"\x04\x01\0\0\0\0\0\0\0\0");
    check_result("f64.const nan:arithmetic", b"\x04\x02\0\0\0\0\0\0\0\0");
}

#[test]
fn vectors() {
    let bytes = b"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\xff";
    for (shape, text) in [
        (1, "i8x16 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 -1"),
        (2, "i16x8 0x0201 0x0403 0x0605 0x0807 0x0a09 0x0c0b 0x0e0d 0xff0f"),
        (3, "i32x4 0x04030201 0x08070605 0x0c0b0a09 0xff0f0e0d"),
        (4, "i64x2 0x0807060504030201 0xff0f0e0d0c0b0a09"),
    ] {
        let argument = [&b"\x05\0"[..], bytes].concat();
        let result = [&[5, shape][..], bytes].concat();
        check_value(&format!("v128.const {text}"), &argument, &result);
    }
    check_value(
        "v128.const f32x4 1 0 0 -0",
        b"\x05\0\0\0\x80\x3f\0\0\0\0\0\0\0\0\0\0\0\x80",
        b"\x05\x05\0\0\0\x80\x3f\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x80",
    );
    check_value(
        "v128.const f64x2 1 -0",
        b"\x05\0\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\0\x80",
        b"\x05\x06\0\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\0\0\x80",
    );
    check_result(
        "v128.const f32x4 nan:canonical 1 nan:arithmetic 0",
        b"\x05\x05\x01\0\0\0\0\0\0\0\x80\x3f\x02\0\0\0\0\0\0\0\0\0",
    );
    check_result("v128.const f64x2 nan:arithmetic nan:canonical", b"\x05\x06\x02\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0");
}

#[test]
fn references() {
    for heap in [
        "func", "extern", "exn", "cont", "any", "eq", "struct", "array", "i31", "nofunc", "noextern", "none", "noexn",
        "nocont",
    ] {
        let mut expected = Bytes::default();
        expected.u8(6).str(heap);
        check_value(&format!("ref.null {heap}"), &expected.0, &expected.0);
    }
    // A type of the module. The crate supports it only in arguments.
    for heap in ["7", "$t"] {
        check(&format!("(invoke \"f\" (ref.null {heap}))"), Op::Action, |bytes| {
            bytes.u8(0).str("").str("f").u32(1).u8(6).str(heap);
        });
    }
    check_result("ref.null", b"\x06\0\0\0\0");
    assert_eq!(heap_name(&HeapType::Abstract { shared: true, ty: AbstractHeapType::Any }), "(shared any)");
    assert_eq!(heap_name(&HeapType::Exact(Index::Num(3, Span::from_offset(0)))), "(exact 3)");
    check_value("ref.extern 5", b"\x07\x01\x05\0\0\0", b"\x07\x01\x05\0\0\0");
    check_result("ref.extern", b"\x07\0\0\0\0\0");
    check_value("ref.host 5", b"\x08\x05\0\0\0", b"\x08\x05\0\0\0");
    for (name, tag) in [("func", 9), ("any", 10), ("eq", 11), ("array", 12), ("struct", 13), ("i31", 14)] {
        check_result(&format!("ref.{name}"), &[tag]);
    }
    check_result(
        "either (i32.const 1) (either (ref.func) (f32.const nan:canonical))",
        b"\x0f\x02\0\0\0\x01\x01\0\0\0\x0f\x02\0\0\0\x09\x03\x01\0\0\0\0",
    );
}

#[test]
fn what_cannot_be_converted_is_left_out_with_a_reason() {
    for (text, what, reason) in [
        ("(module (fun))", "module", "expected valid module field"),
        ("(module (func (call $f)))", "module", "unknown func"),
        ("(module definition (fun))", "module definition", "expected valid module field"),
        ("(module instance 7)", "module instance", "expected"),
        ("(module quote \"(fun)\")", "module", "expected"),
        ("(module quote 7)", "module", "expected a string"),
        ("(module", "", ""),
        ("(component)", "component", "component"),
        ("(module quote \"(component)\")", "module", "component"),
        ("(assert_invalid (component) \"x\")", "assert_invalid", "component"),
        ("(assert_malformed (component quote \"(\") \"x\")", "assert_malformed", "component"),
        ("(assert_malformed (module quote \"(component)\") \"x\")", "assert_malformed", "component"),
        ("(assert_unlinkable (component) \"x\")", "assert_unlinkable", "component"),
        ("(assert_unlinkable (module (export \"f\" (func $f))) \"x\")", "assert_unlinkable", "unknown func"),
        ("(assert_malformed_custom (module quote \"\") \"x\")", "assert_malformed_custom", "custom sections"),
        ("(assert_invalid_custom (module) \"x\")", "assert_invalid_custom", "custom sections"),
        ("(assert_return (invoke \"f\") (ref.func 1))", "assert_return", "by its index"),
        ("(assert_return (invoke \"f\") (ref.i31_shared))", "assert_return", "shared"),
        ("(assert_return (invoke \"f\") (either (ref.i31_shared)))", "assert_return", "shared"),
        ("(assert_return (invoke \"f\") (str.const \"x\"))", "assert_return", "which no core module returns"),
        ("(assert_return (invoke \"f\" (str.const \"x\")))", "assert_return", "which no core module takes"),
        ("(assert_return (component))", "assert_return", "component"),
        ("(assert_nothing)", "assert_nothing", "unexpected token"),
        ("(wait $T)", "wait", "one thread"),
        ("(script)", "script", "unexpected token"),
        ("(\"module\")", "directive", "unexpected token"),
    ] {
        // The directive is between two that are converted.
        let text = format!("(module)\n{text}\n(module)");
        if what.is_empty() {
            assert_eq!(convert(&text).expect_err("it is never closed").line, 2);
            continue;
        }
        let [(line, name, words)] = &left_out(&text)[..] else {
            panic!("{text}: {:?}", left_out(&text));
        };
        assert_eq!((*line, name.as_str()), (2, what), "{text}: {words}");
        assert!(words.contains(reason), "{text}: {words}");
        assert_eq!(convert(&text).expect("it is split").directives, 3);
    }
}

#[test]
fn a_thread_is_left_out_with_all_that_is_in_it() {
    let text = "(thread $T (shared (module $M))\n (register \"m\" $M)\n (assert_return (invoke \"f\"))\n (thread $U (module)))";
    let found = left_out(text);
    let found: Vec<_> = found.iter().map(|(line, what, _)| (*line, what.as_str())).collect();
    assert_eq!(found, [(1, "thread"), (2, "register"), (3, "assert_return"), (4, "thread"), (4, "module")]);
}

#[test]
fn a_record_for_what_is_left_out() {
    let converted = convert("(module)\n\n(wait $T)").expect("it is split");
    let mut expected = Bytes::default();
    expected.record(Op::Module, 1).str("").bytes(EMPTY);
    expected.record(Op::LeftOut, 3).str("wait").str("scripts have one thread");
    assert_eq!(converted.records, expected.0);
}

#[test]
fn lines_are_those_of_the_directive_and_of_the_error() {
    let found = left_out("(module)\n\n(module\n  (func)\n  (fun))");
    assert_eq!(found[0].0, 3);
    assert!(found[0].2.starts_with("line 5: "), "{found:?}");
}

#[test]
fn each_file_of_the_crate_is_converted() {
    let mut directives = 0;
    for suite in crate::suite::names() {
        for (name, text) in crate::suite::files(&suite) {
            let converted = convert(text).unwrap_or_else(|fault| panic!("{suite}/{name}:{fault}"));
            let groups = split(text).expect("it is split").len();
            // inline-module.wast is one module without the enclosing parentheses.
            if name != "inline-module.wast" {
                assert_eq!(converted.directives, groups, "{suite}/{name}");
            }
            directives += converted.directives;
        }
    }
    assert!(directives > 100_000, "{directives}");
}
