//! The radar: standardised means on axes around a centre, a few segments strong, the others behind.

use std::f64::consts::TAU;
use std::sync::Arc;

use egui::{Align, CursorIcon, Layout, PointerButton, ScrollArea, Sense, Ui, vec2};
use egui_material_icons::icons::ICON_RADAR;

use super::heat;
use super::shown::Shown;
use crate::chart::{Anchor, Axis, Chart, Ink, Marks, Over, Points, Scale};
use crate::format;
use crate::profile::Grouping;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::chart::{self, Drawn, Pointing};
use crate::ui::widgets::customers::value;
use crate::ui::widgets::{button, state, text};

/// Segments that are drawn strongly at first; more cannot be told apart.
const STRONG: usize = 4;
/// Most axes, and fewest.
const MOST_AXES: usize = 12;
const FEWEST_AXES: usize = 3;
/// How far beyond the outermost ring names stand, as a share of the radius, and how far the picture reaches.
const NAMES: f64 = 1.12;
const REACH: f64 = 1.3;
/// How near the pointer has to be to a corner, in points.
const NEAR: f32 = 9.0;
/// Width of the list beside the picture in points.
const LIST: f32 = 216.0;

/// Where values lie.
struct Axes {
    /// Places in the customer table.
    places: Vec<usize>,
    /// The value at the centre, and the whole number of rings from there.
    low: f64,
    rings: usize,
}

impl Axes {
    fn of(shown: &Shown) -> Axes {
        let size =
            |place: usize| shown.profiles().iter().map(|p| p.features[place].difference.abs()).fold(0.0, f64::max);
        let mut telling = shown.clustered();
        telling.sort_by(|&a, &b| size(b).total_cmp(&size(a)).then(a.cmp(&b)));
        telling.truncate(MOST_AXES);
        let places: Vec<usize> = shown.clustered().into_iter().filter(|p| telling.contains(p)).collect();
        let all = shown.profiles().iter().flat_map(|p| places.iter().map(|&at| p.features[at].difference));
        let (low, high) = all.fold((0.0, 0.0), |(l, h): (f64, f64), v| (l.min(v), h.max(v)));
        // One ring more than needed below, so that the lowest is a corner and not the centre.
        let low = low.floor() - if low.fract() == 0.0 { 1.0 } else { 0.0 };
        Axes { places, low, rings: (high.ceil() - low).max(2.0) as usize }
    }

    /// A place on axis `i`, for a value in standard deviations.
    fn at(&self, i: usize, value: f64) -> [f64; 2] {
        self.out(i, (value - self.low) / self.rings as f64)
    }

    /// A place on axis `i` at a share of the radius; the first axis points up, the others follow clockwise.
    fn out(&self, i: usize, radius: f64) -> [f64; 2] {
        let angle = TAU * i as f64 / self.places.len() as f64;
        [radius * angle.sin(), radius * angle.cos()]
    }
}

pub fn show(ui: &mut Ui, scene: &mut Scene, shown: &Shown) {
    let t = theme::of(ui);
    let axes = Axes::of(shown);
    if axes.places.len() < FEWEST_AXES {
        let words = "A radar needs at least three clustered features. The snake plot and the heat map do with fewer.";
        state::empty(ui, ICON_RADAR, words, None);
        return;
    }
    let strong: Vec<usize> = match &scene.view.profiles.strong {
        Some(strong) => strong.iter().copied().filter(|&i| i < shown.profiles().len()).collect(),
        None => (0..shown.profiles().len().min(STRONG)).collect(),
    };
    ui.horizontal_top(|ui| {
        let size = vec2(ui.available_width() - LIST - t.space.l, ui.available_height() - t.space.s);
        let findings = &shown.findings;
        let places: Vec<u32> = strong.iter().map(|&i| i as u32).collect();
        let key = ((findings.portraits.clone(), findings.profiles.clone()), shown.grouping == Grouping::Rfm, places);
        let made = scene.cache.get("profile radar", key, |_| Arc::new(picture(shown, &axes, &strong)));
        if let Some(drawn) = chart::drawn(ui, scene, &made, size, Pointing::Nothing) {
            corners(ui, scene, shown, &axes, &strong, &drawn);
        }
        ui.add_space(t.space.s);
        ui.vertical(|ui| list(ui, scene, shown, strong.clone()));
    });
}

