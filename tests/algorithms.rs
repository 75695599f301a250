//! The algorithms beside k-means: against scikit-learn, SciPy, kmodes, kodama and linfa, on hostile data, and whether their
//! partitions depend on threads or on the order of rows.

#[path = "algorithms/data.rs"]
mod data;
#[path = "algorithms/dense.rs"]
mod dense;
#[path = "algorithms/hostile.rs"]
mod hostile;
#[path = "algorithms/invariance.rs"]
mod invariance;
#[path = "algorithms/mixtures.rs"]
mod mixtures;
#[path = "algorithms/prototypes.rs"]
mod prototypes;
#[path = "algorithms/trees.rs"]
mod trees;
