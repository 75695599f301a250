//! `quintile score`: labels for new customers.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use clap::Args as ClapArgs;

use super::args::Reading;
use super::commands::{keep_sources, stop_when_asked, use_threads};
use super::progress::Progress;
use crate::recipe::Recipe;
use crate::score::{Model, Request, Scored, card, drift_in_words, score, score_values};
use crate::{export, format};

#[derive(ClapArgs)]
#[command(after_help = "\
INPUT holds transactions like those of the analysis, or one row per customer with the features of the model, such as\n\
customer_id, recency_days, frequency, monetary. Columns that are called otherwise are found by their role or a similar\n\
name, and what was taken is said; --map says so by hand.\n\n\
  quintile score results/model.json january.csv --out labels.csv\n\
  quintile score results/model.json january.csv --map InvoiceNo=order_id --out labels.parquet --drift drift.json\n\
  quintile score results/model.json january.csv --customer 17850\n\
  quintile score results/model.json --set recency_days=12 --set frequency=3 --set monetary=410")]
pub(super) struct Score {
    /// The model.json that a run wrote.
    model: PathBuf,
    /// Transactions, or one row per customer with the features of the model.
    input: Vec<PathBuf>,
    /// File for the labels: .csv, .parquet or .json.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print a card of this customer: values, scores with their cut points, segment, nearest clusters.
    #[arg(long, value_name = "ID")]
    customer: Option<String>,
    /// A value of a customer who is in no file, for a card; may be repeated.
    #[arg(long, value_name = "FEATURE=VALUE", value_parser = parse_pair)]
    set: Vec<(String, String)>,
    /// A column of the model, or a feature, and what the file calls it; may be repeated.
    #[arg(long, value_name = "OLD=NEW", value_parser = parse_pair)]
    map: Vec<(String, String)>,
    /// The day to look back from; default: the day after the file's last transaction.
    #[arg(long, value_name = "YYYY-MM-DD")]
    snapshot: Option<NaiveDate>,
    /// File for how far the customers drifted from those of the analysis, as JSON.
    #[arg(long, value_name = "FILE")]
    drift: Option<PathBuf>,
    #[command(flatten)]
    reading: Box<Reading>,
}

/// `NAME=VALUE`.
fn parse_pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() && !value.trim().is_empty() => {
            Ok((name.trim().into(), value.trim().into()))
        }
        _ => Err("write NAME=VALUE".into()),
    }
}

/// Does what the flags say; what is wrong with them is told to `usage`.
pub(super) fn run(args: Score, usage: impl Fn(&str) -> anyhow::Error) -> anyhow::Result<()> {
    use_threads(args.reading.threads)?;
    match (args.input.is_empty(), args.set.is_empty()) {
        (true, true) => return Err(usage("nothing to score: name a file, or give values with --set")),
        (false, false) => return Err(usage("give a file or values with --set, not both")),
        (true, false) if args.out.is_some() || args.drift.is_some() || !args.map.is_empty() => {
            return Err(usage("--out, --drift and --map need a file to score"));
        }
        (false, true) if args.out.is_none() && args.customer.is_none() && args.drift.is_none() => {
            return Err(usage("say what is wanted: --out FILE, --customer ID or --drift FILE"));
        }
        _ => {}
    }
    // Before anything is read: nobody waits for labels that have no place to go to.
    if args.out.is_some() && args.out == args.drift {
        return Err(usage("--out and --drift name the same file"));
    }
    let mut sources = args.input.clone();
    sources.push(args.model.clone());
    args.out.as_deref().map_or(Ok(()), export::check_scored)?;
    for target in args.out.iter().chain(&args.drift) {
        has_a_place(target)?;
        keep_sources(&sources, target)?;
    }
    let stdout = &mut std::io::stdout().lock();
    // Somebody who closed the pipe has read enough.
    let mut say = |line: &str| drop(writeln!(stdout, "{line}"));
    let model = Model::load(&args.model)?;
    if args.input.is_empty() {
        let id = args.customer.as_deref().unwrap_or("(given by hand)");
        let scored = score_values(&model, id, &args.set)?;
        card(&model, &scored, id).iter().flatten().for_each(|line| say(line));
        return Ok(());
    }
    let mut reading = Recipe::default();
    args.reading.apply(&mut reading)?;
    let request = Request { files: args.input, map: args.map, snapshot: args.snapshot };
    let progress = Arc::new(Progress::new());
    let cancel = stop_when_asked()?;
    let done = score(&model, &request, &reading, &progress.ctx("Scoring", cancel.clone()));
    progress.clear();
    let scored = done?;
    for note in &scored.notes {
        say(note);
    }
    if let Some(id) = &args.customer {
        let Some(lines) = card(&model, &scored, id) else {
            anyhow::bail!(
                "there is no customer {id:?} among the {} of the file",
                format::count(scored.customers.len())
            );
        };
        lines.iter().for_each(|line| say(line));
    } else {
        sums(&model, &scored).iter().for_each(|line| say(line));
        drift_in_words(&scored.drift).iter().for_each(|line| say(line));
    }
    for warning in &scored.warnings {
        say(&format!("! {warning}"));
    }
    if let Some(path) = &args.drift {
        export::write_file(path, |file| {
            serde_json::to_writer_pretty(&mut *file, &scored.drift)?;
            file.write_all(b"\n")
        })?;
    }
    if let Some(path) = &args.out {
        let written = export::write_scored(&model, &scored, path, &progress.ctx("Writing", cancel));
        progress.clear();
        written?;
        say(&format!("{} written to {}", format::plural(scored.customers.len(), "label", "labels"), path.display()));
    }
    Ok(())
}

/// Refuses a file whose folder is not there, or that is a folder itself.
fn has_a_place(target: &Path) -> anyhow::Result<()> {
    if target.is_dir() {
        anyhow::bail!("cannot write {}: it is a folder; add a file name", target.display());
    }
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
            anyhow::bail!("cannot write {}: there is no folder {}; make it first", target.display(), folder.display())
        }
        _ => Ok(()),
    }
}

/// How many customers each cluster got.
fn sums(model: &Model, scored: &Scored) -> Vec<String> {
    let day = scored.snapshot.map(|day| format!(", looking back from {day}")).unwrap_or_default();
    let mut out = vec![format!("{}{day}", format::plural(scored.customers.len(), "customer", "customers"))];
    for (i, cluster) in model.clusters.iter().enumerate().filter(|(_, c)| c.cluster > 0) {
        let n = scored.clusters.iter().filter(|c| **c == Some(i)).count();
        let share = format::percent(n as f64 / scored.customers.len().max(1) as f64);
        out.push(format!(
            "{:>3}  {:<34} {:>9} customers  {share:>7}",
            cluster.cluster,
            cluster.segment,
            format::count(n)
        ));
    }
    out
}
