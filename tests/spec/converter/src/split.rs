//! Splits a .wast file into directives. Each directive is parsed separately, so that a syntax error affects only one
//! directive.

use std::fmt;
use wast::lexer::{Lexer, TokenKind};

/// The reason why a file is not a list of directives.
#[derive(Debug, PartialEq)]
pub struct Fault {
    pub line: u32,
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.line, self.message)
    }
}

/// An outermost pair of parentheses, with its contents.
#[derive(Debug, PartialEq)]
pub struct Group<'a> {
    /// The whole text of the group, parentheses included.
    pub text: &'a str,
    pub line: u32,
    /// The first word, such as `module`; empty if there is none.
    pub keyword: &'a str,
    /// The second word if it is a keyword as well, as in `module definition`; otherwise empty.
    pub second: &'a str,
}

/// Returns the lexer for all texts. It allows confusing Unicode characters, because some tests are about them.
pub fn lexer(text: &str) -> Lexer<'_> {
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    lexer
}

/// Returns the line that contains `offset`, counted from 1.
pub fn line_of(text: &str, offset: usize) -> u32 {
    let before = &text.as_bytes()[..offset.min(text.len())];
    let lines = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
    u32::try_from(lines).unwrap_or(u32::MAX)
}

/// Returns the groups of a text. Skips annotations between groups, which mean nothing, and comments.
pub fn split(text: &str) -> Result<Vec<Group<'_>>, Fault> {
    let lexer = lexer(text);
    let fault = |offset, message: String| Fault { line: line_of(text, offset), message };
    let mut groups = Vec::new();
    let mut open = Vec::new();
    let mut words: Vec<&str> = Vec::new();
    let mut annotation = false;
    let mut line = 1;
    let mut counted = 0;
    let mut pos = 0;
    while let Some(token) = lexer.parse(&mut pos).map_err(|error| fault(error.span().offset(), error.message()))? {
        let kind = token.kind;
        if matches!(kind, TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment) {
            continue;
        }
        match kind {
            TokenKind::LParen => {
                if open.is_empty() {
                    words.clear();
                    annotation = false;
                }
                open.push(token.offset);
            }
            TokenKind::RParen => {
                let start =
                    open.pop().ok_or_else(|| fault(token.offset, "no open parenthesis matches this )".into()))?;
                if open.is_empty() && !annotation {
                    line += line_of(&text[counted..], start - counted) - 1;
                    counted = start;
                    groups.push(Group {
                        text: &text[start..pos],
                        line,
                        keyword: words.first().copied().unwrap_or_default(),
                        second: words.get(1).copied().unwrap_or_default(),
                    });
                }
            }
            _ if open.is_empty() => {
                return Err(fault(token.offset, format!("`{}` is in no parentheses", token.src(text))));
            }
            _ => {}
        }
        // The first two keywords of a group. A token that is not a keyword counts as an empty word.
        if open.len() == 1 && words.len() < 2 && kind != TokenKind::LParen && kind != TokenKind::RParen {
            annotation |= words.is_empty() && kind == TokenKind::Annotation;
            words.push(if kind == TokenKind::Keyword { token.src(text) } else { "" });
        } else if open.len() == 2 && kind == TokenKind::LParen {
            words.resize(2, "");
        }
    }
    match open.first() {
        Some(&start) => Err(fault(start, "this ( is never closed".into())),
        None => Ok(groups),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_have_lines_and_words() {
        let text =
            "(module)\n;; (no\n(; (no\n ;) (module definition $M (func))\n\n  (assert_return (invoke \")\"))(\"x\")";
        let groups = split(text).expect("it can be split");
        let found: Vec<_> = groups.iter().map(|group| (group.line, group.keyword, group.second)).collect();
        assert_eq!(found, [(1, "module", ""), (4, "module", "definition"), (6, "assert_return", ""), (6, "", "")]);
        assert_eq!(groups[1].text, "(module definition $M (func))");
    }

    #[test]
    fn annotations_between_groups_are_skipped() {
        let groups = split("(@a (module)) (module (@b))").expect("it can be split");
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0].text, "(module (@b))");
    }

    #[test]
    fn what_is_no_list_of_groups_is_a_fault_with_its_line() {
        for (text, line, words) in [
            ("(module)\n(module", 2, "never closed"),
            ("(module)\n\n)", 3, "no open parenthesis"),
            ("\nmodule", 2, "`module` is in no parentheses"),
            ("(module)\n\"\n", 2, "in string"),
            ("\n(; never ends", 2, "unterminated"),
        ] {
            let fault = split(text).expect_err(text);
            assert_eq!(fault.line, line, "{text:?}: {fault}");
            assert!(fault.to_string().contains(words), "{text:?}: {fault}");
        }
        assert_eq!(split("").expect("nothing is no fault"), []);
    }
}
