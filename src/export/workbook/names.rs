//! Names of sheets and tables that Excel takes.

/// The longest name of a sheet, in units of UTF-16.
const LONGEST: usize = 31;

/// Gives out names of sheets, each only once.
#[derive(Default)]
pub(super) struct SheetNames {
    /// In lower case, as Excel does not tell "a" and "A" apart.
    taken: Vec<String>,
}

impl SheetNames {
    /// The name of a sheet that is to be called `wanted`: without the characters that Excel refuses, at most 31 long, and
    /// with a number behind it where the name is taken.
    pub fn give(&mut self, wanted: &str) -> String {
        let clean = cleaned(wanted);
        self.first_free(cut(&clean, LONGEST).to_string(), 2, &clean)
    }

    /// Names of `parts` sheets that share what one cannot hold: with numbers from 1 behind them, but not a single one.
    pub fn give_parts(&mut self, wanted: &str, parts: usize) -> Vec<String> {
        if parts <= 1 {
            return vec![self.give(wanted)];
        }
        let clean = cleaned(wanted);
        (1..=parts).map(|part| self.first_free(numbered(&clean, part), part + 1, &clean)).collect()
    }

    /// `name`, or else the first of those numbered from `n` that nobody has.
    fn first_free(&mut self, mut name: String, mut n: usize, clean: &str) -> String {
        // Excel keeps "History" for itself.
        while name.to_lowercase() == "history" || self.taken.contains(&name.to_lowercase()) {
            name = numbered(clean, n);
            n += 1;
        }
        self.taken.push(name.to_lowercase());
        name
    }
}

fn numbered(clean: &str, n: usize) -> String {
    let behind = format!(" {n}");
    format!("{}{behind}", cut(clean, LONGEST - behind.len()))
}

/// The text without what cannot stand in the name of a sheet; "Segment" where nothing is left.
fn cleaned(text: &str) -> String {
    let space = |c: char| if "[]:*?/\\".contains(c) || c.is_control() || c.is_whitespace() { ' ' } else { c };
    let plain: String = text.chars().filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}')).map(space).collect();
    let words: Vec<&str> = plain.split(' ').filter(|word| !word.is_empty()).collect();
    let joined = words.join(" ");
    let trimmed = joined.trim_matches(|c: char| c == '\'' || c == ' ');
    if trimmed.is_empty() { "Segment".into() } else { trimmed.into() }
}

/// The beginning of a text, at most `most` units of UTF-16, in whole words where that leaves more than half, without a
/// space or an apostrophe at its end.
fn cut(text: &str, most: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > most
    });
    let cut = end.map_or(text, |(at, _)| match text[..at].rfind(' ') {
        Some(space) if !text[at..].starts_with(' ') && space > at / 2 => &text[..space],
        _ => &text[..at],
    });
    cut.trim_end_matches(['\'', ' '])
}

/// Titles of a table's columns: Excel wants each to differ from the others, whatever their case, and not to be empty.
pub(super) fn distinct_titles(titles: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut taken: Vec<String> = Vec::new();
    for wanted in titles {
        // A table's definition cannot hold what is no character of XML, and Excel allows 255 characters.
        let plain: String = wanted.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let plain = match cut(plain.trim(), 240) {
            "" => "Column",
            text => text,
        };
        let mut title = plain.to_string();
        let mut n = 2;
        while taken.contains(&title.to_lowercase()) {
            title = format!("{plain} {n}");
            n += 1;
        }
        taken.push(title.to_lowercase());
        out.push(title);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheet_names_follow_the_rules_of_excel() {
        let mut names = SheetNames::default();
        assert_eq!(names.give("Champions"), "Champions");
        assert_eq!(names.give("CHAMPIONS"), "CHAMPIONS 2");
        assert_eq!(names.give("a/b\\c[d]e:f*g?h"), "a b c d e f g h");
        assert_eq!(names.give("'quoted'"), "quoted");
        assert_eq!(names.give("it's"), "it's");
        assert_eq!(names.give("[]"), "Segment");
        assert_eq!(names.give(" \u{7}\n"), "Segment 2");
        assert_eq!(names.give("History"), "History 2");
        let long = "Loyal customers who have not been here for long";
        assert_eq!(names.give(long), "Loyal customers who have not");
        assert_eq!(names.give(long), "Loyal customers who have not 2");
        // An astral character takes two of the 31.
        let hearts = names.give(&"\u{1f49b}".repeat(20));
        assert_eq!(hearts.encode_utf16().count(), 30);
        assert_eq!(names.give("abcdefghijklmnopqrstuvwxyz1234''x"), "abcdefghijklmnopqrstuvwxyz1234");
        assert_eq!(names.give_parts("Champions", 1), ["Champions 3"]);
        assert_eq!(names.give_parts("New", 2), ["New 1", "New 2"]);
        assert_eq!(names.give_parts("NEW", 1), ["NEW"]);
    }

    #[test]
    fn titles_differ_and_are_never_empty() {
        let titles = ["Age", "age", "", "a\u{1}b", "Age"].map(String::from);
        assert_eq!(distinct_titles(titles), ["Age", "age 2", "Column", "a b", "Age 3"]);
    }
}
