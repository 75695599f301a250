//! Every customer: a table of any size, and the card of one of them.

mod card;
mod columns;
mod filters;
mod source;
mod table;
mod toolbar;

use egui::{Margin, Ui};

use crate::explore::customers::{Arranged, CustomerColumn, CustomerQuery, CustomerSheet};
use crate::pipeline::Stage;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{customer_rows, state, text};
use source::Source;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let Some(source) = Source::of(scene) else { return state::waiting(ui, scene, Stage::Enrich) };
    card::drawer(ui, scene, &source);
    egui::CentralPanel::default().frame(egui::Frame::new()).show(ui, |ui| {
        state::dimmed(ui, !source.current, |ui| whole_table(ui, scene, &source));
    });
}

fn whole_table(ui: &mut Ui, scene: &mut Scene, source: &Source) {
    let t = theme::of(ui);
    let sheet = source.sheet();
    let columns = shown_columns(scene, &sheet);
    let query = query(scene, &sheet);
    // What was searched for by the end of the last frame is what this frame's query says.
    let wanted = std::mem::take(&mut scene.view.customers.open_meant);
    let (arranged, current) = customer_rows::arranged(ui.ctx(), scene, "customers arranged", &sheet, &query);
    toolbar::show(ui, scene, source, arranged.as_deref(), &columns);
    filters::chips(ui, scene, source, arranged.as_deref(), &query);
    ui.add_space(t.space.xs);
    let Some(arranged) = arranged else {
        scene.view.customers.open_meant |= wanted;
        text::muted(ui, "Putting the customers in order…");
        return;
    };
    let reveal = if wanted && current { open_meant(scene, &arranged) } else { None };
    scene.view.customers.open_meant |= wanted && !current;
    if arranged.order.is_empty() && current {
        return nobody(ui, scene);
    }
    let frame = egui::Frame::new().inner_margin(Margin::ZERO);
    frame.show(ui, |ui| table::show(ui, scene, source, &arranged, &columns, &query, reveal));
}

/// No customer is left: why, and the way back.
fn nobody(ui: &mut Ui, scene: &mut Scene) {
    let icon = egui_material_icons::icons::ICON_PERSON_SEARCH;
    let sentence = match scene.view.customers.only_selected && scene.selection.is_empty() {
        true => "No customer is selected, and only selected customers are shown.",
        false => "No customer meets all conditions.",
    };
    if state::empty(ui, icon, sentence, Some("Show all customers")) {
        let view = &mut scene.view.customers;
        view.filters.clear();
        view.draft = None;
        view.search.clear();
        view.only_selected = false;
    }
}

/// The columns chosen that this table has, else the usual ones.
fn shown_columns(scene: &Scene, sheet: &CustomerSheet) -> Vec<CustomerColumn> {
    match &scene.view.customers.columns {
        Some(chosen) => {
            let there = sheet.columns();
            let shown: Vec<CustomerColumn> = chosen.iter().filter(|c| there.contains(c)).cloned().collect();
            if shown.is_empty() { vec![CustomerColumn::Id] } else { shown }
        }
        None => sheet.usual_columns(),
    }
}

/// What the view asks for.
fn query(scene: &Scene, sheet: &CustomerSheet) -> CustomerQuery {
    let view = &scene.view.customers;
    let (sort, descending) = view.sort.clone().unwrap_or_else(|| {
        // The best customers first, where there is something to go by.
        let value = sheet.rfm.value.and_then(|i| sheet.rfm.customers.features.get(i));
        value.map_or((CustomerColumn::Id, false), |f| (CustomerColumn::Feature(f.name.clone()), true))
    });
    let only = view.only_selected.then(|| scene.selection.customers.clone());
    CustomerQuery { filters: view.filters.clone(), id: view.search.clone(), only, sort, descending }
}

/// Opens the card of the customer that the search means; returns the row.
fn open_meant(scene: &mut Scene, arranged: &Arranged) -> Option<usize> {
    let customer = arranged.meant?;
    let id = arranged.of.customers.ids.get(customer as usize)?.clone();
    scene.select(vec![customer], format!("Customer {id}"));
    scene.view.customers.anchor = Some(customer);
    scene.view.customers.open_card(id);
    arranged.order.iter().position(|c| *c == customer)
}
