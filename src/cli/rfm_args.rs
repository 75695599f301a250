//! The flags about recency, frequency and monetary.

use std::path::Path;

use anyhow::Context;
use chrono::NaiveDate;
use clap::Args as ClapArgs;

use super::args::{set, set_some};
use crate::recipe::{Binning, FrequencyUnit, Recipe, ScoreCuts};
use crate::rfm::{MapFile, SegmentMap};

#[derive(ClapArgs)]
#[command(next_help_heading = "RFM")]
pub(super) struct RfmFlags {
    /// The day to look back from; default: the day after the last transaction.
    #[arg(long, value_name = "DATE")]
    snapshot: Option<NaiveDate>,
    /// Look back this many days only.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    window: Option<u32>,
    /// Keep customers without a purchase in the window (recency = window + 1, frequency 0, monetary 0).
    #[arg(long)]
    keep_inactive: bool,
    /// What counts as one: auto, invoices, days or rows.
    #[arg(long)]
    frequency: Option<FrequencyUnit>,
    /// Cut points of the scores: quantile or rfm-package.
    #[arg(long)]
    score_cuts: Option<ScoreCuts>,
    /// Number of scores per axis, 3 to 10; default 5.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(3..=10))]
    rfm_bins: Option<u32>,
    /// independent, or nested: frequency within each recency score, monetary within each of both.
    #[arg(long)]
    rfm_binning: Option<Binning>,
    /// From scores to segments: grid25, codes125, classic11, rfm-package, or a file with a map of your own.
    #[arg(long, value_name = "NAME|FILE")]
    rfm_map: Option<String>,
    /// Another snapshot date: adds migration.csv, which says who moved between segments.
    #[arg(long, value_name = "DATE")]
    compare_to: Option<NaiveDate>,
}

impl RfmFlags {
    /// Writes the flags into a recipe.
    ///
    /// # Errors
    /// The segment map is neither one that comes with the program nor a file with a map that can be used.
    pub(super) fn apply(self, recipe: &mut Recipe) -> anyhow::Result<()> {
        let rfm = &mut recipe.rfm;
        set_some(&mut rfm.snapshot, self.snapshot);
        set_some(&mut rfm.window_days, self.window);
        rfm.keep_inactive |= self.keep_inactive;
        set(&mut rfm.frequency, self.frequency);
        set(&mut rfm.score_cuts, self.score_cuts);
        set(&mut rfm.scores, self.rfm_bins);
        set(&mut rfm.binning, self.rfm_binning);
        set_some(&mut rfm.compare_to, self.compare_to);
        if let Some(map) = self.rfm_map {
            let names = SegmentMap::names();
            let wanted = map.to_lowercase().replace('-', "_");
            match names.iter().find(|(name, _)| *name == wanted) {
                Some((name, _)) => (rfm.map, rfm.own_map) = (name.to_string(), None),
                None => rfm.own_map = Some(own_map(&map)?),
            }
        }
        Ok(())
    }
}

/// The map in a file, proved.
fn own_map(path: &str) -> anyhow::Result<MapFile> {
    let text = std::fs::read_to_string(Path::new(path)).with_context(|| {
        let names: Vec<&str> = SegmentMap::names().into_iter().map(|(name, _)| name).collect();
        format!("{path:?} is none of {}, and cannot be read as a file with a segment map", names.join(", "))
    })?;
    let file = MapFile::from_toml(&text).with_context(|| path.to_string())?;
    SegmentMap::from_file(&file).with_context(|| path.to_string())?;
    Ok(file)
}
