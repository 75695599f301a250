//! The quality report: what is odd about the data, counted; a click shows the rows that were counted.

use std::rc::Rc;
use std::sync::Arc;

use egui::{Align, Layout, RichText, ScrollArea, Sense, Ui, UiBuilder, vec2};
use egui_material_icons::icons::{
    ICON_CHECK_CIRCLE, ICON_CHEVRON_RIGHT, ICON_CLOSE, ICON_ERROR, ICON_GROUP, ICON_INFO, ICON_WARNING,
};

use crate::app::{DataTab, RowFilter};
use crate::clean;
use crate::ctx::Ctx;
use crate::format;
use crate::intake::quality::{self, Check, QualityItem};
use crate::intake::{IntakeOut, Role, RolesOut, roles};
use crate::recipe::Roles;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, state, text};

/// Work per cell is small: this many cells are worth a row of the cache's measure.
const CELLS_PER_ROW: usize = 8;

/// The report; `None` until roles are found and values are counted.
pub fn report(ui: &Ui, scene: &mut Scene, intake: &Arc<IntakeOut>) -> Option<Rc<Vec<QualityItem>>> {
    let roles = columns(ui, scene, intake)?;
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
    let Some(item) = items.iter().find(|i| i.id == filter.check && i.column == filter.column).cloned() else {
        scene.view.data.filter = None;
        return None;
    };
    let finding = format!("{:?} {:?}", filter.check, filter.column);
    let input = ((intake.clone(), columns(ui, scene, intake)?), finding);
    let found = scene.cache.get_later("quality rows", input, cost(intake), ui.ctx(), move |((intake, roles), _)| {
        Arc::new(quality::rows(&intake.table, roles, &item, &Ctx::silent()).unwrap_or_default())
    });
    found.map(|rows| Arc::clone(&rows))
}

/// What is known about the columns of the file as it was read, with their roles. Cleaning steps may change columns
/// before the analysis looks at them; then those of the file are described apart.
pub fn columns(ui: &Ui, scene: &mut Scene, intake: &Arc<IntakeOut>) -> Option<Arc<RolesOut>> {
    let recipe = scene.session.recipe()?.clone();
    let current = scene.session.roles.get()?.clone();
    if !recipe.clean.steps.iter().any(|s| s.on) {
        // What was found about a file that was read otherwise does not fit this one.
        let names = current.columns.iter().map(|c| &c.name);
        return names.eq(intake.table.columns.iter().map(|c| &c.name)).then_some(current);
    }
    let input = (intake.clone(), current);
    let made = scene.cache.get_later("data columns", input, cost(intake), ui.ctx(), |(intake, current)| {
        let described = roles::find(&intake.table, &Roles::default(), &Ctx::silent()).ok()?;
        let mut columns = described.columns;
        for column in &mut columns {
            let known = current.columns.iter().find(|c| c.name == column.name);
            column.role = known.and_then(|c| c.role.clone());
            column.role_reason = known.and_then(|c| c.role_reason.clone());
            column.role_confidence = known.and_then(|c| c.role_confidence);
        }
        Some(Arc::new(RolesOut { columns, ..RolesOut::clone(current) }))
    })?;
    Option::clone(&made)
}

fn cost(intake: &IntakeOut) -> usize {
    intake.table.rows * intake.table.columns.len().div_ceil(CELLS_PER_ROW)
}

/// How much a finding matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Problem,
    Warning,
    Note,
}

fn weight(item: &QualityItem, roles: Option<&RolesOut>) -> Weight {
    let plays_a_role = || {
        let column = item.column.as_deref();
        roles.is_some_and(|r| r.roles.iter().any(|found| found.column.is_some() && found.column.as_deref() == column))
    };
    match item.id {
        Check::WrongType | Check::Mojibake => Weight::Problem,
        Check::DuplicateRows | Check::FutureDates | Check::PlaceholderDates | Check::OldDates | Check::DateGap => {
            Weight::Warning
        }
        Check::Missing | Check::Spellings if plays_a_role() => Weight::Warning,
        _ => Weight::Note,
    }
}

