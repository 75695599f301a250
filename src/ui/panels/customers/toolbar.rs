//! Above the table: the search by id, filters, columns, and what can be done with the customers shown.

use egui::{Align, Key, Layout, TextEdit, Ui};
use egui_material_icons::icons::{
    ICON_CLOSE, ICON_CONTENT_COPY, ICON_DOWNLOAD, ICON_ID_CARD, ICON_SEARCH, ICON_SELECT_ALL,
};

use super::source::Source;
use super::{columns, filters};
use crate::app::{Action, Command};
use crate::explore::customers::{Arranged, CustomerColumn};
use crate::export;
use crate::format;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, choice, text};
use crate::worker::FileJob;

/// Points below which the tools stand on two lines.
const NARROW: f32 = 600.0;
/// More rows than that are exported, not copied.
const MOST_COPIED: usize = 100_000;

pub fn show(ui: &mut Ui, scene: &mut Scene, source: &Source, arranged: Option<&Arranged>, shown: &[CustomerColumn]) {
    let t = theme::of(ui);
    // Beside an open card there may be room for half of it only.
    let narrow = ui.available_width() < NARROW;
    let rest = |ui: &mut Ui, scene: &mut Scene| {
        let mut only = scene.view.customers.only_selected;
        choice::switch(ui, &mut only, "Selected only");
        scene.view.customers.only_selected = only;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = t.space.xs;
            actions(ui, scene, source, arranged, shown);
        });
    };
    ui.horizontal(|ui| {
        search(ui, scene, narrow);
        filters::add(ui, scene, source);
        columns::menu(ui, scene, &source.sheet(), shown);
        if !narrow {
            ui.add_space(t.space.xs);
            rest(ui, scene);
        }
    });
    if narrow {
        ui.horizontal(|ui| rest(ui, scene));
    }
}

fn search(ui: &mut Ui, scene: &mut Scene, narrow: bool) {
    let t = theme::of(ui);
    ui.label(ICON_SEARCH.rich_text().size(t.font.icon).color(t.text.muted));
    let keys = Command::FindCustomer.shortcut().map(|k| ui.ctx().format_shortcut(&k)).unwrap_or_default();
    let view = &mut scene.view.customers;
    let field = TextEdit::singleline(&mut view.search)
        .hint_text(format!("Customer id  {keys}"))
        .desired_width(if narrow { t.frame.rail / 2.0 } else { t.frame.rail - t.space.m });
    let response = ui.add(field).accessible_name("Find a customer id");
    if std::mem::take(&mut view.focus_search) {
        response.request_focus();
    }
    if response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter)) && !view.search.trim().is_empty() {
        view.open_meant = true;
        ui.ctx().request_repaint();
    }
    if !view.search.is_empty() && button::icon(ui, ICON_CLOSE, "Clear the search").clicked() {
        view.search.clear();
    }
}

/// From right to left.
fn actions(ui: &mut Ui, scene: &mut Scene, source: &Source, arranged: Option<&Arranged>, shown: &[CustomerColumn]) {
    let there = arranged.filter(|a| source.current && !a.order.is_empty());
    let save = ui.add_enabled_ui(there.is_some(), |ui| button::icon(ui, ICON_DOWNLOAD, "Export what is shown as CSV…"));
    if let Some(arranged) = there.filter(|_| save.inner.clicked()) {
        let (sheet, columns, order) = (source.sheet(), shown.to_vec(), arranged.order.clone());
        let whom = scene.session.recipe().map(|r| r.outputs.csv).unwrap_or_default();
        let job = FileJob::new("customers.csv", move |out| export::write_shown(&sheet, &columns, &order, whom, out));
        scene.act(Action::Save(job));
    }
    copy(ui, scene, source, there, shown);
    let one = ui.add_enabled_ui(scene.selection.len() == 1 && source.current, |ui| {
        button::icon(ui, ICON_ID_CARD, "Show this customer")
    });
    if one.inner.clicked() {
        scene.command(Command::ShowCustomer);
    }
    let all = ui.add_enabled_ui(there.is_some(), |ui| button::icon(ui, ICON_SELECT_ALL, "Select all customers shown"));
    if let Some(arranged) = there.filter(|_| all.inner.clicked()) {
        let from = from_words(scene, arranged, source);
        let customers = arranged.places.clone();
        scene.act(Action::Select(crate::app::Selection { customers, from }));
    }
}

/// Where a selection of everything shown comes from.
fn from_words(scene: &Scene, arranged: &Arranged, source: &Source) -> String {
    if arranged.places.len() == source.rfm.customers.len() {
        return "All customers".into();
    }
    let sheet = source.sheet();
    let mut parts: Vec<String> = scene.view.customers.filters.iter().map(|f| filters::words(f, &sheet)).collect();
    let search = scene.view.customers.search.trim();
    if !search.is_empty() {
        parts.push(format!("Customer contains {search}"));
    }
    if parts.is_empty() { "Picked in the table".into() } else { parts.join(", ") }
}

/// The selected rows that are shown, in the order of the table, as text for a spreadsheet. The text is made on another
/// thread and copied when it is there.
fn copy(ui: &mut Ui, scene: &mut Scene, source: &Source, arranged: Option<&Arranged>, shown: &[CustomerColumn]) {
    let selected = scene.selection.len();
    let can = arranged.is_some() && (1..=MOST_COPIED).contains(&selected);
    let response = ui.add_enabled_ui(can, |ui| button::icon(ui, ICON_CONTENT_COPY, "Copy the selected rows")).inner;
    let response = match selected {
        0 => response.on_disabled_hover_text("Select customers first"),
        n if n > MOST_COPIED => {
            let most = format::count(MOST_COPIED);
            response
                .on_disabled_hover_text(format!("At most {most} rows are copied; export what is shown as CSV instead"))
        }
        _ => response,
    };
    let asked = ui.input(|i| i.events.iter().any(|e| matches!(e, egui::Event::Copy))) && !ui.ctx().text_edit_focused();
    if can && (response.clicked() || asked) {
        scene.view.customers.copying = true;
    }
    let Some(arranged) = arranged.filter(|_| can && scene.view.customers.copying) else { return };
    let input = ((source.sheet(), shown.to_vec()), (scene.selection.customers.clone(), arranged.order.clone()));
    let made = scene.cache.follow("customers copied", input, ui.ctx(), |((sheet, columns), (selected, order)), _| {
        let chosen = |c: &&u32| selected.binary_search(c).is_ok();
        let places: Vec<u32> = order.iter().filter(chosen).copied().collect();
        Some((places.len(), export::customers_as_tsv(sheet, columns, &places)))
    });
    if let (Some(made), true) = (made.value, made.current) {
        scene.view.customers.copying = false;
        ui.ctx().copy_text(made.1.clone());
    }
}

/// How many customers are shown, and what they spent.
pub fn counts(ui: &mut Ui, scene: &Scene, source: &Source, arranged: &Arranged) {
    let all = source.rfm.customers.len();
    let shown = arranged.order.len();
    let mut words = match shown == all {
        true => format!("{} shown", format::plural(all, "customer", "customers")),
        false => format!("{} of {} shown", format::count(shown), format::plural(all, "customer", "customers")),
    };
    if let Some(money) = arranged.money {
        words += &format!(" · {}", format::money(money, scene.currency()));
    }
    let selected = scene.selection.len();
    if selected > 0 {
        words += &format!(" · {} selected", format::count(selected));
    }
    let hint =
        "The number of customers in the table below and, where it is known, what they spent in all, less returns";
    text::muted_line(ui, words).on_hover_text(hint);
}
