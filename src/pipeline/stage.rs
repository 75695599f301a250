//! The stages in their order, and the key under which each one's findings are valid.

use std::hash::BuildHasher;
use std::path::Path;
use std::time::UNIX_EPOCH;

use serde::Serialize;

use crate::features;
use crate::recipe::{Clean, Cluster, Recipe, Returns, Rfm};
use crate::rfm::{FREQUENCY, MONETARY, RECENCY};

/// How many stages there are.
pub const STAGES: usize = 15;

/// One step from files to findings. The order of the variants is the order of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// Files to a table of text.
    Intake,
    /// The user's cleaning steps done to that table.
    Prepare,
    /// Which column is what; types.
    Roles,
    /// Table to transactions, with the funnel.
    Clean,
    /// Transactions to one row per customer, scores and RFM segments.
    Rfm,
    /// Further features of each customer: those that are chosen and those that the user defined.
    Enrich,
    /// Features to the matrix that clustering works on.
    Features,
    /// All ks of the range.
    Search,
    /// The clustering with the chosen k.
    Cluster,
    /// The matrix seen from its most telling sides.
    Reduce,
    /// What each cluster is.
    Profile,
    /// The names that the user gave, on the clusters that they belong to.
    Name,
    /// Portraits of the segments: what they buy, when, the rules that they follow, the money at stake.
    Portray,
    /// Who moved from which segment to which since another date.
    Compare,
    /// What resampling says about each number of clusters.
    Judge,
}

impl Stage {
    /// Every stage in order.
    pub const ALL: [Stage; STAGES] = [
        Stage::Intake,
        Stage::Prepare,
        Stage::Roles,
        Stage::Clean,
        Stage::Rfm,
        Stage::Enrich,
        Stage::Features,
        Stage::Search,
        Stage::Cluster,
        Stage::Reduce,
        Stage::Profile,
        Stage::Name,
        Stage::Portray,
        Stage::Compare,
        Stage::Judge,
    ];

    /// A stable name for outputs.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Intake => "intake",
            Stage::Prepare => "prepare",
            Stage::Roles => "roles",
            Stage::Clean => "clean",
            Stage::Rfm => "rfm",
            Stage::Enrich => "enrich",
            Stage::Features => "features",
            Stage::Search => "search",
            Stage::Cluster => "cluster",
            Stage::Reduce => "reduce",
            Stage::Profile => "profile",
            Stage::Name => "name",
            Stage::Portray => "portray",
            Stage::Compare => "compare",
            Stage::Judge => "judge",
        }
    }

    /// What is going on while it runs.
    pub fn doing(self) -> &'static str {
        match self {
            Stage::Intake => "Reading the file",
            Stage::Prepare => "Applying cleaning steps",
            Stage::Roles => "Finding roles and types",
            Stage::Clean => "Cleaning",
            Stage::Rfm => "Counting per customer",
            Stage::Enrich => "Working out features",
            Stage::Features => "Preparing features",
            Stage::Search => "Trying numbers of clusters",
            Stage::Cluster => "Clustering",
            Stage::Reduce => "Projecting",
            Stage::Profile => "Measuring segments",
            Stage::Name => "Naming segments",
            Stage::Portray => "Describing segments",
            Stage::Compare => "Comparing two dates",
            Stage::Judge => "Testing each k",
        }
    }

    /// The stages whose findings it uses.
    pub fn needs(self) -> &'static [Stage] {
        match self {
            Stage::Intake => &[],
            Stage::Prepare => &[Stage::Intake],
            Stage::Roles => &[Stage::Prepare],
            Stage::Clean => &[Stage::Roles],
            Stage::Rfm => &[Stage::Clean],
            Stage::Enrich => &[Stage::Rfm],
            Stage::Features => &[Stage::Enrich],
            Stage::Search => &[Stage::Features],
            Stage::Cluster => &[Stage::Search],
            Stage::Reduce => &[Stage::Features],
            Stage::Profile => &[Stage::Cluster],
            Stage::Name => &[Stage::Profile],
            Stage::Portray => &[Stage::Profile],
            Stage::Compare => &[Stage::Rfm],
            Stage::Judge => &[Stage::Search],
        }
    }
}

/// Identifies findings: equal keys mean equal findings.
pub type Key = u64;

/// The key of every stage under one recipe, indexed by `Stage as usize`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keys([Key; STAGES]);

