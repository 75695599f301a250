//! How recency, frequency and monetary are counted and scored: snapshot, window, frequency, number and kind of scores,
//! returns.

use chrono::NaiveDate;
use egui::{DragValue, TextEdit, Ui};
use egui_material_icons::icons::{ICON_ADD, ICON_REMOVE, ICON_RESTART_ALT};

use crate::format;
use crate::recipe::{Binning, FrequencyUnit, Recipe, Returns, Rfm, ScoreCuts, TableShape};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::choice::{self, recipe_combo, setting};
use crate::ui::widgets::{button, card, shape};

/// The window that is offered first.
const DEFAULT_WINDOW_DAYS: u32 = 365;
const CONTROL: f32 = 128.0;
const SHAPE: f32 = 136.0;
/// Numbers of scores per axis that are offered.
const SCORES: std::ops::RangeInclusive<u32> = 3..=10;

/// The settings that mean something for the table that is open.
#[derive(Clone, Copy, PartialEq)]
enum Setting {
    Shape,
    Snapshot,
    Window,
    Frequency,
    Returns,
    Scores,
    Cuts,
    Binning,
}

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let Some(recipe) = scene.session.recipe().cloned() else { return };
    let rfm = &recipe.rfm;
    let shape = scene.session.roles.get().map(|r| r.shape.shape).unwrap_or(TableShape::Transactions);
    let found = scene.session.rfm.get();
    let mut settings = vec![];
    if shape == TableShape::Transactions {
        settings.extend([Setting::Snapshot, Setting::Window, Setting::Frequency, Setting::Returns]);
    } else {
        settings.push(Setting::Shape);
        if found.is_some_and(|r| r.snapshot.is_some()) {
            settings.push(Setting::Snapshot);
        }
    }
    if found.is_none_or(|r| !r.scores.is_empty()) {
        settings.extend([Setting::Scores, Setting::Cuts, Setting::Binning]);
    }
    // A limited window has two more controls.
    let window_width = if rfm.window_days.is_some() { 196.0 } else { 100.0 };
    let width = |setting: &Setting| match setting {
        Setting::Shape => SHAPE,
        Setting::Snapshot => 116.0,
        Setting::Window => window_width,
        Setting::Scores => 84.0,
        Setting::Frequency => 112.0,
        Setting::Returns => 76.0,
        _ => CONTROL,
    };
    let gap = theme::of(ui).space.l;
    card::card(ui, |ui| {
        let needed = settings.iter().map(|s| width(s) + gap).sum::<f32>() - gap;
        // On two rows: how customers are counted, and below it how they are scored.
        let scored = settings.iter().position(|s| *s == Setting::Scores).unwrap_or(settings.len());
        let cut = if needed > ui.available_width() { scored } else { settings.len() };
        let (above, below) = settings.split_at(cut);
        for settings in [above, below].into_iter().filter(|row| !row.is_empty()) {
            let widths: Vec<f32> = settings.iter().map(width).collect();
            card::flow(ui, &widths, |ui, i| one(ui, scene, &recipe, settings[i]));
        }
    });
}

fn one(ui: &mut Ui, scene: &mut Scene, recipe: &Recipe, which: Setting) {
    let rfm = &recipe.rfm;
    match which {
        Setting::Shape => {
            let reason = scene.session.roles.get().map_or(String::new(), |r| r.shape.reason.clone());
            setting(ui, "One row is", &reason, |ui| shape::choose(ui, scene, SHAPE));
        }
        Setting::Snapshot => snapshot(ui, scene, rfm),
        Setting::Window => window(ui, scene, rfm),
        Setting::Frequency => setting(ui, "Frequency of", rfm.frequency.hint(), |ui| {
            if let Some(unit) = recipe_combo!(ui, FrequencyUnit, "Frequency counts", 112.0, rfm.frequency) {
                scene.decide(format!("Frequency of: {}", unit.label().to_lowercase()), false, |r| {
                    r.rfm.frequency = unit
                });
            }
        }),
        Setting::Returns => setting(ui, "Returns", recipe.clean.returns.hint(), |ui| {
            if let Some(policy) = recipe_combo!(ui, Returns, "Returns", 76.0, recipe.clean.returns) {
                scene
                    .decide(format!("Returns: {}", policy.label().to_lowercase()), false, |r| r.clean.returns = policy);
            }
        }),
        Setting::Scores => scores(ui, scene, rfm),
        Setting::Cuts => cuts(ui, scene, rfm),
        Setting::Binning => setting(ui, "Axes are ranked", rfm.binning.hint(), |ui| {
            if let Some(binning) = recipe_combo!(ui, Binning, "Axes are ranked", CONTROL, rfm.binning) {
                scene.decide(format!("Scores: {}", binning.label().to_lowercase()), false, |r| {
                    r.rfm.binning = binning;
                });
            }
        }),
    }
}

