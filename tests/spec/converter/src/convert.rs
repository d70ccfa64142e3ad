//! Converts the directives of a .wast file to records of a script. A directive that cannot be converted becomes a
//! record that states the reason.

use crate::panics;
use crate::script::{Bytes, Exec, Nan, Op, Shape, Tag};
use crate::split::{Fault, Group, lexer, line_of, split};
use wast::core::{AbstractHeapType, HeapType, NanPattern, V128Const, V128Pattern, WastArgCore, WastRetCore};
use wast::parser::{self, Parse, ParseBuffer, Parser};
use wast::token::{F32, F64, Id, Index, Span};
use wast::{QuoteWat, QuoteWatTest, Wast, WastArg, WastDirective, WastExecute, WastInvoke, WastRet, WastThread, Wat};

mod keyword {
    wast::custom_keyword!(get);
    wast::custom_keyword!(module);
    wast::custom_keyword!(definition);
    wast::custom_keyword!(quote);
}

/// The converted directives of a file.
#[derive(Debug, Default)]
pub struct Converted {
    pub records: Vec<u8>,
    pub directives: usize,
    /// The number of directives about text that no engine receives.
    pub text: usize,
    pub left_out: Vec<LeftOut>,
}

#[derive(Debug)]
pub struct LeftOut {
    pub line: u32,
    pub what: String,
    pub reason: String,
}

/// A result, or the reason why a directive cannot be converted.
type Outcome<T> = Result<T, String>;

const COMPONENT: &str = "it is a component, of which there are none here";

/// Converts a whole file. Returns a fault only if the text is not a list of directives.
pub fn convert(text: &str) -> Result<Converted, Fault> {
    let groups = split(text)?;
    let mut converted = Converted::default();
    if groups.first().is_some_and(|group| !is_directive(group.keyword)) && whole_module(text, &mut converted) {
        return Ok(converted);
    }
    for group in &groups {
        converted.group(group);
    }
    Ok(converted)
}

/// Whether directives start with this word. A file that starts with another word may consist of one module's fields.
fn is_directive(word: &str) -> bool {
    let words = ["module", "component", "register", "invoke", "get", "thread", "wait", "script", "input", "output"];
    words.contains(&word) || word.starts_with("assert_")
}

/// Converts a file that is a module without the enclosing parentheses. Returns false for other files.
fn whole_module(text: &str, converted: &mut Converted) -> bool {
    let encoded = panics::catch(|| {
        let buffer = ParseBuffer::new_with_lexer(lexer(text)).ok()?;
        let directives = parser::parse::<Wast>(&buffer).ok()?.directives;
        let [WastDirective::Module(QuoteWat::Wat(mut module))] = <[_; 1]>::try_from(directives).ok()? else {
            return None;
        };
        encode_wat(&mut module).ok()
    });
    let Ok(Some(bytes)) = encoded else {
        return false;
    };
    let mut record = Bytes::default();
    record.record(Op::Module, 1).str("").bytes(&bytes);
    converted.push(record);
    true
}

impl Converted {
    fn push(&mut self, record: Bytes) {
        self.text += usize::from(record.0[0] == Op::Text as u8);
        self.records.extend(record.0);
        self.directives += 1;
    }

    fn leave_out(&mut self, line: u32, what: &str, reason: String) {
        let mut record = Bytes::default();
        record.record(Op::LeftOut, line).str(what).str(&reason);
        self.push(record);
        self.left_out.push(LeftOut { line, what: what.into(), reason });
    }

    fn group(&mut self, group: &Group<'_>) {
        let what = match (group.keyword, group.second) {
            ("", _) => "directive".into(),
            ("module", "definition" | "instance") => format!("module {}", group.second),
            (word, _) => word.to_string(),
        };
        let parsed = panics::catch(|| {
            let buffer = ParseBuffer::new_with_lexer(lexer(group.text)).map_err(|error| error.message())?;
            let directive = parser::parse::<Directive>(&buffer).map_err(|error| within(group, &error))?;
            let mut records = Converted::default();
            match directive {
                Directive::Wast(WastDirective::Thread(thread)) => records.thread(group, &thread),
                directive => records.push(record(group.line, directive)?),
            }
            Ok(records)
        });
        match parsed {
            Ok(Ok(records)) => {
                self.records.extend(records.records);
                self.directives += records.directives;
                self.text += records.text;
                self.left_out.extend(records.left_out);
            }
            Ok(Err(reason)) => self.leave_out(group.line, &what, reason),
            Err(words) => self.leave_out(group.line, &what, format!("the parser failed: {words}")),
        }
    }

