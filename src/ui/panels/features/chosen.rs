//! The features that customers are clustered by, one row each: what it is, how it is spread before and after the
//! transform, how it is prepared and how much it counts.

use egui::{Layout, RichText, Ui, vec2};
use egui_material_icons::icons::ICON_CLOSE;

use super::decisions;
use super::items::{Item, is_named};
use super::shapes::Shapes;
use super::tile::{tip, write};
use crate::app::Status;
use crate::features::FittedColumn;
use crate::features::look::Shape;
use crate::format;
use crate::recipe::{FeatureChoice, FillMissing, Scale, Transform};
use crate::rfm::RfmOut;
use crate::ui::glossary;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::histogram::{self as drawn, Marks};
use crate::ui::widgets::{button, card, choice, decimal, state, text};

/// Height of a row without its margins.
const HEIGHT: f32 = 96.0;
/// Widths of the parts of a row, as far as they do not grow with it.
const NAME: f32 = 172.0;
const PICTURE: f32 = 148.0;
const CONTROLS: f32 = 212.0;
/// Width of the words beside a control.
const LABEL: f32 = 62.0;

pub fn show(ui: &mut Ui, scene: &mut Scene, rfm: &RfmOut, items: &[Item], names: &[String], shapes: &Shapes) {
    let t = theme::of(ui);
    let on: Vec<&Item> = items.iter().filter(|i| i.chosen).collect();
    let decided = scene.session.recipe().is_some_and(|r| r.features.columns.is_some());
    ui.horizontal(|ui| {
        text::heading(ui, "Clustered by");
        text::muted_line(ui, format::plural(on.len(), "feature", "features"));
        if decided && button::link(ui, "Use the usual ones").clicked() {
            scene.decide("Use the usual features", false, |r| r.features.columns = None);
        }
    });
    for item in &on {
        row(ui, scene, rfm, item, on.len() == 1, shapes);
        ui.add_space(t.space.s - ui.spacing().item_spacing.y);
    }
    // A table read another way, or a calculation that is gone, leaves names behind.
    for name in names.iter().filter(|n| items.iter().all(|i| !is_named(i.feature, std::slice::from_ref(n)))) {
        absent(ui, scene, name);
    }
}

fn absent(ui: &mut Ui, scene: &mut Scene, name: &str) {
    let waits = *scene.session.rfm.status() != Status::Ready;
    card::card(ui, |ui| {
        ui.horizontal(|ui| {
            text::line(ui, name);
            text::muted_line(ui, if waits { "Being worked out…" } else { "There is no such feature now." });
            ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
                if button::icon(ui, ICON_CLOSE, &format!("Do not cluster by {name}")).clicked() {
                    decisions::forget(scene, name);
                }
            });
        });
    });
}

fn row(ui: &mut Ui, scene: &mut Scene, rfm: &RfmOut, item: &Item, last: bool, shapes: &Shapes) {
    let t = theme::of(ui);
    let border = 2.0 * (t.space.m + t.shape.hairline);
    let room = ui.available_width() - border;
    let gap = t.space.l;
    let needed = NAME + 2.0 * PICTURE + CONTROLS + 3.0 * gap;
    // Where a row has no room for all, the pictures stand below.
    let narrow = room < needed;
    let shape = shapes.of(item.source);
    let missing = shape.map_or(0, |s| s.missing);
    // Another line of controls.
    let one = HEIGHT + if missing > 0 { t.shape.control } else { 0.0 };
    let high = if narrow { one + HEIGHT + t.space.s } else { one };
    let place = egui::Rect::from_min_size(ui.cursor().min, vec2(room + border, high + border));
    // A table can have dozens of features; those out of sight only take their room.
    if !ui.is_rect_visible(place) {
        ui.allocate_space(place.size());
        return;
    }
    let spare = (room - needed).max(0.0);
    let (name, picture) = match narrow {
        true => ((room - gap - CONTROLS).max(NAME / 2.0), ((room - gap) / 2.0).max(PICTURE / 2.0)),
        false => (NAME + spare * 0.4, PICTURE + spare * 0.3),
    };
    let choice = scene.session.recipe().and_then(|r| r.features.each.get(&item.feature.name).cloned());
    let choice = choice.unwrap_or_default();
    let matrix = scene.session.matrix.get().cloned();
    let fitted = matrix.as_ref().and_then(|m| m.columns.iter().find(|c| c.name == item.feature.name));
    card::frame(ui).show(ui, |ui| {
        ui.set_width(room);
        ui.set_height(high);
        ui.spacing_mut().item_spacing = vec2(gap, t.space.s);
        let column = |ui: &mut Ui, width: f32, add: &mut dyn FnMut(&mut Ui)| {
            ui.allocate_ui_with_layout(vec2(width, HEIGHT), Layout::top_down(egui::Align::Min), |ui| {
                ui.set_width(width);
                ui.set_min_height(HEIGHT);
                ui.spacing_mut().item_spacing = vec2(t.space.s, t.space.xs);
                add(ui);
            });
        };
        ui.horizontal_top(|ui| {
            column(ui, name, &mut |ui| words(ui, scene, rfm, item, last, shape));
            if !narrow {
                column(ui, picture, &mut |ui| before(ui, scene, item, shape));
                column(ui, picture, &mut |ui| after(ui, scene, item, fitted, shapes));
            }
            column(ui, CONTROLS, &mut |ui| controls(ui, scene, item, &choice, missing));
        });
        if narrow {
            ui.horizontal_top(|ui| {
                column(ui, picture, &mut |ui| before(ui, scene, item, shape));
                column(ui, picture, &mut |ui| after(ui, scene, item, fitted, shapes));
            });
        }
    });
}

