//! The heat map of standardised differences: a glance says what makes a segment.

use egui::{Align2, FontId, Rect, Sense, Ui, pos2, vec2};

use crate::format;
use crate::pipeline::Findings;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::customers::value;
use crate::ui::widgets::text;

/// Differences beyond this many standard deviations have the full colour.
const FULL: f64 = 1.5;

/// Share of the width that names may take, beside few and beside many features.
const NAMES: f32 = 0.45;
const MANY_NAMES: f32 = 0.35;
/// A cell narrower than this cannot hold its number.
const NARROWEST: f32 = 62.0;

/// Places in the customer table of the features that were clustered.
fn clustered(findings: &Findings) -> Vec<usize> {
    let features = &findings.rfm.customers.features;
    findings.matrix.columns.iter().filter_map(|c| features.iter().position(|f| f.name == c.name)).collect()
}

/// The `most` of `places` in which any segment differs most from everyone, in the order of the table.
fn most_telling(findings: &Findings, places: &[usize], most: usize) -> Vec<usize> {
    let size = |place: usize| findings.profiles.iter().map(|p| p.features[place].difference.abs()).fold(0.0, f64::max);
    let mut order = places.to_vec();
    order.sort_by(|&a, &b| size(b).total_cmp(&size(a)).then(a.cmp(&b)));
    order.truncate(most.max(3));
    order.sort_unstable();
    order
}

pub fn show(ui: &mut Ui, scene: &mut Scene, findings: &Findings, current: bool) {
    let t = theme::of(ui);
    let table = &findings.rfm.customers;
    let clustered = clustered(findings);
    let room = ui.available_width() * if clustered.len() > 5 { 1.0 - MANY_NAMES } else { 1.0 - NAMES };
    let places = most_telling(findings, &clustered, (room / NARROWEST) as usize);
    let labels: Vec<&str> = places.iter().map(|&i| table.features[i].label.as_str()).collect();
    let note = "from the average customer, in standard deviations after transform and scale";
    text::heading_and_note(ui, "How the segments differ", note);
    if places.len() < clustered.len() {
        let (shown, all) = (places.len(), clustered.len());
        text::muted(ui, format!("The {shown} of {all} features that differ most; segments.csv has all."));
    }
    let height = t.shape.control;
    let rows = findings.profiles.len();
    let head = t.shape.row;
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), head + rows as f32 * height), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, "Differences between segments"));
    let painter = ui.painter_at(rect);
    let body = FontId::proportional(t.font.body);
    let longest =
        findings.profiles.iter().map(|p| painter.layout_no_wrap(p.name.clone(), body.clone(), t.text.normal).size().x);
    let most = if clustered.len() > 5 { MANY_NAMES } else { NAMES };
    let names_width = (longest.fold(0.0, f32::max) + 2.0 * t.space.xl).min(rect.width() * most);
    let width = (rect.width() - names_width) / labels.len().max(1) as f32;
    let small = FontId::proportional(t.font.small);
    for (c, label) in labels.iter().enumerate() {
        let place =
            Rect::from_min_size(pos2(rect.left() + names_width + c as f32 * width, rect.top()), vec2(width, head));
        let galley = painter.layout_no_wrap(label.to_string(), small.clone(), t.text.muted);
        // A label that is too long shows its beginning.
        let x = place.center().x - (galley.size().x / 2.0).min(width / 2.0 - 2.0);
        let at = pos2(x, place.center().y - galley.size().y / 2.0);
        painter.with_clip_rect(place.intersect(painter.clip_rect())).galley(at, galley, t.text.muted);
    }
    let mut hovered = None;
    for (r, profile) in findings.profiles.iter().enumerate() {
        let y = rect.top() + head + r as f32 * height;
        let row = Rect::from_min_size(pos2(rect.left(), y), vec2(rect.width(), height));
        let over = response.hover_pos().is_some_and(|p| row.contains(p));
        if over {
            painter.rect_filled(row, t.shape.radius_small, t.bg.hover);
            hovered = Some((r, None));
        }
        painter.circle_filled(pos2(row.left() + t.space.s, row.center().y), t.space.xs + 0.5, t.segment(r));
        let names = painter.with_clip_rect(Rect::from_min_size(row.min, vec2(names_width - t.space.s, height)));
        let at = pos2(row.left() + t.space.l + t.space.xs, row.center().y);
        names.text(at, Align2::LEFT_CENTER, &profile.name, body.clone(), t.text.normal);
        for (c, &place) in places.iter().enumerate() {
            let feature = &profile.features[place];
            let min = pos2(rect.left() + names_width + c as f32 * width, y);
            let cell = Rect::from_min_size(min, vec2(width, height)).shrink(1.0);
            let fill = t.diverging((feature.difference / FULL) as f32);
            painter.rect_filled(cell, t.shape.radius_small, fill);
            let sign = if feature.difference > 0.0 { "+" } else { "" };
            let text = format!("{sign}{}", format::number(feature.difference, 2));
            painter.text(
                cell.center(),
                Align2::CENTER_CENTER,
                text,
                FontId::new(t.font.small, semibold()),
                t.text_on(fill),
            );
            if response.hover_pos().is_some_and(|p| cell.contains(p)) {
                hovered = Some((r, Some(c)));
            }
        }
    }
    let Some((r, cell)) = hovered else { return };
    let profile = &findings.profiles[r];
    if response.clicked() && current {
        super::select(scene, profile);
    }
    let currency = scene.currency();
    response.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_ui_at_pointer(|ui| {
        text::heading(ui, profile.name.as_str());
        if let Some(c) = cell {
            let (feature, all) = (&profile.features[places[c]], &table.features[places[c]]);
            let write = |v| value(v, all.unit, currency);
            text::muted(
                ui,
                format!(
                    "{}: median {}, half of them between {} and {}",
                    all.label,
                    write(feature.median),
                    write(feature.q1),
                    write(feature.q3)
                ),
            );
        }
        text::muted(ui, "Click to select its customers");
    });
}
