//! A table of any size in both directions: only the cells one sees are laid out and drawn, so that ten million rows
//! or seven hundred columns cost no more than a screenful.

mod parts;

use std::ops::Range;

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{
    Align2, Color32, CursorIcon, EventFilter, FontId, Id, Key, Modifiers, Popup, Rect, Response, Sense, Stroke, Ui,
    UiBuilder, WidgetInfo, pos2, vec2,
};

use parts::Parts;

use crate::format;
use crate::ui::theme::{self, Theme};

/// The form of a sheet.
pub struct Sheet<'a> {
    /// A name of its own for scrolling and widths.
    pub slot: &'static str,
    pub rows: usize,
    /// Width of each column in points, until the user drags it.
    pub widths: &'a [f32],
    /// Height of the heads in points.
    pub head: f32,
    /// The largest number that stands before a row.
    pub last_number: usize,
    /// Row and column to bring into view in this frame.
    pub reveal: Option<(usize, usize)>,
}

/// How a cell is written.
pub struct Cell<'a> {
    pub text: &'a str,
    /// Numbers stand on the right.
    pub right: bool,
    /// For what can be missed, such as an empty cell.
    pub faint: bool,
    /// What one is to look at.
    pub marked: bool,
}

/// What fills a sheet.
pub trait Content {
    /// Draws the head of a column into `ui`, which is as large as the head.
    fn head(&mut self, ui: &mut Ui, column: usize);
    /// The number that stands before a row.
    fn number(&self, row: usize) -> usize;
    fn cell(&self, row: usize, column: usize) -> Cell<'_>;
    /// Whether the first column stays where it is when the others are scrolled.
    fn keeps_first(&self) -> bool {
        false
    }
    /// Called before cells of these rows and columns are asked for, for texts that have to be made.
    fn prepare(&mut self, _rows: Range<usize>, _columns: Range<usize>) {}
    /// The colour of a dot before the text.
    fn dot(&self, _row: usize, _column: usize) -> Option<Color32> {
        None
    }
    /// Whether the row is drawn as selected.
    fn selected(&self, _row: usize) -> bool {
        false
    }
    /// A row was clicked, with these keys held, once or twice.
    fn clicked(&mut self, _row: usize, _held: Modifiers, _twice: bool) {}
    /// More lines for the menu of a row.
    fn menu(&mut self, _ui: &mut Ui, _row: usize) {}
}

/// Where a sheet is scrolled to and how wide its columns were dragged.
#[derive(Clone, Default)]
struct Place {
    /// Row at the top edge. A fraction of a row, in double precision: pixels of ten million rows are more than a
    /// single-precision number can tell apart.
    top: f64,
    /// Points scrolled to the right.
    left: f32,
    dragged: Vec<(usize, f32)>,
    /// Cell under the pointer when the menu was opened.
    menu: Option<(usize, usize)>,
}

const NARROWEST: f32 = 56.0;

/// Draws the sheet over the room there is.
pub fn show(ui: &mut Ui, sheet: &Sheet, content: &mut impl Content) {
    let t = theme::of(ui);
    let id = ui.make_persistent_id(sheet.slot);
    let mut place: Place = ui.data(|d| d.get_temp(id)).unwrap_or_default();
    let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::click());
    let rows = format::plural(sheet.rows, "row", "rows");
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, format!("Table with {rows}")));
    let parts = Parts::of(rect, sheet, &place, content.keeps_first(), t);
    scroll(ui, &response, sheet, &parts, &mut place);
    // Where the columns are after scrolling.
    let parts = Parts::of(rect, sheet, &place, content.keeps_first(), t);
    if let Some(row) =
        response.clicked().then(|| response.interact_pointer_pos()).flatten().and_then(|p| parts.row_at(p))
    {
        content.clicked(row, ui.input(|i| i.modifiers), response.double_clicked());
    }
    let first = if parts.kept > 0.0 { 0 } else { parts.columns.start };
    content.prepare(parts.rows.clone(), first..parts.columns.end);
    cells(ui, &response, &parts, &place, content);
    heads(ui, id, sheet, &parts, &mut place, content);
    bars(ui, id, sheet, &parts, &mut place);
    menu(&response, &parts, sheet, &mut place, content);
    ui.data_mut(|d| d.insert_temp(id, place));
}