impl Keys {
    /// Computes all keys. Looks at the size and time of the files, not at their contents.
    pub fn of(recipe: &Recipe) -> Keys {
        let mut keys = [0; STAGES];
        for stage in Stage::ALL {
            let parameters = match stage {
                Stage::Intake => {
                    let stamps: Vec<_> = recipe.input.files.iter().map(|f| stamp(f)).collect();
                    // Sentences hold numbers as people of a place write them, from the first stage on.
                    text(&(&recipe.input, stamps, recipe.presentation.numbers))
                }
                Stage::Prepare => text(&recipe.clean.steps),
                Stage::Roles => text(&recipe.roles),
                Stage::Clean => {
                    // Its steps have had their say before the roles.
                    let rest = Clean { steps: Vec::new(), ..recipe.clean.clone() };
                    // Matching knows no returns after the snapshot date.
                    let known = recipe.rfm.snapshot.filter(|_| rest.returns == Returns::Match);
                    text(&(rest, known, &recipe.presentation.currency))
                }
                // A table of customers leaves out whoever lacks a feature. Recency, frequency and monetary are there
                // for everyone.
                Stage::Rfm => {
                    let alone = Rfm { compare_to: None, ..recipe.rfm.clone() };
                    text(&(alone, recipe.customers.key(), further_features(recipe)))
                }
                Stage::Enrich => text(&(&recipe.features.calculate, ready_made(recipe))),
                Stage::Features => text(&recipe.features),
                Stage::Search => {
                    let c = &recipe.cluster;
                    text(&(c.k_min, c.k_max, per_k(c)))
                }
                Stage::Cluster => text(&(recipe.cluster.k, recipe.cluster.k_by)),
                Stage::Compare => text(&recipe.rfm.compare_to),
                Stage::Judge => text(&(recipe.cluster.references, recipe.cluster.resamples)),
                Stage::Profile => {
                    let patterns = recipe.segments.patterns.as_ref();
                    text(&(patterns, patterns.map(|file| stamp(file))))
                }
                Stage::Name => text(&recipe.segments.named),
                Stage::Reduce | Stage::Portray => String::new(),
            };
            let mut inputs = vec![stage as u64];
            inputs.extend(stage.needs().iter().map(|&s| keys[s as usize]));
            keys[stage as usize] = hash(&(inputs, parameters));
        }
        Keys(keys)
    }

    /// Under which what is found for single ks is valid, whatever the range.
    pub fn per_k(&self, recipe: &Recipe) -> Key {
        hash(&(self.get(Stage::Features), text(&per_k(&recipe.cluster))))
    }

    /// Under which what resampling says of single ks is valid.
    pub fn per_k_checked(&self, recipe: &Recipe) -> Key {
        hash(&(self.per_k(recipe), recipe.cluster.references, recipe.cluster.resamples))
    }

    /// Whether any stage has this key.
    pub fn contains(&self, key: Key) -> bool {
        self.0.contains(&key)
    }

    /// The key of one stage.
    pub fn get(&self, stage: Stage) -> Key {
        self.0[stage as usize]
    }
}

/// A fixed seed: keys may be compared between runs of the program.
fn hash(of: &impl std::hash::Hash) -> Key {
    foldhash::quality::FixedState::with_seed(7).hash_one(of)
}

/// The choices that the clustering of a single k depends on.
fn per_k(cluster: &Cluster) -> Cluster {
    let d = Cluster::default();
    let (k, k_by, k_min, k_max) = (d.k, d.k_by, d.k_min, d.k_max);
    Cluster { k, k_by, k_min, k_max, references: 0, resamples: 0, ..cluster.clone() }
}

/// The names of features that are asked for beside recency, frequency and monetary, but for those that are appended
/// later.
fn further_features(recipe: &Recipe) -> Vec<&str> {
    let names = recipe.features.columns.iter().flatten().map(String::as_str);
    names
        .filter(|name| ![RECENCY, FREQUENCY, MONETARY].contains(name) && !features::is_appended(name, recipe))
        .collect()
}

/// The names of ready-made features that are asked for.
fn ready_made(recipe: &Recipe) -> Vec<&str> {
    let names = recipe.features.columns.iter().flatten().map(String::as_str);
    names.filter(|name| features::engagement::is_name(name)).collect()
}

fn text(parameters: &impl Serialize) -> String {
    serde_json::to_string(parameters).expect("recipe parts are plain values")
}

/// Size and modification time in nanoseconds; zeros for a file that is not there.
fn stamp(path: &Path) -> (u64, u64) {
    let Ok(meta) = std::fs::metadata(path) else { return (0, 0) };
    let modified = meta.modified().ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok());
    (meta.len(), modified.map_or(0, |d| d.as_nanos() as u64))
}
