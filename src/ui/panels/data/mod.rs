//! Data: how the file was read, which column is what, the table itself, and what is odd about it.

mod file_card;
mod head;
mod preview;
mod quality;
mod questions;
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
use crate::ui::widgets::{chip, choice, state, text};

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
            let doubtful = ask(ui, scene);
            problems(ui, scene, &doubtful);
            tabs(ui, scene, &intake);
            ui.add_space(t.space.xs);
            state::dimmed(ui, !current, |ui| match scene.view.data.tab {
                DataTab::Preview => preview::show(ui, scene, &intake),
                DataTab::Quality => quality::show(ui, scene, &intake),
                DataTab::Rejects => rejects::show(ui, scene, &intake),
            });
        }
    });
}

fn tabs(ui: &mut Ui, scene: &mut Scene, intake: &Arc<IntakeOut>) {
    let odd = quality::report(ui, scene, intake).map_or(0, |items| items.len());
    let named = |name: &str, n: usize| if n > 0 { format!("{name} ({})", format::count(n)) } else { name.to_string() };
    let quality = named("Quality", odd);
    let rejected: usize = intake.reports.iter().map(|r| r.rejected).sum();
    let rejects = named("Rows that do not fit", rejected);
    let options = [
        (DataTab::Preview, "Preview", "The file as it was read"),
        (DataTab::Quality, quality.as_str(), "What is odd about the data, counted"),
        (DataTab::Rejects, rejects.as_str(), "Rows with another number of cells than the table"),
    ];
    if let Some(tab) = choice::segmented(ui, "Show", &options, scene.view.data.tab) {
        scene.view.data.tab = tab;
    }
}

/// What the file cannot tell by itself; returns the columns that are asked about.
fn ask(ui: &mut Ui, scene: &mut Scene) -> Vec<String> {
    let (Some(recipe), Some(roles)) = (scene.session.recipe().cloned(), scene.session.roles.ready().cloned()) else {
        return Vec::new();
    };
    let questions = questions::open(&recipe, &roles);
    for question in &questions {
        questions::show(ui, scene, question);
    }
    questions.into_iter().map(|q| q.column).collect()
}

/// Sentences shown before the others are folded.
const SHOWN: usize = 2;

/// What is odd about the file, as sentences; what a question says already is left out.
fn problems(ui: &mut Ui, scene: &Scene, doubtful: &[String]) {
    let t = theme::of(ui);
    let intake = scene.session.intake.get().map_or(&[][..], |o| &o.warnings);
    let roles = scene.session.roles.get().map_or(&[][..], |o| &o.warnings);
    let columns = scene.session.roles.get().map_or(&[][..], |o| &o.columns);
    let asked = |warning: &String| {
        warning.to_lowercase().contains("if that is wrong")
            && columns.iter().any(|c| doubtful.contains(&c.name) && c.problems.contains(warning))
    };
    let warnings: Vec<&String> = intake.iter().chain(roles).filter(|w| !asked(w)).collect();
    let one = |ui: &mut Ui, warning: &String| {
        ui.horizontal_top(|ui| {
            text::icon(ui, egui_material_icons::icons::ICON_WARNING, t.state.warn);
            text::muted(ui, state::sentence(warning));
        });
    };
    let (first, rest) = warnings.split_at(warnings.len().min(SHOWN));
    for warning in first {
        one(ui, warning);
    }
    if !rest.is_empty() {
        let title = format::plural(rest.len(), "more remark", "more remarks");
        chip::fold(ui, "remarks", &title, |ui| rest.iter().for_each(|warning| one(ui, warning)));
    }
}
