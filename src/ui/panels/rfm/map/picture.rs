//! The picture of a segment map: a grid painted in the colours of its segments; five of them where monetary has a say.

use egui::{Align2, Color32, FontId, Rect, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::format;
use crate::recipe::MapAxes;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::text;

/// A cell as it is drawn.
pub struct Shown<'a> {
    /// `None`: a gap.
    pub color: Option<Color32>,
    pub name: &'a str,
    /// `None` where they are not known.
    pub customers: Option<usize>,
    /// It has a ring: selected customers are there.
    pub ring: bool,
}

/// What the picture is of. Places are in the order of codes: recency, then frequency, then monetary.
pub struct Picture<'a> {
    pub scores: u8,
    pub axes: MapAxes,
    pub cell: &'a dyn Fn(usize) -> Shown<'a>,
    /// What a click on a cell does, for its tip and its accessible name.
    pub verb: &'a str,
}

/// What happened on the picture in this frame.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Touched {
    /// The cell that was clicked.
    pub clicked: Option<usize>,
    /// Cells that the pointer went over with its button down.
    pub painted: Vec<usize>,
}

/// Draws the picture over the width there is, `height` high at most.
pub fn show(ui: &mut Ui, picture: &Picture, height: f32) -> Touched {
    let t = theme::of(ui);
    let s = usize::from(picture.scores);
    let layers = if picture.axes == MapAxes::Rfm { s } else { 1 };
    let gap = t.space.m;
    let small = layers > 1 || s > 6;
    let axis = t.font.tiny + if small { t.space.l } else { t.space.s };
    // Ten layers stand in two rows.
    let rows = if layers > 5 { 2 } else { 1 };
    let columns = layers.div_ceil(rows);
    let width = (ui.available_width() - gap * (columns - 1) as f32) / columns as f32;
    let head = if layers > 1 { t.font.small + t.space.xs } else { 0.0 };
    let tall = (height / rows as f32 - head - axis - t.space.xs) / s as f32;
    let side = vec2((width - axis) / s as f32, 0.0).x;
    let cell = vec2(side, tall.min(if layers > 1 { side } else { side * 0.85 }).max(t.space.l));
    let mut touched = Touched::default();
    for row in 0..rows {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = gap;
            for layer in (row * columns..layers).take(columns) {
                let size = vec2(axis + cell.x * s as f32, head + cell.y * s as f32 + axis);
                let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
                if layers > 1 {
                    let font = FontId::new(t.font.small, semibold());
                    let at = pos2(rect.left() + axis, rect.top());
                    ui.painter().text(at, Align2::LEFT_TOP, format!("M {}", layer + 1), font, t.text.normal);
                }
                let grid = Rect::from_min_size(rect.min + vec2(axis, head), cell * s as f32);
                axes(ui, picture, grid, cell, small);
                one(ui, picture, grid, cell, (layers > 1).then_some(layer), &mut touched);
            }
        });
    }
    touched
}

/// The place of a cell by its column and row from the top.
fn place(picture: &Picture, column: usize, row: usize, layer: Option<usize>) -> usize {
    let s = usize::from(picture.scores);
    let flat = column * s + (s - 1 - row);
    layer.map_or(flat, |m| flat * s + m)
}

fn one(ui: &mut Ui, picture: &Picture, grid: Rect, cell: egui::Vec2, layer: Option<usize>, touched: &mut Touched) {
    let s = usize::from(picture.scores);
    for column in 0..s {
        for row in 0..s {
            let at = place(picture, column, row, layer);
            let rect = Rect::from_min_size(grid.min + vec2(column as f32 * cell.x, row as f32 * cell.y), cell);
            let response = ui.interact(rect, ui.scope_id().with(("cell", at)), Sense::click_and_drag());
            let shown = (picture.cell)(at);
            let code = code(picture, column, row, layer);
            let name = if shown.color.is_some() { shown.name } else { "no segment" };
            let words = format!("{code}: {name}");
            response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &words));
            draw(ui, &shown, rect.shrink(0.5 + if cell.x > 30.0 { 0.5 } else { 0.0 }), &response, layer.is_some());
            if response.clicked() {
                touched.clicked = Some(at);
            }
            response.on_hover_ui_at_pointer(|ui| {
                ui.label(words.as_str());
                if let Some(n) = shown.customers {
                    text::muted(ui, format!("{}\n{}", format::plural(n, "customer", "customers"), picture.verb));
                }
            });
        }
    }
    // A quick pointer jumps over cells; its way is followed in small steps.
    let (down, origin, now, delta) =
        ui.input(|i| (i.pointer.primary_down(), i.pointer.press_origin(), i.pointer.latest_pos(), i.pointer.delta()));
    if let (true, Some(origin), Some(now)) = (down, origin, now)
        && grid.contains(origin)
        && ui.clip_rect().contains(now)
    {
        let steps = (delta.length() / (cell.min_elem() / 2.0)).ceil().clamp(1.0, 200.0) as usize;
        for i in 0..=steps {
            let at = now - delta * (i as f32 / steps as f32);
            if grid.contains(at) {
                let (column, row) = ((at.x - grid.left()) / cell.x, (at.y - grid.top()) / cell.y);
                touched.painted.push(place(picture, (column as usize).min(s - 1), (row as usize).min(s - 1), layer));
            }
        }
    }
}

