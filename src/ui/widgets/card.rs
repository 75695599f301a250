//! Cards: a quiet ground, a hairline, air.

use egui::{Frame, InnerResponse, Margin, Rect, Stroke, Ui};

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

/// Cards side by side in `columns` of equal width, all of a row as high as its highest. Returns their outer
/// rectangles.
pub fn grid<T>(ui: &mut Ui, columns: usize, items: &[T], mut add: impl FnMut(&mut Ui, usize, &T)) -> Vec<Rect> {
    aligned(ui, columns, items, 1, |ui, i, item, _| add(ui, i, item))
}

/// The same for cards of several parts, one below the other: those of one row begin at the same height. A part in which
/// no card of a row draws anything takes no room.
pub fn aligned<T>(
    ui: &mut Ui,
    columns: usize,
    items: &[T],
    parts: usize,
    mut add: impl FnMut(&mut Ui, usize, &T, usize),
) -> Vec<Rect> {
    let t = theme::of(ui);
    let (gap, border) = (t.space.m, 2.0 * (t.space.m + t.shape.hairline));
    let columns = columns.max(1);
    let width = ((ui.available_width() - gap * (columns - 1) as f32) / columns as f32).floor();
    let mut cards = Vec::with_capacity(items.len());
    for (r, row) in items.chunks(columns).enumerate() {
        // What the highest needed in the last frame is what all get in this one.
        let id = ui.scope_id().with(("row of cards", r, columns));
        let known: Vec<f32> = ui.data(|d| d.get_temp(id)).unwrap_or_default();
        let known = |part: usize| known.get(part).copied().unwrap_or(0.0);
        let mut needed = vec![0.0f32; parts];
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = gap;
            for (c, item) in row.iter().enumerate() {
                let shown = frame(ui).show(ui, |ui| {
                    ui.set_width(width - border);
                    ui.vertical(|ui| {
                        let spacing = std::mem::replace(&mut ui.spacing_mut().item_spacing, egui::Vec2::ZERO);
                        for (part, needed) in needed.iter_mut().enumerate() {
                            let top = ui.next_widget_position().y;
                            let content = ui.scope(|ui| {
                                ui.spacing_mut().item_spacing = spacing;
                                ui.set_width(width - border);
                                add(ui, r * columns + c, item, part);
                                ui.min_rect().height()
                            });
                            *needed = needed.max(content.inner);
                            let used = ui.next_widget_position().y - top;
                            ui.add_space((known(part) - used).max(0.0));
                        }
                    });
                });
                cards.push(shown.response.rect);
            }
        });
        if needed.iter().enumerate().any(|(part, needed)| (needed - known(part)).abs() > 0.5) {
            ui.data_mut(|d| d.insert_temp(id, needed));
            ui.ctx().request_repaint();
        }
        ui.add_space(gap - ui.spacing().item_spacing.y);
    }
    cards
}

/// Blocks of the given widths from left to right, on as many rows as they need.
pub fn flow(ui: &mut Ui, widths: &[f32], mut add: impl FnMut(&mut Ui, usize)) {
    let gap = theme::of(ui).space.l;
    let room = ui.available_width();
    let mut from = 0;
    while from < widths.len() {
        let (mut to, mut used) = (from + 1, widths[from]);
        while to < widths.len() && used + gap + widths[to] <= room {
            used += gap + widths[to];
            to += 1;
        }
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = gap;
            for (i, &width) in widths.iter().enumerate().take(to).skip(from) {
                ui.vertical(|ui| {
                    ui.set_width(width);
                    ui.spacing_mut().item_spacing.x = theme::of(ui).space.s;
                    add(ui, i);
                });
            }
        });
        from = to;
    }
}

/// A thin line across.
pub fn rule(ui: &mut Ui) {
    let t = theme::of(ui);
    let (rect, _) = ui.allocate_exact_size(egui::vec2(ui.available_width(), t.space.s), egui::Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(t.shape.hairline, t.bg.line));
}
