//! The text format for C: see ../../src/wat.c, the only caller.

#[path = "../../../rust/panics.rs"]
mod panics;

use std::slice;
use wast::Wat;
use wast::lexer::{Lexer, TokenKind};
use wast::parser::{self, ParseBuffer};

/// What a translation gives: the module's bytes, or the words of the error.
enum Outcome {
    Module(Vec<u8>),
    Error(String),
    Limit,
}

/// In characters: how much an error says, and how much it quotes on either side of the place.
const MAX_WORDS: usize = 300;
const MAX_BEFORE: usize = 40;
const MAX_AFTER: usize = 80;

type Parser = fn(&str) -> Result<Vec<u8>, wast::Error>;

/// The steps that resolving labels may take, which is a few seconds. Real modules need a thousandth of that.
const MAX_LABEL_STEPS: u64 = 1_000_000_000;

/// Whether resolving labels takes too long: the parser looks for each name among all blocks that are open there. An upper
/// bound is counted, as any name counts. What is no text at all is left to the parser.
fn has_too_many_labels(text: &str) -> bool {
    let lexer = Lexer::new(text);
    let (mut position, mut depth, mut steps) = (0, 0u64, 0u64);
    // For each parenthesis that is open, whether it began a block.
    let mut parentheses = Vec::new();
    let mut opens = false;
    // How many parentheses are open in the outermost annotation, of which nothing is an instruction; 0 outside.
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

/// The first `most` characters, with "…" if there are more.
fn head(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}

/// The last `most` characters, with "…" if there are more.
fn tail(text: &str, most: usize) -> String {
    match text.char_indices().rev().nth(most) {
        Some((end, last)) => format!("…{}", &text[end + last.len_utf8()..]),
        None => text.to_string(),
    }
}

/// What is wrong, where, and the text around the place, which "^" marks. A message is one line, so nothing can be put
/// under the text; and the line that it is in may be as long as the text.
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

/// Runs `body`; `fallback` stands for a panic.
fn guard_value<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    panics::catch(body).unwrap_or(fallback)
}

/// Translates `size` bytes of text. Returns 1 and the module's bytes, 0 and the error's words (UTF-8), or 2 and nothing for
/// text that would take too long. The bytes are
/// to be given back to `wrl_wat_glue_free`. If there are none to give, `data` and `data_size` are left as they are.
///
/// # Safety
/// `text` points to `size` bytes, `data` and `data_size` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl_wat_glue_translate(
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

/// Frees what `wrl_wat_glue_translate` gave. NULL is allowed.
///
/// # Safety
/// `data` and `size` come from one call of `wrl_wat_glue_translate`, and are given back once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl_wat_glue_free(data: *mut u8, size: usize) {
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
        // Blocks that have ended do not count, in either form.
        let one_by_one = format!("(module (func {}))", "(block $a (br $a)) block $b br $b end ".repeat(50_000));
        assert!(matches!(translate(one_by_one.as_bytes(), parse), Outcome::Module(_)));
        // Nor does anything in annotations, which ends no block.
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
        // The text may end where the place is.
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
