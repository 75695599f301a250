//! Calculated features: formulas over customers, and over the rows of each.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

use polars::prelude::Expr;

use super::aggregate::{Cell, How, answers, fold};
use super::engine;
use super::error::ExpressionError;
use super::evaluate::evaluate;
use super::feature::feature;
use super::forms;
use super::names;
use super::rows::with_constants;
use super::scope::{Bound, Level, Named, Scope, Source, bound};
use super::values::{Input, Kind, NO_WORD, Values, kind_of};
use crate::clean;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::features::Known;
use crate::features::groups::Groups;
use crate::intake::dates::{self, day_number};
use crate::intake::{Column, Role};
use crate::recipe::{Aggregation, Calculation, Formula, Operand, Operation, Recipe};
use crate::rfm::{CustomerTable, Feature, RfmOut, Unit};

/// The fixed columns of `customers.csv`, which no calculated feature may be called like.
const FIXED: [&str; 7] = ["customer_id", "r_score", "f_score", "m_score", "rfm_segment", "cluster", "segment"];

/// Works out features of the customers of one analysis. What several of them need is looked at once.
pub(crate) struct Calculator<'a> {
    pub(super) known: Known<'a>,
    pub(super) counted: &'a RfmOut,
    pub(super) recipe: &'a Recipe,
    /// Only the customers at the first places count; the others are missing where rows are aggregated.
    pub(super) first: Option<usize>,
    pub(super) groups: OnceCell<Groups<'a>>,
    pub(super) moments: OnceCell<Input<'a>>,
    rows: OnceCell<Vec<u32>>,
}

impl<'a> Calculator<'a> {
    pub(crate) fn new(known: &Known<'a>, counted: &'a RfmOut, recipe: &'a Recipe, first: Option<usize>) -> Self {
        let (groups, moments, rows) = Default::default();
        Calculator { known: *known, counted, recipe, first, groups, moments, rows }
    }

    /// What an expression about these customers may use.
    pub(crate) fn scope(&self, table: &CustomerTable) -> Scope {
        let columns = self.known.prepared.table.columns.iter();
        let columns = columns.map(|c| Named { name: c.name.clone(), label: c.name.clone(), kind: self.kind(c) });
        let scope = Scope::of(None, &table.features);
        Scope { columns: columns.collect(), one_row_each: self.one_row_each(), ..scope }
    }

    /// The type of a column, dates as the recipe says they are written.
    fn kind(&self, column: &Column) -> Kind {
        match (self.is_the_date(column), self.known.roles.date_format.is_some()) {
            (true, true) => Kind::Date { time: true },
            _ => kind_of(column, None),
        }
    }

    fn is_the_date(&self, column: &Column) -> bool {
        self.known.roles.column(Role::Date) == Some(column.name.as_str())
    }

    pub(super) fn one_row_each(&self) -> bool {
        self.known.roles.shape.is_of_customers()
    }

    /// The features that a calculation gives: one, or several for one-hot. `table` has the customers with the features
    /// so far.
    ///
    /// # Errors
    /// What is wrong with it, with its name and place; [`Error::Cancelled`].
    pub(crate) fn features(&self, what: &Calculation, table: &CustomerTable, ctx: &Ctx) -> Result<Vec<Feature>> {
        let name = what.name.trim();
        let named = |error: Error| match error {
            Error::Recipe(why) => Error::Recipe(format!("{name:?} cannot be worked out: {why}")),
            error => error,
        };
        let made = self.values(name, &what.formula, table, ctx).map_err(named)?;
        let definition = self.definition(&what.formula);
        let unit = self.unit(&what.formula, table);
        let mut out: Vec<Feature> = Vec::new();
        for (name, values) in made {
            let lower = name.to_lowercase();
            let taken = FIXED.contains(&lower.as_str())
                || table.features.iter().chain(&out).any(|f| f.name.to_lowercase() == lower);
            if name.is_empty() || taken {
                let why =
                    if name.is_empty() { "a feature needs a name" } else { "there is a column of this name already" };
                return Err(Error::Recipe(format!("the calculated feature {name:?} needs another name: {why}")));
            }
            out.push(feature(name, definition.clone(), unit, values));
        }
        Ok(out)
    }

