//! What a run would write, before it does: names, rows, about how large, and the first lines.

use std::collections::HashMap;

use super::kinds::{ExportKind, Planned, TableKind, plan};
use super::source::Source;
use super::tables::Form;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::pipeline::Findings;

/// Rows that the size of a file is estimated from.
const SAMPLE: usize = 400;

/// A file that would be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Foreseen {
    pub planned: Planned,
    /// Rows of a table below its header.
    pub rows: Option<usize>,
    /// About how large it will be, from its first rows; `None` for formats whose size cannot be told from a part.
    pub bytes: Option<u64>,
}

/// The files of a run with these findings, in the order in which they are written.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn foresee(findings: &Findings, ctx: &Ctx) -> Result<Vec<Foreseen>> {
    let source = Source::new(findings, Vec::new());
    // Rows, and about how many bytes a row and the header take, by table and form.
    let mut known: HashMap<(TableKind, Form), (usize, f64, usize)> = HashMap::new();
    let mut out = Vec::new();
    for planned in plan(findings) {
        let (mut rows, mut bytes) = (None, None);
        if let ExportKind::Table(table, form) = planned.kind {
            // Customers of one segment are as large as others.
            let (like, own_rows) = match table {
                TableKind::CustomersOf(place) => {
                    (TableKind::Customers, findings.profiles.get(place as usize).map(|p| p.customers))
                }
                table => (table, None),
            };
            let (all, per_row, header) = match known.get(&(like, form)) {
                Some(known) => *known,
                None => {
                    let measured = measure(&source, like, form, ctx)?;
                    known.insert((like, form), measured);
                    measured
                }
            };
            let of = own_rows.unwrap_or(all);
            rows = Some(of);
            bytes = (form != Form::Parquet).then(|| header as u64 + (per_row * of as f64) as u64);
        }
        out.push(Foreseen { planned, rows, bytes });
    }
    Ok(out)
}

/// Rows of a table, bytes per row and bytes of what stands before the rows.
fn measure(source: &Source, table: TableKind, form: Form, ctx: &Ctx) -> Result<(usize, f64, usize)> {
    let rows = table.grid(source, ctx)?.len();
    if form == Form::Parquet {
        return Ok((rows, f64::NAN, 0));
    }
    let (header, sample) = (text(source, table, form, 0, ctx)?.len(), text(source, table, form, SAMPLE, ctx)?.len());
    let written = rows.clamp(1, SAMPLE);
    Ok((rows, (sample - header) as f64 / written as f64, header))
}

/// A table with its first rows, as it will be.
fn text(source: &Source, table: TableKind, form: Form, rows: usize, ctx: &Ctx) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let grid = table.grid(source, ctx)?.head(rows);
    let written = grid.write(form, source.findings.recipe.outputs.csv, &mut out, ctx);
    written.map_err(|e| e.at(ExportKind::Table(table, form).file_name().as_ref()))?;
    Ok(out)
}

/// The beginning of `customers.csv` as it will be, with this many customers; a byte order mark is left out.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn first_lines(findings: &Findings, customers: usize, ctx: &Ctx) -> Result<String> {
    let bytes = text(&Source::new(findings, Vec::new()), TableKind::Customers, Form::Csv, customers, ctx)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.trim_start_matches('\u{feff}').to_string())
}
