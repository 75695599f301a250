//! Conditions on columns: shown as chips, changed where they stand, counted as they are typed.

use egui::{Popup, PopupCloseBehavior, RichText, ScrollArea, TextEdit, Ui};
use egui_material_icons::icons::{ICON_ARROW_BACK, ICON_FILTER_LIST};

use super::source::Source;
use super::toolbar;
use crate::app::FilterDraft;
use crate::explore::customers::{
    Arranged, ColumnFacts, ColumnFilter, Condition, CustomerColumn, CustomerQuery, CustomerSheet, facts,
};
use crate::format;
use crate::intake::kind::parse_number;
use crate::rfm::Unit;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::chip::Chip;
use crate::ui::widgets::{button, customers, text};

/// Names offered at a time; the field above them finds the others.
const MOST_NAMES: usize = 200;

/// The button that adds a condition: first the column, then what it has to meet.
pub fn add(ui: &mut Ui, scene: &mut Scene, source: &Source) {
    let t = theme::of(ui);
    let response = button::plain(ui, ICON_FILTER_LIST, "Filter").on_hover_text("Show only some customers");
    let id = response.id.with("column");
    if response.clicked() {
        ui.data_mut(|d| d.remove::<CustomerColumn>(id));
    }
    let sheet = source.sheet();
    Popup::menu(&response).close_behavior(PopupCloseBehavior::CloseOnClickOutside).gap(t.space.xs).show(|ui| {
        // Boxes and fields look as they do elsewhere, not as lines of a menu.
        ui.reset_style();
        ui.set_width(t.frame.explain - t.space.xl);
        let column: Option<CustomerColumn> = ui.data(|d| d.get_temp(id));
        let Some(column) = column else {
            text::muted(ui, "Filter by");
            let high = 12.0 * t.shape.control;
            ScrollArea::vertical().max_height(high).min_scrolled_height(high).show(ui, |ui| {
                for column in sheet.columns() {
                    let label = column.label(&sheet);
                    let line = egui::Button::new(label.as_str()).frame_when_inactive(false);
                    let response = ui.add(line).accessible_name(format!("Filter by {label}"));
                    if response.on_hover_text(column.definition(&sheet)).clicked() {
                        ui.data_mut(|d| d.insert_temp(id, column));
                    }
                }
            });
            return;
        };
        ui.horizontal(|ui| {
            if button::icon(ui, ICON_ARROW_BACK, "Choose another column").clicked() {
                ui.data_mut(|d| d.remove::<CustomerColumn>(id));
            }
            text::heading(ui, column.label(&sheet));
        });
        form(ui, scene, source, &column);
    });
}

/// The counts and a chip per condition.
pub fn chips(ui: &mut Ui, scene: &mut Scene, source: &Source, arranged: Option<&Arranged>, query: &CustomerQuery) {
    let t = theme::of(ui);
    let sheet = source.sheet();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.y = t.space.xs;
        if let Some(arranged) = arranged {
            toolbar::counts(ui, scene, source, arranged);
        }
        for filter in &query.filters {
            let (name, value) = (filter.column.label(&sheet), value(filter, &sheet, scene.currency()));
            let hint = "Only customers for whom this holds are shown.\nClick to change it.";
            Chip { name: &name, value: &value, chosen: true, hint }.menu(ui, |ui| {
                ui.reset_style();
                ui.set_width(t.frame.explain - t.space.xl);
                text::heading(ui, name.as_str());
                form(ui, scene, source, &filter.column);
            });
        }
        if !query.filters.is_empty() && button::link(ui, "Clear filters").clicked() {
            scene.view.customers.filters.clear();
            scene.view.customers.draft = None;
        }
    });
}

/// A condition in a few words with the name of its column.
pub fn words(filter: &ColumnFilter, sheet: &CustomerSheet) -> String {
    format!("{} {}", filter.column.label(sheet), value(filter, sheet, None))
}

