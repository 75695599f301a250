//! The columns that are needed beside those of the new file.

use egui::{Align, Label, Layout, RichText, Ui};
use egui_extras::{Column, TableBuilder, TableRow};
use egui_material_icons::icons::{ICON_CHECK_CIRCLE, ICON_ERROR, ICON_PLAY_ARROW, ICON_WARNING};

use super::{page, remark};
use crate::app::NewFileAction;
use crate::format::{count, plural};
use crate::project::remap::{How, Matched, Plan};
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{button, card, choice, text};

/// Widths of the sign, the name, the chosen column and the type; the purpose gets the rest.
const SIGN: f32 = 24.0;
const NAME: f32 = 160.0;
const CHOICE: f32 = 210.0;
const WHY: f32 = 190.0;
/// Names that are listed in a sentence.
const MOST_NAMES: usize = 12;

pub fn show(ui: &mut Ui, scene: &mut Scene, plan: &Plan) {
    let t = theme::of(ui);
    page(ui, |ui| {
        ui.add_space(t.space.xs);
        summary(ui, plan);
        ui.add_space(t.space.s);
        ui.horizontal(|ui| {
            ui.add_enabled_ui(plan.can_run(), |ui| {
                if button::primary(ui, ICON_PLAY_ARROW, "Run the analysis").clicked() {
                    scene.act(NewFileAction::Run.into());
                }
            });
            if ui.add(egui::Button::new("Cancel").min_size(egui::Vec2::Y * t.shape.control)).clicked() {
                scene.act(NewFileAction::Cancel.into());
            }
        });
        ui.add_space(t.space.s);
        dates(ui, scene, plan);
        card::card(ui, |ui| {
            text::heading(ui, "Columns that the analysis needs");
            ui.add_space(t.space.xs);
            table(ui, scene, plan);
        });
        ui.add_space(t.space.s);
        rest(ui, plan);
    });
}

/// What the two files have in common, in a sentence or two.
fn summary(ui: &mut Ui, plan: &Plan) {
    let t = theme::of(ui);
    let rows = match plan.head {
        true => format!("Only the first {} of this large file were looked at.", plural(plan.rows, "row", "rows")),
        false => format!("{} in {}.", plural(plan.rows, "row", "rows"), plural(plan.there.len(), "column", "columns")),
    };
    let changed: Vec<&Matched> = plan.columns.iter().filter(|m| m.changed.is_some()).collect();
    if let Some((column, [a, b])) = plan.twice() {
        remark(
            ui,
            ICON_ERROR,
            t.state.bad,
            &format!("{column} cannot stand for both {a} and {b}; choose another column for one of them."),
        );
    } else if let [lacking, others @ ..] = plan.lacking().as_slice() {
        let more =
            if others.is_empty() { String::new() } else { format!(" and {}", plural(others.len(), "other", "others")) };
        remark(
            ui,
            ICON_ERROR,
            t.state.bad,
            &format!(
                "The new file has no column for {}{more}. Choose the one that stands for it, or cancel. {rows}",
                lacking.column
            ),
        );
    } else if let [first, ..] = changed.as_slice() {
        let (was, is) = first.changed.unwrap_or_default();
        let words = format!(
            "{} was {was} and is {is} now: look at it before you run the analysis. {rows}",
            first.needed.column
        );
        remark(ui, ICON_WARNING, t.state.warn, &words);
    } else if plan.is_plain() {
        remark(
            ui,
            ICON_CHECK_CIRCLE,
            t.state.good,
            &format!("Every column that the analysis needs has the same name and type. {rows}"),
        );
    } else {
        let renamed = plan.renamed().len();
        let words = format!(
            "{} another name in the new file. Look whether they are right, then run the analysis. {rows}",
            plural(renamed, "column has", "columns have")
        );
        remark(ui, ICON_WARNING, t.state.warn, &words);
    }
}

/// Dates that were set by hand hold for the earlier file.
fn dates(ui: &mut Ui, scene: &mut Scene, plan: &Plan) {
    let t = theme::of(ui);
    let Some(date) = plan.snapshot.or(plan.compare_to) else { return };
    card::card(ui, |ui| {
        let what = if plan.snapshot.is_some() { "The snapshot date" } else { "The date to compare with" };
        ui.label(format!("{what} was set to {date} by hand."));
        let mut keep = scene.new_file.keep_dates;
        if choice::switch(ui, &mut keep, "Keep it for the new file").changed() {
            scene.act(NewFileAction::KeepDates(keep).into());
        }
        let note = if keep {
            "Purchases after that day will not count."
        } else {
            "The new file is looked back on from the day after its own last transaction."
        };
        text::muted(ui, note);
    });
    ui.add_space(t.space.s);
}

