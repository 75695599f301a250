//! Cards: a quiet ground, a hairline, air.

use egui::{Frame, InnerResponse, Margin, Stroke, Ui};

use crate::ui::theme;

/// The frame of a card.
pub fn frame(ui: &Ui) -> Frame {
    let t = theme::of(ui);
    Frame::new()
        .fill(t.bg.card)
        .stroke(Stroke::new(t.shape.hairline, t.bg.line))
        .corner_radius(t.shape.radius)
        .inner_margin(Margin::same(t.space.m as i8))
}

/// A card as wide as there is room.
pub fn card<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    frame(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        add(ui)
    })
}

/// A card of a fixed outer width and at least `height` high.
pub fn sized<R>(ui: &mut Ui, width: f32, height: f32, add: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let t = theme::of(ui);
    let inner = egui::vec2(width, height) - egui::Vec2::splat(2.0 * (t.space.m + t.shape.hairline));
    frame(ui).show(ui, |ui| {
        ui.set_width(inner.x);
        ui.set_min_height(inner.y.max(0.0));
        ui.vertical(add).inner
    })
}

/// Side by side in `columns` of equal width, with the grid's gap; each item gets its column's width.
pub fn columns<T>(ui: &mut Ui, columns: usize, items: &[T], mut add: impl FnMut(&mut Ui, f32, usize, &T)) {
    let gap = theme::of(ui).space.m;
    let columns = columns.max(1);
    let width = ((ui.available_width() - gap * (columns - 1) as f32) / columns as f32).floor();
    for (r, row) in items.chunks(columns).enumerate() {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = gap;
            for (c, item) in row.iter().enumerate() {
                ui.vertical(|ui| {
                    ui.set_width(width);
                    add(ui, width, r * columns + c, item);
                });
            }
        });
        ui.add_space(gap - ui.spacing().item_spacing.y);
    }
}

/// A thin line across.
pub fn rule(ui: &mut Ui) {
    let t = theme::of(ui);
    let (rect, _) = ui.allocate_exact_size(egui::vec2(ui.available_width(), t.space.s), egui::Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(t.shape.hairline, t.bg.line));
}
