//! Clusters of customers, the criteria that judge them, and the choice of their number.

mod agglomerative;
mod algorithm;
mod blocks;
mod canonical;
mod choose;
mod distance;
mod freeze;
mod hdbscan;
mod indices;
mod judge;
mod kmeans;
mod kneedle;
mod known;
mod kprototypes;
mod lanes;
mod large;
mod lloyd;
mod minibatch;
mod mixture;
mod search;
mod seeding;
mod silhouette;
mod swap;
mod tables;
mod words;

pub use agglomerative::{Dendrogram, Merge};
pub(crate) use distance::wide;

pub use algorithm::{Algorithm, Data, Found, algorithm};
pub use canonical::canonical;
pub use choose::{choose, choose_in};
pub use hdbscan::Density;
pub use indices::{calinski_harabasz, davies_bouldin};
pub use judge::judge;
pub use kmeans::{kmeans, kmeans_each, kmeans_light};
pub use kneedle::kneedle;
pub use known::{Known, KnownChecks};
pub use kprototypes::{Prototypes, WordColumn};
pub use mixture::Mixture;
pub use search::{search, search_in};
pub use silhouette::{
    MeanSilhouettes, Silhouette, SilhouetteValues, exact_up_to, mean_silhouettes, silhouette_values, silhouettes,
};
pub use tables::{Chosen, Clustering, Detail, KCheck, KChecks, KScores, KSearch, Vote};
