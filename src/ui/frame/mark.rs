//! The mark of Quintile: five bars, one per fifth, in the colours of the first segments.

use egui::{Painter, Rect, vec2};

use crate::ui::theme::Theme;

/// Paints the mark into `rect`.
pub fn paint(painter: &Painter, rect: Rect, t: &Theme) {
    let bars = [0.34, 0.52, 0.44, 0.72, 1.0];
    let step = rect.width() / bars.len() as f32;
    for (i, high) in bars.into_iter().enumerate() {
        let height = rect.height() * high;
        let min = egui::pos2(rect.left() + i as f32 * step, rect.bottom() - height);
        let bar = Rect::from_min_size(min, vec2(step * 0.72, height));
        let color =
            if i == bars.len() - 1 { t.accent.normal } else { t.accent.normal.gamma_multiply(0.35 + 0.1 * i as f32) };
        painter.rect_filled(bar, step * 0.2, color);
    }
}