    fn definition(&self, formula: &Formula) -> String {
        let of_rows = match formula {
            Formula::Aggregate { .. } => true,
            Formula::Expression { expression } => {
                super::compile::compile(expression).is_ok_and(|c| !c.calls.is_empty())
            }
            _ => false,
        };
        let rows = match of_rows && !self.one_row_each() {
            true => ", over the customer's rows that count, with returns where they are not removed",
            false => "",
        };
        format!("Worked out as {}{rows}.", formula.sentence())
    }

    /// What the numbers count, as far as the form tells.
    fn unit(&self, formula: &Formula, table: &CustomerTable) -> Unit {
        let of = |operand: &Operand| match operand {
            Operand::Column(name) => table.position(name).map(|at| table.features[at].unit),
            Operand::Number(_) => Some(Unit::Number),
        };
        match formula {
            Formula::DaysSince { .. } => Unit::Days,
            Formula::Aggregate { how: Aggregation::Count | Aggregation::Distinct, .. } => Unit::Count,
            Formula::Aggregate { how: Aggregation::ShareOf, .. } => Unit::Share,
            Formula::Aggregate { column, .. } => {
                let money = [Role::Amount, Role::UnitPrice].iter().any(|&role| {
                    self.known
                        .roles
                        .column(role)
                        .is_some_and(|name| names::position(column, [name].into_iter()).is_some())
                });
                if money { Unit::Money } else { Unit::Number }
            }
            Formula::Arithmetic { left, op, right } => match (of(left), op, of(right)) {
                (Some(a), Operation::Add | Operation::Subtract, Some(b)) if a == b => a,
                (Some(Unit::Money), Operation::Divide, Some(Unit::Count | Unit::Number)) => Unit::Money,
                (Some(Unit::Money), Operation::Multiply, Some(Unit::Count | Unit::Number | Unit::Share)) => Unit::Money,
                _ => Unit::Number,
            },
            _ => Unit::Number,
        }
    }

    fn values(&self, name: &str, formula: &Formula, table: &CustomerTable, ctx: &Ctx) -> Result<Vec<(String, Values)>> {
        let n = table.len();
        let input = |name: &str| self.input(name, table, ctx);
        let one = |values: Values| Ok(vec![(name.to_string(), values)]);
        match formula {
            Formula::Expression { expression } => {
                let at = |why: ExpressionError| why.of(name, expression);
                let bound = bound(expression, Level::Customers, &self.scope(table)).map_err(at)?;
                one(self.expression(&bound, table, ctx)?)
            }
            Formula::Arithmetic { left, op, right } => {
                let side = |operand: &Operand| match operand {
                    Operand::Number(value) => Ok(vec![*value; n]),
                    Operand::Column(name) => numbers(name, input(name)?),
                };
                let (left, right) = (side(left)?, side(right)?);
                let values = left.iter().zip(&right).map(|(l, r)| forms::arithmetic(*op, *l, *r)).collect();
                one(Values::Numbers(values))
            }
            Formula::JoinText { columns, separator } => {
                let inputs: Vec<Input> = columns.iter().map(|c| input(c)).collect::<Result<_>>()?;
                if inputs.is_empty() {
                    return Err(Error::Recipe("choose the features to join".into()));
                }
                let mut known: HashMap<String, u32> = HashMap::new();
                let mut names: Vec<String> = Vec::new();
                let code = |row: usize| {
                    let texts = inputs.iter().map(|input| input.values.text(row)).filter(|t| !t.is_empty());
                    let text = texts.collect::<Vec<_>>().join(separator);
                    if text.is_empty() {
                        return NO_WORD;
                    }
                    *known.entry(text).or_insert_with_key(|text| {
                        names.push(text.clone());
                        names.len() as u32 - 1
                    })
                };
                let codes = (0..n).map(code).collect();
                one(Values::Words { codes, names })
            }
            Formula::Bins { column, method, bins, edges, labels } => {
                let numbers = numbers(column, input(column)?)?;
                let edges = forms::edges(&numbers, None, *method, *bins, edges)?;
                one(forms::bins(&numbers, &edges, labels, false)?)
            }
            Formula::DatePart { column, part } => one(forms::date_part(&moments(column, input(column)?)?, *part)),
            Formula::DaysSince { column, until } => {
                let until = until
                    .or(self.counted.snapshot)
                    .ok_or_else(|| Error::Recipe("there is no snapshot date to count to; give the day".into()))?;
                one(forms::days_since(&moments(column, input(column)?)?, day_number(until)))
            }
            Formula::OneHot { column, values, most } => {
                let input = input(column)?;
                let wanted = forms::one_hot_values(&input.values, None, values, *most);
                if wanted.is_empty() {
                    return Err(Error::Recipe(format!("{column:?} has no value that could get a feature")));
                }
                let flags = wanted.into_iter().map(|value| {
                    let is = forms::is_value(&input.values, &value, value.parse().ok());
                    (format!("{name}_{value}"), forms::flags(&is))
                });
                Ok(flags.collect())
            }
            Formula::Ordinal { column, order } => {
                one(forms::ordinal(&input(column)?.values, order, |text| text.parse().ok())?)
            }
            Formula::Aggregate { column, how, value } => {
                one(self.aggregate_form(column, *how, value.as_deref(), ctx)?)
            }
        }
    }

