//! Clusters of customers, the criteria that judge them, and the choice of their number.

mod blocks;
mod canonical;
mod choose;
mod distance;
mod indices;
mod kmeans;
mod kneedle;
mod lloyd;
mod search;
mod seeding;
mod silhouette;
mod swap;
mod tables;
mod words;

pub use canonical::canonical;
pub use choose::choose;
pub use indices::{calinski_harabasz, davies_bouldin};
pub use kmeans::kmeans;
pub use kneedle::kneedle;
pub use search::search;
pub use silhouette::{Silhouette, mean_silhouettes, silhouettes};
pub use tables::{Chosen, Clustering, KScores, KSearch, Vote};
