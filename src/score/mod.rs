//! New customers under an old analysis: `model.json` in, labels out.
//!
//! A model has all that was found (cut points, map, transform, scaling, clusters) and the decisions that lead from rows
//! of sales to features. Customers come from transactions, which are cleaned and counted as those of the analysis were,
//! or from a table that has the features already; see [`score`]. Columns of other names are found by role and likeness,
//! or named by the user. The customers of the analysis itself get exactly the labels that it gave them on the
//! same snapshot date, but where `placement.agrees` of the model says that its rule is an approximation.
//!
//! How far the new customers are from the old ones is said by [`Drift`].

mod card;
pub mod drift;
mod exact;
mod model;
mod place;
mod ready;
mod rows;

use std::sync::Arc;

use chrono::NaiveDate;

pub use card::card;
pub use drift::{Drift, Share, Spread, Training};
pub use model::{MODEL_VERSION, Model, ModelCluster};
pub use place::{Place, Placer};
pub use rows::Request;

pub use crate::project::Reading;

use self::drift::SegmentDrift;
use self::place::NO_WORD;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::format::plural;
use crate::recipe::Recipe;
use crate::rfm::{CustomerTable, Feature, Unit};

/// Customers with the labels of a model; all lists have one entry per customer.
#[derive(Debug)]
pub struct Scored {
    pub customers: CustomerTable,
    /// The day that recency counts to; `None` for tables that have the features already.
    pub snapshot: Option<NaiveDate>,
    /// Scores of recency, frequency and, where it is known, monetary; 0 for customers without a value. Empty where the
    /// model has no scores.
    pub scores: Vec<Vec<u8>>,
    /// The RFM segment; empty for customers without scores.
    pub segments: Vec<String>,
    /// Indices into the model's clusters; `None` for customers without a value that is needed.
    pub clusters: Vec<Option<usize>>,
    pub drift: Drift,
    /// What was taken for what, as sentences.
    pub notes: Vec<String>,
    pub warnings: Vec<String>,
}

/// Labels the customers of a file. `reading` says how the file is to be read, where that is known.
///
/// # Errors
/// The file cannot be read, has not the columns that the model needs (all of them are named), or no customer is left.
pub fn score(model: &Model, request: &Request, reading: &Recipe, ctx: &Ctx) -> Result<Scored> {
    let counted = rows::customers(model, request, reading, ctx)?;
    let there: Vec<&str> = counted.customers.features.iter().map(|f| f.name.as_str()).collect();
    let needed = ready::needed(model);
    let lacking: Vec<&str> =
        needed.iter().filter(|n| n.must && !there.contains(&n.name.as_str())).map(|n| n.name.as_str()).collect();
    if !lacking.is_empty() {
        return Err(Error::data(format!(
            "the file does not give {}, which the model needs; it gives {}. Say what stands for what with --map {}=COLUMN",
            lacking.join(", "),
            there.join(", "),
            lacking[0]
        )));
    }
    let mut scored = label(model, counted.customers, &ctx.part(0.9, 1.0))?;
    scored.snapshot = counted.snapshot;
    scored.notes = counted.notes;
    scored.warnings = [counted.warnings, std::mem::take(&mut scored.warnings)].concat();
    Ok(scored)
}

/// Labels one customer whose values are given, as pairs of a feature's name or label and its value.
///
/// # Errors
/// A value that is needed is missing, is no number, or belongs to no feature of the model.
pub fn score_values(model: &Model, id: &str, given: &[(String, String)]) -> Result<Scored> {
    let needed = ready::needed(model);
    let names: Vec<&str> = needed.iter().map(|n| n.name.as_str()).collect();
    let of = |n: &ready::Needed, name: &str| {
        [&n.name, &n.label].iter().any(|own| ready::loosely(own) == ready::loosely(name))
    };
    if let Some((wrong, _)) = given.iter().find(|(name, _)| !needed.iter().any(|n| of(n, name))) {
        return Err(Error::data(format!("the model has no feature {wrong:?}; it needs {}", names.join(", "))));
    }
    let mut features = Vec::new();
    for n in &needed {
        let value = given.iter().find(|(name, _)| of(n, name)).map(|(_, value)| value.trim());
        let mut feature = Feature::new(n.name.clone(), n.label.clone(), "", Unit::Number, vec![f64::NAN]);
        match value {
            None if n.must => {
                return Err(Error::data(format!(
                    "the value of {0} is missing; the model needs {1}. Give it with --set {0}=VALUE",
                    n.name,
                    names.join(", ")
                )));
            }
            None if !n.is_word => continue,
            None => {}
            Some(word) if n.is_word => {
                feature.names = Some(Arc::new(vec![word.to_string()]));
                feature.values = Arc::new(vec![0.0]);
            }
            Some(text) => {
                let value = text.parse::<f64>().ok().filter(|v| v.is_finite());
                let no_number = || Error::data(format!("{text:?} is no number for {}; write it as 1234.5", n.name));
                feature.values = Arc::new(vec![value.ok_or_else(no_number)?]);
            }
        }
        features.push(feature);
    }
    let customers = CustomerTable { ids: Arc::new(vec![id.to_string()]), features };
    label(model, customers, &Ctx::silent())
}

