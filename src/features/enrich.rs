//! Further features of each customer: ready-made ones that are chosen, and those that the user defined.

use super::calculate::{customers::Calculator, names_in};
use super::engagement::{self, ReadyMade};
use crate::clean::{CleanOut, Prepared};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::intake::RolesOut;
use crate::recipe::{Formula, Recipe};
use crate::rfm::{CustomerTable, RfmOut};

/// What features are worked out from, beside the customers themselves.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    pub prepared: &'a Prepared,
    pub roles: &'a RolesOut,
    pub clean: &'a CleanOut,
}

/// The customers with the features that the recipe asks for appended: first the ready-made ones that are chosen to
/// cluster by or that a calculation uses, in their own order, then the calculated ones, in the order of the recipe. A
/// calculation may use everything before it.
///
/// # Errors
/// A ready-made feature that these data do not allow; a calculation that makes no sense, with its name and place;
/// [`Error::Cancelled`].
pub fn enrich(known: &Known, counted: &RfmOut, recipe: &Recipe, ctx: &Ctx) -> Result<RfmOut> {
    let wanted = wanted(known, &counted.customers, recipe)?;
    let mut out = counted.clone();
    if wanted.is_empty() && recipe.features.calculate.is_empty() {
        return Ok(out);
    }
    if out.usual.is_empty() {
        // What is added is not clustered by unless it is chosen.
        out.usual = out.customers.features.iter().map(|f| f.name.clone()).collect();
    }
    out.customers.features.extend(engagement::some(known, counted, recipe, &wanted, &ctx.part(0.0, 0.5))?);
    let calculator = Calculator::new(known, counted, recipe, None);
    let n = recipe.features.calculate.len();
    for (i, calculation) in recipe.features.calculate.iter().enumerate() {
        let share = |i: usize| 0.5 + 0.5 * i as f32 / n as f32;
        let more = calculator.features(calculation, &out.customers, &ctx.part(share(i), share(i + 1)))?;
        out.customers.features.extend(more);
    }
    Ok(out)
}

/// The ready-made features that are asked for, by name or by a calculation.
fn wanted(known: &Known, table: &CustomerTable, recipe: &Recipe) -> Result<Vec<ReadyMade>> {
    let mut out = Vec::new();
    let mut add = |name: &str| -> Result<()> {
        // A column of the user's own goes before a ready-made feature of the same name.
        if table.position(name).is_some() {
            return Ok(());
        }
        if let Some(one) = ReadyMade::called(name).filter(|one| !out.contains(one)) {
            available(known, one)?;
            out.push(one);
        }
        Ok(())
    };
    for name in recipe.features.columns.iter().flatten() {
        add(name)?;
    }
    for calculation in &recipe.features.calculate {
        match &calculation.formula {
            // What is wrong with an expression is said when its turn comes.
            Formula::Expression { expression } => {
                for name in names_in(expression).unwrap_or_default() {
                    // A column of the table may be called so and be meant within an aggregate.
                    if known.prepared.table.position(&name).is_none() {
                        add(&name)?;
                    }
                }
            }
            Formula::Aggregate { .. } => {}
            formula => {
                for name in formula.columns() {
                    add(name)?;
                }
            }
        }
    }
    Ok(out)
}

/// Whether a feature of this name is appended to the customers: it is calculated, or ready-made. The customers
/// themselves do not depend on it.
pub fn is_appended(name: &str, recipe: &Recipe) -> bool {
    let same = |own: &str| own.trim().eq_ignore_ascii_case(name.trim());
    let calculated = recipe.features.calculate.iter().any(|c| match &c.formula {
        Formula::OneHot { .. } => {
            let start = format!("{}_", c.name.trim()).to_lowercase();
            name.trim().to_lowercase().starts_with(&start)
        }
        _ => same(&c.name),
    });
    calculated || engagement::is_name(name)
}

/// The recipe as the customers themselves depend on it: without the names of features that are appended later. `None`
/// for the names where none is left, which stands for the usual ones.
pub fn without_appended(recipe: &Recipe) -> Recipe {
    let mut out = recipe.clone();
    out.features.columns = recipe.features.columns.as_ref().and_then(|names| {
        let left: Vec<String> = names.iter().filter(|name| !is_appended(name, recipe)).cloned().collect();
        (!left.is_empty()).then_some(left)
    });
    out
}

fn available(known: &Known, one: ReadyMade) -> Result<()> {
    if engagement::available(known).contains(&one) {
        return Ok(());
    }
    let label = one.label();
    Err(Error::Recipe(match one.needs() {
        Some(role) if !known.roles.shape.is_of_customers() => format!(
            "{label} needs a column for the role {}; choose it in the Data panel, or leave the feature out",
            role.label().to_lowercase()
        ),
        _ => format!("{label} is counted from purchases, and this table has one row per customer; leave it out"),
    }))
}
