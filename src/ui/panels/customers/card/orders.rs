//! What a customer bought: products, and orders with their lines.

use egui::{Align, Label, Layout, RichText, Ui};
use egui_material_icons::icons::{ICON_EXPAND_LESS, ICON_EXPAND_MORE};

use super::section;
use crate::format;
use crate::intake::dates::date_of;
use crate::profile::card::{Line, Order, ProductSum, Purchases};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, choice, text};

const PRODUCTS: usize = 8;
/// Orders listed until somebody asks for more.
const ORDERS: usize = 12;
/// Lines of one order shown.
const LINES: usize = 200;

/// The products with the most money or the most pieces.
pub fn products(ui: &mut Ui, scene: &mut Scene, purchases: &Purchases) {
    if purchases.products.is_empty() {
        return;
    }
    let t = theme::of(ui);
    ui.add_space(t.space.s);
    let by_pieces = scene.view.customers.products_by_pieces;
    ui.horizontal(|ui| {
        text::heading(ui, "Top products");
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let pieces = if purchases.has_pieces { "Pieces" } else { "Rows" };
            let options = [(false, "Money", "Those with the most money"), (true, pieces, "Those bought most often")];
            if let Some(picked) = choice::segmented(ui, "Top products by", &options, by_pieces) {
                scene.view.customers.products_by_pieces = picked;
            }
        });
    });
    let mut top: Vec<&ProductSum> = purchases.products.iter().collect();
    if by_pieces {
        top.sort_by(|a, b| b.pieces.total_cmp(&a.pieces));
    }
    for product in top.iter().take(PRODUCTS) {
        let name = if product.description.is_empty() { &product.product } else { &product.description };
        let shown = match by_pieces {
            true => format::number(product.pieces, 0),
            false => format::money(product.amount, scene.currency()),
        };
        let hint = format!(
            "{} {}\n{}, {} {}, in {}; returns taken off",
            product.product,
            product.description,
            format::money(product.amount, scene.currency()),
            format::number(product.pieces, 0),
            if purchases.has_pieces { "pieces" } else { "rows" },
            format::plural(product.orders, "order", "orders"),
        );
        two_ends(ui, name, &shown).on_hover_text(hint);
    }
    let more = purchases.products.len().saturating_sub(PRODUCTS);
    if more > 0 {
        text::muted(ui, format!("and {}", format::plural(more, "other product", "other products")));
    }
}

/// A long text on the left that is cut, a number on the right that is not.
pub fn two_ends(ui: &mut Ui, left: &str, right: &str) -> egui::Response {
    let t = theme::of(ui);
    ui.scope(|ui| {
        ui.spacing_mut().interact_size.y = t.font.body + t.space.xs;
        ui.with_layout(Layout::right_to_left(Align::Center).with_main_wrap(false), |ui| {
            ui.set_height(t.font.body + t.space.xs);
            ui.label(RichText::new(right).size(t.font.small).color(t.text.normal));
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(Label::new(RichText::new(left).size(t.font.small).color(t.text.muted)).truncate())
            })
            .inner
        })
        .inner
    })
    .inner
}

/// Orders from the latest; a click shows the lines of one.
pub fn list(ui: &mut Ui, scene: &mut Scene, purchases: &Purchases) {
    let t = theme::of(ui);
    section(ui, "Orders and returns");
    ui.spacing_mut().item_spacing.y = t.shape.ring;
    let shown = ORDERS + scene.view.customers.orders_listed;
    for (i, order) in purchases.orders.iter().enumerate().take(shown) {
        one(ui, scene, i, order);
    }
    let more = purchases.orders.len().saturating_sub(shown);
    if more > 0 {
        let words = format!("Show {} more of {}", format::count(more.min(50)), format::count(more));
        if button::link(ui, &words).clicked() {
            scene.view.customers.orders_listed += 50;
        }
    }
}

fn one(ui: &mut Ui, scene: &mut Scene, at: usize, order: &Order) {
    let t = theme::of(ui);
    let open = scene.view.customers.open_order == Some(at);
    let day = date_of(order.day);
    let number = order.invoice.as_deref().unwrap_or("");
    let what = if order.is_return { "Return" } else { "Order" };
    let name = format!("{what} {number} of {day}");
    let (rect, response) = button::row(ui, t.shape.row, &name, open);
    let mut row = ui.new_child(egui::UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center)));
    let faint = !order.counts;
    let color = if faint { t.text.faint } else { t.text.normal };
    let glyph = if open { ICON_EXPAND_LESS } else { ICON_EXPAND_MORE };
    row.label(glyph.rich_text().size(t.font.body).color(t.text.faint));
    let small =
        |words: String, color| Label::new(RichText::new(words).size(t.font.small).color(color)).selectable(false);
    row.add(small(day.to_string(), color));
    row.add(small(number.to_string(), t.text.muted));
    if order.is_return {
        text::tinted(&mut row, "return", t.bg.hover, t.state.warn);
    }
    if faint {
        text::tinted(&mut row, "outside the window", t.bg.hover, t.text.muted);
    }
    row.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.add_space(t.space.xs);
        ui.add(small(format::money(order.amount, scene.currency()), color));
        ui.add(small(format::plural(order.lines.len(), "line", "lines"), t.text.faint));
    });
    if response.clicked() {
        scene.view.customers.open_order = (!open).then_some(at);
    }
    if open {
        ui.indent(("lines", at), |ui| {
            order.lines.iter().take(LINES).for_each(|line| one_line(ui, scene, line));
            if order.lines.len() > LINES {
                text::muted(ui, format!("and {} more lines", format::count(order.lines.len() - LINES)));
            }
        });
    }
}

fn one_line(ui: &mut Ui, scene: &Scene, line: &Line) {
    let what = match (line.description.is_empty(), line.product.is_empty()) {
        (false, _) => line.description.as_str(),
        (true, false) => line.product.as_str(),
        (true, true) => "Row without a product",
    };
    let pieces = line.quantity.map_or(String::new(), |q| format!("{} × ", format::short(q)));
    let hint = format!("{} {}", line.product, line.description);
    two_ends(ui, &format!("{pieces}{what}"), &format::money(line.amount, scene.currency())).on_hover_text(hint);
}