/// What a finding counts, in a few words without the count.
fn words(item: &QualityItem) -> String {
    let column = item.column.as_deref().unwrap_or_default();
    match item.id {
        Check::DuplicateRows => "exact duplicates of an earlier row".into(),
        Check::Missing => format!("no value in {column}"),
        Check::Constant => format!("the one value of {column}"),
        Check::WrongType => format!("{column} cannot be read as its type"),
        Check::Outliers => format!("{column} far from the rest"),
        Check::Negative => format!("{column} below zero"),
        Check::Zero => format!("{column} is zero"),
        Check::FutureDates => format!("{column} in the future"),
        Check::OldDates => format!("{column} before 1990"),
        Check::PlaceholderDates => format!("{column} is a stand-in for no date"),
        Check::DateGap => format!("a gap in {column}"),
        Check::Mojibake => format!("{column} has letters of a wrong encoding"),
        Check::OuterSpaces => format!("{column} has spaces around its text"),
        Check::Spellings => format!("{column} has a more common spelling"),
    }
}

/// The list of findings, what matters most first.
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
    let intro =
        "What is odd about the data. Nothing is removed by itself: Clean decides what counts. Click to see the rows.";
    text::muted(ui, intro);
    let known = columns(ui, scene, intake);
    let mut order: Vec<(Weight, &QualityItem)> = items.iter().map(|i| (weight(i, known.as_deref()), i)).collect();
    order.sort_by_key(|(weight, item)| (*weight, std::cmp::Reverse(item.rows)));
    ui.spacing_mut().item_spacing.y = 0.0;
    let height = t.font.body + t.font.small + t.space.l + t.space.xs;
    ScrollArea::vertical().auto_shrink([false, false]).show_rows(ui, height, order.len(), |ui, range| {
        for &(weight, item) in &order[range] {
            if one(ui, item, weight, height) {
                let filter = RowFilter { check: item.id, column: item.column.clone(), words: words(item) };
                scene.view.data.filter = Some(filter);
                let column = item.column.as_ref().and_then(|c| intake.table.position(c)).unwrap_or(0);
                scene.view.data.reveal = Some((0, column));
                scene.view.data.tab = DataTab::Preview;
            }
        }
    });
}

/// Room for the count of rows.
const COUNT: f32 = 76.0;

/// One finding; returns whether it was clicked.
fn one(ui: &mut Ui, item: &QualityItem, weight: Weight, height: f32) -> bool {
    let t = theme::of(ui);
    let (icon, color) = match weight {
        Weight::Problem => (ICON_ERROR, t.state.bad),
        Weight::Warning => (ICON_WARNING, t.state.warn),
        Weight::Note => (ICON_INFO, t.text.faint),
    };
    let words = words(item);
    let (rect, response) = if item.rows > 0 {
        button::row(ui, height, &format!("Show the rows: {words}"), false)
    } else {
        ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover())
    };
    let mut inner = ui.new_child(UiBuilder::new().id_salt(&words).max_rect(rect.shrink2(vec2(t.space.s, 0.0))));
    let ui = &mut inner;
    ui.horizontal_centered(|ui| {
        text::icon(ui, icon, color);
        ui.allocate_ui_with_layout(vec2(COUNT, height), Layout::right_to_left(Align::Center), |ui| {
            ui.set_width(COUNT);
            let count = if item.rows > 0 { format::count(item.rows) } else { "–".into() };
            ui.label(RichText::new(count).size(t.font.body));
        });
        ui.add_space(t.space.xs);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if item.rows > 0 {
                text::icon(ui, ICON_CHEVRON_RIGHT, t.text.faint);
            }
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                ui.spacing_mut().item_spacing.y = t.shape.ring;
                ui.add_space((height - t.font.body - t.font.small - t.space.s - t.shape.ring) / 2.0);
                text::line(ui, capital(&words));
                text::muted_line(ui, state::sentence(&item.text)).on_hover_text(state::sentence(&item.text));
            });
        });
    });
    let line = egui::Stroke::new(t.shape.hairline, t.bg.line);
    ui.painter().hline(rect.x_range(), rect.bottom(), line);
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
