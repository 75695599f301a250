//! The button at the end of the user's steps, and the menu of all kinds of step behind it.

use egui::{Align, Label, Layout, RichText, Ui, vec2};
use egui_material_icons::icons::ICON_ADD;

use crate::recipe::StepKind;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{button, text};

/// The groups of the menu, by what a step works on.
const GROUPS: [&str; 3] = ["Rows", "Values", "Columns"];

/// Width of the menu.
const WIDTH: f32 = 600.0;

fn group_of(step: &StepKind) -> &'static str {
    match step {
        StepKind::Filter { .. }
        | StepKind::DropDuplicates { .. }
        | StepKind::Missing { .. }
        | StepKind::Outliers { .. }
        | StepKind::ExcludeProducts { .. } => "Rows",
        StepKind::TidyText { .. }
        | StepKind::UnifySpellings { .. }
        | StepKind::FindReplace { .. }
        | StepKind::MapValues { .. } => "Values",
        StepKind::ChangeType { .. }
        | StepKind::RenameColumn { .. }
        | StepKind::DropColumns { .. }
        | StepKind::Calculate { .. } => "Columns",
    }
}

/// The button with a sentence beside it; `empty`: there is no step yet.
pub fn row(ui: &mut Ui, scene: &mut Scene, empty: bool, busy: bool) {
    let t = theme::of(ui);
    ui.horizontal(|ui| {
        let response = ui.add_enabled_ui(!busy, |ui| button::plain(ui, ICON_ADD, "Add step…")).inner;
        menu(&response, scene);
        text::muted(
            ui,
            match (busy, empty) {
                (true, _) => "Apply or cancel the step being edited first.",
                (_, true) => "No steps of your own yet. They run here, in your order, before anything is counted.",
                (_, false) => "Steps run from top to bottom, before anything is counted.",
            },
        );
    });
    ui.add_space(t.space.xs);
}

fn menu(response: &egui::Response, scene: &mut Scene) {
    let mut picked = None;
    egui::Popup::menu(response).show(|ui| {
        let t = theme::of(ui);
        ui.set_width(WIDTH);
        ui.spacing_mut().item_spacing.y = 1.0;
        for group in GROUPS {
            ui.label(RichText::new(group).size(t.font.tiny).color(t.text.muted));
            for step in StepKind::one_of_each().into_iter().filter(|s| group_of(s) == group) {
                let (rect, response) = button::row(ui, t.shape.row, step.label(), false);
                let layout = Layout::left_to_right(Align::Center);
                let inner = rect.shrink2(vec2(t.space.s, 0.0));
                let mut line = ui.new_child(egui::UiBuilder::new().max_rect(inner).layout(layout));
                line.allocate_ui_with_layout(vec2(t.frame.rail - t.space.xl, t.shape.row), layout, |ui| {
                    ui.set_width(t.frame.rail - t.space.xl);
                    ui.add(Label::new(RichText::new(step.label()).family(semibold())).selectable(false));
                });
                text::muted_line(&mut line, step.hint());
                if response.clicked() {
                    picked = Some(step);
                }
            }
            ui.add_space(t.space.xs);
        }
    });
    if let Some(step) = picked {
        egui::Popup::close_all(&response.ctx);
        scene.view.clean.add(step);
    }
}
