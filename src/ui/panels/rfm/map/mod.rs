//! From scores to segments: the map in force with its proof, and the editor of a map of the user's own.

mod cube;
mod editor;
mod files;
mod list;
mod picture;

use std::sync::Arc;

use egui::{Align, Layout, RichText, Ui, vec2};
use egui_material_icons::icons::{ICON_CHECK_CIRCLE, ICON_EDIT, ICON_INFO};

use self::cube::Cube;
use self::picture::{Picture, Shown};
use super::ink;
use crate::app::{MapDraft, Status};
use crate::format;
use crate::recipe::{MapAxes, Rfm};
use crate::rfm::{RfmOut, SegmentMap};
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{button, card, choice, state, text};

/// Room that the list of segments needs beside the picture.
const BESIDE: f32 = 300.0;

pub fn show(ui: &mut Ui, scene: &mut Scene, rfm: &Arc<RfmOut>) {
    if scene.view.rfm.draft.is_some() {
        return editor::show(ui, scene, rfm);
    }
    let t = theme::of(ui);
    head(ui, scene, rfm);
    ui.add_space(t.space.xs);
    let current = *scene.session.rfm.status() == Status::Ready;
    state::dimmed(ui, !current, |ui| {
        proof(ui, &rfm.map);
        ui.add_space(t.space.xs);
        let Some(cube) = cube::made(ui, scene, rfm) else {
            text::muted(ui, "Counting customers…");
            return;
        };
        let map = rfm.map.clone();
        if map.axes() == MapAxes::Rfm {
            with_picture(ui, scene, rfm, &cube, 250.0);
            ui.add_space(t.space.m);
            list::show(ui, scene, rfm, &cube);
        } else {
            beside(
                ui,
                scene,
                |ui, scene, height| with_picture(ui, scene, rfm, &cube, height),
                |ui, scene| list::show(ui, scene, rfm, &cube),
            );
        }
    });
}

/// Picture and list side by side where there is room, else below each other.
pub(super) fn beside<S>(
    ui: &mut Ui,
    state: &mut S,
    picture: impl FnOnce(&mut Ui, &mut S, f32),
    list: impl FnOnce(&mut Ui, &mut S),
) {
    let t = theme::of(ui);
    let room = ui.available_width();
    let height = (ui.clip_rect().bottom() - ui.cursor().top() - t.space.s).clamp(320.0, 560.0);
    let wide = ((room - t.space.l) * 0.5).min(620.0).floor();
    if room - wide - t.space.l < BESIDE {
        picture(ui, state, height);
        ui.add_space(t.space.m);
        return list(ui, state);
    }
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = t.space.l;
        ui.allocate_ui(vec2(wide, height), |ui| {
            ui.vertical(|ui| {
                ui.set_width(wide);
                picture(ui, state, height);
            })
        });
        ui.vertical(|ui| {
            ui.set_width(ui.available_width());
            list(ui, state);
        });
    });
}

/// Which map, and what can be done with it.
fn head(ui: &mut Ui, scene: &mut Scene, rfm: &RfmOut) {
    let Some(recipe) = scene.session.recipe().map(|r| r.rfm.clone()) else { return };
    let t = theme::of(ui);
    card::card(ui, |ui| {
        ui.horizontal(|ui| {
            let width = (ui.available_width() - 400.0).clamp(180.0, 320.0);
            choose(ui, scene, &recipe, width);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                files::save(ui, scene, &rfm.map.to_file());
                files::open(ui, scene);
                let own = recipe.own_map.is_some();
                let name = if own { "Edit the map" } else { "Edit as own map" };
                let hint = "Paint cells, name and colour segments, write what to do about them; nothing changes until \
                            you apply it";
                if button::plain(ui, ICON_EDIT, name).on_hover_text(hint).clicked() {
                    let mut draft = MapDraft::of(&rfm.map);
                    if !own {
                        draft.title = "Own map".into();
                    }
                    scene.view.rfm.draft = Some(draft);
                }
            });
        });
        files::path_field(ui, scene);
    });
    ui.add_space(t.space.xs);
}