    /// Leaves out a thread. Leaves out each directive in the thread separately, so that the counts are right.
    fn thread(&mut self, group: &Group<'_>, thread: &WastThread<'_>) {
        self.leave_out(line_in(group, thread.span), "thread", "scripts have one thread".into());
        for directive in &thread.directives {
            match directive {
                WastDirective::Thread(inner) => self.thread(group, inner),
                other => {
                    let start = &group.text[other.span().offset().min(group.text.len())..];
                    let end = start.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(start.len());
                    let name = if end == 0 { "directive" } else { &start[..end] };
                    self.leave_out(line_in(group, other.span()), name, "it is part of a thread".into());
                }
            }
        }
    }
}

fn line_in(group: &Group<'_>, span: Span) -> u32 {
    group.line + line_of(group.text, span.offset()) - 1
}

/// Returns an error's message, with the error's line if this differs from the directive's line.
fn within(group: &Group<'_>, error: &wast::Error) -> String {
    match line_in(group, error.span()) {
        line if line == group.line => error.message(),
        line => format!("line {line}: {}", error.message()),
    }
}

/// The directives that the crate supports, and further ones that scripts may have.
enum Directive<'a> {
    Wast(WastDirective<'a>),
    Get(WastExecute<'a>),
    /// A quoted module that may be a definition and may have a name.
    Quote {
        definition: bool,
        id: Option<Id<'a>>,
        text: Vec<&'a [u8]>,
    },
}

impl<'a> Parse<'a> for Directive<'a> {
    fn parse(parser: Parser<'a>) -> parser::Result<Self> {
        // The crate registers the same annotations for a whole file.
        let _custom = parser.register_annotation("custom");
        let _producers = parser.register_annotation("producers");
        let _name = parser.register_annotation("name");
        let _dylink = parser.register_annotation("dylink.0");
        let _hint = parser.register_annotation("metadata.code.branch_hint");
        parser.parens(|parser| {
            if parser.peek::<keyword::get>()? {
                return Ok(Directive::Get(parser.parse()?));
            }
            if parser.peek::<keyword::module>()? && is_quote(parser)? {
                parser.parse::<keyword::module>()?;
                let definition = parser.parse::<Option<keyword::definition>>()?.is_some();
                let id = parser.parse()?;
                parser.parse::<keyword::quote>()?;
                let mut text = Vec::new();
                while !parser.is_empty() {
                    text.push(parser.parse()?);
                }
                return Ok(Directive::Quote { definition, id, text });
            }
            Ok(Directive::Wast(parser.parse()?))
        })
    }
}

/// Whether the next tokens are `module definition? id? quote`.
fn is_quote(parser: Parser<'_>) -> parser::Result<bool> {
    parser.step(|start| {
        let mut quote = false;
        if let Some((_, mut cursor)) = start.keyword()? {
            if let Some(("definition", rest)) = cursor.keyword()? {
                cursor = rest;
            }
            if let Some((_, rest)) = cursor.id()? {
                cursor = rest;
            }
            quote = matches!(cursor.keyword()?, Some(("quote", _)));
        }
        Ok((quote, start))
    })
}

