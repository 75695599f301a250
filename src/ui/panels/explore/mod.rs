//! Explore: columns and charts of any table, and the customers one by one.

mod charts;

use egui::Ui;

use super::customers;
use crate::app::ExploreTab;
use crate::ui::scene::Scene;
use crate::ui::widgets::choice;

/// In the title row: charts or customers.
pub fn controls(ui: &mut Ui, scene: &mut Scene) {
    let tabs = [(ExploreTab::Charts, "Charts"), (ExploreTab::Customers, "Customers")];
    choice::tabs(ui, &mut scene.view.explore.tab, &tabs);
}

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    match scene.view.explore.tab {
        ExploreTab::Charts => charts::show(ui, scene),
        ExploreTab::Customers => customers::show(ui, scene),
    }
}
