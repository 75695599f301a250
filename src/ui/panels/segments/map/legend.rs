//! The legend over the picture: what gives the colours, who has which, and what else is drawn.

use egui::{Color32, FontId, Mesh, Rect, RichText, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use egui_material_icons::icons::{ICON_KEYBOARD_ARROW_DOWN, ICON_KEYBOARD_ARROW_UP};

use super::colors::{Dressed, group_color, hidden, number, options};
use crate::app::MapColor;
use crate::chart::{Color, Palette};
use crate::format;
use crate::pipeline::Findings;
use crate::reduce::raster::Moments;
use crate::rfm::Unit;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::chart::paint;
use crate::ui::widgets::customers::value;
use crate::ui::widgets::pick::{self, Pick};
use crate::ui::widgets::{button, card};

/// Its width with margins.
const WIDTH: f32 = 252.0;
const ROW: f32 = 22.0;

/// The room at the right of the picture that it takes.
pub fn room(scene: &Scene) -> f32 {
    if scene.view.segments.map.legend { WIDTH + 8.0 } else { 0.0 }
}

fn ground() -> egui::Id {
    egui::Id::unique("map legend ground")
}

/// Where it stood in the last frame.
pub fn area(ui: &Ui) -> Option<Rect> {
    ui.data(|d| d.get_temp(ground()))
}

/// Draws it at the top right of `area`.
pub fn show(ui: &mut Ui, scene: &mut Scene, findings: &Findings, dressed: &Dressed, groups: &[Moments], area: Rect) {
    let t = theme::of(ui);
    let open = scene.view.segments.map.legend;
    let left = area.right() - WIDTH;
    let room = Rect::from_min_max(pos2(left.max(area.left()), area.top()), area.max);
    let mut child = ui.new_child(UiBuilder::new().max_rect(room).id_salt("map legend"));
    child.set_clip_rect(area.intersect(ui.clip_rect()));
    // What lies behind is not to be clicked, dragged or scrolled through it.
    let id = ground();
    if let Some(ground) = self::area(ui) {
        let ground = ui.interact(ground, id, Sense::click_and_drag());
        ground.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, "Legend"));
    }
    let frame = card::frame(ui).fill(t.bg.card.gamma_multiply(0.94)).inner_margin(t.space.s as i8);
    let shown = frame.show(&mut child, |ui| {
        ui.set_width(WIDTH - 2.0 * t.space.s - 2.0);
        ui.spacing_mut().item_spacing.y = t.space.xs;
        head(ui, scene, findings);
        if !open {
            return;
        }
        let most = (area.height() - 132.0).max(3.0 * ROW);
        match dressed.ends {
            Some(ends) => bar(ui, scene, findings, dressed, ends),
            None => list(ui, scene, findings, groups, most),
        }
        if !hidden(scene).is_empty() && button::link(ui, "Show all").clicked() {
            hidden(scene).clear();
        }
        card::rule(ui);
        marks(ui, scene);
    });
    ui.data_mut(|d| d.insert_temp(id, shown.response.rect));
}

/// What gives the colours, and the button that folds the rest.
fn head(ui: &mut Ui, scene: &mut Scene, findings: &Findings) {
    ui.horizontal(|ui| {
        let options = options(findings);
        let current = scene.view.segments.map.color;
        let words = options.iter().find(|o| o.0 == current).map_or("Cluster", |o| o.1.as_str());
        let pick = Pick { name: "Colour", full_name: "Colour by".into(), hint: "What the colours of the points say" };
        let choices = || options.iter().map(|(color, words)| (*color, words.as_str())).collect();
        if let Some(color) = pick.show(ui, words, choices, &current) {
            scene.view.segments.map.color = color;
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let open = scene.view.segments.map.legend;
            let (icon, name) = match open {
                true => (ICON_KEYBOARD_ARROW_UP, "Fold the legend"),
                false => (ICON_KEYBOARD_ARROW_DOWN, "Unfold the legend"),
            };
            if button::small_icon(ui, icon, name).clicked() {
                scene.view.segments.map.legend = !open;
            }
        });
    });
}

