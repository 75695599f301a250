//! All criteria on one axis of k, and the number in force.

use egui::{DragValue, RichText, Sense, Slider, Ui, vec2};

use super::curves;
use crate::app::Status;
use crate::cluster::{Chosen, KSearch};
use crate::format;
use crate::pipeline::Stage;
use crate::recipe::{KChoice, KCriterion};
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::choice::{recipe_combo, setting, switch};
use crate::ui::widgets::{card, state, text};

/// Automatic or fixed.
pub fn controls(ui: &mut Ui, scene: &mut Scene) {
    let size = vec2(352.0_f32.min(ui.available_width()), ui.available_height());
    ui.allocate_ui_with_layout(size, egui::Layout::left_to_right(egui::Align::Center), |ui| k_controls(ui, scene));
}

fn k_controls(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let Some(cluster) = scene.session.recipe().map(|r| r.cluster.clone()) else { return };
    let chosen = scene.session.chosen.get().map_or(cluster.k_min, |c| c.clustering.k as u32);
    let mut k = match cluster.k {
        KChoice::Auto => chosen,
        KChoice::Fixed(k) => k,
    };
    let range = cluster.k_min.min(k)..=cluster.k_max.max(k);
    let mut automatic = cluster.k == KChoice::Auto;
    if switch(ui, &mut automatic, "Automatic").changed() {
        let choice = if automatic { KChoice::Auto } else { KChoice::Fixed(chosen) };
        let label = if automatic { "Choose k automatically".to_string() } else { format!("Set k to {chosen}") };
        scene.decide(label, false, |r| r.cluster.k = choice);
    }
    ui.add_space(t.space.m);
    ui.label(RichText::new("k").color(t.text.muted));
    // The slider gives way where the title row is narrow; its number never does.
    ui.spacing_mut().slider_width = (ui.available_width() - t.space.xl * 2.0).clamp(60.0, 180.0);
    let slider = ui.add(Slider::new(&mut k, range).integer().clamping(egui::SliderClamping::Always));
    let dragged = slider.dragged();
    if slider.accessible_name("Number of clusters").changed() {
        // A drag is one entry of the history.
        let label = if dragged { "Move k".to_string() } else { format!("Set k to {k}") };
        scene.decide(label, dragged, |r| r.cluster.k = KChoice::Fixed(k));
    }
}

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    settings(ui, scene);
    let Some(search) = scene.session.search.get().cloned() else {
        return state::waiting(ui, scene, Stage::Search);
    };
    let chosen = scene.session.chosen.get().cloned();
    let current = *scene.session.search.status() == Status::Ready;
    verdict(ui, scene, &search, chosen.as_deref(), current);
    let strip = 52.0;
    let height = (ui.available_height() - strip - t.space.s).max(220.0);
    state::dimmed(ui, !current, |ui| {
        let k = match scene.session.recipe().map(|r| r.cluster.k) {
            Some(KChoice::Fixed(k)) => Some(k as usize),
            _ => chosen.as_ref().map(|c| c.clustering.k),
        };
        if let Some(picked) = curves::show(ui, &search, k, height) {
            scene.decide(format!("Set k to {picked}"), false, |r| r.cluster.k = KChoice::Fixed(picked as u32));
        }
        if let Some(chosen) = chosen {
            sizes(ui, scene, &chosen);
        }
    });
}

