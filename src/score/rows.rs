//! Customers of another file, counted as those of the analysis were.

use std::path::PathBuf;

use chrono::NaiveDate;

use super::Model;
use super::ready::{self, loosely};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::intake::{self, Table};
use crate::project::remap::{self, How, Known, Plan};
use crate::recipe::Recipe;
use crate::rfm::{CustomerTable, Given, rfm_of};
use crate::{clean, features};

/// What to score, and how its columns are called.
#[derive(Debug, Clone, Default)]
pub struct Request {
    pub files: Vec<PathBuf>,
    /// Pairs of names: in the model, and in the file.
    pub map: Vec<(String, String)>,
    /// The day to look back from; `None`: the day after the file's last one.
    pub snapshot: Option<NaiveDate>,
}

/// Customers with their features, and how they came about.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub customers: CustomerTable,
    pub snapshot: Option<NaiveDate>,
    /// Which columns were taken for what, and the like, as sentences.
    pub notes: Vec<String>,
    pub warnings: Vec<String>,
}

/// Reads the file and counts its customers. A table that has the features already, one row per customer, is taken as it
/// is.
///
/// # Errors
/// The file cannot be read, columns are missing (all that is needed and found is named), or nothing is left of it.
pub(super) fn customers(model: &Model, request: &Request, reading: &Recipe, ctx: &Ctx) -> Result<Counted> {
    // How the file is read may be said on the command line; the rest is the model's.
    let mut recipe = model.source.recipe.clone();
    let (own, given) = (&mut recipe.input, &reading.input);
    macro_rules! take {
        ($($field:ident),*) => {
            $(if given.$field.is_some() {
                own.$field = given.$field.clone();
            })*
        };
    }
    take!(sheet, delimiter, encoding, quote, escape, skip_rows, header, header_rows, decimal, combine, keep_totals);
    let (input, there, head) = remap::read(&recipe, request.files.clone(), &ctx.part(0.0, 0.1))?;
    let mut plan = remap::plan(&recipe, Known::default(), input, &there, head, &ctx.part(0.1, 0.15))?;
    let ready = ready::matched(model, &there.table, &request.map);
    let mapped_features = request.map.iter().any(|(old, _)| ready::is_feature(model, old));
    // Rows of sales have a date and money, which a table of features lacks.
    let of_features = ready.is_ok() && (mapped_features || !plan.can_run());
    if of_features && let Ok(matched) = &ready {
        let whole = if head { intake::read(&plan.input, &ctx.part(0.15, 0.8))? } else { (*there).clone() };
        return ready::customers(model, &whole, matched, &request.map, ctx);
    }
    if let (true, Err(wrong)) = (mapped_features, ready) {
        return Err(wrong);
    }
    choose(&mut plan, &request.map, &there.table)?;
    complete(&plan, model, &there.table)?;
    let mut recipe = remap::without_dates(remap::apply(&recipe, &plan, None));
    recipe.rfm.snapshot = request.snapshot;
    let mut out = count(&recipe, ctx)?;
    out.notes = taken(&plan);
    if let (Some(day), None) = (model.source.recipe.rfm.snapshot, request.snapshot) {
        out.notes.push(format!(
            "The analysis looked back from {day}, these customers are looked at from the day after their last purchase of \
             all. Give --snapshot {day} for the same day."
        ));
    }
    Ok(out)
}

/// Takes the columns that the user names.
fn choose(plan: &mut Plan, map: &[(String, String)], table: &Table) -> Result<()> {
    for (old, new) in map {
        let Some(at) = plan.columns.iter().position(|m| loosely(&m.needed.column) == loosely(old)) else {
            let needed: Vec<&str> = plan.columns.iter().map(|m| m.needed.column.as_str()).collect();
            return Err(Error::data(format!("the model needs no column {old:?}; it needs {}", needed.join(", "))));
        };
        let found = table.columns.iter().find(|c| loosely(&c.name) == loosely(new)).ok_or_else(|| {
            Error::data(format!("there is no column {new:?} to take for {old:?}; the file has {}", names(table)))
        })?;
        plan.choose(at, Some(found.name.clone()));
    }
    Ok(())
}

fn names(table: &Table) -> String {
    table.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// # Errors
/// Columns are missing, or one stands for two.
fn complete(plan: &Plan, model: &Model, table: &Table) -> Result<()> {
    if let Some((column, [a, b])) = plan.twice() {
        return Err(Error::data(format!(
            "the column {column:?} would stand for both {a:?} and {b:?}; say which with --map {a}=COLUMN"
        )));
    }
    let lacking = plan.lacking();
    if lacking.is_empty() {
        return Ok(());
    }
    let needed: Vec<String> =
        plan.columns.iter().map(|m| format!("{} ({})", m.needed.column, m.needed.purposes.join(", "))).collect();
    let missing: Vec<&str> = lacking.iter().map(|u| u.column.as_str()).collect();
    let features: Vec<&str> = model.features.iter().map(|f| f.name.as_str()).collect();
    Err(Error::data(format!(
        "the file has no column for {}; the model needs {}, or one row per customer with {}. The file has {}. Say what stands for what with --map {}=COLUMN",
        missing.join(", "),
        needed.join(", "),
        features.join(", "),
        names(table),
        missing[0]
    )))
}

/// Which columns of another name were taken, as sentences.
fn taken(plan: &Plan) -> Vec<String> {
    let one = |m: &remap::Matched| {
        let (to, how) = m.to.as_ref()?;
        (*how != How::Same).then(|| format!("{to:?} is taken for {:?} ({}).", m.needed.column, how.words()))
    };
    plan.columns.iter().filter_map(one).collect()
}

/// The stages from file to features.
fn count(recipe: &Recipe, ctx: &Ctx) -> Result<Counted> {
    let intake = intake::read(&recipe.input, &ctx.part(0.15, 0.5))?;
    let prepared = clean::prepare(&intake.table, &recipe.clean.steps, &ctx.part(0.5, 0.55))?;
    let roles = intake::roles::find(&prepared.table, &recipe.roles, &ctx.part(0.55, 0.6))?;
    let (cleaned, counted) = if roles.shape.is_of_customers() {
        let cleaned = crate::rfm::clean_customers(&prepared, &roles, &ctx.part(0.6, 0.7))?;
        let given = Given { table: &prepared.left(), roles: &roles, clean: &cleaned };
        let counted = given.customers(&features::without_appended(recipe), &ctx.part(0.7, 0.8))?;
        (cleaned, counted)
    } else {
        let part = ctx.part(0.6, 0.7);
        let cleaned = clean::clean_prepared(&prepared, &roles, &recipe.clean, recipe.rfm.snapshot, &part)?;
        let counted = rfm_of(&cleaned, &recipe.rfm, &recipe.clean, &recipe.customers, &ctx.part(0.7, 0.8))?;
        (cleaned, counted)
    };
    let known = features::Known { prepared: &prepared, roles: &roles, clean: &cleaned };
    let rfm = features::enrich(&known, &counted, recipe, &ctx.part(0.8, 0.9))?;
    let warnings = [intake.warnings, prepared.warnings.clone(), cleaned.warnings.clone()].concat();
    Ok(Counted { customers: rfm.customers, snapshot: rfm.snapshot, notes: Vec::new(), warnings })
}
