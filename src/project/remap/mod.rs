//! An analysis on another file: which columns it needs, what they are called there, and the recipe that reads them.

mod apply;
mod plan;
mod similar;
mod uses;

pub use apply::{apply, without_dates};
pub use plan::{How, Known, Matched, Plan, plan, read};
pub use uses::{Use, uses};

/// Names are the same without regard to case and surrounding spaces, as everywhere in a recipe.
fn loose(name: &str) -> String {
    name.trim().to_lowercase()
}
