//! Files dropped on the window.

use std::path::PathBuf;

use egui::{Align2, Color32, Context, FontId, Id, LayerId, Order, Stroke};

use crate::ui::style::semibold;
use crate::ui::theme::Theme;

/// Paints the overlay while a file hovers; returns the files that were dropped.
pub fn take(ctx: &Context, t: &Theme) -> Vec<PathBuf> {
    if ctx.input(|i| !i.raw.hovered_files.is_empty()) {
        let rect = ctx.content_rect();
        let painter = ctx.layer_painter(LayerId::new(Order::Foreground, Id::unique("drop overlay")));
        let fill: Color32 = t.bg.app.gamma_multiply(0.88);
        painter.rect_filled(rect, 0.0, fill);
        let inner = rect.shrink(t.space.xl);
        painter.rect_stroke(
            inner,
            t.shape.radius,
            Stroke::new(t.shape.ring, t.accent.normal),
            egui::StrokeKind::Inside,
        );
        painter.text(
            rect.center(),
            Align2::CENTER_CENTER,
            "Drop to open",
            FontId::new(t.font.big, semibold()),
            t.text.normal,
        );
    }
    ctx.input(|i| i.raw.dropped_files.iter().map(|f| f.path().to_path_buf()).collect())
}
