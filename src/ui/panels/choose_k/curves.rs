//! The board in the window: pointed at, dragged and moved with the arrow keys.

use std::sync::Arc;

use egui::{CursorIcon, EventFilter, Key, Rect, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::board::{Board, Values};
use super::layout::{self, Places};
use crate::chart::Palette;
use crate::cluster::stability;
use crate::format;
use crate::ui::theme;
use crate::ui::widgets::{chart, text};

/// What was done with the line of k.
pub struct Moved {
    pub k: usize,
    pub dragged: bool,
}

/// Draws the board; returns the k that was clicked, dragged or stepped to.
pub fn show(ui: &mut Ui, board: &Arc<Board>, k: Option<usize>, height: f32) -> Option<Moved> {
    let t = theme::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click_and_drag());
    let rect = Rect::from_min_max(rect.min.round(), rect.max.floor());
    let size = [rect.width(), rect.height()];
    let places = Places::of(board, size);
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::slider(enabled, k.unwrap_or(0) as f64, "Number of clusters"));
    let pointer = response.hover_pos().map(|p| p - rect.min.to_vec2());
    let over_plot = |x: f32| (places.plot.left..=places.plot.right).contains(&x);
    let hovered = pointer.filter(|p| over_plot(p.x)).and_then(|p| places.k_at(p.x));
    let picture = layout::picture(board, size, k, hovered, Palette::of(ui.visuals().dark_mode));
    chart::draw(&ui.painter().with_clip_rect(ui.clip_rect().intersect(rect.expand(t.space.xs))), &picture, rect.min);
    if response.has_focus() {
        let ring = Stroke::new(t.shape.hairline, t.accent.normal);
        let plot = Rect::from_min_max(
            rect.min + vec2(places.plot.left, 0.0),
            pos2(rect.left() + places.plot.right, rect.top() + places.sizes.top),
        );
        ui.painter().rect_stroke(plot, t.shape.radius_small, ring, StrokeKind::Outside);
    }
    if let Some(p) = pointer {
        let over = hovered.is_some();
        let lines = if over { tip(board, &places, p.x, p.y) } else { about(board, &places, p.x, p.y) };
        let response =
            response.clone().on_hover_cursor(if over { CursorIcon::ResizeHorizontal } else { CursorIcon::Default });
        if !lines.is_empty() && !response.dragged() {
            response.on_hover_ui_at_pointer(|ui| {
                for (i, line) in lines.iter().enumerate() {
                    let _ =
                        if i == 0 && over { text::heading(ui, line.as_str()) } else { text::muted(ui, line.as_str()) };
                }
            });
        }
    }
    let step = stepped(ui, &response, board, k);
    let pressed = (response.clicked() || response.dragged()).then(|| response.interact_pointer_pos()).flatten();
    let began = ui.input(|i| i.pointer.press_origin()).is_none_or(|p| over_plot(p.x - rect.left()));
    let picked = pressed.filter(|_| began).and_then(|p| {
        let x = p.x - rect.left();
        (over_plot(x) || response.dragged()).then(|| places.k_at(x)).flatten()
    });
    let moved = |picked: usize, dragged| (Some(picked) != k).then_some(Moved { k: picked, dragged });
    step.and_then(|k| moved(k, false)).or_else(|| moved(picked?, response.dragged()))
}

/// The arrow keys, as long as the board has the focus.
fn stepped(ui: &Ui, response: &egui::Response, board: &Board, k: Option<usize>) -> Option<usize> {
    if response.clicked() || response.dragged() {
        response.request_focus();
    }
    if !response.has_focus() {
        return None;
    }
    let keys = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, keys));
    let (first, last) = (*board.ks.first()?, *board.ks.last()?);
    let k = k?.clamp(first, last);
    let pressed = |key| ui.input(|i| i.key_pressed(key));
    if pressed(Key::ArrowRight) {
        Some((k + 1).min(last))
    } else if pressed(Key::ArrowLeft) {
        Some((k - 1).max(first))
    } else {
        None
    }
}

/// What is under the pointer in a column.
fn tip(board: &Board, places: &Places, x: f32, y: f32) -> Vec<String> {
    let Some(k) = places.k_at(x) else { return Vec::new() };
    let Some(at) = board.ks.iter().position(|x| *x == k) else { return Vec::new() };
    let mut lines = vec![format!("k = {k}")];
    if let Some(why) = &board.failed[at] {
        lines.push(why.clone());
        return lines;
    }
    let column = places.column(at);
    if places.sizes.contains([x, y]) {
        let total = board.sizes[at].iter().sum::<usize>().max(1);
        let mut top = column.top;
        for (i, n) in board.sizes[at].iter().enumerate() {
            let bottom = top + *n as f32 / total as f32 * column.height();
            if (top..bottom).contains(&y) {
                let share = format::percent(*n as f64 / total as f64);
                lines.push(format!("Cluster {}: {}, {share}", i + 1, format::plural(*n, "customer", "customers")));
            }
            top = bottom;
        }
        return lines;
    }
    let Some(band) = places.bands.iter().position(|b| b.contains([x, y])).map(|i| &board.bands[i]) else {
        return lines;
    };
    // A curve has its values written beside it.
    match &band.values {
        Values::Curve(values) if values[at].is_some_and(|(_, error)| error.is_none()) => return Vec::new(),
        Values::Curve(values) => lines.push(match values[at] {
            Some((v, error)) => {
                let [value, error] = [v, error.unwrap_or(0.0)].map(|v| format::number(v, band.decimals));
                format!("{} {value}, standard error {error}", band.name)
            }
            None => format!("{} is not there yet", band.name),
        }),
        Values::Dots(values) => match &values[at] {
            Some(all) => lines.extend(all.iter().enumerate().map(|(i, v)| {
                let words = if v.is_finite() { stability(*v) } else { "nobody of it was drawn" };
                format!("Cluster {}: {}, {words}", i + 1, format::number(*v, band.decimals))
            })),
            None => lines.push(format!("{} is not there yet", band.name)),
        },
    }
    lines
}

/// What a name on the left or a reading on the right has to say in full.
fn about(board: &Board, places: &Places, x: f32, y: f32) -> Vec<String> {
    let band = places.bands.iter().position(|b| (b.top..b.bottom).contains(&y)).map(|i| &board.bands[i]);
    match band {
        Some(band) if x < places.plot.left => vec![band.hint.to_string()],
        Some(band) if band.in_full.is_empty() => vec![band.reading.clone()],
        Some(band) => vec![band.in_full.clone()],
        None => Vec::new(),
    }
}
