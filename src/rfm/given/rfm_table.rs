//! A table that has recency, frequency and monetary of each customer.

use super::Given;
use super::axes::Axes;
use super::candidates::{self, Candidate};
use super::people::People;
use crate::clean::FunnelStep;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::exact::ExactSum;
use crate::format::plural;
use crate::intake::Column;
use crate::recipe::Recipe;
use crate::rfm::scored::{empty_scores, score};
use crate::rfm::{CustomerTable, FREQUENCY, Feature, MONETARY, RECENCY, RfmOut, Unit};

/// The customers with their scores. Customers without a number for an axis are left out and counted, as are those who
/// spent nothing where the recipe sets them aside.
pub(super) fn build(given: Given, mut people: People, recipe: &Recipe, ctx: &Ctx) -> Result<RfmOut> {
    let shape = &given.roles.shape;
    let column = |name: &Option<String>| name.as_deref().and_then(|name| given.table.column(name));
    let (Some(recency), Some(frequency)) = (column(&shape.recency), column(&shape.frequency)) else {
        return Err(Error::data("an RFM table needs columns for recency and frequency; name them"));
    };
    let axes = match column(&shape.age) {
        Some(age) => Axes::of_repeat_buying(recency, frequency, age, &people),
        None => Axes::plain(recency, frequency, &people, given.roles, recipe.rfm.snapshot)?,
    };
    let mut warnings = axes.warnings.clone();
    if recipe.rfm.window_days.is_some() {
        warnings.push("A window needs transactions; it has no effect on a table that is counted already.".into());
    }
    let money = column(&shape.monetary);
    let spent = money.map(|column| people.numbers(column));
    ctx.tick(1, 4)?;

    // Which further columns are wanted decides who can be clustered.
    let axis_columns: Vec<&str> = [Some(recency), Some(frequency), money, column(&shape.age)]
        .into_iter()
        .flatten()
        .map(|c| c.name.as_str())
        .collect();
    let others = Candidate::all(given.table, given.roles, &axis_columns);
    let names: &[String] = recipe.features.columns.as_deref().unwrap_or(&[]);
    let wanted: Vec<usize> = (0..others.len()).filter(|&i| names.iter().any(|n| others[i].is_called(n))).collect();
    let wanted_values: Vec<Vec<f64>> = wanted.iter().map(|&i| people.numbers(others[i].column)).collect();

    let readable = |i: usize| {
        axes.recency[i] >= 0.0
            && axes.frequency[i] >= 0.0
            && spent.as_ref().is_none_or(|s| s[i].is_finite())
            && axes.recency[i].is_finite()
            && axes.frequency[i].is_finite()
            && wanted_values.iter().all(|values| values[i].is_finite())
    };
    let read: Vec<bool> = (0..people.ids.len()).map(readable).collect();
    let aside = recipe.clean.set_aside_not_positive;
    let positive = |i: usize| spent.as_ref().is_none_or(|s| s[i] > 0.0);
    let keep: Vec<bool> = (0..read.len()).map(|i| read[i] && (!aside || positive(i))).collect();
    let mut funnel = given.clean.funnel.clone();
    let unreadable = read.iter().filter(|r| !**r).count();
    let note = match unreadable {
        0 => "No customer without a usable number".into(),
        n => format!("{} without a usable number removed", plural(n, "customer", "customers")),
    };
    funnel.push(step("values_present", "Features present", true, &read, spent.as_deref(), note));
    if unreadable > 0 {
        let of = if wanted.is_empty() { "recency, frequency or monetary" } else { "one of the features" };
        warnings.push(format!(
            "{} no usable number for {of}; left out.",
            plural(unreadable, "customer has", "customers have")
        ));
    }
    if spent.is_some() {
        let n = (0..read.len()).filter(|&i| read[i] && !positive(i)).count();
        let customers = plural(n, "customer", "customers");
        let note = if aside {
            format!("{customers} with a spend of zero or less set aside")
        } else {
            format!("Switched off; {customers} with a spend of zero or less stay")
        };
        funnel.push(step("net_positive", "Net spend above zero", aside, &keep, spent.as_deref(), note));
    }
    if !keep.contains(&true) {
        let columns = axis_columns.iter().map(|c| format!("{c:?}")).collect::<Vec<_>>().join(", ");
        return Err(Error::data(if read.contains(&true) {
            format!(
                "no customer is left: nobody has a spend above zero in {columns}; look at the sign of the amounts, or keep \
                 customers without net spend"
            )
        } else {
            format!("no customer is left: none has usable numbers in {columns}; look at the columns and at their roles")
        }));
    }
    ctx.tick(2, 4)?;

    people.keep(&keep);
    let pick = |values: &[f64]| values.iter().zip(&keep).filter(|(_, k)| **k).map(|(v, _)| *v).collect::<Vec<f64>>();
    let mut features = vec![
        axis(
            RECENCY,
            "Recency",
            Unit::Days,
            format!("Days since the last purchase, {}; low is good.", axes.recency_from),
            pick(&axes.recency),
        ),
        axis(
            FREQUENCY,
            "Frequency",
            Unit::Count,
            format!("Number of purchases, {}.", axes.frequency_from),
            pick(&axes.frequency),
        ),
    ];
    if let (Some(column), Some(spent)) = (money, &spent) {
        let definition = format!("Money spent, as counted in {:?}.", column.name);
        features.push(axis(MONETARY, "Monetary", Unit::Money, definition, pick(spent)));
    }
    let usual: Vec<String> = features.iter().map(|f| f.name.clone()).collect();
    let mut notes = vec![which(&features, &others, recency, frequency, money)];
    candidates::append(&mut features, &others, &wanted, &people);
    let table = CustomerTable { ids: std::sync::Arc::new(std::mem::take(&mut people.ids)), features };
    let scored = score(&table, &recipe.rfm)?;
    warnings.extend(empty_scores(&table, &scored.scores));
    notes.extend(scored.notes);
    let value = candidates::value(&table.features);
    if money.is_none() {
        notes.push(candidates::order_note(&table.features, value));
    }
    ctx.tick(4, 4)?;
    Ok(RfmOut {
        customers: table,
        scores: scored.scores,
        map: scored.map,
        segment: scored.segment,
        snapshot: axes.snapshot,
        first_day: axes.days.map(|d| d.0),
        last_day: axes.days.map(|d| d.1),
        frequency_of: "purchases",
        usual,
        value,
        funnel,
        notes,
        warnings,
    })
}