fn settings(ui: &mut Ui, scene: &mut Scene) {
    let Some(c) = scene.session.recipe().map(|r| r.cluster.clone()) else { return };
    let (mut low, mut high, mut restarts, mut seed) = (c.k_min, c.k_max, c.restarts, c.seed);
    card::card(ui, |ui| {
        card::flow(ui, &[148.0, 64.0, 64.0, 64.0, 64.0], |ui, i| match i {
            0 => setting(ui, "Automatic goes by", c.k_by.hint(), |ui| {
                if let Some(by) = recipe_combo!(ui, KCriterion, "Criterion", 148.0, c.k_by) {
                    scene.decide(format!("Choose k by {}", by.label()), false, |r| r.cluster.k_by = by);
                }
            }),
            1 => {
                if number(ui, "Smallest k", "", &mut low, 2..=high.saturating_sub(1).max(2)) {
                    scene.decide("Set the smallest k", true, |r| r.cluster.k_min = low);
                }
            }
            2 => {
                if number(ui, "Largest k", "", &mut high, low + 1..=30) {
                    scene.decide("Set the largest k", true, |r| r.cluster.k_max = high);
                }
            }
            3 => {
                let hint = "k-means starts per k; the one with the least inertia wins";
                if number(ui, "Restarts", hint, &mut restarts, 1..=200) {
                    scene.decide("Set the restarts", true, |r| r.cluster.restarts = restarts);
                }
            }
            _ => setting(ui, "Seed", "The same seed gives the same clusters on every computer", |ui| {
                let drag = DragValue::new(&mut seed)
                    .range(0..=u64::from(u32::MAX))
                    .clamp_existing_to_range(false)
                    .update_while_editing(false);
                if ui.add(drag).accessible_name("Seed").changed() {
                    scene.decide("Set the seed", true, |r| r.cluster.seed = seed);
                }
            }),
        });
    });
}

fn number(ui: &mut Ui, name: &str, hint: &str, value: &mut u32, range: std::ops::RangeInclusive<u32>) -> bool {
    setting(ui, name, hint, |ui| {
        let drag =
            DragValue::new(value).range(range).clamp_existing_to_range(false).speed(0.05).update_while_editing(false);
        ui.add(drag).accessible_name(name).changed()
    })
}

fn verdict(ui: &mut Ui, scene: &Scene, search: &KSearch, chosen: Option<&Chosen>, current: bool) {
    let t = theme::of(ui);
    let chosen_current = current && *scene.session.chosen.status() == Status::Ready;
    state::dimmed(ui, !chosen_current, |ui| {
        ui.horizontal_top(|ui| {
            if let Some(chosen) = chosen {
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    ui.set_width(88.0);
                    ui.label(RichText::new(format!("k = {}", chosen.clustering.k)).size(t.font.big).family(semibold()));
                });
            }
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = t.space.xs;
                ui.add(egui::Label::new(RichText::new(state::sentence(&search.verdict))).wrap());
                if let Some(chosen) = chosen {
                    text::muted(ui, state::sentence(&chosen.chosen_by));
                    for warning in &chosen.warnings {
                        text::muted(ui, state::sentence(warning));
                    }
                }
            });
        });
    });
}

/// Sizes of the clusters in force as one strip to scale.
fn sizes(ui: &mut Ui, scene: &mut Scene, chosen: &Chosen) {
    let t = theme::of(ui);
    let sizes = &chosen.clustering.sizes;
    let total = sizes.iter().sum::<usize>().max(1);
    let names: Vec<String> = match scene.session.profiles.ready() {
        Some(p) if p.len() == sizes.len() => p.iter().map(|p| p.name.clone()).collect(),
        _ => (1..=sizes.len()).map(|i| format!("Cluster {i}")).collect(),
    };
    text::muted_line(ui, format!("Cluster sizes at k = {}", chosen.clustering.k));
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), t.shape.row), Sense::hover());
    let mut left = rect.left();
    for (i, &size) in sizes.iter().enumerate() {
        let width = rect.width() * size as f32 / total as f32;
        let part =
            egui::Rect::from_min_size(egui::pos2(left, rect.top()), vec2(width, rect.height())).shrink2(vec2(0.5, 0.0));
        let fill = t.segment(i);
        ui.painter().rect_filled(part, t.shape.radius_small, fill);
        let label = format::count(size);
        let font = egui::FontId::new(t.font.small, semibold());
        let galley = ui.painter().layout_no_wrap(label, font, t.text_on(fill));
        if galley.size().x + t.space.s < width {
            ui.painter().galley(part.center() - galley.size() / 2.0, galley, t.text_on(fill));
        }
        if response.hover_pos().is_some_and(|p| part.contains(p)) {
            let share = format::percent(size as f64 / total as f64);
            let text = format!("{}\n{}, {share}", names[i], format::plural(size, "customer", "customers"));
            response.clone().on_hover_text_at_pointer(text);
        }
        left += width;
    }
}
