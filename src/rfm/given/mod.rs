//! Tables that have one row per customer already: they enter at the waist, without transactions.
//!
//! An RFM table brings recency, frequency and monetary and is scored like counted transactions. A plain table of
//! customers brings its numbers. Both are the same to everything that follows.

mod axes;
mod candidates;
mod customer_table;
mod people;
mod rfm_table;

use crate::clean::{self, CleanOut, FunnelStep, Prepared, Transactions};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::exact::ExactSum;
use crate::format::plural;
use crate::intake::kind::ColumnKind;
use crate::intake::{Column, RolesOut, Table};
use crate::recipe::{Recipe, TableShape};

use self::people::People;
use super::RfmOut;
use super::picked::Picked;

/// A table with one row per customer, and what was found out about it.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    pub table: &'a Table,
    pub roles: &'a RolesOut,
    pub clean: &'a CleanOut,
}

impl Given<'_> {
    /// The customers with their features; for RFM tables scores and segments too.
    ///
    /// # Errors
    /// No customer is left, no column of numbers can describe customers, or the recipe names a feature that the table
    /// does not have.
    pub fn customers(self, recipe: &Recipe, ctx: &Ctx) -> Result<RfmOut> {
        let mut people = People::of(self.table, self.roles, ctx)?;
        let picked = Picked::of(&people.ids, &recipe.customers);
        let Some(keep) = &picked.keep else { return self.build(people, recipe, ctx) };
        people.keep(keep);
        if people.ids.is_empty() {
            return Err(Error::data(
                "no customer is left: none of those that the analysis is limited to is in the table",
            ));
        }
        let money = self.roles.shape.monetary.as_deref().and_then(|name| self.table.column(name));
        let spent = money.map_or(f64::NAN, |column| people.numbers(column).into_iter().collect::<ExactSum>().value());
        let mut clean = self.clean.clone();
        clean.funnel.push(picked.step(people.ids.len(), people.ids.len(), spent));
        let mut out = Given { clean: &clean, ..self }.build(people, recipe, ctx)?;
        out.warnings.extend(picked.warnings);
        Ok(out)
    }

    fn build(self, people: People, recipe: &Recipe, ctx: &Ctx) -> Result<RfmOut> {
        match self.roles.shape.shape {
            TableShape::RfmTable => rfm_table::build(self, people, recipe, ctx),
            _ => customer_table::build(self, people, recipe, ctx),
        }
    }
}

/// The row of each customer of a table with one row per customer. `ids` are those of the customer table, which may leave
/// some out.
///
/// # Errors
/// [`Error::Cancelled`].
pub fn rows_of(table: &Table, roles: &RolesOut, ids: &[String], ctx: &Ctx) -> Result<Vec<u32>> {
    let people = People::of(table, roles, ctx)?;
    // Both lists are in the same order.
    let mut wanted = ids.iter().peekable();
    let all = people.ids.iter().zip(&people.rows);
    Ok(all.filter(|(id, _)| wanted.next_if_eq(id).is_some()).map(|(_, row)| *row as u32).collect())
}

/// The clean stage of a table with one row per customer: rows without an id and rows of an id that came before are left
/// out. The transactions stay empty.
pub fn clean_customers(prepared: &Prepared, roles: &RolesOut, ctx: &Ctx) -> Result<CleanOut> {
    let table = &*prepared.left();
    let people = People::of(table, roles, ctx)?;
    let money = roles.shape.monetary.as_deref().and_then(|name| table.column(name));
    let numbers = money.map(Column::numbers);
    let sum = |rows: &mut dyn Iterator<Item = usize>| match (money, &numbers) {
        (Some(column), Some(numbers)) => {
            rows.map(|row| numbers[column.codes[row] as usize]).collect::<ExactSum>().value()
        }
        _ => f64::NAN,
    };
    let mut funnel = vec![FunnelStep {
        id: "read".into(),
        step: "File as read".into(),
        rows: prepared.table.rows,
        customers: if prepared.effects.is_empty() { people.rows.len() } else { prepared.table.rows },
        amount: if prepared.effects.is_empty() { sum(&mut (0..table.rows)) } else { f64::NAN },
        note: "Every row of the file; each row is a customer".into(),
        on: true,
        ..FunnelStep::default()
    }];
    funnel.extend(clean::step_lines(prepared));
    let mut warnings = Vec::new();
    if let Some(id) = &roles.shape.id {
        let left = table.rows - people.nameless;
        funnel.push(FunnelStep {
            id: "customer_present".into(),
            step: "Customer id present".into(),
            rows: left,
            customers: people.rows.len(),
            amount: sum(&mut (0..table.rows).filter(|&row| people.has_id(row))),
            note: if people.nameless == 0 {
                "No row without a customer id removed".into()
            } else {
                format!("{} without a customer id removed", plural(people.nameless, "row", "rows"))
            },
            on: true,
            ..FunnelStep::default()
        });
        funnel.push(FunnelStep {
            id: "one_row_per_customer".into(),
            step: "One row per customer".into(),
            rows: people.rows.len(),
            customers: people.rows.len(),
            amount: sum(&mut people.rows.iter().copied()),
            note: match left - people.rows.len() {
                0 => "No id occurs twice".into(),
                n => format!(
                    "{} whose id came before removed; the first row of each id counts",
                    plural(n, "row", "rows")
                ),
            },
            on: true,
            ..FunnelStep::default()
        });
        if people.nameless > 0 {
            let rows = plural(people.nameless, "row has", "rows have");
            warnings.push(format!("{rows} no value in {id:?} and cannot be told apart; left out."));
        }
        if left > people.rows.len() {
            warnings.push(format!(
                "{} an id in {id:?} that came before; the first row of each id counts, the others were left out.",
                plural(left - people.rows.len(), "row has", "rows have")
            ));
        }
    } else {
        warnings
            .push("No column says who the customer is: the rows are numbered from 1, and each is one customer.".into());
    }
    ctx.tick(1, 1)?;
    Ok(CleanOut { transactions: Transactions::default(), funnel, currency: money.and_then(Column::currency), warnings })
}

/// Whether a column holds numbers.
fn is_number(column: &Column) -> bool {
    matches!(column.kind, ColumnKind::Number { .. })
}
