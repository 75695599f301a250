//! Patterns of customers with names, sentences and actions, as data in `assets/profile/`.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::error::{Error, Result};

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
}

/// What is said when there is a single cluster.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Everyone {
    pub name: String,
    pub description: String,
    pub action: String,
    pub channel: String,
}

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Archetypes {
    pub archetype: Vec<Archetype>,
    pub everyone: Everyone,
}

impl Archetypes {
    /// The patterns that come with the program.
    pub fn shipped() -> &'static Archetypes {
        static SHIPPED: OnceLock<Archetypes> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            let text = include_str!("../../assets/profile/archetypes.toml");
            Archetypes::from_toml(text).expect("the shipped patterns are checked by a test")
        })
    }

    /// Reads patterns and refuses two of the same name, places off the scale, and a file that leaves
    /// some cluster without a name that is true.
    pub fn from_toml(text: &str) -> Result<Archetypes> {
        let file: Archetypes =
            toml::from_str(text).map_err(|e| Error::Recipe(format!("the segment patterns cannot be read: {e}")))?;
        for (i, a) in file.archetype.iter().enumerate() {
            if file.archetype[..i].iter().any(|b| b.name == a.name) {
                return Err(Error::Recipe(format!("the segment pattern {:?} is defined twice", a.name)));
            }
            if [a.r, a.f, a.m].iter().any(|s| !(1.0..=5.0).contains(s)) {
                return Err(Error::Recipe(format!(
                    "the scores of the segment pattern {:?} are not within 1–5",
                    a.name
                )));
            }
        }
        if !file.archetype.iter().any(|a| a.orders == Orders::Any) {
            return Err(Error::Recipe("no segment pattern has orders = \"any\"; at least one is needed".into()));
        }
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_patterns_are_valid_and_use_known_placeholders() {
        let known = ["{recency}", "{frequency}", "{monetary}", "{customers}", "{share}", "{revenue_share}"];
        let all = Archetypes::shipped();
        assert!(all.archetype.len() >= 14);
        for a in &all.archetype {
            let mut rest = a.description.clone();
            for k in known {
                rest = rest.replace(k, "");
            }
            assert!(!rest.contains('{'), "{}: {rest}", a.name);
            assert!(!a.action.is_empty() && !a.channel.is_empty());
        }
    }

    #[test]
    fn doubtful_files_are_refused() {
        let text = include_str!("../../assets/profile/archetypes.toml");
        let twice = text.replace("\"Loyal regulars\"", "\"Champions\"");
        assert!(Archetypes::from_toml(&twice).unwrap_err().to_string().contains("twice"));
        let off = text.replacen("r = 4.6", "r = 6.0", 1);
        assert!(Archetypes::from_toml(&off).unwrap_err().to_string().contains("1–5"));
        let none = text.replace("orders = \"any\"", "orders = \"one\"");
        assert!(Archetypes::from_toml(&none).is_err());
    }
}
