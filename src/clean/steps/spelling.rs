//! Values that are the same but for their spelling: key collision as in OpenRefine.
//!
//! The keys follow the descriptions of OpenRefine's "fingerprint" and "n-gram fingerprint" methods
//! (<https://openrefine.org/docs/technical-reference/clustering-in-depth>). Values with one key are proposed as one;
//! nothing is changed until somebody says so.

use std::collections::HashMap;

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use crate::ctx::Ctx;
use crate::error::Result;
use crate::intake::Column;

/// How values are brought to a key; values with the same key are proposed as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpellingMethod {
    /// Words in any order, without regard to case, accents and punctuation. Hardly ever wrong.
    Fingerprint,
    /// Runs of this many letters in any order: finds missing spaces (n = 2), and with n = 1 transposed letters, with
    /// more false alarms.
    NGram(usize),
}

impl SpellingMethod {
    /// The methods that are offered, the most careful first.
    pub const ALL: [SpellingMethod; 3] =
        [SpellingMethod::Fingerprint, SpellingMethod::NGram(2), SpellingMethod::NGram(1)];

    /// Words for a menu.
    pub fn label(self) -> String {
        match self {
            SpellingMethod::Fingerprint => "Fingerprint".into(),
            SpellingMethod::NGram(n) => format!("n-gram fingerprint, n = {n}"),
        }
    }

    /// The key of a value.
    pub fn key(self, text: &str) -> String {
        match self {
            SpellingMethod::Fingerprint => fingerprint(text),
            SpellingMethod::NGram(n) => ngram_fingerprint(text, n),
        }
    }
}

/// Values that share a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpellingCluster {
    pub key: String,
    /// At least two spellings with their rows, the most frequent first.
    pub values: Vec<(String, usize)>,
    /// The most frequent spelling, the smaller text of two: what the others would become.
    pub proposal: String,
}

impl SpellingCluster {
    /// All rows of its values.
    pub fn rows(&self) -> usize {
        self.values.iter().map(|(_, rows)| rows).sum()
    }
}

/// Finds spellings of one thing among the values of a column; `counts` are the rows per code that count. The cluster
/// with the most rows comes first.
///
/// # Errors
/// Only when cancelled.
pub fn suggest(column: &Column, counts: &[u32], method: SpellingMethod, ctx: &Ctx) -> Result<Vec<SpellingCluster>> {
    let missing = column.missing_rule();
    let keys = column.per_value(ctx, |text| if missing.is_missing(text) { String::new() } else { method.key(text) })?;
    let mut by_key: HashMap<String, Vec<(String, usize)>> = HashMap::new();
    for ((key, text), &rows) in keys.into_iter().zip(column.dict.iter()).zip(counts) {
        // A value of nothing but punctuation has no key, and is not like every other such value.
        if !key.is_empty() && rows > 0 {
            by_key.entry(key).or_default().push((text.to_string(), rows as usize));
        }
    }
    let mut clusters: Vec<SpellingCluster> = Vec::new();
    for (key, mut values) in by_key {
        if values.len() > 1 {
            values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            let proposal = values[0].0.clone();
            clusters.push(SpellingCluster { key, values, proposal });
        }
    }
    clusters.sort_by(|a, b| b.rows().cmp(&a.rows()).then_with(|| a.key.cmp(&b.key)));
    Ok(clusters)
}

/// Trimmed, small letters, no punctuation or control characters, no accents; the words sorted, each once.
pub fn fingerprint(text: &str) -> String {
    let plain = ascii(&bare(&text.trim().to_lowercase()));
    let mut words: Vec<&str> = plain.split_whitespace().collect();
    words.sort_unstable();
    words.dedup();
    words.join(" ")
}

/// Small letters, no punctuation, control characters or spaces, no accents; the runs of `n` characters sorted, each
/// once. A text shorter than `n` is its own key.
pub fn ngram_fingerprint(text: &str, n: usize) -> String {
    let plain: Vec<char> = ascii(&bare(&text.to_lowercase())).chars().filter(|c| !c.is_whitespace()).collect();
    if plain.len() <= n || n == 0 {
        return plain.into_iter().collect();
    }
    let mut grams: Vec<&[char]> = plain.windows(n).collect();
    grams.sort_unstable();
    grams.dedup();
    grams.concat().into_iter().collect()
}

/// Without punctuation and control characters; a tab or line break counts as a space.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_whitespace() || !(c.is_ascii_punctuation() || c.is_control() || is_punctuation(*c)))
        .collect()
}

/// Punctuation beyond ASCII that stands in names: dashes, quotation marks, dots (General Punctuation and its like).
fn is_punctuation(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '¡' | '¿' | '«' | '»' | '·' | '§' | '¶')
}

/// Letters without their marks; letters that are no combination as people write them without the key.
pub(super) fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfd() {
        match c {
            '\u{300}'..='\u{36f}' => {}
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            'ø' => out.push('o'),
            'đ' | 'ð' => out.push('d'),
            'ł' => out.push('l'),
            'ħ' => out.push('h'),
            'ı' => out.push('i'),
            'ŧ' => out.push('t'),
            'ŋ' => out.push('n'),
            'ſ' => out.push('s'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_as_described() {
        for same in ["Tom Cruise", "Cruise, Tom", " tom  CRUISE.", "Tom Cruise Tom", "tom\tcruise"] {
            assert_eq!(fingerprint(same), "cruise tom", "{same}");
        }
        assert_eq!(fingerprint("Gödel, Kurt"), "godel kurt");
        assert_eq!(fingerprint("Łódź Straße Ærø"), "aero lodz strasse");
        assert_eq!(fingerprint("AT&T"), "att");
        assert_eq!(fingerprint("— !"), "");
    }

    #[test]
    fn ngrams_as_described() {
        // The example of OpenRefine's documentation: 2-grams of "paris" are "pa", "ar", "ri", "is".
        assert_eq!(ngram_fingerprint("Paris", 2), "arispari");
        assert_eq!(ngram_fingerprint("Paris", 1), "aiprs");
        assert_eq!(ngram_fingerprint("Krzysztof", 1), ngram_fingerprint("Krzyzstof", 1));
        assert_ne!(ngram_fingerprint("Krzysztof", 2), ngram_fingerprint("Krzyzstof", 2));
        assert_eq!(ngram_fingerprint("New York", 2), ngram_fingerprint("newyork", 2));
        assert_eq!(ngram_fingerprint("é", 2), "e");
    }
}