    /// A feature, or a column of a table with one row per customer, one value per customer.
    fn input(&self, name: &str, table: &CustomerTable, ctx: &Ctx) -> Result<Input<'a>> {
        if name.trim().is_empty() {
            return Err(Error::Recipe("no feature is chosen".into()));
        }
        if let Some(at) = table.position(name) {
            return Ok(Input::of_feature(&table.features[at]));
        }
        let columns = &self.known.prepared.table.columns;
        let features = || table.features.iter().map(|f| f.name.as_str());
        match names::position(name, columns.iter().map(|c| c.name.as_str())) {
            Some(at) if self.one_row_each() => self.of_customers(&columns[at], table, ctx),
            Some(_) => Err(Error::Recipe(format!(
                "{name:?} has many values per customer; aggregate it first, for example its {}",
                if columns.iter().any(|c| c.name == name && matches!(self.kind(c), Kind::Number { .. })) {
                    "mean"
                } else {
                    "last value"
                }
            ))),
            None => Err(Error::Recipe(engine::unknown(name, 0..0, "feature", features()).message)),
        }
    }

    /// A column of a table with one row per customer.
    fn of_customers(&self, column: &'a Column, table: &CustomerTable, ctx: &Ctx) -> Result<Input<'a>> {
        let input = self.column(column, ctx)?;
        let rows = match self.rows.get() {
            Some(rows) => rows,
            None => {
                let rows = self.rows_of_customers(table, ctx)?;
                self.rows.get_or_init(|| rows)
            }
        };
        let at = |row: &u32| input.place(*row as usize);
        let values = match &*input.values {
            Values::Numbers(v) => Values::Numbers(rows.iter().map(|r| v[at(r)]).collect()),
            Values::Dates { seconds, time } => {
                Values::Dates { seconds: rows.iter().map(|r| seconds[at(r)]).collect(), time: *time }
            }
            Values::Words { codes, names } => {
                Values::Words { codes: rows.iter().map(|r| codes[at(r)]).collect(), names: names.clone() }
            }
        };
        Ok(Input { kind: input.kind, values: values.into(), codes: None })
    }

    /// The row of each customer, in a table with one row per customer; the first of its id.
    fn rows_of_customers(&self, table: &CustomerTable, ctx: &Ctx) -> Result<Vec<u32>> {
        let prepared = self.known.prepared;
        let left = |row: usize| prepared.removed_by.get(row).is_none_or(|&by| by == clean::steps::KEPT);
        let all = (0..prepared.table.rows).filter(|&row| left(row));
        let id = self.known.roles.shape.id.as_deref().and_then(|name| prepared.table.column(name));
        let mut row_of: HashMap<&str, u32> = HashMap::new();
        let Some(column) = id else {
            // The rows that are left are numbered from 1.
            let all: Vec<u32> = all.map(|row| row as u32).collect();
            let row = |id: &String| id.parse::<usize>().ok().and_then(|n| all.get(n.wrapping_sub(1)).copied());
            return Ok(table.ids.iter().map(|id| row(id).unwrap_or(0)).collect());
        };
        let (ids, of_code) = clean::customer_ids(column, ctx)?;
        for row in all {
            if row.is_multiple_of(1 << 15) {
                ctx.tick(row, prepared.table.rows)?;
            }
            let who = of_code[column.codes[row] as usize];
            if who != clean::NOBODY {
                row_of.entry(ids[who as usize].as_str()).or_insert(row as u32);
            }
        }
        Ok(table.ids.iter().map(|id| row_of.get(id.as_str()).copied().unwrap_or(0)).collect())
    }

    pub(super) fn column(&self, column: &'a Column, ctx: &Ctx) -> Result<Input<'a>> {
        let given = self.known.roles.date_format.as_deref().filter(|_| self.is_the_date(column));
        let found = match &column.kind {
            crate::intake::kind::ColumnKind::Date { style, .. } => Some(style),
            _ => None,
        };
        let style = given.map(|format| dates::given(format, found));
        Input::of_column(column, style.as_ref(), ctx)
    }

    fn expression(&self, bound: &Bound, table: &CustomerTable, ctx: &Ctx) -> Result<Values> {
        let n = table.len();
        let mut constants: Vec<(&str, Values)> = Vec::new();
        let mut inputs: Vec<(&str, Input)> = Vec::new();
        for (call, inner) in bound.compiled.calls.iter().zip(&bound.calls) {
            let over_customers = self.one_row_each()
                || inner.as_ref().is_some_and(|c| c.sources.iter().any(|(_, s)| matches!(s, Source::Feature(_))));
            if over_customers {
                let values = match inner {
                    None => Values::Numbers(vec![0.0; n]),
                    Some(call) => {
                        let inputs = self.inputs(&call.sources, table, ctx)?;
                        evaluated(&call.expr, &inputs, n, ctx)?
                    }
                };
                constants.push((&call.stand_in, over_all(call.how, values)));
            } else {
                let values = self.per_customer(call.how, inner.as_ref(), ctx)?;
                inputs.push((&call.stand_in, Input::of_values(values)));
            }
        }
        let expr = with_constants(&bound.expr, &constants);
        inputs.extend(self.inputs(&bound.sources, table, ctx)?);
        evaluated(&expr, &inputs, n, ctx)
    }

    /// Features and columns with one value per customer among the sources.
    fn inputs<'s>(
        &self,
        sources: &'s [(String, Source)],
        table: &CustomerTable,
        ctx: &Ctx,
    ) -> Result<Vec<(&'s str, Input<'a>)>> {
        let mut out = Vec::new();
        for (name, source) in sources {
            match source {
                Source::Feature(at) => out.push((name.as_str(), Input::of_feature(&table.features[*at]))),
                Source::Column(at) => {
                    let column = &self.known.prepared.table.columns[*at];
                    out.push((name.as_str(), self.of_customers(column, table, ctx)?));
                }
                Source::Call(_) => {}
            }
        }
        Ok(out)
    }
}