/// Wheel, keys and what is to be brought into view.
fn scroll(ui: &Ui, response: &Response, sheet: &Sheet, parts: &Parts, place: &mut Place) {
    (place.top, place.left) = (parts.top, parts.left);
    if let Some((row, column)) = sheet.reveal {
        if !(parts.rows.start + 1..parts.rows.end.saturating_sub(1)).contains(&row) {
            place.top = (row as f64 - parts.rows_fit() / 3.0).max(0.0);
        }
        if let (Some(&from), Some(&to)) = (parts.edges.get(column), parts.edges.get(column + 1))
            && !parts.stays(column)
            && (from < place.left || to > place.left + parts.body.width())
        {
            place.left = (from - parts.body.width() / 3.0).max(0.0);
        }
    }
    if ui.rect_contains_pointer(parts.whole) {
        let delta = ui.input_mut(|i| std::mem::take(&mut i.smooth_scroll_delta));
        place.top -= f64::from(delta.y / parts.row_height);
        place.left -= delta.x;
    }
    if response.clicked() {
        response.request_focus();
    }
    if response.has_focus() {
        let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(response.id, arrows));
        let pressed = |key| ui.input(|i| i.key_pressed(key));
        let page = (parts.rows_fit() - 1.0).max(1.0);
        for (key, rows) in [(Key::ArrowDown, 1.0), (Key::ArrowUp, -1.0), (Key::PageDown, page), (Key::PageUp, -page)] {
            place.top += if pressed(key) { rows } else { 0.0 };
        }
        for (key, points) in [(Key::ArrowRight, NARROWEST), (Key::ArrowLeft, -NARROWEST)] {
            place.left += if pressed(key) { points } else { 0.0 };
        }
        if pressed(Key::Home) {
            place.top = 0.0;
        } else if pressed(Key::End) {
            place.top = sheet.rows as f64;
        }
    }
}

fn cells(ui: &Ui, response: &Response, parts: &Parts, place: &Place, content: &impl Content) {
    let t = theme::of(ui);
    let hovered = response.hover_pos().and_then(|p| parts.at(p));
    let body = ui.painter().with_clip_rect(parts.body.intersect(ui.clip_rect()));
    let below = Rect::from_min_max(pos2(parts.whole.left(), parts.body.top()), parts.whole.max);
    let numbers = ui.painter().with_clip_rect(below.intersect(ui.clip_rect()));
    let font = FontId::proportional(t.font.small);
    for row in parts.rows.clone() {
        let (y0, y1) = parts.row(row);
        let line = Rect::from_min_max(pos2(parts.whole.left(), y0), pos2(parts.whole.right(), y1));
        if content.selected(row) {
            numbers.rect_filled(line, 0.0, t.accent.soft);
        }
        if hovered.is_some_and(|(r, _)| r == row) || place.menu.is_some_and(|(r, _)| r == row) {
            numbers.rect_filled(line, 0.0, t.bg.hover);
        }
        let at = pos2(parts.body.left() - parts.kept - t.space.s, (y0 + y1) / 2.0);
        numbers.text(at, Align2::RIGHT_CENTER, format::count(content.number(row)), font.clone(), t.text.faint);
        for column in parts.seen() {
            let body = if parts.stays(column) { &numbers } else { &body };
            let cell = content.cell(row, column);
            let rect = parts.cell(row, column);
            let mut room = rect.shrink2(vec2(t.space.s, 0.0));
            if let Some(color) = content.dot(row, column) {
                let radius = t.space.xs + t.shape.hairline / 2.0;
                // Lower case letters stand below the middle of their line.
                let at = pos2(room.left() + radius, room.center().y + t.shape.hairline);
                body.circle_filled(at, radius, color);
                room.min.x += 2.0 * radius + t.space.s - t.shape.ring;
            }
            let color = if cell.faint { t.text.faint } else { t.text.normal };
            let galley = ui.painter().layout_job(one_line(cell.text, &font, color, room.width()));
            if cell.marked {
                body.rect_filled(rect.shrink(t.shape.hairline), t.shape.radius_small, t.accent.soft);
            }
            let x = if cell.right { room.right() - galley.size().x } else { room.left() };
            let elided = galley.elided;
            body.galley(pos2(x, rect.center().y - galley.size().y / 2.0), galley, color);
            // Seen by screen readers as well, and by the pointer where there is more to read.
            let visible = if parts.stays(column) { rect.intersect(below) } else { rect.intersect(parts.body) };
            let seen = ui.interact(visible, response.id.with((row, column)), Sense::hover());
            seen.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, cell.text));
            if elided && hovered == Some((row, column)) {
                seen.on_hover_text(excerpt(cell.text, 600));
            }
        }
    }
}

/// A text on one line, with an ellipsis where there is no room. Line breaks are shown as a sign.
fn one_line(text: &str, font: &FontId, color: egui::Color32, width: f32) -> LayoutJob {
    let shown: String = excerpt(text, 300).chars().map(|c| if matches!(c, '\n' | '\r') { '⏎' } else { c }).collect();
    let mut job = LayoutJob::single_section(shown, TextFormat::simple(font.clone(), color));
    job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
    job
}

/// At most `most` characters of a text.
pub fn excerpt(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}