fn draw(ui: &Ui, shown: &Shown, rect: Rect, response: &Response, small: bool) {
    let t = theme::of(ui);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let round = if rect.width() > 30.0 { t.shape.radius_small } else { t.shape.ring };
    match shown.color {
        Some(color) => {
            painter.rect_filled(rect, round, color);
        }
        None => {
            painter.rect_filled(rect, round, t.bg.input);
            painter.rect_stroke(rect, round, Stroke::new(t.shape.hairline, t.state.bad), StrokeKind::Inside);
        }
    }
    let ink = shown.color.map_or(t.state.bad, |c| t.text_on(c));
    if !small && rect.width() > 44.0 {
        let at = rect.left_top() + vec2(t.space.xs + t.shape.ring, t.space.xs);
        let name = if shown.color.is_some() { shown.name } else { "no segment" };
        let font = FontId::proportional(t.font.tiny);
        let galley = painter.layout(name.to_string(), font, ink, rect.width() - t.space.s);
        let below = at.y + galley.size().y;
        painter.galley(at, galley, ink);
        if let Some(n) = shown.customers
            && below + t.font.small < rect.bottom()
        {
            let font = FontId::new(t.font.small, semibold());
            let at = rect.left_bottom() + vec2(t.space.xs + t.shape.ring, -t.shape.ring);
            painter.text(at, Align2::LEFT_BOTTOM, format::count(n), font, ink);
        }
    } else if let Some(n) = shown.customers.filter(|n| *n > 0) {
        let words = if n >= 10_000 { format!("{}k", n / 1000) } else { format::count(n) };
        let galley = painter.layout_no_wrap(words, FontId::proportional(t.font.tiny - 1.0), ink);
        if galley.size().x <= rect.width() && galley.size().y <= rect.height() {
            painter.galley(rect.center() - galley.size() / 2.0, galley, ink);
        }
    }
    if response.hovered() || response.has_focus() || shown.ring {
        let stroke = Stroke::new(t.shape.ring, t.text.normal);
        painter.rect_stroke(rect, round, stroke, StrokeKind::Inside);
    }
}

/// What the scores of a cell are called.
fn code(picture: &Picture, column: usize, row: usize, layer: Option<usize>) -> String {
    let second = if picture.axes == MapAxes::RFm { "FM" } else { "F" };
    let f = usize::from(picture.scores) - row;
    match layer {
        Some(m) => format!("R {}, {second} {f}, M {}", column + 1, m + 1),
        None => format!("R {}, {second} {f}", column + 1),
    }
}

fn axes(ui: &Ui, picture: &Picture, grid: Rect, cell: egui::Vec2, small: bool) {
    let t = theme::of(ui);
    let s = usize::from(picture.scores);
    let font = FontId::proportional(t.font.tiny);
    let second = if picture.axes == MapAxes::RFm { "FM" } else { "F" };
    for i in 0..s {
        let (x, y) = (grid.left() + (i as f32 + 0.5) * cell.x, grid.top() + (i as f32 + 0.5) * cell.y);
        let across = match i + 1 {
            n if small && cell.x < 26.0 => n.to_string(),
            n if small => format!("R {n}"),
            1 => "R 1 long ago".to_string(),
            n if n == s => format!("R {n} recent"),
            n => format!("R {n}"),
        };
        let at = pos2(x, grid.bottom() + t.shape.ring);
        ui.painter().text(at, Align2::CENTER_TOP, across, font.clone(), t.text.muted);
        let up = format!("{second} {}", s - i);
        let galley = ui.painter().layout_no_wrap(up, font.clone(), t.text.muted);
        if small {
            let at = pos2(grid.left() - t.space.xs, y) - vec2(galley.size().x, galley.size().y / 2.0);
            ui.painter().galley(at, galley, t.text.muted);
        } else {
            let x = grid.left() - t.space.xs - t.font.tiny;
            let at = pos2(x, y + galley.size().x / 2.0);
            let turned = egui::epaint::TextShape::new(at, galley, t.text.muted);
            ui.painter().add(turned.with_angle(-std::f32::consts::FRAC_PI_2));
        }
    }
}
