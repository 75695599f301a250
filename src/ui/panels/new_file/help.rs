//! What the drawer says about this page, with the numbers of both files.

use crate::app::Step;
use crate::format;
use crate::project::{Comparison, Reading};
use crate::ui::scene::Scene;

/// The text for the step in front.
pub fn text(scene: &Scene) -> &'static str {
    match scene.new_file.step {
        Step::Compared => include_str!("../../../../assets/help/new_file_compared.md"),
        _ => include_str!("../../../../assets/help/new_file.md"),
    }
}

/// The value of a placeholder; `None` while it is not known.
pub fn number(name: &str, scene: &Scene) -> Option<String> {
    let compared = || scene.new_file.comparison().map(|c| &**c);
    let plan = || match &scene.new_file.step {
        Step::Plan(plan) => Some(plan),
        _ => None,
    };
    Some(match name {
        "new_needed" => format::plural(plan()?.columns.len(), "column", "columns"),
        "new_same" => {
            let plan = plan()?;
            let found = plan.columns.iter().filter(|m| m.to.is_some()).count();
            format::count(found - plan.renamed().len())
        }
        "new_renamed" => format::count(plan()?.renamed().len()),
        "new_both" => format::count(compared()?.both),
        "new_new" => format::count(compared()?.new),
        "new_gone" => format::count(compared()?.gone),
        "new_stayed" => format::percent(compared().filter(|c| c.both > 0).map(|c| c.stayed as f64 / c.both as f64)?),
        "new_drift" => worst(compared()?)?,
        _ => return None,
    })
}

/// The feature that drifted most, with its index and how that reads.
fn worst(comparison: &Comparison) -> Option<String> {
    let known = comparison.drift.iter().filter_map(|d| Some((d, d.index?)));
    let (drift, index) = known.max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(format!("{} with {} ({})", drift.label, format::number(index, 2), Reading::of(index).word()))
}
