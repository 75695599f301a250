//! What the panel asks of the domain about calculated features.

use std::sync::Arc;

use super::tile;
use crate::app::{FeatureDraft, Level};
use crate::clean::{CleanOut, Prepared};
use crate::features::Known;
use crate::features::calculate::{self, ExpressionError, Preview};
use crate::intake::RolesOut;
use crate::recipe::{Calculation, Formula, Recipe};
use crate::rfm::{CustomerTable, Feature, RfmOut};
use crate::ui::cache::{Followed, Same};
use crate::ui::scene::Scene;
use crate::ui::widgets::expression::Mistake;
use crate::ui::widgets::formula::mistake;

/// Rows or customers of the preview.
const ROWS: usize = 6;

/// A calculation that is being written, and what it would be worked out from.
#[derive(Clone)]
pub struct Trial {
    prepared: Arc<Prepared>,
    roles: Arc<RolesOut>,
    clean: Arc<CleanOut>,
    counted: Arc<RfmOut>,
    rfm: Arc<RfmOut>,
    recipe: Arc<Recipe>,
    /// The features that it may use.
    features: Vec<Feature>,
    number: u64,
    level: Level,
    name: String,
    formula: Formula,
    currency: Option<String>,
}

impl Trial {
    /// The draft as it is now with the features it may use; `None` until there are customers.
    pub fn of(scene: &Scene, draft: &FeatureDraft, features: Vec<Feature>) -> Option<Trial> {
        let name = if draft.name.trim().is_empty() { "result" } else { draft.name.trim() };
        Some(Trial {
            prepared: scene.session.prepared.get()?.clone(),
            roles: scene.session.roles.get()?.clone(),
            clean: scene.session.clean.get()?.clone(),
            counted: scene.session.counted().get()?.clone(),
            rfm: scene.session.rfm.get()?.clone(),
            recipe: scene.session.recipe()?.clone(),
            features,
            number: draft.number,
            level: draft.level,
            name: name.to_string(),
            formula: draft.formula.clone(),
            currency: scene.currency().map(String::from),
        })
    }
}

impl Same for Trial {
    fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.rfm, &other.rfm)
            && Arc::ptr_eq(&self.prepared, &other.prepared)
            && Arc::ptr_eq(&self.recipe, &other.recipe)
            && (self.number, self.level, &self.name) == (other.number, other.level, &other.name)
            && self.features.len() == other.features.len()
            && self.formula == other.formula
    }
}

/// One column of the first values.
#[derive(Debug, Clone, Default)]
pub struct TrialColumn {
    pub name: String,
    /// As people read them; empty where there is none.
    pub values: Vec<String>,
    pub number: bool,
    /// Whether it is a result, not what it was worked out from.
    pub result: bool,
}

/// What came of trying a calculation.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Which draft it belongs to.
    pub number: u64,
    pub columns: Vec<TrialColumn>,
    wrong: Option<Mistake>,
    /// Whether the expression makes a value per row, not per customer as was asked.
    pub of_rows: bool,
}

impl Outcome {
    /// What is wrong with it.
    pub fn mistake(&self) -> Option<&Mistake> {
        self.wrong.as_ref()
    }
}

/// Tries the calculation on another thread; what came of the one before stays until it is done.
pub fn follow(ctx: &egui::Context, scene: &mut Scene, trial: Trial) -> Followed<Outcome> {
    scene.cache.follow("calculation", trial, ctx, |trial, ctx| {
        let made = match trial.level {
            Level::Rows => rows(trial, ctx),
            Level::Customers => customers(trial, ctx),
        };
        ctx.tick(1, 1).ok()?;
        let mut out = Outcome { number: trial.number, ..Outcome::default() };
        match made {
            Ok(columns) => out.columns = columns,
            Err(error) => {
                out.of_rows = trial.level == Level::Customers && is_of_rows(trial);
                out.wrong = Some(mistake(&error));
            }
        }
        Some(out)
    })
}

/// Whether an expression names columns of rows outside of aggregates.
fn is_of_rows(trial: &Trial) -> bool {
    let Formula::Expression { expression } = &trial.formula else { return false };
    let scope = calculate::Scope::of(Some(&trial.prepared.table), &trial.features);
    let columns = calculate::Scope { features: Vec::new(), ..scope };
    calculate::level_of(expression, &columns) == Ok(calculate::Level::Rows)
}

fn rows(trial: &Trial, ctx: &crate::ctx::Ctx) -> Result<Vec<TrialColumn>, ExpressionError> {
    let table = &trial.prepared.table;
    let made = calculate::preview_rows(table, &trial.name, &trial.formula, ROWS, ctx)?;
    let columns = used(&trial.formula).into_iter().filter_map(|name| table.column(&name).map(|c| (name, c)));
    let mut out: Vec<TrialColumn> = columns
        .map(|(name, column)| TrialColumn {
            name,
            values: (0..table.rows.min(ROWS)).map(|row| column.text(row).to_string()).collect(),
            number: matches!(column.kind, crate::intake::kind::ColumnKind::Number { .. }),
            result: false,
        })
        .collect();
    out.extend(results(made));
    Ok(out)
}

fn customers(trial: &Trial, ctx: &crate::ctx::Ctx) -> Result<Vec<TrialColumn>, ExpressionError> {
    let known = Known { prepared: &trial.prepared, roles: &trial.roles, clean: &trial.clean };
    let table = CustomerTable { ids: trial.rfm.customers.ids.clone(), features: trial.features.clone() };
    let what = Calculation { name: trial.name.clone(), formula: trial.formula.clone() };
    let made = calculate::preview_customers(&known, &trial.counted, &table, &trial.recipe, &what, ROWS, ctx)?;
    let n = table.len().min(ROWS);
    let mut out = vec![TrialColumn {
        name: "Customer".into(),
        values: table.ids.iter().take(n).cloned().collect(),
        ..TrialColumn::default()
    }];
    for name in used(&trial.formula) {
        let Some(feature) = table.position(&name).map(|at| &table.features[at]) else { continue };
        let text = |at: usize| match (&feature.names, feature.values[at]) {
            (_, v) if !v.is_finite() => String::new(),
            (Some(names), v) => names.get(v as usize).cloned().unwrap_or_default(),
            (None, v) => tile::write(feature, v, trial.currency.as_deref()),
        };
        let number = feature.names.is_none();
        out.push(TrialColumn { name, values: (0..n).map(text).collect(), number, result: false });
    }
    out.extend(results(made));
    Ok(out)
}

/// The names that a formula uses, each once.
fn used(formula: &Formula) -> Vec<String> {
    match formula {
        Formula::Expression { expression } => calculate::names_in(expression).unwrap_or_default(),
        form => {
            let mut names: Vec<String> = form.columns().into_iter().map(String::from).collect();
            names.dedup();
            names
        }
    }
}

fn results(made: Preview) -> impl Iterator<Item = TrialColumn> {
    made.names.into_iter().zip(made.values).map(|(name, values)| {
        let reads = |text: &String| text.is_empty() || text.starts_with(|c: char| c.is_ascii_digit() || c == '−');
        let number = values.iter().all(reads);
        TrialColumn { name, values, number, result: true }
    })
}
