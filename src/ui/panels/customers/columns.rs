//! Which columns are shown, and in which order.

use egui::{Popup, PopupCloseBehavior, RichText, ScrollArea, Ui};
use egui_material_icons::icons::{ICON_ARROW_DOWNWARD, ICON_ARROW_UPWARD, ICON_VIEW_COLUMN};

use crate::explore::customers::{CustomerColumn, CustomerSheet};
use crate::format;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, card};

/// The button with its menu: a box per column, arrows for the order of those that are shown.
pub fn menu(ui: &mut Ui, scene: &mut Scene, sheet: &CustomerSheet, shown: &[CustomerColumn]) {
    let t = theme::of(ui);
    let response = button::plain(ui, ICON_VIEW_COLUMN, "Columns");
    let response = response.on_hover_text("Choose which columns are shown, and in which order");
    let mut chosen: Option<Vec<CustomerColumn>> = None;
    let mut reset = false;
    Popup::menu(&response).close_behavior(PopupCloseBehavior::CloseOnClickOutside).gap(t.space.xs).show(|ui| {
        ui.reset_style();
        ui.set_width(t.frame.explain);
        let all = sheet.columns();
        ui.horizontal(|ui| {
            let words = format!("{} of {} columns shown", format::count(shown.len()), format::count(all.len()));
            ui.label(RichText::new(words).size(t.font.small).color(t.text.muted));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                reset = ui
                    .add_enabled_ui(scene.view.customers.columns.is_some(), |ui| button::link(ui, "Reset"))
                    .inner
                    .clicked();
            });
        });
        card::rule(ui);
        let hidden: Vec<CustomerColumn> = all.into_iter().filter(|c| !shown.contains(c)).collect();
        let high = 12.0 * t.shape.control;
        ScrollArea::vertical().max_height(high).min_scrolled_height(high).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = t.shape.ring;
            for (i, column) in shown.iter().chain(&hidden).enumerate() {
                if i == shown.len() {
                    card::rule(ui);
                }
                line(ui, sheet, shown, i, column, &mut chosen);
            }
        });
    });
    if reset {
        scene.view.customers.columns = None;
    } else if chosen.is_some() {
        scene.view.customers.columns = chosen;
    }
}

fn line(
    ui: &mut Ui,
    sheet: &CustomerSheet,
    shown: &[CustomerColumn],
    at: usize,
    column: &CustomerColumn,
    chosen: &mut Option<Vec<CustomerColumn>>,
) {
    let label = column.label(sheet);
    ui.horizontal(|ui| {
        let mut on = at < shown.len();
        let last = on && shown.len() == 1;
        let tick = ui.add_enabled_ui(!last, |ui| ui.checkbox(&mut on, label.as_str())).inner;
        if tick.on_hover_text(column.definition(sheet)).changed() {
            *chosen = Some(match on {
                true => shown.iter().chain([column]).cloned().collect(),
                false => shown.iter().filter(|c| *c != column).cloned().collect(),
            });
        }
        if at >= shown.len() {
            return;
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            for (icon, words, to) in [
                (ICON_ARROW_DOWNWARD, "Move down", Some(at + 1).filter(|to| *to < shown.len())),
                (ICON_ARROW_UPWARD, "Move up", at.checked_sub(1)),
            ] {
                let name = format!("{words}: {label}");
                let response = ui.add_enabled_ui(to.is_some(), |ui| button::icon(ui, icon, &name)).inner;
                if let Some(to) = to.filter(|_| response.clicked()) {
                    let mut order = shown.to_vec();
                    order.swap(at, to);
                    *chosen = Some(order);
                }
            }
        });
    });
}
