//! The picture itself, and what the pointer does on it.

use std::sync::Arc;

use egui::{CursorIcon, Id, PointerButton, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo};

use super::kept::Laid;
use super::{Pointing, paint, rect_of};
use crate::chart::{Chart, Hit, Options, Picture, Pointed, in_full};
use crate::ui::scene::Scene;
use crate::ui::theme;

/// A drag over fewer points than this is a click.
const SHORTEST: f32 = 4.0;

/// What was drawn.
pub struct Shown {
    pub response: Response,
    pub picture: Arc<Picture>,
    /// The top left of the picture in the window.
    pub origin: Pos2,
    pub pointed: Option<Pointed>,
}

/// Draws a chart into `rect` and reports what is pointed at.
pub fn show(
    ui: &mut Ui,
    scene: &mut Scene,
    chart: &Arc<Chart>,
    rect: Rect,
    id: Id,
    pointing: Pointing,
    options: &Options,
) -> Shown {
    let t = theme::of(ui);
    let dark = ui.visuals().dark_mode;
    // Whole points, so that hairlines stay sharp.
    let rect = Rect::from_min_max(rect.min.round(), rect.max.floor());
    let sense = match pointing {
        Pointing::Nothing | Pointing::Marks => Sense::CLICK,
        Pointing::Range | Pointing::Area => Sense::CLICK | Sense::DRAG,
    };
    let response = ui.interact(rect, id, sense);
    let name = if chart.title.is_empty() { "Chart" } else { &chart.title };
    response.widget_info(|| WidgetInfo::labeled(Role::Image, ui.is_enabled(), name));
    let kept = &mut scene.cache.charts;
    kept.hand_over(ui.ctx());
    let Laid { picture, runs, .. } = kept.laid(ui.ctx(), chart, rect, dark, options);
    let cloud = match picture.cloud {
        Some(_) => kept.cloud(ui.ctx(), id, chart, &picture, dark, options),
        None => None,
    };
    let painter = ui.painter().with_clip_rect(ui.clip_rect().intersect(rect.expand(t.space.xs)));
    paint::picture(&painter, &picture, rect.min, cloud.as_ref().map(|c| c.id()), &runs);

    let origin = rect.min;
    let plot = rect_of(&picture.plot, origin);
    let dragging = drag(ui, &painter, chart, &response, &picture, origin, pointing);
    let hit = response
        .hover_pos()
        .filter(|_| dragging.is_none() && !response.dragged())
        .and_then(|p| picture.hit((p - origin).into()));
    if let Some(hit) = &hit {
        paint::highlight(&painter, &hit.outline, plot, origin, t.text.normal);
        tip(ui, &response, chart, hit);
    }
    match pointing {
        Pointing::Nothing => {}
        Pointing::Marks if hit.is_some() => {
            ui.ctx().set_cursor_icon(CursorIcon::PointingHand);
        }
        Pointing::Range | Pointing::Area if response.hovered() => {
            let over = response.hover_pos().is_some_and(|p| plot.contains(p));
            ui.ctx().set_cursor_icon(if over { CursorIcon::Crosshair } else { CursorIcon::Default });
        }
        _ => {}
    }
    let click = hit.filter(|_| response.clicked() && pointing != Pointing::Nothing).map(|h| Pointed::Mark(h.mark));
    let pointed = click.or(match dragging {
        Some((pointed, true)) => Some(pointed),
        _ => None,
    });
    Shown { response, picture, origin, pointed }
}

/// A stretch or rectangle that is being dragged, and whether it was let go in this frame.
fn drag(
    ui: &Ui,
    painter: &egui::Painter,
    chart: &Chart,
    response: &Response,
    picture: &Picture,
    origin: Pos2,
    pointing: Pointing,
) -> Option<(Pointed, bool)> {
    let done = response.drag_stopped_by(PointerButton::Primary);
    if !(done || response.dragged_by(PointerButton::Primary)) {
        return None;
    }
    let t = theme::of(ui);
    let plot = rect_of(&picture.plot, origin);
    // The press is forgotten in the frame of the release; egui's drag knows where it began.
    let stored = response.id.with("from");
    let start = ui.input(|i| i.pointer.press_origin()).or_else(|| ui.data(|d| d.get_temp(stored)))?;
    ui.data_mut(|d| d.insert_temp(stored, start));
    let now = response.interact_pointer_pos()?;
    if !plot.expand(t.space.s).contains(start) {
        return None;
    }
    let (a, b) = (plot.clamp(start), plot.clamp(now));
    let (x, y) = (picture.x?, picture.y?);
    let across = [a.x.min(b.x), a.x.max(b.x)];
    let down = [a.y.min(b.y), a.y.max(b.y)];
    let value = |at: f32| x.value(at - origin.x);
    let (rect, pointed) = match pointing {
        Pointing::Range => {
            let rect = Rect::from_x_y_ranges(across[0]..=across[1], plot.y_range());
            (rect, Pointed::Range { from: value(across[0]), to: value(across[1]) })
        }
        Pointing::Area => {
            let rect = Rect::from_x_y_ranges(across[0]..=across[1], down[0]..=down[1]);
            let y = (y.value(down[1] - origin.y), y.value(down[0] - origin.y));
            (rect, Pointed::Area { x: (value(across[0]), value(across[1])), y })
        }
        Pointing::Nothing | Pointing::Marks => return None,
    };
    if rect.width().max(if pointing == Pointing::Area { rect.height() } else { 0.0 }) < SHORTEST {
        return None;
    }
    let line = Stroke::new(t.shape.hairline, t.accent.normal);
    painter.rect(rect, 0.0, t.accent.soft, line, StrokeKind::Inside);
    if pointing == Pointing::Range {
        let words =
            format!("{} to {}", in_full(value(across[0]), &chart.x.scale), in_full(value(across[1]), &chart.x.scale));
        response.show_tooltip_text(words);
    }
    Some((pointed, done))
}

/// What the mark says, and those named with it.
fn tip(ui: &Ui, response: &Response, chart: &Chart, hit: &Hit) {
    let mut lines: Vec<String> = Vec::new();
    // Marks at one place often begin with that place, which is said once.
    let mut heads: Vec<String> = Vec::new();
    for mark in &hit.together {
        let tip = chart.tip(*mark);
        let Some(head) = tip.lines().next() else { continue };
        let known = heads.iter().any(|h| h == head);
        lines.extend(tip.lines().skip(usize::from(known)).map(str::to_string));
        heads.push(head.to_string());
    }
    if !lines.is_empty() {
        let tip =
            egui::Tooltip::always_open(ui.ctx().clone(), response.layer_id, response.id, egui::PopupAnchor::Pointer);
        tip.gap(theme::of(ui).space.m).show(|ui| {
            // Tips of different lengths follow each other: none is to be squeezed into the last one's width.
            ui.set_max_width(ui.spacing().tooltip_width);
            ui.label(lines.join("\n"))
        });
    }
}
