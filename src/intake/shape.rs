//! What one row of the table stands for: a purchase, or a customer.

use super::dates;
use super::kind::{ColumnKind, is_missing};
use super::shape_names::{Says, is_id, is_purchase_date, key, says};
use super::{Column, ColumnReport, Role, RoleFound, Table};
use crate::error::{Error, Result};
use crate::recipe::{Roles, TableShape};

/// What one row stands for, why, and where such a table has what.
#[derive(Debug, Clone, PartialEq)]
pub struct ShapeFound {
    pub shape: TableShape,
    /// Why, in words.
    pub reason: String,
    /// Whether the user chose it (as opposed to a guess).
    pub chosen: bool,
    /// Tables with one row per customer: the column of ids; `None`: the rows are numbered.
    pub id: Option<String>,
    /// RFM tables: days since the last purchase, or its date; with [`ShapeFound::age`] the customer's age at the last
    /// purchase.
    pub recency: Option<String>,
    pub frequency: Option<String>,
    pub monetary: Option<String>,
    /// RFM tables as models of repeat buying (BG/NBD) count them: time from the first purchase to the end. Recency is
    /// then the time from the first purchase to the last, and frequency counts repeat purchases only.
    pub age: Option<String>,
}

impl Default for ShapeFound {
    fn default() -> Self {
        ShapeFound::of(TableShape::Transactions, "nothing says otherwise")
    }
}

/// How a column repeats itself.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Ids {
    /// No column says who the customer is.
    None,
    /// (Nearly) every row has another id.
    Unique(usize),
    /// Customers come back.
    Repeated(usize),
}

/// The columns of an RFM table.
#[derive(Debug, Clone, Default)]
struct Axes {
    recency: Option<usize>,
    frequency: Option<usize>,
    monetary: Option<usize>,
    age: Option<usize>,
}

impl Axes {
    /// Enough for scores: all three, or what models of repeat buying take.
    fn are_enough(&self) -> bool {
        self.recency.is_some() && self.frequency.is_some() && (self.monetary.is_some() || self.age.is_some())
    }
}

/// Decides what one row of `table` stands for, unless `given` says so. `columns` has one report per column.
///
/// # Errors
/// A column that the recipe names and the file does not have, or an RFM table without the columns that make it one.
pub(super) fn find(table: &Table, columns: &[ColumnReport], roles: &[RoleFound], given: &Roles) -> Result<ShapeFound> {
    let look = Look { table, columns, roles };
    let axes = look.axes(given)?;
    let ids = look.ids(given);
    let (shape, reason) = match given.shape {
        Some(shape) => (shape, "chosen by you".to_string()),
        None => look.guess(given, &axes, ids),
    };
    let mut found = ShapeFound { chosen: given.shape.is_some(), ..ShapeFound::of(shape, reason) };
    if shape == TableShape::Transactions {
        return Ok(found);
    }
    let name = |at: usize| table.columns[at].name.clone();
    found.id = match ids {
        Ids::Unique(at) | Ids::Repeated(at) => Some(name(at)),
        Ids::None => None,
    };
    if shape == TableShape::RfmTable {
        if !axes.are_enough() {
            let missing = [("recency", axes.recency), ("frequency", axes.frequency), ("monetary", axes.monetary)];
            let missing: Vec<&str> = missing.iter().filter(|(_, at)| at.is_none()).map(|(what, _)| *what).collect();
            return Err(Error::data(format!(
                "an RFM table needs columns for recency, frequency and monetary, but none was recognised for {}; name \
                 them in the roles of the columns (columns: {})",
                missing.join(" and "),
                look.names()
            )));
        }
        found.recency = axes.recency.map(name);
        found.frequency = axes.frequency.map(name);
        found.monetary = axes.monetary.map(name);
        found.age = axes.age.map(name);
    }
    Ok(found)
}

/// What is looked at.
struct Look<'a> {
    table: &'a Table,
    columns: &'a [ColumnReport],
    roles: &'a [RoleFound],
}

