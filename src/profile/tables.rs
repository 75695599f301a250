//! What is said about each segment.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::stake::StakeKind;

/// Five numbers of one feature within one group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeatureSummary {
    pub name: String,
    pub mean: f64,
    pub q1: f64,
    pub median: f64,
    pub q3: f64,
    /// (group mean − mean of everyone) / standard deviation of everyone, in the transformed, scaled
    /// space; comparable between features.
    pub difference: f64,
}

/// One cluster in words and numbers.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    /// Place in canonical order, from 1.
    pub cluster: usize,
    /// The number that people and files see: from 1; 0 for those who belong to no cluster.
    pub number: usize,
    /// The name in force, distinct among the clusters: the user's, else the proposed one.
    pub name: String,
    /// The name from the cluster's pattern, distinct among such.
    pub proposed: String,
    /// What the user notes about it; empty for nothing.
    pub note: String,
    /// Who they are, in one sentence with this data's numbers.
    pub description: String,
    /// What to do about them, and through which channel; empty where nothing is known of purchases.
    pub action: String,
    pub channel: String,
    /// Why that action, in a sentence with this segment's numbers; empty where there is none.
    pub reason: String,
    /// Which money the action is about.
    pub stake: StakeKind,
    pub customers: usize,
    /// 0–1.
    pub share_of_customers: f64,
    /// Net spend; NaN where the table does not know it.
    pub revenue: f64,
    /// 0–1, of the positive total; NaN likewise.
    pub share_of_revenue: f64,
    /// Same order as the customer table's features.
    pub features: Vec<FeatureSummary>,
    /// Indices of customers in this cluster, in table order.
    pub members: Vec<u32>,
}

/// Which segments: those that were found, or those that the scores lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Grouping {
    #[default]
    Clusters,
    Rfm,
}

/// Something that a segment's customers buy, where they live, or when they buy.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Top {
    /// The product, the country, the weekday.
    pub name: String,
    /// Customers of the segment with at least one purchase of it.
    pub customers: usize,
    /// What they spent on it, net. NaN in tables of customers, where `share` and `lift` are of customers.
    pub amount: f64,
    /// Its part of what the segment spent, 0–1.
    pub share: f64,
    /// That part divided by its part of what everyone spent: 2 means twice as much as usual.
    pub lift: f64,
}

/// The leading values of one column within one segment, by amount, largest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tops {
    /// The column as the file calls it; "Weekday" for days of the week.
    pub column: String,
    /// How many values there are beyond those listed.
    pub others: usize,
    pub list: Vec<Top>,
}

/// What a segment spent in each month, from the first to the last of the data, months without a purchase included.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trend {
    /// First days of the months.
    pub months: Vec<NaiveDate>,
    /// Net; one per month.
    pub revenue: Vec<f64>,
    /// Whether the data begin after the first day of the first month, or end before the last day of the last one, so that
    /// the sums of these are of a part.
    pub partial: [bool; 2],
    /// In a sentence, with its numbers.
    pub words: String,
}

/// Money that an action is about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stake {
    pub amount: f64,
    /// Whose money it is and how it was worked out, in a sentence.
    pub words: String,
}

/// One segment beyond its statistics.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Portrait {
    /// One per column that there is: product, category, country or the like, weekday; for tables of customers the columns
    /// of words in which segments differ most, by customers.
    pub tops: Vec<Tops>,
    pub trend: Option<Trend>,
    /// `None` where nothing is known of money.
    pub stake: Option<Stake>,
    /// Why the recommended action, in a sentence with this segment's numbers; empty where there is none.
    pub reason: String,
}

/// One feature's part of a rule: `least < value <= most`, in the feature's own unit; `None` for no bound.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Condition {
    /// The feature's name.
    pub feature: String,
    pub least: Option<f64>,
    pub most: Option<f64>,
    /// For a feature of words: the bounds are those of 1 where it is this word, and of 0 where it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
}

/// One leaf of the tree that reproduces the segments.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rule {
    /// Place of the segment that it stands for in the list of profiles, from 0.
    #[serde(skip_serializing)]
    pub segment: usize,
    pub conditions: Vec<Condition>,
    /// In plain words, for example "last purchase within 31 days and spent over £820".
    pub sentence: String,
    /// Customers whom it takes in.
    pub customers: usize,
    /// How many of them are of the segment.
    pub right: usize,
    /// `right / customers`.
    pub precision: f64,
    /// `right` / customers of the segment.
    pub coverage: f64,
}

/// A small decision tree in original units that reproduces the segments.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Rules {
    /// By segment, then by customers, most first. Every customer is taken in by exactly one.
    pub rules: Vec<Rule>,
    /// The share of all customers for whom the rules give their segment, 0–1.
    pub fidelity: f64,
    /// How good the rules are and what they were made from, in a sentence. Segments are not named here.
    pub words: String,
    /// Places of the segments to which no rule leads, in the list of profiles.
    pub without: Vec<usize>,
}

impl Rules {
    /// What is to be said of the rules together: `words`, and to which of the segments in `profiles` none leads.
    pub fn told(&self, profiles: &[Profile]) -> String {
        let without: Vec<&str> =
            self.without.iter().filter_map(|&place| Some(profiles.get(place)?.name.as_str())).collect();
        let list = match &without[..] {
            [] => return self.words.clone(),
            [one] => one.to_string(),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        };
        let words = &self.words;
        format!("{words} No rule of a few conditions leads to {list}: others have more customers wherever one looks.")
    }

    /// The rules that stand for the segment at this place of the list of profiles, from 0.
    pub fn of(&self, segment: usize) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(move |rule| rule.segment == segment)
    }

    /// All rules of a segment as one: their sentences joined by "; or ", and their precision and coverage together.
    /// `None` where no rule stands for it.
    pub fn together(&self, segment: usize) -> Option<Rule> {
        let mut rules = self.of(segment);
        let mut all = rules.next()?.clone();
        for rule in rules {
            all.sentence = format!("{}; or {}", all.sentence, rule.sentence);
            all.customers += rule.customers;
            all.right += rule.right;
            all.coverage += rule.coverage;
            all.precision = all.right as f64 / all.customers.max(1) as f64;
            // Conditions of several rules do not hold together.
            all.conditions.clear();
        }
        Some(all)
    }
}

/// The portraits of all segments, in the order of the profiles.
#[derive(Debug, Clone, Default)]
pub struct Portraits {
    pub clusters: Vec<Portrait>,
    /// How the clusters can be told apart.
    pub rules: Rules,
    /// The segments of the map that have customers, best first; empty without scores. Here `cluster` and `number` are
    /// places in this list, from 1; the names are those of the map.
    pub rfm: Arc<Vec<Profile>>,
    /// One per profile of `rfm`.
    pub rfm_portraits: Vec<Portrait>,
    /// Everyone's numbers, one per feature of the customer table; their differences are 0.
    pub everyone: Vec<FeatureSummary>,
    /// How the segments of the map can be told apart; no rules where the map does not go by ranges of two scores.
    pub rfm_rules: Rules,
}

impl Portraits {
    /// The profiles of a grouping (`clusters` are those of the findings) with their portraits.
    pub fn of<'a>(&'a self, grouping: Grouping, clusters: &'a [Profile]) -> (&'a [Profile], &'a [Portrait]) {
        match grouping {
            Grouping::Clusters => (clusters, &self.clusters),
            Grouping::Rfm => (&self.rfm, &self.rfm_portraits),
        }
    }
}
