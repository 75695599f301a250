//! How far new customers are from those of the analysis.

use serde::{Deserialize, Serialize};

use super::exact::Exact;
use crate::project::{Reading, index_of};
use crate::rfm::Feature;
use crate::rfm::score::quantile;

/// Groups that the values of the analysis are cut into, where ties allow.
const GROUPS: usize = 10;

/// What the customers of the analysis were like, to compare new ones with.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Training {
    pub features: Vec<Spread>,
    /// By the number of the cluster.
    pub clusters: Vec<Share>,
    /// By the name of the RFM segment; empty without scores.
    pub rfm_segments: Vec<Share>,
}

/// The values of one feature.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Spread {
    pub name: String,
    pub label: String,
    /// 0, 10, …, 100 % of customers have this value or less (type-7 quantiles); empty for words.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "numbers")]
    pub deciles: Vec<f64>,
    /// Groups are cut here, a value equal to an edge below it: the deciles between the ends, equal ones once.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "numbers")]
    pub edges: Vec<f64>,
    /// For words: the groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// Shares of customers per group (0–1); for words the last but one are other words. The last are those without a value.
    #[serde(deserialize_with = "numbers")]
    pub shares: Vec<f64>,
}

/// A part of the customers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// What they are called.
    pub segment: String,
    /// The cluster's number; none for RFM segments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<usize>,
    /// 0–1.
    #[serde(deserialize_with = "number")]
    pub share: f64,
}

fn number<'de, D: serde::Deserializer<'de>>(d: D) -> Result<f64, D::Error> {
    Ok(Exact::deserialize(d)?.0)
}

fn numbers<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Vec<f64>, D::Error> {
    Ok(Vec::<Exact>::deserialize(d)?.into_iter().map(|v| v.0).collect())
}

/// Words that are told apart; the others are one group.
const MOST_WORDS: usize = 50;

impl Spread {
    /// How the values of a feature are spread.
    pub fn of(feature: &Feature) -> Spread {
        let (name, label) = (feature.name.clone(), feature.label.clone());
        let mut out = Spread { name, label, ..Spread::default() };
        if feature.names.is_some() {
            let frequent = crate::features::look::frequent_words(feature, MOST_WORDS);
            out.words = frequent.into_iter().map(|(word, _)| word).collect();
        } else {
            let mut sorted: Vec<f64> = feature.values.iter().copied().filter(|v| v.is_finite()).collect();
            sorted.sort_unstable_by(f64::total_cmp);
            if !sorted.is_empty() {
                out.deciles = (0..=GROUPS).map(|i| quantile(&sorted, i as f64 / GROUPS as f64)).collect();
                out.edges = out.deciles[1..GROUPS].to_vec();
                out.edges.dedup();
            }
        }
        out.shares = out.shares_of(feature);
        out
    }

    /// The shares of a feature's customers per group.
    pub fn shares_of(&self, feature: &Feature) -> Vec<f64> {
        let groups = if feature.names.is_some() { self.words.len() } else { self.edges.len() } + 2;
        let mut counts = vec![0usize; groups];
        for &value in feature.values.iter() {
            let group = match &feature.names {
                _ if !value.is_finite() => groups - 1,
                Some(names) => {
                    let word = names.get(value as usize).map_or("", String::as_str);
                    self.words.iter().position(|w| w == word).unwrap_or(groups - 2)
                }
                None => self.edges.partition_point(|edge| *edge < value),
            };
            counts[group] += 1;
        }
        counts.into_iter().map(|n| n as f64 / feature.values.len().max(1) as f64).collect()
    }
}

/// New customers beside those of the analysis.
#[derive(Debug, Clone, Serialize)]
pub struct Drift {
    /// How the index is to be read.
    pub about: &'static str,
    pub customers_before: usize,
    pub customers_now: usize,
    pub features: Vec<FeatureDrift>,
    pub clusters: SegmentDrift,
    /// `None` without scores.
    pub rfm_segments: Option<SegmentDrift>,
    /// Share of the new customers (0–1) of whom at least one feature lies beyond what the analysis saw.
    pub beyond: f64,
}

const ABOUT: &str = "Population stability index: the sum over groups of (share now - share before) * ln(share now / share \
before), for features over tenths of the values of the analysis. Below 0.1 stable, 0.1 to 0.25 shifted, above 0.25 \
changed (Siddiqi 2006).";

/// One feature.
#[derive(Debug, Clone, Serialize)]
pub struct FeatureDrift {
    pub name: String,
    pub label: String,
    pub index: f64,
    pub reading: Reading,
    /// Medians in the feature's own unit; `null` for words.
    pub median_before: Option<f64>,
    pub median_now: Option<f64>,
    /// Shares of the new customers (0–1) below the least and above the largest value of the analysis; for words with a
    /// word that it did not see often.
    pub below: f64,
    pub above: f64,
}

/// The shares of segments.
#[derive(Debug, Clone, Serialize)]
pub struct SegmentDrift {
    pub index: f64,
    pub reading: Reading,
    pub segments: Vec<Moved>,
}

/// One segment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    pub segment: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster: Option<usize>,
    pub before: f64,
    pub now: f64,
}

