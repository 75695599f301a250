//! Which column plays which role.

use std::sync::Arc;

use rayon::prelude::*;

use super::describe::{self, Description, Doubts};
use super::guess::{self, Guess};
use super::repeated_total::orders_with_one_amount;
use super::role_doubts::warnings;
use super::shape::{self, ShapeFound};
use super::{Column, ColumnReport, Table};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::recipe::Roles;

/// What a column can be to an analysis of sales.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    CustomerId,
    Date,
    Invoice,
    Product,
    Amount,
    Quantity,
    UnitPrice,
    /// What kind of thing the product is.
    Category,
    /// What was taken off the price, as money, percent or code.
    Discount,
}

impl Role {
    /// Every role, in the order in which they are shown.
    pub const ALL: [Role; 9] = [
        Role::CustomerId,
        Role::Date,
        Role::Invoice,
        Role::Product,
        Role::Amount,
        Role::Quantity,
        Role::UnitPrice,
        Role::Category,
        Role::Discount,
    ];

    /// Where a recipe says which column plays it.
    pub fn slot(self, roles: &mut Roles) -> &mut Option<String> {
        match self {
            Role::CustomerId => &mut roles.customer_id,
            Role::Date => &mut roles.date,
            Role::Invoice => &mut roles.invoice,
            Role::Product => &mut roles.product,
            Role::Amount => &mut roles.amount,
            Role::Quantity => &mut roles.quantity,
            Role::UnitPrice => &mut roles.unit_price,
            Role::Category => &mut roles.category,
            Role::Discount => &mut roles.discount,
        }
    }

    /// The key in recipes and outputs.
    pub fn name(self) -> &'static str {
        match self {
            Role::CustomerId => "customer_id",
            Role::Date => "date",
            Role::Invoice => "invoice",
            Role::Product => "product",
            Role::Amount => "amount",
            Role::Quantity => "quantity",
            Role::UnitPrice => "unit_price",
            Role::Category => "category",
            Role::Discount => "discount",
        }
    }

    /// Words for people.
    pub fn label(self) -> &'static str {
        match self {
            Role::CustomerId => "Customer",
            Role::Date => "Date",
            Role::Invoice => "Invoice",
            Role::Product => "Product",
            Role::Amount => "Amount",
            Role::Quantity => "Quantity",
            Role::UnitPrice => "Unit price",
            Role::Category => "Category",
            Role::Discount => "Discount",
        }
    }
}

/// One role and the column found for it.
#[derive(Debug, Clone, PartialEq)]
pub struct RoleFound {
    pub role: Role,
    /// The column's name; `None` where no column fits or the user said that there is none.
    pub column: Option<String>,
    /// Why, in words.
    pub reason: String,
    /// 0–1: how sure that is; 1 for what the user chose, 0 where there is no column.
    pub confidence: f64,
    /// Whether the user chose it (as opposed to a guess).
    pub chosen: bool,
}

/// The roles stage's findings.
#[derive(Debug, Clone)]
pub struct RolesOut {
    /// One per role, in the order of [`Role::ALL`].
    pub roles: Vec<RoleFound>,
    /// One per column of the table.
    pub columns: Vec<ColumnReport>,
    /// What one row stands for.
    pub shape: ShapeFound,
    /// How the date column is written, where the recipe says so.
    pub date_format: Option<String>,
    pub warnings: Vec<String>,
}

impl RolesOut {
    /// The column that plays `role`.
    pub fn column(&self, role: Role) -> Option<&str> {
        self.roles.iter().find(|r| r.role == role).and_then(|r| r.column.as_deref())
    }
}