fn record(line: u32, directive: Directive<'_>) -> Outcome<Bytes> {
    let mut bytes = Bytes::default();
    let directive = match directive {
        Directive::Wast(directive) => directive,
        Directive::Get(get) => {
            execute(bytes.record(Op::Action, line), get)?;
            return Ok(bytes);
        }
        Directive::Quote { definition, id, text } => {
            let op = if definition { Op::ModuleDefinition } else { Op::Module };
            let text = text.join(&b' ');
            bytes.record(op, line).str(&id_name(id)).bytes(&encode_text(&text)?);
            return Ok(bytes);
        }
    };
    match directive {
        WastDirective::Module(mut module) => {
            bytes.record(Op::Module, line).str(&id_name(module.name())).bytes(&encode(&mut module)?);
        }
        WastDirective::ModuleDefinition(mut module) => {
            bytes.record(Op::ModuleDefinition, line).str(&id_name(module.name())).bytes(&encode(&mut module)?);
        }
        WastDirective::ModuleInstance { instance, module, .. } => {
            bytes.record(Op::ModuleInstance, line).str(&id_name(instance)).str(&id_name(module));
        }
        WastDirective::Register { name, module, .. } => {
            bytes.record(Op::Register, line).str(name).str(&id_name(module));
        }
        WastDirective::Invoke(call) => invoke(bytes.record(Op::Action, line), call)?,
        WastDirective::AssertReturn { exec, results, .. } => {
            execute(bytes.record(Op::AssertReturn, line), exec)?;
            bytes.count(results.len());
            for expected in &results {
                match expected {
                    WastRet::Core(expected) => result(&mut bytes, expected)?,
                    other => return Err(format!("it expects {other:?}, which no core module returns")),
                }
            }
        }
        WastDirective::AssertTrap { exec, message, .. } => {
            execute(bytes.record(Op::AssertTrap, line), exec)?;
            bytes.str(message);
        }
        WastDirective::AssertExhaustion { call, message, .. } => {
            invoke(bytes.record(Op::AssertExhaustion, line), call)?;
            bytes.str(message);
        }
        WastDirective::AssertException { exec, .. } => execute(bytes.record(Op::AssertException, line), exec)?,
        WastDirective::AssertSuspension { exec, message, .. } => {
            execute(bytes.record(Op::AssertSuspension, line), exec)?;
            bytes.str(message);
        }
        WastDirective::AssertUnlinkable { mut module, message, .. } => {
            bytes.record(Op::AssertUnlinkable, line).bytes(&encode_wat(&mut module)?).str(message);
        }
        WastDirective::AssertInvalid { module, message, .. } => {
            refused(&mut bytes, line, Op::AssertInvalid, module, message)?;
        }
        WastDirective::AssertMalformed { module, message, .. } => {
            refused(&mut bytes, line, Op::AssertMalformed, module, message)?;
        }
        // Only the converter reads the text of a custom section. Engines do not read such sections.
        WastDirective::AssertMalformedCustom { module, message, .. } => {
            custom(&mut bytes, line, Op::AssertMalformed, module, message)?;
        }
        WastDirective::AssertInvalidCustom { module, message, .. } => {
            custom(&mut bytes, line, Op::AssertInvalid, module, message)?;
        }
        WastDirective::Wait { .. } => return Err("scripts have one thread".into()),
        WastDirective::Thread(_) => return Err("scripts have one thread".into()),
    }
    Ok(bytes)
}

/// Converts an assertion that a module is rejected. If the converter can encode the text, an engine must reject the
/// module.
fn refused(bytes: &mut Bytes, line: u32, op: Op, mut module: QuoteWat<'_>, message: &str) -> Outcome<()> {
    match encode(&mut module) {
        Ok(module) => {
            bytes.record(op, line).bytes(&module).str(message);
        }
        Err(detail) => text(bytes, line, op, message, detail)?,
    }
    Ok(())
}

fn custom(bytes: &mut Bytes, line: u32, op: Op, mut module: QuoteWat<'_>, message: &str) -> Outcome<()> {
    match encode(&mut module) {
        Ok(_) => Err("an engine does not look into custom sections".into()),
        Err(detail) => text(bytes, line, op, message, detail),
    }
}

/// Records that the converter rejected the text, as the assertion requires.
fn text(bytes: &mut Bytes, line: u32, op: Op, message: &str, detail: String) -> Outcome<()> {
    if detail == COMPONENT {
        return Err(detail);
    }
    bytes.record(Op::Text, line).u8(op as u8).u8(1).str(message).str(&detail);
    Ok(())
}

fn id_name(id: Option<Id<'_>>) -> String {
    id.map(|id| format!("${}", id.name())).unwrap_or_default()
}

