//! The table of customers that Features, Segments and Profiles share: virtual, sorted by any column.

use std::rc::Rc;
use std::sync::Arc;

use egui::{Align, Label, Layout, RichText, Sense, Ui};
use egui_extras::{Column, TableBuilder};
use egui_material_icons::icons::{ICON_ARROW_DOWNWARD, ICON_ARROW_UPWARD};
use rayon::slice::ParallelSliceMut;

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

const SCORES: [&str; 3] = ["R", "F", "M"];

/// Draws the table in the room there is. Clicking a row selects that customer.
pub fn show(ui: &mut Ui, scene: &mut Scene, what: &Customers) {
    let t = theme::of(ui);
    let rfm = what.rfm;
    let features = rfm.customers.features.len().min(3);
    let sort = scene.view.sort;
    let order = order(scene, what, sort);
    let mut clicked = None;
    let mut new_sort = None;
    let mut headings = vec![("Customer".to_string(), false, "Customer id as in the file".to_string())];
    headings.extend(rfm.customers.features[..features].iter().map(|f| (f.label.clone(), true, f.definition.clone())));
    headings.extend(SCORES.iter().map(|s| (s.to_string(), true, format!("{s} score, 1 to 5; 5 is best"))));
    headings.push(("RFM segment".into(), false, "Segment by the recency × frequency grid".into()));
    if what.clusters.is_some() {
        headings.push(("Cluster".into(), false, "Segment found by clustering".into()));
    }
    let narrow = t.space.xl + t.space.s;
    let mut table = TableBuilder::new(ui)
        .id_salt(what.slot)
        .sense(Sense::click())
        .cell_layout(Layout::left_to_right(Align::Center))
        .auto_shrink([false, false])
        .column(Column::initial(84.0).at_least(60.0).clip(true).resizable(true))
        .columns(Column::initial(78.0).at_least(56.0).clip(true), features)
        .columns(Column::exact(narrow), SCORES.len());
    table = if what.clusters.is_some() {
        table.column(Column::initial(128.0).clip(true)).column(Column::remainder().at_least(120.0).clip(true))
    } else {
        table.column(Column::remainder().at_least(110.0).clip(true))
    };
    table
        .header(t.shape.row, |mut header| {
            for (i, (name, right, hint)) in headings.iter().enumerate() {
                header.col(|ui| {
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
                row.col(|ui| drop(text::line(ui, rfm.customers.ids[i].as_str())));
                for feature in &rfm.customers.features[..features] {
                    row.col(|ui| number(ui, value(feature.values[i], feature.unit, scene.currency())));
                }
                for axis in &rfm.scores {
                    row.col(|ui| number(ui, axis.scores[i].to_string()));
                }
                row.col(|ui| drop(text::line(ui, rfm.map.segments[rfm.segment[i] as usize].name.as_str())));
                if let Some((chosen, profiles)) = what.clusters {
                    let label = chosen.clustering.labels[i] as usize;
                    row.col(|ui| {
                        text::dot(ui, t.segment(label));
                        text::line(ui, profiles.get(label).map_or("", |p| p.name.as_str()));
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
        ui.add(Label::new(RichText::new(text).size(t.font.body)).truncate());
    });
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
fn order(scene: &mut Scene, what: &Customers, sort: Sort) -> Rc<Vec<u32>> {
    let labels = what.clusters.map(|(chosen, _)| chosen.clone());
    let key = ((what.rfm.clone(), labels), what.only.clone(), sort);
    scene.cache.get(what.slot, key, |((rfm, chosen), only, sort)| {
        let mut order: Vec<u32> = match only {
            Some(rows) => rows.to_vec(),
            None => (0..rfm.customers.len() as u32).collect(),
        };
        let features = rfm.customers.features.len().min(3);
        let scores_from = 1 + features;
        let segment_at = scores_from + SCORES.len();
        let key = |c: u32| -> f64 {
            let i = c as usize;
            match sort.column {
                0 => f64::from(c),
                n if n < scores_from => rfm.customers.features[n - 1].values[i],
                n if n < segment_at => f64::from(rfm.scores[n - scores_from].scores[i]),
                n if n == segment_at => f64::from(rfm.segment[i]),
                _ => chosen.as_ref().map_or(0.0, |c| f64::from(c.clustering.labels[i])),
            }
        };
        // Ties stay in the order of the table, whatever the direction.
        order.par_sort_unstable_by(|&a, &b| {
            let by = key(a).total_cmp(&key(b));
            (if sort.descending { by.reverse() } else { by }).then(a.cmp(&b))
        });
        order
    })
}
