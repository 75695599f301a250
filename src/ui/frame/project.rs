//! The project in the top bar: its name, whether it is saved, and what can be done with it; its notes.

use egui::{RichText, TextEdit, Ui, vec2};
use egui_material_icons::MaterialIcon;
use egui_material_icons::icons::{
    ICON_COMPARE_ARROWS, ICON_INVENTORY_2, ICON_NOTES, ICON_SAVE, ICON_SAVE_AS, ICON_UPDATE,
};

use crate::app::{Command, ProjectAction};
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{button, text};

/// Seconds after which work on a project's file is shown.
const WAIT: f32 = 0.4;
const MENU: f32 = 320.0;
const NOTES: [f32; 2] = [380.0, 240.0];

/// The name of what is open, with a dot where it has changes that are not saved; a click opens the menu.
pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let Some(name) = scene.project_name.clone() else { return };
    let project = scene.project.clone();
    let dot = if project.unsaved { " •" } else { "" };
    let label = RichText::new(format!("{name}{dot}")).color(if project.unsaved { t.text.normal } else { t.text.muted });
    let button = ui.add(egui::Button::new(label).frame_when_inactive(false).truncate());
    let files = scene.session.recipe().map(|r| r.input.files.clone()).unwrap_or_default();
    let state = match (&project.path, project.unsaved) {
        (Some(path), true) => format!("{}\nChanges are not saved yet", path.display()),
        (Some(path), false) => format!("{}\nEverything is saved", path.display()),
        (None, _) => "Not saved as a project yet".to_string(),
    };
    let reads: Vec<String> = files.iter().map(|f| format!("Reads {}", f.display())).collect();
    let button =
        button.on_hover_text(format!("{state}\n{}", reads.join("\n"))).accessible_name(format!("Project: {name}{dot}"));
    // Most are opened and saved before anyone could see it.
    let waited = ui.ctx().animate_bool_with_time(button.id.with("busy"), project.busy, WAIT);
    if project.busy && waited >= 1.0 {
        ui.add(egui::Spinner::new().size(t.font.small).color(t.accent.normal))
            .on_hover_text("A project is being opened or saved; go on meanwhile");
    }
    egui::Popup::menu(&button).show(|ui| {
        ui.set_width(MENU);
        let compared = scene.new_file.compared.is_some();
        let entries: [(MaterialIcon, Command, bool); 6] = [
            (ICON_SAVE, Command::SaveProject, true),
            (ICON_SAVE_AS, Command::SaveProjectAs, true),
            (ICON_INVENTORY_2, Command::SaveProjectWithData, true),
            (ICON_NOTES, Command::Notes, true),
            (ICON_UPDATE, Command::RunOnNewFile, true),
            (ICON_COMPARE_ARROWS, Command::ShowComparison, compared),
        ];
        for (icon, command, enabled) in entries {
            if entry(ui, icon, command, enabled) {
                scene.command(command);
                ui.close();
            }
        }
        if project.data_inside {
            ui.add_space(t.space.xs);
            text::muted(ui, "The data are kept inside the project's file.");
            if button::link(ui, "Keep them outside again").clicked() {
                scene.act(ProjectAction::DataInside(false).into());
                ui.close();
            }
        }
    });
}

fn entry(ui: &mut Ui, icon: MaterialIcon, command: Command, enabled: bool) -> bool {
    let t = theme::of(ui);
    let keys = command.shortcut().map(|k| ui.ctx().format_shortcut(&k)).unwrap_or_default();
    let icon = icon.rich_text().size(t.font.icon).color(t.text.muted);
    let button = egui::Button::new((icon, RichText::new(command.text())))
        .right_text(RichText::new(keys).size(t.font.small).color(t.text.faint))
        .frame_when_inactive(false)
        .min_size(vec2(ui.available_width(), t.shape.row));
    ui.add_enabled(enabled, button).on_hover_text(command.tooltip()).accessible_name(command.text()).clicked()
}

/// The notes of the project, in a small window of their own.
pub fn notes(ui: &mut Ui, scene: &mut Scene) {
    if !scene.view.notes_open || scene.session.recipe().is_none() {
        return;
    }
    let t = theme::of(ui);
    let mut open = true;
    let frame = egui::Frame::window(ui.style()).inner_margin(t.space.m);
    egui::Window::new(RichText::new("Notes").family(semibold()))
        .id(egui::Id::unique("notes"))
        .open(&mut open)
        .frame(frame)
        .collapsible(false)
        .default_size(NOTES)
        .default_pos(
            ui.ctx().content_rect().right_top()
                + vec2(-NOTES[0] - t.frame.explain - 2.0 * t.space.xl, 2.0 * t.frame.top),
        )
        .show(ui.ctx(), |ui| {
            text::muted(ui, "Your own words on this project. They are kept in its file and change nothing else.");
            ui.add_space(t.space.xs);
            let mut notes = scene.project.notes.clone();
            let field = TextEdit::multiline(&mut notes)
                .desired_width(f32::INFINITY)
                .desired_rows(9)
                .margin(vec2(t.space.s, t.space.s))
                .hint_text("What was asked, what was decided, whom to send it to");
            if ui.add(field).accessible_name("Notes").changed() {
                scene.act(ProjectAction::Notes(notes).into());
            }
            if scene.project.path.is_none() && !scene.project.notes.is_empty() {
                ui.add_space(t.space.xs);
                if button::link(ui, "Save the project, so that they stay").clicked() {
                    scene.command(Command::SaveProject);
                }
            }
        });
    scene.view.notes_open = open;
}
