//! What the table of customers looks at.

/// State of the table and of the customer card that changes no finding.
#[derive(Debug, Clone, Default)]
pub struct CustomersView {}
