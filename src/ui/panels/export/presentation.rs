//! How results are presented: whose report it is, its logo, the currency, the way numbers are written.

use egui::{RichText, TextEdit, Ui, vec2};
use egui_material_icons::icons::{ICON_DOWNLOAD, ICON_FOLDER_OPEN};

use crate::app::{Action, Browse, Command};
use crate::recipe::{Numbers, Recipe, from_anywhere};
use crate::ui::panels::welcome::expand_home;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, card, choice, text};

pub fn show(ui: &mut Ui, scene: &mut Scene, recipe: &Recipe) {
    let t = theme::of(ui);
    let p = &recipe.presentation;
    card::card(ui, |ui| {
        text::heading(ui, "Presentation");
        ui.add_space(t.space.xs);
        choice::setting(ui, "Company", "Stands at the head of the report and in the workbook", |ui| {
            let typed = scene.view.typed.company.take();
            let mut typed = Typing { typed, kept: p.company.clone() };
            if let Some(company) = typed.show(ui, "Company name", "Nobody's in particular", ui.available_width()) {
                let label = if company.is_empty() { "Report without a company name" } else { "Name the company" };
                scene.decide(label, false, |r| r.presentation.company = company);
            }
            scene.view.typed.company = typed.typed;
        });
        ui.add_space(t.space.xs);
        logo(ui, scene, recipe);
        ui.add_space(t.space.xs);
        patterns(ui, scene, recipe);
        ui.add_space(t.space.xs);
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width((ui.available_width() - t.space.m) / 2.0);
                currency(ui, scene, recipe);
            });
            ui.vertical(|ui| numbers(ui, scene, p.numbers));
        });
    });
}

/// A field whose text becomes a decision once it is left.
struct Typing {
    /// `None` while nobody types.
    typed: Option<String>,
    kept: String,
}

impl Typing {
    /// Draws the field; returns what is to be decided.
    fn show(&mut self, ui: &mut Ui, name: &str, hint: &str, width: f32) -> Option<String> {
        let t = theme::of(ui);
        let mut text = self.typed.clone().unwrap_or_else(|| self.kept.clone());
        let margin = vec2(t.space.s, t.space.xs + t.shape.hairline);
        let inner = width - 2.0 * margin.x;
        let field = TextEdit::singleline(&mut text).hint_text(hint).desired_width(inner).margin(margin);
        let field = ui.add(field).accessible_name(name);
        if field.lost_focus() {
            self.typed = None;
            let text = text.trim().to_string();
            return (text != self.kept).then_some(text);
        }
        self.typed = field.has_focus().then_some(text);
        None
    }
}

fn logo(ui: &mut Ui, scene: &mut Scene, recipe: &Recipe) {
    let t = theme::of(ui);
    choice::setting(ui, "Logo", "A picture (PNG, JPEG or SVG) for the head of the report", |ui| {
        let kept = recipe.presentation.logo.as_ref().map(|l| l.display().to_string()).unwrap_or_default();
        let mut typing = Typing { typed: scene.view.typed.logo.take(), kept };
        ui.horizontal(|ui| {
            let width = ui.available_width() - t.shape.control - t.space.xs;
            if let Some(path) = typing.show(ui, "Logo file", "PNG, JPEG or SVG", width) {
                let label = if path.is_empty() { "Report without a logo" } else { "Set the logo of the report" };
                let logo = (!path.is_empty()).then(|| from_anywhere(expand_home(&path)));
                scene.decide(label, false, |r| r.presentation.logo = logo);
            }
            if button::icon(ui, ICON_FOLDER_OPEN, "Browse for a logo…").clicked() {
                scene.act(Action::Browse(Browse::Logo));
            }
        });
        scene.view.typed.logo = typing.typed;
        // Asked of the file system in every frame that shows it: one look at one name.
        if let Some(missing) = recipe.presentation.logo.as_ref().filter(|logo| !logo.is_file()) {
            let why =
                format!("There is no file {}: choose another picture, or leave the field empty.", missing.display());
            ui.label(RichText::new(why).size(t.font.small).color(t.state.warn));
        }
    });
}

/// Where names and advice come from.
fn patterns(ui: &mut Ui, scene: &mut Scene, recipe: &Recipe) {
    let t = theme::of(ui);
    let hint = "A file with the names, reasons, actions and channels that your team wants; left empty, those of the \
                program. Save those in use, change them in any editor, and choose the file here.";
    choice::setting(ui, "Names and advice", hint, |ui| {
        let kept = recipe.segments.patterns.as_ref().map(|p| p.display().to_string()).unwrap_or_default();
        let mut typing = Typing { typed: scene.view.typed.patterns.take(), kept };
        ui.horizontal(|ui| {
            let width = ui.available_width() - 2.0 * (t.shape.control + t.space.xs);
            if let Some(path) = typing.show(ui, "File of names and advice", "Those of the program", width) {
                scene.act(Action::UsePatterns((!path.is_empty()).then(|| from_anywhere(expand_home(&path)))));
            }
            if button::icon(ui, ICON_FOLDER_OPEN, "Browse for names and advice…").clicked() {
                scene.act(Action::Browse(Browse::Patterns));
            }
            if button::icon(ui, ICON_DOWNLOAD, "Save names and advice to edit…").clicked() {
                scene.command(Command::SavePatterns);
            }
        });
        scene.view.typed.patterns = typing.typed;
    });
}

fn currency(ui: &mut Ui, scene: &mut Scene, recipe: &Recipe) {
    let hint = "The sign before or after money. Left empty, it is that of the file; a dash stands for none.";
    choice::setting(ui, "Currency", hint, |ui| {
        let kept = match recipe.presentation.currency.as_deref() {
            None => String::new(),
            Some("") => "–".into(),
            Some(sign) => sign.into(),
        };
        let of_file = scene.currency().map_or("none".to_string(), |sign| format!("{sign}, as in the file"));
        let mut typing = Typing { typed: scene.view.typed.currency.take(), kept };
        if let Some(sign) = typing.show(ui, "Currency sign", &of_file, ui.available_width()) {
            let sign = match sign.as_str() {
                "" => None,
                "-" | "–" => Some(String::new()),
                sign => Some(sign.to_string()),
            };
            let label = match sign.as_deref() {
                None => "Currency as in the file".to_string(),
                Some("") => "Money without a currency".to_string(),
                Some(sign) => format!("Set the currency to {sign}"),
            };
            scene.decide(label, false, |r| r.presentation.currency = sign);
        }
        scene.view.typed.currency = typing.typed;
    });
}

fn numbers(ui: &mut Ui, scene: &mut Scene, current: Numbers) {
    let hint = "How numbers are written for people, in the window, the report and the workbook's texts";
    choice::setting(ui, "Numbers", hint, |ui| {
        let options: Vec<(Numbers, String)> = Numbers::ALL.map(|n| (n, n.example().to_string())).into();
        let width = ui.available_width();
        if let Some(numbers) = choice::combo(ui, "Numbers", width, current.example(), &options, &current) {
            scene
                .decide(format!("Write numbers as {}", numbers.example()), false, |r| r.presentation.numbers = numbers);
        }
    });
}
