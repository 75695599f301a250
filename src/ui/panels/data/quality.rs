//! The quality report: what is odd about the data, counted; a click shows the rows that were counted.

use std::rc::Rc;
use std::sync::Arc;

use egui::{Align, Layout, RichText, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, vec2};
use egui_material_icons::MaterialIcon;
use egui_material_icons::icons::{
    ICON_CHECK_CIRCLE, ICON_CHEVRON_RIGHT, ICON_CLOSE, ICON_ERROR, ICON_GROUP, ICON_INFO, ICON_WARNING,
};

use crate::app::{DataTab, RowFilter};
use crate::clean;
use crate::ctx::Ctx;
use crate::format;
use crate::intake::quality::{self, QualityItem, Severity};
use crate::intake::{IntakeOut, Role, RolesOut};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, state, text};

/// Work per cell is small: this many cells are worth a row of the cache's measure.
const CELLS_PER_ROW: usize = 8;

/// The report; `None` until roles are found and values are counted.
pub fn report(ui: &Ui, scene: &mut Scene, intake: &Arc<IntakeOut>) -> Option<Rc<Vec<QualityItem>>> {
    let roles = roles(scene, intake)?;
    let input = (intake.clone(), roles);
    scene.cache.get_later("quality", input, cost(intake), ui.ctx(), |(intake, roles)| {
        // Nobody can stop it, so it only fails with a bug; then nothing is reported rather than something wrong.
        quality::report(&intake.table, roles, &Ctx::silent()).unwrap_or_default()
    })
}

/// The rows that the filter of the panel stands for, ascending; `None` without a filter, or until they are found.
pub fn filtered(ui: &Ui, scene: &mut Scene, intake: &Arc<IntakeOut>) -> Option<Arc<Vec<u32>>> {
    let filter = scene.view.data.filter.clone()?;
    let items = report(ui, scene, intake)?;
    // After a change of structure the finding may be gone.
    let Some(item) = items.iter().find(|i| i.id == filter.id).cloned() else {
        scene.view.data.filter = None;
        return None;
    };
    let input = ((intake.clone(), roles(scene, intake)?), filter.id);
    let found = scene.cache.get_later("quality rows", input, cost(intake), ui.ctx(), move |((intake, roles), _)| {
        Arc::new(quality::rows(&intake.table, roles, &item, &Ctx::silent()).unwrap_or_default())
    });
    found.map(|rows| Arc::clone(&rows))
}

fn roles(scene: &Scene, intake: &IntakeOut) -> Option<Arc<RolesOut>> {
    // Roles of a table that was read otherwise do not fit this one.
    scene.session.roles.ready().filter(|r| r.columns.len() == intake.table.columns.len()).cloned()
}

fn cost(intake: &IntakeOut) -> usize {
    intake.table.rows * intake.table.columns.len().div_ceil(CELLS_PER_ROW)
}

/// The list of findings.
pub fn show(ui: &mut Ui, scene: &mut Scene, intake: &Arc<IntakeOut>) {
    let t = theme::of(ui);
    let Some(items) = report(ui, scene, intake) else {
        text::muted(ui, "Looking at every value…");
        return;
    };
    if items.is_empty() {
        state::empty(ui, ICON_CHECK_CIRCLE, "Nothing odd was found in the data.", None);
        return;
    }
    text::muted(ui, "What is odd about the data. Nothing here is removed by itself: Clean decides what counts. Click to see the rows.");
    ui.add_space(t.space.xs);
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for item in items.iter() {
            if one(ui, item) {
                scene.view.data.filter = Some(RowFilter { id: item.id.clone(), words: item.words.clone() });
                let column = item.column.as_ref().and_then(|c| intake.table.position(c)).unwrap_or(0);
                scene.view.data.reveal = Some((0, column));
                scene.view.data.tab = DataTab::Preview;
            }
        }
    });
}

