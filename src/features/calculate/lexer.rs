//! The words and signs of an expression with their places: enough to point at what is wrong, to find the aggregates,
//! and to keep out what is no expression. What an expression means is for polars to say.

use std::ops::Range;

use super::error::{Checked, ExpressionError};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name, a keyword or the name of a function.
    Word,
    /// A name in double quotes or backticks.
    Quoted,
    /// A text in single quotes.
    Text,
    Number,
    Open,
    Close,
    Comma,
    /// Any operator.
    Sign,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub at: Range<usize>,
}

impl Token {
    /// The token's text as it stands.
    pub(super) fn text<'t>(&self, expression: &'t str) -> &'t str {
        &expression[self.at.clone()]
    }

    /// The name that a word or a quoted name stands for.
    pub(super) fn name(&self, expression: &str) -> String {
        let text = self.text(expression);
        match self.kind {
            TokenKind::Quoted => {
                let quote = &text[..1];
                text[1..text.len() - 1].replace(&quote.repeat(2), quote)
            }
            _ => text.to_string(),
        }
    }

    pub(super) fn is_word(&self, expression: &str, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text(expression).eq_ignore_ascii_case(word)
    }
}

/// Takes an expression apart.
///
/// # Errors
/// A quote that is never closed, a bracket without its partner, a comment, or a sign that no expression has.
pub(super) fn tokens(expression: &str) -> Checked<Vec<Token>> {
    let mut out = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut letters = expression.char_indices().peekable();
    while let Some((start, letter)) = letters.next() {
        let rest = &expression[start..];
        let kind = match letter {
            _ if letter.is_whitespace() => continue,
            '\'' | '"' | '`' => {
                let length = quoted(rest).ok_or_else(|| {
                    let what = if letter == '\'' { "this text" } else { "this name" };
                    ExpressionError::at(start..expression.len(), format!("{what} has no closing {letter}"))
                })?;
                while letters.peek().is_some_and(|&(i, _)| i < start + length) {
                    letters.next();
                }
                if letter == '\'' { TokenKind::Text } else { TokenKind::Quoted }
            }
            '(' => {
                open.push(start);
                TokenKind::Open
            }
            ')' => {
                if open.pop().is_none() {
                    return Err(ExpressionError::at(start..start + 1, "this bracket closes nothing"));
                }
                TokenKind::Close
            }
            ',' => TokenKind::Comma,
            '-' if rest.starts_with("--") => return Err(comment(start..start + 2)),
            '/' if rest.starts_with("/*") => return Err(comment(start..start + 2)),
            ';' | '\\' | '{' | '}' | '?' | '$' => {
                return Err(ExpressionError::at(
                    start..start + 1,
                    format!("an expression has no {letter}; write one expression, without what follows it"),
                ));
            }
            _ if letter.is_ascii_digit() || letter == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                let length = number(rest);
                while letters.peek().is_some_and(|&(i, _)| i < start + length) {
                    letters.next();
                }
                TokenKind::Number
            }
            '.' => {
                return Err(ExpressionError::at(start..start + 1, "a name with a point in it goes in double quotes"));
            }
            _ if letter.is_alphabetic() || letter == '_' || letter == '#' || letter == '@' => {
                while letters.peek().is_some_and(|&(_, c)| c.is_alphanumeric() || matches!(c, '_' | '#' | '@' | '$')) {
                    letters.next();
                }
                TokenKind::Word
            }
            _ if letter.is_ascii() => {
                while letters.peek().is_some_and(|&(i, c)| {
                    matches!((letter, c), ('<', '=' | '>') | ('>' | '!', '=') | ('|', '|') | (':', ':') | ('=', '='))
                        && i == start + 1
                }) {
                    letters.next();
                }
                TokenKind::Sign
            }
            _ => {
                return Err(ExpressionError::at(
                    start..start + letter.len_utf8(),
                    format!("{letter} is no sign of an expression; put names with such signs in double quotes"),
                ));
            }
        };
        let end = letters.peek().map_or(expression.len(), |&(i, _)| i);
        out.push(Token { kind, at: start..end });
    }
    match open.pop() {
        Some(start) => Err(ExpressionError::at(start..start + 1, "this bracket is never closed")),
        None => Ok(out),
    }
}

fn comment(at: Range<usize>) -> ExpressionError {
    ExpressionError::at(at, "an expression has no comments; put a space between the two signs if they are meant")
}

/// The length of a quoted text with its quotes; `None` where it is never closed. A doubled quote stands for itself.
fn quoted(rest: &str) -> Option<usize> {
    let quote = rest.as_bytes()[0];
    let bytes = rest.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match (bytes[at] == quote, bytes.get(at + 1) == Some(&quote)) {
            (true, true) => at += 2,
            (true, false) => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}

/// The length of a number.
fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = digits(0);
    if bytes.get(at) == Some(&b'.') {
        at += 1 + digits(at + 1);
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        if at + 1 + sign < bytes.len() && digits(at + 1 + sign) > 0 {
            at += 1 + sign + digits(at + 1 + sign);
        }
    }
    at
}
