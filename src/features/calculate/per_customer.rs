//! The rows of each customer into one value.

use std::sync::Arc;

use polars::prelude::Expr;

use super::aggregate::{Answer, Cell, How, answers, fold};
use super::customers::Calculator;
use super::evaluate::evaluate;
use super::forms;
use super::rows::column_of;
use super::scope::{BoundCall, Source};
use super::values::{Input, Kind, Values};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::features::groups::Groups;
use crate::intake::kind::ColumnKind;
use crate::intake::{Column, Role};
use crate::recipe::Aggregation;

/// Values of what is aggregated, and where a row finds its own.
struct Rows<'a> {
    values: Arc<Values>,
    place: Place<'a>,
}

enum Place<'a> {
    /// All rows share one value.
    Same,
    /// By the codes of a column, for rows of the table.
    Codes(&'a [u32]),
    /// One value per transaction.
    Own,
}

impl<'a> Calculator<'a> {
    fn groups(&self, ctx: &Ctx) -> Result<&Groups<'a>> {
        if let Some(groups) = self.groups.get() {
            return Ok(groups);
        }
        let groups = Groups::of(&self.known, self.counted, self.recipe, self.first, ctx)?;
        Ok(self.groups.get_or_init(|| groups))
    }

    /// The moment of each row of the table.
    fn moments(&self, ctx: &Ctx) -> Result<&Input<'a>> {
        if let Some(moments) = self.moments.get() {
            return Ok(moments);
        }
        let table = &self.known.prepared.table;
        let column = self.known.roles.column(Role::Date).and_then(|name| table.column(name));
        let column = column.ok_or_else(|| Error::Recipe("first and last need a date column".into()))?;
        let input = self.column(column, ctx)?;
        Ok(self.moments.get_or_init(|| input))
    }

    /// Rows of each customer into one value.
    pub(super) fn per_customer(&self, how: How, inner: Option<&BoundCall>, ctx: &Ctx) -> Result<Values> {
        let rows = match inner {
            None => Rows { values: Values::Numbers(vec![0.0]).into(), place: Place::Same },
            Some(call) => match self.counted_column(how, call) {
                Some(column) => {
                    let input = Input::to_count(column, &ctx.part(0.0, 0.5))?;
                    Rows { values: input.values, place: input.codes.map_or(Place::Own, Place::Codes) }
                }
                None => self.over_rows(call, &ctx.part(0.0, 0.5))?,
            },
        };
        self.fold_rows(how, rows, &ctx.part(0.5, 1.0))
    }

    /// The column whose values are only counted or told apart, if the aggregate is of a column alone. Dates go by their
    /// moments, which may be written in several ways.
    fn counted_column(&self, how: How, call: &BoundCall) -> Option<&'a Column> {
        let counts = matches!(how, How::Count | How::Distinct) && matches!(call.expr, Expr::Column(_));
        let [(_, Source::Column(at))] = call.sources.as_slice() else { return None };
        let column = &*self.known.prepared.table.columns[*at];
        (counts && matches!(column.kind, ColumnKind::Number { .. })).then_some(column)
    }

    /// What an aggregate is of, for every transaction.
    fn over_rows(&self, call: &BoundCall, ctx: &Ctx) -> Result<Rows<'a>> {
        let table = &self.known.prepared.table;
        let t = &self.known.clean.transactions;
        let mut inputs: Vec<(&str, Input<'a>)> = Vec::new();
        for (name, source) in &call.sources {
            if let Source::Column(at) = source {
                inputs.push((name.as_str(), self.column(&table.columns[*at], ctx)?));
            }
        }
        if let [(name, input)] = &inputs[..] {
            // A column alone needs no working out, and one column only its distinct values.
            let values = match &call.expr {
                Expr::Column(_) => input.values.clone(),
                expr => {
                    let alone = Input { codes: None, ..input.clone() };
                    evaluate(expr, &[(name, &alone)], None, alone.values.len(), ctx)?.into()
                }
            };
            return Ok(Rows { values, place: input.codes.map_or(Place::Own, Place::Codes) });
        }
        if inputs.is_empty() {
            return Ok(Rows { values: evaluate(&call.expr, &[], None, 1, ctx)?.into(), place: Place::Same });
        }
        let inputs: Vec<(&str, &Input)> = inputs.iter().map(|(name, input)| (*name, input)).collect();
        let values = evaluate(&call.expr, &inputs, Some(&t.row), t.row.len(), ctx)?;
        Ok(Rows { values: values.into(), place: Place::Own })
    }

    fn fold_rows(&self, how: How, rows: Rows, ctx: &Ctx) -> Result<Values> {
        if self.one_row_each() {
            return Err(Error::Recipe("a table with one row per customer has nothing to aggregate".into()));
        }
        let t = &self.known.clean.transactions;
        let values = Arc::unwrap_or_clone(rows.values).in_order();
        let keys: Vec<Option<u64>> = (0..values.len()).map(|at| values.key(at)).collect();
        let moments = if how.needs_moments() { Some(self.moments(ctx)?) } else { None };
        let cell = |row: usize| {
            let at = t.row[row] as usize;
            let key = keys[match rows.place {
                Place::Same => 0,
                Place::Codes(codes) => codes[at] as usize,
                Place::Own => row,
            }];
            let moment = match moments {
                Some(input) => match &*input.values {
                    Values::Dates { seconds, .. } => seconds[input.place(at)],
                    _ => i64::from(t.day[row]),
                },
                None => 0,
            };
            Cell { key: key.unwrap_or(0), moment, there: key.is_some() }
        };
        let answer = |cells: &mut [Cell]| match how {
            // Somebody without any row has no share and nothing to count in the window.
            How::Count | How::Rows | How::Distinct if cells.is_empty() => Answer::Number(0.0),
            how => fold(how, cells),
        };
        let found = self.groups(ctx)?.per_customer(cell, answer, ctx)?;
        Ok(answers(how, &values, found))
    }

    pub(super) fn aggregate_form(
        &self,
        column: &str,
        how: Aggregation,
        value: Option<&str>,
        ctx: &Ctx,
    ) -> Result<Values> {
        let table = &self.known.prepared.table;
        let column: &'a Column = column_of(table, column)?;
        let mut how = How::of(how);
        let counts = matches!(how, How::Count | How::Distinct) && matches!(column.kind, ColumnKind::Number { .. });
        let input = if counts { Input::to_count(column, ctx)? } else { self.column(column, ctx)? };
        if how.needs_numbers() && !matches!(input.kind, Kind::Number { .. }) {
            return Err(Error::Recipe(format!(
                "{:?} holds {}, and numbers are needed",
                column.name,
                input.kind.label()
            )));
        }
        let values = Arc::new(Arc::unwrap_or_clone(input.values).in_order());
        if let How::ShareOf(key) = &mut how {
            let wanted = value.map(str::trim).filter(|v| !v.is_empty());
            let wanted = wanted.ok_or_else(|| Error::Recipe("say whose share is wanted".into()))?;
            // A text may stand in the column with spaces around it: all of them are the value.
            let is = forms::is_value(&values, wanted, column.number(wanted));
            let flags = Values::Numbers(is.iter().map(|is| if *is { 1.0 } else { 0.0 }).collect());
            *key = Values::Numbers(vec![1.0]).key(0);
            let place = input.codes.map_or(Place::Own, Place::Codes);
            return self.fold_rows(how, Rows { values: flags.into(), place }, ctx);
        }
        let place = input.codes.map_or(Place::Own, Place::Codes);
        self.fold_rows(how, Rows { values, place }, ctx)
    }
}