fn table(ui: &mut Ui, scene: &mut Scene, plan: &Plan) {
    let t = theme::of(ui);
    let height = t.shape.control + t.space.xs;
    let gaps = t.space.s * 5.0;
    let purpose = (ui.available_width() - SIGN - NAME - CHOICE - WHY - gaps).max(90.0);
    ui.spacing_mut().item_spacing.y = 0.0;
    TableBuilder::new(ui)
        .id_salt("columns of the new file")
        .striped(false)
        .vscroll(false)
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::exact(SIGN))
        .column(Column::exact(NAME).clip(true))
        .column(Column::exact(purpose).clip(true))
        .column(Column::exact(CHOICE))
        .column(Column::exact(WHY).clip(true))
        .header(t.shape.row, |mut row| {
            for head in ["", "Column", "Needed for", "In the new file", "Why"] {
                row.col(|ui| {
                    drop(ui.label(RichText::new(head).size(t.font.small).family(semibold()).color(t.text.muted)))
                });
            }
        })
        .body(|body| {
            body.rows(height, plan.columns.len(), |mut row| {
                let at = row.index();
                one(&mut row, scene, plan, at);
            });
        });
}

fn one(row: &mut TableRow, scene: &mut Scene, plan: &Plan, at: usize) {
    let matched = &plan.columns[at];
    let name = &matched.needed.column;
    row.col(|ui| {
        let t = theme::of(ui);
        let (icon, color, words) = match &matched.to {
            None => (ICON_ERROR, t.state.bad, "No column stands for it yet"),
            Some(_) if matched.changed.is_some() => (ICON_WARNING, t.state.warn, "Its values are of another type"),
            Some((_, how)) if how.is_certain() || *how == How::Chosen => (ICON_CHECK_CIRCLE, t.state.good, "Found"),
            Some(_) => (ICON_WARNING, t.state.warn, "A proposal; look whether it is right"),
        };
        text::icon(ui, icon, color).on_hover_text(words);
    });
    row.col(|ui| drop(text::line(ui, name.as_str()).on_hover_text(name)));
    row.col(|ui| {
        let purposes = matched.needed.purposes.join(", ");
        text::muted_line(ui, purposes.as_str()).on_hover_text(purposes);
    });
    row.col(|ui| {
        let t = theme::of(ui);
        let present = matched.to.as_ref().map(|(name, _)| name.clone());
        let mut options: Vec<(Option<String>, String)> = vec![(None, "No column".into())];
        options.extend(plan.there.iter().map(|(name, kind)| (Some(name.clone()), format!("{name}  ({kind})"))));
        let shown = present.clone().unwrap_or_else(|| "Choose a column".into());
        let width = CHOICE - t.space.s;
        let picked = choice::combo(ui, &format!("Column for {name}"), width, &shown, &options, &present);
        if let Some(column) = picked {
            scene.act(NewFileAction::Choose(at, column).into());
        }
    });
    row.col(|ui| {
        let words = match (&matched.to, matched.changed) {
            (None, _) => "missing".to_string(),
            (Some(_), Some((was, is))) => format!("was {was}, is {is}"),
            (Some((_, how)), None) => how.words().to_string(),
        };
        text::muted_line(ui, words.as_str()).on_hover_text(words);
    });
}

/// Columns that only one of the files has and that nothing needs.
fn rest(ui: &mut Ui, plan: &Plan) {
    let t = theme::of(ui);
    let lists = [
        (&plan.new, "New", "They are read, and take no part unless you decide so."),
        (&plan.missing, "Missing, and not needed", "The present analysis does not use them."),
    ];
    for (names, title, note) in lists {
        if names.is_empty() {
            continue;
        }
        card::card(ui, |ui| {
            text::heading_and_note(ui, title, plural(names.len(), "column", "columns"));
            let mut listed = names.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>().join(", ");
            if names.len() > MOST_NAMES {
                listed += &format!(" and {} more", count(names.len() - MOST_NAMES));
            }
            ui.add(Label::new(RichText::new(listed).color(t.text.normal)).wrap());
            text::muted(ui, note);
        });
        ui.add_space(t.space.s);
    }
}