fn value(filter: &ColumnFilter, sheet: &CustomerSheet, currency: Option<&str>) -> String {
    let unit = filter.column.unit(sheet);
    let number = |v: f64| customers::value(v, unit, currency);
    match &filter.condition {
        Condition::Between { from: Some(from), to: Some(to) } => format!("{} to {}", number(*from), number(*to)),
        Condition::Between { from: Some(from), to: None } => format!("from {}", number(*from)),
        Condition::Between { from: None, to: Some(to) } => format!("up to {}", number(*to)),
        Condition::Between { from: None, to: None } => "any".into(),
        Condition::OneOf(names) => match names.as_slice() {
            [one] if one.is_empty() => "none".into(),
            [one] => one.clone(),
            names if names.len() <= 3 => names.join(", "),
            names => format!("{} values", names.len()),
        },
        Condition::Contains(text) => format!("contains {text}"),
    }
}

/// What a column has to meet; what is typed counts at once.
fn form(ui: &mut Ui, scene: &mut Scene, source: &Source, column: &CustomerColumn) {
    let sheet = source.sheet();
    let asked = super::query(scene, &sheet);
    let before = asked.filters.iter().find(|f| f.column == *column).map(|f| f.condition.clone());
    let input = ((sheet.clone(), asked), column.clone());
    let known = scene.cache.follow("customers column facts", input, ui.ctx(), |((sheet, query), column), ctx| {
        facts(sheet, query, column, ctx).ok().flatten().map(|f| (column.clone(), f))
    });
    let mut draft = match scene.view.customers.draft.take() {
        Some(draft) if draft.column == *column => draft,
        _ => draft_of(column, before.as_ref(), column.unit(&sheet)),
    };
    let known = known.value.filter(|k| k.0 == *column);
    let new = match known.as_ref().map(|k| &k.1) {
        None => before.clone(),
        Some(ColumnFacts::Texts) => contains(ui, &mut draft),
        Some(ColumnFacts::Numbers { least, most, missing }) => {
            range(ui, &mut draft, column.unit(&sheet), scene.currency(), (*least, *most, *missing))
        }
        Some(ColumnFacts::Names(names)) => one_of(ui, &mut draft, before.as_ref(), names),
    };
    let mut remove = false;
    if before.is_some() {
        remove = button::link(ui, "Remove this filter").clicked();
    }
    let view = &mut scene.view.customers;
    if remove {
        view.filters.retain(|f| f.column != *column);
        return ui.close();
    }
    view.draft = Some(draft);
    if new == before {
        return;
    }
    match (new, view.filters.iter_mut().find(|f| f.column == *column)) {
        (Some(condition), Some(filter)) => filter.condition = condition,
        (Some(condition), None) => view.filters.push(ColumnFilter { column: column.clone(), condition }),
        (None, _) => view.filters.retain(|f| f.column != *column),
    }
}

/// Shares are typed in percent.
fn scale(unit: Unit) -> f64 {
    if unit == Unit::Share { 100.0 } else { 1.0 }
}

fn draft_of(column: &CustomerColumn, condition: Option<&Condition>, unit: Unit) -> FilterDraft {
    let mut draft = FilterDraft { column: column.clone(), from: String::new(), to: String::new(), text: String::new() };
    let number = |v: Option<f64>| v.map_or(String::new(), |v| (v * scale(unit)).to_string());
    match condition {
        Some(Condition::Between { from, to }) => (draft.from, draft.to) = (number(*from), number(*to)),
        Some(Condition::Contains(text)) => draft.text.clone_from(text),
        _ => {}
    }
    draft
}

fn contains(ui: &mut Ui, draft: &mut FilterDraft) -> Option<Condition> {
    let t = theme::of(ui);
    text::muted(ui, "Contains, upper or lower case");
    ui.add(TextEdit::singleline(&mut draft.text).desired_width(ui.available_width() - t.space.l))
        .accessible_name("Contains");
    (!draft.text.trim().is_empty()).then(|| Condition::Contains(draft.text.clone()))
}

