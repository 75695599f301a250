//! `customers.csv`: one row per customer.

use super::source::Source;
use super::tables::Grid;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::rfm::{CustomerTable, FREQUENCY, Feature, MONETARY, RECENCY};

/// Customers in table order (sorted by id), all of them or those of one segment by its place in the profiles: the ten
/// columns that other programs rely on, then the further features, and last how firmly they belong to their cluster where
/// the algorithm knows. `cluster` counts from 1, 0 is no cluster. What the table does not know is empty.
pub(super) fn grid<'a>(source: &'a Source<'a>, segment: Option<u32>, ctx: &Ctx) -> Result<Grid<'a>> {
    let findings = source.findings;
    let rfm = &findings.rfm;
    let table = &rfm.customers;
    let (clustering, profiles) = (&findings.chosen.clustering, &findings.profiles);
    let labels = &clustering.labels;
    let mut names = names(table).into_iter();
    let mut next = || names.next().unwrap_or_default();
    let mut grid = Grid::new(table.len());
    grid.id(next(), |row| &table.ids[row]);
    for feature in axes(table) {
        grid.number(next(), move |row| feature.map_or(f64::NAN, |f| f.values[row]));
    }
    for axis in 0..3 {
        let scores = rfm.scores.get(axis);
        grid.whole(next(), move |row| scores.map(|axis| u64::from(axis.scores[row])));
    }
    grid.text(next(), |row| rfm.segment.get(row).map_or("", |&s| &rfm.map.segments[s as usize].name));
    grid.whole(next(), |row| Some(clustering.number(labels[row]) as u64));
    grid.text(next(), |row| &profiles[labels[row] as usize].name);
    for feature in further(table) {
        match &feature.names {
            Some(_) => grid.text(next(), move |row| word(feature, row)),
            None => grid.number(next(), move |row| feature.values[row]),
        }
    }
    if let Some((name, values)) = source.belonging(ctx)? {
        grid.number(*name, |row| values[row]);
    }
    Ok(match segment {
        None => grid,
        Some(place) => grid.only((0..table.len() as u32).filter(|&row| labels[row as usize] == place).collect()),
    })
}

/// The word of a customer; empty where there is none.
pub(super) fn word(feature: &Feature, row: usize) -> &str {
    let value = feature.values[row];
    let names = feature.names.as_ref().filter(|_| value.is_finite());
    names.and_then(|names| names.get(value as usize)).map_or("", String::as_str)
}

/// Column names of a customer table as it is written.
pub(super) fn names(table: &CustomerTable) -> Vec<String> {
    let mut names: Vec<String> = [
        "customer_id",
        "recency_days",
        "frequency",
        "monetary",
        "r_score",
        "f_score",
        "m_score",
        "rfm_segment",
        "cluster",
        "segment",
    ]
    .map(String::from)
    .into();
    names.extend(further(table).iter().map(|f| f.name.clone()));
    names
}

/// Recency, frequency and monetary, as far as the table has them.
pub(super) fn axes(table: &CustomerTable) -> [Option<&Feature>; 3] {
    [RECENCY, FREQUENCY, MONETARY].map(|name| table.features.iter().find(|f| f.name == name))
}

/// The other features.
pub(super) fn further(table: &CustomerTable) -> Vec<&Feature> {
    table.features.iter().filter(|f| ![RECENCY, FREQUENCY, MONETARY].contains(&f.name.as_str())).collect()
}
