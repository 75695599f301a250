//! Choose k: how clusters are found and how many the data supports.

mod board;
mod control;
mod criteria;
mod curves;
mod decide;
mod found;
pub mod help;
mod layout;
mod lesson;
mod runs;
mod says;
mod settings;
mod silhouettes;
mod sketch;
mod tree;

use egui::Ui;

use crate::app::ChooseKTab;
use crate::ui::scene::Scene;
use crate::ui::widgets::choice;

/// In the title row: which side of the panel, and the number of clusters.
pub fn controls(ui: &mut Ui, scene: &mut Scene) {
    let tabs = ChooseKTab::ALL.map(|tab| (tab, tab.title()));
    choice::tabs(ui, &mut scene.view.choose_k.tab, &tabs);
    if !matches!(scene.view.choose_k.tab, ChooseKTab::Runs | ChooseKTab::Lesson) {
        control::show(ui, scene);
    }
}

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    if scene.view.choose_k.tab != ChooseKTab::Silhouettes {
        scene.cache.leave("silhouettes");
    }
    match scene.view.choose_k.tab {
        ChooseKTab::Criteria => criteria::show(ui, scene),
        ChooseKTab::Silhouettes => silhouettes::show(ui, scene),
        ChooseKTab::Tree => tree::show(ui, scene),
        ChooseKTab::Runs => runs::show(ui, scene),
        ChooseKTab::Lesson => lesson::show(ui, scene),
    }
}
