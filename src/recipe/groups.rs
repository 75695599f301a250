//! Customers picked by hand: named groups, and those whom the analysis is limited to or goes without.

use std::hash::BuildHasher;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Customer ids, ascending by text and without repeats; cheap to copy, and compared by a number first, as lists may be
/// long and recipes are compared often.
#[derive(Debug, Clone)]
pub struct IdList {
    ids: Arc<Vec<String>>,
    key: u64,
}

impl IdList {
    /// A list of these ids in any order.
    pub fn new(mut ids: Vec<String>) -> IdList {
        ids.sort_unstable();
        ids.dedup();
        let key = foldhash::quality::FixedState::with_seed(11).hash_one(&ids);
        IdList { ids: Arc::new(ids), key }
    }

    /// Equal lists have equal keys.
    pub fn key(&self) -> u64 {
        self.key
    }

    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
}

impl Default for IdList {
    fn default() -> Self {
        IdList::new(Vec::new())
    }
}

impl PartialEq for IdList {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.ids == other.ids
    }
}

impl Serialize for IdList {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.ids.serialize(s)
    }
}

impl<'de> Deserialize<'de> for IdList {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(IdList::new(Vec::deserialize(d)?))
    }
}

/// Customers with a name that the user gave them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub name: String,
    pub ids: IdList,
}

/// Customers picked by hand. `only` and `without` change who is scored and clustered; groups change nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Customers {
    /// The analysis is of these customers only; `None`: of all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<IdList>,
    /// The analysis goes without these.
    #[serde(skip_serializing_if = "IdList::is_empty")]
    pub without: IdList,
    /// Named selections.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
}

impl Customers {
    /// A number that changes whenever the analysis does; named groups have no part in it.
    pub fn key(&self) -> (Option<u64>, u64) {
        (self.only.as_ref().map(IdList::key), self.without.key())
    }

    /// Whether the customer with this id belongs to the analysis.
    pub fn has(&self, id: &str) -> bool {
        let listed = |list: &IdList| list.ids().binary_search_by(|i| i.as_str().cmp(id)).is_ok();
        self.only.as_ref().is_none_or(listed) && !listed(&self.without)
    }

    /// Whether it may leave somebody out.
    pub fn limits(&self) -> bool {
        self.only.is_some() || !self.without.is_empty()
    }
}
