//! What the user says of segments: their names, and which patterns names and advice come from.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::IdList;
use crate::error::{Error, Result};

/// Names given by hand, and where the others come from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Segments {
    /// A file of patterns (names, sentences, actions, channels) in place of the one that comes with the program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patterns: Option<PathBuf>,
    /// Clusters that the user named. A name follows its customers: after another run it goes to the cluster that holds
    /// most of `members`, whatever its number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<NamedSegment>,
}

/// A cluster with a name of the user's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedSegment {
    pub name: String,
    /// What the user notes about it; empty for nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// How many customers the cluster had when it was named.
    pub customers: usize,
    /// A sample of those customers by id, the same for equal clusters: enough to find the cluster again.
    pub members: IdList,
}

impl Segments {
    /// Refuses names that are empty or given twice.
    pub(super) fn check(&self) -> Result<()> {
        for (i, named) in self.named.iter().enumerate() {
            if named.name.trim().is_empty() {
                return Err(Error::Recipe("a named segment has no name; give one, or leave the segment out".into()));
            }
            if self.named[..i].iter().any(|other| other.name == named.name) {
                return Err(Error::Recipe(format!("two segments are named {:?}; names have to differ", named.name)));
            }
        }
        Ok(())
    }
}