/// The maps that come with the program, and the user's own.
fn choose(ui: &mut Ui, scene: &mut Scene, recipe: &Rfm, width: f32) {
    if let Some(own) = &recipe.own_map {
        scene.view.rfm.own_map = Some(own.clone());
    }
    let names = SegmentMap::names();
    let own = scene.view.rfm.own_map.clone();
    let called =
        |title: &str| if title.is_empty() || title == "Own map" { "Own map".into() } else { format!("Own: {title}") };
    let mut options: Vec<(Option<&str>, String)> = names.iter().map(|(n, title)| (Some(*n), title.clone())).collect();
    if let Some(own) = &own {
        options.push((None, called(&own.title)));
    }
    let written = recipe.map.replace('-', "_").to_lowercase();
    let current = match recipe.own_map {
        Some(_) => None,
        None => names.iter().map(|(n, _)| *n).find(|n| *n == written),
    };
    let shown = options.iter().find(|o| o.0 == current).map_or(String::new(), |o| o.1.clone());
    match choice::combo(ui, "Segment map", width, &shown, &options, &current) {
        Some(Some(name)) => {
            let title = names.iter().find(|n| n.0 == name).map_or(name, |n| n.1.as_str());
            scene.decide(format!("Segment map: {title}"), false, |r| {
                r.rfm.map = name.into();
                r.rfm.own_map = None;
            });
        }
        Some(None) => scene.decide("Segment map: your own", false, |r| r.rfm.own_map = own),
        None => {}
    }
}

/// That the map is a partition, and what else is to be known about it.
fn proof(ui: &mut Ui, map: &SegmentMap) {
    let t = theme::of(ui);
    let s = usize::from(map.scores);
    let (combinations, of) = match map.axes() {
        MapAxes::Rf => (s * s, "recency and frequency"),
        MapAxes::RFm => (s * s, "recency and the mean of frequency and monetary"),
        MapAxes::Rfm => (s * s * s, "recency, frequency and monetary"),
    };
    let proved = format!(
        "Each of the {} combinations of {of} scores leads to exactly one of {}.",
        format::count(combinations),
        format::plural(map.segments.len(), "segment", "segments")
    );
    line(ui, ICON_CHECK_CIRCLE, t.state.good, &proved);
    for note in &map.notes {
        line(ui, ICON_INFO, t.text.muted, note);
    }
}

/// A sentence with an icon.
pub(super) fn line(ui: &mut Ui, icon: egui_material_icons::MaterialIcon, color: egui::Color32, words: &str) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = theme::of(ui).space.s;
        text::icon(ui, icon, color);
        text::muted(ui, state::sentence(words));
    });
}

/// The map in force; a click selects the customers of a cell.
fn with_picture(ui: &mut Ui, scene: &mut Scene, rfm: &Arc<RfmOut>, cube: &Cube, height: f32) {
    let t = theme::of(ui);
    let map = &rfm.map;
    let draft = MapDraft::of(map);
    let n = draft.cells.len();
    let to = |r: u8, f: u8, m: u8| Some(draft.place_of(r, f, m));
    let fits = cube.scores == map.scores;
    let customers = if fits { cube.sums(n, to) } else { Vec::new() };
    let selected = if fits { cube.selected(n, to) } else { Vec::new() };
    let cell = |place: usize| {
        let segment = draft.cells[place].map_or(0, usize::from);
        Shown {
            color: Some(ink::color(t, map, segment)),
            name: map.segments.get(segment).map_or("", |s| s.name.as_str()),
            customers: customers.get(place).copied(),
            ring: selected.get(place).is_some_and(|n| *n > 0),
        }
    };
    let picture = Picture { scores: map.scores, axes: map.axes(), cell: &cell, verb: "Click to select them" };
    let touched = picture::show(ui, &picture, height);
    if let Some(place) = touched.clicked {
        let score = |axis: usize, i: usize| rfm.scores.get(axis).map_or(1, |a| a.scores[i]);
        let all = 0..rfm.customers.len();
        let inside = all.filter(|&i| draft.place_of(score(0, i), score(1, i), score(2, i)) == place);
        let name = cell(place).name.to_string();
        scene.select(inside.map(|i| i as u32).collect(), format!("{name} (one cell)"));
    }
}

/// A segment's name with its colour.
pub(super) fn named(ui: &mut Ui, color: egui::Color32, name: &str) {
    let t = theme::of(ui);
    ui.spacing_mut().item_spacing.x = t.space.s;
    text::dot(ui, color);
    ui.add(egui::Label::new(RichText::new(name).family(semibold())).truncate());
}
