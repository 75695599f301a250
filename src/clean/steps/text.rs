//! Steps that give cells another text: spaces and case, replacing, mapping.

use std::collections::HashMap;

use super::apply::Change;
use super::live::Live;
use super::{MOST_EXAMPLES, cells, changed_cells, position};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format::plural;
use crate::intake::kind::{ColumnKind, MissingRule};
use crate::intake::{Column, Table};
use crate::recipe::LetterCase;

/// What is done to spaces and letters.
pub(super) struct Tidy {
    pub trim: bool,
    pub collapse_spaces: bool,
    pub case: LetterCase,
}

pub(super) fn tidy(table: &Table, live: &Live, names: &[String], how: &Tidy, ctx: &Ctx) -> Result<Change> {
    let at = match names {
        [] => (0..table.columns.len()).filter(|&i| table.columns[i].kind == ColumnKind::Text).collect(),
        some => some.iter().map(|name| position(table, name)).collect::<Result<Vec<_>>>()?,
    };
    let tidied = |column: &Column| {
        let missing = column.missing_rule();
        move |text: &str| {
            let new = how.text(text, missing);
            (new != text).then_some(new)
        }
    };
    each(table, live, &at, tidied, ctx)
}

pub(super) fn replace(
    table: &Table,
    live: &Live,
    names: &[String],
    with: impl Fn(&str) -> Option<String> + Sync,
    ctx: &Ctx,
) -> Result<Change> {
    let at = match names {
        [] => (0..table.columns.len()).collect(),
        some => some.iter().map(|name| position(table, name)).collect::<Result<Vec<_>>>()?,
    };
    each(table, live, &at, |_| &with, ctx)
}

/// Each value that is a left side of the map becomes its right side: the same text, or the same but for spaces
/// around it. The first of several entries for a text counts.
pub(super) fn map_values(table: &Table, live: &Live, at: usize, map: &[(String, String)], ctx: &Ctx) -> Result<Change> {
    let mut exact: HashMap<&str, &str> = HashMap::new();
    let mut trimmed: HashMap<&str, &str> = HashMap::new();
    for (from, to) in map {
        exact.entry(from).or_insert(to);
        trimmed.entry(from.trim()).or_insert(to);
    }
    let mapped = |text: &str| {
        let to = exact.get(text).or_else(|| trimmed.get(text.trim()))?;
        (*to != text).then(|| to.to_string())
    };
    let column = &table.columns[at];
    let there: std::collections::HashSet<&str> = column.dict.iter().map(str::trim).collect();
    let absent = trimmed.keys().filter(|from| !there.contains(*from)).count();
    let mut change = each(table, live, &[at], |_| &mapped, ctx)?;
    if absent > 0 {
        change.note = format!("{}; {} not in the column", change.note, plural(absent, "value is", "values are"));
    }
    Ok(change)
}

/// Gives the values of some columns another text; `new` makes the function for a column.
fn each<F: Fn(&str) -> Option<String> + Sync>(
    table: &Table,
    live: &Live,
    at: &[usize],
    new: impl Fn(&Column) -> F,
    ctx: &Ctx,
) -> Result<Change> {
    let mut out = Change::none(table, "");
    for &i in at {
        let column: &Column = &table.columns[i];
        let texts = column.per_value(ctx, new(column))?;
        if texts.iter().zip(&column.counts).all(|(t, &n)| t.is_none() || n == 0) {
            continue;
        }
        let counts = live.counts(column, ctx)?;
        out.cells +=
            texts.iter().zip(counts.iter()).filter(|(t, _)| t.is_some()).map(|(_, &n)| n as usize).sum::<usize>();
        if out.examples.len() < MOST_EXAMPLES {
            out.examples.extend(cells::examples(column, live, |code| texts[code as usize].clone().map(Some)));
            out.examples.truncate(MOST_EXAMPLES);
        }
        out.table = cells::replaced(&out.table, i, cells::rewrite(column, &texts, ctx)?);
    }
    out.note = changed_cells(out.cells);
    Ok(out)
}

impl Tidy {
    /// The text as it is afterwards. A word for a missing value is no text and stays; blanks become nothing.
    fn text(&self, text: &str, missing: MissingRule) -> String {
        if missing.is_missing(text) {
            return if self.trim { text.trim_matches(blank).to_string() } else { text.to_string() };
        }
        let text = if self.trim { text.trim_matches(blank) } else { text };
        let spaced = if self.collapse_spaces { collapse(text) } else { text.to_string() };
        match self.case {
            LetterCase::Keep => spaced,
            LetterCase::Lower => spaced.to_lowercase(),
            LetterCase::Upper => spaced.to_uppercase(),
            LetterCase::Title => title(&spaced),
        }
    }
}

/// Blanks of all kinds, also those that no one sees: no-break space, zero-width space, byte order mark.
fn blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}')
}

/// One space for each run of blanks.
fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_blank = false;
    for c in text.chars() {
        if blank(c) {
            if !in_blank {
                out.push(' ');
            }
            in_blank = true;
        } else {
            out.push(c);
            in_blank = false;
        }
    }
    out
}

/// A capital after everything that is no letter, digit or apostrophe, small letters elsewhere.
fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_word = false;
    for c in text.chars() {
        if in_word {
            out.extend(c.to_lowercase());
        } else {
            out.extend(c.to_uppercase());
        }
        in_word = c.is_alphanumeric() || (in_word && matches!(c, '\'' | '’'));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_and_case() {
        let tidy = |text, case| Tidy { trim: true, collapse_spaces: true, case }.text(text, MissingRule::Unmistakable);
        assert_eq!(tidy(" \u{a0}a  b\tc\u{feff} ", LetterCase::Keep), "a b c");
        assert_eq!(tidy("STRASSE ÉCOLE", LetterCase::Lower), "strasse école");
        assert_eq!(tidy("straße", LetterCase::Upper), "STRASSE");
        assert_eq!(tidy("mary-ann o'brien's 2ND CAFÉ", LetterCase::Title), "Mary-Ann O'brien's 2nd Café");
        assert_eq!(tidy(" N/A ", LetterCase::Lower), "N/A", "a word for nothing keeps its case");
        let only_collapse = Tidy { trim: false, collapse_spaces: true, case: LetterCase::Keep };
        assert_eq!(only_collapse.text("  a   b ", MissingRule::Any), " a b ");
    }
}
