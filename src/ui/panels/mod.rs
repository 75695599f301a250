//! One panel per step of the rail, and what they have in common: the title row and how failures are shown.

pub mod choose_k;
mod clean;
mod customers;
mod data;
mod explore;
mod export;
mod features;
pub mod new_file;
pub mod profiles;
pub mod rfm;
pub mod segments;
mod selected;
mod welcome;

use egui::{Align, Layout, Margin, RichText, Stroke, Ui};

use super::glossary;
use super::scene::Scene;
use super::style::semibold;
use super::theme;
use super::widgets::state;
use crate::app::{FeaturesTab, Panel, Status};
use crate::pipeline::Stage;

/// The stages whose findings a panel shows.
pub fn stages_of(panel: Panel) -> &'static [Stage] {
    match panel {
        Panel::Welcome => &[],
        Panel::Data => &[Stage::Intake, Stage::Roles],
        Panel::Clean => &[Stage::Prepare, Stage::Clean],
        Panel::Explore => &[Stage::Clean, Stage::Enrich],
        Panel::Features => &[Stage::Rfm, Stage::Enrich, Stage::Features],
        Panel::ChooseK => &[Stage::Search, Stage::Cluster, Stage::Judge],
        // Drawn by the projection, coloured and named by the profiles.
        Panel::Segments => &[Stage::Reduce, Stage::Name],
        Panel::Profiles | Panel::Export => &[Stage::Portray],
    }
}

/// The panel where a stage's decisions are made.
pub fn panel_of(stage: Stage) -> Panel {
    match stage {
        Stage::Intake | Stage::Roles => Panel::Data,
        Stage::Prepare | Stage::Clean => Panel::Clean,
        Stage::Rfm | Stage::Enrich | Stage::Features | Stage::Compare => Panel::Features,
        Stage::Search | Stage::Cluster | Stage::Judge => Panel::ChooseK,
        Stage::Reduce => Panel::Segments,
        Stage::Profile | Stage::Name | Stage::Portray => Panel::Profiles,
    }
}

/// Whether files dropped now are a segment map: one text file, and the side of segment maps in front.
pub fn takes_map(scene: &Scene, dropped: &[std::path::PathBuf]) -> bool {
    let maps = scene.view.panel == Panel::Features && scene.view.features.tab == FeaturesTab::Map;
    maps && matches!(dropped, [path] if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")))
}

/// The panel in front, in the room in the middle.
pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let panel = scene.view.panel;
    let margin =
        Margin { left: t.space.l as i8, right: t.space.l as i8, top: t.space.m as i8, bottom: t.space.m as i8 };
    let frame = egui::Frame::new().fill(t.bg.panel).inner_margin(margin);
    egui::CentralPanel::default().frame(frame).show(ui, |ui| {
        if scene.new_file.shown {
            return new_file::show(ui, scene);
        }
        if panel == Panel::Welcome {
            return welcome::show(ui, scene);
        }
        title(ui, scene, panel);
        if let Some((stage, error)) = scene.session.failure() {
            let (stage, error) = (stage, error.clone());
            if state::remedy(scene, stage) == panel || stages_of(panel).iter().any(|s| *s >= stage) {
                state::failure(ui, scene, stage, &error);
            }
        }
        ui.push_id(panel, |ui| match panel {
            Panel::Welcome => {}
            Panel::Data => data::show(ui, scene),
            Panel::Clean => clean::show(ui, scene),
            Panel::Explore => explore::show(ui, scene),
            Panel::Features => features::show(ui, scene),
            Panel::ChooseK => choose_k::show(ui, scene),
            Panel::Segments => segments::show(ui, scene),
            Panel::Profiles => profiles::show(ui, scene),
            Panel::Export => export::show(ui, scene),
        });
    });
}

/// Name, question, the panel's own controls, and a hairline that shows progress while something is computed.
fn title(ui: &mut Ui, scene: &mut Scene, panel: Panel) {
    let t = theme::of(ui);
    ui.horizontal(|ui| {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            let title = ui.label(RichText::new(panel.title()).size(t.font.title).family(semibold()));
            glossary::define(title, if panel == Panel::ChooseK { "k" } else { panel.title() });
            ui.label(RichText::new(panel.question()).size(t.font.small).color(t.text.muted));
        });
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| match panel {
            Panel::Explore => explore::controls(ui, scene),
            Panel::Features => features::controls(ui, scene),
            Panel::Segments => segments::controls(ui, scene),
            Panel::Profiles => profiles::controls(ui, scene),
            Panel::Export => export::controls(ui, scene),
            Panel::ChooseK => choose_k::controls(ui, scene),
            _ => {}
        });
    });
    let (rect, _) = ui.allocate_exact_size(egui::vec2(ui.available_width(), t.space.s), egui::Sense::hover());
    let y = rect.center().y;
    ui.painter().hline(rect.x_range(), y, Stroke::new(t.shape.hairline, t.bg.line));
    let waits = stages_of(panel).iter().any(|s| !matches!(scene.session.status(*s), Status::Ready | Status::Idle));
    if let Some((_, share)) = scene.session.running().filter(|_| waits) {
        let to = rect.left() + rect.width() * share.clamp(0.02, 1.0);
        ui.painter().hline(rect.left()..=to, y, Stroke::new(t.shape.ring, t.accent.normal));
    }
}
