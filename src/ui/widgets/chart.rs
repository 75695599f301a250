//! A chart in the window: drawn, pointed at, copied and saved.

mod body;
mod cuts;
mod head;
mod kept;
pub mod paint;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use egui::{Id, Painter, Popup, Pos2, Rect, Sense, Ui, UiBuilder, Vec2};

use crate::chart::{Chart, Map, Options, Picture, Pointed};
use crate::ui::scene::Scene;
use crate::ui::theme;

pub use kept::Kept;

/// What the user may point at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointing {
    /// Only look.
    Nothing,
    /// Click marks.
    Marks,
    /// Click marks, and drag over a stretch of the horizontal axis.
    Range,
    /// Drag a rectangle over points, or click one.
    Area,
}

/// Draws a chart with its title, note and menu (copy, save as PNG, SVG or CSV) into `size`. Returns what was pointed at
/// in this frame, once the click or drag is over.
pub fn show(ui: &mut Ui, scene: &mut Scene, chart: &Arc<Chart>, size: Vec2, pointing: Pointing) -> Option<Pointed> {
    drawn(ui, scene, chart, size, pointing)?.pointed
}

/// A chart that was drawn, for what is laid over it.
pub struct Drawn {
    pub pointed: Option<Pointed>,
    /// Between the axes, in the window.
    pub plot: Rect,
    origin: egui::Pos2,
    maps: Option<(Map, Map)>,
}

impl Drawn {
    /// Where values lie in the window.
    pub fn place(&self, x: f64, y: f64) -> egui::Pos2 {
        let (along, up) = self.maps.map_or((0.0, 0.0), |(a, b)| (a.place(x), b.place(y)));
        self.origin + egui::vec2(along, up)
    }

    /// Which values lie at a place in the window, kept within the axes.
    pub fn values(&self, at: egui::Pos2) -> (f64, f64) {
        let at = at - self.origin;
        self.maps.map_or((0.0, 0.0), |(x, y)| (x.value(at.x), y.value(at.y)))
    }
}

/// [`show`] for panels that lay something of their own over the chart; `None` where it is out of sight.
pub fn drawn(ui: &mut Ui, scene: &mut Scene, chart: &Arc<Chart>, size: Vec2, pointing: Pointing) -> Option<Drawn> {
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let id = scene.cache.charts.own_id(ui, chart);
    if !ui.is_rect_visible(rect) {
        return None;
    }
    let below = head(ui, scene, chart, rect, id);
    let shown = body::show(ui, scene, chart, below, id, pointing, &Options::BODY);
    head::context_menu(&shown.response, scene, chart, rect.size());
    let plot = rect_of(&shown.picture.plot, shown.origin);
    let maps = shown.picture.x.zip(shown.picture.y);
    Some(Drawn { pointed: shown.pointed, plot, origin: shown.origin, maps })
}

/// The same without title and note, for cards with a head of their own; the menu opens with a right click, and by the
/// button that [`menu_button`] draws.
pub fn body(ui: &mut Ui, scene: &mut Scene, chart: &Arc<Chart>, size: Vec2, pointing: Pointing) -> Option<Pointed> {
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let id = scene.cache.charts.own_id(ui, chart);
    if !ui.is_rect_visible(rect) {
        return None;
    }
    let shown = body::show(ui, scene, chart, rect, id, pointing, &Options::BODY);
    head::context_menu(&shown.response, scene, chart, rect.size());
    shown.pointed
}

/// The button with the menu that copies and saves a chart of this size.
pub fn menu_button(ui: &mut Ui, scene: &mut Scene, chart: &Arc<Chart>, size: Vec2) {
    head::menu_button(ui, scene, chart, size);
}

/// Draws a picture that was laid out by whoever shows it, with its top left at `origin`.
pub fn draw(painter: &Painter, picture: &Picture, origin: Pos2) {
    paint::picture(painter, picture, origin, None, &[]);
}

/// [`menu_button`] for such a picture: `about` has its title and its numbers, `draw` lays it out to be saved.
pub fn menu_button_of(
    ui: &mut Ui,
    scene: &mut Scene,
    about: &Arc<Chart>,
    draw: impl Fn() -> Picture + Clone + Send + Sync + 'static,
) {
    scene.cache.charts.hand_over(ui.ctx());
    Popup::menu(&head::opener(ui, scene, about)).show(|ui| head::items(ui, scene, about, move || Ok(draw())));
}

/// A cut point that is being dragged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CutDrag {
    /// Which of the cuts.
    pub cut: usize,
    /// Where it is now, in values of the axis; stays between its neighbours.
    pub at: f64,
    /// Whether it was let go in this frame.
    pub done: bool,
}

/// [`show`] for bars with vertical lines that can be dragged along the horizontal axis, or moved with the arrow keys
/// once they have the focus. `cuts` are ascending.
pub fn with_cuts(ui: &mut Ui, scene: &mut Scene, chart: &Arc<Chart>, size: Vec2, cuts: &[f64]) -> Option<CutDrag> {
    let t = theme::of(ui);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let id = scene.cache.charts.own_id(ui, chart);
    if !ui.is_rect_visible(rect) {
        return None;
    }
    let below = head(ui, scene, chart, rect, id);
    let options = Options { above: t.font.tiny + t.space.s, ..Options::BODY };
    let shown = body::show(ui, scene, chart, below, id, Pointing::Nothing, &options);
    head::context_menu(&shown.response, scene, chart, rect.size());
    cuts::show(ui, chart, &shown, cuts)
}

/// Draws the head in a child of its own, so that what follows the chart is placed below all of it.
fn head(ui: &mut Ui, scene: &mut Scene, chart: &Arc<Chart>, rect: Rect, id: Id) -> Rect {
    let mut child = ui.new_child(UiBuilder::new().id_salt(id).max_rect(rect));
    head::show(&mut child, scene, chart, rect)
}

/// A rectangle of the layout in the window.
fn rect_of(area: &crate::chart::Area, origin: egui::Pos2) -> Rect {
    Rect::from_min_max(egui::pos2(area.left, area.top), egui::pos2(area.right, area.bottom)).translate(origin.to_vec2())
}
