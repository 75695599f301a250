//! The table of customers that Features, Segments and Profiles share: virtual, sorted by any column.

use std::rc::Rc;
use std::sync::Arc;

use egui::{Align, Label, Layout, RichText, Sense, Ui};
use egui_extras::{Column, TableBuilder};
use egui_material_icons::icons::{ICON_ARROW_DOWNWARD, ICON_ARROW_UPWARD};

use super::text;
use crate::app::Sort;
use crate::cluster::Chosen;
use crate::format;
use crate::profile::Profile;
use crate::rfm::{RfmOut, Unit};
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;

/// What the table shows.
pub struct Customers<'a> {
    /// A name of its own for widths and order.
    pub slot: &'static str,
    pub rfm: &'a Arc<RfmOut>,
    /// Clusters with their names, where they belong to the same customers.
    pub clusters: Option<(&'a Arc<Chosen>, &'a Arc<Vec<Profile>>)>,
    /// Which customers; all of them without it.
    pub only: Option<Arc<Vec<u32>>>,
}

/// Features shown of a table that has no recency, frequency and monetary.
const MOST_FEATURES: usize = 5;

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Cell {
    Id,
    /// By place in the customer table.
    Feature(usize),
    Scores,
    Segment,
    Cluster,
}

/// The columns there are: what was counted, or else the features that are clustered.
fn cells(rfm: &RfmOut, clusters: bool) -> Vec<Cell> {
    let mut cells = vec![Cell::Id];
    cells.extend(shown_features(rfm, MOST_FEATURES).into_iter().map(Cell::Feature));
    if !rfm.segment.is_empty() {
        cells.extend([Cell::Scores, Cell::Segment]);
    }
    if clusters {
        cells.push(Cell::Cluster);
    }
    cells
}

/// Places of the features by which people know a customer: recency, frequency and monetary where there are such, else
/// up to `most` of those that are clustered by.
pub fn shown_features(rfm: &RfmOut, most: usize) -> Vec<usize> {
    match rfm.scores.len() {
        0 => rfm.usual.iter().filter_map(|name| rfm.customers.position(name)).take(most).collect(),
        axes => (0..axes).collect(),
    }
}

/// Draws the table in the room there is. Clicking a row selects that customer.
pub fn show(ui: &mut Ui, scene: &mut Scene, what: &Customers) {
    let t = theme::of(ui);
    let rfm = what.rfm;
    let cells = cells(rfm, what.clusters.is_some());
    let sort = scene.view.sort;
    let order = order(ui.ctx(), scene, what, sort, &cells);
    let mut clicked = None;
    let mut new_sort = None;
    let heading_of = |cell: Cell| match cell {
        Cell::Id => ("Customer".to_string(), false, "Customer id as in the file".to_string()),
        Cell::Feature(i) => {
            let f = &rfm.customers.features[i];
            (f.label.clone(), true, f.definition.clone())
        }
        Cell::Scores => ("RFM".into(), false, "Scores of recency, frequency and monetary, 1 to 5; 5 is best".into()),
        Cell::Segment => ("Segment".into(), false, "Segment by the recency × frequency grid".into()),
        Cell::Cluster => ("Cluster".into(), false, "Segment found by clustering".into()),
    };
    // Closer together where there is little room.
    let gap = if ui.available_width() > 560.0 { t.space.l } else { t.space.s - 2.0 };
    ui.spacing_mut().item_spacing = egui::vec2(gap, 0.0);
    let mut table = TableBuilder::new(ui)
        .id_salt(what.slot)
        .sense(Sense::click())
        .cell_layout(Layout::left_to_right(Align::Center))
        .auto_shrink([false, false])
        .min_scrolled_height(0.0);
    for (i, cell) in cells.iter().enumerate() {
        let last = i + 1 == cells.len();
        table = table.column(match cell {
            Cell::Id => Column::exact(id_width(rfm, t.font.small)).clip(true),
            Cell::Feature(0) if !rfm.segment.is_empty() => Column::exact(62.0).clip(true),
            Cell::Feature(_) if rfm.segment.is_empty() => Column::exact(96.0).clip(true),
            Cell::Feature(_) => Column::exact(74.0).clip(true),
            Cell::Scores => Column::exact(44.0),
            Cell::Segment if last => Column::remainder().at_least(64.0).clip(true),
            Cell::Segment => Column::exact(124.0).clip(true),
            Cell::Cluster => Column::remainder().at_least(96.0).clip(true),
        });
    }
    table
        .header(t.shape.row, |mut header| {
            for (i, &cell) in cells.iter().enumerate() {
                let (name, right, hint) = heading_of(cell);
                header.col(|ui| {
                    // Scores stand right after right-aligned money: a little air between them.
                    ui.add_space(if cell == Cell::Scores { t.space.xs } else { 0.0 });
                    if heading(ui, &name, right, &hint, (sort.column == i).then_some(sort.descending)) {
                        let descending = if sort.column == i { !sort.descending } else { right };
                        new_sort = Some(Sort { column: i, descending });
                    }
                });
            }
        })
        .body(|body| {
            body.rows(t.shape.row, order.len(), |mut row| {
                let customer = order[row.index()];
                let i = customer as usize;
                row.set_selected(what.only.is_none() && scene.selection.contains(customer));
                for &cell in &cells {
                    row.col(|ui| match cell {
                        Cell::Id => words(ui, &rfm.customers.ids[i]),
                        Cell::Feature(f) => {
                            let feature = &rfm.customers.features[f];
                            number(ui, value(feature.values[i], feature.unit, scene.currency()));
                        }
                        Cell::Scores => {
                            ui.add_space(t.space.xs);
                            let scores: Vec<String> = rfm.scores.iter().map(|a| a.scores[i].to_string()).collect();
                            words(ui, &scores.join(" "));
                        }
                        Cell::Segment => words(ui, &rfm.map.segments[rfm.segment[i] as usize].name),
                        Cell::Cluster => {
                            let Some((chosen, profiles)) = what.clusters else { return };
                            let label = chosen.clustering.labels[i] as usize;
                            text::dot(ui, t.segment(label));
                            words(ui, profiles.get(label).map_or("", |p| p.name.as_str()));
                        }
                    });
                }
                if row.response().clicked() {
                    clicked = Some(customer);
                }
            });
        });
    if let Some(sort) = new_sort {
        scene.view.sort = sort;
    }
    if let Some(customer) = clicked {
        scene.select(vec![customer], format!("Customer {}", rfm.customers.ids[customer as usize]));
    }
}

