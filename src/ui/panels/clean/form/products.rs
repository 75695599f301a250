//! Lines that are no products: the proposals with their reasons, and values of the user's own.

use egui::{Align, Label, Layout, RichText, Ui, vec2};
use egui_material_icons::icons::{ICON_ADD, ICON_CLOSE};

use super::controls::{WIDTH, field, one_column};
use super::{Place, any, lists};
use crate::clean::steps::Suggestion;
use crate::format;
use crate::intake::Role;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::choice::setting;
use crate::ui::widgets::{button, text};

/// Lines of proposals drawn at once without scrolling.
const LINES: usize = 8;

pub fn show(
    ui: &mut Ui,
    scene: &mut Scene,
    place: &Place,
    column: &mut String,
    values: &mut Vec<String>,
    typed: &mut String,
) {
    let roles = scene.session.roles.get().cloned();
    if column.is_empty()
        && let Some(product) = roles.as_ref().and_then(|r| r.column(Role::Product))
    {
        *column = product.to_string();
    }
    setting(ui, "Column of products", "", |ui| {
        ui.set_max_width(WIDTH);
        one_column(ui, place, "Column of products", column, any);
    });
    let input = (place.prepared.clone(), place.at, roles);
    let found = scene.cache.follow("non-products here", input, ui.ctx(), |(prepared, at, roles), ctx| {
        roles.as_ref().map_or(Some(Vec::new()), |roles| prepared.non_products(*at, roles, ctx).ok())
    });
    let found = found.value.unwrap_or_default();
    let proposals: Vec<&Suggestion> = found.iter().filter(|s| s.column == *column).collect();
    if !proposals.is_empty() {
        ui.scope(|ui| table(ui, scene, &proposals, values));
    }
    others(ui, scene, place, column, &proposals, values, typed);
}

/// Widths of value, reason, rows and money; the description has the rest.
const COLUMNS: [f32; 4] = [104.0, 168.0, 56.0, 84.0];

fn table(ui: &mut Ui, scene: &Scene, proposals: &[&Suggestion], values: &mut Vec<String>) {
    let t = theme::of(ui);
    ui.horizontal(|ui| {
        text::heading(ui, format!("{} may be no products", format::plural(proposals.len(), "value", "values")));
        if button::link(ui, "Tick all").clicked() {
            let more: Vec<String> = proposals.iter().map(|s| s.value.clone()).filter(|v| !values.contains(v)).collect();
            values.extend(more);
        }
        if button::link(ui, "Tick none").clicked() {
            values.retain(|v| proposals.iter().all(|s| s.value != *v));
        }
    });
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.spacing_mut().interact_size.y = t.shape.row;
    egui::ScrollArea::vertical()
        .id_salt("proposals")
        .max_height(LINES as f32 * t.shape.row)
        .auto_shrink([false, true])
        .show_rows(ui, t.shape.row, proposals.len(), |ui, shown| {
            for &proposal in &proposals[shown] {
                line(ui, scene, proposal, values);
            }
        });
}

fn line(ui: &mut Ui, scene: &Scene, proposal: &Suggestion, values: &mut Vec<String>) {
    let t = theme::of(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = t.shape.row;
        let mut on = values.contains(&proposal.value);
        let tick = ui.checkbox(&mut on, "").accessible_name(format!("Exclude {}", proposal.value));
        if tick.changed() {
            if on {
                values.push(proposal.value.clone());
            } else {
                values.retain(|v| *v != proposal.value);
            }
        }
        let gaps = 4.0 * ui.spacing().item_spacing.x;
        let rest = (ui.available_width() - COLUMNS.iter().sum::<f32>() - gaps - t.space.s).max(0.0);
        let small = |text: &str, color| RichText::new(text.to_string()).size(t.font.small).color(color);
        let left = Layout::left_to_right(Align::Center);
        let right = Layout::right_to_left(Align::Center);
        let description = proposal.description.as_deref().unwrap_or("");
        let rows = format::count(proposal.rows);
        let money = format::money(proposal.amount, scene.currency());
        cell(ui, COLUMNS[0], left, small(&proposal.value, t.text.normal).family(semibold()));
        cell(ui, rest, left, small(description, t.text.muted));
        cell(ui, COLUMNS[1], left, small(&proposal.reason, t.text.muted));
        cell(ui, COLUMNS[2], right, small(&rows, t.text.normal)).on_hover_text("Rows");
        cell(ui, COLUMNS[3], right, small(&money, t.text.normal)).on_hover_text("Money of these rows");
    });
}

fn cell(ui: &mut Ui, width: f32, layout: Layout, text: RichText) -> egui::Response {
    let height = theme::of(ui).shape.row;
    ui.allocate_ui_with_layout(vec2(width, height), layout, |ui| {
        ui.set_width(width);
        ui.add(Label::new(text).truncate())
    })
    .inner
}

/// Values that nobody proposed: each can be taken out again, and more can be typed or picked.
fn others(
    ui: &mut Ui,
    scene: &mut Scene,
    place: &Place,
    column: &str,
    proposals: &[&Suggestion],
    values: &mut Vec<String>,
    typed: &mut String,
) {
    let own: Vec<String> = values.iter().filter(|v| proposals.iter().all(|s| s.value != **v)).cloned().collect();
    if !own.is_empty() {
        ui.horizontal_wrapped(|ui| {
            text::muted(ui, "Also:");
            for value in own {
                ui.label(&value);
                if button::icon(ui, ICON_CLOSE, &format!("Keep {value}")).clicked() {
                    values.retain(|v| *v != value);
                }
            }
        });
    }
    ui.horizontal(|ui| {
        field(ui, "Another value to exclude", "another value", WIDTH, typed);
        let entered = !typed.trim().is_empty();
        if ui.add_enabled_ui(entered, |ui| button::plain(ui, ICON_ADD, "Exclude it too")).inner.clicked() {
            values.push(typed.trim().to_string());
            typed.clear();
        }
        if let Some(picked) = lists::pick_value(ui, scene, place, column).filter(|p| !values.contains(p)) {
            values.push(picked);
        }
    });
}
