//! Some customers with everything that is known of each, before or after clustering.

use std::io::{self, Write};

use super::csv::CsvWriter;
use super::customers::{axes, further, names};
use crate::cluster::Chosen;
use crate::profile::Profile;
use crate::recipe::CsvFor;
use crate::rfm::{Feature, RfmOut};

/// Writes the customers at these places of the customer table as CSV for `whom`, with the columns of `customers.csv`. What the
/// table does not know is empty, as are the clusters where there are none.
///
/// # Errors
/// Of the writer.
pub fn write_customers(
    rfm: &RfmOut,
    clusters: Option<(&Chosen, &[Profile])>,
    places: &[u32],
    whom: CsvFor,
    out: &mut dyn Write,
) -> io::Result<()> {
    let table = &rfm.customers;
    let (axes, further) = (axes(table), further(table));
    let mut csv = CsvWriter::for_whom(out, whom);
    for name in names(table) {
        csv.text(&name);
    }
    csv.end()?;
    for row in places.iter().map(|&place| place as usize) {
        csv.id(&table.ids[row]);
        for feature in &axes {
            csv.number(feature.map_or(f64::NAN, |f| f.values[row]));
        }
        for axis in 0..3 {
            match rfm.scores.get(axis) {
                Some(axis) => csv.whole(u64::from(axis.scores[row])),
                None => csv.text(""),
            }
        }
        csv.text(rfm.segment.get(row).map_or("", |&s| &rfm.map.segments[s as usize].name));
        match clusters.map(|(chosen, profiles)| (chosen, chosen.clustering.labels[row], profiles)) {
            Some((chosen, label, profiles)) => {
                csv.whole(chosen.clustering.number(label) as u64);
                csv.text(profiles.get(label as usize).map_or("", |p| &p.name));
            }
            None => {
                csv.text("");
                csv.text("");
            }
        }
        for feature in &further {
            value(&mut csv, feature, row);
        }
        csv.end()?;
    }
    csv.finish()
}

/// A number, or the word that it stands for.
fn value(csv: &mut CsvWriter<&mut dyn Write>, feature: &Feature, row: usize) {
    let value = feature.values[row];
    match &feature.names {
        Some(names) => csv.text(if value >= 0.0 { names.get(value as usize).map_or("", String::as_str) } else { "" }),
        None => csv.number(value),
    }
}
