//! What each subcommand does.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use clap::CommandFactory;
use clap::error::ErrorKind;
use signal_hook::consts::{SIGINT, SIGTERM};

use super::args::{Args, Command, Reading, Run};
use super::carry;
use super::derive::{WatchDerived, pointed};
use super::inspect;
use super::progress::Progress;
use super::score_args;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::pipeline::{Pipeline, Stage};
use crate::profile::Patterns;
use crate::recipe::Recipe;
use crate::rfm::{Migration, Movement, up_or_down};
use crate::{export, format, intake, sample, ui};

pub(super) fn run(args: Args) -> anyhow::Result<()> {
    match args.command {
        None => ui::run(args.file),
        Some(Command::Run(run)) => analyse(*run),
        Some(Command::Inspect { file, json, head, reading, roles }) => {
            use_threads(reading.threads)?;
            let mut recipe = Recipe::for_files(file);
            reading.apply(&mut recipe)?;
            roles.apply(&mut recipe);
            inspect::inspect(&recipe, json, head)
        }
        Some(Command::Convert { input, out, raw, reading }) => convert(input, &out, raw, reading),
        Some(Command::Score(score)) => {
            score_args::run(*score, |text| Args::command().error(ErrorKind::ValueValidation, text).exit())
        }
        Some(Command::Patterns { out }) => {
            export::write_file(&out, |file| file.write_all(Patterns::SHIPPED.as_bytes()))?;
            Ok(())
        }
        Some(Command::Sample { rows, seed, out }) => {
            export::write_file(&out, |file| sample::write_sample(rows, seed, file))?;
            Ok(())
        }
    }
}

/// Refuses to write over a file that is to be read.
pub(super) fn keep_sources(files: &[PathBuf], target: &Path) -> anyhow::Result<()> {
    // A target that is not there yet is none of the files.
    let Ok(place) = target.canonicalize() else { return Ok(()) };
    if files.iter().any(|f| f.canonicalize().is_ok_and(|f| f == place)) {
        anyhow::bail!("{} is itself an input, and would be overwritten; write to another file", target.display());
    }
    Ok(())
}

/// Sets the number of threads; the default is one per core.
pub(super) fn use_threads(threads: Option<u16>) -> anyhow::Result<()> {
    if let Some(n) = threads {
        rayon::ThreadPoolBuilder::new().num_threads(n.into()).build_global().context("cannot start the threads")?;
    }
    Ok(())
}

