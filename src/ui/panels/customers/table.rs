//! The rows of the panel's table, and what clicks in them do.

use egui::{Modifiers, Ui};

use super::source::Source;
use crate::explore::customers::{Arranged, CustomerColumn, CustomerQuery};
use crate::ui::scene::Scene;
use crate::ui::widgets::customer_rows::{self, Table, Wish};

pub fn show(
    ui: &mut Ui,
    scene: &mut Scene,
    source: &Source,
    arranged: &Arranged,
    columns: &[CustomerColumn],
    query: &CustomerQuery,
    reveal: Option<usize>,
) {
    let sheet = source.sheet();
    let table = Table {
        slot: "customers",
        sheet: &sheet,
        columns,
        order: &arranged.order,
        sort: (&query.sort, query.descending),
        marks: source.current,
        hides: true,
        reveal,
    };
    let wishes = customer_rows::show(ui, scene, &table);
    if source.current {
        wishes.into_iter().for_each(|wish| apply(scene, source, arranged, columns, wish));
    }
}

fn apply(scene: &mut Scene, source: &Source, arranged: &Arranged, columns: &[CustomerColumn], wish: Wish) {
    let ids = &source.rfm.customers.ids;
    let mut click = |row: usize, held: Modifiers, twice: bool| {
        customer_rows::pick(scene, ids, &arranged.order, row, held);
        // The card follows the row once it is open.
        let alone = !held.command && !held.shift && scene.view.customers.card.is_some();
        if let Some(&customer) = arranged.order.get(row).filter(|_| twice || alone) {
            scene.view.customers.open_card(ids[customer as usize].clone());
        }
    };
    match wish {
        Wish::Click { row, held, twice } => click(row, held, twice),
        Wish::Show(row) => click(row, Modifiers::NONE, true),
        Wish::Sort(column, descending) => scene.view.customers.sort = Some((column, descending)),
        Wish::Hide(column) => {
            let rest = columns.iter().filter(|c| **c != column).cloned().collect();
            scene.view.customers.columns = Some(rest);
        }
    }
}
