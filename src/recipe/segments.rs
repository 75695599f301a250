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
    /// more than half of `members`, whatever its number, and rests where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<NamedSegment>,
}

/// A cluster with a name or a note of the user's own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedSegment {
    /// Empty where only the note is the user's and the name is the proposed one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What the user notes about it; empty for nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// How many customers the cluster had when it was named.
    pub customers: usize,
    /// How many there were in all then; 0 where that is not known.
    #[serde(default)]
    pub everyone: usize,
    /// A sample of those customers by id, the same for equal clusters: enough to find the cluster again.
    pub members: IdList,
}

impl Segments {
    /// Refuses names that are given twice, without regard to case, and segments of which nothing is said.
    pub(super) fn check(&self) -> Result<()> {
        for (i, named) in self.named.iter().enumerate() {
            let name = named.name.trim().to_lowercase();
            if name.is_empty() && named.note.trim().is_empty() {
                return Err(Error::Recipe(
                    "a named segment has neither a name nor a note; give it one, or leave the segment out".into(),
                ));
            }
            if !name.is_empty() && self.named[..i].iter().any(|other| other.name.trim().to_lowercase() == name) {
                return Err(Error::Recipe(format!("two segments are named {:?}; names have to differ", named.name)));
            }
        }
        Ok(())
    }
}
