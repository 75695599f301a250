//! What can be decided about features, as entries of the history.

use crate::features::calculate::names_in;
use crate::features::look::Shape;
use crate::recipe::{Calculation, FeatureChoice, Features, FillMissing, Formula};
use crate::rfm::RfmOut;
use crate::ui::scene::Scene;

use super::items::{Item, is_named, makes};

/// The names of the features that are clustered by, as the recipe has them or as they are usually taken.
pub fn chosen(rfm: &RfmOut, choice: &Features) -> Vec<String> {
    let names = rfm.features(choice).columns;
    names.unwrap_or_else(|| rfm.customers.features.iter().map(|f| f.name.clone()).collect())
}

/// Clusters by a feature, or no longer. `shape`: where customers lack a value they count as the median until somebody
/// decides otherwise, as clustering needs a number for everyone.
pub fn choose(scene: &mut Scene, rfm: &RfmOut, item: &Item, on: bool, shape: Option<&Shape>) {
    let Some(recipe) = scene.session.recipe() else { return };
    let mut names = chosen(rfm, &recipe.features);
    names.retain(|n| !is_named(item.feature, std::slice::from_ref(n)));
    if on {
        names.push(item.feature.name.clone());
    }
    let verb = if on { "Cluster by" } else { "Do not cluster by" };
    let label = format!("{verb} {}", item.feature.label.to_lowercase());
    let columns = decided(rfm, names);
    let fill = on && shape.is_some_and(|s| s.missing > 0);
    let name = item.feature.name.clone();
    scene.decide(label, false, |r| {
        if fill {
            r.features.each.entry(name).or_default().missing.get_or_insert(FillMissing::Median);
        } else if let Some(choice) = r.features.each.get_mut(&name).filter(|_| !on) {
            // A feature that is left out starts anew; its transform and weight stay for when it comes back.
            choice.missing = None;
            if *choice == FeatureChoice::default() {
                r.features.each.remove(&name);
            }
        }
        r.features.columns = columns;
    });
}

/// A choice of features for the recipe; the usual ones need no decision.
fn decided(rfm: &RfmOut, names: Vec<String>) -> Option<Vec<String>> {
    let mut usual = match rfm.usual.is_empty() {
        true => rfm.customers.features.iter().map(|f| f.name.clone()).collect(),
        false => rfm.usual.clone(),
    };
    let mut sorted = names.clone();
    usual.sort_unstable();
    sorted.sort_unstable();
    (sorted != usual && !names.is_empty()).then_some(names)
}

/// No longer clusters by a name that no feature has.
pub fn forget(scene: &mut Scene, name: &str) {
    scene.decide(format!("Do not cluster by {name}"), false, |r| {
        if let Some(names) = &mut r.features.columns {
            names.retain(|n| n != name);
        }
    });
}

/// Changes how one feature is prepared. A choice that says nothing of its own is taken out.
pub fn prepare(scene: &mut Scene, label: String, drag: bool, name: &str, change: impl FnOnce(&mut FeatureChoice)) {
    scene.decide(label, drag, |r| {
        let choice = r.features.each.entry(name.to_string()).or_default();
        change(choice);
        if *choice == FeatureChoice::default() {
            r.features.each.remove(name);
        }
    });
}

/// Adds a calculation, or replaces the one at `at`; what is decided about a feature follows its new name.
pub fn calculate(scene: &mut Scene, at: Option<usize>, calculation: Calculation) {
    let name = calculation.name.clone();
    let label = if at.is_some() { format!("Edit feature {name}") } else { format!("Add feature {name}") };
    scene.decide(label, false, |r| match at.and_then(|at| r.features.calculate.get_mut(at)) {
        None => r.features.calculate.push(calculation),
        Some(old) => {
            let before = std::mem::replace(old, calculation).name;
            if before != name {
                for column in r.features.columns.iter_mut().flatten().filter(|c| **c == before) {
                    column.clone_from(&name);
                }
                if let Some(choice) = r.features.each.remove(&before) {
                    r.features.each.insert(name, choice);
                }
            }
        }
    });
}

/// Takes a calculation out, with everything decided about its features.
pub fn delete(scene: &mut Scene, at: usize) {
    let Some(gone) = scene.session.recipe().and_then(|r| r.features.calculate.get(at)).cloned() else { return };
    let rfm = scene.session.rfm.get().cloned();
    scene.decide(format!("Delete feature {}", gone.name), false, |r| {
        r.features.calculate.remove(at);
        r.features.each.retain(|name, _| !makes(&gone, name));
        if let (Some(mut names), Some(rfm)) = (r.features.columns.take(), rfm) {
            names.retain(|n| !makes(&gone, n));
            r.features.columns = decided(&rfm, names);
        }
    });
}

/// The names of the calculations that use what the one at `at` makes.
pub fn users(calculate: &[Calculation], at: usize) -> Vec<String> {
    let Some(of) = calculate.get(at) else { return Vec::new() };
    let uses = |formula: &Formula| match formula {
        Formula::Expression { expression } => names_in(expression).unwrap_or_default().iter().any(|n| makes(of, n)),
        other => other.columns().into_iter().any(|n| makes(of, n)),
    };
    let others = calculate.iter().enumerate().filter(|(i, c)| *i != at && uses(&c.formula));
    others.map(|(_, c)| c.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_found_in_expressions_and_forms() {
        let expression = |name: &str, text: &str| Calculation {
            name: name.into(),
            formula: Formula::Expression { expression: text.into() },
        };
        let all = [
            expression("spend per order", "monetary / frequency"),
            expression("twice", "2 * \"spend per order\""),
            Calculation {
                name: "bin".into(),
                formula: Formula::Bins {
                    column: "twice".into(),
                    method: crate::recipe::BinMethod::Quantile,
                    bins: None,
                    edges: Vec::new(),
                    labels: Vec::new(),
                },
            },
        ];
        assert_eq!(users(&all, 0), ["twice"]);
        assert_eq!(users(&all, 1), ["bin"]);
        assert!(users(&all, 2).is_empty());
    }
}
