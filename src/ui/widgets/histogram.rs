//! A small histogram with cut lines; hovering a bar says what it counts.

use egui::{Align2, FontId, Rect, Sense, Stroke, Ui, pos2, vec2};

use crate::explore::Histogram;
use crate::format;
use crate::ui::theme;

/// What is drawn besides the bars.
pub struct Marks<'a> {
    /// Vertical lines in the unit of the values, for example score cuts.
    pub cuts: &'a [f64],
    /// How a value of the axis is written.
    pub value: &'a dyn Fn(f64) -> String,
}

/// Draws `histogram` over the width there is, `height` high including its axis.
pub fn show(ui: &mut Ui, histogram: &Histogram, height: f32, color: egui::Color32, marks: &Marks) {
    let t = theme::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    if histogram.counts.is_empty() || !ui.is_rect_visible(rect) {
        return;
    }
    let axis = t.font.small + t.space.xs;
    let plot = Rect::from_min_max(rect.min, pos2(rect.right(), rect.bottom() - axis));
    let painter = ui.painter();
    let n = histogram.counts.len();
    let most = histogram.counts.iter().copied().max().unwrap_or(1).max(1) as f32;
    let step = plot.width() / n as f32;
    let gap = if step > 4.0 { 1.0 } else { 0.0 };
    let hovered =
        response.hover_pos().filter(|p| plot.contains(*p)).map(|p| (((p.x - plot.left()) / step) as usize).min(n - 1));
    for (i, &count) in histogram.counts.iter().enumerate() {
        let high = (count as f32 / most * plot.height()).max(if count > 0 { 1.0 } else { 0.0 });
        let left = plot.left() + i as f32 * step;
        let bar = Rect::from_min_max(pos2(left, plot.bottom() - high), pos2(left + step - gap, plot.bottom()));
        let fill = if hovered == Some(i) { color.lerp_to_gamma(t.text.normal, 0.35) } else { color };
        painter.rect_filled(bar, 0.0, fill);
    }
    painter.hline(plot.x_range(), plot.bottom(), Stroke::new(t.shape.hairline, t.bg.line));
    let (from, to) = (histogram.start, histogram.start + histogram.width * n as f64);
    let x_of = |value: f64| plot.left() + ((value - from) / (to - from)) as f32 * plot.width();
    for &cut in marks.cuts.iter().filter(|c| (from..=to).contains(*c)) {
        let x = painter.round_to_pixel_center(x_of(cut));
        let line = [pos2(x, plot.top()), pos2(x, plot.bottom())];
        painter.extend(egui::Shape::dashed_line(&line, Stroke::new(t.shape.hairline, t.text.muted), 3.0, 3.0));
    }
    let font = FontId::proportional(t.font.tiny);
    let y = rect.bottom();
    painter.text(pos2(rect.left(), y), Align2::LEFT_BOTTOM, (marks.value)(from), font.clone(), t.text.muted);
    painter.text(pos2(rect.right(), y), Align2::RIGHT_BOTTOM, (marks.value)(to), font, t.text.muted);
    if let Some(i) = hovered {
        let low = from + histogram.width * i as f64;
        let range = format!("{} to {}", (marks.value)(low), (marks.value)(low + histogram.width));
        let count = format::plural(histogram.counts[i], "customer", "customers");
        response.on_hover_text_at_pointer(format!("{range}\n{count}"));
    }
}
