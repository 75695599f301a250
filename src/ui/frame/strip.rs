//! A strip below the top bar for what waits for an answer: work that was not saved, data that are gone.

use chrono::Local;
use egui::{Align, Layout, Margin, RichText, Stroke, Ui};
use egui_material_icons::MaterialIcon;
use egui_material_icons::icons::{ICON_COMPARE_ARROWS, ICON_FOLDER_OPEN, ICON_LINK_OFF, ICON_RESTORE};

use crate::app::{Command, ProjectAction, Status, Unsaved};
use crate::format;
use crate::pipeline::Stage;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{button, text};

/// Pieces of unsaved work that are listed one below the other.
const MOST: usize = 3;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let left_behind: Vec<Unsaved> = scene.project.left_behind.iter().take(MOST).cloned().collect();
    for (i, unsaved) in left_behind.iter().enumerate() {
        strip(ui, &format!("unsaved {i}"), ICON_RESTORE, |ui| offer(ui, scene, unsaved, i == 0));
    }
    if let Some(gone) = scene.project.missing.first().cloned() {
        strip(ui, "missing", ICON_LINK_OFF, |ui| {
            let name = gone.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let folder = gone.parent().map(|f| f.display().to_string()).unwrap_or_default();
            let others = scene.project.missing.len() - 1;
            let more = if others > 0 {
                format!(" Nor are {}.", format::plural(others, "other file", "other files"))
            } else {
                String::new()
            };
            says(ui, &format!("{name} is not where it was."), &format!("It was in {folder}.{more}"));
            buttons(ui, |ui| {
                if button::plain(ui, ICON_FOLDER_OPEN, "Choose the file…").clicked() {
                    scene.act(ProjectAction::Relink(gone, None).into());
                }
            });
        });
    }
    let waits = scene.new_file.compared.is_some() && !scene.new_file.shown && !scene.new_file.seen;
    if waits && *scene.session.status(Stage::Portray) == Status::Ready {
        strip(ui, "compared", ICON_COMPARE_ARROWS, |ui| {
            says(ui, "The new file is analysed and compared with the earlier one.", "");
            buttons(ui, |ui| {
                if button::plain(ui, ICON_COMPARE_ARROWS, "Show what changed").clicked() {
                    scene.command(Command::ShowComparison);
                }
            });
        });
    }
}

fn offer(ui: &mut Ui, scene: &mut Scene, unsaved: &Unsaved, first: bool) {
    let moment = unsaved.saved.with_timezone(&Local).format("%-d %B %Y, %H:%M").to_string();
    let decisions = match unsaved.decisions {
        0 => String::new(),
        n => format!(", {}", format::plural(n, "decision", "decisions")),
    };
    says(ui, &format!("Unsaved work on {}", unsaved.name), &format!("{moment}{decisions}"));
    buttons(ui, |ui| {
        // From right to left.
        if first && button::link(ui, "Later").on_hover_text("Ask again at the next start").clicked() {
            scene.act(ProjectAction::Later.into());
        }
        let name = format!("Discard {}", unsaved.name);
        let discard = ui.add(egui::Button::new("Discard")).on_hover_text("Throw this work away for good");
        if discard.accessible_name(name).clicked() {
            scene.act(ProjectAction::Discard(unsaved.file.clone()).into());
        }
        let recover = ui.add(egui::Button::new("Recover")).on_hover_text("Go on with it; it is saved when you save it");
        if recover.accessible_name(format!("Recover {}", unsaved.name)).clicked() {
            scene.act(ProjectAction::Recover(unsaved.file.clone()).into());
        }
    });
}

fn says(ui: &mut Ui, what: &str, more: &str) {
    ui.label(RichText::new(what).family(semibold()));
    if !more.is_empty() {
        text::muted_line(ui, more);
    }
}

fn buttons(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    ui.with_layout(Layout::right_to_left(Align::Center), add);
}

fn strip(ui: &mut Ui, slot: &str, icon: MaterialIcon, add: impl FnOnce(&mut Ui)) {
    let t = theme::of(ui);
    let frame = egui::Frame::new().fill(t.bg.card).inner_margin(Margin::symmetric(t.space.l as i8, 0));
    let id = egui::Id::unique(("strip", slot));
    egui::Panel::top(id).frame(frame).exact_size(t.frame.top).show_separator_line(false).show(ui, |ui| {
        let (x, y) = (ui.clip_rect().x_range(), ui.max_rect().bottom());
        ui.painter().hline(x, y, Stroke::new(t.shape.hairline, t.bg.line));
        ui.horizontal_centered(|ui| {
            ui.spacing_mut().item_spacing.x = t.space.s;
            text::icon(ui, icon, t.state.warn);
            add(ui);
        });
    });
}
