//! Segments: where the customers lie, coloured by cluster, and how the clusters differ.

mod common;
mod components;
mod distances;
pub mod help;
pub mod lines;
mod map;

pub use map::MapKept;

use egui::Ui;

pub use common::name;
pub use components::labels;

use crate::app::SegmentsTab;
use crate::ui::scene::Scene;
use crate::ui::widgets::choice;

/// In the title row: which side of the panel, and what is its own.
pub fn controls(ui: &mut Ui, scene: &mut Scene) {
    let tabs = SegmentsTab::ALL.map(|tab| (tab, tab.title()));
    choice::tabs(ui, &mut scene.view.segments.tab, &tabs);
    if scene.view.segments.tab == SegmentsTab::Map {
        map::controls(ui, scene);
    }
}

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    match scene.view.segments.tab {
        SegmentsTab::Map => map::show(ui, scene),
        SegmentsTab::Components => components::show(ui, scene),
        SegmentsTab::Distances => distances::show(ui, scene),
        SegmentsTab::Lines => lines::show(ui, scene),
    }
}
