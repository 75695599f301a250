//! Every criterion read with this data's numbers: its values, its own best k, and one line of words.

mod judged;
#[cfg(test)]
mod tests;

use super::words::range;
use super::{KChecks, KSearch};
use crate::format;
use crate::recipe::KCriterion;

/// A prediction strength of at least this speaks for a k (Tibshirani & Walther 2005 say 0.8 to 0.9).
pub(super) const STRONG: f64 = 0.8;

/// What is measured for each k.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    Inertia,
    Silhouette,
    CalinskiHarabasz,
    DaviesBouldin,
    Bic,
    Gap,
    Strength,
    Stability,
}

/// Which values of a measure are good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Falls with every cluster; the bend counts.
    Bend,
    Larger,
    Smaller,
    /// Rises up to the k that counts, the first that the next does not clearly surpass.
    FirstEnough,
    /// The largest k that reaches the level counts.
    LargestAbove,
}

/// One value of a curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReadingPoint {
    pub k: usize,
    pub value: f64,
    /// Standard error of `value`.
    pub error: Option<f64>,
}

/// One criterion.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub measure: Measure,
    /// For example "Davies-Bouldin".
    pub name: &'static str,
    /// For example "0 and more, small is good".
    pub unit: &'static str,
    /// One or two sentences: what it is, and where it is from.
    pub definition: &'static str,
    pub direction: Direction,
    /// Ascending k; ks without a value are left out.
    pub points: Vec<ReadingPoint>,
    /// A value from which on a k is good enough.
    pub level: Option<f64>,
    /// `None`: no answer, or not known yet.
    pub best: Option<usize>,
    /// One line, with this data's numbers.
    pub line: String,
}

/// All criteria that there are for `search`, in the order in which they are shown; those of resampling as far as `checks`
/// has them.
pub fn readings(search: &KSearch, checks: Option<&KChecks>) -> Vec<Reading> {
    let mut all = vec![inertia(search), silhouette(search), calinski_harabasz(search), davies_bouldin(search)];
    if search.rows.iter().any(|row| row.bic.is_some()) {
        all.push(bic(search));
    }
    // A part of a search has no votes yet.
    if search.votes.is_empty() {
        all.iter_mut().for_each(|reading| reading.line = "The ks of this range are still being computed.".into());
    }
    if let Some(checks) = checks {
        all.extend(judged::gap(search, checks));
        all.extend(judged::strength(search, checks));
        all.extend(judged::stable(search, checks));
    }
    all
}

fn points(search: &KSearch, of: impl Fn(&super::KScores) -> Option<f64>) -> Vec<ReadingPoint> {
    let good = search.rows.iter().filter(|row| row.failed.is_none());
    good.filter_map(|row| Some(ReadingPoint { k: row.k, value: of(row).filter(|v| v.is_finite())?, error: None }))
        .collect()
}

fn vote(search: &KSearch, criterion: KCriterion) -> Option<usize> {
    search.votes.iter().find(|v| v.criterion == criterion).and_then(|v| v.k)
}

fn at(points: &[ReadingPoint], k: usize) -> f64 {
    points.iter().find(|p| p.k == k).map_or(f64::NAN, |p| p.value)
}

fn inertia(search: &KSearch) -> Reading {
    let points = points(search, |row| Some(row.inertia));
    let best = vote(search, KCriterion::Elbow);
    let over = range(&search.rows);
    let line = match (best, points.first()) {
        (Some(k), Some(first)) => format!(
            "{} at k = {}, {} at {k}, where the curve bends most (Kneedle). That holds for {over}: over another range it may bend elsewhere.",
            format::short(first.value),
            first.k,
            format::short(at(&points, k)),
        ),
        (None, Some(_)) if points.len() > 2 => {
            format!("No bend over {over}: each cluster more lowers it about as evenly as the one before.")
        }
        _ => "A bend needs at least three ks.".into(),
    };
    Reading {
        measure: Measure::Inertia,
        name: "Inertia",
        unit: "sum of squares, falls with every cluster; the bend counts",
        definition: "Sum of squared distances of the customers to the centroid of their cluster, after transform and \
                     scale. The bend is found by Kneedle (Satopää et al. 2011).",
        direction: Direction::Bend,
        level: None,
        best,
        line,
        points,
    }
}

fn silhouette(search: &KSearch) -> Reading {
    let mut points = points(search, |row| row.silhouette);
    for point in &mut points {
        point.error = search.rows.iter().find(|row| row.k == point.k).and_then(|row| row.silhouette_error);
    }
    let best = vote(search, KCriterion::Silhouette);
    let line = match best {
        None => undefined(),
        Some(k) => {
            let value = at(&points, k);
            // Kaufman & Rousseeuw (1990), table 4.
            let words = match value {
                v if v > 0.7 => "a strong structure",
                v if v > 0.5 => "a reasonable structure",
                v if v > 0.25 => "a weak structure, which may be artificial",
                _ => "no substantial structure",
            };
            format!("{}: {words}.{}", ranking(search, &points, k, 3, false), measured_on(search))
        }
    };
    Reading {
        measure: Measure::Silhouette,
        name: "Silhouette",
        unit: "mean, −1 to 1, large is good",
        definition: "How much nearer customers are to their own cluster than to the next one: (b − a) / max(a, b), with a \
                     the mean distance within and b to the nearest other cluster (Rousseeuw 1987).",
        direction: Direction::Larger,
        level: None,
        best,
        line,
        points,
    }
}