/// How many scores an axis has. Cut points given by hand are one fewer than scores, so another number forgets them.
fn scores(ui: &mut Ui, scene: &mut Scene, rfm: &Rfm) {
    let t = theme::of(ui);
    let hint = "Scores run from 1 to this number; the highest is best";
    setting(ui, "Scores", hint, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = t.space.xs;
            let mut wanted = rfm.scores;
            let fewer =
                ui.add_enabled_ui(rfm.scores > *SCORES.start(), |ui| button::icon(ui, ICON_REMOVE, "Fewer scores"));
            ui.label(rfm.scores.to_string());
            let more = ui.add_enabled_ui(rfm.scores < *SCORES.end(), |ui| button::icon(ui, ICON_ADD, "More scores"));
            if fewer.inner.clicked() {
                wanted -= 1;
            } else if more.inner.clicked() {
                wanted += 1;
            }
            if wanted != rfm.scores {
                scene.decide(format!("Set the number of scores to {wanted}"), true, |r| {
                    r.rfm.scores = wanted;
                    forget_cuts(&mut r.rfm);
                });
            }
        });
    });
}

/// Where cut points come from; by hand as soon as one of the axes has its own.
fn cuts(ui: &mut Ui, scene: &mut Scene, rfm: &Rfm) {
    let own = own_cuts(rfm);
    let hint = if own { "Given by hand on at least one axis; the others as before" } else { rfm.score_cuts.hint() };
    setting(ui, "Cut points", hint, |ui| {
        let mut options: Vec<(Option<ScoreCuts>, String)> =
            ScoreCuts::ALL.iter().map(|c| (Some(*c), c.label().to_string())).collect();
        if own {
            options.push((None, "Own".into()));
        }
        let current = (!own).then_some(rfm.score_cuts);
        let shown = current.map_or("Own", |c| c.label());
        if let Some(Some(rule)) = choice::combo(ui, "Cut points", CONTROL, shown, &options, &current) {
            scene.decide(format!("Cut points: {}", rule.label()), false, |r| {
                r.rfm.score_cuts = rule;
                forget_cuts(&mut r.rfm);
            });
        }
    });
}

/// Whether any axis has cut points that were given by hand.
pub fn own_cuts(rfm: &Rfm) -> bool {
    [&rfm.recency_cuts, &rfm.frequency_cuts, &rfm.monetary_cuts].iter().any(|c| c.is_some())
}

fn forget_cuts(rfm: &mut Rfm) {
    (rfm.recency_cuts, rfm.frequency_cuts, rfm.monetary_cuts) = (None, None, None);
}

fn snapshot(ui: &mut Ui, scene: &mut Scene, rfm: &Rfm) {
    let t = theme::of(ui);
    let hint = match rfm.snapshot {
        Some(_) => "The day on which the analysis looks back; recency counts days to it",
        None => {
            "The day on which the analysis looks back: the day after the last transaction. Recency counts days to it"
        }
    };
    setting(ui, "Snapshot date", hint, |ui| {
        ui.horizontal(|ui| {
            let found = scene.session.rfm.get().and_then(|r| r.snapshot).map(|d| d.to_string()).unwrap_or_default();
            let shown = rfm.snapshot.map_or(found, |d| d.to_string());
            let mut typed = scene.view.typed.snapshot.clone().unwrap_or(shown);
            let parsed = NaiveDate::parse_from_str(typed.trim(), "%Y-%m-%d");
            let color = if parsed.is_ok() || typed.is_empty() { t.text.normal } else { t.state.bad };
            let field = TextEdit::singleline(&mut typed)
                .desired_width(100.0)
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
            if rfm.snapshot.is_some()
                && button::icon(ui, ICON_RESTART_ALT, "Use the day after the last transaction").clicked()
            {
                scene.decide("Snapshot: day after the last transaction", false, |r| r.rfm.snapshot = None);
            }
        });
    });
}

fn window(ui: &mut Ui, scene: &mut Scene, rfm: &Rfm) {
    setting(ui, "Look back", "Only purchases within this many days before the snapshot count", |ui| {
        ui.horizontal(|ui| {
            let mut limited = rfm.window_days.is_some();
            let label = if limited { "Last" } else { "Whole file" };
            if choice::switch(ui, &mut limited, label).accessible_name("Limit the window").changed() {
                let days = limited.then_some(DEFAULT_WINDOW_DAYS);
                let label = match days {
                    Some(days) => format!("Set the window to {}", format::plural(days as usize, "day", "days")),
                    None => "Count the whole file".into(),
                };
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
                    let days = format::plural(value as usize, "day", "days");
                    scene.decide(format!("Set the window to {days}"), true, |r| r.rfm.window_days = Some(value));
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
