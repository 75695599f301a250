//! The recipe with the columns of another file.

use std::collections::BTreeMap;

use super::loose;
use super::plan::Plan;
use super::uses::{is_feature, made_by};
use crate::features::calculate;
use crate::intake::{Role, RolesOut};
use crate::recipe::{FeatureChoice, Formula, Operand, Recipe, StepKind};

/// The recipe that does the same to the other file: its files, and the names of its columns in roles, cleaning steps,
/// formulas and features. Roles that were guessed become those of last time, so that a further column of the new file
/// does not take one of them.
pub fn apply(recipe: &Recipe, plan: &Plan, roles: Option<&RolesOut>) -> Recipe {
    let mut out = recipe.clone();
    out.input = plan.input.clone();
    let mut names = Names(plan.renamed().into_iter().map(|(from, to)| (loose(&from), to)).collect());
    for step in &mut out.clean.steps {
        let made = made_by(&step.what);
        rename_step(&mut step.what, &names);
        // From here on the name is that of the column that the step made.
        if let StepKind::RenameColumn { from, .. } = &step.what {
            let from = from.clone();
            names.0.retain(|_, to| *to != from);
        }
        if let Some(made) = made {
            names.0.remove(&loose(&made));
        }
    }
    for role in Role::ALL {
        let in_force = roles.and_then(|r| r.column(role)).map(str::to_string);
        let given = role.slot(&mut out.roles);
        *given = match in_force.or_else(|| given.clone().filter(|name| !name.is_empty())) {
            Some(name) => Some(names.of(&name)),
            None if plan.unwanted.contains(&role) => Some(String::new()),
            None => given.take(),
        };
    }
    let shape = roles.map(|r| &r.shape).filter(|s| s.is_of_customers());
    let counted = [
        (&mut out.roles.recency, shape.and_then(|s| s.recency.as_ref())),
        (&mut out.roles.frequency, shape.and_then(|s| s.frequency.as_ref())),
        (&mut out.roles.monetary, shape.and_then(|s| s.monetary.as_ref())),
    ];
    for (given, in_force) in counted {
        // Only where the name changes: shapes that count otherwise are found anew.
        match (given.as_ref(), in_force) {
            (Some(name), _) => *given = Some(names.of(name)),
            (None, Some(name)) if names.of(name) != *name => *given = Some(names.of(name)),
            _ => {}
        }
    }
    for name in out.features.columns.iter_mut().flatten() {
        if !is_feature(name, recipe) {
            *name = names.of(name);
        }
    }
    let each = std::mem::take(&mut out.features.each);
    let renamed = |(name, choice): (String, FeatureChoice)| {
        (if is_feature(&name, recipe) { name } else { names.of(&name) }, choice)
    };
    out.features.each = each.into_iter().map(renamed).collect();
    for calculation in &mut out.features.calculate {
        rename_formula(&mut calculation.formula, &|name| {
            (!is_feature(name, recipe)).then(|| names.get(name)).flatten()
        });
    }
    out
}

/// The recipe without the dates that were set by hand for an earlier file: it looks back from the new file's own last day.
pub fn without_dates(mut recipe: Recipe) -> Recipe {
    recipe.rfm.snapshot = None;
    recipe.rfm.compare_to = None;
    recipe
}

/// New names by old ones, without case.
struct Names(BTreeMap<String, String>);

impl Names {
    fn get(&self, name: &str) -> Option<String> {
        self.0.get(&loose(name)).cloned()
    }

    fn of(&self, name: &str) -> String {
        self.get(name).unwrap_or_else(|| name.to_string())
    }
}

fn rename_step(step: &mut StepKind, names: &Names) {
    match step {
        StepKind::DropDuplicates { columns, .. }
        | StepKind::TidyText { columns, .. }
        | StepKind::FindReplace { columns, .. }
        | StepKind::DropColumns { columns } => columns.iter_mut().for_each(|c| *c = names.of(c)),
        StepKind::Missing { column, along, .. } => {
            *column = names.of(column);
            along.iter_mut().for_each(|c| *c = names.of(c));
        }
        StepKind::ChangeType { column, .. }
        | StepKind::UnifySpellings { column, .. }
        | StepKind::MapValues { column, .. }
        | StepKind::Filter { column, .. }
        | StepKind::Outliers { column, .. }
        | StepKind::ExcludeProducts { column, .. } => *column = names.of(column),
        StepKind::RenameColumn { from, .. } => *from = names.of(from),
        StepKind::Calculate { formula, .. } => rename_formula(formula, &|name| names.get(name)),
    }
}

fn rename_formula(formula: &mut Formula, names: &dyn Fn(&str) -> Option<String>) {
    let of = |name: &mut String| {
        if let Some(new) = names(name) {
            *name = new;
        }
    };
    match formula {
        // One that makes no sense stays as it is; the analysis says what is wrong with it.
        Formula::Expression { expression } => {
            if let Ok(new) = calculate::renamed(expression, names) {
                *expression = new;
            }
        }
        Formula::Arithmetic { left, right, .. } => {
            for operand in [left, right] {
                if let Operand::Column(name) = operand {
                    of(name);
                }
            }
        }
        Formula::JoinText { columns, .. } => columns.iter_mut().for_each(of),
        Formula::Bins { column, .. }
        | Formula::DatePart { column, .. }
        | Formula::DaysSince { column, .. }
        | Formula::OneHot { column, .. }
        | Formula::Ordinal { column, .. }
        | Formula::Aggregate { column, .. } => of(column),
    }
}