/// Switch, name, definition and figures.
fn words(ui: &mut Ui, scene: &mut Scene, rfm: &RfmOut, item: &Item, last: bool, shape: Option<&Shape>) {
    let t = theme::of(ui);
    let feature = item.feature;
    ui.horizontal(|ui| {
        let mut on = true;
        let toggle = ui.add_enabled_ui(!last, |ui| choice::toggle(ui, &mut on, feature.label.as_str())).inner;
        let reason = "The last one stays: there is nothing to cluster by without any";
        if toggle.on_disabled_hover_text(reason).changed() {
            decisions::choose(scene, rfm, item, false, None);
        }
        text::heading(ui, feature.label.as_str()).on_hover_text(tip(feature, shape, scene.currency()));
    });
    let left = HEIGHT - t.font.icon - 2.0 * t.shape.row;
    ui.allocate_ui(vec2(ui.available_width(), left), |ui| {
        ui.set_height(left);
        let rows = (left / (t.font.tiny * 1.4)).floor().max(1.0) as usize;
        let mut job = egui::text::LayoutJob::simple(
            feature.definition.clone(),
            egui::FontId::proportional(t.font.tiny),
            t.text.muted,
            ui.available_width(),
        );
        job.wrap.max_rows = rows;
        ui.add(egui::Label::new(job)).on_hover_text(tip(feature, shape, scene.currency()));
    });
    let median = shape.filter(|s| s.bars.is_some()).map(|s| {
        let missing = match s.missing {
            0 => String::new(),
            n => format!(", {} missing", format::count(n)),
        };
        format!("Median {}{missing}", write(feature, s.median, scene.currency()))
    });
    text::muted_line(ui, median.unwrap_or_default());
}

fn skew(value: f64) -> String {
    if value.is_finite() { format!("skew {}", format::number(value, 2)) } else { "no skew".into() }
}

fn before(ui: &mut Ui, scene: &Scene, item: &Item, shape: Option<&Shape>) {
    let t = theme::of(ui);
    let Some(shape) = shape else {
        text::muted_line(ui, "Drawing…");
        return;
    };
    text::muted_line(ui, "As counted");
    let Some(bars) = &shape.bars else { return };
    let write = |v: f64| write(item.feature, v, scene.currency());
    let height = HEIGHT - 2.0 * (t.font.small + t.space.s);
    drawn::show(ui, bars, height, t.accent.normal, &Marks { cuts: &[], value: &write });
    let skew = skew(shape.skew);
    let (line, more) = match shape.beyond {
        0 => (skew, "All customers are drawn.".to_string()),
        n => {
            let customers = format::plural(n, "customer", "customers");
            (
                format!("{skew}, {} not drawn", format::count(n)),
                format!("{customers} above {} not drawn.", write(shape.limit)),
            )
        }
    };
    below(ui, line, format!("{more}\n{SKEW}"));
}

/// The line below a picture.
fn below(ui: &mut Ui, line: String, hint: String) {
    let t = theme::of(ui);
    let line = RichText::new(line).size(t.font.tiny).color(t.text.muted);
    ui.add(egui::Label::new(line).truncate()).on_hover_text(hint);
}

const SKEW: &str = "Skew: the adjusted Fisher–Pearson coefficient. Near 0 the values lie evenly around their mean, \
                    above 2 a few large ones outweigh the rest.";

