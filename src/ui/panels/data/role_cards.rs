//! Which column is what: the column, why, and three of its values.

use egui::{Align, Layout, RichText, Sense, Ui, Vec2, pos2, vec2};

use crate::app::Status;
use crate::format;
use crate::intake::dates;
use crate::intake::{Role, RoleFound, RolesOut};
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{card, choice, shape, state, text};

const DATE_FORMATS: [(&str, &str); 8] = [
    (dates::DAY_FIRST, "day first"),
    (dates::MONTH_FIRST, "month first"),
    ("%Y-%m-%d", "2011-12-09"),
    ("%d/%m/%Y", "09/12/2011 (day first)"),
    ("%m/%d/%Y", "12/09/2011 (month first)"),
    ("%d.%m.%Y", "09.12.2011"),
    ("%d/%m/%Y %H:%M", "09/12/2011 12:50 (day first)"),
    ("%m/%d/%Y %H:%M", "12/09/2011 12:50 (month first)"),
];
const CONTROL: f32 = 164.0;
/// From this confidence on a guess is called sure, or likely.
const SURE: f64 = 0.8;
const LIKELY: f64 = 0.5;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let Some(out) = scene.session.roles.get().cloned() else { return };
    let current = *scene.session.roles.status() == Status::Ready;
    text::heading(ui, "Which column is what");
    state::dimmed(ui, !current, |ui| {
        card::card(ui, |ui| {
            ui.spacing_mut().item_spacing.y = t.space.xs;
            ui.horizontal(|ui| {
                ui.label(RichText::new("One row is").family(semibold()));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| shape::choose(ui, scene, CONTROL));
            });
            text::muted(ui, state::sentence(&out.shape.reason));
        });
        for found in &out.roles {
            card::card(ui, |ui| {
                ui.spacing_mut().item_spacing.y = t.space.xs;
                role(ui, scene, &out, found);
            });
        }
    });
}

fn role(ui: &mut Ui, scene: &mut Scene, out: &RolesOut, found: &RoleFound) {
    let t = theme::of(ui);
    let role = found.role;
    let Some(mut roles) = scene.session.recipe().map(|r| r.roles.clone()) else { return };
    ui.horizontal(|ui| {
        ui.label(RichText::new(role.label()).family(semibold()));
        if found.column.is_some() && !found.chosen {
            dots(ui, found.confidence);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let mut options: Vec<(Option<String>, String)> =
                vec![(None, "Guess".into()), (Some(String::new()), "No such column".into())];
            options.extend(out.columns.iter().map(|c| (Some(c.name.clone()), c.name.clone())));
            let shown = found.column.clone().unwrap_or_else(|| "none".into());
            let name = format!("{} column", role.label());
            let chosen = role.slot(&mut roles).clone();
            if let Some(column) = choice::combo(ui, &name, CONTROL, &shown, &options, &chosen) {
                let label = match column.as_deref() {
                    None => format!("Guess the {} column", role.label().to_lowercase()),
                    Some("") => format!("No {} column", role.label().to_lowercase()),
                    Some(c) => format!("{} is {c}", role.label()),
                };
                scene.decide(label, false, |r| *role.slot(&mut r.roles) = column);
            }
        });
    });
    let reason = if found.chosen && found.reason.is_empty() { "Chosen by you" } else { found.reason.as_str() };
    if state::missing_role(out) == Some(role) {
        ui.horizontal_top(|ui| {
            text::icon(ui, egui_material_icons::icons::ICON_WARNING, t.state.warn);
            text::muted(ui, "Needed: choose the column above.");
        });
    } else if found.column.is_some() || found.chosen {
        let reason = match found.chosen {
            true => state::sentence(reason),
            false => state::sentence(&format!("{}: {reason}", sureness(found.confidence).0)),
        };
        text::muted(ui, reason);
    }
    if let Some(report) = found.column.as_ref().and_then(|name| out.columns.iter().find(|c| c.name == *name)) {
        let examples: Vec<&str> = report.examples.iter().take(3).map(String::as_str).collect();
        let shown =
            egui::Label::new(RichText::new(examples.join("   ")).size(t.font.small).color(t.text.faint)).truncate();
        ui.add(shown).on_hover_text("Examples from the file");
        if role == Role::Date {
            date_format(ui, scene, roles.date_format);
        }
    }
}

/// How sure a guess is: a word, and how many dots of three.
fn sureness(confidence: f64) -> (&'static str, usize) {
    match confidence {
        c if c >= SURE => ("Sure", 3),
        c if c >= LIKELY => ("Likely", 2),
        _ => ("A guess", 1),
    }
}

/// The dots beside the name of a role.
fn dots(ui: &mut Ui, confidence: f64) {
    let t = theme::of(ui);
    let (word, lit) = sureness(confidence);
    let (side, gap) = (t.space.xs, t.shape.ring);
    let (rect, response) = ui.allocate_exact_size(vec2(3.0 * side + 2.0 * gap, t.font.body), Sense::hover());
    let color = if lit == 1 { t.state.warn } else { t.text.muted };
    for i in 0..3 {
        let x = rect.left() + side / 2.0 + i as f32 * (side + gap);
        let dot = egui::Rect::from_center_size(pos2(x, rect.center().y), Vec2::splat(side));
        ui.painter().rect_filled(dot, t.shape.hairline, if i < lit { color } else { t.bg.line });
    }
    response.on_hover_text(format!("{word}: {}", format::percent(confidence)));
}

fn date_format(ui: &mut Ui, scene: &mut Scene, current: Option<String>) {
    let t = theme::of(ui);
    let mut options = vec![(None, "Automatic".to_string())];
    options.extend(DATE_FORMATS.iter().map(|(code, example)| (Some(code.to_string()), example.to_string())));
    let shown = options
        .iter()
        .find(|(code, _)| *code == current)
        .map_or_else(|| current.clone().unwrap_or_default(), |o| o.1.clone());
    ui.horizontal(|ui| {
        ui.label(RichText::new("Written as").size(t.font.small).color(t.text.muted));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if let Some(format) = choice::combo(ui, "Date format", CONTROL, &shown, &options, &current) {
                let words = format.as_ref().and_then(|f| options.iter().find(|(code, _)| code.as_ref() == Some(f)));
                let label =
                    words.map_or("Find how dates are written".into(), |(_, w)| format!("Dates are written as {w}"));
                scene.decide(label, false, |r| r.roles.date_format = format);
            }
        });
    });
}
