//! Small pictures of features: bars of numbers or words without an axis.

use egui::{Rect, Ui, pos2};

use crate::features::look::Shape;
use crate::format;
use crate::rfm::{Feature, Unit};
use crate::ui::theme;
use crate::ui::widgets::customers::value;

/// A value of a feature as people read it.
pub fn write(feature: &Feature, v: f64, currency: Option<&str>) -> String {
    match feature.unit {
        Unit::Words => String::new(),
        // Means of days and counts have decimals that matter where they are small.
        Unit::Days | Unit::Count if v.fract() != 0.0 && v.abs() < 100.0 => format::number(v, 1),
        unit => value(v, unit, currency),
    }
}

/// Bars over a rectangle.
pub fn spark(ui: &Ui, rect: Rect, shape: &Shape, color: egui::Color32) {
    let t = theme::of(ui);
    let words: Vec<usize>;
    let counts: &[usize] = match &shape.bars {
        Some(bars) => &bars.counts,
        None => {
            words = shape.words.iter().map(|(_, n)| *n).collect();
            &words
        }
    };
    if counts.is_empty() || !ui.is_rect_visible(rect) {
        return;
    }
    let most = counts.iter().copied().max().unwrap_or(1).max(1) as f32;
    // A handful of bars need not be as wide as the tile.
    let step = (rect.width() / counts.len() as f32).min(t.space.l);
    for (i, &count) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
        let high = (count as f32 / most * rect.height()).max(t.shape.hairline);
        let left = rect.left() + i as f32 * step;
        let gap = if step > t.space.xs { t.shape.hairline } else { 0.0 };
        let bar = Rect::from_min_max(pos2(left, rect.bottom() - high), pos2(left + step - gap, rect.bottom()));
        ui.painter().rect_filled(bar, 0.0, color);
    }
}

/// Definition and figures of a feature, for a tip.
pub fn tip(feature: &Feature, shape: Option<&Shape>, currency: Option<&str>) -> String {
    let mut lines = vec![feature.definition.clone(), format!("Called {} in outputs.", feature.name)];
    if let Some(s) = shape {
        let write = |v| write(feature, v, currency);
        if s.bars.is_some() {
            let ends = format!("{} to {}, median {}", write(s.min), write(s.max), write(s.median));
            let skew = if s.skew.is_finite() { format!(", skew {}", format::number(s.skew, 2)) } else { String::new() };
            lines.push(format!("{ends}{skew}."));
        }
        if !s.words.is_empty() {
            let most: Vec<String> =
                s.words.iter().take(5).map(|(word, n)| format!("{word} ({})", format::count(*n))).collect();
            lines.push(format!("Most frequent: {}.", most.join(", ")));
        }
        if s.missing > 0 {
            lines.push(format!("Missing for {}.", format::plural(s.missing, "customer", "customers")));
        }
    }
    lines.retain(|l| !l.is_empty());
    lines.join("\n")
}
