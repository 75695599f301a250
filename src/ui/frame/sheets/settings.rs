//! What the user prefers in every analysis.

use egui::{DragValue, TextEdit, Ui, vec2};
use egui_material_icons::icons::ICON_RESTART_ALT;

use super::scrolled;
use crate::app::{Settings, ThemeChoice};
use crate::format;
use crate::recipe::Numbers;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, choice, text};

/// Signs that are offered; any other can be typed.
const SIGNS: [&str; 6] = ["£", "€", "$", "¥", "₹", "CHF "];

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    scrolled(ui, true, |ui| {
        ui.spacing_mut().item_spacing.y = t.space.s;
        let settings = scene.settings.clone();
        look(ui, scene, &settings);
        ui.add_space(t.space.s);
        numbers(ui, scene, &settings);
        ui.add_space(t.space.s);
        currency(ui, scene, &settings);
        ui.add_space(t.space.s);
        threads(ui, scene, &settings);
        ui.add_space(t.space.s);
        help(ui, scene, &settings);
        ui.add_space(t.space.m);
        ui.horizontal(|ui| {
            let reset = settings.reset();
            let changed = reset != settings;
            let button = ui.add_enabled_ui(changed, |ui| button::plain(ui, ICON_RESTART_ALT, "Back to the defaults"));
            if button.inner.on_hover_text("What was opened and done before stays").clicked() {
                scene.view.frame.currency = None;
                scene.set(|s| *s = reset);
            }
        });
    });
}

fn look(ui: &mut Ui, scene: &mut Scene, settings: &Settings) {
    choice::setting(ui, "Theme", "The colours of the window", |ui| {
        let options = [
            (ThemeChoice::Dark, "Dark", ""),
            (ThemeChoice::Light, "Light", ""),
            (ThemeChoice::System, "As the system", "Dark where the system does not say"),
        ];
        if let Some(theme) = choice::segmented(ui, "Theme", &options, settings.theme) {
            scene.set(|s| s.theme = theme);
        }
    });
    let mut moves = !settings.still;
    if choice::switch(ui, &mut moves, "Things may move").changed() {
        scene.set(|s| s.still = !moves);
    }
}

fn numbers(ui: &mut Ui, scene: &mut Scene, settings: &Settings) {
    let hint = "In the window, in files for people and in the report. Files for programs are written with a point and \
                nothing between thousands, always";
    choice::setting(ui, "Numbers", hint, |ui| {
        let options: Vec<_> = Numbers::ALL.iter().map(|n| (*n, n.example(), "")).collect();
        if let Some(numbers) = choice::segmented(ui, "Numbers", &options, settings.numbers) {
            scene.set(|s| s.numbers = numbers);
        }
        let present = scene.session.recipe().map(|r| r.presentation.numbers);
        let words = match present {
            Some(present) if present != settings.numbers => {
                format!("For new analyses; the open one writes {}.", present.example())
            }
            Some(_) => "For the open analysis, as a decision that can be undone, and for new ones.".to_string(),
            None => "For new analyses.".to_string(),
        };
        text::muted(ui, words);
    });
}

fn currency(ui: &mut Ui, scene: &mut Scene, settings: &Settings) {
    let t = theme::of(ui);
    let hint = "What stands before sums of money. It converts nothing";
    choice::setting(ui, "Currency", hint, |ui| {
        ui.horizontal(|ui| {
            let mut options: Vec<(Option<String>, String)> =
                vec![(None, "As in the file".into()), (Some(String::new()), "None".into())];
            options.extend(SIGNS.iter().map(|s| (Some(s.to_string()), s.trim().to_string())));
            let own = settings.currency.clone().filter(|s| !s.is_empty() && !SIGNS.contains(&s.as_str()));
            options.extend(own.clone().map(|s| (Some(s.clone()), s.trim().to_string())));
            let shown = options.iter().find(|o| o.0 == settings.currency).map_or("As in the file", |o| o.1.as_str());
            let shown = shown.to_string();
            if let Some(picked) = choice::combo(ui, "Currency", 132.0, &shown, &options, &settings.currency) {
                scene.view.frame.currency = None;
                scene.set(|s| s.currency = picked);
            }
            let mut typed = scene.view.frame.currency.clone().or(own).unwrap_or_default();
            let field = TextEdit::singleline(&mut typed)
                .hint_text("another sign")
                .char_limit(6)
                .desired_width(96.0)
                .margin(vec2(t.space.s, t.space.xs));
            let field = ui.add(field).accessible_name("Another currency sign");
            if field.changed() {
                scene.view.frame.currency = Some(typed);
            }
            if field.lost_focus()
                && let Some(sign) = scene.view.frame.currency.take().filter(|s| !s.trim().is_empty())
            {
                // Letters stand apart from the number, signs do not.
                let letters = sign.trim().chars().all(char::is_alphabetic);
                let sign = if letters { format!("{} ", sign.trim()) } else { sign.trim().to_string() };
                scene.set(|s| s.currency = Some(sign));
            }
            let sign = settings.currency.clone().or_else(|| scene.currency().map(str::to_string));
            text::muted_line(ui, format!("For example {}", format::money(1234.0, sign.as_deref())));
        });
    });
}

fn threads(ui: &mut Ui, scene: &mut Scene, settings: &Settings) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let hint = "How many computations run at the same time. Results are the same for any number of threads";
    choice::setting(ui, "Threads", hint, |ui| {
        ui.horizontal(|ui| {
            let mut own = settings.threads.is_some();
            let label = if own { "Use" } else { "One per core" };
            if choice::switch(ui, &mut own, label).accessible_name("Set the number of threads").changed() {
                scene.set(|s| s.threads = own.then_some(cores));
            }
            if let Some(now) = settings.threads {
                let mut n = now;
                let drag = DragValue::new(&mut n).range(1..=4 * cores).update_while_editing(false);
                if ui.add(drag).accessible_name("Threads").changed() {
                    scene.set(|s| s.threads = Some(n));
                }
            }
            text::muted_line(ui, format!("of {}; from the next start.", format::plural(cores, "core", "cores")));
        });
    });
}

fn help(ui: &mut Ui, scene: &mut Scene, settings: &Settings) {
    choice::setting(ui, "Help", "", |ui| {
        let mut explain = settings.explain;
        if choice::switch(ui, &mut explain, "Explain the panel in front").changed() {
            scene.set(|s| s.explain = explain);
        }
        let mut steps = !settings.checklist_away;
        if choice::switch(ui, &mut steps, "Show the first steps").changed() {
            scene.set(|s| {
                s.checklist_away = !steps;
                // Shown again, they begin anew.
                if steps {
                    s.steps_done.clear();
                }
            });
        }
    });
}
