//! How the clusters are found: the algorithm and the settings that it has.

use std::ops::RangeInclusive;

use egui::{DragValue, RichText, Ui};

use super::{control, decide};
use crate::format;
use crate::recipe::{Algorithm, Cluster, Covariance, KCriterion, Linkage};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::choice::{combo, recipe_combo, segmented, setting};
use crate::ui::widgets::{button, card, decimal, text};

/// One setting, as wide as it needs to be.
#[derive(Clone, Copy, PartialEq)]
enum Item {
    Which,
    Range,
    Restarts,
    Covariance,
    Linkage,
    ClusterSize,
    Samples,
    WordWeight,
    GoesBy,
    Seed,
    More,
}

impl Item {
    fn width(self) -> f32 {
        match self {
            Item::Which => 144.0,
            Item::Range => 94.0,
            Item::Restarts | Item::Seed => 52.0,
            Item::Covariance => 116.0,
            Item::Linkage => 96.0,
            Item::ClusterSize | Item::Samples => 112.0,
            Item::WordWeight => 100.0,
            Item::GoesBy => 132.0,
            Item::More => 48.0,
        }
    }

    /// What an algorithm has to set.
    fn of(algorithm: Algorithm) -> Vec<Item> {
        use Item::*;
        let own: &[Item] = match algorithm {
            Algorithm::KMeans | Algorithm::MiniBatch => &[Range, Restarts, GoesBy, Seed],
            Algorithm::GaussianMixture => &[Range, Covariance, Restarts, GoesBy, Seed],
            Algorithm::Agglomerative => &[Range, Linkage, GoesBy, Seed],
            Algorithm::Hdbscan => &[ClusterSize, Samples, Seed],
            Algorithm::KPrototypes => &[Range, WordWeight, Restarts, GoesBy, Seed],
        };
        [&[Which], own, &[More]].concat()
    }
}

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let Some(c) = scene.session.recipe().map(|r| r.cluster.clone()) else { return };
    let t = theme::of(ui);
    card::card(ui, |ui| {
        let items = Item::of(c.algorithm);
        let widths: Vec<f32> = items.iter().map(|i| i.width()).collect();
        card::flow(ui, &widths, |ui, i| one(ui, scene, &c, items[i]));
        if scene.view.choose_k.more {
            card::flow(ui, &[128.0, 128.0, 360.0], |ui, i| more(ui, scene, &c, i));
        }
        ui.spacing_mut().item_spacing.y = t.space.xs;
        text::muted(ui, c.algorithm.hint());
        if c.algorithm == Algorithm::KPrototypes && scene.session.matrix.ready().is_some_and(|m| m.words.is_empty()) {
            ui.horizontal(|ui| {
                text::muted(ui, "It needs a feature of words, such as a country, and none is in use.");
                if button::link(ui, "Go to the features").clicked() {
                    scene.command(crate::app::Command::Go(crate::app::Panel::Features));
                }
            });
        }
    });
}

fn one(ui: &mut Ui, scene: &mut Scene, c: &Cluster, item: Item) {
    let t = theme::of(ui);
    let width = item.width();
    match item {
        Item::Which => setting(ui, "Algorithm", "How the clusters are found", |ui| {
            if let Some(picked) = recipe_combo!(ui, Algorithm, "Algorithm", width, c.algorithm) {
                decide::algorithm(scene, picked);
            }
        }),
        Item::Range => setting(ui, "Range of k", "The numbers of clusters that are tried", |ui| {
            let (mut low, mut high) = (c.k_min, c.k_max);
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = t.space.xs;
                ui.spacing_mut().interact_size.x = 36.0;
                if drag(ui, "Smallest k", &mut low, 2..=high.saturating_sub(1).max(2)) {
                    scene.decide(format!("Set the smallest k to {low}"), true, |r| r.cluster.k_min = low);
                }
                ui.label(RichText::new("to").size(t.font.small).color(t.text.muted));
                if drag(ui, "Largest k", &mut high, low + 1..=control::MOST as u32) {
                    scene.decide(format!("Set the largest k to {high}"), true, |r| r.cluster.k_max = high);
                }
            });
        }),
        Item::Restarts => {
            let hint = "Random starts per k; the best one wins";
            if let Some(n) = number(ui, "Restarts", hint, c.restarts, 1..=200) {
                scene.decide(format!("Set the restarts to {n}"), true, |r| r.cluster.restarts = n);
            }
        }
        Item::Covariance => setting(ui, "Form of the groups", c.covariance.hint(), |ui| {
            let options: Vec<_> = Covariance::ALL.iter().map(|v| (*v, v.label(), v.hint())).collect();
            if let Some(picked) = segmented(ui, "Form of the groups", &options, c.covariance) {
                scene.decide(format!("{} covariance", picked.label()), false, |r| r.cluster.covariance = picked);
            }
        }),
        Item::Linkage => setting(ui, "Linkage", c.linkage.hint(), |ui| {
            if let Some(picked) = recipe_combo!(ui, Linkage, "Linkage", width, c.linkage) {
                scene.decide(format!("Join by {} linkage", picked.label()), false, |r| r.cluster.linkage = picked);
            }
        }),
        Item::ClusterSize => {
            let hint = "The fewest customers that make a cluster; automatic: one in a hundred, at least 5";
            optional(ui, "Smallest cluster", hint, c.min_cluster_size, 2..=1_000_000, |set| {
                scene.decide(format!("Set the smallest cluster to {}", or_automatic(set)), true, |r| {
                    r.cluster.min_cluster_size = set
                });
            });
        }
        Item::Samples => {
            let hint = "The neighbour whose distance counts as density: more makes borders smoother and noise more \
                        frequent; automatic: as the smallest cluster";
            optional(ui, "Neighbours", hint, c.min_samples, 1..=1_000_000, |set| {
                scene.decide(format!("Set the neighbours to {}", or_automatic(set)), true, |r| {
                    r.cluster.min_samples = set
                });
            });
        }
        Item::WordWeight => word_weight(ui, scene, c),
        Item::GoesBy => goes_by(ui, scene, c, width),
        Item::Seed => setting(ui, "Seed", "The same seed gives the same clusters on every computer", |ui| {
            let mut seed = c.seed;
            let drag = DragValue::new(&mut seed)
                .range(0..=u64::from(u32::MAX))
                .clamp_existing_to_range(false)
                .update_while_editing(false);
            if ui.add(drag).accessible_name("Seed").changed() {
                scene.decide(format!("Set the seed to {seed}"), true, |r| r.cluster.seed = seed);
            }
        }),
        Item::More => setting(ui, " ", "", |ui| {
            let open = scene.view.choose_k.more;
            let words = if open { "Less" } else { "More" };
            let hint = "How often data are drawn to test each k";
            if ui.add(egui::Button::new(words).wrap_mode(egui::TextWrapMode::Extend)).on_hover_text(hint).clicked() {
                scene.view.choose_k.more = !open;
            }
        }),
    }
}

