//! The controls of each kind of step.

mod calculate;
mod controls;
mod lists;
mod products;
mod spellings;

use std::sync::Arc;

use egui::Ui;

use self::controls::{WIDTH, columns, field, one_column, optional_number};
use crate::app::Draft;
use crate::clean::Prepared;
use crate::intake::kind::ColumnKind;
use crate::intake::{Column, Table};
use crate::recipe::{
    CellType, Compare, Decimal, KeepRow, LetterCase, MissingAction, OutlierAction, OutlierRule, StepKind,
};
use crate::ui::scene::Scene;
use crate::ui::widgets::choice::{self, Words, setting};
use crate::ui::widgets::{card, text};

/// Where in the list of steps the edited one stands: it sees the table as it is there.
pub struct Place<'a> {
    pub prepared: &'a Arc<Prepared>,
    pub at: usize,
}

impl<'a> Place<'a> {
    /// The table before the step.
    pub fn table(&self) -> &'a Table {
        self.prepared.table_before(self.at)
    }
}

/// Widths of narrower settings beside a column.
const NARROW: f32 = 150.0;

fn any(_: &Column) -> bool {
    true
}

fn is_number(column: &Column) -> bool {
    matches!(column.kind, ColumnKind::Number { .. })
}

fn is_date(column: &Column) -> bool {
    matches!(column.kind, ColumnKind::Date { .. })
}

fn is_text(column: &Column) -> bool {
    column.kind == ColumnKind::Text
}

/// Draws the controls of the draft's step.
pub fn show(ui: &mut Ui, scene: &mut Scene, place: &Place, draft: &mut Draft) {
    match &mut draft.step {
        StepKind::Filter { column, op, values } => filter(ui, scene, place, column, op, values),
        StepKind::DropDuplicates { columns: key, keep } => card::flow(ui, &[WIDTH, NARROW], |ui, i| match i {
            0 => setting(ui, "Rows are equal in", "", |ui| {
                columns(ui, place, "Columns of the key", "every column", key, any)
            }),
            _ => setting(ui, "Keep the", "Of several equal rows", |ui| choice::one_of(ui, "Keep", KeepRow::ALL, keep)),
        }),
        StepKind::Missing { column, action, value, along } => missing(ui, place, column, action, value, along),
        StepKind::ChangeType { column, to, decimal, date_format } => {
            change_type(ui, place, column, to, decimal, date_format);
        }
        StepKind::TidyText { columns: of, trim, collapse_spaces, case } => {
            card::flow(ui, &[WIDTH, NARROW, WIDTH], |ui, i| match i {
                0 => {
                    setting(ui, "In", "", |ui| columns(ui, place, "Columns to tidy", "every text column", of, is_text))
                }
                1 => setting(ui, "Letters", "", |ui| combo(ui, "Letter case", LetterCase::ALL, case)),
                _ => {
                    choice::switch(ui, trim, "Trim spaces at the ends");
                    choice::switch(ui, collapse_spaces, "One space for several");
                }
            });
        }
        StepKind::UnifySpellings { column, map } => spellings::show(ui, scene, place, column, &mut draft.method, map),
        StepKind::MapValues { column, map } => {
            setting(ui, "Column", "", |ui| one_column(ui, place, "Column", column, any));
            lists::pairs(ui, scene, place, column, map);
        }
        StepKind::FindReplace { columns: of, find, replace, regex, whole_cell, case_sensitive } => {
            card::flow(ui, &[WIDTH, WIDTH, WIDTH], |ui, i| match i {
                0 => setting(ui, "Find", "", |ui| field(ui, "Find", "text to look for", WIDTH, find)),
                1 => {
                    let hint = if *regex { "$1 is the first group" } else { "nothing: it is taken out" };
                    setting(ui, "Replace with", "", |ui| field(ui, "Replace with", hint, WIDTH, replace));
                }
                _ => setting(ui, "In", "", |ui| columns(ui, place, "Columns to search", "every column", of, any)),
            });
            card::flow(ui, &[WIDTH, WIDTH, WIDTH], |ui, i| {
                let (on, label) = match i {
                    0 => (&mut *regex, "Regular expression"),
                    1 => (&mut *whole_cell, "Whole cell only"),
                    _ => (&mut *case_sensitive, "Upper and lower case differ"),
                };
                choice::switch(ui, on, label);
            });
        }
        StepKind::Outliers { column, rule, action, distance, low, high } => {
            outliers(ui, place, column, rule, action, [distance, low, high]);
        }
        StepKind::ExcludeProducts { column, values } => {
            products::show(ui, scene, place, column, values, &mut draft.typed);
        }
        StepKind::DropColumns { columns: gone } => {
            setting(ui, "Columns to leave out", "", |ui| {
                columns(ui, place, "Columns to leave out", "none yet", gone, any)
            });
        }
        StepKind::RenameColumn { from, to } => card::flow(ui, &[WIDTH, WIDTH], |ui, i| match i {
            0 => setting(ui, "Column", "", |ui| one_column(ui, place, "Column", from, any)),
            _ => setting(ui, "New name", "", |ui| field(ui, "New name", "what it is to be called", WIDTH, to)),
        }),
        StepKind::Calculate { name, formula } => {
            calculate::show(ui, scene, place, name, formula, &mut draft.typed, &mut draft.other);
        }
    }
}

