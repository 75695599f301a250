//! Clusters of customers, the criteria that judge them, and the choice of their number.

mod agglomerative;
mod algorithm;
mod blocks;
mod canonical;
mod choose;
mod compare;
mod distance;
mod distinct;
mod freeze;
mod hdbscan;
mod indices;
mod judge;
mod kmeans;
mod kneedle;
mod known;
mod kprototypes;
mod labelled;
mod lanes;
mod large;
pub mod lesson;
mod lloyd;
mod matching;
mod minibatch;
mod mixture;
mod readings;
mod search;
mod seeding;
mod silhouette;
mod silhouette_plot;
mod swap;
mod tables;
mod tree_top;
mod words;

pub use agglomerative::{Dendrogram, Merge};
pub(crate) use distance::wide;

pub use algorithm::{Algorithm, Data, Found, algorithm};
pub use canonical::canonical;
pub use choose::{choose, choose_in};
pub use compare::{Comparison, Partner, compare};
pub use hdbscan::Density;
pub use indices::{calinski_harabasz, davies_bouldin};
pub use judge::{Spread, gaps, judge};
pub use kmeans::{kmeans, kmeans_each, kmeans_light};
pub use kneedle::kneedle;
pub use known::{Known, KnownChecks};
pub use kprototypes::{Prototypes, WordColumn};
pub use mixture::{Mixture, inverse_and_log_det};
pub use readings::{Direction, Measure, Reading, ReadingPoint, readings};
pub use search::{search, search_in};
pub use silhouette::{
    MeanSilhouettes, Silhouette, SilhouetteValues, exact_up_to, mean_silhouettes, silhouette_values, silhouettes,
};
pub use silhouette_plot::{SilhouettePlot, silhouette_plot};
pub use tables::{Chosen, Clustering, Detail, Gap, KCheck, KChecks, KScores, KSearch, Vote};
pub use tree_top::{Branch, Join, TreeTop};
pub use words::stability;
