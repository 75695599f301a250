//! `model.json` as it is read.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use ndarray::Array2;
use serde::{Deserialize, Deserializer};

use super::drift::Training;
use super::exact::{Exact, quoted};
use crate::error::{Error, Result};
use crate::features::{FittedColumn, Ranks};
use crate::recipe::{Algorithm, Recipe, Scale, ScoreCuts, TableShape, Transform};
use crate::rfm::Segment;

/// Version of the form of `model.json`.
pub const MODEL_VERSION: u32 = 2;

/// What labels a customer.
#[derive(Debug, Clone, Deserialize)]
pub struct Model {
    pub snapshot_date: Option<NaiveDate>,
    /// Customers of the analysis.
    pub customers: usize,
    #[serde(default)]
    pub currency: Option<String>,
    /// What clusters go by, numbers only, in the order of centroids.
    pub features: Vec<ModelFeature>,
    pub placement: Placement,
    pub clusters: Vec<ModelCluster>,
    pub rfm: Option<ModelRfm>,
    /// How features are counted from the file's rows.
    #[serde(skip, default = "Source::unknown")]
    pub source: Source,
    pub training: Training,
}

/// The decisions that lead from rows to features.
#[derive(Debug, Clone, Deserialize)]
pub struct Source {
    pub shape: TableShape,
    /// With the columns of every role written down, an empty name for a role that no column has. It names no files.
    pub recipe: Recipe,
}

impl Source {
    fn unknown() -> Source {
        Source { shape: TableShape::Transactions, recipe: Recipe::default() }
    }
}

/// One feature and how it was transformed and scaled.
#[derive(Debug, Clone, Deserialize)]
pub struct ModelFeature {
    pub name: String,
    pub label: Option<String>,
    transform: Transform,
    lambda: Option<Exact>,
    scale: Scale,
    center: Exact,
    spread: Exact,
    weight: Exact,
    #[serde(default)]
    fill: Option<Exact>,
    #[serde(default)]
    ranks: Option<RankTable>,
}

#[derive(Debug, Clone, Deserialize)]
struct RankTable {
    #[serde(deserialize_with = "numbers")]
    values: Vec<f64>,
    #[serde(deserialize_with = "numbers")]
    shares: Vec<f64>,
}

impl ModelFeature {
    /// As clustering used it.
    pub fn fitted(&self) -> FittedColumn {
        FittedColumn {
            name: self.name.clone(),
            transform: self.transform,
            lambda: self.lambda.map(|v| v.0),
            scale: self.scale,
            center: self.center.0,
            spread: self.spread.0,
            weight: self.weight.0,
            fill: self.fill.map(|v| v.0),
            ranks: self.ranks.as_ref().map(|r| Ranks { values: r.values.clone(), shares: r.shares.clone() }),
        }
    }

    /// Its name for people.
    pub fn label(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.name)
    }

    /// Whether a customer without a value can be placed.
    pub fn may_be_missing(&self) -> bool {
        self.fill.is_some()
    }
}

/// By which rule a customer is placed.
#[derive(Debug, Clone, Deserialize)]
pub struct Placement {
    pub algorithm: Algorithm,
    /// The share of customers for whom an approximate rule gives the cluster they are in; `None` for exact rules.
    #[serde(default)]
    pub agrees: Option<Exact>,
    /// Features of words.
    #[serde(default)]
    pub words: Vec<String>,
    #[serde(default)]
    pub word_weight: Option<Exact>,
}

/// One cluster.
#[derive(Debug, Clone, Deserialize)]
pub struct ModelCluster {
    /// From 1; 0 are those who belong to none.
    pub cluster: usize,
    pub segment: String,
    #[serde(deserialize_with = "numbers")]
    pub centroid: Vec<f64>,
    /// Mixtures.
    #[serde(default)]
    pub weight: Option<Exact>,
    #[serde(default)]
    mean: Option<Vec<Exact>>,
    #[serde(default)]
    covariance: Option<Vec<Vec<Exact>>>,
    /// k-prototypes: one word per feature of words.
    #[serde(default)]
    pub modes: Vec<String>,
    #[serde(default)]
    pub action: String,
    #[serde(default)]
    pub channel: String,
}

impl ModelCluster {
    /// Weight, mean and covariance of a Gaussian group; `None` where the cluster is none.
    pub fn gaussian(&self) -> Option<(f64, Vec<f64>, Array2<f64>)> {
        let mean: Vec<f64> = self.mean.as_ref()?.iter().map(|v| v.0).collect();
        let rows = self.covariance.as_ref()?;
        let d = mean.len();
        if rows.len() != d || rows.iter().any(|row| row.len() != d) {
            return None;
        }
        Some((self.weight?.0, mean, Array2::from_shape_fn((d, d), |(a, b)| rows[a][b].0)))
    }
}

