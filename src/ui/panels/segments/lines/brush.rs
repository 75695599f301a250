//! Stretches of the axes that select customers, and axes that can be moved.

use egui::{CursorIcon, Key, Popup, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::{Lines, parallel};
use crate::app::{Brush, LinesView};
use crate::profile::standard::within;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::chart::Drawn;

/// How far from an axis a drag belongs to it, in points.
const NEAR: f32 = 12.0;
/// A drag over fewer points than this is none.
const SHORTEST: f32 = 4.0;

/// The brushes, and the names of the axes by which they are moved.
pub fn show(ui: &mut Ui, scene: &mut Scene, lines: &Lines, view: &LinesView, drawn: &Drawn) {
    let t = theme::of(ui);
    let order = view.arranged(&lines.names);
    for (i, &column) in order.iter().enumerate() {
        let x = drawn.place(i as f64 + 0.5, 0.0).x;
        let room = (drawn.plot.width() / order.len() as f32 / 2.0).min(NEAR);
        let rect = Rect::from_x_y_ranges(x - room..=x + room, drawn.plot.y_range());
        let id = ui.scope_id().with(("brush", &lines.names[column]));
        let response = ui.interact(rect, id, Sense::DRAG).on_hover_and_drag_cursor(CursorIcon::ResizeVertical);
        let name = format!("Brush {}", lines.labels[column]);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), &name));
        if response.drag_started()
            && let Some(at) = ui.input(|input| input.pointer.press_origin())
        {
            ui.data_mut(|d| d.insert_temp(id, at));
        }
        let done = response.drag_stopped();
        if !(done || response.dragged()) {
            continue;
        }
        let (Some(from), Some(now)) = (ui.data(|d| d.get_temp::<Pos2>(id)), response.interact_pointer_pos()) else {
            continue;
        };
        let (a, b) = (drawn.plot.clamp(from).y, drawn.plot.clamp(now).y);
        let stretch = Rect::from_x_y_ranges(x - room / 2.0..=x + room / 2.0, a.min(b)..=a.max(b));
        let line = Stroke::new(t.shape.hairline, t.accent.normal);
        ui.painter().rect(stretch, 0.0, t.accent.soft, line, StrokeKind::Inside);
        if done && stretch.height() >= SHORTEST {
            let value = |y: f32| parallel::value_at(lines, column, drawn.values(pos2(x, y)).1, view.own_units);
            let brush = Brush { feature: lines.names[column].clone(), from: value(a.max(b)), to: value(a.min(b)) };
            let brushes = &mut scene.view.segments.sides.lines.brushes;
            brushes.retain(|b| b.feature != brush.feature);
            brushes.push(brush);
            select(scene, lines);
        }
    }
    self::order(ui, scene, lines, view, drawn);
}

/// Selects the customers within all brushes.
fn select(scene: &mut Scene, lines: &Lines) {
    let brushes = &scene.view.segments.sides.lines.brushes;
    let place = |b: &Brush| lines.names.iter().position(|n| *n == b.feature).map(|column| (column, b.from, b.to));
    let ranges: Vec<(usize, f64, f64)> = brushes.iter().filter_map(place).collect();
    let words: Vec<&str> = ranges.iter().map(|r| lines.labels[r.0].as_str()).collect();
    let from = format!("A stretch of {}", words.join(" and "));
    let found = within(lines.findings.matrix.x.view(), &ranges);
    scene.select(found, from);
}

/// The names of the axes: dragged, moved with the arrow keys, or by their menu.
pub fn order(ui: &mut Ui, scene: &mut Scene, lines: &Lines, view: &LinesView, drawn: &Drawn) {
    let t = theme::of(ui);
    let order = view.arranged(&lines.names);
    let band = drawn.plot.width() / order.len().max(1) as f32;
    let last = order.len().saturating_sub(1);
    let mut moved = None;
    for (i, &column) in order.iter().enumerate() {
        let x = drawn.place(i as f64 + 0.5, 0.0).x;
        let rect = Rect::from_min_size(pos2(x - band / 2.0, drawn.plot.bottom() + 1.0), vec2(band, t.shape.row));
        let id = ui.scope_id().with(("axis", &lines.names[column]));
        let response = ui.interact(rect, id, Sense::click_and_drag()).on_hover_and_drag_cursor(CursorIcon::Grab);
        let name = format!("Axis {}", lines.labels[column]);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), &name));
        let to = |x: f32| (((x - drawn.plot.left()) / band).floor().max(0.0) as usize).min(last);
        if let Some(at) = response.interact_pointer_pos().filter(|_| response.dragged() || response.drag_stopped()) {
            let target = to(at.x);
            let ghost = drawn.place(target as f64 + 0.5, 0.0).x;
            ui.painter().vline(ghost, drawn.plot.y_range(), Stroke::new(t.shape.ring, t.accent.normal));
            if response.drag_stopped() && target != i {
                moved = Some((i, target));
            }
        }
        if response.has_focus() {
            ui.painter().rect_stroke(
                rect,
                t.shape.radius_small,
                Stroke::new(t.shape.hairline, t.accent.normal),
                StrokeKind::Inside,
            );
            let (left, right) =
                ui.input(|input| (input.key_pressed(Key::ArrowLeft), input.key_pressed(Key::ArrowRight)));
            if left && i > 0 {
                moved = Some((i, i - 1));
            } else if right && i < last {
                moved = Some((i, i + 1));
            }
        }
        Popup::context_menu(&response).show(|ui| {
            if ui.add_enabled(i > 0, egui::Button::new("Move left")).clicked() {
                moved = Some((i, i - 1));
            }
            if ui.add_enabled(i < last, egui::Button::new("Move right")).clicked() {
                moved = Some((i, i + 1));
            }
        });
        response.on_hover_text("Drag to move this axis; a right click offers the same");
    }
    if let Some((from, to)) = moved {
        scene.view.segments.sides.lines.move_axis(&lines.names, from, to);
    }
}
