//! The file as a table: all rows, drawn only where one looks.

use std::sync::Arc;

use egui::{Align, Label, Layout, RichText, ScrollArea, Sense, Ui, vec2};
use egui_extras::{Column, TableBuilder};

use crate::format;
use crate::intake::kind::ColumnKind;
use crate::intake::{IntakeOut, Role};
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::text;

/// What a column's head says.
struct Head {
    missing_share: f32,
    missing: usize,
    distinct: usize,
    width: f32,
}

pub fn show(ui: &mut Ui, scene: &mut Scene, intake: &Arc<IntakeOut>) {
    let t = theme::of(ui);
    let table = &intake.table;
    let (per_char, most) = (t.font.body * 0.58, 220.0_f32);
    let made = scene.cache.get_later("data heads", intake.clone(), table.rows, ui.ctx(), move |intake| {
        let rows = intake.table.rows.max(1) as f32;
        let head = |c: &crate::intake::Column| {
            let longest =
                c.examples(40).iter().map(|e| e.chars().count()).max().unwrap_or(0).max(c.name.chars().count() + 1);
            // The head has room for the type and for a role beside it.
            let chips = c.kind.label().chars().count() as f32 * per_char * 0.85 + 3.5 * t.space.xl;
            let width = (longest as f32 * per_char + t.space.l).clamp(chips, most.max(chips));
            Head { missing_share: c.missing() as f32 / rows, missing: c.missing(), distinct: c.distinct(), width }
        };
        intake.table.columns.iter().map(|c| head(c)).collect::<Vec<_>>()
    });
    let Some(heads) = made else {
        text::muted(ui, "Counting values…");
        return;
    };
    let role_of = |name: &str| {
        let roles = scene.session.roles.get()?;
        roles.roles.iter().find(|r| r.column.as_deref() == Some(name)).map(|r| r.role)
    };
    text::heading_and_note(ui, "The file as it was read", format!("all {}", format::plural(table.rows, "row", "rows")));
    ScrollArea::horizontal().auto_shrink([false, false]).show(ui, |ui| {
        let number_width = (table.rows.max(1).ilog10() + 2) as f32 * per_char + t.space.m;
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut builder = TableBuilder::new(ui)
            .id_salt("preview")
            .cell_layout(Layout::left_to_right(Align::Center))
            .auto_shrink([false, false])
            .min_scrolled_height(0.0)
            .column(Column::exact(number_width));
        for head in heads.iter() {
            builder = builder.column(Column::initial(head.width).at_least(64.0).clip(true).resizable(true));
        }
        builder
            .header(t.shape.row * 2.0 + t.space.m, |mut row| {
                row.col(|_| {});
                for (column, head) in table.columns.iter().zip(heads.iter()) {
                    row.col(|ui| heading(ui, &column.name, column.kind.label(), head, role_of(&column.name)));
                }
            })
            .body(|body| {
                body.rows(t.shape.row, table.rows, |mut row| {
                    let at = row.index();
                    row.col(|ui| {
                        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                            let number = RichText::new(format::count(at + 1)).size(t.font.small).color(t.text.faint);
                            ui.label(number);
                        });
                    });
                    for column in &table.columns {
                        let right = matches!(column.kind, ColumnKind::Number { .. });
                        row.col(|ui| cell(ui, column.text(at), right));
                    }
                });
            });
    });
}

fn cell(ui: &mut Ui, text: &str, right: bool) {
    let t = theme::of(ui);
    let label = if text.is_empty() {
        RichText::new("empty").size(t.font.small).color(t.text.faint)
    } else {
        RichText::new(text).size(t.font.small)
    };
    let layout = if right { Layout::right_to_left(Align::Center) } else { Layout::left_to_right(Align::Center) };
    ui.with_layout(layout, |ui| ui.add(Label::new(label).truncate()));
}

fn heading(ui: &mut Ui, name: &str, kind: &str, head: &Head, role: Option<Role>) {
    let t = theme::of(ui);
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = t.space.xs;
        ui.spacing_mut().interact_size.y = t.font.body + t.space.xs;
        ui.add(Label::new(RichText::new(name).size(t.font.small).family(semibold())).truncate());
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = t.space.xs;
            if let Some(role) = role {
                text::tinted(ui, role.label(), t.accent.soft, t.accent.normal)
                    .on_hover_text(format!("This column is the {}", role.label().to_lowercase()));
            }
            text::chip(ui, kind);
        });
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width() - t.space.s, t.space.xs), Sense::hover());
        ui.painter().rect_filled(rect, t.shape.radius_small, t.bg.hover);
        let mut filled = rect;
        filled.set_width(rect.width() * (1.0 - head.missing_share));
        ui.painter().rect_filled(filled, t.shape.radius_small, t.text.faint);
        response.on_hover_text(format!(
            "{}\n{}",
            if head.missing == 0 {
                "No value is missing".to_string()
            } else {
                let rows = format::plural(head.missing, "row has", "rows have");
                format!("{rows} no value ({})", format::percent(f64::from(head.missing_share)))
            },
            format::plural(head.distinct, "distinct value", "distinct values")
        ));
    });
}
