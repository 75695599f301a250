//! The file as a table: all rows and columns, drawn only where one looks.

use std::sync::Arc;

use egui::Ui;

use super::head::{self, Head, Wish};
use super::quality;
use crate::intake::kind::ColumnKind;
use crate::intake::{Column, IntakeOut, Role, RolesOut};
use crate::recipe::{CellType, CleanStep, StepKind};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::sheet::{self, Cell, Content, Sheet};

/// Distinct values looked at for the width of a column.
const LOOKED_AT: usize = 40;

pub fn show(ui: &mut Ui, scene: &mut Scene, intake: &Arc<IntakeOut>) {
    let rows = quality::filtered(ui, scene, intake);
    if scene.view.data.filter.is_some() {
        quality::filter_bar(ui, scene, intake, rows.as_ref());
        // Until the rows are found there is nothing to show; all rows would be mistaken for them.
        let Some(rows) = rows else { return };
        return table(ui, scene, intake, Some(rows));
    }
    table(ui, scene, intake, None);
}

/// The table, or some of its rows.
fn table(ui: &mut Ui, scene: &mut Scene, intake: &Arc<IntakeOut>, only: Option<Arc<Vec<u32>>>) {
    let t = theme::of(ui);
    let (per_char, gap) = (t.font.small * 0.63, t.space.l);
    let roles = quality::columns(ui, scene, intake);
    let widths = scene.cache.get("data widths", (intake.clone(), roles.clone()), move |(intake, roles)| {
        let role = |i: usize| roles.as_ref()?.columns.get(i)?.role.as_deref();
        let columns = intake.table.columns.iter().enumerate();
        columns.map(|(i, c)| width(c, role(i), per_char, gap)).collect::<Vec<f32>>()
    });
    let shown = only.as_ref().map_or(intake.table.rows, |o| o.len());
    let reveal = scene.view.data.reveal.take().map(|(row, column)| match &only {
        Some(only) => (only.binary_search(&(row as u32)).unwrap_or(0), column),
        None => (row, column),
    });
    let form = Sheet {
        slot: "preview",
        rows: shown,
        widths: &widths,
        head: head::height(t),
        last_number: intake.table.rows,
        reveal,
    };
    let changed = scene.session.recipe().map_or_else(Vec::new, |r| type_steps(&r.clean.steps));
    let looked_at = scene.view.data.filter.as_ref().and_then(|f| f.column.clone());
    let mut preview = Preview { intake, roles, only, changed, looked_at, wishes: Vec::new() };
    sheet::show(ui, &form, &mut preview);
    for wish in preview.wishes {
        apply(scene, intake, wish);
    }
}

/// Columns that are read as another type by a step that is switched on, the last step deciding.
fn type_steps(steps: &[CleanStep]) -> Vec<(String, CellType)> {
    let changes = steps.iter().rev().filter(|s| s.on).filter_map(|s| match &s.what {
        StepKind::ChangeType { column, to, .. } => Some((column.clone(), *to)),
        _ => None,
    });
    changes.collect()
}

/// Does what was asked for in a head.
fn apply(scene: &mut Scene, intake: &IntakeOut, wish: Wish) {
    match wish {
        Wish::Role(column, role) => {
            let name = intake.table.columns[column].name.clone();
            scene.decide(format!("{} is {name}", role.label()), false, |r| {
                // A column has one role.
                for other in Role::ALL {
                    let chosen = other.slot(&mut r.roles);
                    if chosen.as_ref() == Some(&name) {
                        *chosen = None;
                    }
                }
                *role.slot(&mut r.roles) = Some(name);
            });
        }
        Wish::Type(column, to) => {
            let name = intake.table.columns[column].name.clone();
            let label = match to {
                Some(to) => format!("Read {name} as {}", to.label().to_lowercase()),
                None => format!("Read {name} as found"),
            };
            scene.decide(label, false, |r| {
                let other = |s: &CleanStep| !matches!(&s.what, StepKind::ChangeType { column, .. } if *column == name);
                r.clean.steps.retain(other);
                if let Some(to) = to {
                    // Before the other steps, so that they find the new type.
                    let what = StepKind::ChangeType { column: name, to, decimal: None, date_format: None };
                    r.clean.steps.insert(0, what.into());
                }
            });
        }
        Wish::NoRole(role) => {
            scene.decide(format!("No {} column", role.label().to_lowercase()), false, |r| {
                *role.slot(&mut r.roles) = Some(String::new());
            });
        }
    }
}

/// Room for the values, judged by some of them, and for what the head says.
fn width(column: &Column, role: Option<&str>, per_char: f32, gap: f32) -> f32 {
    let longest = column.examples(LOOKED_AT).iter().map(|e| e.chars().count()).max().unwrap_or(0);
    let name = column.name.chars().count() + 1;
    // The chips of role and type stand side by side.
    let chips = column.kind.label().chars().count() + role.map_or(1, |r| r.chars().count());
    let chips = chips as f32 * per_char * 0.9 + 3.0 * gap;
    (longest.max(name.min(24)) as f32 * per_char + gap).min(240.0).max(chips)
}

struct Preview<'a> {
    intake: &'a IntakeOut,
    roles: Option<Arc<RolesOut>>,
    only: Option<Arc<Vec<u32>>>,
    /// Columns that a cleaning step reads as another type.
    changed: Vec<(String, CellType)>,
    /// The column that the filter is about.
    looked_at: Option<String>,
    wishes: Vec<Wish>,
}

impl Preview<'_> {
    fn row(&self, row: usize) -> usize {
        self.only.as_ref().map_or(row, |only| only[row] as usize)
    }
}

impl Content for Preview<'_> {
    fn head(&mut self, ui: &mut Ui, column: usize) {
        let report = self.roles.as_ref().map(|r| &r.columns[column]);
        let name = &self.intake.table.columns[column].name;
        let changed = self.changed.iter().find(|(c, _)| c == name).map(|(_, to)| *to);
        let wish = head::show(ui, &Head { table: &self.intake.table, column, report, changed });
        self.wishes.extend(wish);
    }

    fn number(&self, row: usize) -> usize {
        self.row(row) + 1
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let column = &self.intake.table.columns[column];
        let text = column.text(self.row(row));
        let right = matches!(column.kind, ColumnKind::Number { .. });
        let empty = text.is_empty();
        let marked = self.looked_at.as_deref() == Some(column.name.as_str());
        Cell { text: if empty { "empty" } else { text }, right, faint: empty, marked }
    }
}