fn heads(ui: &mut Ui, id: Id, sheet: &Sheet, parts: &Parts, place: &mut Place, content: &mut impl Content) {
    let t = theme::of(ui);
    let head = Rect::from_min_max(parts.whole.min, pos2(parts.whole.right(), parts.body.top()));
    ui.painter().rect_filled(head, 0.0, t.bg.panel);
    let clip = Rect::from_min_max(pos2(parts.body.left(), head.top()), head.max).intersect(ui.clip_rect());
    let scrolled = clip;
    for column in parts.seen() {
        let clip = if parts.stays(column) { head.intersect(ui.clip_rect()) } else { scrolled };
        let (x0, x1) = parts.column(column);
        let rect = Rect::from_min_max(pos2(x0, head.top()), pos2(x1, head.bottom()));
        let room = rect.shrink2(vec2(t.space.s, t.space.xs));
        let mut child = ui.new_child(UiBuilder::new().id_salt((sheet.slot, "head", column)).max_rect(room));
        // A head never draws over its neighbour.
        child.set_clip_rect(clip.intersect(rect));
        content.head(&mut child, column);
        let edge = Rect::from_x_y_ranges(x1 - t.space.xs..=x1 + t.space.xs, head.y_range()).intersect(clip);
        if edge.is_positive() {
            let handle = ui.interact(edge, id.with(("edge", column)), Sense::drag());
            if handle.hovered() || handle.dragged() {
                ui.ctx().set_cursor_icon(CursorIcon::ResizeColumn);
                let line = Stroke::new(t.shape.ring, t.accent.normal);
                ui.painter().with_clip_rect(clip).vline(x1, head.y_range(), line);
            }
            if handle.dragged() {
                let width = (x1 - x0 + handle.drag_delta().x).max(NARROWEST);
                place.dragged.retain(|(c, _)| *c != column);
                place.dragged.push((column, width));
            }
        }
    }
    ui.painter().hline(head.x_range(), head.bottom(), Stroke::new(t.shape.hairline, t.bg.line));
}

/// Thin bars at the right and at the bottom that can be dragged.
fn bars(ui: &Ui, id: Id, sheet: &Sheet, parts: &Parts, place: &mut Place) {
    let t = theme::of(ui);
    let thin = t.space.s;
    let (fit, rows) = (parts.rows_fit(), sheet.rows as f64 + 0.5);
    if rows > fit {
        let track = Rect::from_min_max(pos2(parts.body.right() - thin, parts.body.top()), parts.body.max);
        let long = (track.height() * (fit / rows) as f32).max(t.space.xl);
        let range = track.height() - long;
        let share = (parts.top / (rows - fit)) as f32;
        let thumb = Rect::from_min_size(pos2(track.left(), track.top() + range * share), vec2(thin, long));
        if let Some(p) = drag(ui, id.with("down"), track, thumb, t) {
            let share = ((p.y - track.top() - long / 2.0) / range.max(1.0)).clamp(0.0, 1.0);
            place.top = f64::from(share) * (rows - fit);
        }
    }
    let wide = parts.wide;
    if wide > parts.body.width() {
        let track = Rect::from_min_max(pos2(parts.body.left(), parts.body.bottom() - thin), parts.body.max);
        let long = (track.width() * parts.body.width() / wide).max(t.space.xl);
        let range = track.width() - long;
        let share = parts.left / (wide - parts.body.width());
        let thumb = Rect::from_min_size(pos2(track.left() + range * share, track.top()), vec2(long, thin));
        if let Some(p) = drag(ui, id.with("across"), track, thumb, t) {
            let share = ((p.x - track.left() - long / 2.0) / range.max(1.0)).clamp(0.0, 1.0);
            place.left = share * (wide - parts.body.width());
        }
    }
}

/// Draws a bar and returns where the pointer drags it.
fn drag(ui: &Ui, id: Id, track: Rect, thumb: Rect, t: &Theme) -> Option<egui::Pos2> {
    let response = ui.interact(track, id, Sense::click_and_drag());
    let strong = response.hovered() || response.dragged();
    let color = if strong { t.text.muted } else { t.text.faint.gamma_multiply(0.6) };
    ui.painter().rect_filled(thumb.shrink(t.shape.ring / 2.0), t.shape.radius_small, color);
    (response.dragged() || response.is_pointer_button_down_on()).then(|| response.interact_pointer_pos()).flatten()
}

/// The menu of a cell: copying.
fn menu(response: &Response, parts: &Parts, sheet: &Sheet, place: &mut Place, content: &mut impl Content) {
    if response.secondary_clicked() {
        place.menu = response.interact_pointer_pos().and_then(|p| parts.at(p));
    }
    let chosen = place.menu.filter(|(r, c)| *r < sheet.rows && *c < sheet.widths.len());
    let shown = Popup::context_menu(response).show(|ui| {
        let Some((row, column)) = chosen else { return ui.close() };
        content.menu(ui, row);
        content.prepare(row..row + 1, 0..sheet.widths.len());
        if ui.button("Copy the cell").clicked() {
            ui.ctx().copy_text(content.cell(row, column).text.to_string());
            ui.close();
        }
        if ui.button("Copy the row").clicked() {
            let cells: Vec<String> =
                (0..sheet.widths.len()).map(|c| content.cell(row, c).text.replace(['\t', '\n', '\r'], " ")).collect();
            ui.ctx().copy_text(cells.join("\t"));
            ui.close();
        }
    });
    if shown.is_none() {
        place.menu = None;
    }
}