fn axis(name: &str, label: &str, unit: Unit, definition: String, values: Vec<f64>) -> Feature {
    Feature::new(name, label, definition, unit, values)
}

/// Which column is which axis, and what else there is.
fn which(
    features: &[Feature],
    others: &[Candidate],
    recency: &Column,
    frequency: &Column,
    money: Option<&Column>,
) -> String {
    let columns = [Some(recency), Some(frequency), money].into_iter().flatten();
    let parts: Vec<String> =
        features.iter().zip(columns).map(|(f, c)| format!("{} is {:?}", f.label.to_lowercase(), c.name)).collect();
    let mut text = format!("One row per customer: {}.", parts.join(", "));
    let usable: Vec<String> = others.iter().filter(|o| o.is_usable()).map(|o| o.name.clone()).collect();
    if !usable.is_empty() {
        text.push_str(&format!(" Further numbers that can be chosen as features: {}.", candidates::list(&usable)));
    }
    text
}

/// A step of the funnel that keeps some customers.
fn step(id: &str, step: &str, on: bool, kept: &[bool], spent: Option<&[f64]>, note: String) -> FunnelStep {
    let customers = kept.iter().filter(|k| **k).count();
    let sum =
        |spent: &[f64]| spent.iter().zip(kept).filter(|(_, k)| **k).map(|(v, _)| *v).collect::<ExactSum>().value();
    FunnelStep {
        id: id.into(),
        step: step.into(),
        rows: customers,
        customers,
        amount: spent.map_or(f64::NAN, sum),
        note,
        on,
        ..FunnelStep::default()
    }
}
