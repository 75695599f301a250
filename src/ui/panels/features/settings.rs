//! Snapshot, window, frequency, transform and scale.

use chrono::NaiveDate;
use egui::{DragValue, TextEdit, Ui};

use crate::recipe::{FrequencyUnit, Rfm, Scale, TableShape, Transform};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::choice::{self, recipe_combo, setting};
use crate::ui::widgets::{button, card, shape, text};

/// The window that is offered first.
const DEFAULT_WINDOW_DAYS: u32 = 365;
const CONTROL: f32 = 116.0;
const SHAPE: f32 = 136.0;

/// The settings that mean something for the table that is open.
#[derive(Clone, Copy, PartialEq)]
enum Setting {
    Shape,
    Snapshot,
    Window,
    Frequency,
    Transform,
    Scale,
}

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let Some(recipe) = scene.session.recipe().cloned() else { return };
    let (rfm, features) = (&recipe.rfm, &recipe.features);
    let shape = scene.session.roles.get().map(|r| r.shape.shape).unwrap_or(TableShape::Transactions);
    let mut settings = vec![Setting::Shape];
    if shape == TableShape::Transactions {
        settings.extend([Setting::Snapshot, Setting::Window, Setting::Frequency]);
    } else if scene.session.rfm.get().is_some_and(|r| r.snapshot.is_some()) {
        settings.push(Setting::Snapshot);
    }
    settings.extend([Setting::Transform, Setting::Scale]);
    // A limited window has two more controls.
    let window_width = if rfm.window_days.is_some() { 196.0 } else { 108.0 };
    let width = |setting: &Setting| match setting {
        Setting::Shape => SHAPE,
        Setting::Snapshot => 136.0,
        Setting::Window => window_width,
        _ => CONTROL,
    };
    let widths: Vec<f32> = settings.iter().map(width).collect();
    card::card(ui, |ui| {
        card::flow(ui, &widths, |ui, i| match settings[i] {
            Setting::Shape => shape_of(ui, scene),
            Setting::Snapshot => snapshot(ui, scene, rfm),
            Setting::Window => window(ui, scene, rfm),
            Setting::Frequency => setting(ui, "Frequency counts", rfm.frequency.hint(), |ui| {
                if let Some(unit) = recipe_combo!(ui, FrequencyUnit, "Frequency counts", CONTROL, rfm.frequency) {
                    scene.decide("Set what frequency counts", false, |r| r.rfm.frequency = unit);
                }
            }),
            Setting::Transform => setting(ui, "Transform", features.transform.hint(), |ui| {
                if let Some(picked) = recipe_combo!(ui, Transform, "Transform", CONTROL, features.transform) {
                    scene.decide(format!("Transform: {}", picked.label()), false, |r| r.features.transform = picked);
                }
            }),
            Setting::Scale => setting(ui, "Scale", features.scale.hint(), |ui| {
                if let Some(picked) = recipe_combo!(ui, Scale, "Scale", CONTROL, features.scale) {
                    scene.decide(format!("Scale: {}", picked.label()), false, |r| r.features.scale = picked);
                }
            }),
        });
    });
}

/// What one row of the file stands for.
fn shape_of(ui: &mut Ui, scene: &mut Scene) {
    let reason = scene.session.roles.get().map_or(String::new(), |r| r.shape.reason.clone());
    setting(ui, "One row is", &reason, |ui| shape::choose(ui, scene, SHAPE));
}

fn snapshot(ui: &mut Ui, scene: &mut Scene, rfm: &Rfm) {
    let t = theme::of(ui);
    setting(ui, "Snapshot date", "The day on which the analysis looks back; recency counts days to it", |ui| {
        ui.horizontal(|ui| {
            let found = scene.session.rfm.get().and_then(|r| r.snapshot).map(|d| d.to_string()).unwrap_or_default();
            let shown = rfm.snapshot.map_or(found, |d| d.to_string());
            let mut typed = scene.view.typed.snapshot.clone().unwrap_or(shown);
            let parsed = NaiveDate::parse_from_str(typed.trim(), "%Y-%m-%d");
            let color = if parsed.is_ok() || typed.is_empty() { t.text.normal } else { t.state.bad };
            let field = TextEdit::singleline(&mut typed)
                .desired_width(104.0)
                .margin(egui::vec2(t.space.s, t.space.xs))
                .text_color(color)
                .hint_text("year-month-day");
            let field = ui.add(field).accessible_name("Snapshot date");
            if field.changed() {
                scene.view.typed.snapshot = Some(typed);
            }
            if parsed.is_err() && scene.view.typed.snapshot.is_some() {
                field.clone().on_hover_text(
                    "Write the date as 2011-12-10; leave it empty for the day after the last transaction",
                );
            }
            if field.lost_focus()
                && let Some(text) = scene.view.typed.snapshot.take()
            {
                match parsed {
                    Ok(date) => scene.decide(format!("Snapshot {date}"), false, |r| r.rfm.snapshot = Some(date)),
                    Err(_) if text.trim().is_empty() => {
                        scene.decide("Snapshot: day after the last transaction", false, |r| r.rfm.snapshot = None);
                    }
                    // Not a date: the field goes back to what is in force.
                    Err(_) => {}
                }
            }
            if rfm.snapshot.is_some() {
                let reset = egui_material_icons::icons::ICON_RESTART_ALT;
                if button::icon(ui, reset, "Use the day after the last transaction").clicked() {
                    scene.decide("Snapshot: day after the last transaction", false, |r| r.rfm.snapshot = None);
                }
            }
        });
        if rfm.snapshot.is_none() {
            text::muted(ui, "day after the last row");
        }
    });
}

fn window(ui: &mut Ui, scene: &mut Scene, rfm: &Rfm) {
    setting(ui, "Look back", "Only purchases within this many days before the snapshot count", |ui| {
        ui.horizontal(|ui| {
            let mut limited = rfm.window_days.is_some();
            let label = if limited { "Last" } else { "Whole file" };
            if choice::switch(ui, &mut limited, label).accessible_name("Limit the window").changed() {
                let days = limited.then_some(DEFAULT_WINDOW_DAYS);
                let label = if limited { "Limit the window" } else { "Count the whole file" };
                scene.decide(label, false, |r| {
                    r.rfm.window_days = days;
                    // Without a window everybody is active.
                    r.rfm.keep_inactive &= days.is_some();
                });
            }
            if let Some(days) = rfm.window_days {
                let mut value = days;
                let drag = DragValue::new(&mut value)
                    .range(1..=100_000)
                    .clamp_existing_to_range(false)
                    .suffix(" days")
                    .update_while_editing(false);
                if ui.add(drag).accessible_name("Window in days").changed() {
                    scene.decide("Set the window", true, |r| r.rfm.window_days = Some(value));
                }
            }
        });
        if rfm.window_days.is_some() {
            let mut keep = rfm.keep_inactive;
            if ui.checkbox(&mut keep, "Keep inactive customers").on_hover_text("Customers without a purchase in the window stay, with recency = window + 1, frequency 0 and monetary 0").changed() {
                let label = if keep { "Keep inactive customers" } else { "Leave out inactive customers" };
                scene.decide(label, false, |r| r.rfm.keep_inactive = keep);
            }
        }
    });
}
