//! `segments.DIALECT.sql`: the segmentation as one query.

use std::io::Write;

use super::directory::Failure;
use crate::error::Error;
use crate::pipeline::Findings;
use crate::recipe::Dialect;

/// Writes the query.
pub(super) fn write(_: &Findings, _: Dialect, _: &mut dyn Write) -> Result<(), Failure> {
    Err(Error::data("the query is not there yet").into())
}
