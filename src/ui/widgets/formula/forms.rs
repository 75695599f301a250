//! The controls of each form.

use chrono::NaiveDate;
use egui::{DragValue, RichText, TextEdit, Ui, vec2};

use super::controls::{WIDTH, field, lines, one, ordered, several};
use super::scope::{Kind, Scope};
use super::way::Way;
use crate::format;
use crate::recipe::{Aggregation, BinMethod, DatePart, Formula, Operand, Operation};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::choice::{self, recipe_combo, setting};
use crate::ui::widgets::{button, card, decimal, text};

/// Bins and one-hot columns that can be asked for.
const MOST_BINS: u32 = 50;
/// Columns of a one-hot encoding while nobody says how many.
const USUAL_COLUMNS: u32 = 10;
/// Bins while nobody says how many.
const USUAL_BINS: u32 = 5;

/// Draws the form of `formula`; nothing for an expression.
pub fn show(ui: &mut Ui, scene: &mut Scene, scope: &Scope, formula: &mut Formula) {
    let kinds = Way::of(formula).kinds();
    match formula {
        Formula::Expression { .. } => {}
        Formula::Arithmetic { left, op, right } => {
            card::flow(ui, &[WIDTH, 120.0, WIDTH], |ui, i| match i {
                0 => setting(ui, "First", "", |ui| operand(ui, scope, "First value", left)),
                1 => setting(ui, "Operation", op.hint(), |ui| choice::one_of(ui, "Operation", Operation::ALL, op)),
                _ => setting(ui, "Second", "", |ui| operand(ui, scope, "Second value", right)),
            });
            text::muted(ui, op.hint());
        }
        Formula::JoinText { columns, separator } => {
            setting(ui, "Texts in this order", "", |ui| {
                let more = scope.own(kinds).map(|n| (n.name.clone(), n.kind.word().to_string()));
                ordered(ui, "column", columns, &more.collect::<Vec<_>>());
            });
            setting(ui, "Between them", "", |ui| field(ui, "Separator", "nothing", WIDTH, separator));
        }
        Formula::Bins { column, method, bins, edges, labels } => {
            bin_form(ui, scope, column, method, bins, edges, labels);
        }
        Formula::DatePart { column, part } => {
            card::flow(ui, &[WIDTH, WIDTH], |ui, i| match i {
                0 => setting(ui, "Date", "", |ui| one(ui, "Date", scope.own(kinds), column)),
                _ => setting(ui, "Part", part.hint(), |ui| {
                    if let Some(picked) = recipe_combo!(ui, DatePart, "Part", ui.available_width(), *part) {
                        *part = picked;
                    }
                }),
            });
            text::muted(ui, part.hint());
        }
        Formula::DaysSince { column, until } => card::flow(ui, &[WIDTH, WIDTH], |ui, i| match i {
            0 => setting(ui, "From the date", "", |ui| one(ui, "Date", scope.own(kinds), column)),
            _ => setting(ui, "To the day", "Empty: the snapshot date", |ui| day(ui, "To the day", until)),
        }),
        Formula::OneHot { column, values, most } => one_hot(ui, scene, scope, column, values, most),
        Formula::Ordinal { column, order } => {
            let before = column.clone();
            setting(ui, "Column", "", |ui| {
                ui.set_width(WIDTH);
                one(ui, "Column", scope.own(kinds), column);
            });
            if *column != before {
                order.clear();
            }
            if !column.is_empty() {
                setting(ui, "Lowest first", "Values that are not in the list are missing in the result", |ui| {
                    ordered(ui, "value", order, &values_of(ui, scene, scope, column));
                });
            }
        }
        Formula::Aggregate { column, how, value } => aggregate(ui, scene, scope, column, how, value),
    }
}