/// Names and colours of the groups that are shown; none where the colours are numbers.
pub fn entries(scene: &mut Scene, findings: &Findings) -> Vec<(String, Color)> {
    let color = scene.view.segments.map.color;
    let names: Vec<&String> = match color {
        MapColor::Cluster => findings.profiles.iter().map(|p| &p.name).collect(),
        MapColor::Segment => findings.rfm.map.segments.iter().map(|s| &s.name).collect(),
        MapColor::Probability | MapColor::Feature(_) => Vec::new(),
    };
    let palette = Palette::of(scene.view.dark);
    let hidden = hidden(scene);
    let shown = names.into_iter().enumerate().filter(|(g, _)| !hidden.contains(&(*g as u32)));
    shown.map(|(g, name)| (name.clone(), group_color(findings, color, palette, g))).collect()
}

/// Names, counts and shares of the groups.
fn list(ui: &mut Ui, scene: &mut Scene, findings: &Findings, groups: &[Moments], most: f32) {
    let color = scene.view.segments.map.color;
    let names: Vec<&str> = match color {
        MapColor::Segment => findings.rfm.map.segments.iter().map(|s| s.name.as_str()).collect(),
        _ => findings.profiles.iter().map(|p| p.name.as_str()).collect(),
    };
    let counts: Vec<usize> = match color {
        MapColor::Segment => (0..names.len()).map(|g| groups.get(g).map_or(0, |m| m.points)).collect(),
        _ => findings.chosen.clustering.sizes.clone(),
    };
    let total = counts.iter().sum::<usize>().max(1);
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().max_height(most).auto_shrink([false, true]).id_salt("groups").show(ui, |ui| {
        for (g, (name, count)) in names.iter().zip(&counts).enumerate().filter(|(_, (_, n))| **n > 0) {
            entry(ui, scene, findings, g, names.len(), name, *count, *count as f64 / total as f64);
        }
    });
}

/// One group. A click hides or shows it; a double click, or one with Ctrl, shows it alone.
#[allow(clippy::too_many_arguments)]
fn entry(
    ui: &mut Ui,
    scene: &mut Scene,
    findings: &Findings,
    group: usize,
    groups: usize,
    name: &str,
    customers: usize,
    share: f64,
) {
    let t = theme::of(ui);
    let g = group as u32;
    let color = scene.view.segments.map.color;
    let on = !hidden(scene).contains(&g);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| WidgetInfo::selected(egui::Role::CheckBox, ui.is_enabled(), on, format!("Show {name}")));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, t.shape.radius_small, t.bg.hover);
    }
    let font = FontId::proportional(t.font.small);
    let (strong, weak) = if on { (t.text.normal, t.text.muted) } else { (t.text.faint, t.text.faint) };
    let y = rect.center().y;
    let dot = pos2(rect.left() + t.space.s, y);
    let ink = paint::color(group_color(findings, color, Palette::of(scene.view.dark), group));
    match on {
        true => ui.painter().circle_filled(dot, t.space.xs + 0.5, ink),
        false => ui.painter().circle_stroke(dot, t.space.xs, Stroke::new(t.shape.hairline, t.text.faint)),
    };
    let right = |ui: &Ui, text: String, to: f32| {
        let galley = ui.painter().layout_no_wrap(text, font.clone(), weak);
        let from = to - galley.size().x;
        ui.painter().galley(pos2(from, y - galley.size().y / 2.0), galley, weak);
        from
    };
    let _ = right(ui, format!("{} %", format::number(share * 100.0, 0)), rect.right() - t.space.xs);
    let from = right(ui, format::count(customers), rect.right() - t.space.xs - 38.0);
    let left = rect.left() + t.space.l + 2.0;
    let mut job = egui::text::LayoutJob::simple_singleline(name.to_string(), font.clone(), strong);
    job.wrap = egui::text::TextWrapping::truncate_at_width((from - left - t.space.s).max(0.0));
    let galley = ui.painter().layout_job(job);
    ui.painter().galley(pos2(left, y - galley.size().y / 2.0), galley, strong);
    let says = format!(
        "{name}: {}, {} of all\nClick to {} it · double-click to see it alone",
        format::plural(customers, "customer", "customers"),
        format::percent(share),
        if on { "hide" } else { "show" },
    );
    let response = response.on_hover_text(says);
    let alone = response.double_clicked() || response.clicked() && ui.input(|i| i.modifiers.command);
    let hidden = hidden(scene);
    if alone {
        let others: Vec<u32> = (0..groups as u32).filter(|c| *c != g).collect();
        let is_alone = !hidden.contains(&g) && others.iter().all(|c| hidden.contains(c));
        *hidden = if is_alone { Vec::new() } else { others };
    } else if response.clicked() {
        match hidden.iter().position(|h| *h == g) {
            Some(at) => drop(hidden.remove(at)),
            None => hidden.push(g),
        }
    }
}

