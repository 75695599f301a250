//! Profiles: who the segments are, how they differ, and what to do about them.

mod boxes;
mod cards;
mod heat;
pub mod help;
mod radar;
mod shown;
mod snake;
mod table;

use egui::{Align, Layout, ScrollArea, Ui};
use egui_material_icons::icons::ICON_INFO;

use crate::app::ProfilesTab;
use crate::pipeline::Stage;
use crate::profile::Grouping;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{choice, state, text};
use shown::Shown;

/// In the title row: the sides of the panel.
pub fn controls(ui: &mut Ui, scene: &mut Scene) {
    let tabs = ProfilesTab::ALL.map(|tab| (tab, tab.title()));
    choice::tabs(ui, &mut scene.view.profiles.tab, &tabs);
}

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let Some((findings, current)) = scene.findings() else {
        return state::waiting(ui, scene, Stage::Portray);
    };
    // Without scores there is nothing but clusters.
    if findings.portraits.rfm.is_empty() {
        scene.view.profiles.group_by(Grouping::Clusters);
    }
    if current {
        super::selected::drawer(ui, scene, "profiles selected", &findings);
    }
    egui::CentralPanel::default().frame(egui::Frame::new()).show(ui, |ui| {
        let shown = Shown::of(ui, findings, current, scene.view.profiles.grouping);
        ui.horizontal(|ui| {
            grouping(ui, scene, &shown);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| match scene.view.profiles.tab {
                ProfilesTab::Cards => cards::controls(ui, &shown),
                ProfilesTab::Table => table::controls(ui, scene, &shown),
                ProfilesTab::Heat => heat::controls(ui, scene),
                ProfilesTab::Snake => snake::controls(ui, scene),
                ProfilesTab::Radar => {}
                ProfilesTab::Boxes => boxes::controls(ui, scene, &shown),
            });
        });
        if shown.grouping == Grouping::Clusters {
            resting(ui, &shown);
        }
        ui.add_space(t.space.xs);
        state::dimmed(ui, !current, |ui| match scene.view.profiles.tab {
            ProfilesTab::Snake => snake::show(ui, scene, &shown),
            ProfilesTab::Radar => radar::show(ui, scene, &shown),
            ProfilesTab::Boxes => boxes::show(ui, scene, &shown),
            tab => {
                let id = (tab, scene.view.profiles.grouping);
                ScrollArea::vertical().id_salt(id).auto_shrink([false, false]).show(ui, |ui| match tab {
                    ProfilesTab::Table => table::show(ui, scene, &shown),
                    ProfilesTab::Heat => heat::show(ui, scene, &shown),
                    _ => cards::show(ui, scene, &shown),
                });
            }
        });
    });
}

/// Names of the user's that no segment has now, and why.
fn resting(ui: &mut Ui, shown: &Shown) {
    let t = theme::of(ui);
    for why in &shown.findings.resting {
        ui.horizontal_top(|ui| {
            text::icon(ui, ICON_INFO, t.text.faint);
            text::muted(ui, why.as_str());
        });
    }
}

/// Which segments are told of.
fn grouping(ui: &mut Ui, scene: &mut Scene, shown: &Shown) {
    if shown.findings.portraits.rfm.is_empty() {
        return;
    }
    let clusters = format!("The {} segments that clustering found", shown.findings.chosen.clustering.clusters());
    let map = format!(
        "The {} segments that recency, frequency and monetary scores lead to, by the map {}",
        shown.findings.portraits.rfm.len(),
        shown.findings.rfm.map.title
    );
    let options = [(Grouping::Clusters, "Clusters", clusters.as_str()), (Grouping::Rfm, "RFM segments", map.as_str())];
    if let Some(picked) = choice::segmented(ui, "Segments", &options, scene.view.profiles.grouping) {
        scene.view.profiles.group_by(picked);
    }
}