/// A number, or that it is found.
fn or_automatic(set: Option<u32>) -> String {
    set.map_or("automatic".into(), |n| format::count(n as usize))
}

/// What automatic goes by; BIC only where there is one.
fn goes_by(ui: &mut Ui, scene: &mut Scene, c: &Cluster, width: f32) {
    setting(ui, "Automatic goes by", c.k_by.hint(), |ui| {
        let mixture = c.algorithm == Algorithm::GaussianMixture;
        let offered =
            KCriterion::ALL.iter().filter(|by| mixture || **by != KCriterion::Bic || c.k_by == KCriterion::Bic);
        let options: Vec<(KCriterion, String)> = offered.map(|by| (*by, by.label().to_string())).collect();
        if let Some(by) = combo(ui, "Criterion", width, c.k_by.label(), &options, &c.k_by) {
            scene.decide(format!("Choose k by {}", by.label()), false, |r| r.cluster.k_by = by);
        }
    });
}

fn word_weight(ui: &mut Ui, scene: &mut Scene, c: &Cluster) {
    let hint = "What a differing word counts as in squared distance; automatic: half the mean variance of the numbers \
                (Huang 1997)";
    setting(ui, "Weight of words", hint, |ui| {
        // A range that says "automatic" at its lower end.
        let mut weight = c.word_weight.unwrap_or(0.0);
        let drag = decimal::drag(&mut weight, 2)
            .range(0.0..=100.0)
            .speed(0.02)
            .update_while_editing(false)
            .custom_formatter(|v, _| if v <= 0.0 { "Automatic".into() } else { format::field(v, 2) });
        if ui.add(drag).accessible_name("Weight of words").changed() {
            let set = (weight > 0.0).then_some(weight);
            let words = set.map_or("automatic".to_string(), format::short);
            scene.decide(format!("Set the weight of words to {words}"), true, |r| r.cluster.word_weight = set);
        }
    });
}

fn more(ui: &mut Ui, scene: &mut Scene, c: &Cluster, i: usize) {
    match i {
        0 => {
            let hint = "Data sets without clusters per k, drawn for the gap statistic; 0: no gap statistic";
            if let Some(n) = number(ui, "Reference data sets", hint, c.references, 0..=500) {
                scene.decide(format!("Set the reference data sets to {n}"), true, |r| r.cluster.references = n);
            }
        }
        1 => {
            let hint = "Resamples per k for stability and prediction strength; 0: neither";
            if let Some(n) = number(ui, "Resamples", hint, c.resamples, 0..=500) {
                scene.decide(format!("Set the resamples to {n}"), true, |r| r.cluster.resamples = n);
            }
        }
        _ => setting(ui, " ", "", |ui| {
            text::muted(ui, "More of them make the tests of each k steadier and slower. 0 leaves a test out.");
        }),
    }
}

fn drag(ui: &mut Ui, name: &str, value: &mut u32, range: RangeInclusive<u32>) -> bool {
    let drag =
        DragValue::new(value).range(range).clamp_existing_to_range(false).speed(0.05).update_while_editing(false);
    ui.add(drag).accessible_name(name).changed()
}

fn number(ui: &mut Ui, name: &str, hint: &str, value: u32, range: RangeInclusive<u32>) -> Option<u32> {
    setting(ui, name, hint, |ui| {
        let mut new = value;
        drag(ui, name, &mut new, range).then_some(new)
    })
}

/// A number that is found where none is given; below the range it says so.
fn optional(
    ui: &mut Ui,
    name: &str,
    hint: &str,
    value: Option<u32>,
    range: RangeInclusive<u32>,
    set: impl FnOnce(Option<u32>),
) {
    setting(ui, name, hint, |ui| {
        let none = range.start() - 1;
        let mut new = value.unwrap_or(none);
        let drag =
            DragValue::new(&mut new)
                .range(none..=*range.end())
                .speed(0.2)
                .update_while_editing(false)
                .custom_formatter(move |v, _| {
                    if v <= f64::from(none) { "Automatic".into() } else { crate::format::count(v as usize) }
                })
                .custom_parser(|text| text.replace(',', "").trim().parse().ok());
        if ui.add(drag).accessible_name(name).changed() {
            set((new > none).then_some(new));
        }
    });
}