fn encode(module: &mut QuoteWat<'_>) -> Outcome<Vec<u8>> {
    if matches!(module, QuoteWat::Wat(Wat::Component(_)) | QuoteWat::QuoteComponent(..)) {
        return Err(COMPONENT.into());
    }
    match module.to_test().map_err(|error| error.message())? {
        QuoteWatTest::Binary(bytes) => Ok(bytes),
        QuoteWatTest::Text(text) => encode_text(&text),
    }
}

/// Encodes quoted text as the crate does, but allows confusing Unicode characters. Empty text becomes an empty module.
fn encode_text(text: &[u8]) -> Outcome<Vec<u8>> {
    let text = std::str::from_utf8(text).map_err(|_| "malformed UTF-8 encoding")?;
    if text.trim().is_empty() {
        return Ok(b"\0asm\x01\0\0\0".to_vec());
    }
    let words = |error: wast::Error| error.message();
    let buffer = ParseBuffer::new_with_lexer(lexer(text)).map_err(words)?;
    encode_wat(&mut parser::parse::<Wat>(&buffer).map_err(words)?)
}

fn encode_wat(module: &mut Wat<'_>) -> Outcome<Vec<u8>> {
    match module {
        Wat::Module(module) => module.encode().map_err(|error| error.message()),
        Wat::Component(_) => Err(COMPONENT.into()),
    }
}

fn execute(bytes: &mut Bytes, exec: WastExecute<'_>) -> Outcome<()> {
    match exec {
        WastExecute::Invoke(call) => invoke(bytes, call)?,
        WastExecute::Get { module, global, .. } => {
            bytes.u8(Exec::Get as u8).str(&id_name(module)).str(global);
        }
        WastExecute::Wat(mut module) => {
            bytes.u8(Exec::Module as u8).bytes(&encode_wat(&mut module)?);
        }
    }
    Ok(())
}

fn invoke(bytes: &mut Bytes, call: WastInvoke<'_>) -> Outcome<()> {
    bytes.u8(Exec::Invoke as u8).str(&id_name(call.module)).str(call.name).count(call.args.len());
    for arg in &call.args {
        match arg {
            WastArg::Core(arg) => argument(bytes, arg),
            other => return Err(format!("it passes {other:?}, which no core module takes")),
        }
    }
    Ok(())
}

fn argument(bytes: &mut Bytes, arg: &WastArgCore<'_>) {
    match arg {
        WastArgCore::I32(value) => bytes.u8(Tag::I32 as u8).u32(value.cast_unsigned()),
        WastArgCore::I64(value) => bytes.u8(Tag::I64 as u8).u64(value.cast_unsigned()),
        WastArgCore::F32(value) => bytes.u8(Tag::F32 as u8).u8(Nan::None as u8).u32(value.bits),
        WastArgCore::F64(value) => bytes.u8(Tag::F64 as u8).u8(Nan::None as u8).u64(value.bits),
        WastArgCore::V128(value) => bytes.u8(Tag::V128 as u8).u8(Shape::Bytes as u8).raw(&value.to_le_bytes()),
        WastArgCore::RefNull(heap) => bytes.u8(Tag::RefNull as u8).str(&heap_name(heap)),
        WastArgCore::RefExtern(value) => bytes.u8(Tag::RefExtern as u8).u8(1).u32(*value),
        WastArgCore::RefHost(value) => bytes.u8(Tag::RefHost as u8).u32(*value),
    };
}

