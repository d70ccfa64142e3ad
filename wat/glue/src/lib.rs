//! The text format for C: see ../../src/wat.c, the only caller.

#[path = "../../../rust/panics.rs"]
mod panics;

use std::slice;
use wast::Wat;
use wast::lexer::{Lexer, TokenKind};
use wast::parser::{self, ParseBuffer};

/// The outcome of a translation: the module's bytes, the error's message, or a text that would take too long.
enum Outcome {
    Module(Vec<u8>),
    Error(String),
    Limit,
}

/// Limits on an error's message, in characters: the parser's message, and the quotation before and after the place.
const MAX_WORDS: usize = 300;
const MAX_BEFORE: usize = 40;
const MAX_AFTER: usize = 80;

type Parser = fn(&str) -> Result<Vec<u8>, wast::Error>;

/// The most steps that resolving labels may take: a few seconds. Real modules need a thousandth of that.
const MAX_LABEL_STEPS: u64 = 1_000_000_000;

/// Whether resolving labels would take too long. For each label, the parser searches all open blocks. The count is an
/// upper bound, as it includes names that are not labels. The parser reports text that the lexer rejects.
fn has_too_many_labels(text: &str) -> bool {
    let lexer = Lexer::new(text);
    let (mut position, mut depth, mut steps) = (0, 0u64, 0u64);
    // For each open parenthesis, whether it began a block.
    let mut parentheses = Vec::new();
    let mut opens = false;
    // The number of open parentheses where the outermost annotation began, 0 outside of annotations. Nothing in an
    // annotation is an instruction.
    let mut annotation = 0;
    while let Ok(Some(token)) = lexer.parse(&mut position) {
        let opened = opens;
        opens = token.kind == TokenKind::LParen;
        match token.kind {
            TokenKind::LParen => parentheses.push(false),
            TokenKind::RParen => {
                depth = depth.saturating_sub(parentheses.pop().unwrap_or(false).into());
                annotation = if parentheses.len() < annotation { 0 } else { annotation };
            }
            TokenKind::Annotation if opened && annotation == 0 => annotation = parentheses.len(),
            TokenKind::Keyword if annotation == 0 => match token.src(text) {
                "block" | "loop" | "if" | "try" | "try_table" => {
                    depth += 1;
                    if let Some(begins_block) = parentheses.last_mut().filter(|_| opened) {
                        *begins_block = true;
                    }
                }
                "end" => depth = depth.saturating_sub(1),
                _ => {}
            },
            TokenKind::Id if annotation == 0 => steps += depth,
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment => opens = opened,
            _ => {}
        }
        if steps > MAX_LABEL_STEPS {
            return true;
        }
    }
    false
}

fn parse(text: &str) -> Result<Vec<u8>, wast::Error> {
    let buffer = ParseBuffer::new(text)?;
    parser::parse::<Wat>(&buffer)?.encode()
}

/// Returns the first `most` characters, followed by "…" if there are more.
fn head(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}

/// Returns the last `most` characters, preceded by "…" if there are more.
fn tail(text: &str, most: usize) -> String {
    match text.char_indices().rev().nth(most) {
        Some((end, last)) => format!("…{}", &text[end + last.len_utf8()..]),
        None => text.to_string(),
    }
}

/// Returns the message of an error: what is wrong, where, and the text around the place, which "^" marks. A message is
/// one line, so "^" stands in the text, not below it. The quotation is limited because a line may be as long as the
/// text.
fn words(text: &str, error: &wast::Error) -> String {
    let (line, column) = error.span().linecol_in(text);
    let source = text.lines().nth(line).unwrap_or("");
    let (before, after) = source.split_at(source.floor_char_boundary(column));
    format!(
        "{} at {}:{}: {}^{}",
        head(&error.message(), MAX_WORDS),
        line + 1,
        before.chars().count() + 1,
        tail(before, MAX_BEFORE),
        head(after, MAX_AFTER)
    )
}

fn translate(bytes: &[u8], parse: Parser) -> Outcome {
    if bytes.starts_with(b"\0asm") {
        return Outcome::Module(bytes.to_vec());
    }
    let Ok(text) = str::from_utf8(bytes) else {
        return Outcome::Error("the text is not valid UTF-8".to_string());
    };
    if has_too_many_labels(text) {
        return Outcome::Limit;
    }
    let parsed = panics::catch(|| match parse(text) {
        Ok(bytes) => Outcome::Module(bytes),
        Err(error) => Outcome::Error(words(text, &error)),
    });
    parsed.unwrap_or_else(|words| Outcome::Error(format!("the parser failed: {words}")))
}

/// Runs `body`. Returns `fallback` if `body` panics.
fn guard_value<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    panics::catch(body).unwrap_or(fallback)
}

/// Translates `size` bytes of text. Returns 1 and the module's bytes, 0 and the error's message (UTF-8), or 2 and no
/// bytes for text that would take too long. The caller frees the bytes with `wrl__wat_glue_free`. After a panic, the
/// function returns 0 and does not write `data` and `data_size`.
///
/// # Safety
/// `text` points to `size` bytes; `data` and `data_size` are valid for writes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wat_glue_translate(
    text: *const u8,
    size: usize,
    data: *mut *mut u8,
    data_size: *mut usize,
) -> i32 {
    guard_value(0, || {
        panics::init();
        let text = if size == 0 { &[][..] } else { unsafe { slice::from_raw_parts(text, size) } };
        let (bytes, status) = match translate(text, parse) {
            Outcome::Module(bytes) => (bytes, 1),
            Outcome::Error(words) => (words.into_bytes(), 0),
            Outcome::Limit => (Vec::new(), 2),
        };
        let bytes = bytes.into_boxed_slice();
        unsafe {
            *data_size = bytes.len();
            *data = Box::into_raw(bytes).cast();
        }
        status
    })
}

