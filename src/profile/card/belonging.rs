//! Which cluster a customer is in, how clearly, and which features say so.

use ndarray::{ArrayView1, s};
use rayon::prelude::*;

use super::CHUNK;
use crate::cluster::{Chosen, Detail};
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
    // Nobody is near to those who belong to no cluster: they are no group.
    let others = (0..clustering.clusters()).filter(|&c| c != cluster && clustering.sizes[c] > 0);
    let probabilities = match &clustering.detail {
        Detail::Mixture(mixture) => {
            Some(mixture.probabilities(matrix.x.slice(s![place..place + 1, ..]), ctx)?.row(0).to_vec())
        }
        _ => None,
    };
    // The likeliest other one of a mixture, else the nearest.
    let off = |c: usize| probabilities.as_ref().map_or_else(|| squared(me, centroid(c)), |p| -p[c]);
    let next = others.min_by(|&a, &b| off(a).total_cmp(&off(b))).map(|c| (c, squared(me, centroid(c))));
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
    let sentence = match (&probabilities, &clustering.detail) {
        (Some(p), _) => by_probability(p[cluster], next.as_ref().map(|(c, name, _)| (name.as_str(), p[*c]))),
        (_, Detail::Density(density)) => by_density(
            (!clustering.is_noise(cluster as u32)).then(|| density.strength[place]),
            next.as_ref().map(|(_, name, _)| name.as_str()),
        ),
        _ => sentence(own, next.as_ref(), nearer),
    };
    Ok(Some(Belonging { cluster, name: name(cluster), distance: own, next, nearer, sentence, pulls }))
}

fn squared(a: ArrayView1<f64>, b: ArrayView1<f64>) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// Of a mixture.
fn by_probability(own: f64, next: Option<(&str, f64)>) -> String {
    let percent = |share: f64| if share > 0.9995 { "more than 99.9 %".into() } else { crate::format::percent(share) };
    let clearly = match own {
        p if p >= 0.9 => "Clearly belongs here",
        p if p >= 0.6 => "Belongs here rather than anywhere else",
        _ => "Lies between segments",
    };
    match next {
        Some((name, other)) if other >= 0.0005 => format!(
            "{clearly}: the probability of this segment is {}, that of the next, {name}, {}.",
            percent(own),
            percent(other)
        ),
        _ => format!("{clearly}: the probability of this segment is {}.", percent(own)),
    }
}

/// Of HDBSCAN; `strength` is `None` for those who belong to no segment.
fn by_density(strength: Option<f32>, nearest: Option<&str>) -> String {
    let nearest = nearest.map_or_else(String::new, |name| format!(" The nearest other segment is {name}."));
    match strength {
        None => format!("Belongs to no segment: too few others are like this customer.{nearest}"),
        Some(strength) => {
            let within = match strength {
                s if s >= 0.75 => "At the heart of the segment, where it is densest",
                s if s >= 0.25 => "Well within the segment",
                _ => "At the thin edge of the segment",
            };
            format!("{within}: strength {} of 1.{nearest}", crate::format::number(f64::from(strength), 2))
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixtures_and_dense_regions_have_their_own_sentences() {
        let says = |own, next| by_probability(own, next);
        assert_eq!(
            says(0.931, Some(("Loyal", 0.06))),
            "Clearly belongs here: the probability of this segment is 93.1 %, that of the next, Loyal, 6.0 %."
        );
        assert_eq!(
            says(0.99999, Some(("Loyal", 0.00001))),
            "Clearly belongs here: the probability of this segment is more than 99.9 %."
        );
        assert!(says(0.5, Some(("Loyal", 0.45))).starts_with("Lies between segments"));
        assert_eq!(
            by_density(None, Some("Loyal")),
            "Belongs to no segment: too few others are like this customer. The nearest other segment is Loyal."
        );
        assert_eq!(by_density(Some(0.5), None), "Well within the segment: strength 0.50 of 1.");
    }
}