/// A feature's value in its unit.
pub fn value(value: f64, unit: Unit, currency: Option<&str>) -> String {
    match unit {
        Unit::Money => format::money(value, currency),
        Unit::Days | Unit::Count => format::number(value, 0),
        Unit::Share => format::percent(value),
        Unit::Number | Unit::Words => format::short(value),
    }
}

fn number(ui: &mut Ui, text: String) {
    let t = theme::of(ui);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.add(Label::new(RichText::new(text).size(t.font.small)).truncate());
    });
}

fn words(ui: &mut Ui, text: &str) {
    let t = theme::of(ui);
    ui.add(Label::new(RichText::new(text).size(t.font.small)).truncate());
}

/// Room for the ids, judged by the first of them.
fn id_width(rfm: &RfmOut, font: f32) -> f32 {
    let longest = rfm.customers.ids.iter().take(64).map(|id| id.chars().count()).max().unwrap_or(0);
    (longest as f32 * font * 0.66).clamp(62.0, 150.0)
}

/// A column's head; returns whether it was clicked.
fn heading(ui: &mut Ui, name: &str, right: bool, hint: &str, sorted: Option<bool>) -> bool {
    let t = theme::of(ui);
    let layout = if right { Layout::right_to_left(Align::Center) } else { Layout::left_to_right(Align::Center) };
    ui.with_layout(layout, |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
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

/// Places in the customer table in the order asked for; made once per table, rows and order.
fn order(ctx: &egui::Context, scene: &mut Scene, what: &Customers, sort: Sort, cells: &[Cell]) -> Rc<Vec<u32>> {
    // The order chosen in another table may name a column that this one does not have.
    let by = cells.get(sort.column).copied().unwrap_or(Cell::Id);
    let labels = what.clusters.map(|(chosen, _)| chosen.clone());
    let key = ((what.rfm.clone(), labels), what.only.clone(), sort);
    let rows = what.only.as_ref().map_or(what.rfm.customers.len(), |o| o.len());
    let made = scene.cache.get_later(what.slot, key, rows, ctx, move |((rfm, chosen), only, sort)| -> Vec<u32> {
        let key = |c: u32| -> f64 {
            let i = c as usize;
            match by {
                Cell::Id => f64::from(c),
                Cell::Feature(f) => rfm.customers.features[f].values[i],
                Cell::Scores => rfm.scores.iter().fold(0.0, |sum, axis| sum * 100.0 + f64::from(axis.scores[i])),
                Cell::Segment => f64::from(rfm.segment[i]),
                Cell::Cluster => chosen.as_ref().map_or(0.0, |c| f64::from(c.clustering.labels[i])),
            }
        };
        let keyed = |c: u32| (key(c), c);
        let mut order: Vec<(f64, u32)> = match only {
            Some(rows) => rows.iter().copied().map(keyed).collect(),
            None => (0..rfm.customers.len() as u32).map(keyed).collect(),
        };
        // Ties stay in the order of the table, whatever the direction.
        order.sort_unstable_by(|a, b| {
            let by = a.0.total_cmp(&b.0);
            (if sort.descending { by.reverse() } else { by }).then(a.1.cmp(&b.1))
        });
        order.into_iter().map(|(_, c)| c).collect()
    });
    // Empty for the few frames until a long table is sorted.
    made.unwrap_or_default()
}