/// Works an expression out for all customers; a name alone is what it names.
fn evaluated(expr: &Expr, inputs: &[(&str, Input)], n: usize, ctx: &Ctx) -> Result<Values> {
    if let Expr::Column(wanted) = expr
        && let Some((_, input)) = inputs.iter().find(|(name, _)| *name == wanted.as_str())
    {
        return Ok(Values::clone(&input.values));
    }
    let inputs: Vec<(&str, &Input)> = inputs.iter().map(|(name, input)| (*name, input)).collect();
    evaluate(expr, &inputs, None, n, ctx)
}

/// All customers' values into one.
fn over_all(how: How, values: Values) -> Values {
    let values = values.in_order();
    let cell = |at: usize| {
        let key = values.key(at);
        Cell { key: key.unwrap_or(0), moment: 0, there: key.is_some() }
    };
    let mut cells: Vec<Cell> = (0..values.len()).map(cell).collect();
    answers(how, &values, vec![fold(how, &mut cells)])
}

fn numbers(name: &str, input: Input) -> Result<Vec<f64>> {
    match Arc::unwrap_or_clone(input.values) {
        Values::Numbers(numbers) => Ok(numbers),
        _ => Err(Error::Recipe(format!("{name:?} holds {}, and numbers are needed", input.kind.label()))),
    }
}

fn moments(name: &str, input: Input) -> Result<Vec<i64>> {
    match Arc::unwrap_or_clone(input.values) {
        Values::Dates { seconds, .. } => Ok(seconds),
        _ => Err(Error::Recipe(format!("{name:?} holds {}, and dates are needed", input.kind.label()))),
    }
}