/// A column or a number.
fn operand(ui: &mut Ui, scope: &Scope, name: &str, operand: &mut Operand) {
    const NUMBER: &str = "A number";
    let names = scope.own(&[Kind::Number]).map(|n| (Some(n.name.clone()), n.name.clone()));
    let options: Vec<(Option<String>, String)> = [(None, NUMBER.to_string())].into_iter().chain(names).collect();
    let current = match operand {
        Operand::Column(name) => Some(name.clone()),
        Operand::Number(_) => None,
    };
    let shown = match &current {
        Some(name) if name.is_empty() => "Choose one",
        Some(name) => name,
        None => NUMBER,
    };
    ui.horizontal(|ui| {
        let room = ui.available_width();
        let width = if current.is_none() { room * 0.55 } else { room };
        if let Some(picked) = choice::combo(ui, name, width, shown, &options, &current) {
            *operand = picked.map_or(Operand::Number(1.0), Operand::Column);
        }
        if let Operand::Number(value) = operand {
            let drag = decimal::drag(value, 6).speed(0.1).update_while_editing(false);
            ui.add(drag).accessible_name(format!("{name}: number"));
        }
    });
}

fn bin_form(
    ui: &mut Ui,
    scope: &Scope,
    column: &mut String,
    method: &mut BinMethod,
    bins: &mut Option<u32>,
    edges: &mut Vec<f64>,
    labels: &mut Vec<String>,
) {
    card::flow(ui, &[WIDTH, 240.0], |ui, i| match i {
        0 => setting(ui, "Column", "", |ui| one(ui, "Column", scope.own(&[Kind::Number]), column)),
        _ => setting(ui, "Edges", method.hint(), |ui| {
            let before = *method;
            choice::one_of(ui, "Edges", BinMethod::ALL, method);
            match (*method == before, *method) {
                (true, _) => {}
                (false, BinMethod::Edges) => *bins = None,
                (false, _) => edges.clear(),
            }
        }),
    });
    let asked = match method {
        BinMethod::Edges => edges.len() as u32 + 1,
        _ => bins.unwrap_or(USUAL_BINS),
    };
    card::flow(ui, &[WIDTH, 1.5 * WIDTH], |ui, i| match (i, *method) {
        (0, BinMethod::Edges) => setting(ui, "Inner edges, ascending", "A value equal to an edge is below it", |ui| {
            several(ui, "Inner edges", "10, 50, 100", edges, |v| v.to_string(), |text| text.parse().ok());
        }),
        (0, _) => setting(ui, "Bins", "", |ui| {
            let mut n = asked;
            let drag = DragValue::new(&mut n).range(2..=MOST_BINS).speed(0.1);
            if ui.add(drag).accessible_name("Number of bins").changed() {
                *bins = Some(n);
            }
        }),
        _ => setting(ui, "Labels, lowest bin first", "None: the range in words, or its number as a feature", |ui| {
            several(ui, "Labels", "low, middle, high", labels, String::clone, |text| Some(text.to_string()));
        }),
    });
    if !labels.is_empty() && labels.len() as u32 != asked {
        let t = theme::of(ui);
        let words = format!(
            "{} for {}: give one each, or none.",
            format::plural(labels.len(), "label", "labels"),
            format::plural(asked as usize, "bin", "bins")
        );
        ui.label(RichText::new(words).size(t.font.small).color(t.state.warn));
    } else {
        text::muted(ui, method.hint());
    }
}

/// A field for a day; empty: none.
fn day(ui: &mut Ui, name: &str, day: &mut Option<NaiveDate>) {
    let t = theme::of(ui);
    let id = ui.make_persistent_id(("day", name));
    let shown = day.map(|d| d.to_string()).unwrap_or_default();
    let mut typed: String = ui.data(|d| d.get_temp(id)).unwrap_or(shown);
    let read = |text: &str| NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d");
    let wrong = !typed.trim().is_empty() && read(&typed).is_err();
    let margin = vec2(t.space.s, t.space.s - t.shape.ring);
    let edit = TextEdit::singleline(&mut typed)
        .hint_text("the snapshot date")
        .desired_width(ui.available_width() - 2.0 * margin.x)
        .margin(margin)
        .text_color(if wrong { t.state.bad } else { t.text.normal });
    let mut response = ui.add(edit).accessible_name(name);
    if wrong {
        response = response.on_hover_text("Write the day as 2011-12-31, or leave it empty");
    }
    if response.changed() && (typed.trim().is_empty() || read(&typed).is_ok()) {
        *day = read(&typed).ok();
    }
    if response.has_focus() {
        ui.data_mut(|d| d.insert_temp(id, typed));
    } else {
        ui.data_mut(|d| d.remove::<String>(id));
    }
}