impl FeatureDrift {
    /// A feature of new customers beside how it was spread.
    pub fn of(before: &Spread, now: &Feature) -> FeatureDrift {
        let after = before.shares_of(now);
        let index = index_of(&before.shares, &after);
        let mut sorted: Vec<f64> = now.values.iter().copied().filter(|v| v.is_finite()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let share = |n: usize| n as f64 / now.values.len().max(1) as f64;
        let (below, above) = match (before.range(), now.names.is_some()) {
            (Some((least, most)), false) => (
                share(sorted.partition_point(|v| *v < least)),
                share(sorted.len() - sorted.partition_point(|v| *v <= most)),
            ),
            (_, true) => (0.0, after[after.len() - 2]),
            (None, false) => (0.0, 0.0),
        };
        let numbers = now.names.is_none() && !sorted.is_empty();
        FeatureDrift {
            name: before.name.clone(),
            label: before.label.clone(),
            index,
            reading: Reading::of(index),
            median_before: before.deciles.get(GROUPS / 2).copied(),
            median_now: numbers.then(|| quantile(&sorted, 0.5)),
            below,
            above,
        }
    }
}

impl Spread {
    /// The least and the largest value; `None` for words and where nobody had one.
    pub fn range(&self) -> Option<(f64, f64)> {
        Some((*self.deciles.first()?, *self.deciles.last()?))
    }
}

impl SegmentDrift {
    /// `count` says how many of the new customers a segment has.
    pub fn of(before: &[Share], customers: usize, count: impl Fn(&Share) -> usize) -> SegmentDrift {
        let now = |share: &Share| count(share) as f64 / customers.max(1) as f64;
        let segments: Vec<Moved> = before
            .iter()
            .map(|s| Moved { segment: s.segment.clone(), cluster: s.cluster, before: s.share, now: now(s) })
            .collect();
        let shares = |of: fn(&Moved) -> f64| segments.iter().map(of).collect::<Vec<f64>>();
        let index = index_of(&shares(|m| m.before), &shares(|m| m.now));
        SegmentDrift { index, reading: Reading::of(index), segments }
    }
}

impl Drift {
    /// Puts the parts together; `features` are those of the new customers.
    pub fn of(
        training: &Training,
        customers_before: usize,
        features: &[&Feature],
        clusters: SegmentDrift,
        rfm_segments: Option<SegmentDrift>,
    ) -> Drift {
        let customers_now = features.first().map_or(0, |f| f.values.len());
        let known = |spread: &Spread| features.iter().find(|f| f.name == spread.name).copied();
        let pairs: Vec<(&Spread, &Feature)> = training.features.iter().filter_map(|s| Some((s, known(s)?))).collect();
        let outside = |row: usize| {
            pairs.iter().any(|(spread, feature)| match spread.range() {
                Some((least, most)) => feature.values[row] < least || feature.values[row] > most,
                None => false,
            })
        };
        let beyond = (0..customers_now).filter(|&row| outside(row)).count();
        Drift {
            about: ABOUT,
            customers_before,
            customers_now,
            features: pairs.iter().map(|(spread, feature)| FeatureDrift::of(spread, feature)).collect(),
            clusters,
            rfm_segments,
            beyond: beyond as f64 / customers_now.max(1) as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rfm::Unit;

    fn feature(values: Vec<f64>) -> Feature {
        Feature::new("x", "X", "", Unit::Number, values)
    }

    #[test]
    fn equal_customers_do_not_drift_whatever_their_order() {
        let values: Vec<f64> = (0..1000).map(f64::from).collect();
        let spread = Spread::of(&feature(values.clone()));
        assert_eq!((spread.edges.len(), spread.shares.len()), (9, 11));
        let same = FeatureDrift::of(&spread, &feature(values.into_iter().rev().collect()));
        assert_eq!((same.index, same.reading, same.below, same.above), (0.0, Reading::Stable, 0.0, 0.0));
        let ties = Spread::of(&feature(vec![1.0; 50]));
        assert_eq!(FeatureDrift::of(&ties, &feature(vec![1.0; 3])).index, 0.0);
    }

    /// By hand: half of the new customers lie in the lowest tenth, the others are spread as before.
    #[test]
    fn the_index_is_that_of_its_formula() {
        let spread = Spread::of(&feature((0..100).map(f64::from).collect()));
        let mut now = vec![-5.0; 50];
        now.extend((0..50).map(|i| f64::from(i * 2)));
        let found = FeatureDrift::of(&spread, &feature(now));
        let shares: Vec<f64> = (0..10).map(|g| if g == 0 { 0.55 } else { 0.05 }).collect();
        let by_hand: f64 = shares.iter().map(|a| (a - 0.1) * (a / 0.1_f64).ln()).sum();
        assert!((found.index - by_hand).abs() < 1e-12, "{} {by_hand}", found.index);
        assert_eq!((found.reading, found.below, found.above), (Reading::Changed, 0.5, 0.0));
        assert_eq!(
            [0.05, 0.1, 0.25, 0.26].map(Reading::of).map(Reading::word),
            ["stable", "shifted", "shifted", "changed"]
        );
    }

    #[test]
    fn missing_values_and_new_words_are_groups_of_their_own() {
        let spread = Spread::of(&feature((0..100).map(f64::from).collect()));
        assert!(FeatureDrift::of(&spread, &feature(vec![f64::NAN; 10])).index > 1.0);
        let mut words = feature(vec![0.0, 0.0, 1.0]);
        words.names = Some(vec!["France".to_string(), "Peru".to_string()].into());
        let spread = Spread::of(&words);
        assert_eq!(spread.shares, [2.0 / 3.0, 1.0 / 3.0, 0.0, 0.0]);
        // The places of words differ from file to file.
        words.names = Some(vec!["Peru".to_string(), "Chile".to_string()].into());
        let found = FeatureDrift::of(&spread, &words);
        assert!((found.above - 1.0 / 3.0).abs() < 1e-12 && found.median_now.is_none());
    }
}