fn after(ui: &mut Ui, scene: &Scene, item: &Item, fitted: Option<&FittedColumn>, shapes: &Shapes) {
    let t = theme::of(ui);
    let current = *scene.session.matrix.status() == Status::Ready;
    let (Some(fitted), Some(after)) = (fitted, shapes.after(&item.feature.name)) else {
        text::muted_line(ui, if current { "Not prepared" } else { "Being prepared…" });
        return;
    };
    state::dimmed(ui, !current, |ui| {
        let label = fitted.transform.label();
        let caption = match fitted.lambda {
            Some(lambda) => format!("{label}, λ = {}", format::number(lambda, 3)),
            None if fitted.transform == Transform::None => "As prepared".to_string(),
            None => format!("After {label}"),
        };
        text::muted_line(ui, caption).on_hover_text(fitted.transform.hint());
        let height = HEIGHT - 2.0 * (t.font.small + t.space.s);
        drawn::show(ui, &after.bars, height, t.text.faint, &Marks { cuts: &[], value: &|v| format::number(v, 1) });
        let scale = fitted.scale;
        let hint = format!("{}\n{SKEW}", scale.hint());
        below(ui, format!("{}, {}", scale.label(), skew(after.skew)), hint);
    });
}

/// Weight, transform and scale.
fn controls(ui: &mut Ui, scene: &mut Scene, item: &Item, choice: &FeatureChoice, missing: usize) {
    let (name, label) = (item.feature.name.as_str(), item.feature.label.as_str());
    let Some((transform, scale)) = scene.session.recipe().map(|r| (r.features.transform, r.features.scale)) else {
        return;
    };
    labelled(ui, "Weight", WEIGHT, |ui| {
        let mut weight = choice.weight;
        ui.spacing_mut().slider_width = ui.available_width() - 62.0;
        let slider = decimal::slider(&mut weight, 0.1..=10.0, 2).logarithmic(true);
        if ui.add(slider).accessible_name(format!("Weight of {label}")).changed() {
            let weight = (weight * 100.0).round() / 100.0;
            decisions::prepare(
                scene,
                format!("Set the weight of {label} to {}", format::short(weight)),
                true,
                name,
                |c| c.weight = weight,
            );
        }
    });
    labelled(ui, "Transform", choice.transform.unwrap_or(transform).hint(), |ui| {
        let all = Transform::ALL.iter().map(|c| (Some(*c), c.label().to_string()));
        let usual = (None, format!("{} as all", transform.label()));
        let options: Vec<_> = [usual].into_iter().chain(all).collect();
        let shown = choice.transform.map_or(&options[0].1, |c| &options[1 + position(Transform::ALL, c)].1).clone();
        let called = format!("Transform of {label}");
        if let Some(picked) = choice::combo(ui, &called, ui.available_width(), &shown, &options, &choice.transform) {
            let label = picked.map_or(format!("{called}: as all others"), |p| format!("{called}: {}", p.label()));
            decisions::prepare(scene, label, false, name, |c| c.transform = picked);
        }
    });
    labelled(ui, "Scale", choice.scale.unwrap_or(scale).hint(), |ui| {
        let all = Scale::ALL.iter().map(|c| (Some(*c), c.label().to_string()));
        let usual = (None, format!("{} as all", scale.label()));
        let options: Vec<_> = [usual].into_iter().chain(all).collect();
        let shown = choice.scale.map_or(&options[0].1, |c| &options[1 + position(Scale::ALL, c)].1).clone();
        let called = format!("Scale of {label}");
        if let Some(picked) = choice::combo(ui, &called, ui.available_width(), &shown, &options, &choice.scale) {
            let label = picked.map_or(format!("{called}: as all others"), |p| format!("{called}: {}", p.label()));
            decisions::prepare(scene, label, false, name, |c| c.scale = picked);
        }
    });
    if missing == 0 {
        return;
    }
    let hint = format!("What the {} without a value count as", format::plural(missing, "customer", "customers"));
    labelled(ui, "Missing", &hint, |ui| {
        let none = (None, "not allowed".to_string());
        let all = FillMissing::ALL.iter().map(|c| (Some(*c), format!("count as {}", c.label().to_lowercase())));
        let options: Vec<_> = [none].into_iter().chain(all).collect();
        let shown = options.iter().find(|o| o.0 == choice.missing).map_or("", |o| o.1.as_str()).to_string();
        let called = format!("Missing values of {label}");
        if let Some(picked) = choice::combo(ui, &called, ui.available_width(), &shown, &options, &choice.missing) {
            let label = picked.map_or(format!("{called}: not allowed"), |p| format!("{called}: {}", p.label()));
            decisions::prepare(scene, label, false, name, |c| c.missing = picked);
        }
    });
}

const WEIGHT: &str =
    "How much the feature counts: with weight 2 it counts in squared distances as if it were there twice";

fn position<T: PartialEq>(all: &[T], one: T) -> usize {
    all.iter().position(|c| *c == one).unwrap_or(0)
}

fn labelled(ui: &mut Ui, name: &str, hint: &str, add: impl FnOnce(&mut Ui)) {
    let t = theme::of(ui);
    ui.horizontal(|ui| {
        ui.allocate_ui(vec2(LABEL, t.shape.row), |ui| {
            ui.set_width(LABEL);
            glossary::term(ui, name).on_hover_text(hint);
        });
        add(ui);
    });
}
