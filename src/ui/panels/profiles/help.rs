//! What the drawer says about the sides of this panel, with the numbers of this data.

use crate::app::ProfilesTab;
use crate::format;
use crate::profile::{Grouping, telling};
use crate::ui::scene::Scene;

/// The text for the side in front.
pub fn text(tab: ProfilesTab) -> &'static str {
    match tab {
        ProfilesTab::Cards => include_str!("../../../../assets/help/profiles.md"),
        ProfilesTab::Table => include_str!("../../../../assets/help/profiles_table.md"),
        ProfilesTab::Heat => include_str!("../../../../assets/help/profiles_heat.md"),
        ProfilesTab::Snake => include_str!("../../../../assets/help/profiles_snake.md"),
        ProfilesTab::Radar => include_str!("../../../../assets/help/profiles_radar.md"),
        ProfilesTab::Boxes => include_str!("../../../../assets/help/profiles_boxes.md"),
    }
}

/// The value of a placeholder; `None` while it is not known.
pub fn number(name: &str, scene: &Scene) -> Option<String> {
    let portraits = scene.session.portraits.get()?;
    let clusters = scene.session.profiles.get()?;
    let rfm = scene.session.rfm.get()?;
    let (profiles, own) = portraits.of(scene.view.profiles.grouping, clusters);
    let first = profiles.first()?;
    let most = || telling(first, &rfm.customers, scene.session.matrix.get()?, 1).into_iter().next();
    Some(match name {
        "segments" => match scene.view.profiles.grouping {
            Grouping::Clusters => format::plural(clusters.len(), "cluster", "clusters"),
            Grouping::Rfm => format::plural(profiles.len(), "RFM segment", "RFM segments"),
        },
        // In the words of a sentence, where there is such a thing.
        "net_spend" if rfm.has_money() => "net spend".into(),
        "recency" if !rfm.customers.recency().is_empty() => "recency".into(),
        "first_name" => first.name.clone(),
        "first_customers" => format::count(first.customers),
        "first_share_customers" => format::percent(first.share_of_customers),
        "first_revenue" if !first.revenue.is_nan() => format::money(first.revenue, scene.currency()),
        "first_share_revenue" if !first.revenue.is_nan() => format::percent(first.share_of_revenue),
        "first_feature" => rfm.customers.features[most()?.feature].label.clone(),
        "first_difference" => format::number(most()?.difference, 2),
        "first_words" => most()?.words.to_string(),
        "first_trend" => own.first()?.trend.as_ref()?.words.clone(),
        "first_top" => own.first()?.tops.first()?.list.first()?.name.clone(),
        "first_top_column" => own.first()?.tops.first()?.column.clone(),
        "first_top_share" => format::percent(own.first()?.tops.first()?.list.first()?.share),
        "first_top_lift" => format::number(own.first()?.tops.first()?.list.first()?.lift, 1),
        "fidelity" if !portraits.rules.rules.is_empty() => format::percent(portraits.rules.fidelity),
        _ => return None,
    })
}