fn picture(shown: &Shown, axes: &Axes, strong: &[usize]) -> Chart {
    let features = &shown.findings.rfm.customers.features;
    let n = axes.places.len();
    let ring = |value: f64| (0..=n).map(|i| axes.at(i % n, value)).collect::<Vec<_>>();
    let line = |points, ink, width, opacity, dashed| Over::Line { points, ink, width, opacity, dashed };
    let mut under = Vec::new();
    for i in 0..n {
        under.push(line(vec![[0.0, 0.0], axes.out(i, 1.0)], Ink::Faint, 1.0, 0.35, false));
    }
    let mut over = Vec::new();
    for step in 1..=axes.rings {
        let value = axes.low + step as f64;
        let everyone = value == 0.0;
        let (ink, opacity) = if everyone { (Ink::Strong, 0.6) } else { (Ink::Faint, 0.35) };
        under.push(line(ring(value), ink, 1.0, opacity, everyone));
        let sign = if value > 0.0 { "+" } else { "" };
        let text = if everyone { "0".to_string() } else { format!("{sign}{}", format::number(value, 0)) };
        let words = Over::Words { at: axes.at(0, value), shift: [5.0, 0.0], text, ink: None, anchor: Anchor::Start };
        over.push(words);
    }
    let corner = |segment: usize| {
        let profile = &shown.profiles()[segment];
        (0..=n).map(|i| axes.at(i % n, profile.features[axes.places[i % n]].difference)).collect::<Vec<_>>()
    };
    for segment in (0..shown.profiles().len()).filter(|i| !strong.contains(i)) {
        under.push(line(corner(segment), shown.inks[segment], 1.25, 0.28, false));
    }
    // The first stands on top.
    for &segment in strong.iter().rev() {
        let points = corner(segment);
        let inner = vec![[0.0, 0.0]; points.len()];
        under.push(Over::Band { upper: points.clone(), lower: inner, ink: shown.inks[segment], opacity: 0.07 });
        under.push(line(points.clone(), shown.inks[segment], 2.0, 1.0, false));
        under.extend(points[..n].iter().map(|&at| Over::Dot {
            at,
            ink: shown.inks[segment],
            radius: 2.5,
            label: String::new(),
        }));
    }
    for (i, &place) in axes.places.iter().enumerate() {
        let at = axes.out(i, NAMES);
        let anchor = match at[0] {
            x if x > 0.1 => Anchor::Start,
            x if x < -0.1 => Anchor::End,
            _ => Anchor::Middle,
        };
        over.push(Over::Words {
            at,
            shift: [0.0, 0.0],
            text: features[place].label.clone(),
            ink: Some(Ink::Strong),
            anchor,
        });
    }
    let scale = || Scale::Bare { from: -REACH, to: REACH };
    let more = match shown.clustered().len() - n {
        0 => String::new(),
        _ => format!("; {n} of {} features, those that differ most", shown.clustered().len()),
    };
    Chart {
        title: "Radar".into(),
        note: format!("Means in standard deviations from everyone's, the dashed ring{more}"),
        x: Axis { label: String::new(), scale: scale() },
        y: Axis { label: String::new(), scale: scale() },
        marks: Marks::Points(Points::default()),
        under,
        over,
        equal: true,
        legend: strong.iter().map(|&i| (shown.profiles()[i].name.clone(), shown.inks[i])).collect(),
        data: heat::data(shown, &axes.places),
        ..Chart::default()
    }
}

/// What the pointer is at: the corner of a strong segment.
fn corners(ui: &mut Ui, scene: &mut Scene, shown: &Shown, axes: &Axes, strong: &[usize], drawn: &Drawn) {
    let response = ui.interact(drawn.plot, ui.scope_id().with("radar"), Sense::hover());
    let Some(pointer) = response.hover_pos() else { return };
    let corners = strong.iter().flat_map(|&segment| (0..axes.places.len()).map(move |axis| (segment, axis)));
    let near = corners.map(|(segment, axis)| {
        let difference = shown.profiles()[segment].features[axes.places[axis]].difference;
        let [x, y] = axes.at(axis, difference);
        (drawn.place(x, y).distance(pointer), segment, axis)
    });
    let Some((_, segment, axis)) = near.filter(|n| n.0 <= NEAR).min_by(|a, b| a.0.total_cmp(&b.0)) else { return };
    ui.ctx().set_cursor_icon(CursorIcon::PointingHand);
    let (profile, place) = (&shown.profiles()[segment], axes.places[axis]);
    let (own, feature) = (&profile.features[place], &shown.findings.rfm.customers.features[place]);
    let [q1, median, q3] = [own.q1, own.median, own.q3].map(|v| value(v, feature.unit, scene.currency()));
    response.show_tooltip_text(format!(
        "{}\n{} {}{} standard deviations from everyone's mean\nMedian {median}, half of them between {q1} and {q3}",
        profile.name,
        feature.label,
        if own.difference > 0.0 { "+" } else { "" },
        format::number(own.difference, 2)
    ));
    if ui.input(|i| i.pointer.button_clicked(PointerButton::Primary)) {
        shown.select(scene, segment);
    }
}

/// The segments, to be brought forward or back.
fn list(ui: &mut Ui, scene: &mut Scene, shown: &Shown, mut strong: Vec<usize>) {
    let t = theme::of(ui);
    text::heading(ui, "Drawn strongly");
    text::muted(ui, "Up to four can be told apart; the others stay behind.");
    let mut changed = false;
    ScrollArea::vertical().auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        for (i, profile) in shown.profiles().iter().enumerate() {
            let on = strong.contains(&i);
            let (rect, response) = button::row(ui, t.shape.row, &profile.name, on);
            let mut child = ui.new_child(
                egui::UiBuilder::new()
                    .max_rect(rect.shrink2(vec2(t.space.s, 0.0)))
                    .layout(Layout::left_to_right(Align::Center)),
            );
            text::dot(&mut child, if on { shown.colors[i] } else { shown.colors[i].gamma_multiply(0.4) });
            let words = egui::RichText::new(&profile.name).size(t.font.small);
            child.add(egui::Label::new(if on { words } else { words.color(t.text.muted) }).truncate());
            let hint = if on { "Click to let it stand back" } else { "Click to bring it forward" };
            if response.on_hover_text(hint).clicked() {
                match strong.iter().position(|s| *s == i) {
                    Some(at) => drop(strong.remove(at)),
                    None => {
                        // The one that was brought forward first makes room.
                        if strong.len() >= STRONG {
                            strong.remove(0);
                        }
                        strong.push(i);
                    }
                }
                changed = true;
            }
        }
    });
    if changed {
        scene.view.profiles.strong = Some(strong);
    }
}
