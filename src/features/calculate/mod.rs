//! Calculated columns and features: one engine for both.
//!
//! Expressions are parsed and worked out by polars' SQL, value by value. Its names are checked first, with a suggestion
//! for misspelt ones, and errors say where they are ([`ExpressionError`]). Aggregates, and everything that forms do, are
//! worked out here: sums of money are exact, and permuting the rows changes no digit. What cannot be worked out for a
//! row is missing: divisions by zero, logarithms of zero, infinities.

mod aggregate;
mod column;
mod compile;
pub(crate) mod customers;
mod engine;
mod error;
mod evaluate;
mod feature;
mod forms;
mod functions;
mod lexer;
mod names;
mod per_customer;
mod preview;
mod rename;
pub(crate) mod rows;
mod scope;
mod values;

pub use compile::names_in;
pub use engine::quoted;
pub use error::{Checked, ExpressionError};
pub use functions::{Function, functions};
pub use preview::{Preview, customer_scope, preview_customers, preview_rows};
pub use rename::renamed;
pub use scope::{Level, Named, Scope, check, level_by_names, level_of};
pub use values::Kind;
