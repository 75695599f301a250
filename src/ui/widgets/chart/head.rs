//! Title, note and the menu that copies and saves.

use std::sync::Arc;

use egui::{Align, Layout, Popup, Rect, Response, Ui, UiBuilder, Vec2, pos2};
use egui_material_icons::icons::{ICON_CHECK, ICON_CONTENT_COPY, ICON_ERROR, ICON_SAVE_ALT};

use super::kept::Copied;
use super::paint;
use crate::app::Action;
use crate::chart::{Chart, Palette, Picture, pixels, to_svg, whole, write_png};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, text};
use crate::worker::FileJob;

/// Pixels per point of copied and saved pictures.
const SCALE: f32 = 2.0;
/// Width of the menu.
const MENU: f32 = 176.0;
/// Picture files have a margin that the window has not.
const MARGIN: f32 = 28.0;

/// Draws the head at the top of `rect`; returns what is left below.
pub fn show(ui: &mut Ui, scene: &mut Scene, chart: &Arc<Chart>, rect: Rect) -> Rect {
    let t = theme::of(ui);
    let note = chart.whole_note();
    let title_high = t.shape.row;
    let note_high = if note.is_empty() { 0.0 } else { t.font.small + t.space.xs };
    let side = t.shape.row;
    let top = Rect::from_min_size(rect.min, Vec2::new(rect.width(), title_high));
    let icon = Rect::from_min_max(pos2(rect.right() - side, rect.top()), top.max);
    let words = Rect::from_min_max(rect.min, pos2(icon.left() - t.space.xs, rect.top() + title_high));
    // The room is taken already: what stands in it does not move what follows.
    let within = |ui: &mut Ui, area: Rect, add: &mut dyn FnMut(&mut Ui)| {
        let line = UiBuilder::new().max_rect(area).layout(Layout::left_to_right(Align::Center));
        add(&mut ui.new_child(line));
    };
    within(ui, words, &mut |ui| drop(text::heading(ui, &chart.title)));
    within(ui, icon, &mut |ui| menu_button(ui, scene, chart, rect.size()));
    if note_high > 0.0 {
        let area = Rect::from_min_size(pos2(rect.left(), top.bottom()), Vec2::new(rect.width(), note_high));
        within(ui, area, &mut |ui| drop(text::muted_line(ui, note.as_str())));
    }
    let below = (rect.top() + title_high + note_high + t.space.xs).min(rect.bottom());
    Rect::from_min_max(pos2(rect.left(), below), rect.max)
}

/// The button with the menu; for a moment it says that something was copied.
pub fn menu_button(ui: &mut Ui, scene: &mut Scene, chart: &Arc<Chart>, size: Vec2) {
    Popup::menu(&opener(ui, scene, chart)).show(|ui| menu(ui, scene, chart, size));
}

/// The button alone.
pub fn opener(ui: &mut Ui, scene: &Scene, chart: &Arc<Chart>) -> Response {
    let (icon, words) = match scene.cache.charts.told(ui.ctx(), chart) {
        None => (ICON_SAVE_ALT, "Copy or save"),
        Some(true) => (ICON_CHECK, "Copied"),
        Some(false) => (ICON_ERROR, "It could not be copied"),
    };
    let response = button::small_icon(ui, icon, words);
    response.accessible_name(format!("Copy or save {}", chart.title))
}

/// The same menu on a right click.
pub fn context_menu(response: &Response, scene: &mut Scene, chart: &Arc<Chart>, size: Vec2) {
    Popup::context_menu(response).show(|ui| menu(ui, scene, chart, size));
}

fn menu(ui: &mut Ui, scene: &mut Scene, chart: &Arc<Chart>, size: Vec2) {
    let dark = ui.visuals().dark_mode;
    let size = [size.x + MARGIN, size.y + MARGIN];
    let of = chart.clone();
    items(ui, scene, chart, move || whole(&of, size, Palette::of(dark), SCALE, &Ctx::silent()));
}

/// The lines of the menu; `draw` makes the picture, on another thread.
pub fn items(
    ui: &mut Ui,
    scene: &mut Scene,
    chart: &Arc<Chart>,
    draw: impl Fn() -> Result<Picture> + Clone + Send + Sync + 'static,
) {
    let t = theme::of(ui);
    ui.set_width(MENU);
    let ctx = ui.ctx().clone();
    let item = |ui: &mut Ui, icon: egui_material_icons::MaterialIcon, words: &str| {
        let icon = icon.rich_text().size(t.font.icon).color(t.text.muted);
        let line = egui::Button::new((icon, egui::RichText::new(words)))
            .frame_when_inactive(false)
            .min_size(Vec2::new(ui.available_width(), t.shape.row));
        let clicked = ui.add(line).accessible_name(words).clicked();
        if clicked {
            ui.close();
        }
        clicked
    };
    if item(ui, ICON_CONTENT_COPY, "Copy picture") {
        let draw = draw.clone();
        let make = move || Some(Copied::Image(paint::image(&pixels(&draw().ok()?, SCALE).ok()?)));
        scene.cache.charts.copy(&ctx, chart, make);
    }
    if item(ui, ICON_CONTENT_COPY, "Copy as SVG") {
        let (draw, title) = (draw.clone(), chart.title.clone());
        scene.cache.charts.copy(&ctx, chart, move || Some(Copied::Text(to_svg(&draw().ok()?, &title))));
    }
    let has_data = !chart.data.columns.is_empty();
    if has_data && item(ui, ICON_CONTENT_COPY, "Copy data") {
        let of = chart.clone();
        scene.cache.charts.copy(&ctx, chart, move || Some(Copied::Text(of.data.to_tsv())));
    }
    ui.separator();
    let name = chart.file_name();
    if item(ui, ICON_SAVE_ALT, "Save as PNG…") {
        let draw = draw.clone();
        let fill = move |out: &mut dyn std::io::Write| write_png(&draw().map_err(std::io::Error::other)?, SCALE, out);
        scene.act(Action::Save(FileJob::new(format!("{name}.png"), fill)));
    }
    if item(ui, ICON_SAVE_ALT, "Save as SVG…") {
        let title = chart.title.clone();
        let fill = move |out: &mut dyn std::io::Write| {
            out.write_all(to_svg(&draw().map_err(std::io::Error::other)?, &title).as_bytes())
        };
        scene.act(Action::Save(FileJob::new(format!("{name}.svg"), fill)));
    }
    if has_data && item(ui, ICON_SAVE_ALT, "Save data as CSV…") {
        let chart = chart.clone();
        let fill = move |out: &mut dyn std::io::Write| chart.data.write_csv(out);
        scene.act(Action::Save(FileJob::new(format!("{name}.csv"), fill)));
    }
}