/// One finding; returns whether it was clicked.
fn one(ui: &mut Ui, item: &QualityItem) -> bool {
    let t = theme::of(ui);
    let (icon, color): (MaterialIcon, _) = match item.severity {
        Severity::Problem => (ICON_ERROR, t.state.bad),
        Severity::Warning => (ICON_WARNING, t.state.warn),
        Severity::Note => (ICON_INFO, t.text.muted),
    };
    let has_rows = item.rows > 0;
    let sense = if has_rows { Sense::click() } else { Sense::hover() };
    let ground = ui.painter().add(egui::Shape::Noop);
    let shown = ui.scope_builder(UiBuilder::new().id_salt(&item.id).sense(sense), |ui| {
        egui::Frame::new().inner_margin(t.space.s).show(ui, |ui| {
            ui.horizontal_top(|ui| {
                text::icon(ui, icon, color);
                let count = if has_rows { format::count(item.rows) } else { String::new() };
                ui.allocate_ui_with_layout(vec2(72.0, t.font.icon), Layout::right_to_left(Align::Min), |ui| {
                    ui.set_width(72.0);
                    ui.label(RichText::new(count).size(t.font.body));
                });
                ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                    text::icon(ui, ICON_CHEVRON_RIGHT, if has_rows { t.text.faint } else { egui::Color32::TRANSPARENT });
                    ui.with_layout(Layout::top_down(Align::Min), |ui| {
                        ui.add(egui::Label::new(RichText::new(state::sentence(&item.sentence))).wrap());
                        if !item.examples.is_empty() {
                            text::muted_line(ui, format!("For example {}", item.examples.join(", ")));
                        }
                    });
                });
            });
        });
    });
    let response = shown.response;
    if has_rows {
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, format!("Show the rows: {}", item.words)));
        if response.hovered() || response.has_focus() {
            ui.painter().set(ground, egui::Shape::rect_filled(response.rect, t.shape.radius, t.bg.hover));
        }
    }
    let y = response.rect.bottom();
    ui.painter().hline(response.rect.x_range(), y, egui::Stroke::new(t.shape.hairline, t.bg.line));
    response.clicked()
}

/// Above the table while it shows some rows only: which, how to see all again, and whose they are.
pub fn filter_bar(ui: &mut Ui, scene: &mut Scene, intake: &Arc<IntakeOut>, rows: Option<&Arc<Vec<u32>>>) {
    let t = theme::of(ui);
    let Some(filter) = scene.view.data.filter.clone() else { return };
    let margin = egui::Margin::symmetric(t.space.s as i8, t.space.xs as i8);
    egui::Frame::new().fill(t.accent.soft).corner_radius(t.shape.radius).inner_margin(margin).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.set_width(ui.available_width());
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if button::icon(ui, ICON_CLOSE, "Show all rows").clicked() {
                    scene.view.data.filter = None;
                }
                if let Some(rows) = rows {
                    select(ui, scene, intake, rows, &filter.words);
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let of = format::count(intake.table.rows);
                    let words = match rows {
                        Some(rows) => format!("Showing {} of {of} rows: {}", format::count(rows.len()), filter.words),
                        None => format!("Looking for the rows: {}", filter.words),
                    };
                    text::line(ui, words);
                });
            });
        });
    });
}

/// Offers to select the customers of the rows, in every table and plot.
fn select(ui: &mut Ui, scene: &mut Scene, intake: &Arc<IntakeOut>, rows: &Arc<Vec<u32>>, words: &str) {
    let Some(rfm) = scene.session.rfm.ready().cloned() else { return };
    let Some(column) = scene.session.roles.ready().and_then(|r| r.column(Role::CustomerId)) else { return };
    let Some(at) = intake.table.position(column) else { return };
    let input = ((rows.clone(), intake.clone()), rfm, at);
    let customers =
        scene.cache.get_later("quality customers", input, intake.table.rows, ui.ctx(), |((rows, intake), rfm, at)| {
            let (column, ids) = (&intake.table.columns[*at], &rfm.customers.ids);
            clean::customers_of_rows(column, rows, ids, &Ctx::silent()).unwrap_or_default()
        });
    let Some(customers) = customers.filter(|c| !c.is_empty()) else { return };
    let label = format!("Select {}", format::plural(customers.len(), "customer", "customers"));
    let hint = "Selects the customers of these rows in every table and plot";
    if button::plain(ui, ICON_GROUP, &label).on_hover_text(hint).clicked() {
        scene.select(customers.to_vec(), capital(words));
    }
}

fn capital(words: &str) -> String {
    state::sentence(words).trim_end_matches('.').to_string()
}