/// Scores, segments, clusters and drift of customers whose features are known.
fn label(model: &Model, customers: CustomerTable, ctx: &Ctx) -> Result<Scored> {
    let placer = Placer::new(model);
    let n = customers.len();
    let feature = |name: &str| customers.features.iter().find(|f| f.name == name);
    let absent = vec![f64::NAN; n];
    let values = |name: &str| feature(name).map_or(&absent[..], |f| &f.values[..]);
    let by: Vec<&[f64]> = model.features.iter().map(|f| values(&f.name)).collect();
    let by_words: Vec<Option<&Feature>> = model.placement.words.iter().map(|name| feature(name)).collect();
    let axes: Vec<&[f64]> = model.rfm.iter().flat_map(|rfm| &rfm.axes).map(|axis| values(&axis.feature)).collect();

    let (mut scores, mut segments, mut clusters) = (vec![vec![0; n]; axes.len()], Vec::new(), Vec::new());
    let (mut numbers, mut words, mut of_axes) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..n {
        if row.is_multiple_of(1 << 12) {
            ctx.tick(row, n)?;
        }
        numbers.clear();
        numbers.extend(by.iter().map(|values| values[row]));
        words.clear();
        words.extend(by_words.iter().map(|feature| feature.map_or(NO_WORD, |f| word(f, row).unwrap_or(NO_WORD))));
        clusters.push(placer.nearest(&numbers, &words));
        of_axes.clear();
        of_axes.extend(axes.iter().map(|values| values[row]));
        let found = placer.scores(&of_axes).unwrap_or_default();
        for (axis, score) in scores.iter_mut().zip(&found.scores) {
            axis[row] = *score;
        }
        segments.push(found.segment.to_string());
    }
    let mut warnings = Vec::new();
    let unplaced = clusters.iter().filter(|c| c.is_none()).count();
    if unplaced > 0 {
        let who = plural(unplaced, "customer has", "customers have");
        warnings.push(format!("{who} no value for a feature that clusters go by, and no cluster."));
    }
    if !axes.is_empty() {
        let unscored = segments.iter().filter(|s| s.is_empty()).count();
        if unscored > 0 {
            let who = plural(unscored, "customer has", "customers have");
            warnings.push(format!("{who} no recency, frequency or monetary, and no RFM segment."));
        }
    }
    if let Some(agrees) = model.placement.agrees {
        warnings.push(format!(
            "{} has no rule for new customers: each gets the cluster with the nearest mean, which is right for {} of the customers of the analysis.",
            model.placement.algorithm.label(),
            crate::format::percent(agrees.0)
        ));
    }
    let in_cluster = |share: &Share| {
        let is = |c: &Option<usize>| {
            c.map_or(share.cluster == Some(0), |c| Some(model.clusters[c].cluster) == share.cluster)
        };
        clusters.iter().filter(|c| is(c)).count()
    };
    let by_cluster = SegmentDrift::of(&model.training.clusters, n, in_cluster);
    let by_segment = model.rfm.as_ref().map(|_| {
        let count = |share: &Share| segments.iter().filter(|s| **s == share.segment).count();
        SegmentDrift::of(&model.training.rfm_segments, n, count)
    });
    let features: Vec<&Feature> = customers.features.iter().collect();
    let drift = Drift::of(&model.training, model.customers, &features, by_cluster, by_segment);
    Ok(Scored { snapshot: None, scores, segments, clusters, drift, notes: Vec::new(), warnings, customers })
}

/// The word of a customer; `None` where there is none.
fn word(feature: &Feature, row: usize) -> Option<&str> {
    let value = feature.values[row];
    feature.names.as_ref().filter(|_| value.is_finite())?.get(value as usize).map(String::as_str)
}

/// What a run says of drift, a line each.
pub fn drift_in_words(drift: &Drift) -> Vec<String> {
    let mut out = vec![format!(
        "Against the {} customers of the analysis (population stability index; below 0.1 stable, up to 0.25 shifted, above changed):",
        crate::format::count(drift.customers_before)
    )];
    for f in &drift.features {
        let medians = match (f.median_before, f.median_now) {
            (Some(before), Some(now)) => {
                format!(", median {} → {}", crate::format::short(before), crate::format::short(now))
            }
            _ => String::new(),
        };
        let index = crate::format::number(f.index, 3);
        out.push(format!("  {:<26} {index:>7}  {}{medians}", f.label, f.reading.word()));
    }
    let parts =
        [("Share of each cluster", Some(&drift.clusters)), ("Share of each RFM segment", drift.rfm_segments.as_ref())];
    for (what, part) in parts.into_iter().filter_map(|(what, part)| Some((what, part?))) {
        out.push(format!("  {what:<26} {:>7}  {}", crate::format::number(part.index, 3), part.reading.word()));
    }
    out.push(format!("  {} have a value beyond what the analysis saw", crate::format::percent(drift.beyond)));
    out
}
