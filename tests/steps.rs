//! Cleaning steps: against pandas (`tests/golden/steps/`), against brute force, and alone against mistakes.

#[path = "steps/alone.rs"]
mod alone;
#[path = "steps/brute_force.rs"]
mod brute_force;
mod common;
#[path = "steps/pandas.rs"]
mod pandas;
#[path = "steps/runs.rs"]
mod runs;

use std::path::Path;
use std::sync::Arc;

use quintile::clean::steps::{KEPT, Prepared, prepare};
use quintile::ctx::Ctx;
use quintile::intake::{self, Column, Dict, Table, kind};
use quintile::recipe::{CleanStep, Compare, MissingAction, OutlierAction, OutlierRule, Recipe, StepKind};
use serde_json::Value;

/// A table with every kind of dirt, and what pandas makes of it.
fn golden() -> (Table, Value) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/steps");
    let recipe = Recipe::for_file(folder.join("dirty.csv"));
    let expected = std::fs::read_to_string(folder.join("expected.json")).unwrap();
    (intake::read(&recipe.input, &Ctx::silent()).unwrap().table, serde_json::from_str(&expected).unwrap())
}

fn done(table: &Table, steps: &[StepKind]) -> Prepared {
    let steps: Vec<CleanStep> = steps.iter().cloned().map(CleanStep::from).collect();
    let out = prepare(table, &steps, &Ctx::silent()).unwrap();
    for (step, effect) in steps.iter().zip(&out.effects) {
        assert_eq!(effect.error, None, "{}", step.what.sentence());
    }
    out
}

fn left(prepared: &Prepared) -> Vec<usize> {
    (0..prepared.table.rows).filter(|&r| prepared.removed_by.get(r).is_none_or(|&by| by == KEPT)).collect()
}

fn filter(column: &str, op: Compare, values: &[&str]) -> StepKind {
    StepKind::Filter { column: column.into(), op, values: values.iter().map(|v| v.to_string()).collect() }
}

fn missing(column: &str, action: MissingAction) -> StepKind {
    StepKind::Missing { column: column.into(), action, value: String::new(), along: None }
}

fn interpolate(column: &str, along: &str) -> StepKind {
    StepKind::Missing {
        column: column.into(),
        action: MissingAction::Interpolate,
        value: String::new(),
        along: Some(along.into()),
    }
}

fn outliers(rule: OutlierRule, action: OutlierAction) -> StepKind {
    let z = (rule == OutlierRule::ZScore).then_some(2.5);
    let (low, high) = if rule == OutlierRule::Percentile { (Some(5.0), Some(95.0)) } else { (None, None) };
    StepKind::Outliers { column: "price".into(), rule, action, distance: z, low, high }
}

/// A table of texts.
fn table_of(columns: &[(&str, &[&str])]) -> Table {
    let column = |(name, cells): &(&str, &[&str])| {
        let mut dict = Dict::default();
        let mut codes = Vec::new();
        for cell in *cells {
            let known = dict.iter().position(|t| t == *cell).map(|c| c as u32);
            codes.push(known.unwrap_or_else(|| dict.push(cell)));
        }
        let mut counts = vec![0; dict.len()];
        codes.iter().for_each(|&c| counts[c as usize] += 1);
        let kind = kind::infer(&dict, &Ctx::silent()).unwrap();
        Arc::new(Column { name: name.to_string(), dict, codes, counts, kind })
    };
    let rows = columns.first().map_or(0, |c| c.1.len());
    Table { columns: columns.iter().map(column).collect(), rows, ..Table::default() }
}
