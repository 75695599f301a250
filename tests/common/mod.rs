//! Pieces shared by tests.

pub mod findings;