/// A choice of the recipe as a drop-down.
fn combo<T: Copy + PartialEq + Words>(ui: &mut Ui, name: &str, all: &[T], current: &mut T) {
    let options: Vec<(T, String)> = all.iter().map(|c| (*c, c.label().to_string())).collect();
    if let Some(picked) = choice::combo(ui, name, ui.available_width(), current.label(), &options, current) {
        *current = picked;
    }
}

fn filter(
    ui: &mut Ui,
    scene: &mut Scene,
    place: &Place,
    column: &mut String,
    op: &mut Compare,
    values: &mut Vec<String>,
) {
    card::flow(ui, &[WIDTH, NARROW, WIDTH], |ui, i| match i {
        0 => setting(ui, "Keep rows where", "", |ui| one_column(ui, place, "Column", column, any)),
        1 => setting(ui, "Condition", op.hint(), |ui| {
            let before = *op;
            combo(ui, "Condition", Compare::ALL, op);
            if *op != before {
                match op {
                    Compare::IsMissing | Compare::IsPresent => values.clear(),
                    Compare::Between => values.resize(2, String::new()),
                    Compare::OneOf => values.retain(|v| !v.is_empty()),
                    _ => values.resize(1, String::new()),
                }
            }
        }),
        _ => match op {
            Compare::IsMissing | Compare::IsPresent | Compare::OneOf => {}
            Compare::Between => setting(ui, "From and to, both included", "", |ui| {
                ui.horizontal(|ui| {
                    let width = (ui.available_width() - ui.spacing().item_spacing.x) / 2.0;
                    for (value, name) in values.iter_mut().zip(["From", "To"]) {
                        field(ui, name, &name.to_lowercase(), width, value);
                    }
                });
            }),
            _ => setting(ui, "Value", "Dates are written as 2011-12-31", |ui| {
                ui.horizontal(|ui| {
                    let width = ui.available_width() - lists::PICKER - ui.spacing().item_spacing.x;
                    if let Some(value) = values.first_mut() {
                        field(ui, "Value", "", width, value);
                        if let Some(picked) = lists::pick_value(ui, scene, place, column) {
                            *value = picked;
                        }
                    }
                });
            }),
        },
    });
    if *op == Compare::OneOf {
        lists::values(ui, scene, place, column, values);
    }
    text::muted(ui, op.hint());
}

