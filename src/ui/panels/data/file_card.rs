//! How the file was read, as chips; every finding can be overruled, and what was left out can be unfolded.

use egui::{RichText, TextEdit, Ui, vec2};
use egui_material_icons::icons::{ICON_CLOSE, ICON_DESCRIPTION};

use super::structure;
use crate::app::{Action, Command};
use crate::format;
use crate::intake::InputReport;
use crate::recipe::{Combine, Input};
use crate::ui::panels::welcome::expand_home;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::chip::{self, Chip, Choice};
use crate::ui::widgets::{button, card, state, text};

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let Some(input) = scene.session.recipe().map(|r| r.input.clone()) else { return };
    let intake = scene.session.intake.get().cloned();
    card::card(ui, |ui| {
        ui.spacing_mut().item_spacing.y = t.space.xs;
        let reports = intake.as_ref().map_or(&[][..], |o| &o.reports);
        for (i, path) in input.files.iter().enumerate() {
            let report = reports.iter().find(|r| r.path == *path).or_else(|| reports.get(i));
            file(ui, scene, &input, i, report);
        }
        match (&intake, reports.first()) {
            (Some(intake), Some(report)) => {
                if reports.len() > 1 {
                    let table = &intake.table;
                    let rows = format::plural(table.rows, "row", "rows");
                    text::muted(
                        ui,
                        format!("Together {rows} in {}", format::plural(table.columns.len(), "column", "columns")),
                    );
                }
                ui.add_space(t.space.xs);
                ui.horizontal_wrapped(|ui| {
                    ui.spacing_mut().item_spacing = vec2(t.space.xs, t.space.xs);
                    if input.files.len() > 1 {
                        combine(ui, scene, &input);
                    }
                    structure::chips(ui, scene, &input, report);
                });
                for report in reports {
                    left_out(ui, report, reports.len() > 1);
                }
            }
            _ if scene.session.failure().is_some() => drop(text::muted(ui, "It could not be read.")),
            _ => drop(text::muted(ui, "Not read yet.")),
        }
        add_file(ui, scene);
    });
}

/// Name and size of one file; with several each can be taken away.
fn file(ui: &mut Ui, scene: &mut Scene, input: &Input, at: usize, report: Option<&InputReport>) {
    let t = theme::of(ui);
    let path = &input.files[at];
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    ui.horizontal(|ui| {
        text::icon(ui, ICON_DESCRIPTION, t.accent.normal);
        if input.files.len() > 1 && button::icon(ui, ICON_CLOSE, &format!("Take away {name}")).clicked() {
            scene.decide(format!("Take away {name}"), false, |r| {
                r.input.files.remove(at);
                if r.input.files.len() == 1 {
                    r.input.combine = None;
                }
            });
        }
        let label = egui::Label::new(RichText::new(name).family(semibold())).truncate();
        ui.add(label).on_hover_text(path.display().to_string());
    });
    if let Some(report) = report {
        let rows = format::plural(report.rows, "row", "rows");
        let columns = format::plural(report.columns, "column", "columns");
        text::muted(ui, format!("{rows} · {columns} · {}", text::bytes(report.bytes)));
    }
}

fn combine(ui: &mut Ui, scene: &mut Scene, input: &Input) {
    let shown = input.combine.map_or("automatic".into(), |c| c.label().to_lowercase());
    let hint =
        input.combine.map_or("Whether the files are put under each other or joined on the customer.", |c| c.hint());
    let mut picked = None;
    Chip { name: "Files", value: &shown, chosen: input.combine.is_some(), hint }.menu(ui, |ui| {
        let mut options = vec![Choice::automatic("by their columns", input.combine.is_some())];
        options.extend(Combine::ALL.iter().map(|c| Choice::new(Some(*c), c.label())));
        picked = chip::choices(ui, &options, &input.combine);
    });
    if let Some(combine) = picked {
        let words = combine
            .map_or("Find how the files belong together".into(), |c| format!("Files: {}", c.label().to_lowercase()));
        scene.decide(words, false, |r| r.input.combine = combine);
    }
}

/// Nothing vanishes silently: every line that is not in the table can be unfolded.
fn left_out(ui: &mut Ui, report: &InputReport, several: bool) {
    let name = report.path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let of = if several { format!(" ({name})") } else { String::new() };
    let lines = |n: usize, where_: &str| format!("{} {where_} left out{of}", format::plural(n, "line", "lines"));
    let parts = [
        (&report.preamble, lines(report.preamble.len(), "above the table")),
        (&report.footer, lines(report.footer.len(), "below the table")),
        (
            &report.totals,
            format!("{} only adding up the others{of}", format::plural(report.totals.len(), "row", "rows")),
        ),
    ];
    for (slot, (lines, title)) in parts.into_iter().enumerate() {
        if !lines.is_empty() {
            chip::fold(ui, &format!("left out {slot} {name}"), &title, |ui| chip::raw_lines(ui, lines));
        }
    }
    if report.comments > 0 {
        text::muted(ui, format!("{} left out.", format::plural(report.comments, "comment line", "comment lines")));
    }
    for note in &report.notes {
        text::muted(ui, state::sentence(note));
    }
}

/// One more file, by dialog or by a typed path.
fn add_file(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    if !scene.view.data.adding {
        let add = button::link(ui, "Add a file…");
        if add.on_hover_text("Another month, another shop, or a list of the customers").clicked() {
            scene.view.data.adding = true;
        }
        return;
    }
    ui.horizontal(|ui| {
        let (add, browse) = (48.0, 76.0);
        let width = ui.available_width() - add - browse - 2.0 * t.space.s;
        let field = TextEdit::singleline(&mut scene.view.typed.add_path)
            .hint_text("path of a file")
            .desired_width(width)
            .margin(vec2(t.space.s, t.space.xs));
        let field = ui.add(field).accessible_name("Path of one more file");
        let entered = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
        let enabled = !scene.view.typed.add_path.trim().is_empty();
        let size = vec2(add, field.rect.height());
        if ui.add_enabled(enabled, egui::Button::new("Add").min_size(size)).clicked() || (entered && enabled) {
            let path = expand_home(scene.view.typed.add_path.trim());
            scene.act(Action::AddFile(path));
            scene.view.typed.add_path.clear();
            scene.view.data.adding = false;
        }
        if ui.button("Browse…").clicked() {
            scene.command(Command::AddFile);
            scene.view.data.adding = false;
        }
    });
}
