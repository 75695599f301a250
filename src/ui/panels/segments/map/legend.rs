//! The legend above the picture: names, counts, and what is shown.

use egui::{CornerRadius, FontId, Rect, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::format;
use crate::pipeline::Findings;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::button;

pub fn show(ui: &mut Ui, scene: &mut Scene, findings: &Findings) {
    let t = theme::of(ui);
    let clusters = findings.profiles.len() as u32;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(t.space.xs, t.space.xs);
        for (i, profile) in findings.profiles.iter().enumerate() {
            entry(ui, scene, i as u32, clusters, &profile.name, profile.customers);
        }
        if !scene.view.hidden.is_empty() && button::link(ui, "Show all segments").clicked() {
            scene.view.hidden.clear();
        }
    });
}

/// One segment: dot, name, count. A click shows it alone, a click with Ctrl or the right button hides it.
fn entry(ui: &mut Ui, scene: &mut Scene, cluster: u32, clusters: u32, name: &str, customers: usize) {
    let t = theme::of(ui);
    let hidden = scene.view.hidden.contains(&cluster);
    let others: Vec<u32> = (0..clusters).filter(|c| *c != cluster).collect();
    let alone = !hidden && clusters > 1 && others.iter().all(|c| scene.view.hidden.contains(c));
    let font = FontId::proportional(t.font.small);
    let (name_color, count_color) = if hidden { (t.text.faint, t.text.faint) } else { (t.text.normal, t.text.muted) };
    let label = ui.painter().layout_no_wrap(name.to_string(), font.clone(), name_color);
    let count = ui.painter().layout_no_wrap(format::count(customers), font, count_color);
    let dot = t.space.s + 1.0;
    let width = t.space.s + dot + t.space.s + label.size().x + t.space.s + count.size().x + t.space.s;
    let (rect, response) = ui.allocate_exact_size(vec2(width, t.shape.row + 2.0), Sense::click());
    response
        .widget_info(|| WidgetInfo::selected(egui::Role::Button, ui.is_enabled(), alone, format!("Show only {name}")));
    let fill = if alone {
        t.accent.soft
    } else if response.hovered() {
        t.bg.hover
    } else {
        t.bg.card
    };
    let corners = CornerRadius::same((rect.height() / 2.0) as u8);
    ui.painter().rect(rect, corners, fill, Stroke::new(t.shape.hairline, t.bg.line), egui::StrokeKind::Inside);
    let y = rect.center().y;
    let mut x = rect.left() + t.space.s;
    let circle = pos2(x + dot / 2.0, y);
    if hidden {
        ui.painter().circle_stroke(circle, dot / 2.0 - 1.0, Stroke::new(t.shape.hairline, t.text.faint));
    } else {
        ui.painter().circle_filled(circle, dot / 2.0, t.segment(cluster as usize));
    }
    x += dot + t.space.s;
    for galley in [label, count] {
        let at = Rect::from_center_size(pos2(x + galley.size().x / 2.0, y), galley.size()).min;
        x += galley.size().x + t.space.s;
        ui.painter().galley(at, galley, t.text.normal);
    }
    let click = if alone { "Click to show all segments" } else { "Click to show only this segment" };
    let hide = if hidden { "show" } else { "hide" };
    let response = response.on_hover_text(format!("{click}\nRight click to {hide} it"));
    let with_command = ui.input(|i| i.modifiers.command);
    if response.secondary_clicked() || (response.clicked() && with_command) {
        if hidden {
            scene.view.hidden.retain(|c| *c != cluster);
        } else {
            scene.view.hidden.push(cluster);
        }
    } else if response.clicked() {
        scene.view.hidden = if alone { Vec::new() } else { others };
    }
}