/// Frees the bytes that `wrl__wat_glue_translate` returned. `data` may be NULL.
///
/// # Safety
/// `data` and `size` come from one call of `wrl__wat_glue_translate`, and are freed once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wat_glue_free(data: *mut u8, size: usize) {
    guard_value((), || {
        if !data.is_null() {
            drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(data, size)) });
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_the_parser_is_an_error() {
        panics::init();
        let Outcome::Error(words) = translate(b"(module)", |_| panic!("lost its way")) else {
            panic!("there is no module");
        };
        assert!(words.starts_with("the parser failed: lost its way (lib.rs:"), "{words}");
    }

    #[test]
    fn text_becomes_a_module_or_an_error() {
        let Outcome::Module(bytes) = translate(b"(module)", parse) else {
            panic!("there is a module");
        };
        assert_eq!(bytes, b"\0asm\x01\0\0\0");
        assert!(matches!(translate(b"(modul)", parse), Outcome::Error(_)));
    }

    #[test]
    fn labels_that_take_long_are_refused() {
        let text = |depth: usize, uses: usize| {
            let (blocks, uses, ends) = ("block $a ".repeat(depth), "$b ".repeat(uses), "end ".repeat(depth + 1));
            format!("(module (func block $b {blocks} i32.const 0 br_table {uses} {ends}))")
        };
        assert!(matches!(translate(text(100_000, 100_000).as_bytes(), parse), Outcome::Limit));
        assert!(matches!(translate(text(1_000, 1_000).as_bytes(), parse), Outcome::Module(_)));
        // Blocks that have ended do not count, in folded and in flat form.
        let one_by_one = format!("(module (func {}))", "(block $a (br $a)) block $b br $b end ".repeat(50_000));
        assert!(matches!(translate(one_by_one.as_bytes(), parse), Outcome::Module(_)));
        // Nothing in an annotation begins or ends a block, or is a label.
        let annotated = |depth: usize, uses: usize, annotation: &str| {
            let (blocks, uses, ends) =
                (format!("block $a {annotation} ").repeat(depth), "$b ".repeat(uses), "end ".repeat(depth + 1));
            format!("(module (func block $b {blocks} i32.const 0 br_table {uses} {ends}))")
        };
        for annotation in ["(@x end)", "(@x (y end) end)", "(@x (@y) end)", "( @x end)"] {
            let long = annotated(100_000, 100_000, annotation);
            assert!(!matches!(translate(long.as_bytes(), parse), Outcome::Module(_)), "{annotation}");
        }
        for annotation in ["(@x (block $a $a $a))", "(@x block loop (@y block) $a)"] {
            let short = annotated(100, 20_000, &annotation.repeat(2_000));
            assert!(matches!(translate(short.as_bytes(), parse), Outcome::Module(_)), "{annotation}");
        }
    }

    fn error_of(text: &str) -> String {
        match translate(text.as_bytes(), parse) {
            Outcome::Module(_) | Outcome::Limit => panic!("there is an error"),
            Outcome::Error(words) => words,
        }
    }

    #[test]
    fn an_error_marks_its_place() {
        assert_eq!(
            error_of("(module\n\t(func bogus))"),
            "unknown operator or unexpected token at 2:8: \t(func ^bogus))"
        );
        assert!(error_of("(module (; ä ;) (func bogus))").ends_with(" at 1:23: (module (; ä ;) (func ^bogus))"));
        // The place may be the end of the text.
        assert!(error_of("(module").ends_with(": (module^"), "{}", error_of("(module"));
        assert!(error_of("(module\n").contains(" at 2:1: ^"), "{}", error_of("(module\n"));
        assert!(error_of("").ends_with(": ^"), "{}", error_of(""));
    }

    #[test]
    fn an_error_is_short_however_long_the_text_is() {
        for filler in ["(nop)", "ä", "\u{1F980}", "\u{202E}", "\t", "\u{1}"] {
            let comment = format!("(;{};)", filler.repeat(100_000));
            let name = format!("$\"{}\"", "ä".repeat(100_000));
            for text in [
                format!("(module (func bogus {comment}))"),
                format!("(module {comment} (func bogus))"),
                format!("(module {comment} (func bogus {comment}))"),
                format!("(module (func call {name}))"),
                format!("(module (func {name}) (func {name}))"),
                format!("(module (import \"\" {comment} \"\" bogus))"),
            ] {
                let words = error_of(&text);
                assert!(words.chars().count() < 460, "{}", words.chars().count());
                assert!(words.contains('^'), "{words}");
            }
        }
    }

    #[test]
    fn bytes_that_are_no_text() {
        let Outcome::Error(words) = translate(b"(module \xFF)", parse) else {
            panic!("there is no module");
        };
        assert_eq!(words, "the text is not valid UTF-8");
        assert!(matches!(translate(b"\0asm?", parse), Outcome::Module(bytes) if bytes == b"\0asm?"));
    }
}
