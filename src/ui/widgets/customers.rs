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

/// Draws the table in the room there is. Clicking a row selects that customer.
pub fn show(ui: &mut Ui, scene: &mut Scene, what: &Customers) {
    let t = theme::of(ui);
    let rfm = what.rfm;
    let features = rfm.customers.features.len().min(3);
    let sort = scene.view.sort;
    let order = order(ui.ctx(), scene, what, sort);
    let mut clicked = None;
    let mut new_sort = None;
    let mut headings = vec![("Customer".to_string(), false, "Customer id as in the file".to_string())];
    headings.extend(rfm.customers.features[..features].iter().map(|f| (f.label.clone(), true, f.definition.clone())));
    headings.push(("RFM".into(), false, "Scores of recency, frequency and monetary, 1 to 5; 5 is best".into()));
    headings.push(("Segment".into(), false, "Segment by the recency × frequency grid".into()));
    if what.clusters.is_some() {
        headings.push(("Cluster".into(), false, "Segment found by clustering".into()));
    }
    // Closer together where there is little room.
    let gap = if ui.available_width() > 560.0 { t.space.l } else { t.space.s - 2.0 };
    ui.spacing_mut().item_spacing = egui::vec2(gap, 0.0);
    let mut table = TableBuilder::new(ui)
        .id_salt(what.slot)
        .sense(Sense::click())
        .cell_layout(Layout::left_to_right(Align::Center))
        .auto_shrink([false, false])
        .min_scrolled_height(0.0)
        .column(Column::exact(id_width(rfm, t.font.small)).clip(true))
        .column(Column::exact(62.0).clip(true))
        .columns(Column::exact(74.0).clip(true), features - 1)
        .column(Column::exact(44.0));
    table = if what.clusters.is_some() {
        table.column(Column::exact(124.0).clip(true)).column(Column::remainder().at_least(96.0).clip(true))
    } else {
        table.column(Column::remainder().at_least(64.0).clip(true))
    };
    table
        .header(t.shape.row, |mut header| {
            for (i, (name, right, hint)) in headings.iter().enumerate() {
                header.col(|ui| {
                    // Scores stand right after right-aligned money: a little air between them.
                    ui.add_space(if i == features + 1 { t.space.xs } else { 0.0 });
                    if heading(ui, name, *right, hint, (sort.column == i).then_some(sort.descending)) {
                        let descending = if sort.column == i { !sort.descending } else { *right };
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
                row.col(|ui| words(ui, &rfm.customers.ids[i]));
                for feature in &rfm.customers.features[..features] {
                    row.col(|ui| number(ui, value(feature.values[i], feature.unit, scene.currency())));
                }
                let [r, f, m] = &rfm.scores;
                row.col(|ui| {
                    ui.add_space(t.space.xs);
                    words(ui, &format!("{} {} {}", r.scores[i], f.scores[i], m.scores[i]))
                });
                row.col(|ui| words(ui, &rfm.map.segments[rfm.segment[i] as usize].name));
                if let Some((chosen, profiles)) = what.clusters {
                    let label = chosen.clustering.labels[i] as usize;
                    row.col(|ui| {
                        text::dot(ui, t.segment(label));
                        words(ui, profiles.get(label).map_or("", |p| p.name.as_str()));
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
        Unit::Number => format::short(value),
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
fn order(ctx: &egui::Context, scene: &mut Scene, what: &Customers, sort: Sort) -> Rc<Vec<u32>> {
    let labels = what.clusters.map(|(chosen, _)| chosen.clone());
    let key = ((what.rfm.clone(), labels), what.only.clone(), sort);
    let rows = what.only.as_ref().map_or(what.rfm.customers.len(), |o| o.len());
    let made = scene.cache.get_later(what.slot, key, rows, ctx, |((rfm, chosen), only, sort)| -> Vec<u32> {
        let features = rfm.customers.features.len().min(3);
        let scores_at = 1 + features;
        let key = |c: u32| -> f64 {
            let i = c as usize;
            match sort.column {
                0 => f64::from(c),
                n if n < scores_at => rfm.customers.features[n - 1].values[i],
                n if n == scores_at => rfm.scores.iter().fold(0.0, |sum, axis| sum * 100.0 + f64::from(axis.scores[i])),
                n if n == scores_at + 1 => f64::from(rfm.segment[i]),
                _ => chosen.as_ref().map_or(0.0, |c| f64::from(c.clustering.labels[i])),
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
