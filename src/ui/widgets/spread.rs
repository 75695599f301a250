//! How the rows of a column spread over its values, as a strip of small bars.

use egui::{Align2, FontId, Rect, Sense, Ui, pos2, vec2};

use super::sheet::excerpt;
use crate::format;
use crate::intake::Distribution;
use crate::ui::theme;

/// A most common value that has fewer than one row in this many says nothing: nearly every value is another one.
const WORTH_DRAWING: usize = 50;

/// Draws the strip over the width there is. `distinct` stands there where bars would say nothing.
pub fn show(ui: &mut Ui, distribution: &Distribution, distinct: usize, height: f32) {
    let t = theme::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    if !ui.is_rect_visible(rect) {
        return;
    }
    let say = |words: String| {
        let font = FontId::proportional(t.font.tiny);
        ui.painter().text(rect.left_center(), Align2::LEFT_CENTER, words, font, t.text.faint);
    };
    let counts: Vec<usize> = match distribution {
        Distribution::None => return say("no value".into()),
        Distribution::Numbers { bins, .. } | Distribution::Dates { bins, .. } => bins.clone(),
        Distribution::Top { values, others } => {
            let rows = others + values.iter().map(|v| v.1).sum::<usize>();
            if values.first().is_none_or(|v| v.1 * WORTH_DRAWING < rows) {
                return say(format!("{} distinct", format::count(distinct)));
            }
            values.iter().map(|v| v.1).collect()
        }
    };
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f32;
    // A handful of categories need no bars as wide as the column.
    let step = (rect.width() / counts.len() as f32).min(t.space.l);
    let hovered = response.hover_pos().map(|p| ((p.x - rect.left()) / step) as usize).filter(|i| *i < counts.len());
    for (i, &count) in counts.iter().enumerate() {
        let high = (count as f32 / most * rect.height()).max(if count > 0 { t.shape.hairline } else { 0.0 });
        let left = rect.left() + i as f32 * step;
        let bar = Rect::from_min_max(pos2(left, rect.bottom() - high), pos2(left + step - 1.0, rect.bottom()));
        let color = if hovered == Some(i) { t.accent.normal } else { t.accent.normal.gamma_multiply(0.55) };
        ui.painter().rect_filled(bar, 0.0, color);
    }
    if let Some(i) = hovered {
        response.on_hover_text_at_pointer(describe(distribution, i));
    }
}

/// What the bar `i` counts.
fn describe(distribution: &Distribution, i: usize) -> String {
    let rows = |n: usize| format::plural(n, "row", "rows");
    match distribution {
        Distribution::None => String::new(),
        Distribution::Numbers { min, max, bins } => {
            let at = |i: usize| format::short(min + (max - min) * i as f64 / bins.len() as f64);
            format!("{} to {}\n{}", at(i), at(i + 1), rows(bins[i]))
        }
        Distribution::Dates { first, last, bins } => {
            let part = format!("part {} of {} from {first} to {last}", i + 1, bins.len());
            format!("{}\n{part}", rows(bins[i]))
        }
        Distribution::Top { values, others } => {
            let (value, n) = &values[i];
            let rest = if *others > 0 { format!("\nAll other values: {}", rows(*others)) } else { String::new() };
            format!("{}\n{}{rest}", excerpt(value, 80), rows(*n))
        }
    }
}