fn range(
    ui: &mut Ui,
    draft: &mut FilterDraft,
    unit: Unit,
    currency: Option<&str>,
    (least, most, missing): (f64, f64, usize),
) -> Option<Condition> {
    let t = theme::of(ui);
    let number = |v: f64| customers::value(v, unit, currency);
    let unit_word = match unit {
        Unit::Money => currency.unwrap_or("money"),
        Unit::Days => "days",
        Unit::Share => "%",
        _ => "",
    };
    let bound = |ui: &mut Ui, name: &str, typed: &mut String, hint: f64| -> Option<f64> {
        ui.label(RichText::new(name).size(t.font.small).color(t.text.muted));
        let hint = if hint.is_finite() { format::short(hint * scale(unit)) } else { String::new() };
        ui.add(TextEdit::singleline(typed).hint_text(hint).desired_width(t.frame.rail / 2.0)).accessible_name(name);
        let value = parse_number(typed.trim());
        value.map(|v| v / scale(unit))
    };
    let bounds = ui.horizontal(|ui| {
        let from = bound(ui, "From", &mut draft.from, least);
        let to = bound(ui, "to", &mut draft.to, most);
        ui.label(RichText::new(unit_word).size(t.font.small).color(t.text.muted));
        (from, to)
    });
    let unread =
        [&draft.from, &draft.to].into_iter().find(|s| !s.trim().is_empty() && parse_number(s.trim()).is_none());
    if let Some(unread) = unread {
        let words = format!("“{unread}” is no number.");
        ui.label(RichText::new(words).size(t.font.small).color(t.state.bad));
    }
    let mut said = match least.is_finite() {
        true => format!("Among the customers shown: {} to {}", number(least), number(most)),
        false => "No customer shown has a value".into(),
    };
    if missing > 0 {
        said += &format!("; {} without a value", format::count(missing));
    }
    text::muted(ui, said + ". Both ends are included.");
    match bounds.inner {
        (None, None) => None,
        (from, to) => Some(Condition::Between { from, to }),
    }
}

fn one_of(
    ui: &mut Ui,
    draft: &mut FilterDraft,
    before: Option<&Condition>,
    names: &[(String, usize)],
) -> Option<Condition> {
    let t = theme::of(ui);
    let mut chosen: Vec<String> = match before {
        Some(Condition::OneOf(chosen)) => chosen.clone(),
        _ => Vec::new(),
    };
    if names.len() > 12 {
        let field = TextEdit::singleline(&mut draft.text)
            .hint_text("Find a value")
            .desired_width(ui.available_width() - t.space.l);
        ui.add(field).accessible_name("Find a value");
    }
    let wanted = draft.text.trim().to_lowercase();
    let fit: Vec<&(String, usize)> =
        names.iter().filter(|(name, _)| wanted.is_empty() || name.to_lowercase().contains(&wanted)).collect();
    let high = 9.0 * t.shape.control;
    ScrollArea::vertical().max_height(high).min_scrolled_height(high).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = t.shape.ring;
        for (name, customers) in fit.iter().take(MOST_NAMES) {
            ui.horizontal(|ui| {
                let mut on = chosen.contains(name);
                let label = if name.is_empty() { "no value" } else { name.as_str() };
                if ui.checkbox(&mut on, label).changed() {
                    match on {
                        true => chosen.push(name.clone()),
                        false => chosen.retain(|c| c != name),
                    }
                }
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    ui.add_space(t.space.s);
                    let count = RichText::new(format::count(*customers)).size(t.font.small).color(t.text.muted);
                    ui.label(count).on_hover_text("Customers with this value whom the other filters leave");
                });
            });
        }
    });
    if fit.len() > MOST_NAMES {
        let more = format::count(fit.len() - MOST_NAMES);
        text::muted(ui, format!("and {more} more; type a part of the value to find it"));
    }
    (!chosen.is_empty()).then_some(Condition::OneOf(chosen))
}
