//! The first thing one sees: open a file, try the sample, or go on with what was opened last.

mod recent;

use std::path::PathBuf;

use egui::{Align, Layout, RichText, Stroke, TextEdit, Ui, vec2};
use egui_material_icons::icons::{ICON_FOLDER_OPEN, ICON_STOREFRONT, ICON_UPLOAD_FILE};

use crate::app::{Action, Command, Panel};
use crate::ui::frame::mark;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{button, text};

/// Width of what one can do, and of what was opened last beside it.
const CHOICES: f32 = 460.0;
const RECENT: f32 = 380.0;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let recent = !scene.settings.recent.is_empty();
    let beside = recent && ui.available_width() >= CHOICES + RECENT + 2.0 * t.space.xl;
    let width = CHOICES.min(ui.available_width());
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.14).max(t.space.l));
        let (rect, _) = ui.allocate_exact_size(egui::Vec2::splat(2.0 * t.font.hero), egui::Sense::hover());
        mark::paint(ui.painter(), rect, t);
        ui.add_space(t.space.s);
        ui.label(RichText::new("Quintile").size(t.font.hero).family(semibold()));
        ui.add_space(-t.space.xs);
        ui.label(
            RichText::new("Customer segments from any export of sales, on your own computer.").color(t.text.muted),
        );
        ui.add_space(t.space.xl);
        let whole = if beside { width + RECENT + 2.0 * t.space.xl } else { width };
        ui.allocate_ui_with_layout(vec2(whole, 0.0), Layout::left_to_right(Align::Min), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0 * t.space.xl;
            ui.vertical(|ui| {
                ui.set_width(width);
                ui.spacing_mut().item_spacing.x = t.space.s;
                choices(ui, scene);
                if recent && !beside {
                    ui.add_space(t.space.l);
                    let height = ui.available_height() - t.space.xl;
                    recent::show(ui, scene, height.max(4.0 * t.shape.control));
                }
            });
            if beside {
                ui.vertical(|ui| {
                    ui.set_width(RECENT);
                    ui.spacing_mut().item_spacing.x = t.space.s;
                    let height = (ui.ctx().content_rect().bottom() - ui.cursor().top() - 3.0 * t.frame.top).min(560.0);
                    recent::show(ui, scene, height.max(4.0 * t.shape.control));
                });
            }
        });
        if scene.session.recipe().is_some() {
            ui.add_space(t.space.l);
            if button::link(ui, "Back to the open analysis").clicked() {
                scene.command(Command::Go(Panel::Segments));
            }
        }
    });
}

fn choices(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    ui.vertical(|ui| {
        ui.set_width(ui.available_width());
        let half = (ui.available_width() - t.space.m) / 2.0;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = t.space.m;
            ui.allocate_ui(vec2(half, t.shape.control), |ui| {
                ui.vertical_centered_justified(|ui| {
                    if button::primary(ui, ICON_FOLDER_OPEN, "Open a file…").clicked() {
                        scene.command(Command::Open);
                    }
                });
            });
            ui.allocate_ui(vec2(half, t.shape.control), |ui| {
                ui.vertical_centered_justified(|ui| {
                    let sample = button::plain(ui, ICON_STOREFRONT, "Try the sample data");
                    if sample.on_hover_text(Command::OpenSample.tooltip()).clicked() {
                        scene.command(Command::OpenSample);
                    }
                });
            });
        });
        ui.add_space(t.space.s);
        ui.horizontal(|ui| {
            let open_width = 64.0;
            let field = TextEdit::singleline(&mut scene.view.typed.open_path)
                .hint_text("or type a path, for example ~/sales/orders.csv")
                .desired_width(ui.available_width() - open_width - t.space.s)
                .margin(vec2(t.space.s, t.space.s - 1.0));
            let field = ui.add(field).accessible_name("Path of a file");
            let entered = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
            let enabled = !scene.view.typed.open_path.trim().is_empty();
            let open = egui::Button::new("Open").min_size(vec2(open_width, field.rect.height()));
            if ui.add_enabled(enabled, open).clicked() || (entered && enabled) {
                let path = expand_home(scene.view.typed.open_path.trim());
                scene.act(Action::Open(path));
            }
        });
        ui.add_space(t.space.s);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 140.0), egui::Sense::hover());
        let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
        ui.painter().extend(egui::Shape::dashed_line(&corners, Stroke::new(t.shape.hairline, t.text.faint), 4.0, 4.0));
        ui.scope_builder(egui::UiBuilder::new().max_rect(rect.shrink(t.space.m)), |ui| {
            ui.vertical_centered(|ui| {
                ui.label(ICON_UPLOAD_FILE.rich_text().size(t.font.big).color(t.text.faint));
                ui.label(RichText::new("or drop a file here").color(t.text.muted));
                ui.label(
                    RichText::new(
                        "CSV, text, Excel, OpenDocument, Parquet, Arrow, JSON lines, zipped or not, a recipe or a project",
                    )
                    .size(t.font.small)
                    .color(t.text.faint),
                );
                let keys = Command::Paste.shortcut().map(|k| ui.ctx().format_shortcut(&k)).unwrap_or_default();
                let hint = format!("Several files that belong together open as one; {keys} opens copied cells.");
                ui.label(RichText::new(hint).size(t.font.small).color(t.text.faint));
            });
        });
        ui.add_space(t.space.s);
        ui.vertical_centered(|ui| {
            text::muted(ui, "Nothing leaves this computer: no account, no upload, no telemetry.")
        });
    });
}

/// `~/` at the start stands for the home folder, as in a shell.
pub fn expand_home(text: &str) -> PathBuf {
    let home = directories::BaseDirs::new().map(|d| d.home_dir().to_path_buf());
    match (text.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(text.trim_matches('"')),
    }
}
