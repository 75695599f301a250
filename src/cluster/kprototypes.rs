//! k-prototypes (Huang 1997): k-means for numbers and words together.

use super::Clustering;
use super::algorithm::{Algorithm, Data, Found};
use crate::ctx::Ctx;
use crate::error::Result;

/// A column of words, one per customer.
#[derive(Debug, Clone, PartialEq)]
pub struct WordColumn {
    pub name: String,
    /// Places in `names`.
    pub codes: Vec<u32>,
    pub names: Vec<String>,
}

/// What k-prototypes knows beyond centroids.
#[derive(Debug, Clone, PartialEq)]
pub struct Prototypes {
    /// Names of the columns of words.
    pub columns: Vec<String>,
    /// The most frequent word of each cluster in each column: k × columns.
    pub modes: Vec<Vec<String>>,
    /// What a differing word counts as in squared distance.
    pub word_weight: f64,
    /// Sum of squared distances and of word_weight per differing word.
    pub cost: f64,
}

/// See the head of this file.
#[derive(Debug, Clone)]
pub struct KPrototypes {
    pub word_weight: Option<f64>,
    pub restarts: u32,
    pub seed: u64,
}

impl Algorithm for KPrototypes {
    fn cluster(&self, data: &Data, ks: &[usize], found: &Found, ctx: &Ctx) -> Result<Vec<Option<Clustering>>> {
        let _ = (data, ks, found, ctx);
        Err(crate::error::Error::data("to be written"))
    }
}

impl Prototypes {
    /// The same with its clusters in another order: the new i-th is the old `order[i]`-th.
    pub(super) fn renumbered(&self, order: &[usize]) -> Prototypes {
        Prototypes { modes: order.iter().map(|&c| self.modes[c].clone()).collect(), ..self.clone() }
    }
}
