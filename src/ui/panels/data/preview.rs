//! The file as a table: all rows and columns, drawn only where one looks.

use std::rc::Rc;
use std::sync::Arc;

use egui::Ui;

use super::head::{self, Wish};
use super::role_cards::field;
use crate::intake::kind::ColumnKind;
use crate::intake::{Column, IntakeOut, RolesOut, Role};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::sheet::{self, Cell, Content, Sheet};

/// Distinct values looked at for the width of a column.
const LOOKED_AT: usize = 40;

pub fn show(ui: &mut Ui, scene: &mut Scene, intake: &Arc<IntakeOut>) {
    let rows = None::<Rc<Vec<u32>>>;
    table(ui, scene, intake, rows);
}

/// The table, or some of its rows.
fn table(ui: &mut Ui, scene: &mut Scene, intake: &Arc<IntakeOut>, only: Option<Rc<Vec<u32>>>) {
    let t = theme::of(ui);
    let (per_char, gap) = (t.font.small * 0.58, t.space.l);
    let widths = scene.cache.get("data widths", intake.clone(), move |intake| {
        intake.table.columns.iter().map(|c| width(c, per_char, gap)).collect::<Vec<f32>>()
    });
    let roles = scene.session.roles.get().filter(|r| r.columns.len() == intake.table.columns.len()).cloned();
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
    let mut preview = Preview { intake, roles, only, wishes: Vec::new() };
    sheet::show(ui, &form, &mut preview);
    for wish in preview.wishes {
        apply(scene, intake, wish);
    }
}

/// Does what was asked for in a head.
fn apply(scene: &mut Scene, intake: &IntakeOut, wish: Wish) {
    match wish {
        Wish::Role(column, role) => {
            let name = intake.table.columns[column].name.clone();
            scene.decide(format!("{} is {name}", role.label()), false, |r| {
                // A column has one role.
                for other in Role::ALL {
                    let chosen = field(&mut r.roles, other);
                    if chosen.as_ref() == Some(&name) {
                        *chosen = None;
                    }
                }
                *field(&mut r.roles, role) = Some(name);
            });
        }
        Wish::NoRole(role) => {
            scene.decide(format!("No {} column", role.label().to_lowercase()), false, |r| {
                *field(&mut r.roles, role) = Some(String::new());
            });
        }
    }
}

/// Room for the values, judged by some of them, and for what the head says.
fn width(column: &Column, per_char: f32, gap: f32) -> f32 {
    let longest = column.examples(LOOKED_AT).iter().map(|e| e.chars().count()).max().unwrap_or(0);
    let name = column.name.chars().count() + 1;
    let type_chip = column.kind.label().chars().count() as f32 * per_char + gap * 1.5;
    (longest.max(name.min(24)) as f32 * per_char + gap).clamp(type_chip.max(88.0), 240.0)
}

struct Preview<'a> {
    intake: &'a IntakeOut,
    roles: Option<Arc<RolesOut>>,
    only: Option<Rc<Vec<u32>>>,
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
        let wish = head::show(ui, &self.intake.table, column, report);
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
        Cell { text: if empty { "empty" } else { text }, right, faint: empty, marked: false }
    }
}
