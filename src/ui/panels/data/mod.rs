//! Data: how the file was read, which column is what, the table itself, and what is odd about it.

mod file_card;
mod head;
mod preview;
mod rejects;
mod role_cards;
mod structure;

use std::sync::Arc;

use egui::{Margin, ScrollArea, Ui};

use crate::app::{DataTab, Status};
use crate::format;
use crate::intake::IntakeOut;
use crate::pipeline::Stage;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{choice, state, text};

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let side = egui::Frame::new().inner_margin(Margin { right: t.space.m as i8, ..Margin::ZERO });
    egui::Panel::left("data side")
        .frame(side)
        .exact_size(t.frame.side.min(ui.available_width() * 0.5))
        .show_separator_line(false)
        .resizable(false)
        .show(ui, |ui| {
            ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
                file_card::show(ui, scene);
                ui.add_space(t.space.xs);
                role_cards::show(ui, scene);
            });
        });
    let frame = egui::Frame::new();
    egui::CentralPanel::default().frame(frame).show(ui, |ui| match scene.session.intake.get().cloned() {
        None => state::waiting(ui, scene, Stage::Intake),
        Some(intake) => {
            let current = *scene.session.intake.status() == Status::Ready;
            problems(ui, scene);
            tabs(ui, scene, &intake);
            state::dimmed(ui, !current, |ui| match scene.view.data.tab {
                DataTab::Preview => preview::show(ui, scene, &intake),
                DataTab::Quality => {}
                DataTab::Rejects => rejects::show(ui, scene, &intake),
            });
        }
    });
}

fn tabs(ui: &mut Ui, scene: &mut Scene, intake: &Arc<IntakeOut>) {
    let rejected: usize = intake.reports.iter().map(|r| r.rejected).sum();
    let rejects = if rejected > 0 {
        format!("Rows that do not fit ({})", format::count(rejected))
    } else {
        "Rows that do not fit".to_string()
    };
    let options = [
        (DataTab::Preview, "Preview", "The file as it was read"),
        (DataTab::Rejects, rejects.as_str(), "Rows with another number of cells than the table"),
    ];
    if let Some(tab) = choice::segmented(ui, "Show", &options, scene.view.data.tab) {
        scene.view.data.tab = tab;
    }
}

/// What is odd about the file, as sentences.
fn problems(ui: &mut Ui, scene: &Scene) {
    let t = theme::of(ui);
    let intake = scene.session.intake.get().map_or(&[][..], |o| &o.warnings);
    let roles = scene.session.roles.get().map_or(&[][..], |o| &o.warnings);
    for warning in intake.iter().chain(roles).take(6) {
        ui.horizontal_top(|ui| {
            text::icon(ui, egui_material_icons::icons::ICON_WARNING, t.state.warn);
            text::muted(ui, state::sentence(warning));
        });
    }
}
