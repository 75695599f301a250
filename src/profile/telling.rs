//! What sets a segment apart, in words.

use super::Profile;
use crate::features::FeatureMatrix;
use crate::rfm::{CustomerTable, RECENCY, Unit};

/// A difference of fewer standard deviations from everyone is not worth a word.
pub const LEAST: f64 = 0.2;

/// One difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Telling {
    /// Place of the feature in the customer table.
    pub feature: usize,
    /// In standard deviations from everyone's mean, after transform and scale.
    pub difference: f64,
    /// "far higher", "a little lower"; for recency "more recent" and "longer ago".
    pub words: &'static str,
}

/// Up to `most` features in which a segment differs most from everyone, the largest difference first. Steps in words are
/// at 0.2, 0.5, 0.8 (small, medium, large: Cohen 1988) and 1.5 standard deviations.
pub fn telling(profile: &Profile, customers: &CustomerTable, matrix: &FeatureMatrix, most: usize) -> Vec<Telling> {
    let clustered = |name: &str| matrix.columns.iter().any(|column| column.name == name);
    let mut out: Vec<Telling> = customers
        .features
        .iter()
        .zip(&profile.features)
        .enumerate()
        .filter(|(_, (f, s))| f.unit != Unit::Words && clustered(&f.name) && s.difference.abs() >= LEAST)
        .map(|(feature, (f, s))| Telling {
            feature,
            difference: s.difference,
            words: words(f.name == RECENCY, s.difference),
        })
        .collect();
    out.sort_by(|a, b| b.difference.abs().total_cmp(&a.difference.abs()).then(a.feature.cmp(&b.feature)));
    out.truncate(most);
    out
}

fn words(recency: bool, difference: f64) -> &'static str {
    let step = [0.5, 0.8, 1.5].iter().filter(|from| difference.abs() >= **from).count();
    let words = match (recency, difference > 0.0) {
        (false, true) => ["a little higher", "higher", "much higher", "far higher"],
        (false, false) => ["a little lower", "lower", "much lower", "far lower"],
        (true, true) => ["a little longer ago", "longer ago", "much longer ago", "far longer ago"],
        (true, false) => ["a little more recent", "more recent", "much more recent", "far more recent"],
    };
    words[step]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_in_words() {
        let found = [0.2, 0.5, -0.8, -3.0].map(|d| words(false, d));
        assert_eq!(found, ["a little higher", "higher", "much lower", "far lower"]);
        assert_eq!([words(true, -0.6), words(true, 1.5)], ["more recent", "far longer ago"]);
    }
}
