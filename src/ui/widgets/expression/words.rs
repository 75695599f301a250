//! Names and functions of an expression: finding them in a text, and offering those that somebody may be typing.

use std::cell::Cell;
use std::ops::Range;

use crate::features::calculate;

/// What a word of an expression is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordKind {
    /// A column or feature.
    Name,
    Function,
}

/// A name or function that an expression may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub name: String,
    pub kind: WordKind,
    /// A few words beside it: what a column holds, what a function takes.
    pub note: String,
    /// A sentence that explains it; may be empty.
    pub hint: String,
}

impl Word {
    /// What stands in the expression: names quoted where they have to be, functions with their parenthesis open.
    pub fn insert(&self) -> String {
        match self.kind {
            WordKind::Name => calculate::quoted(&self.name),
            WordKind::Function => format!("{}(", self.name),
        }
    }
}

/// Remembers whether the text so far stands in quotes.
#[derive(Default)]
pub struct Quotes(Cell<Option<char>>);

impl Quotes {
    /// Whether a word ends before `c`, given every character of the text in order.
    pub fn ends_word(&self, c: char) -> bool {
        match self.0.get() {
            Some(quote) => {
                if c == quote {
                    self.0.set(None);
                }
                false
            }
            None if c == '"' || c == '\'' => {
                self.0.set(Some(c));
                false
            }
            None => !(c.is_alphanumeric() || c == '_'),
        }
    }
}

/// Words that the one being typed may become, at most `most`: those that begin like it first, then those that have it
/// within. Nothing for numbers, texts, and what is complete.
pub fn offered<'w>(words: &'w [Word], typed: &str, most: usize) -> Vec<&'w Word> {
    let typed = typed.strip_prefix('"').unwrap_or(typed);
    let loose = typed.to_lowercase();
    if loose.is_empty() || loose.ends_with('"') || loose.starts_with(|c: char| c == '\'' || c.is_ascii_digit()) {
        return Vec::new();
    }
    let rank = |word: &Word| {
        let name = word.name.to_lowercase();
        let inner = || name.split(|c: char| !c.is_alphanumeric()).any(|part| part.starts_with(&loose));
        if name == loose {
            Some(0)
        } else if name.starts_with(&loose) {
            Some(1)
        } else if inner() {
            Some(2)
        } else {
            name.contains(&loose).then_some(3)
        }
    };
    let mut found: Vec<(i32, &Word)> = words.iter().filter_map(|w| Some((rank(w)?, w))).collect();
    found.sort_by_key(|(rank, _)| *rank);
    // What is typed to its end needs no list.
    if let [(0, word)] = found.as_slice()
        && word.name == typed
    {
        return Vec::new();
    }
    found.into_iter().map(|(_, word)| word).take(most).collect()
}

/// What a piece of an expression is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Function,
    Name,
    /// A number or a text.
    Literal,
    Space,
    Other,
}

/// The pieces of an expression one after the other, by their bytes.
pub fn parts(text: &str, words: &[Word]) -> Vec<(Range<usize>, Part)> {
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(c) = text[from..].chars().next() {
        let run = |fits: &dyn Fn(char) -> bool| {
            text[from..].char_indices().find(|(_, c)| !fits(*c)).map_or(text.len(), |(i, _)| from + i)
        };
        let (to, part) = match c {
            '"' | '\'' => {
                let end = text[from + 1..].find(c).map_or(text.len(), |i| from + i + 2);
                (end, if c == '"' { Part::Name } else { Part::Literal })
            }
            c if c.is_whitespace() => (run(&char::is_whitespace), Part::Space),
            c if c.is_ascii_digit() => (run(&|c| c.is_ascii_alphanumeric() || c == '.'), Part::Literal),
            c if c.is_alphabetic() || c == '_' => {
                let end = run(&|c| c.is_alphanumeric() || c == '_');
                let called = text[end..].trim_start().starts_with('(');
                let known = |w: &Word| w.kind == WordKind::Function && w.name.eq_ignore_ascii_case(&text[from..end]);
                (end, if called && words.iter().any(known) { Part::Function } else { Part::Name })
            }
            c => (from + c.len_utf8(), Part::Other),
        };
        out.push((from..to, part));
        from = to;
    }
    out
}

/// The function whose brackets stand open where `cursor` (in characters) is.
pub fn function_at<'w>(text: &str, cursor: usize, words: &'w [Word]) -> Option<&'w Word> {
    let end = text.char_indices().nth(cursor).map_or(text.len(), |(i, _)| i);
    let mut open: Vec<Option<&Word>> = Vec::new();
    let mut last = None;
    for (range, part) in parts(text, words).into_iter().take_while(|(range, _)| range.end <= end) {
        let word = &text[range];
        match (part, word) {
            (Part::Function, _) => {
                last = words.iter().find(|w| w.kind == WordKind::Function && w.name.eq_ignore_ascii_case(word));
            }
            (Part::Other, "(") => open.push(last.take()),
            (Part::Other, ")") => drop(open.pop()),
            (Part::Space, _) => {}
            _ => last = None,
        }
    }
    open.into_iter().rev().flatten().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Vec<Word> {
        let word = |name: &str, kind| Word { name: name.into(), kind, note: String::new(), hint: String::new() };
        vec![
            word("Quantity", WordKind::Name),
            word("Annual Income (k$)", WordKind::Name),
            word("quantile", WordKind::Function),
            word("sum", WordKind::Function),
        ]
    }

    #[test]
    fn what_begins_like_the_word_comes_first() {
        let words = words();
        let names = |typed: &str| offered(&words, typed, 9).iter().map(|w| w.name.clone()).collect::<Vec<_>>();
        assert_eq!(names("quant"), ["Quantity", "quantile"]);
        assert_eq!(names("inc"), ["Annual Income (k$)"]);
        assert_eq!(names("\"Annual I"), ["Annual Income (k$)"]);
        assert_eq!(names("um"), ["sum"]);
        for nothing in ["", "Quantity", "'qua", "12", "\"Quantity\"", "zz"] {
            assert!(names(nothing).is_empty(), "{nothing}");
        }
    }

    #[test]
    fn a_word_in_quotes_goes_on_over_spaces() {
        let start = |text: &str| {
            let quotes = Quotes::default();
            text.chars().enumerate().filter(|&(_, c)| quotes.ends_word(c)).last().map_or(0, |(i, _)| i + 1)
        };
        assert_eq!(start("sum(\"Annual Inc"), 4);
        assert_eq!(start("\"a b\" + Quan"), 8);
        assert_eq!(start("a = 'b c"), 4);
    }

    #[test]
    fn the_function_around_the_cursor_is_found() {
        let words = words();
        let at = |text: &str| function_at(text, text.chars().count(), &words).map(|w| w.name.as_str());
        assert_eq!(at("sum("), Some("sum"));
        assert_eq!(at("sum(Quantity) + quantile(Quantity, (1 + "), Some("quantile"));
        assert_eq!(at("sum(Quantity)"), None);
        assert_eq!(at("(Quantity"), None);
    }

    #[test]
    fn parts_cover_the_text() {
        let text = "sum(\"Annual Income (k$)\") * 1.5 + 'é' -";
        let parts = parts(text, &words());
        assert_eq!(parts.iter().map(|(r, _)| &text[r.clone()]).collect::<String>(), text);
        assert_eq!(parts[0], (0..3, Part::Function));
        assert_eq!(parts[2].1, Part::Name);
        assert!(parts.iter().any(|(r, p)| &text[r.clone()] == "'é'" && *p == Part::Literal));
        assert_eq!(super::parts("'open", &[]), vec![(0..5, Part::Literal)]);
    }
}