impl Look<'_> {
    fn names(&self) -> String {
        self.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn role(&self, role: Role) -> Option<usize> {
        let name = self.roles.iter().find(|r| r.role == role)?.column.as_deref()?;
        self.table.position(name)
    }

    fn is_number(&self, at: usize) -> bool {
        matches!(self.columns[at].kind, ColumnKind::Number { .. })
    }

    fn is_date(&self, at: usize) -> bool {
        matches!(self.columns[at].kind, ColumnKind::Date { .. })
    }

    /// Four fifths of the rows that have an id have another one.
    fn is_nearly_unique(&self, at: usize) -> bool {
        let filled = self.table.rows - self.columns[at].missing.min(self.table.rows);
        filled > 0 && self.columns[at].distinct * 5 >= filled * 4
    }

    /// The column that says who the customer is.
    fn ids(&self, given: &Roles) -> Ids {
        let judged = |at| if self.is_nearly_unique(at) { Ids::Unique(at) } else { Ids::Repeated(at) };
        let found = self.role(Role::CustomerId);
        if let Some(chosen) = given.customer_id.as_deref() {
            return if chosen.is_empty() { Ids::None } else { found.map_or(Ids::None, judged) };
        }
        if let Some(at) = found.filter(|&at| self.is_nearly_unique(at)) {
            return Ids::Unique(at);
        }
        let could_be = |&at: &usize| {
            !matches!(self.columns[at].kind, ColumnKind::Number { whole: false, .. } | ColumnKind::Date { .. } | ColumnKind::Empty)
                && is_id(&self.columns[at].name)
                && !self.is_calculated(at)
                // An order number says which purchase it is, not who bought.
                && ![Role::Invoice, Role::Product].iter().any(|&role| self.role(role) == Some(at))
                && self.is_nearly_unique(at)
        };
        match (0..self.columns.len()).find(could_be) {
            // Where customers come back, another id says which purchase it is.
            Some(at) if found.is_none() => Ids::Unique(at),
            _ => found.map_or(Ids::None, Ids::Repeated),
        }
    }

    /// Whether the user had the column worked out; such columns mean something only where the user says so.
    fn is_calculated(&self, at: usize) -> bool {
        self.table.calculated.contains(&self.columns[at].name)
    }

    /// Columns for recency, frequency and monetary, from the recipe or by name.
    fn axes(&self, given: &Roles) -> Result<Axes> {
        let best = |wanted: Says, fits: &dyn Fn(usize) -> bool| {
            let named =
                |at: usize| says(&self.columns[at].name).filter(|(what, _)| *what == wanted).map(|(_, rank)| rank);
            (0..self.columns.len())
                .filter(|&at| fits(at) && !self.is_calculated(at))
                .filter_map(|at| Some((named(at)?, at)))
                .min()
                .map(|(_, at)| at)
        };
        let number = |at: usize| self.is_number(at);
        let date = |at: usize| self.is_date(at);
        // A name that says so makes up for a few values that are no dates.
        let mostly_dates = |at: usize| {
            let column = &self.table.columns[at];
            column.kind == ColumnKind::Text
                && dates::detect_any(column.dict.iter().filter(|t| !is_missing(t))).is_some()
        };
        let letters = self.letters();
        let letter = |i: usize| letters.map(|l| l[i]);
        let pick = |chosen: &Option<String>, role: &str, guess: &dyn Fn() -> Option<usize>| match chosen.as_deref() {
            Some("") => Ok(None),
            Some(name) => self.position(name, role).map(Some),
            None => Ok(guess()),
        };
        let mut axes = Axes {
            recency: pick(&given.recency, "recency", &|| {
                best(Says::Recency, &number)
                    .or_else(|| best(Says::LastDate, &date))
                    .or_else(|| best(Says::LastDate, &mostly_dates))
                    .or_else(|| best(Says::Recency, &date))
                    .or(letter(0))
            })?,
            frequency: pick(&given.frequency, "frequency", &|| best(Says::Frequency, &number).or(letter(1)))?,
            monetary: pick(&given.monetary, "monetary", &|| best(Says::Monetary, &number).or(letter(2)))?,
            age: None,
        };
        if given.recency.is_none() && given.frequency.is_none() {
            self.repeat_buying(&mut axes, given);
        }
        Ok(axes)
    }

    /// Columns named R, F and M, unless they hold scores.
    fn letters(&self) -> Option<[usize; 3]> {
        let at = |letter: &str| {
            (0..self.columns.len()).find(|&at| self.is_number(at) && key(&self.columns[at].name) == letter)
        };
        let found = [at("r")?, at("f")?, at("m")?];
        let exceeds = |&at: &usize| self.table.columns[at].numbers().iter().any(|v| *v > 10.0);
        found.iter().any(exceeds).then_some(found)
    }

    /// `frequency, recency, T` (or `x, t_x, T`) as the BG/NBD model counts them: whoever bought once has frequency 0
    /// and recency 0, and nobody's recency is larger than T. An average per purchase is then no monetary.
    fn repeat_buying(&self, axes: &mut Axes, given: &Roles) {
        let named = |names: &[&str]| {
            (0..self.columns.len())
                .find(|&at| self.is_number(at) && names.contains(&key(&self.columns[at].name).as_str()))
        };
        let (Some(age), Some(recency), Some(frequency)) =
            (named(&["t"]), named(&["recency", "tx"]), named(&["frequency", "x"]))
        else {
            return;
        };
        let [a, r, f] =
            [age, recency, frequency].map(|at| (&*self.table.columns[at], self.table.columns[at].numbers()));
        let value = |(column, numbers): &(&Column, Vec<f64>), row: usize| numbers[column.codes[row] as usize];
        let fits = (0..self.table.rows).all(|row| {
            let (a, r, f) = (value(&a, row), value(&r, row), value(&f, row));
            // Rounding may lift a recency a little above T.
            let once = f != 0.0 || r == 0.0;
            !(a.is_finite() && r.is_finite() && f.is_finite()) || (r <= a + 0.01 && once)
        });
        if fits {
            axes.age = Some(age);
            axes.recency = Some(recency);
            axes.frequency = Some(frequency);
            if given.monetary.is_none() {
                axes.monetary = None;
            }
        }
    }

    fn guess(&self, given: &Roles, axes: &Axes, ids: Ids) -> (TableShape, String) {
        let name = |at: usize| &self.columns[at].name;
        let who = match ids {
            Ids::Unique(at) => format!("{:?} has another value in (nearly) every row", name(at)),
            _ => "no column says who the customer is, so each row is taken as one".to_string(),
        };
        let asked = given.recency.is_some() || given.frequency.is_some() || given.monetary.is_some();
        if (axes.are_enough() && !matches!(ids, Ids::Repeated(_))) || asked {
            let parts: Vec<String> = [
                ("recency", axes.recency),
                ("frequency", axes.frequency),
                ("monetary", axes.monetary),
                ("age", axes.age),
            ]
            .into_iter()
            .filter_map(|(what, at)| Some(format!("{what} in {:?}", name(at?))))
            .collect();
            return (TableShape::RfmTable, format!("{who}, and there is {}", parts.join(", ")));
        }
        let purchases = |reason: String| (TableShape::Transactions, reason);
        let customers = |why: String| (TableShape::CustomerTable, format!("{who}, and {why}"));
        let invoice = self.role(Role::Invoice);
        let Some(date) = self.role(Role::Date) else {
            return match (ids, invoice) {
                (Ids::Repeated(at), _) => purchases(format!("the values of {:?} come back in several rows", name(at))),
                (Ids::None, Some(at)) => purchases(format!("{:?} numbers purchases", name(at))),
                _ => customers("there is no date of a purchase".into()),
            };
        };
        let chosen = self.roles.iter().any(|r| r.role == Role::Date && r.chosen);
        let bought = if chosen { Some(true) } else { is_purchase_date(name(date)) };
        match (ids, bought) {
            (Ids::Repeated(at), _) => purchases(format!(
                "the values of {:?} come back in several rows, and {:?} says when",
                name(at),
                name(date)
            )),
            (_, Some(false)) if invoice.is_none() => {
                customers(format!("the dates in {:?} say something about customers, not about purchases", name(date)))
            }
            (Ids::Unique(_), None) if invoice.is_none() => {
                customers(format!("nothing says that the dates in {:?} are those of purchases", name(date)))
            }
            _ => purchases(format!("{:?} says when something was bought", name(date))),
        }
    }

    fn position(&self, wanted: &str, role: &str) -> Result<usize> {
        let loose = wanted.trim().to_lowercase();
        let found = self.table.position(wanted);
        found.or_else(|| self.columns.iter().position(|c| c.name.trim().to_lowercase() == loose)).ok_or_else(|| {
            Error::Recipe(format!(
                "the file has no column {wanted:?} for the role {role}; its columns are {}",
                self.names()
            ))
        })
    }
}