fn result(bytes: &mut Bytes, expected: &WastRetCore<'_>) -> Outcome<()> {
    match expected {
        WastRetCore::I32(value) => bytes.u8(Tag::I32 as u8).u32(value.cast_unsigned()),
        WastRetCore::I64(value) => bytes.u8(Tag::I64 as u8).u64(value.cast_unsigned()),
        WastRetCore::F32(pattern) => f32(bytes.u8(Tag::F32 as u8), pattern),
        WastRetCore::F64(pattern) => f64(bytes.u8(Tag::F64 as u8), pattern),
        WastRetCore::V128(pattern) => v128(bytes.u8(Tag::V128 as u8), pattern),
        WastRetCore::RefNull(heap) => {
            bytes.u8(Tag::RefNull as u8).str(&heap.as_ref().map(heap_name).unwrap_or_default())
        }
        WastRetCore::RefExtern(value) => {
            bytes.u8(Tag::RefExtern as u8).u8(value.is_some().into()).u32(value.unwrap_or_default())
        }
        WastRetCore::RefHost(value) => bytes.u8(Tag::RefHost as u8).u32(*value),
        WastRetCore::RefFunc(None) => bytes.u8(Tag::RefFunc as u8),
        WastRetCore::RefFunc(Some(_)) => return Err("it expects a function by its index, which no API tells".into()),
        WastRetCore::RefAny => bytes.u8(Tag::RefAny as u8),
        WastRetCore::RefEq => bytes.u8(Tag::RefEq as u8),
        WastRetCore::RefArray => bytes.u8(Tag::RefArray as u8),
        WastRetCore::RefStruct => bytes.u8(Tag::RefStruct as u8),
        WastRetCore::RefI31 => bytes.u8(Tag::RefI31 as u8),
        WastRetCore::RefI31Shared => return Err("it expects a shared reference".into()),
        WastRetCore::Either(cases) => {
            bytes.u8(Tag::Either as u8).count(cases.len());
            for case in cases {
                result(bytes, case)?;
            }
            bytes
        }
    };
    Ok(())
}

fn nan<T>(pattern: &NanPattern<T>) -> (Nan, Option<&T>) {
    match pattern {
        NanPattern::CanonicalNan => (Nan::Canonical, None),
        NanPattern::ArithmeticNan => (Nan::Arithmetic, None),
        NanPattern::Value(value) => (Nan::None, Some(value)),
    }
}

fn f32<'b>(bytes: &'b mut Bytes, pattern: &NanPattern<F32>) -> &'b mut Bytes {
    let (nan, value) = nan(pattern);
    bytes.u8(nan as u8).u32(value.map_or(0, |value| value.bits))
}

fn f64<'b>(bytes: &'b mut Bytes, pattern: &NanPattern<F64>) -> &'b mut Bytes {
    let (nan, value) = nan(pattern);
    bytes.u8(nan as u8).u64(value.map_or(0, |value| value.bits))
}

fn v128<'b>(bytes: &'b mut Bytes, pattern: &V128Pattern) -> &'b mut Bytes {
    let (shape, lanes) = match *pattern {
        V128Pattern::I8x16(lanes) => (Shape::I8x16, V128Const::I8x16(lanes)),
        V128Pattern::I16x8(lanes) => (Shape::I16x8, V128Const::I16x8(lanes)),
        V128Pattern::I32x4(lanes) => (Shape::I32x4, V128Const::I32x4(lanes)),
        V128Pattern::I64x2(lanes) => (Shape::I64x2, V128Const::I64x2(lanes)),
        V128Pattern::F32x4(ref lanes) => return lanes.iter().fold(bytes.u8(Shape::F32x4 as u8), f32),
        V128Pattern::F64x2(ref lanes) => return lanes.iter().fold(bytes.u8(Shape::F64x2 as u8), f64),
    };
    bytes.u8(shape as u8).raw(&lanes.to_le_bytes())
}

fn heap_name(heap: &HeapType<'_>) -> String {
    match heap {
        HeapType::Abstract { shared, ty } => {
            let name = match ty {
                AbstractHeapType::Func => "func",
                AbstractHeapType::Extern => "extern",
                AbstractHeapType::Exn => "exn",
                AbstractHeapType::Cont => "cont",
                AbstractHeapType::Any => "any",
                AbstractHeapType::Eq => "eq",
                AbstractHeapType::Struct => "struct",
                AbstractHeapType::Array => "array",
                AbstractHeapType::I31 => "i31",
                AbstractHeapType::NoFunc => "nofunc",
                AbstractHeapType::NoExtern => "noextern",
                AbstractHeapType::None => "none",
                AbstractHeapType::NoExn => "noexn",
                AbstractHeapType::NoCont => "nocont",
            };
            if *shared { format!("(shared {name})") } else { name.into() }
        }
        HeapType::Concrete(index) => index_name(index),
        HeapType::Exact(index) => format!("(exact {})", index_name(index)),
    }
}

fn index_name(index: &Index<'_>) -> String {
    match index {
        Index::Num(number, _) => number.to_string(),
        Index::Id(id) => id_name(Some(*id)),
    }
}

#[cfg(test)]
mod tests;
