//! Findings and tables made by hand. Each test file is a crate of its own and uses some of them only.
#![allow(dead_code)]

pub mod findings;
pub mod table;