impl ShapeFound {
    fn of(shape: TableShape, reason: impl Into<String>) -> Self {
        ShapeFound {
            shape,
            reason: reason.into(),
            chosen: false,
            id: None,
            recency: None,
            frequency: None,
            monetary: None,
            age: None,
        }
    }

    /// Whether each row is a customer.
    pub fn is_of_customers(&self) -> bool {
        self.shape != TableShape::Transactions
    }

    /// Takes back guessed roles that have no meaning in a table of customers, and gives the columns the roles that
    /// they have there.
    pub(super) fn settle(&self, table: &Table, roles: &mut [RoleFound], columns: &mut [ColumnReport]) {
        if !self.is_of_customers() {
            return;
        }
        let is_date = |name: &String| table.column(name).is_some_and(|c| matches!(c.kind, ColumnKind::Date { .. }));
        for found in roles.iter_mut() {
            let (column, reason) = match found.role {
                Role::CustomerId => (self.id.clone(), "its values tell the rows apart"),
                Role::Date => (self.recency.clone().filter(is_date), "the date of the last purchase"),
                Role::Amount => (self.monetary.clone(), "what the customer spent"),
                _ => (None, ""),
            };
            if found.chosen && found.column == column {
                continue;
            }
            found.reason = match (&column, found.role) {
                (Some(_), _) if found.column == column && found.role == Role::CustomerId => continue,
                (Some(_), _) => reason.into(),
                (None, Role::CustomerId) => "no column fits; the rows are numbered".into(),
                (None, _) => "not needed where each row is a customer".into(),
            };
            // An id without equals among the rows is hardly anything else; names say the rest.
            found.confidence = if column.is_some() { 0.9 } else { 0.0 };
            found.column = column;
        }
        let axes = [
            ("customer_id", &self.id, "who the customer is"),
            ("recency", &self.recency, "how long ago the last purchase was"),
            ("frequency", &self.frequency, "how many purchases there were"),
            ("monetary", &self.monetary, "what the customer spent"),
            ("age", &self.age, "how long ago the first purchase was"),
        ];
        for column in columns.iter_mut() {
            let axis = axes.iter().find(|(_, name, _)| name.as_ref() == Some(&column.name));
            column.role = axis.map(|(role, ..)| (*role).into());
            column.role_reason = axis.map(|(_, _, reason)| (*reason).into());
        }
    }
}
