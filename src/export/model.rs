//! `model.json`: what it takes to label a new customer the way this analysis labelled the known ones.
//!
//! The file explains itself in its `about` text. To place a customer:
//! 1. count the features as defined in `features[].definition`, looking back from `snapshot_date`;
//! 2. for each feature take `z = √weight · (transform(value) − center) / spread`, where `transform` is `none`, `log1p`
//!    (natural logarithm of 1 + value), `yeo_johnson` with `lambda`, or `rank`: the point above the value on the line
//!    through `ranks.values` and `ranks.shares`, level beyond its ends; a missing value counts as `fill`;
//! 3. the cluster is the one that `placement.rule` says: for k-means that whose `centroid` is nearest by Euclidean
//!    distance; `clusters` has what the rule of another algorithm takes;
//! 4. the score of an axis is 1 + the number of `cuts` below the value (`rule` says whether a value equal to a
//!    cut counts), turned round (`scores` + 1 − score) where `low_is_good`; where `cuts_from` is `nested`, the cuts are
//!    those of `within` under the scores on the axes before: the recency score for frequency, `recency-frequency` for
//!    monetary;
//! 5. the RFM segment is `rfm.cells[r − 1][f − 1]`, or where that is null, as monetary has a say, `rfm.codes[r − 1][f −
//!    1][m − 1]` (the frequency score stands in where there is no monetary); `rfm` is null for a table without purchases.

use std::io::Write;

use serde::Serialize;

use super::directory::Failure;
use super::placement::{ClusterPart, Placement};
use super::scoring::{Axis, map_name};
use crate::features::FittedColumn;
use crate::pipeline::Findings;
use crate::recipe::ScoreCuts;
use crate::rfm::Segment;

/// Version of this file's form.
const FORMAT_VERSION: u32 = 1;

const ABOUT: &str = "A Quintile model: labels a new customer as this analysis labelled the known ones. \
For each feature, z = sqrt(weight) * (transform(value) - center) / spread; transform is none, log1p (ln(1 + value)), \
yeo_johnson with lambda, or rank (linear interpolation from ranks.values to ranks.shares, level beyond the ends). A \
missing value counts as fill, where there is one. Which cluster a customer belongs to says placement.rule (z, centroids, \
means and covariances have the features in the order of `features`). The score of an RFM axis is 1 + the number of cuts that the value exceeds (see \
`rule`); where low_is_good it is rfm.scores + 1 minus that. Where cuts_from is nested, the cuts stand in `within` \
under the scores on the axes before, joined by dashes: for frequency the recency score, for monetary recency and \
frequency score. The RFM segment is cells[r_score - 1][f_score - 1], or where that is null \
codes[r_score - 1][f_score - 1][m_score - 1]; without monetary, f_score stands in for m_score. Recency is counted in \
days to snapshot_date.";

#[derive(Serialize)]
struct Model<'a> {
    about: &'a str,
    version: u32,
    snapshot_date: Option<String>,
    window_days: Option<u32>,
    customers: usize,
    frequency_of: Option<&'a str>,
    features: Vec<ModelFeature<'a>>,
    placement: Placement<'a>,
    clusters: Vec<ModelCluster<'a>>,
    rfm: Option<ModelRfm<'a>>,
}

#[derive(Serialize)]
struct ModelFeature<'a> {
    #[serde(flatten)]
    fitted: &'a FittedColumn,
    label: Option<&'a str>,
    definition: Option<&'a str>,
}

#[derive(Serialize)]
struct ModelCluster<'a> {
    cluster: usize,
    segment: &'a str,
    customers: usize,
    /// In the transformed, scaled space.
    centroid: Vec<f64>,
    #[serde(flatten)]
    part: ClusterPart<'a>,
    action: &'a str,
    channel: &'a str,
}

#[derive(Serialize)]
struct ModelRfm<'a> {
    rule: &'a str,
    rule_in_words: &'a str,
    /// Scores per axis.
    scores: u8,
    binning: &'a str,
    axes: Vec<ModelAxis<'a>>,
    /// The map's title.
    map: &'a str,
    /// Its name in recipes, or `own`.
    map_name: &'a str,
    /// Which scores it goes by.
    map_axes: &'a str,
    map_notes: &'a [String],
    segments: &'a [Segment],
    /// By recency and frequency score; null where monetary has a say.
    cells: Option<Vec<Vec<&'a str>>>,
    /// By recency, frequency and monetary score, where monetary has a say.
    codes: Option<Vec<Vec<Vec<&'a str>>>>,
}

#[derive(Serialize)]
struct ModelAxis<'a> {
    #[serde(flatten)]
    scored: Axis<'a>,
    low_is_good: bool,
}

/// The scores and the map.
fn model_rfm(findings: &Findings) -> ModelRfm<'_> {
    let (choice, map) = (&findings.recipe.rfm, &findings.rfm.map);
    let rule = choice.score_cuts;
    let scores = || 1..=map.scores;
    let name = |segment: u8| map.segments[usize::from(segment)].name.as_str();
    let with_money = map.needs_money();
    let cell = |r, f| name(map.segment_of(r, f, 1));
    let code = |r, f| scores().map(move |m| name(map.segment_of(r, f, m))).collect();
    ModelRfm {
        rule: rule.name(),
        rule_in_words: match rule {
            ScoreCuts::Quantile => "A value equal to a cut does not exceed it.",
            ScoreCuts::RfmPackage => "A value equal to a cut exceeds it.",
        },
        scores: map.scores,
        binning: choice.binning.name(),
        axes: Axis::all(findings)
            .into_iter()
            .enumerate()
            .map(|(i, scored)| ModelAxis { scored, low_is_good: i == 0 })
            .collect(),
        map: &map.title,
        map_name: map_name(findings),
        map_axes: map.axes().name(),
        map_notes: &map.notes,
        segments: &map.segments,
        cells: (!with_money).then(|| scores().map(|r| scores().map(|f| cell(r, f)).collect()).collect()),
        codes: with_money.then(|| scores().map(|r| scores().map(|f| code(r, f)).collect()).collect()),
    }
}

/// Writes the model, indented.
pub(super) fn write(findings: &Findings, out: &mut dyn Write) -> Result<(), Failure> {
    let rfm = &findings.rfm;
    let features = &rfm.customers.features;
    let clustering = &findings.chosen.clustering;
    let model = Model {
        about: ABOUT,
        version: FORMAT_VERSION,
        snapshot_date: rfm.snapshot.map(|day| day.to_string()),
        window_days: findings.recipe.rfm.window_days,
        customers: rfm.customers.len(),
        frequency_of: (!rfm.frequency_of.is_empty()).then_some(rfm.frequency_of),
        features: findings
            .matrix
            .columns
            .iter()
            .map(|fitted| {
                let feature = features.iter().find(|f| f.name == fitted.name);
                ModelFeature {
                    fitted,
                    label: feature.map(|f| f.label.as_str()),
                    definition: feature.map(|f| f.definition.as_str()),
                }
            })
            .collect(),
        placement: Placement::of(findings),
        clusters: findings
            .profiles
            .iter()
            .zip(clustering.centroids.rows())
            .enumerate()
            .map(|(at, (p, centroid))| ModelCluster {
                cluster: p.number,
                segment: &p.name,
                customers: p.customers,
                centroid: centroid.to_vec(),
                part: ClusterPart::of(clustering, at),
                action: &p.action,
                channel: &p.channel,
            })
            .collect(),
        rfm: (!rfm.scores.is_empty()).then(|| model_rfm(findings)),
    };
    serde_json::to_writer_pretty(&mut *out, &model).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}