fn missing(
    ui: &mut Ui,
    place: &Place,
    column: &mut String,
    action: &mut MissingAction,
    value: &mut String,
    along: &mut Option<String>,
) {
    card::flow(ui, &[WIDTH, WIDTH, WIDTH], |ui, i| match i {
        0 => setting(ui, "Where there is no", "", |ui| one_column(ui, place, "Column", column, any)),
        1 => setting(ui, "Do this", action.hint(), |ui| {
            let before = *action;
            combo(ui, "Action", MissingAction::ALL, action);
            if *action != before {
                if *action != MissingAction::Value {
                    value.clear();
                }
                // The only column of dates, or the first one, is most likely meant.
                let date = || place.table().columns.iter().find(|c| is_date(c)).map(|c| c.name.clone());
                *along = if *action == MissingAction::Interpolate { date() } else { None };
            }
        }),
        _ => match action {
            MissingAction::Value => setting(ui, "Value", "", |ui| field(ui, "Value", "", WIDTH, value)),
            MissingAction::Interpolate => setting(ui, "Along", "", |ui| {
                let mut name = along.clone().unwrap_or_default();
                one_column(ui, place, "Date column", &mut name, is_date);
                *along = Some(name).filter(|n| !n.is_empty());
            }),
            _ => {}
        },
    });
    text::muted(ui, action.hint());
}

fn change_type(
    ui: &mut Ui,
    place: &Place,
    column: &mut String,
    to: &mut CellType,
    decimal: &mut Option<Decimal>,
    date_format: &mut Option<String>,
) {
    card::flow(ui, &[WIDTH, WIDTH, WIDTH], |ui, i| match i {
        0 => setting(ui, "Column", "", |ui| one_column(ui, place, "Column", column, any)),
        1 => setting(ui, "Read as", to.hint(), |ui| {
            let before = *to;
            choice::one_of(ui, "Read as", CellType::ALL, to);
            if *to != before {
                (*decimal, *date_format) = (None, None);
            }
        }),
        _ => match to {
            CellType::Text => {}
            CellType::Number => setting(ui, "Sign before decimals", "", |ui| {
                let mut options = vec![(None, "As the column was read".to_string())];
                options.extend(Decimal::ALL.iter().map(|d| (Some(*d), d.label().to_string())));
                let shown = options.iter().find(|o| o.0 == *decimal).map_or("", |o| o.1.as_str()).to_string();
                if let Some(picked) = choice::combo(ui, "Sign before decimals", WIDTH, &shown, &options, decimal) {
                    *decimal = picked;
                }
            }),
            CellType::Date => setting(ui, "Written as", "In strftime codes, such as %d/%m/%Y %H:%M", |ui| {
                let mut format = date_format.clone().unwrap_or_default();
                field(ui, "Date format", "automatic, or %d/%m/%Y", WIDTH, &mut format);
                *date_format = Some(format).filter(|f| !f.is_empty());
            }),
        },
    });
    text::muted(ui, to.hint());
}

fn outliers(
    ui: &mut Ui,
    place: &Place,
    column: &mut String,
    rule: &mut OutlierRule,
    action: &mut OutlierAction,
    [distance, low, high]: [&mut Option<f64>; 3],
) {
    card::flow(ui, &[WIDTH, WIDTH, WIDTH], |ui, i| match i {
        0 => setting(ui, "Column", "", |ui| one_column(ui, place, "Column", column, is_number)),
        1 => setting(ui, "Far from the others is", rule.hint(), |ui| {
            let before = *rule;
            combo(ui, "Rule", OutlierRule::ALL, rule);
            if *rule != before {
                (*distance, *low, *high) = (None, None, None);
            }
        }),
        _ => setting(ui, "What happens to them", action.hint(), |ui| {
            choice::one_of(ui, "Outliers", OutlierAction::ALL, action);
        }),
    });
    ui.horizontal(|ui| match rule {
        OutlierRule::Iqr => {
            optional_number(ui, "Interquartile ranges beyond the quartiles", distance, 1.5, 0.0..=100.0, 0.1);
        }
        OutlierRule::ZScore => {
            optional_number(ui, "Standard deviations from the mean", distance, 3.0, 0.0..=100.0, 0.1);
        }
        OutlierRule::Percentile => {
            let top = high.unwrap_or(99.0);
            optional_number(ui, "Lower percentile", low, 1.0, 0.0..=top, 0.1);
            let bottom = low.unwrap_or(1.0);
            optional_number(ui, "Upper percentile", high, 99.0, bottom..=100.0, 0.1);
        }
    });
    text::muted(ui, format!("{} {}", rule.hint(), action.hint()));
}
