//! Which column plays which role.

use super::guess::{self, Guess};
use super::kind::{ColumnKind, is_missing, parse_number};
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
}

impl Role {
    /// Every role, in the order in which they are shown.
    pub const ALL: [Role; 7] =
        [Role::CustomerId, Role::Date, Role::Invoice, Role::Product, Role::Amount, Role::Quantity, Role::UnitPrice];

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

/// Takes the roles that the recipe gives and guesses the others.
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
        *slot = Some(RoleFound { role, column, reason, chosen: true });
    }
    let summaries: Vec<Summary> = table.columns.iter().map(|c| Summary::of(c, ctx)).collect::<Result<_>>()?;
    for Guess { role, column, reason } in guess::guess(table, &summaries, &taken, given) {
        let slot = &mut roles[role as usize];
        if slot.is_none() {
            *slot = Some(RoleFound { role, column: Some(table.columns[column].name.clone()), reason, chosen: false });
        }
    }
    let mut roles: Vec<RoleFound> = roles
        .into_iter()
        .zip(Role::ALL)
        .map(|(found, role)| {
            let none = || RoleFound { role, column: None, reason: "no column fits".into(), chosen: false };
            found.unwrap_or_else(none)
        })
        .collect();
    let mut columns: Vec<ColumnReport> =
        table.columns.iter().zip(summaries).map(|(column, s)| report(column, &s, &roles)).collect();
    let shape = shape::find(table, &columns, &roles, given)?;
    shape.settle(table, &mut roles, &mut columns);
    let mut warnings = ambiguous_dates(table, &roles, given);
    warnings.extend(ambiguous_commas(table, &roles));
    Ok(RolesOut { roles, columns, shape, date_format: given.date_format.clone(), warnings })
}

/// Counts of a column that several guesses need; each takes a pass over the distinct values.
pub(super) struct Summary {
    pub missing: usize,
    pub distinct: usize,
}

impl Summary {
    fn of(column: &Column, ctx: &Ctx) -> Result<Self> {
        let missing = column.per_value(ctx, is_missing)?;
        let mut out = Summary { missing: 0, distinct: 0 };
        for (missing, &rows) in missing.into_iter().zip(&column.counts) {
            if missing {
                out.missing += rows as usize;
            } else if rows > 0 {
                out.distinct += 1;
            }
        }
        Ok(out)
    }
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

fn report(column: &Column, summary: &Summary, roles: &[RoleFound]) -> ColumnReport {
    let role = roles.iter().find(|r| r.column.as_deref() == Some(&column.name));
    ColumnReport {
        name: column.name.clone(),
        kind: column.kind.clone(),
        missing: summary.missing,
        distinct: summary.distinct,
        examples: column.examples(3).into_iter().map(str::to_string).collect(),
        role: role.map(|r| r.role.name().into()),
        role_reason: role.map(|r| r.reason.clone()),
    }
}

/// Says so when the order of day and month in the date column is a guess.
fn ambiguous_dates(table: &Table, roles: &[RoleFound], given: &Roles) -> Vec<String> {
    let date = roles.iter().find(|r| r.role == Role::Date).and_then(|r| r.column.as_deref());
    match date.and_then(|name| table.column(name)).map(|c| (&c.name, &c.kind)) {
        Some((name, ColumnKind::Date { style, ambiguous: true, .. })) if given.date_format.is_none() => vec![format!(
            "Day and month in {name:?} cannot be told apart; they were read as {}. Give the date format if that is wrong.",
            style.label()
        )],
        _ => Vec::new(),
    }
}

/// Says so when commas in a column of numbers could as well be decimal commas: each stands before three digits, and
/// no number has a point.
fn ambiguous_commas(table: &Table, roles: &[RoleFound]) -> Vec<String> {
    let numbers = [Role::Amount, Role::Quantity, Role::UnitPrice];
    let columns = roles.iter().filter(|r| numbers.contains(&r.role)).filter_map(|r| table.column(r.column.as_deref()?));
    let unclear = columns.filter_map(|column| {
        let example = column.dict.iter().find(|t| t.matches(',').count() == 1)?;
        let clear = column.dict.iter().any(|t| t.contains('.') || t.matches(',').count() > 1);
        (!clear).then(|| {
            format!(
                "The commas in {:?} were read as thousands separators ({} is {}). If they are decimal commas, write \
                 the numbers with points first.",
                column.name,
                example.trim(),
                parse_number(example).map_or_else(|| "no number then".into(), |n| n.to_string())
            )
        })
    });
    unclear.collect()
}
