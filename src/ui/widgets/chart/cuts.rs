//! Vertical lines over a chart that can be dragged, and moved with the arrow keys.

use egui::{Align2, CursorIcon, EventFilter, FontId, Key, Rect, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::body::Shown;
use super::{CutDrag, rect_of};
use crate::chart::{Chart, in_full};
use crate::ui::theme;

/// Half the width in which a line can be caught, in points.
const REACH: f32 = 6.0;

/// Draws the lines over what was drawn; returns the one that moves.
pub fn show(ui: &mut Ui, chart: &Chart, shown: &Shown, cuts: &[f64]) -> Option<CutDrag> {
    let t = theme::of(ui);
    let map = shown.picture.x?;
    let plot = rect_of(&shown.picture.plot, shown.origin);
    let (from, to) = map.range();
    let mut moved: Option<CutDrag> = None;
    // Labels of neighbours that are close do not lie on each other.
    let mut free = f32::NEG_INFINITY;
    for (i, &cut) in cuts.iter().enumerate() {
        let line = |cut: f64| (shown.origin.x + map.place(cut.clamp(from, to))).floor() + 0.5;
        let x = line(cut);
        let catch = Rect::from_x_y_ranges(x - REACH..=x + REACH, plot.top() - t.space.s..=plot.bottom());
        let response = ui.interact(catch, shown.response.id.with(("cut", i)), Sense::click_and_drag());
        let name = format!("Cut {} of {}", i + 1, chart.title);
        response.widget_info(|| WidgetInfo::slider(ui.is_enabled(), cut, &name));
        let between = |at: f64| {
            let low = if i > 0 { cuts[i - 1] } else { from };
            let high = cuts.get(i + 1).copied().unwrap_or(to);
            at.clamp(low.min(high), high.max(low))
        };
        if let Some(p) = response.interact_pointer_pos()
            && (response.dragged() || response.drag_stopped())
        {
            let at = between(map.value(p.x - shown.origin.x));
            moved = Some(CutDrag { cut: i, at, done: response.drag_stopped() });
        }
        if response.has_focus() {
            ui.memory_mut(|m| {
                let arrows = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
                m.set_focus_lock_filter(response.id, arrows);
            });
            let steps = ui.input(|i| i.num_presses(Key::ArrowRight) as f32 - i.num_presses(Key::ArrowLeft) as f32);
            if steps != 0.0 {
                let at = between(map.value(map.place(cut) + steps));
                moved = Some(CutDrag { cut: i, at, done: true });
            }
        }
        // The line follows the pointer even before the recipe does.
        let cut = moved.filter(|m| m.cut == i).map_or(cut, |m| m.at);
        let (x, value) = (line(cut), in_full(cut, &chart.x.scale));
        let strong = response.hovered() || response.dragged() || response.has_focus();
        if strong {
            ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
        }
        let color = if strong { t.accent.normal } else { t.text.muted };
        let wide = if strong { t.shape.ring } else { t.shape.hairline };
        let painter = ui.painter();
        painter.vline(x, plot.y_range(), Stroke::new(wide, color));
        let handle = Rect::from_center_size(pos2(x, plot.top()), vec2(t.space.s, t.space.s));
        painter.rect_filled(handle, t.shape.radius_small, color);
        let font = FontId::proportional(t.font.tiny);
        let galley = painter.layout_no_wrap(value, font, if strong { t.text.normal } else { t.text.muted });
        let half = galley.size().x / 2.0;
        let middle = x.clamp(shown.response.rect.left() + half, shown.response.rect.right() - half);
        let clear = middle - half >= free;
        if clear || strong {
            let at = Align2::CENTER_BOTTOM.anchor_size(pos2(middle, handle.top() - 1.0), galley.size());
            if !clear {
                painter.rect_filled(at.expand(t.shape.ring), 0.0, t.bg.panel);
            }
            painter.galley(at.min, galley, color);
            free = middle + half + t.space.s;
        }
    }
    moved
}
