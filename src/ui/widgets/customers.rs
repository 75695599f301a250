//! The table of customers that Features, Segments and Profiles share: what people know a customer by, in any order.

use std::sync::Arc;

use egui::{Modifiers, Ui};

use super::customer_rows::{self, Table, Wish};
use crate::app::{Action, Sort};
use crate::cluster::Chosen;
use crate::explore::customers::{CustomerColumn, CustomerQuery, CustomerSheet};
use crate::format;
use crate::profile::Profile;
use crate::rfm::{RfmOut, Unit};
use crate::ui::scene::Scene;

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

/// Places of the features by which people know a customer: recency, frequency and monetary where there are such, else
/// up to `most` of those that are clustered by.
pub fn shown_features(rfm: &RfmOut, most: usize) -> Vec<usize> {
    match rfm.scores.len() {
        0 => rfm.usual.iter().filter_map(|name| rfm.customers.position(name)).take(most).collect(),
        axes => (0..axes).collect(),
    }
}

/// The columns there are: what was counted, or else the features that are clustered; scores and segments.
fn columns(sheet: &CustomerSheet) -> Vec<CustomerColumn> {
    let rfm = &sheet.rfm;
    let feature = |place: usize| CustomerColumn::Feature(rfm.customers.features[place].name.clone());
    let mut out = vec![CustomerColumn::Id];
    out.extend(shown_features(rfm, MOST_FEATURES).into_iter().map(feature));
    out.extend((0..rfm.scores.len()).map(CustomerColumn::Score));
    out.extend((!rfm.segment.is_empty()).then_some(CustomerColumn::RfmSegment));
    out.extend(sheet.clusters.is_some().then_some(CustomerColumn::Cluster));
    out
}

/// Draws the table in the room there is. Clicking a row selects that customer, clicking it twice shows their card.
pub fn show(ui: &mut Ui, scene: &mut Scene, what: &Customers) {
    let clusters = what.clusters.map(|(chosen, profiles)| (chosen.clone(), profiles.clone()));
    let sheet = CustomerSheet { rfm: what.rfm.clone(), clusters };
    let columns = columns(&sheet);
    // The order chosen in another table may name a column that this one does not have.
    let Sort { column, descending } = scene.view.sort;
    let sort = columns.get(column).cloned().unwrap_or(CustomerColumn::Id);
    let query = CustomerQuery { sort, descending, only: what.only.clone(), ..CustomerQuery::default() };
    let (arranged, _) = customer_rows::arranged(ui.ctx(), scene, what.slot, &sheet, &query);
    // Empty for the few frames until a long table is sorted.
    let Some(arranged) = arranged else { return };
    let table = Table {
        slot: what.slot,
        sheet: &sheet,
        columns: &columns,
        order: &arranged.order,
        sort: (&query.sort, descending),
        marks: what.only.is_none(),
        hides: false,
        reveal: None,
    };
    let ids = &what.rfm.customers.ids;
    for wish in customer_rows::show(ui, scene, &table) {
        let (row, held, twice) = match wish {
            Wish::Click { row, held, twice } => (row, held, twice),
            Wish::Show(row) => (row, Modifiers::NONE, true),
            Wish::Sort(column, descending) => {
                let column = columns.iter().position(|c| *c == column).unwrap_or(0);
                scene.view.sort = Sort { column, descending };
                continue;
            }
            Wish::Hide(_) => continue,
        };
        customer_rows::pick(scene, ids, &arranged.order, row, held);
        if let Some(&customer) = arranged.order.get(row).filter(|_| twice) {
            scene.act(Action::ShowCustomer(ids[customer as usize].clone()));
        }
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
