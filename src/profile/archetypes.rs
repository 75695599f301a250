//! Patterns of customers with names, sentences and actions, as data in `assets/profile/`.

use std::borrow::Cow;
use std::path::Path;
use std::sync::OnceLock;

use serde::Deserialize;

use super::StakeKind;
use crate::error::{Error, Result};
use crate::recipe::Segments;

/// What nearly all customers' frequency must be for a name to be true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Orders {
    /// No purchase at all (inactive customers that were kept).
    None,
    /// Exactly one purchase.
    One,
    /// The name says nothing about single purchases.
    Any,
}

/// One pattern.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Archetype {
    pub name: String,
    pub orders: Orders,
    /// Place on the 1–5 scale of scores.
    pub r: f64,
    pub f: f64,
    pub m: f64,
    /// A sentence with placeholders, see the head of the file.
    pub description: String,
    pub action: String,
    pub channel: String,
    /// Why, with the same placeholders.
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub stake: StakeKind,
}

/// What is said when there is a single cluster.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Everyone {
    pub name: String,
    pub description: String,
    pub action: String,
    pub channel: String,
    /// Why, with the same placeholders.
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub stake: StakeKind,
}

/// Patterns of customers with what is said and advised of each.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patterns {
    pub(super) archetype: Vec<Archetype>,
    pub(super) everyone: Everyone,
}

/// What descriptions and reasons may hold.
const PLACEHOLDERS: [&str; 6] = ["{recency}", "{frequency}", "{monetary}", "{customers}", "{share}", "{revenue_share}"];

impl Patterns {
    /// The file of the patterns that come with the program, to be edited.
    pub const SHIPPED: &str = include_str!("../../assets/profile/archetypes.toml");

    /// The patterns that come with the program.
    pub fn shipped() -> &'static Patterns {
        static SHIPPED: OnceLock<Patterns> = OnceLock::new();
        SHIPPED
            .get_or_init(|| Patterns::from_toml(Patterns::SHIPPED).expect("the shipped patterns are checked by a test"))
    }

    /// Those that a recipe asks for.
    ///
    /// # Errors
    /// The user's own file is not there, or its patterns cannot be used; the path is named.
    pub fn of(choice: &Segments) -> Result<Cow<'static, Patterns>> {
        match &choice.patterns {
            None => Ok(Cow::Borrowed(Patterns::shipped())),
            Some(path) => Patterns::load(path).map(Cow::Owned),
        }
    }

    /// Those in a file.
    ///
    /// # Errors
    /// As [`Patterns::of`].
    pub fn load(path: &Path) -> Result<Patterns> {
        let text = std::fs::read_to_string(path).map_err(|e| Error::read(path, e))?;
        Patterns::from_toml(&text).map_err(|e| Error::Recipe(format!("{}: {e}", path.display())))
    }

    /// Reads patterns and refuses two of the same name, places off the scale, placeholders that there are not, and a file
    /// that leaves some cluster without a name that is true.
    ///
    /// # Errors
    /// As said; the line or the pattern is named.
    pub fn from_toml(text: &str) -> Result<Patterns> {
        let file: Patterns = toml::from_str(text).map_err(|e| {
            let line = e.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            let why = e.message().trim_end().replace('\n', " ");
            Error::Recipe(format!("the segment patterns cannot be read: line {line}: {why}"))
        })?;
        let refuse = |name: &str, why: &str| Err(Error::Recipe(format!("the segment pattern {name:?} {why}")));
        for (i, a) in file.archetype.iter().enumerate() {
            if a.name.trim().is_empty() {
                return Err(Error::Recipe(format!("segment pattern number {} has no name; give it one", i + 1)));
            }
            if file.archetype[..i].iter().any(|b| b.name == a.name) {
                return refuse(&a.name, "is defined twice; names have to differ");
            }
            if [a.r, a.f, a.m].iter().any(|s| !(1.0..=5.0).contains(s)) {
                return refuse(&a.name, "has a score that is not within 1–5; r, f and m are its place on that scale");
            }
        }
        if !file.archetype.iter().any(|a| a.orders == Orders::Any) {
            return Err(Error::Recipe(
                "no segment pattern has orders = \"any\"; at least one is needed, for clusters that none of the others is true of"
                    .into(),
            ));
        }
        let everyone = &file.everyone;
        let texts = file.archetype.iter().map(|a| (&a.name, [&a.description, &a.reason]));
        for (name, texts) in texts.chain([(&everyone.name, [&everyone.description, &everyone.reason])]) {
            if let Some(unknown) = texts.into_iter().find_map(|text| unknown_placeholder(text)) {
                let known = PLACEHOLDERS.join(", ");
                return refuse(name, &format!("has the placeholder {unknown}, which there is not; there are {known}"));
            }
        }
        Ok(file)
    }
}

/// The first text in braces that stands for nothing.
fn unknown_placeholder(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        rest = &rest[at..];
        let end = rest.find('}').map_or(rest.len(), |end| end + 1);
        let (word, after) = rest.split_at(end);
        if !PLACEHOLDERS.contains(&word) {
            return Some(word);
        }
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_patterns_say_what_to_do_where_and_why() {
        let all = Patterns::shipped();
        assert!(all.archetype.len() >= 14);
        for a in &all.archetype {
            assert!(!a.action.is_empty() && !a.channel.is_empty() && a.reason.contains('{'), "{}", a.name);
            assert!(a.stake != StakeKind::None || a.orders == Orders::None, "{}", a.name);
        }
    }

    #[test]
    fn doubtful_files_are_refused_with_the_place() {
        let text = Patterns::SHIPPED;
        let refused = |text: &str| Patterns::from_toml(text).unwrap_err().to_string();
        assert!(refused(&text.replace("\"Loyal regulars\"", "\"Champions\"")).contains("twice"));
        let off = refused(&text.replacen("r = 4.6", "r = 6.0", 1));
        assert!(off.contains("Champions") && off.contains("1–5"), "{off}");
        assert!(refused(&text.replace("orders = \"any\"", "orders = \"one\"")).contains("any"));
        let line = text.lines().position(|l| l.starts_with("f = 4.6")).unwrap() + 1;
        let wrong = refused(&text.replacen("f = 4.6", "f = high", 1));
        assert!(wrong.contains(&format!("line {line}")), "{wrong}");
        let word = refused(&text.replacen("typically {frequency}", "typically {orders}", 1));
        assert!(word.contains("{orders}") && word.contains("{frequency}") && word.contains("Champions"), "{word}");
        assert!(refused(&text.replacen("stake = \"depends\"", "stake = \"forecast\"", 1)).contains("forecast"));
        assert!(refused(&text.replacen("name = \"Champions\"", "name = \" \"", 1)).contains("number 1"));
    }

    #[test]
    fn a_file_of_ones_own_is_named_in_errors_and_may_leave_out_reasons() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine.toml");
        let choice = Segments { patterns: Some(path.clone()), ..Segments::default() };
        assert!(Patterns::of(&choice).unwrap_err().to_string().contains("mine.toml"));
        std::fs::write(&path, "archetype = 3").unwrap();
        assert!(Patterns::of(&choice).unwrap_err().to_string().contains("mine.toml"));
        let without: String = Patterns::SHIPPED
            .lines()
            .filter(|l| !l.starts_with("reason") && !l.starts_with("stake"))
            .map(|l| format!("{l}\n"))
            .collect();
        std::fs::write(&path, without.replace("Champions", "Stars")).unwrap();
        let mine = Patterns::of(&choice).unwrap();
        assert_eq!((&mine.archetype[0].name[..], mine.archetype[0].stake), ("Stars", StakeKind::None));
    }
}