fn calinski_harabasz(search: &KSearch) -> Reading {
    let points = points(search, |row| row.calinski_harabasz);
    let best = vote(search, KCriterion::CalinskiHarabasz);
    let line = best.map_or_else(undefined, |k| format!("{}.", ranking(search, &points, k, 0, false)));
    Reading {
        measure: Measure::CalinskiHarabasz,
        name: "Calinski-Harabasz",
        unit: "ratio, large is good",
        definition: "Variance between clusters over variance within them, each per degree of freedom (Caliński & Harabasz \
                     1974).",
        direction: Direction::Larger,
        level: None,
        best,
        line,
        points,
    }
}

fn davies_bouldin(search: &KSearch) -> Reading {
    let points = points(search, |row| row.davies_bouldin);
    let best = vote(search, KCriterion::DaviesBouldin);
    let line = best.map_or_else(undefined, |k| format!("{}.", ranking(search, &points, k, 2, true)));
    Reading {
        measure: Measure::DaviesBouldin,
        name: "Davies-Bouldin",
        unit: "0 and more, small is good",
        definition: "How alike each cluster is to the one most like it: the sum of their mean distances to the centroids \
                     over the distance of the centroids, averaged (Davies & Bouldin 1979).",
        direction: Direction::Smaller,
        level: None,
        best,
        line,
        points,
    }
}

fn bic(search: &KSearch) -> Reading {
    let points = points(search, |row| row.bic);
    let best = vote(search, KCriterion::Bic);
    let line = best.map_or_else(undefined, |k| {
        let rest = points.iter().filter(|p| p.k != k).min_by(|a, b| a.value.total_cmp(&b.value));
        let lead = rest.map_or_else(String::new, |next| {
            let by = next.value - at(&points, k);
            // Kass & Raftery (1995), page 777.
            let words = match by {
                b if b > 10.0 => "very strong evidence",
                b if b > 6.0 => "strong evidence",
                b if b > 2.0 => "positive evidence",
                _ => "not worth more than a bare mention",
            };
            format!(", {} below that at {}: {words}", format::short(by), next.k)
        });
        format!("{} at k = {k}, the smallest{lead}{}.", format::short(at(&points, k)), edge(search, k))
    });
    Reading {
        measure: Measure::Bic,
        name: "BIC",
        unit: "small is good",
        definition: "Bayesian information criterion of the mixture: parameters × ln(customers) − 2 × log-likelihood \
                     (Schwarz 1978).",
        direction: Direction::Smaller,
        level: None,
        best,
        line,
        points,
    }
}

fn undefined() -> String {
    "It is defined for no k of this range.".into()
}

/// "0.681 at k = 2, the largest; 0.553 at 3", and whether the best is the last that was tried.
fn ranking(search: &KSearch, points: &[ReadingPoint], k: usize, decimals: usize, small: bool) -> String {
    let sign = if small { -1.0 } else { 1.0 };
    let best = at(points, k);
    let word = if small { "the smallest" } else { "the largest" };
    let show = |value: f64| format::number(value, decimals);
    // Nothing is the largest of one, and the noise, which k counts, is no cluster.
    if let [Some(only)] = &search.clusterings[..] {
        return format!("{} with {}", show(best), format::plural(only.clusters(), "cluster", "clusters"));
    }
    let rest = points.iter().rev().filter(|p| p.k != k);
    let next = rest.max_by(|a, b| (sign * a.value).total_cmp(&(sign * b.value)));
    let next = next.map_or_else(String::new, |next| {
        // What rounds to the same number, or differs by less than one in fifty, is no clear lead.
        let close = (best - next.value).abs() < 0.02 * best.abs();
        let words = if close { "hardly behind" } else { "next" };
        format!("; {words} {} at {}", show(next.value), next.k)
    });
    format!("{} at k = {k}, {word}{next}{}", show(best), edge(search, k))
}

/// What to know of a best value at the end of the range. Where larger ks have no value, a wider range has none either.
fn edge(search: &KSearch, k: usize) -> &'static str {
    match search.rows.last() {
        Some(last) if last.k == k && search.rows.len() > 1 => " (the largest k tried: a wider range may say more)",
        _ => "",
    }
}

/// Whose silhouettes are averaged, where it is not everybody's: those of a sample, of all but the noise, or of both.
fn measured_on(search: &KSearch) -> String {
    let Some(n) = search.clusterings.iter().flatten().map(|c| c.labels.len()).next() else { return String::new() };
    let noise: usize = search.clusterings.iter().flatten().filter_map(|c| Some(c.sizes[c.noise? as usize])).sum();
    let mut words = String::new();
    if search.silhouette_sampled() {
        let (sample, all) = (format::count(search.silhouette_sample), format::count(n - noise));
        words.push_str(&format!(" Measured on {sample} of {all} customers, drawn by the seed."));
    }
    if noise > 0 {
        let (who, is) = (format::plural(noise, "customer", "customers"), if noise == 1 { "is" } else { "are" });
        words.push_str(&format!(" The {who} without a clear cluster {is} left out."));
    }
    words
}
