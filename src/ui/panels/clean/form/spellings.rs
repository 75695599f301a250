//! Spellings of one thing: the groups that are proposed, each to be confirmed, and what it becomes.

use std::collections::{HashMap, HashSet};

use egui::{Label, RichText, Ui};

use super::controls::{WIDTH, field, one_column};
use super::{NARROW, Place, is_text};
use crate::clean::steps::{SpellingCluster, SpellingMethod};
use crate::format;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::choice::{self, setting};
use crate::ui::widgets::{button, card, text};

/// Groups drawn at once without scrolling.
const LINES: usize = 7;

type Map = Vec<(String, String)>;

pub fn show(
    ui: &mut Ui,
    scene: &mut Scene,
    place: &Place,
    column: &mut String,
    method: &mut SpellingMethod,
    map: &mut Map,
) {
    card::flow(ui, &[WIDTH, WIDTH + NARROW / 2.0], |ui, i| match i {
        0 => setting(ui, "Column", "", |ui| {
            let before = column.clone();
            one_column(ui, place, "Column", column, is_text);
            if *column != before {
                map.clear();
            }
        }),
        _ => setting(ui, "Values are alike by", "As in OpenRefine: the same key", |ui| {
            let options: Vec<_> = SpellingMethod::ALL.iter().map(|m| (*m, m.label())).collect();
            if let Some(picked) = choice::combo(ui, "Method", ui.available_width(), &method.label(), &options, method) {
                *method = picked;
            }
        }),
    });
    if place.table().column(column).is_none() {
        return;
    }
    let input = ((place.prepared.clone(), place.at), column.clone(), *method);
    let found = scene.cache.follow("spellings", input, ui.ctx(), |((prepared, at), column, method), ctx| {
        prepared.spellings(*at, column, *method, ctx).ok().map(|clusters| (column.clone(), clusters))
    });
    match found.value.filter(|f| f.0 == *column) {
        Some(found) => groups(ui, &found.1, map),
        None => {
            text::muted(ui, "Looking for spellings…");
        }
    }
}

/// What becomes of the group: the text its other spellings turn into, if it is chosen.
fn target<'m>(cluster: &SpellingCluster, map: &HashMap<&str, &'m str>) -> Option<&'m str> {
    cluster.values.iter().find_map(|(value, _)| map.get(value.as_str()).copied())
}

/// Chooses a group with what it becomes, or takes it out.
fn choose(cluster: &SpellingCluster, to: Option<&str>, map: &mut Map) {
    let values: HashSet<&str> = cluster.values.iter().map(|v| v.0.as_str()).collect();
    map.retain(|(from, _)| !values.contains(from.as_str()));
    if let Some(to) = to {
        let others = cluster.values.iter().filter(|v| v.0 != to);
        map.extend(others.map(|(value, _)| (value.clone(), to.to_string())));
    }
}

fn groups(ui: &mut Ui, clusters: &[SpellingCluster], map: &mut Map) {
    let t = theme::of(ui);
    if clusters.is_empty() {
        text::muted(ui, "No two values are alike by this method.");
        return;
    }
    let known: HashMap<&str, &str> = map.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    let chosen = clusters.iter().filter(|c| target(c, &known).is_some()).count();
    let (mut all, mut none) = (false, false);
    ui.horizontal(|ui| {
        let found = format::plural(clusters.len(), "group of spellings", "groups of spellings");
        text::heading(ui, format!("{found}, {} ticked", format::count(chosen)));
        all = button::link(ui, "Tick all").clicked();
        none = button::link(ui, "Tick none").clicked();
    });
    let mut change: Option<(usize, Option<String>)> = None;
    egui::ScrollArea::vertical()
        .id_salt("groups")
        .max_height(LINES as f32 * (t.shape.control + t.space.xs))
        .auto_shrink([false, true])
        .show_rows(ui, t.shape.control, clusters.len(), |ui, shown| {
            ui.spacing_mut().item_spacing.y = t.space.xs;
            for i in shown {
                if let Some(to) = group(ui, &clusters[i], target(&clusters[i], &known)) {
                    change = Some((i, to));
                }
            }
        });
    if let Some((i, to)) = change {
        choose(&clusters[i], to.as_deref(), map);
    }
    if all {
        let open: Vec<bool> = {
            let known: HashMap<&str, &str> = map.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
            clusters.iter().map(|c| target(c, &known).is_none()).collect()
        };
        for (cluster, _) in clusters.iter().zip(open).filter(|(_, open)| *open) {
            let others = cluster.values.iter().filter(|v| v.0 != cluster.proposal);
            map.extend(others.map(|(value, _)| (value.clone(), cluster.proposal.clone())));
        }
    } else if none {
        let inside: HashSet<&str> = clusters.iter().flat_map(|c| c.values.iter().map(|v| v.0.as_str())).collect();
        map.retain(|(from, _)| !inside.contains(from.as_str()));
    }
}

/// One group: tick, what it becomes, its spellings with their rows. Returns what it is to become where that changed.
fn group(ui: &mut Ui, cluster: &SpellingCluster, to: Option<&str>) -> Option<Option<String>> {
    let t = theme::of(ui);
    let mut change = None;
    ui.horizontal(|ui| {
        let mut on = to.is_some();
        if ui.checkbox(&mut on, "").accessible_name(format!("Unify {}", cluster.proposal)).changed() {
            change = Some(on.then(|| cluster.proposal.clone()));
        }
        let mut text = to.unwrap_or(&cluster.proposal).to_string();
        let before = text.clone();
        field(ui, &format!("{} becomes", cluster.proposal), "", WIDTH, &mut text);
        if text != before {
            change = Some(Some(text));
        }
        let spellings: Vec<String> =
            cluster.values.iter().map(|(value, rows)| format!("{value} ({})", format::count(*rows))).collect();
        let line = RichText::new(format!("from {}", spellings.join("  ·  "))).size(t.font.small).color(t.text.muted);
        ui.add(Label::new(line).truncate());
    });
    change
}
