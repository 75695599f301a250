//! A table that describes customers by numbers of any kind.

use super::Given;
use super::candidates::{Candidate, Verdict, append, list, order_note, value};
use super::people::People;
use crate::clean::FunnelStep;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::format::{count, plural};
use crate::intake::kind::ColumnKind;
use crate::recipe::Recipe;
use crate::rfm::{CustomerTable, RfmOut, SegmentMap};

/// Features that are taken unasked; more make clusters that nobody can describe.
const MOST_USUAL: usize = 20;

/// The customers with the features that were asked for, or else with the usual ones: columns of numbers with more than
/// two values that are no id, no code and seldom missing. Customers without a number in one of them are left out and
/// counted.
pub(super) fn build(given: Given, mut people: People, recipe: &Recipe, ctx: &Ctx) -> Result<RfmOut> {
    let candidates = Candidate::all(given.table, given.roles, &[]);
    ctx.tick(1, 4)?;
    let (chosen, mut notes) = match &recipe.features.columns {
        Some(names) => asked_for(given, &candidates, names)?,
        None => usual(given, &candidates)?,
    };

    let mut missing = vec![0usize; chosen.len()];
    let mut keep = vec![true; people.ids.len()];
    for (count, &at) in missing.iter_mut().zip(&chosen) {
        ctx.tick(2, 4)?;
        for (keep, value) in keep.iter_mut().zip(people.numbers(candidates[at].column)) {
            *count += usize::from(!value.is_finite());
            *keep &= value.is_finite();
        }
    }
    let left = keep.iter().filter(|k| **k).count();
    let lost = keep.len() - left;
    let mut worst: Vec<(usize, &str)> = missing
        .iter()
        .zip(&chosen)
        .filter(|(n, _)| **n > 0)
        .map(|(n, &at)| (*n, candidates[at].name.as_str()))
        .collect();
    worst.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    let which: Vec<String> = worst.iter().take(5).map(|(n, name)| format!("{name} {}", count(*n))).collect();
    if left == 0 {
        return Err(Error::data(format!(
            "no customer has a number in every feature (missing: {}); leave out the column that is missing most",
            which.join(", ")
        )));
    }
    let mut funnel = given.clean.funnel.clone();
    funnel.push(FunnelStep {
        id: "values_present".into(),
        step: "Features present".into(),
        rows: left,
        customers: left,
        amount: f64::NAN,
        note: match lost {
            0 => "Every customer has a number in every feature".into(),
            n => format!("{} without a number removed ({})", plural(n, "customer", "customers"), which.join(", ")),
        },
        on: true,
        ..FunnelStep::default()
    });
    let mut warnings = Vec::new();
    if lost > 0 {
        warnings.push(format!(
            "{} no number in a feature ({}); left out.",
            plural(lost, "customer has", "customers have"),
            which.join(", ")
        ));
    }
    people.keep(&keep);
    let mut features = Vec::new();
    append(&mut features, &candidates, &chosen, &people);
    let usual: Vec<String> = chosen.iter().map(|&at| candidates[at].name.clone()).collect();
    let value = value(&features);
    notes.push(order_note(&features, value));
    notes
        .push("There are no purchases in a table of customers, so there are no RFM scores and no RFM segments.".into());
    ctx.tick(4, 4)?;
    Ok(RfmOut {
        customers: CustomerTable { ids: std::sync::Arc::new(people.ids), features },
        scores: Vec::new(),
        map: SegmentMap::of(&recipe.rfm)?,
        segment: Vec::new(),
        snapshot: None,
        first_day: None,
        last_day: None,
        frequency_of: "",
        usual,
        value,
        funnel,
        notes,
        warnings,
    })
}

/// The columns of these names.
fn asked_for(given: Given, candidates: &[Candidate], names: &[String]) -> Result<(Vec<usize>, Vec<String>)> {
    let mut chosen = Vec::new();
    for name in names {
        let Some(at) = candidates.iter().position(|c| c.is_called(name)) else {
            let loose = name.trim().to_lowercase();
            let column = given.table.columns.iter().find(|c| c.name.trim().to_lowercase() == loose);
            let numbers: Vec<String> = candidates.iter().map(|c| c.name.clone()).collect();
            let numbers = if numbers.is_empty() { "none".into() } else { list(&numbers) };
            return Err(Error::Recipe(match column {
                Some(column) => format!(
                    "{:?} cannot be a feature, as it holds {}; the columns of numbers are {numbers}",
                    column.name,
                    what(&column.kind)
                ),
                None => format!(
                    "the table has no column {name:?} to take as a feature; the columns of numbers are {numbers}"
                ),
            }));
        };
        if !chosen.contains(&at) {
            chosen.push(at);
        }
    }
    chosen.sort_unstable();
    let names: Vec<String> = chosen.iter().map(|&at| candidates[at].name.clone()).collect();
    let note = format!("Customers are described by {}, as you chose.", list(&names));
    Ok((chosen, vec![note]))
}

/// The columns that are taken unasked, and what is said about them and the others.
fn usual(given: Given, candidates: &[Candidate]) -> Result<(Vec<usize>, Vec<String>)> {
    let of = |verdicts: &[Verdict]| -> Vec<usize> {
        (0..candidates.len()).filter(|&at| verdicts.contains(&candidates[at].verdict)).take(MOST_USUAL).collect()
    };
    let mut chosen = of(&[Verdict::Usual]);
    if chosen.is_empty() {
        // Better flags than nothing.
        chosen = of(&[Verdict::Flag, Verdict::Code, Verdict::MostlyMissing]);
    }
    if chosen.is_empty() && given.table.rows < 3 {
        return Err(Error::data(format!(
            "clustering needs at least 3 customers, but the table has only {}",
            plural(given.table.rows, "row", "rows")
        )));
    }
    if chosen.is_empty() {
        let columns: Vec<String> =
            given.table.columns.iter().map(|c| format!("{} ({})", c.name, what(&c.kind))).collect();
        return Err(Error::data(format!(
            "nothing describes the customers: no column holds numbers that differ between them. The columns are {}. \
             For a table of purchases, name the columns of the customer, the date and the amount and say that each row \
             is a purchase (--shape transactions).",
            list(&columns)
        )));
    }
    let names: Vec<String> = chosen.iter().map(|&at| candidates[at].name.clone()).collect();
    let mut notes = vec![format!(
        "Customers are described by {}: {}.",
        plural(names.len(), "column of numbers", "columns of numbers"),
        list(&names)
    )];
    let left_out = |verdict| {
        let names: Vec<String> = (0..candidates.len())
            .filter(|at| !chosen.contains(at) && candidates[*at].verdict == verdict)
            .map(|at| candidates[at].name.clone())
            .collect();
        (!names.is_empty()).then(|| format!("{} ({})", list(&names), verdict.why()))
    };
    let verdicts =
        [Verdict::Usual, Verdict::Flag, Verdict::Code, Verdict::MostlyMissing, Verdict::Constant, Verdict::Id];
    let parts: Vec<String> = verdicts.into_iter().filter_map(left_out).collect();
    if !parts.is_empty() {
        notes.push(format!("Not taken unless you name them: {}.", parts.join("; ")));
    }
    Ok((chosen, notes))
}

/// What a column holds, in words.
fn what(kind: &ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => "text",
        ColumnKind::Empty => "nothing",
        ColumnKind::Date { .. } => "dates",
        ColumnKind::Number { .. } => "numbers",
    }
}