fn one_hot(
    ui: &mut Ui,
    scene: &mut Scene,
    scope: &Scope,
    column: &mut String,
    values: &mut Vec<String>,
    most: &mut Option<u32>,
) {
    let before = column.clone();
    card::flow(ui, &[WIDTH, WIDTH, 120.0], |ui, i| match i {
        0 => setting(ui, "Column", "", |ui| one(ui, "Column", scope.own(Way::OneHot.kinds()), column)),
        1 => setting(ui, "Values that get a column", "", |ui| {
            let ways = [(false, "Most frequent", ""), (true, "These", "")];
            // Taken by name they are in the list; the first frequent ones are proposed.
            if let Some(by_name) = choice::segmented(ui, "Values", &ways, !values.is_empty()) {
                values.clear();
                if by_name {
                    let found = values_of(ui, scene, scope, column);
                    values.extend(found.into_iter().take(USUAL_COLUMNS as usize).map(|(value, _)| value));
                    *most = None;
                }
            }
        }),
        _ if values.is_empty() => setting(ui, "How many", "", |ui| {
            let mut n = most.unwrap_or(USUAL_COLUMNS);
            if ui.add(DragValue::new(&mut n).range(1..=MOST_BINS).speed(0.1)).accessible_name("How many").changed() {
                *most = Some(n).filter(|n| *n != USUAL_COLUMNS);
            }
        }),
        _ => {}
    });
    if *column != before {
        values.clear();
    }
    if !values.is_empty() {
        let found = values_of(ui, scene, scope, column);
        ordered(ui, "value", values, &found);
    }
}

fn aggregate(
    ui: &mut Ui,
    scene: &mut Scene,
    scope: &Scope,
    column: &mut String,
    how: &mut Aggregation,
    value: &mut Option<String>,
) {
    // Sums, means and medians need numbers.
    let kinds: &[Kind] = match how {
        Aggregation::Sum | Aggregation::Mean | Aggregation::Median => &[Kind::Number],
        Aggregation::Min | Aggregation::Max => &[Kind::Number, Kind::Date],
        _ => &[Kind::Number, Kind::Words, Kind::Date],
    };
    let before = (column.clone(), *how);
    card::flow(ui, &[WIDTH, WIDTH, WIDTH], |ui, i| match i {
        0 => setting(ui, "Per customer, the", how.hint(), |ui| {
            if let Some(picked) = recipe_combo!(ui, Aggregation, "Aggregation", ui.available_width(), *how) {
                *how = picked;
            }
        }),
        1 => setting(ui, "Of the rows' values in", "", |ui| {
            one(ui, "Column", scope.columns().filter(|n| kinds.contains(&n.kind)), column);
        }),
        _ if *how == Aggregation::ShareOf => setting(ui, "Value", "", |ui| {
            ui.horizontal(|ui| {
                let room = ui.available_width() - theme::of(ui).shape.control - ui.spacing().item_spacing.x;
                let mut text = value.clone().unwrap_or_default();
                if field(ui, "Value", "whose share is wanted", room, &mut text).changed() {
                    *value = Some(text).filter(|v| !v.is_empty());
                }
                let glyph = egui_material_icons::icons::ICON_EXPAND_MORE;
                let response = button::icon(ui, glyph, "Values of the column");
                egui::Popup::menu(&response).show(|ui| {
                    let found = values_of(ui, scene, scope, column);
                    if let Some(picked) = lines(ui, found.iter()) {
                        *value = Some(picked);
                    }
                });
            });
        }),
        _ => {}
    });
    if *how != before.1 {
        let fits = |n: &super::Name| match how {
            Aggregation::Sum | Aggregation::Mean | Aggregation::Median => n.kind == Kind::Number,
            Aggregation::Min | Aggregation::Max => n.kind != Kind::Words,
            _ => true,
        };
        if !scope.columns().any(|n| n.name == *column && fits(n)) {
            column.clear();
        }
    }
    if *column != before.0 || *how != Aggregation::ShareOf {
        *value = None;
    }
    text::muted(ui, how.hint());
}

/// The frequent values of a name with how often they occur; none while they are counted.
fn values_of(ui: &Ui, scene: &mut Scene, scope: &Scope, name: &str) -> Vec<(String, String)> {
    let found = scope.frequent(ui.ctx(), scene, name);
    found.iter().flat_map(|v| v.iter()).map(|(value, n)| (value.clone(), format::count(*n))).collect()
}
