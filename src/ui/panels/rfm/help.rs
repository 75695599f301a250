//! What the drawer says about these tabs, with the numbers of this data.

use super::dates::moves;
use crate::app::FeaturesTab;
use crate::format;
use crate::recipe::Rfm;
use crate::rfm::{AxisScores, Movement};
use crate::ui::scene::Scene;
use crate::ui::widgets::customers::value;

/// The text for the tab in front; `None` for the tab of features.
pub fn text(tab: FeaturesTab) -> Option<&'static str> {
    match tab {
        FeaturesTab::Features => None,
        FeaturesTab::Rfm => Some(include_str!("../../../../assets/help/rfm.md")),
        FeaturesTab::Map => Some(include_str!("../../../../assets/help/rfm_map.md")),
        FeaturesTab::Dates => Some(include_str!("../../../../assets/help/rfm_dates.md")),
    }
}

/// The value of a placeholder; `None` while it is not known.
pub fn number(name: &str, scene: &Scene) -> Option<String> {
    let rfm = || scene.session.rfm.get();
    let migration = || scene.session.migration.get().and_then(|m| m.as_ref().as_ref());
    let moved = |which| migration().map(|m| format::count(moves::count(m, which)));
    Some(match name {
        "scores" => rfm()?.scores.first()?.sizes.len().to_string(),
        "cuts_r" => cuts(scene, 0)?,
        "cuts_f" => cuts(scene, 1)?,
        "cuts_m" => cuts(scene, 2)?,
        "map_title" => rfm().filter(|r| !r.segment.is_empty())?.map.title.clone(),
        "map_segments" => rfm().filter(|r| !r.segment.is_empty())?.map.segments.len().to_string(),
        "largest_segment" | "largest_customers" => {
            let portraits = scene.session.portraits.get()?;
            let largest = portraits.rfm.iter().max_by_key(|p| p.customers)?;
            if name == "largest_segment" { largest.name.clone() } else { format::count(largest.customers) }
        }
        "from" => migration()?.from.to_string(),
        "to" => migration()?.to.to_string(),
        "moved_up" => moved(Movement::Up)?,
        "slipping" => moved(Movement::Slipping)?,
        "level" => moved(Movement::Level)?,
        "new" => moved(Movement::New)?,
        "worst_move" | "worst_customers" | "worst_money" => {
            let found = migration()?;
            let slipped = found.cells.iter().filter(|c| found.ranks.movement(c.from, c.to) == Movement::Slipping);
            let worst = slipped.max_by_key(|c| c.customers)?;
            match name {
                "worst_move" => {
                    let [from, to] = [worst.from, worst.to].map(|s| moves::name(found, s, ""));
                    format!("from {from} to {to}")
                }
                "worst_customers" => format::count(worst.customers),
                _ => format::money(worst.revenue, scene.currency()),
            }
        }
        _ => return None,
    })
}

/// The cut points of an axis in words.
fn cuts(scene: &Scene, axis: usize) -> Option<String> {
    let rfm = scene.session.rfm.get()?;
    let (found, feature): (&AxisScores, _) = (rfm.scores.get(axis)?, rfm.customers.features.get(axis)?);
    if found.cuts.is_empty() {
        return Some("within each score of the axes before".into());
    }
    let write = |v: &f64| if v.fract() == 0.0 { value(*v, feature.unit, scene.currency()) } else { format::short(*v) };
    let own = scene.session.recipe().is_some_and(|r| given(&r.rfm, axis));
    let words: Vec<String> = found.cuts.iter().map(write).collect();
    Some(format!("at {}{}", words.join(", "), if own { " (by hand)" } else { "" }))
}

fn given(rfm: &Rfm, axis: usize) -> bool {
    [&rfm.recency_cuts, &rfm.frequency_cuts, &rfm.monetary_cuts].get(axis).is_some_and(|c| c.is_some())
}
