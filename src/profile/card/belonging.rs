//! Which cluster a customer is in, how clearly, and which features say so.

use ndarray::ArrayView1;
use rayon::prelude::*;

use super::CHUNK;
use crate::cluster::Chosen;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::features::FeatureMatrix;
use crate::profile::Profile;
use crate::rfm::RfmOut;

/// A customer's place in the clustering. Distances are Euclidean, between the prepared (transformed, scaled and
/// weighted) values.
#[derive(Debug, Clone, PartialEq)]
pub struct Belonging {
    /// Cluster, 0-based, and the segment's name.
    pub cluster: usize,
    pub name: String,
    /// Distance to the centroid of the own cluster.
    pub distance: f64,
    /// The next nearest cluster, its name and the distance to its centroid; `None` with one cluster.
    pub next: Option<(usize, String, f64)>,
    /// The share (0–1) of the own cluster's customers that are nearer to its centroid.
    pub nearer: f64,
    /// One sentence: how clearly the customer belongs there.
    pub sentence: String,
    /// Features from the one with the most say; empty with one cluster.
    pub pulls: Vec<Pull>,
}

/// What one feature says about own cluster or next.
#[derive(Debug, Clone, PartialEq)]
pub struct Pull {
    /// The feature's label.
    pub label: String,
    /// Squared distance to the next centroid less that to the own one, along this feature: above zero it speaks for the
    /// own cluster, below for the next. They add up to the difference of the squared distances.
    pub pull: f64,
}

/// At this ratio of own to next distance and above, the customer lies between two clusters.
const BETWEEN: f64 = 0.8;

pub(super) fn of(
    rfm: &RfmOut,
    matrix: &FeatureMatrix,
    chosen: &Chosen,
    profiles: &[Profile],
    place: usize,
    ctx: &Ctx,
) -> Result<Option<Belonging>> {
    let clustering = &chosen.clustering;
    if place >= clustering.labels.len() || matrix.x.nrows() != clustering.labels.len() {
        return Ok(None);
    }
    let me = matrix.x.row(place);
    let cluster = clustering.labels[place] as usize;
    let centroid = |c: usize| clustering.centroids.row(c);
    let own = squared(me, centroid(cluster));
    let others = (0..clustering.k).filter(|&c| c != cluster && clustering.sizes[c] > 0);
    let next = others.map(|c| (c, squared(me, centroid(c)))).min_by(|a, b| a.1.total_cmp(&b.1));
    let chunks = clustering.labels.par_chunks(CHUNK).enumerate();
    let nearer = chunks.map(|(i, labels)| {
        ctx.tick(i * CHUNK, clustering.labels.len())?;
        let here = labels.iter().enumerate().filter(|(_, l)| **l as usize == cluster);
        Ok(here.filter(|(j, _)| squared(matrix.x.row(i * CHUNK + j), centroid(cluster)) < own).count())
    });
    let nearer: usize = nearer.try_reduce(|| 0, |a, b| Ok(a + b))?;
    let nearer = nearer as f64 / clustering.sizes[cluster].max(1) as f64;
    let name = |c: usize| profiles.get(c).map_or_else(|| format!("Cluster {}", c + 1), |p| p.name.clone());
    let label = |j: usize| {
        let name = &matrix.columns[j].name;
        rfm.customers.features.iter().find(|f| f.name == *name).map_or(name.as_str(), |f| f.label.as_str()).to_string()
    };
    let mut pulls: Vec<Pull> = match next {
        Some((other, _)) => (0..matrix.x.ncols())
            .map(|j| {
                let along = |c: usize| (me[j] - clustering.centroids[[c, j]]).powi(2);
                Pull { label: label(j), pull: along(other) - along(cluster) }
            })
            .collect(),
        None => Vec::new(),
    };
    pulls.sort_by(|a, b| b.pull.abs().total_cmp(&a.pull.abs()));
    let next = next.map(|(c, squared)| (c, name(c), squared.sqrt()));
    let own = own.sqrt();
    let sentence = sentence(own, next.as_ref(), nearer);
    Ok(Some(Belonging { cluster, name: name(cluster), distance: own, next, nearer, sentence, pulls }))
}

fn squared(a: ArrayView1<f64>, b: ArrayView1<f64>) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

fn sentence(own: f64, next: Option<&(usize, String, f64)>, nearer: f64) -> String {
    let within = match nearer {
        n if n < 0.25 => "A typical member: nearer to the centre than most",
        n if n < 0.75 => "An ordinary member, neither at the centre nor at the edge",
        n if n < 0.95 => "Towards the edge of the segment",
        _ => "An unusual member, at the very edge of the segment",
    };
    match next {
        Some((_, name, far)) if own >= BETWEEN * far => {
            format!("{within}. Lies between two segments: {name} is nearly as close.")
        }
        Some((_, name, far)) if own > 0.0 => {
            let times = far / own;
            let times = if times < 10.0 { crate::format::number(times, 1) } else { crate::format::number(times, 0) };
            format!("{within}. The next segment, {name}, is {times} times as far away.")
        }
        _ => format!("{within}."),
    }
}
