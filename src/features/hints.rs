//! What is doubtful about the features that customers are clustered by, as sentences.

use rayon::prelude::*;

use super::FeatureMatrix;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::recipe::{Features, Transform};
use crate::rfm::{CustomerTable, Unit};

/// Correlations from this size on are pointed out.
pub const STRONG: f64 = 0.9;
/// Skewness from this size on is pointed out where nothing tames it.
pub const SKEWED: f64 = 4.0;
/// Pairs that one sentence names.
const MOST_PAIRS: usize = 5;
/// Values per part of a sum. Fixed, so that sums do not depend on the number of threads.
const CHUNK: usize = 8192;

/// What a hint is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HintKind {
    /// Two features say nearly the same, so that it counts twice.
    Correlated,
    /// The same for everyone.
    Constant,
    /// A long tail decides alone.
    Skewed,
    /// Words cannot be clustered by.
    Words,
    /// Some customers have no value.
    Missing,
}

/// One hint.
#[derive(Debug, Clone, PartialEq)]
pub struct Hint {
    pub kind: HintKind,
    /// The names of the features it is about.
    pub features: Vec<String>,
    /// The correlation, the skewness, or how many customers have no value.
    pub size: f64,
    /// A whole sentence.
    pub text: String,
}

/// What can be said about the chosen features of `customers` before they are prepared: constant, words, missing values.
pub fn of_values(customers: &CustomerTable, choice: &Features) -> Vec<Hint> {
    let is_chosen = |name: &str| {
        choice.columns.as_ref().is_none_or(|names| names.iter().any(|n| n.trim().eq_ignore_ascii_case(name)))
    };
    let mut out = Vec::new();
    for feature in customers.features.iter().filter(|f| is_chosen(&f.name)) {
        let label = &feature.label;
        let mut add = |kind, size: f64, text: String| {
            out.push(Hint { kind, features: vec![feature.name.clone()], size, text });
        };
        if feature.unit == Unit::Words {
            add(
                HintKind::Words,
                0.0,
                format!("{label} holds words; make columns of 0 and 1 of it, or put them in an order."),
            );
            continue;
        }
        let missing = feature.values.iter().filter(|v| !v.is_finite()).count();
        let filled = super::prepare::choice_of(choice, feature).is_some_and(|c| c.missing.is_some());
        if missing > 0 && !filled {
            let customers = crate::format::plural(missing, "customer has", "customers have");
            add(
                HintKind::Missing,
                missing as f64,
                format!("{customers} no value in {label}; fill it, or leave it out."),
            );
        }
        let mut values = feature.values.iter().filter(|v| v.is_finite());
        if let Some(first) = values.next()
            && values.all(|v| v == first)
        {
            let value = crate::format::short(*first);
            add(HintKind::Constant, 0.0, format!("{label} is {value} for everyone and cannot tell clusters apart."));
        }
    }
    out
}

/// What can be said about prepared features: strong correlations (Pearson, after transform and scale) and extreme
/// skewness without a transform.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn of_matrix(customers: &CustomerTable, matrix: &FeatureMatrix, ctx: &Ctx) -> Result<Vec<Hint>> {
    let d = matrix.columns.len();
    let n = matrix.x.nrows();
    if n < 3 {
        return Ok(Vec::new());
    }
    let label = |j: usize| {
        let name = &matrix.columns[j].name;
        customers.features.iter().find(|f| f.name == *name).map_or(name.as_str(), |f| f.label.as_str())
    };
    let columns: Vec<Vec<f64>> = (0..d).into_par_iter().map(|j| standardised(&matrix.x.column(j).to_vec())).collect();
    let mut out = Vec::new();
    for (j, column) in columns.iter().enumerate() {
        ctx.tick(j, d)?;
        if column.is_empty() || matrix.columns[j].transform != Transform::None {
            continue;
        }
        let skew = sum(column, |v| v * v * v) / n as f64;
        if skew.abs() >= SKEWED {
            let text = format!(
                "{} is extremely skewed ({}) and has no transform: a few customers far out decide alone. Choose log(1 + x), \
                 Yeo-Johnson or rank for it.",
                label(j),
                crate::format::number(skew, 1)
            );
            let features = vec![matrix.columns[j].name.clone()];
            out.push(Hint { kind: HintKind::Skewed, features, size: skew, text });
        }
    }
    for (i, a) in columns.iter().enumerate() {
        for (j, b) in columns.iter().enumerate().skip(i + 1) {
            ctx.tick(i, d)?;
            if a.is_empty() || b.is_empty() {
                continue;
            }
            let parts: Vec<f64> = a
                .par_chunks(CHUNK)
                .zip(b.par_chunks(CHUNK))
                .map(|(a, b)| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>())
                .collect();
            let r = parts.iter().sum::<f64>() / n as f64;
            if r.abs() >= STRONG {
                let text = format!(
                    "{} and {} say nearly the same (correlation {}), which counts twice; leave one of them out or lower its \
                     weight.",
                    label(i),
                    label(j),
                    crate::format::number(r, 2)
                );
                let features = vec![matrix.columns[i].name.clone(), matrix.columns[j].name.clone()];
                out.push(Hint { kind: HintKind::Correlated, features, size: r, text });
            }
        }
    }
    Ok(out)
}

/// Hints as warnings: one sentence per skewed feature, one for all correlated pairs.
pub fn as_warnings(hints: &[Hint]) -> Vec<String> {
    let mut out: Vec<String> = hints.iter().filter(|h| h.kind == HintKind::Skewed).map(|h| h.text.clone()).collect();
    let mut pairs: Vec<&Hint> = hints.iter().filter(|h| h.kind == HintKind::Correlated).collect();
    pairs.sort_by(|a, b| b.size.abs().total_cmp(&a.size.abs()));
    match pairs.as_slice() {
        [] => {}
        [one] => out.push(one.text.clone()),
        many => {
            let named =
                |h: &&Hint| format!("{} and {} ({})", h.features[0], h.features[1], crate::format::number(h.size, 2));
            let named: Vec<String> = many.iter().take(MOST_PAIRS).map(named).collect();
            let more = match many.len().saturating_sub(MOST_PAIRS) {
                0 => String::new(),
                n => format!(" and {n} more"),
            };
            out.push(format!(
                "Some features say nearly the same, which counts twice (correlations): {}{more}.",
                named.join(", ")
            ));
        }
    }
    out
}

/// Mean 0, standard deviation (ddof 0) 1; empty for a column that does not vary.
fn standardised(values: &[f64]) -> Vec<f64> {
    let n = values.len() as f64;
    let mean = sum(values, |v| v) / n;
    let sd = (sum(values, |v| (v - mean) * (v - mean)) / n).sqrt();
    // The deviation of equal values is not zero to the last digit.
    if sd <= mean.abs() * 1e-12 || sd == 0.0 {
        return Vec::new();
    }
    values.iter().map(|v| (v - mean) / sd).collect()
}

fn sum(values: &[f64], f: impl Fn(f64) -> f64 + Sync) -> f64 {
    let parts: Vec<f64> = values.par_chunks(CHUNK).map(|part| part.iter().map(|&v| f(v)).sum()).collect();
    parts.iter().sum()
}