/// The scale of colours with its ends.
fn bar(ui: &mut Ui, scene: &Scene, findings: &Findings, dressed: &Dressed, (low, high): (f64, f64)) {
    let t = theme::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), t.space.m), Sense::hover());
    let palette = Palette::of(scene.view.dark);
    let mut mesh = Mesh::default();
    const STRIPS: u16 = 48;
    for i in 0..=STRIPS {
        let share = f32::from(i) / f32::from(STRIPS);
        let x = rect.left() + share * rect.width();
        let color: Color32 = paint::color(palette.color(number(share)));
        mesh.colored_vertex(pos2(x, rect.top()), color);
        mesh.colored_vertex(pos2(x, rect.bottom()), color);
        if i > 0 {
            let first = 2 * u32::from(i) - 2;
            mesh.add_triangle(first, first + 1, first + 2);
            mesh.add_triangle(first + 1, first + 2, first + 3);
        }
    }
    ui.painter().add(mesh);
    let write = |v: f64| match scene.view.segments.map.color {
        MapColor::Feature(i) => {
            let unit = findings.rfm.customers.features[i].unit;
            let text = value(v, unit, scene.currency());
            if unit == Unit::Days { format!("{text} days") } else { text }
        }
        _ => format::percent(v),
    };
    let middle = match dressed.log {
        true => ((low.abs().ln_1p() * low.signum() + high.abs().ln_1p() * high.signum()) / 2.0).exp_m1(),
        false => (low + high) / 2.0,
    };
    let (below, _) = ui.allocate_exact_size(vec2(ui.available_width(), t.font.small + t.space.xs), Sense::hover());
    let font = FontId::proportional(t.font.tiny);
    for (v, x, align) in [
        (low, below.left(), egui::Align2::LEFT_TOP),
        (middle, below.center().x, egui::Align2::CENTER_TOP),
        (high, below.right(), egui::Align2::RIGHT_TOP),
    ] {
        ui.painter().text(pos2(x, below.top()), align, write(v), font.clone(), t.text.muted);
    }
    let scale = if dressed.log { "on a logarithmic scale" } else { "evenly" };
    response.on_hover_text(format!(
        "From the first to the last hundredth of the customers, {scale}; who lies beyond has the colour of the end"
    ));
    if dressed.unknown > 0 {
        let without = format!("{} without a value, in grey", format::count(dressed.unknown));
        ui.label(RichText::new(without).size(t.font.tiny).color(t.text.muted));
    }
}

/// What is drawn beside the points.
fn marks(ui: &mut Ui, scene: &mut Scene) {
    let map = &mut scene.view.segments.map;
    ui.horizontal(|ui| {
        pick::small(ui);
        let centroid = "The middle of each cluster on these axes, with its number";
        pick::flag(ui, "Centroids", "Show centroids", centroid, &mut map.centroids);
        let one = "Ellipses of one standard deviation on these axes: about 39 % of a normal cluster lie within";
        pick::flag(ui, "1 sd", "Show ellipses of 1 sd", one, &mut map.one_sd);
        let two = "Ellipses of two standard deviations on these axes: about 86 % of a normal cluster lie within";
        pick::flag(ui, "2 sd", "Show ellipses of 2 sd", two, &mut map.two_sd);
    });
}