/// Scores and segments.
#[derive(Debug, Clone, Deserialize)]
pub struct ModelRfm {
    #[serde(deserialize_with = "rule")]
    pub rule: ScoreCuts,
    /// Scores per axis.
    pub scores: u8,
    /// Recency, frequency and, where it is known, monetary.
    pub axes: Vec<ModelAxis>,
    /// The map's title.
    pub map: String,
    pub segments: Vec<Segment>,
    cells: Option<Vec<Vec<String>>>,
    codes: Option<Vec<Vec<Vec<String>>>>,
}

/// The cut points of one axis.
#[derive(Debug, Clone, Deserialize)]
pub struct ModelAxis {
    pub feature: String,
    #[serde(deserialize_with = "numbers")]
    cuts: Vec<f64>,
    #[serde(default)]
    within: BTreeMap<String, Vec<Exact>>,
    pub low_is_good: bool,
}

impl ModelAxis {
    /// The cut points that apply after these scores on the axes before; `None` where the model has none for them.
    pub fn cuts_for(&self, before: &[u8]) -> Option<Vec<f64>> {
        if self.within.is_empty() {
            return Some(self.cuts.clone());
        }
        let cell = before.iter().map(u8::to_string).collect::<Vec<_>>().join("-");
        Some(self.within.get(&cell)?.iter().map(|v| v.0).collect())
    }
}

impl ModelRfm {
    /// The name of the segment of scores from 1.
    pub fn segment(&self, r: u8, f: u8, m: u8) -> &str {
        let at = |score: u8| usize::from(score).saturating_sub(1);
        let of_cells = self.cells.as_ref().and_then(|cells| cells.get(at(r))?.get(at(f)));
        let of_codes = || self.codes.as_ref()?.get(at(r))?.get(at(f))?.get(at(m));
        of_cells.or_else(of_codes).map_or("", String::as_str)
    }
}

/// Numbers to the last digit.
fn numbers<'de, D: Deserializer<'de>>(d: D) -> std::result::Result<Vec<f64>, D::Error> {
    Ok(Vec::<Exact>::deserialize(d)?.into_iter().map(|v| v.0).collect())
}

fn rule<'de, D: Deserializer<'de>>(d: D) -> std::result::Result<ScoreCuts, D::Error> {
    String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
}

impl Model {
    /// Reads `model.json`.
    ///
    /// # Errors
    /// [`Error::Read`] where it is no model, or one of another version, in words.
    pub fn load(path: &Path) -> Result<Model> {
        let text = std::fs::read_to_string(path).map_err(|e| Error::read(path, e))?;
        Model::from_json(&text).map_err(|why| Error::read(path, why))
    }

    /// # Errors
    /// Why the text is no model that this program can use, without the file's name.
    pub fn from_json(text: &str) -> std::result::Result<Model, String> {
        #[derive(Deserialize)]
        struct Head {
            version: Option<u32>,
            placement: Option<serde::de::IgnoredAny>,
        }
        let text = text.trim_start_matches('\u{feff}');
        let no_model =
            |e: serde_json::Error| format!("it is no model of Quintile: {e}; give the model.json that a run wrote");
        let head: Head = serde_json::from_str(text).map_err(no_model)?;
        match (head.version, head.placement) {
            (Some(MODEL_VERSION), Some(_)) => {}
            (Some(version), Some(_)) if version < MODEL_VERSION => {
                return Err(format!(
                    "the model has version {version}, which does not say how its customers were counted; run the analysis again to get one of version {MODEL_VERSION}"
                ));
            }
            (Some(version), Some(_)) => {
                return Err(format!(
                    "the model has version {version}, and this program knows version {MODEL_VERSION}; use a newer Quintile"
                ));
            }
            _ => return Err("it is no model of Quintile; give the model.json that a run wrote".into()),
        }
        // Decisions are short numbers and have their own readers; the rest is read to the last digit.
        #[derive(Deserialize)]
        struct Rest {
            source: Source,
        }
        let rest: Rest = serde_json::from_str(text).map_err(no_model)?;
        let mut model: Model = serde_json::from_str(&quoted(text)).map_err(no_model)?;
        model.source = rest.source;
        model.check()?;
        Ok(model)
    }

    /// Refuses a model whose parts do not fit each other.
    fn check(&self) -> std::result::Result<(), String> {
        let d = self.features.len();
        let wrong = |what: &str| Err(format!("the model is damaged: {what}; run the analysis again"));
        if self.clusters.is_empty() {
            return wrong("it has no clusters");
        }
        if self.clusters.iter().any(|c| c.centroid.len() != d) {
            return wrong("a centroid has not one number per feature");
        }
        if self.clusters.iter().any(|c| c.modes.len() != self.placement.words.len()) {
            return wrong("a cluster has not one word per feature of words");
        }
        let gaussian = self.placement.algorithm == Algorithm::GaussianMixture;
        if gaussian && self.clusters.iter().any(|c| c.gaussian().is_none_or(|(_, mean, _)| mean.len() != d)) {
            return wrong("a cluster has no mean or covariance");
        }
        if let Some(rfm) = &self.rfm
            && !(2..=3).contains(&rfm.axes.len())
        {
            return wrong("it has not two or three axes of scores");
        }
        Ok(())
    }
}