fn analyse(run: Run) -> anyhow::Result<()> {
    use_threads(run.reading.threads)?;
    let out = run.out.clone();
    let derived = run.derive.clone();
    let (called, carries_over) = (run.column.clone(), run.carries_over());
    let mut recipe = Arc::new(run.into_recipe()?);
    let usage = |text: String| Args::command().error(ErrorKind::ValueValidation, text).exit();
    if recipe.input.files.is_empty() {
        usage("no input: name a file, or give --recipe with one".into());
    }
    if let Err(error) = recipe.check() {
        usage(error.to_string());
    }
    for kind in export::ExportKind::known() {
        keep_sources(&recipe.input.files, &out.join(kind.file_name()))?;
    }
    export::check_logo(&recipe.presentation)?;
    let progress = Arc::new(Progress::new());
    let cancel = stop_when_asked()?;
    let mut said = Vec::new();
    if !called.is_empty()
        && let Some((next, how)) = carry::over(&recipe, &called, &Ctx::new(cancel.clone(), None))?
    {
        (recipe, said) = (Arc::new(next), how);
    }
    let mut pipeline = Pipeline::new();
    let mut watch = Arc::new(WatchDerived::new(progress.clone(), cancel.clone(), &recipe, &derived));
    let mut result = pipeline.run(&recipe, cancel.clone(), watch.clone());
    // Last month's names may be others this month.
    let failed =
        result.as_ref().err().filter(|stopped| stopped.error != Error::Cancelled && stopped.stage > Stage::Intake);
    if failed.is_some()
        && carries_over
        && called.is_empty()
        && watch.wrong().is_none()
        && let Some((next, how)) =
            carry::over(&recipe, &called, &Ctx::new(cancel.clone(), None)).inspect_err(|_| progress.clear())?
    {
        (recipe, said) = (Arc::new(next), how);
        watch = Arc::new(WatchDerived::new(progress.clone(), cancel.clone(), &recipe, &derived));
        result = pipeline.run(&recipe, cancel.clone(), watch.clone());
    }
    if let Some(wrong) = watch.wrong() {
        progress.clear();
        return Err(wrong);
    }
    let written = result.map_err(|stopped| stopped.error).and_then(|findings| {
        let exported = export::write_all(&findings, &out, &progress.ctx("Writing", cancel))?;
        Ok((findings, exported))
    });
    progress.clear();
    let (findings, exported) = written.map_err(pointed)?;
    let stdout = &mut std::io::stdout().lock();
    let money = findings.rfm.has_money();
    let spent = findings.rfm.customers.monetary().iter().sum();
    let total =
        if money { format!("{}, ", format::money(spent, findings.clean.currency.as_deref())) } else { String::new() };
    let k = findings.chosen.clustering.clusters();
    // Somebody who closed the pipe has read enough.
    let _ = writeln!(
        stdout,
        "{} customers, {total}{} ({})",
        format::count(findings.rfm.customers.len()),
        format::plural(k, "segment", "segments"),
        findings.chosen.chosen_by
    );
    for p in findings.profiles.iter() {
        let share = if money {
            format!("{:>7} of revenue", format::percent(p.share_of_revenue))
        } else {
            format!("{:>7} of all", format::percent(p.share_of_customers))
        };
        let (name, customers) = (&p.name, format::count(p.customers));
        let _ = writeln!(stdout, "{:>3}  {name:<34} {customers:>9} customers  {share}", p.number);
    }
    if let Some(migration) = findings.migration.as_ref() {
        let _ = writeln!(stdout, "{}", moves(migration));
    }
    for taken in &said {
        let _ = writeln!(stdout, "! {taken}");
    }
    for note in findings.rfm.notes.iter().chain(&findings.rfm.map.notes) {
        let _ = writeln!(stdout, "{note}");
    }
    for warning in [findings.warnings(), export::sql_warnings(&findings)].concat() {
        let _ = writeln!(stdout, "! {warning}");
    }
    for note in &exported.notes {
        let _ = writeln!(stdout, "{note}");
    }
    let files = format::plural(exported.written.len(), "file", "files");
    let _ = writeln!(stdout, "{files} written to {}", out.display());
    Ok(())
}

/// Who moved between two dates, on one line.
fn moves(migration: &Migration) -> String {
    let lists = up_or_down(migration);
    let [up, slipping, new, gone] =
        [Movement::Up, Movement::Slipping, Movement::New, Movement::Gone].map(|m| format::count(lists.of(m).len()));
    format!("From {} to {}: {up} moved up, {slipping} slipping, {new} new, {gone} gone", migration.from, migration.to)
}

/// A flag that the signals to stop raise, so that a run cleans up behind itself. The second one ends it at once.
pub(super) fn stop_when_asked() -> anyhow::Result<Arc<AtomicBool>> {
    let cancel = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // In this order: the first signal finds the flag down and raises it.
        signal_hook::flag::register_conditional_shutdown(signal, 1, cancel.clone())?;
        signal_hook::flag::register(signal, cancel.clone())?;
    }
    Ok(cancel)
}

fn convert(input: Vec<PathBuf>, out: &Path, raw: bool, reading: Reading) -> anyhow::Result<()> {
    use_threads(reading.threads)?;
    let mut recipe = Recipe::default();
    recipe.input.files = input;
    reading.apply(&mut recipe)?;
    keep_sources(&recipe.input.files, out)?;
    if raw {
        // Every row of the file, whatever it means.
        recipe.input.keep_totals = Some(true);
        if recipe.input.files.iter().all(|f| std::fs::metadata(f).is_ok_and(|m| m.is_file() && m.len() == 0)) {
            // Nothing is what stands in the file.
            return Ok(export::write_table(&Default::default(), out, raw, &Ctx::silent()).map(drop)?);
        }
    }
    let read = intake::read(&recipe.input, &Ctx::silent())?;
    // Scripts are promised nothing but errors on stderr; `inspect` has the warnings too.
    if std::io::stderr().is_terminal() {
        read.warnings.iter().for_each(|warning| eprintln!("quintile: {warning}"));
    }
    export::write_table(&read.table, out, raw, &Ctx::silent())?;
    Ok(())
}
