//! The one selection of customers that every table and plot shares.

use std::sync::Arc;

/// Selected customers: indices into the customer table, ascending.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    pub customers: Arc<Vec<u32>>,
    /// Where it came from, in words, for example "Champions".
    pub from: String,
}

impl Selection {
    pub fn is_empty(&self) -> bool {
        self.customers.is_empty()
    }

    pub fn len(&self) -> usize {
        self.customers.len()
    }

    /// Whether a customer is selected.
    pub fn contains(&self, customer: u32) -> bool {
        self.customers.binary_search(&customer).is_ok()
    }
}
