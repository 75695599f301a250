//! Both results side by side: what it says in words, segments, moves, drift.

use std::sync::Arc;

use egui::{Align, Label, Layout, RichText, Ui};
use egui_extras::{Column, TableBuilder};
use egui_material_icons::icons::{ICON_ARROW_RIGHT_ALT, ICON_DOWNLOAD};

use super::{drift, moves, page, remark};
use crate::app::{Action, Compared, NewFileAction};
use crate::format::{count, money, percent};
use crate::profile::Grouping;
use crate::project::{Comparison, Group};
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{button, card, choice, text};
use crate::worker::FileJob;

const NUMBER: f32 = 86.0;
/// From this width on, drift stands beside the segments.
const WIDE: f32 = 1320.0;

pub fn show(ui: &mut Ui, scene: &mut Scene, compared: &Compared) {
    let t = theme::of(ui);
    let comparison = &compared.comparison;
    ui.horizontal(|ui| {
        let views = [
            (
                Grouping::Clusters,
                "Clusters",
                "Segments that were found, matched by their names, or else by their customers",
            ),
            (Grouping::Rfm, "RFM segments", "Segments that the scores lead to"),
        ];
        let views = if compared.is_scored() { &views[..] } else { &views[..1] };
        if let Some(grouping) = choice::segmented(ui, "Compare", views, compared.grouping) {
            scene.act(NewFileAction::Compare(grouping).into());
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let hint = "Write from_segment, to_segment, customers and what they spent in both files as CSV";
            if button::plain(ui, ICON_DOWNLOAD, "Save as CSV…").on_hover_text(hint).clicked() {
                scene.act(Action::Save(as_csv(comparison)));
            }
        });
    });
    ui.add_space(t.space.xs);
    page(ui, |ui| {
        card::card(ui, |ui| {
            for sentence in &comparison.words {
                remark(ui, ICON_ARROW_RIGHT_ALT, t.text.muted, sentence);
            }
        });
        ui.add_space(t.space.s);
        if ui.available_width() >= WIDE {
            card::grid(ui, 2, &[0, 1], |ui, _, at| match at {
                0 => segments(ui, scene, comparison),
                _ => drift::show(ui, comparison),
            });
        } else {
            card::card(ui, |ui| segments(ui, scene, comparison));
            ui.add_space(t.space.s);
            card::card(ui, |ui| drift::show(ui, comparison));
        }
        ui.add_space(t.space.s);
        card::card(ui, |ui| moves::show(ui, scene, comparison));
    });
}

/// Customers and net spend of each segment before and now.
fn segments(ui: &mut Ui, scene: &Scene, comparison: &Comparison) {
    let t = theme::of(ui);
    text::heading_and_note(ui, "Segments", "matched by name, or else by customers");
    let has_money = comparison.revenue.is_some();
    let heads: &[(&str, &str)] = match has_money {
        true => &[
            ("Before", "Customers in the earlier file"),
            ("Now", "Customers in the new file"),
            ("Share", "Part of all customers now, and how many percentage points more or fewer than before"),
            ("Spend before", "Net spend in the earlier file"),
            ("Spend now", "Net spend in the new file"),
        ],
        false => &[
            ("Before", "Customers in the earlier file"),
            ("Now", "Customers in the new file"),
            ("Share", "Part of all customers now, and how many percentage points more or fewer than before"),
        ],
    };
    // Cards side by side have another space between columns than one alone.
    let gap = ui.spacing().item_spacing.x;
    let name = (ui.available_width() - (NUMBER + gap) * heads.len() as f32).max(110.0);
    ui.spacing_mut().item_spacing.y = 0.0;
    let mut table = TableBuilder::new(ui).id_salt("segments compared").striped(false).vscroll(false);
    table = table.cell_layout(Layout::left_to_right(Align::Center)).column(Column::exact(name).clip(true));
    for _ in heads {
        table = table.column(Column::exact(NUMBER).clip(true));
    }
    table
        .header(t.shape.row, |mut row| {
            row.col(|ui| drop(head(ui, "Segment")));
            for (words, hint) in heads {
                row.col(|ui| right(ui, |ui| drop(head(ui, words).on_hover_text(*hint))));
            }
        })
        .body(|body| {
            body.rows(t.shape.row, comparison.groups.len(), |mut row| {
                let group = &comparison.groups[row.index()];
                row.col(|ui| drop(text::line(ui, group.name.as_str()).on_hover_text(says(group))));
                for cell in cells(group, has_money, scene.currency()) {
                    row.col(|ui| {
                        right(ui, |ui| {
                            ui.add(Label::new(RichText::new(cell).size(t.font.small)).truncate());
                        });
                    });
                }
            });
        });
}

fn says(group: &Group) -> String {
    if let Some(was) = &group.was {
        return format!("{}: {was} in the earlier file, with most of the same customers", group.name);
    }
    match (group.before.is_some(), group.after.is_some()) {
        (true, false) => format!("{}: only in the earlier file", group.name),
        (false, true) => format!("{}: only in the new file", group.name),
        _ => group.name.clone(),
    }
}

fn cells(group: &Group, has_money: bool, currency: Option<&str>) -> Vec<String> {
    let none = || "–".to_string();
    let customers = |size: Option<crate::project::Size>| size.map_or_else(none, |s| count(s.customers));
    let share = match (group.before, group.after) {
        (Some(a), Some(b)) => {
            let points = (b.share - a.share) * 100.0;
            let sign = if points >= 0.05 { "+" } else { "" };
            format!("{} ({sign}{})", percent(b.share), crate::format::number(points, 1))
        }
        (None, Some(b)) => format!("{} (new)", percent(b.share)),
        _ => none(),
    };
    let mut out = vec![customers(group.before), customers(group.after), share];
    if has_money {
        let spent = |size: Option<crate::project::Size>| size.map_or_else(none, |s| money(s.revenue, currency));
        out.extend([spent(group.before), spent(group.after)]);
    }
    out
}

pub(super) fn head(ui: &mut Ui, words: &str) -> egui::Response {
    let t = theme::of(ui);
    ui.add(Label::new(RichText::new(words).size(t.font.small).family(semibold()).color(t.text.muted)).truncate())
}

pub(super) fn right(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    ui.with_layout(Layout::right_to_left(Align::Center), add);
}

/// One row per pair of segments.
fn as_csv(comparison: &Arc<Comparison>) -> FileJob {
    let comparison = comparison.clone();
    FileJob::new("what_changed.csv", move |out| {
        writeln!(out, "from_segment,to_segment,customers,spent_before,spent_now")?;
        let name =
            |at: Option<usize>, none: &str| at.map_or_else(|| none.to_string(), |i| quoted(&comparison.groups[i].name));
        for m in &comparison.moves {
            let (from, to) = (name(m.from, "(new)"), name(m.to, "(gone)"));
            writeln!(out, "{from},{to},{},{},{}", m.customers, m.before, m.after)?;
        }
        Ok(())
    })
}

/// A field of a CSV file, in quotes where it needs them; no spreadsheet takes it for a formula.
fn quoted(text: &str) -> String {
    let safe = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_string() };
    match safe.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", safe.replace('"', "\"\"")),
        false => safe,
    }
}