/// Takes the roles that the recipe gives and guesses the others, among the columns of the file: columns that the user had
/// worked out play a role only where the recipe says so.
///
/// # Errors
/// A column that the recipe names and the file does not have.
pub fn find(table: &Table, given: &Roles, ctx: &Ctx) -> Result<RolesOut> {
    let mut roles: Vec<Option<RoleFound>> = vec![None; Role::ALL.len()];
    let mut taken: Vec<usize> = Vec::new();
    for (slot, role) in roles.iter_mut().zip(Role::ALL) {
        let Some(name) = chosen(given, role) else { continue };
        let (column, reason) = if name.is_empty() {
            (None, "you said that there is none".to_string())
        } else {
            let at = position(table, name).ok_or_else(|| no_such_column(table, role, name))?;
            taken.push(at);
            (Some(table.columns[at].name.clone()), "chosen by you".to_string())
        };
        *slot = Some(RoleFound { role, column, reason, confidence: 1.0, chosen: true });
    }
    let about = Doubts::of(table);
    let describe = |c: &Arc<Column>| describe::describe(c, table.rows, &about, ctx);
    let described: Vec<Description> = table.columns.par_iter().map(describe).collect::<Result<_>>()?;
    let mut doubts: Vec<Vec<String>> = Vec::new();
    let mut columns: Vec<ColumnReport> = Vec::new();
    let mut by_use: Vec<(Option<String>, Option<String>)> = Vec::new();
    for description in described {
        doubts.push(description.doubts);
        columns.push(description.report);
        by_use.push((description.as_id, description.as_number));
    }
    let summaries: Vec<Summary> =
        columns.iter().map(|c| Summary { missing: c.missing, distinct: c.distinct }).collect();
    let decided: Vec<Role> = roles.iter().flatten().map(|r| r.role).collect();
    taken.extend(table.calculated.iter().filter_map(|name| table.position(name)));
    for Guess { role, column, confidence, reason } in guess::guess(table, &summaries, &taken, given, &decided, ctx)? {
        let slot = &mut roles[role as usize];
        if slot.is_none() {
            let column = Some(table.columns[column].name.clone());
            *slot = Some(RoleFound { role, column, reason, confidence, chosen: false });
        }
    }
    let mut roles: Vec<RoleFound> = roles
        .into_iter()
        .zip(Role::ALL)
        .map(|(found, role)| {
            let reason = "no column fits".into();
            found.unwrap_or(RoleFound { role, column: None, reason, confidence: 0.0, chosen: false })
        })
        .collect();
    let total = settle_order_total(table, &mut roles);
    for report in &mut columns {
        if let Some(found) = roles.iter().find(|r| r.column.as_deref() == Some(&report.name)) {
            report.role = Some(found.role.name().into());
            report.role_reason = Some(found.reason.clone());
            report.role_confidence = Some(found.confidence);
        }
    }
    let shape = shape::find(table, &columns, &roles, given)?;
    shape.settle(table, &mut roles, &mut columns);
    for (report, (as_id, as_number)) in columns.iter_mut().zip(by_use) {
        if report.role.is_none() {
            report.role_confidence = None;
        }
        let is = |role: &Role| report.role.as_deref() == Some(role.name());
        let is_id = [Role::CustomerId, Role::Invoice, Role::Product].iter().any(is);
        report.problems.extend(if is_id { as_id } else { as_number });
    }
    let mut warnings = warnings(table, &roles, &doubts, given, ctx)?;
    warnings.extend(total);
    Ok(RolesOut { roles, columns, shape, date_format: given.date_format.clone(), warnings })
}

/// An amount that is the same on every row of an order is the order's, not the row's. Where quantity and unit price say
/// what the row is worth, they are used instead; else a sentence warns of it.
fn settle_order_total(table: &Table, roles: &mut [RoleFound]) -> Option<String> {
    let column = |role: Role| table.column(roles[role as usize].column.as_deref()?);
    let orders = orders_with_one_amount(column(Role::Invoice)?, column(Role::Amount)?)?;
    let priced = column(Role::Quantity).is_some() && column(Role::UnitPrice).is_some();
    let name = column(Role::Amount)?.name.clone();
    let amount = &mut roles[Role::Amount as usize];
    let orders = crate::format::plural(orders, "order", "orders");
    if priced && !amount.chosen {
        amount.reason = format!(
            "{name:?} is the same on all rows of each of {orders}, so it is the order's total; quantity × unit price counts"
        );
        amount.column = None;
        amount.confidence = 0.0;
        return None;
    }
    Some(format!(
        "{name:?} is the same on all rows of each of {orders} with several rows. If it is the total of the order, it is \
         counted once per row: drop duplicates by the invoice column in Clean to count it once."
    ))
}

/// Counts of a column that several guesses need; each takes a pass over the distinct values.
pub(super) struct Summary {
    pub missing: usize,
    pub distinct: usize,
}

fn chosen(given: &Roles, role: Role) -> Option<&str> {
    match role {
        Role::CustomerId => &given.customer_id,
        Role::Date => &given.date,
        Role::Invoice => &given.invoice,
        Role::Product => &given.product,
        Role::Amount => &given.amount,
        Role::Quantity => &given.quantity,
        Role::UnitPrice => &given.unit_price,
        Role::Category => &given.category,
        Role::Discount => &given.discount,
    }
    .as_deref()
}

/// By exact name, else by name without regard to case and surrounding spaces.
fn position(table: &Table, name: &str) -> Option<usize> {
    let loose = name.trim().to_lowercase();
    table.position(name).or_else(|| table.columns.iter().position(|c| c.name.trim().to_lowercase() == loose))
}

fn no_such_column(table: &Table, role: Role, name: &str) -> Error {
    let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
    Error::Recipe(format!(
        "the file has no column {name:?} for the role {}; its columns are {}",
        role.label().to_lowercase(),
        names.join(", ")
    ))
}
