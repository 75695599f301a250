//! A calculated column.

use super::apply::Change;
use super::live::Live;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::intake::Table;
use crate::recipe::Formula;

/// Adds the column that `formula` works out, or replaces the one of this name.
pub(super) fn calculate(_table: &Table, _live: &Live, name: &str, _formula: &Formula, _ctx: &Ctx) -> Result<Change> {
    Err(Error::Recipe(format!("{name:?} cannot be worked out")))
}
