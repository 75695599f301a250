//! Customers who moved, one per row: from where to where, and with how much money.

use std::rc::Rc;
use std::sync::Arc;

use egui::{Align, Label, Layout, RichText, Sense, Ui};
use egui_extras::{Column, TableBuilder};
use egui_material_icons::icons::{ICON_ARROW_DOWNWARD, ICON_ARROW_UPWARD};

use super::moves;
use crate::app::MovedSort;
use crate::format;
use crate::rfm::{Migration, Moved, Movement};
use crate::ui::panels::rfm::{ink, made};
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::text;

/// Name, hint and whether numbers stand in it.
const COLUMNS: [(&str, &str, bool); 6] = [
    ("Customer", "Customer id as in the file", false),
    ("From", "Segment at the earlier date", false),
    ("To", "Segment at the later date", false),
    ("Spent then", "Net spend up to the earlier date", true),
    ("Spent now", "Net spend up to the later date", true),
    ("Change", "Net spend between the two dates", true),
];

/// Draws the customers who moved `which` way in the room there is. Clicking a row selects that customer.
pub fn show(ui: &mut Ui, scene: &mut Scene, migration: &Arc<Option<Migration>>, which: Movement) {
    let t = theme::of(ui);
    let Some(found) = migration.as_ref() else { return };
    let sort = scene.view.rfm.moved_sort;
    let Some(order) = order(ui, scene, migration, which, sort) else {
        text::muted(ui, "Sorting…");
        return;
    };
    if order.is_empty() {
        text::muted(ui, if which == Movement::Up { "Nobody moved up." } else { "Nobody slipped." });
        return;
    }
    let mut clicked = None;
    let mut new_sort = None;
    ui.spacing_mut().item_spacing = egui::vec2(t.space.m, 0.0);
    let words = ((ui.available_width() - 4.0 * 84.0 - 5.0 * t.space.m - t.space.m) / 2.0).clamp(96.0, 240.0);
    let mut table = TableBuilder::new(ui)
        .id_salt(("moved", which as usize))
        .sense(Sense::click())
        .cell_layout(Layout::left_to_right(Align::Center))
        .auto_shrink([false, false])
        .min_scrolled_height(0.0);
    for (i, _) in COLUMNS.iter().enumerate() {
        table = table.column(Column::exact(if i == 1 || i == 2 { words } else { 84.0 }).clip(true));
    }
    table
        .header(t.shape.row, |mut header| {
            for (i, (name, hint, number)) in COLUMNS.iter().enumerate() {
                header.col(|ui| {
                    if heading(ui, name, hint, *number, (sort.column == i).then_some(sort.descending)) {
                        let descending = if sort.column == i { !sort.descending } else { *number };
                        new_sort = Some(MovedSort { column: i, descending });
                    }
                });
            }
        })
        .body(|body| {
            body.rows(t.shape.row, order.len(), |mut row| {
                let customer = &found.customers[order[row.index()] as usize];
                row.set_selected(customer.place.is_some_and(|p| scene.selection.contains(p)));
                for (i, (_, _, number)) in COLUMNS.iter().enumerate() {
                    row.col(|ui| {
                        if *number {
                            let words = format::money(money(customer, i), scene.currency());
                            return right(ui, &words);
                        }
                        let segment = [None, customer.from, customer.to][i];
                        if let Some(segment) = segment {
                            ui.spacing_mut().item_spacing.x = t.space.s;
                            text::dot(ui, ink::color(t, &found.map, usize::from(segment)));
                        }
                        let words = if i == 0 { customer.id.clone() } else { moves::name(found, segment, "–") };
                        ui.add(Label::new(RichText::new(words).size(t.font.small)).truncate());
                    });
                }
                if row.response().clicked() {
                    clicked = Some(customer.clone());
                }
            });
        });
    if let Some(sort) = new_sort {
        scene.view.rfm.moved_sort = sort;
    }
    if let Some((customer, place)) = clicked.and_then(|c| c.place.map(|p| (c, p))) {
        scene.select(vec![place], format!("Customer {}", customer.id));
    }
}

fn money(customer: &Moved, column: usize) -> f64 {
    match column {
        3 => customer.spent_before,
        4 => customer.spent_after,
        _ => customer.spent_after - customer.spent_before,
    }
}

/// Places among the customers of the comparison, in the order asked for.
fn order(
    ui: &Ui,
    scene: &mut Scene,
    migration: &Arc<Option<Migration>>,
    which: Movement,
    sort: MovedSort,
) -> Option<Rc<Vec<u32>>> {
    let slot = if which == Movement::Up { "moved up" } else { "slipping" };
    let rows = migration.as_ref().as_ref().map_or(0, |m| m.customers.len());
    let input = (migration.clone(), sort.column, sort.descending);
    made::of(ui, scene, slot, input, rows, move |(migration, column, descending)| {
        let Some(found) = migration.as_ref() else { return Vec::new() };
        let rank = |s: u8| found.ranks.of.get(usize::from(s)).copied().flatten();
        let place = |s: Option<u8>| s.and_then(rank).map_or(f64::MAX, f64::from);
        let key = |i: u32| {
            let c = &found.customers[i as usize];
            match column {
                0 => f64::from(i),
                1 => place(c.from),
                2 => place(c.to),
                column => money(c, *column),
            }
        };
        let moved = |i: &u32| found.movement(&found.customers[*i as usize]) == which;
        let mut rows: Vec<(f64, u32)> = (0..found.customers.len() as u32).filter(moved).map(|i| (key(i), i)).collect();
        rows.sort_unstable_by(|a, b| {
            let by = a.0.total_cmp(&b.0);
            (if *descending { by.reverse() } else { by }).then(a.1.cmp(&b.1))
        });
        rows.into_iter().map(|r| r.1).collect()
    })
}

fn right(ui: &mut Ui, words: &str) {
    let t = theme::of(ui);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.add(Label::new(RichText::new(words).size(t.font.small)).truncate());
    });
}

/// A column's head; returns whether it was clicked.
fn heading(ui: &mut Ui, name: &str, hint: &str, number: bool, sorted: Option<bool>) -> bool {
    let t = theme::of(ui);
    let layout = if number { Layout::right_to_left(Align::Center) } else { Layout::left_to_right(Align::Center) };
    ui.with_layout(layout, |ui| {
        ui.spacing_mut().item_spacing.x = t.shape.ring;
        let color = if sorted.is_some() { t.text.normal } else { t.text.muted };
        let label = RichText::new(name).size(t.font.small).family(semibold()).color(color);
        let response = ui.add(Label::new(label).truncate().sense(Sense::click()));
        if let Some(descending) = sorted {
            let icon = if descending { ICON_ARROW_DOWNWARD } else { ICON_ARROW_UPWARD };
            ui.label(icon.rich_text().size(t.font.small).color(t.accent.normal));
        }
        response.on_hover_text(format!("{hint}\nClick to sort")).clicked()
    })
    .inner
}
