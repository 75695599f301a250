//! The same analysis on a new file: a page of its own in front of the panels. Columns are laid side by side and confirmed
//! before anything runs; afterwards it says what changed.

mod columns;
mod compared;
mod drift;
pub mod help;
mod moves;

use egui::{Align, Layout, RichText, ScrollArea, Stroke, TextEdit, Ui, vec2};
use egui_material_icons::icons::{ICON_CLOSE, ICON_FOLDER_OPEN, ICON_PENDING, ICON_UPDATE};

use crate::app::{Command, NewFileAction, Step};
use crate::ui::panels::welcome::expand_home;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{button, card, state, text};

const FIELD: f32 = 420.0;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    head(ui, scene);
    let step = scene.new_file.step.clone();
    match &step {
        Step::None => choose(ui, scene),
        Step::Looking => {
            let name = names(scene);
            state::empty(ui, ICON_PENDING, &format!("Looking at {name}…"), None);
        }
        Step::Plan(plan) => columns::show(ui, scene, plan),
        Step::Running if scene.session.stopped() => {
            if state::empty(ui, ICON_PENDING, "The analysis was stopped.", Some("Run again")) {
                scene.command(Command::RunAgain);
            }
        }
        Step::Running => {
            let doing = scene.session.running().map_or("Running the analysis", |(stage, _)| stage.doing());
            state::empty(ui, ICON_PENDING, &format!("{doing}…"), None);
        }
        Step::Compared => match scene.new_file.compared.clone() {
            Some(compared) => compared::show(ui, scene, &compared),
            None => choose(ui, scene),
        },
        Step::Failed(why) => {
            let t = theme::of(ui);
            card::frame(ui).stroke(Stroke::new(t.shape.hairline, t.state.bad)).show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.label(RichText::new("That did not work").family(semibold()));
                ui.label(RichText::new(state::sentence(why)).color(t.text.muted));
            });
            choose(ui, scene);
        }
    }
}

/// The files that the page is about, by name.
fn names(scene: &Scene) -> String {
    let files = match (&scene.new_file.step, &scene.new_file.compared) {
        (Step::Compared, Some(compared)) => compared.files(),
        _ => &scene.new_file.files[..],
    };
    let name = |f: &std::path::PathBuf| f.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    files.iter().map(name).collect::<Vec<_>>().join(" + ")
}

fn head(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let (title, question) = match scene.new_file.step {
        Step::Compared => ("What changed", format!("How does {} differ from the earlier file?", names(scene))),
        Step::Plan(_) => ("Run on a new file", format!("Which columns of {} stand for which?", names(scene))),
        _ => ("Run on a new file", "The same analysis on next month's export, and what changed since".to_string()),
    };
    ui.horizontal(|ui| {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.label(RichText::new(title).size(t.font.title).family(semibold()));
            ui.label(RichText::new(question).size(t.font.small).color(t.text.muted));
        });
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if button::icon(ui, ICON_CLOSE, "Close this page").clicked() {
                scene.act(NewFileAction::Show(false).into());
            }
            if matches!(scene.new_file.step, Step::Compared | Step::Plan(_)) {
                let other = button::plain(ui, ICON_FOLDER_OPEN, "Another file…");
                if other.on_hover_text(Command::RunOnNewFile.tooltip()).clicked() {
                    scene.command(Command::RunOnNewFile);
                }
            }
        });
    });
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), t.space.s), egui::Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(t.shape.hairline, t.bg.line));
}

/// Nothing is chosen yet.
fn choose(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    if scene.session.recipe().is_none() {
        let what = "Open a file or a project first: its analysis is what runs on the new file.";
        if state::empty(ui, ICON_UPDATE, what, Some("Open a file…")) {
            scene.command(Command::Open);
        }
        return;
    }
    let what = "Choose next month's export, or drop it here. Its columns are matched with those of the present file before \
                anything runs; nothing of the present analysis is lost.";
    if state::empty(ui, ICON_UPDATE, what, Some("Choose the new file…")) {
        scene.command(Command::RunOnNewFile);
    }
    ui.add_space(t.space.m);
    ui.vertical_centered(|ui| {
        ui.allocate_ui(vec2(FIELD, t.shape.control), |ui| {
            ui.horizontal(|ui| {
                let look = 72.0;
                let field = TextEdit::singleline(&mut scene.view.typed.new_file)
                    .hint_text("or type a path, such as ~/sales/april.csv")
                    .desired_width(FIELD - look - t.space.s)
                    .margin(vec2(t.space.s, t.space.s - 1.0));
                let field = ui.add(field).accessible_name("Path of the new file");
                let entered = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
                let typed = scene.view.typed.new_file.trim().to_string();
                let button = egui::Button::new("Look at it").min_size(vec2(look, field.rect.height()));
                if (ui.add_enabled(!typed.is_empty(), button).clicked() || entered) && !typed.is_empty() {
                    scene.act(NewFileAction::Look(vec![expand_home(&typed)]).into());
                }
            });
        });
        if scene.new_file.compared.is_some() {
            ui.add_space(t.space.m);
            if button::link(ui, "Back to what changed").clicked() {
                scene.command(Command::ShowComparison);
            }
        }
    });
}

/// A long page that scrolls.
fn page(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        add(ui);
        ui.add_space(theme::of(ui).space.l);
    });
}

/// A sentence beside a sign.
fn remark(ui: &mut Ui, icon: egui_material_icons::MaterialIcon, color: egui::Color32, words: &str) {
    ui.horizontal_top(|ui| {
        text::icon(ui, icon, color);
        ui.add(egui::Label::new(words).wrap());
    });
}
