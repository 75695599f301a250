//! Which columns of the file a recipe needs, and for what.

use super::loose;
use crate::features::{self, calculate};
use crate::intake::{Role, RolesOut};
use crate::recipe::{Formula, Operand, Recipe, Roles, StepKind};
use crate::rfm::{FREQUENCY, MONETARY, RECENCY};

/// A column of the file that the analysis needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    pub column: String,
    /// What for, in words: `customer`, `cleaning step 2`, `feature "x"`.
    pub purposes: Vec<String>,
    /// The role that it plays, if any.
    pub role: Option<Role>,
}

/// The columns of the file that `recipe` needs, in the order in which it mentions them. `roles` are those in force, where
/// they are known: roles that the recipe leaves open are guessed.
pub fn uses(recipe: &Recipe, roles: Option<&RolesOut>) -> Vec<Use> {
    let mut out = Uses::default();
    for (i, step) in recipe.clean.steps.iter().enumerate() {
        if step.on {
            let purpose = format!("cleaning step {}", i + 1);
            columns_of(&step.what).iter().for_each(|name| out.add(name, &purpose, None));
        }
        out.made(&step.what);
    }
    for (role, column) in played(&recipe.roles, roles) {
        match role {
            Played::Role(role) => out.add(&column, &role.label().to_lowercase(), Some(role)),
            Played::Counted(what) => out.add(&column, what, None),
        }
    }
    let of_customers = roles.is_none_or(|r| r.shape.is_of_customers());
    for name in recipe.features.columns.iter().flatten() {
        if of_customers && !is_feature(name, recipe) {
            out.add(name, "feature", None);
        }
    }
    for calculation in &recipe.features.calculate {
        let purpose = format!("feature {:?}", calculation.name);
        for name in of_rows(&calculation.formula) {
            if !is_feature(&name, recipe) {
                out.add(&name, &purpose, None);
            }
        }
    }
    // Roles first: what a column is matters more than what is done with it.
    let (played, others): (Vec<Use>, Vec<Use>) = out.list.into_iter().partition(|u| u.role.is_some());
    played.into_iter().chain(others).collect()
}

#[derive(Default)]
struct Uses {
    list: Vec<Use>,
    /// Columns that steps made; they are not of the file.
    made: Vec<String>,
}

impl Uses {
    fn add(&mut self, column: &str, purpose: &str, role: Option<Role>) {
        let name = loose(column);
        if name.is_empty() || self.made.contains(&name) {
            return;
        }
        let known = self.list.iter().position(|u| loose(&u.column) == name);
        let at = known.unwrap_or_else(|| {
            self.list.push(Use { column: column.to_string(), purposes: Vec::new(), role: None });
            self.list.len() - 1
        });
        let one = &mut self.list[at];
        if !one.purposes.iter().any(|p| p == purpose) {
            one.purposes.push(purpose.to_string());
        }
        one.role = one.role.or(role);
    }

    fn made(&mut self, step: &StepKind) {
        self.made.extend(made_by(step).map(|name| loose(&name)));
    }
}

/// The column that a step makes.
pub(super) fn made_by(step: &StepKind) -> Option<String> {
    match step {
        StepKind::RenameColumn { to, .. } => Some(to.clone()),
        StepKind::Calculate { name, .. } => Some(name.clone()),
        _ => None,
    }
}

/// What a step refers to, within expressions too.
fn columns_of(step: &StepKind) -> Vec<String> {
    match step {
        StepKind::Calculate { formula: Formula::Expression { expression }, .. } => {
            calculate::names_in(expression).unwrap_or_default()
        }
        step => step.columns().into_iter().map(str::to_string).collect(),
    }
}

/// What a feature of customers may refer to in the rows of the file.
fn of_rows(formula: &Formula) -> Vec<String> {
    match formula {
        Formula::Expression { expression } => calculate::names_in(expression).unwrap_or_default(),
        Formula::Arithmetic { left, right, .. } => {
            let column = |o: &Operand| match o {
                Operand::Column(name) => Some(name.clone()),
                Operand::Number(_) => None,
            };
            [left, right].into_iter().filter_map(column).collect()
        }
        formula => formula.columns().into_iter().map(str::to_string).collect(),
    }
}

/// Whether a name is a feature of customers, whatever the file.
pub(super) fn is_feature(name: &str, recipe: &Recipe) -> bool {
    let known = ["customer_id", RECENCY, FREQUENCY, MONETARY, "recency", "net spend"];
    known.contains(&loose(name).as_str()) || features::is_appended(name, recipe)
}

/// A part that a column plays.
pub(super) enum Played {
    Role(Role),
    /// Of a table with one row per customer.
    Counted(&'static str),
}

/// Every part with its column, those of the findings where they are known.
pub(super) fn played(given: &Roles, found: Option<&RolesOut>) -> Vec<(Played, String)> {
    let mut out: Vec<(Played, String)> = Vec::new();
    for role in Role::ALL {
        let column = match found {
            Some(found) => found.column(role).map(str::to_string),
            None => role.slot(&mut given.clone()).clone(),
        };
        out.extend(column.map(|column| (Played::Role(role), column)));
    }
    let shape = found.map(|f| &f.shape);
    let counted = [
        ("recency", shape.map(|s| &s.recency), &given.recency),
        ("frequency", shape.map(|s| &s.frequency), &given.frequency),
        ("monetary", shape.map(|s| &s.monetary), &given.monetary),
    ];
    for (what, found, given) in counted {
        let column = found.unwrap_or(given).clone();
        out.extend(column.map(|column| (Played::Counted(what), column)));
    }
    out.retain(|(_, column)| !column.is_empty());
    out
}
