//! The flags about clusters.

use clap::Args as ClapArgs;

use super::args::{set, set_some};
use crate::recipe::{Algorithm, Cluster, Covariance, KChoice, KCriterion, Linkage};

#[derive(ClapArgs)]
#[command(next_help_heading = "Clusters")]
pub(super) struct ClusterFlags {
    /// k-means, mini-batch, gaussian-mixture, agglomerative, hdbscan or k-prototypes.
    #[arg(long)]
    algorithm: Option<Algorithm>,
    /// Number of clusters, or auto. hdbscan finds its own.
    #[arg(long, value_name = "N|auto")]
    k: Option<KChoice>,
    /// Numbers of clusters to try, for example 2..10.
    #[arg(long, value_name = "A..B", value_parser = parse_range)]
    k_range: Option<(u32, u32)>,
    /// What auto goes by: elbow, silhouette, calinski-harabasz, davies-bouldin, or bic for Gaussian mixtures.
    #[arg(long)]
    k_by: Option<KCriterion>,
    /// Starts per k of the algorithms that start at random; the best one wins.
    #[arg(long, value_name = "N")]
    restarts: Option<u32>,
    /// The same seed gives the same clusters.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Gaussian mixtures: full or diagonal.
    #[arg(long)]
    covariance: Option<Covariance>,
    /// Agglomerative: ward, average or complete.
    #[arg(long)]
    linkage: Option<Linkage>,
    /// hdbscan: the fewest customers that make a cluster; default: one in a hundred, at least 5.
    #[arg(long, value_name = "N")]
    min_cluster_size: Option<u32>,
    /// hdbscan: the neighbour whose distance counts as density; default: as --min-cluster-size.
    #[arg(long, value_name = "N")]
    min_samples: Option<u32>,
    /// k-prototypes: what a differing word counts as in squared distance; default: half the mean variance of the numbers.
    #[arg(long, value_name = "WEIGHT")]
    word_weight: Option<f64>,
    /// Reference data sets per k for the gap statistic; 0 for none.
    #[arg(long, value_name = "N")]
    references: Option<u32>,
    /// Resamples per k for the stability of clusters and for prediction strength; 0 for neither.
    #[arg(long, value_name = "N")]
    resamples: Option<u32>,
}

impl ClusterFlags {
    /// Writes the flags into a recipe.
    pub(super) fn apply(self, cluster: &mut Cluster) {
        set(&mut cluster.algorithm, self.algorithm);
        set(&mut cluster.k, self.k);
        if let Some((from, to)) = self.k_range {
            (cluster.k_min, cluster.k_max) = (from, to);
        }
        set(&mut cluster.k_by, self.k_by);
        set(&mut cluster.restarts, self.restarts);
        set(&mut cluster.seed, self.seed);
        set(&mut cluster.covariance, self.covariance);
        set(&mut cluster.linkage, self.linkage);
        set_some(&mut cluster.min_cluster_size, self.min_cluster_size);
        set_some(&mut cluster.min_samples, self.min_samples);
        set_some(&mut cluster.word_weight, self.word_weight);
        set(&mut cluster.references, self.references);
        set(&mut cluster.resamples, self.resamples);
    }
}

/// `2..10`, both ends included.
fn parse_range(text: &str) -> Result<(u32, u32), String> {
    let (from, to) = text.split_once("..").ok_or("write a range such as 2..10")?;
    let number =
        |t: &str| t.trim_start_matches('=').trim().parse::<u32>().map_err(|_| format!("{t:?} is no whole number"));
    Ok((number(from)?, number(to)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        flags: ClusterFlags,
    }

    #[test]
    fn every_flag_changes_the_recipe() {
        let line = "x --algorithm gaussian-mixture --k 4 --k-range 3..7 --k-by bic --restarts 5 --seed 9 --covariance diagonal \
                    --linkage average --min-cluster-size 30 --min-samples 6 --word-weight 0.75 --references 0 --resamples 7";
        let mut cluster = Cluster::default();
        Line::try_parse_from(line.split_whitespace()).unwrap().flags.apply(&mut cluster);
        let want = Cluster {
            algorithm: Algorithm::GaussianMixture,
            k: KChoice::Fixed(4),
            k_min: 3,
            k_max: 7,
            k_by: KCriterion::Bic,
            restarts: 5,
            seed: 9,
            covariance: Covariance::Diagonal,
            linkage: Linkage::Average,
            min_cluster_size: Some(30),
            min_samples: Some(6),
            word_weight: Some(0.75),
            references: 0,
            resamples: 7,
        };
        assert_eq!(cluster, want);
        for wrong in ["x --algorithm dbscan", "x --linkage single", "x --k-range 2-7", "x --word-weight much"] {
            assert!(Line::try_parse_from(wrong.split_whitespace()).is_err(), "{wrong}");
        }
    }
}
