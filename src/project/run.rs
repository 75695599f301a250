//! A finished analysis, kept to be laid beside others.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use ndarray::Array2;
use serde_json::{Map, Value};

use super::form::RunForm;
use super::history::Chain;
use super::lists::{Lists, Shared};
use super::values::{number, to_number};
use crate::cluster::{Clustering, Detail, KScores};
use crate::error::Result;
use crate::recipe::{IdList, Recipe};

/// One finished analysis.
#[derive(Debug, Clone)]
pub struct Run {
    /// From 1, in the order in which they were done; never given twice.
    pub number: u64,
    /// What the user calls it; empty: by its algorithm and k.
    pub label: String,
    /// Never dropped to save memory.
    pub kept: bool,
    pub ended: DateTime<Utc>,
    /// Seconds from the customer table to its segments, all numbers of clusters included; `None` where the clusters were
    /// known from an earlier run.
    pub secs: Option<f64>,
    pub recipe: Arc<Recipe>,
    pub scores: KScores,
    /// Labels of the features that were clustered by.
    pub features: Vec<String>,
    /// Names of the clusters in canonical order.
    pub segments: Vec<String>,
    /// From a project without [`Clustering::detail`].
    pub clustering: Arc<Clustering>,
    /// Ids of the customers in the order of the labels.
    pub ids: Arc<Vec<String>>,
    /// Under which its findings are known.
    pub key: u64,
    /// The entry of the history that it belongs to, with its name.
    pub entry: (usize, String),
}

impl Run {
    /// What it is called.
    pub fn name(&self) -> String {
        match self.label.as_str() {
            "" => format!("{}, k = {}", self.recipe.cluster.algorithm.label(), self.clustering.clusters()),
            label => label.to_string(),
        }
    }
}

/// Bytes of one label: as few as hold the largest.
fn width(k: usize) -> usize {
    if k <= 1 << 8 { 1 } else { 4 }
}

pub(super) fn write(run: &Run, chain: &mut Chain, lists: &mut Lists, ids: &mut Shared) -> Result<RunForm> {
    let c = &run.clustering;
    Ok(RunForm {
        number: run.number,
        label: run.label.clone(),
        kept: run.kept,
        ended: run.ended,
        secs: run.secs.map(number),
        set: chain.write(&run.recipe, lists)?,
        scores: scores_form(&run.scores),
        features: run.features.clone(),
        segments: run.segments.clone(),
        ids: ids.place(&run.ids),
        customers: run.ids.len(),
        centroids: c.centroids.dim(),
        sizes: c.sizes.clone(),
        inertia: number(c.inertia),
        noise: c.noise,
        key: run.key,
        entry: run.entry.clone(),
    })
}

/// Labels, then centroids row by row; numbers begin with their lowest byte.
pub(super) fn bytes_of(clustering: &Clustering) -> Vec<u8> {
    let width = width(clustering.k);
    let mut out = Vec::with_capacity(clustering.labels.len() * width + clustering.centroids.len() * 8);
    clustering.labels.iter().for_each(|label| out.extend_from_slice(&label.to_le_bytes()[..width]));
    clustering.centroids.iter().for_each(|x| out.extend_from_slice(&x.to_le_bytes()));
    out
}

/// How many bytes [`bytes_of`] wrote for a run; `None` where its form is damaged.
pub(super) fn length(form: &RunForm) -> Option<usize> {
    let labels = form.customers.checked_mul(width(form.sizes.len()))?;
    let (rows, columns) = form.centroids;
    labels.checked_add(rows.checked_mul(columns)?.checked_mul(8)?)
}

/// `None` where the form or the bytes are damaged.
pub(super) fn read(form: RunForm, recipe: Recipe, ids: &[Arc<Vec<String>>], bytes: &[u8]) -> Option<Run> {
    let ids = ids.get(form.ids)?.clone();
    let k = form.sizes.len();
    let (rows, columns) = form.centroids;
    if ids.len() != form.customers || rows != k || Some(bytes.len()) != length(&form) {
        return None;
    }
    let width = width(k);
    let (labels, centroids) = bytes.split_at(form.customers * width);
    let label = |bytes: &[u8]| {
        let mut whole = [0; 4];
        whole[..width].copy_from_slice(bytes);
        Some(u32::from_le_bytes(whole)).filter(|label| (*label as usize) < k)
    };
    let labels: Vec<u32> = labels.chunks_exact(width).map(label).collect::<Option<_>>()?;
    let (centroids, _) = centroids.as_chunks::<8>();
    let centroids = Array2::from_shape_vec((rows, columns), centroids.iter().map(|b| f64::from_le_bytes(*b)).collect());
    if form.noise.is_some_and(|noise| noise as usize >= k) {
        return None;
    }
    Some(Run {
        number: form.number,
        label: form.label,
        kept: form.kept,
        ended: form.ended,
        secs: form.secs.as_ref().and_then(to_number),
        recipe: Arc::new(recipe),
        scores: scores(&form.scores)?,
        features: form.features,
        segments: form.segments,
        clustering: Arc::new(Clustering {
            k,
            labels,
            centroids: centroids.ok()?,
            sizes: form.sizes,
            inertia: to_number(&form.inertia)?,
            noise: form.noise,
            detail: Detail::default(),
        }),
        ids,
        key: form.key,
        entry: form.entry,
    })
}

/// The recipe of a run, in the chain of runs.
pub(super) fn recipe(form: &mut RunForm, chain: &mut Chain, lists: &[IdList]) -> std::result::Result<Recipe, String> {
    chain.read(std::mem::take(&mut form.set), lists)
}

fn scores_form(s: &KScores) -> Map<String, Value> {
    let numbers = [
        ("inertia", Some(s.inertia)),
        ("silhouette", s.silhouette),
        ("silhouette_error", s.silhouette_error),
        ("calinski_harabasz", s.calinski_harabasz),
        ("davies_bouldin", s.davies_bouldin),
        ("bic", s.bic),
        ("aic", s.aic),
    ];
    let mut out: Map<String, Value> =
        numbers.into_iter().filter_map(|(name, x)| Some((name.to_string(), number(x?)))).collect();
    out.insert("k".into(), s.k.into());
    out.insert("smallest".into(), s.smallest.into());
    if let Some(why) = &s.failed {
        out.insert("failed".into(), why.as_str().into());
    }
    out
}

fn scores(form: &Map<String, Value>) -> Option<KScores> {
    let x = |name: &str| form.get(name).and_then(to_number);
    let n = |name: &str| form.get(name).and_then(Value::as_u64).map(|n| n as usize);
    Some(KScores {
        k: n("k")?,
        inertia: x("inertia")?,
        silhouette: x("silhouette"),
        silhouette_error: x("silhouette_error"),
        calinski_harabasz: x("calinski_harabasz"),
        davies_bouldin: x("davies_bouldin"),
        bic: x("bic"),
        aic: x("aic"),
        smallest: n("smallest")?,
        failed: form.get("failed").and_then(Value::as_str).map(str::to_string),
    })
}
