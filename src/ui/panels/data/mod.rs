//! Data: how the file was read, which column is what, and the table itself.

mod file_card;
mod preview;
mod role_cards;

use egui::{Margin, ScrollArea, Ui};

use crate::app::Status;
use crate::pipeline::Stage;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{state, text};

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
            state::dimmed(ui, !current, |ui| {
                problems(ui, scene);
                preview::show(ui, scene, &intake);
            });
        }
    });
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
