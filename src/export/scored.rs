//! Customers labelled by a model, as a table.

use std::io::{BufWriter, Write};
use std::path::Path;

use super::directory::{Written, write_whole};
use super::tables::{Form, Grid};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::recipe::CsvFor;
use crate::rfm::{FREQUENCY, MONETARY, RECENCY};
use crate::score::{Model, Scored};

/// Refuses a name whose ending is none of those that [`write_scored`] writes.
///
/// # Errors
/// [`Error::Write`].
pub fn check_scored(path: &Path) -> Result<()> {
    form(path).map(drop)
}

fn form(path: &Path) -> Result<Form> {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let known = Form::ALL.into_iter().find(|form| form.ending() == ending);
    known.ok_or_else(|| {
        Error::write(path, "the ending says the format; give a name that ends in .csv, .parquet or .json")
    })
}

/// Writes one row per customer as `.csv`, `.parquet` or `.json`, by the ending of `path`: the columns of `customers.csv`,
/// as far as they are known, and further features behind them. Who has no cluster has none there.
///
/// # Errors
/// [`Error::Write`] for another ending, or where the file cannot be written; [`Error::Cancelled`].
pub fn write_scored(model: &Model, scored: &Scored, path: &Path, ctx: &Ctx) -> Result<Written> {
    let form = form(path)?;
    let customers = &scored.customers;
    let mut grid = Grid::new(customers.len());
    grid.id("customer_id", |row| &customers.ids[row]);
    let axes = [RECENCY, FREQUENCY, MONETARY];
    for feature in customers.features.iter().filter(|f| axes.contains(&f.name.as_str())) {
        grid.number(feature.name.as_str(), |row| feature.values[row]);
    }
    for (scores, name) in scored.scores.iter().zip(["r_score", "f_score", "m_score"]) {
        grid.whole(name, |row| Some(u64::from(scores[row])).filter(|score| *score > 0));
    }
    if model.rfm.is_some() {
        grid.text("rfm_segment", |row| &scored.segments[row]);
    }
    let cluster = |row: usize| scored.clusters[row].map(|c| &model.clusters[c]);
    grid.whole("cluster", move |row| cluster(row).map(|c| c.cluster as u64));
    grid.text("segment", move |row| cluster(row).map_or("", |c| &c.segment));
    for feature in customers.features.iter().filter(|f| !axes.contains(&f.name.as_str())) {
        match &feature.names {
            Some(names) => grid.text(feature.name.as_str(), |row| {
                let value = feature.values[row];
                if value.is_finite() { names.get(value as usize).map_or("", String::as_str) } else { "" }
            }),
            None => grid.number(feature.name.as_str(), |row| feature.values[row]),
        }
    }
    let bytes = write_whole(path, |file| {
        let mut out = BufWriter::with_capacity(1 << 16, file);
        grid.write(form, CsvFor::Programs, &mut out, ctx)?;
        Ok(out.flush()?)
    })?;
    Ok(Written { path: path.to_path_buf(), bytes })
}
