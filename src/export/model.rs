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
//!
//! `source` has the decisions by which rows of sales become features: the recipe, with the columns of all roles written
//! down. `training` has what the customers of the analysis were like, to see how far new ones are from them. `quintile
//! score` does all of this, see [`crate::score`].

use std::io::Write;

use serde::Serialize;

use super::directory::Failure;
use super::placement::{ClusterPart, Placement};
use super::scoring::{Axis, map_name};
use crate::features::FittedColumn;
use crate::intake::Role;
use crate::pipeline::Findings;
use crate::recipe::{Input, Recipe, ScoreCuts, TableShape};
use crate::rfm::Segment;
use crate::score::{MODEL_VERSION, Share, Spread, Training};

const ABOUT: &str = "A Quintile model: labels a new customer as this analysis labelled the known ones. \
For each feature, z = sqrt(weight) * (transform(value) - center) / spread; transform is none, log1p (ln(1 + value)), \
yeo_johnson with lambda, or rank (linear interpolation from ranks.values to ranks.shares, level beyond the ends). A \
missing value counts as fill, where there is one. Which cluster a customer belongs to says placement.rule (z, centroids, \
means and covariances have the features in the order of `features`). The score of an RFM axis is 1 + the number of cuts that the value exceeds (see \
`rule`); where low_is_good it is rfm.scores + 1 minus that. Where cuts_from is nested, the cuts stand in `within` \
under the scores on the axes before, joined by dashes: for frequency the recency score, for monetary recency and \
frequency score. The RFM segment is cells[r_score - 1][f_score - 1], or where that is null \
codes[r_score - 1][f_score - 1][m_score - 1]; without monetary, f_score stands in for m_score. Recency is counted in \
days to snapshot_date. source.recipe says how rows of sales were read, cleaned and counted; its roles are the columns of \
the file, an empty name where there is none. training has shares of the customers of this analysis, to measure drift by: \
of each feature between its edges (a value equal to an edge is below it; the last share are those without a value), of \
clusters (as placement.rule puts them) and of RFM segments.";

#[derive(Serialize)]
struct Model<'a> {
    about: &'a str,
    version: u32,
    snapshot_date: Option<String>,
    window_days: Option<u32>,
    customers: usize,
    frequency_of: Option<&'a str>,
    /// The sign before money.
    currency: Option<&'a str>,
    features: Vec<ModelFeature<'a>>,
    placement: Placement<'a>,
    clusters: Vec<ModelCluster<'a>>,
    rfm: Option<ModelRfm<'a>>,
    source: Source,
    training: Training,
}

/// How features are counted from the file's rows.
#[derive(Serialize)]
struct Source {
    shape: TableShape,
    recipe: Recipe,
}

impl Source {
    /// The recipe without what belongs to this file and this run alone: where it lies, who was picked, what is written.
    fn of(findings: &Findings) -> Source {
        let (roles, shape) = (&findings.roles, &findings.roles.shape);
        let known = &*findings.recipe;
        let default = Recipe::default();
        let mut recipe = Recipe {
            input: Input { files: Vec::new(), ..known.input.clone() },
            customers: default.customers,
            segments: default.segments,
            outputs: default.outputs,
            presentation: default.presentation,
            ..known.clone()
        };
        recipe.rfm.compare_to = None;
        let own = &mut recipe.roles;
        own.shape = Some(shape.shape);
        if shape.shape == TableShape::Transactions {
            let column = |role| Some(roles.column(role).unwrap_or_default().to_string());
            own.customer_id = column(Role::CustomerId);
            own.date = column(Role::Date);
            own.invoice = column(Role::Invoice);
            own.product = column(Role::Product);
            own.amount = column(Role::Amount);
            own.quantity = column(Role::Quantity);
            own.unit_price = column(Role::UnitPrice);
            own.category = column(Role::Category);
            own.discount = column(Role::Discount);
        } else {
            own.customer_id = Some(shape.id.clone().unwrap_or_default());
            for (to, found) in [
                (&mut own.recency, &shape.recency),
                (&mut own.frequency, &shape.frequency),
                (&mut own.monetary, &shape.monetary),
            ] {
                *to = found.clone().or(to.take());
            }
        }
        Source { shape: shape.shape, recipe }
    }
}

/// What the customers of the analysis were like. Shares of clusters are those that the rule for new customers gives: who
/// belongs to no cluster is put into one by it, and the same customers again have not drifted.
fn training(findings: &Findings, placement: &Placement) -> Training {
    let rfm = &findings.rfm;
    let n = rfm.customers.len().max(1) as f64;
    let columns = findings.matrix.columns.iter().map(|c| c.name.as_str());
    let words = findings.matrix.words.iter().map(|w| w.name.as_str());
    let used: Vec<&str> = columns.chain(words).collect();
    let scored = rfm.scores.len();
    let features = rfm.customers.features.iter().enumerate();
    let segment = |(at, segment): (usize, &Segment)| Share {
        segment: segment.name.clone(),
        cluster: None,
        share: rfm.segment.iter().filter(|s| usize::from(**s) == at).count() as f64 / n,
    };
    Training {
        features: features
            .filter(|(i, f)| *i < scored || used.contains(&f.name.as_str()))
            .map(|(_, f)| Spread::of(f))
            .collect(),
        clusters: findings
            .profiles
            .iter()
            .enumerate()
            .map(|(at, p)| {
                let customers = placement.placed.as_ref().map_or(p.customers, |placed| placed[at]);
                Share { segment: p.name.clone(), cluster: Some(p.number), share: customers as f64 / n }
            })
            .collect(),
        rfm_segments: match scored {
            0 => Vec::new(),
            _ => rfm.map.segments.iter().enumerate().map(segment).collect(),
        },
    }
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
    let placement = Placement::of(findings);
    let training = training(findings, &placement);
    let model = Model {
        about: ABOUT,
        version: MODEL_VERSION,
        snapshot_date: rfm.snapshot.map(|day| day.to_string()),
        window_days: findings.recipe.rfm.window_days,
        customers: rfm.customers.len(),
        frequency_of: (!rfm.frequency_of.is_empty()).then_some(rfm.frequency_of),
        currency: findings.clean.currency.as_deref(),
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
        placement,
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
        source: Source::of(findings),
        training,
    };
    serde_json::to_writer_pretty(&mut *out, &model).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}
