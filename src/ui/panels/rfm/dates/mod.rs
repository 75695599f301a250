//! Two snapshot dates compared: who moved between segments, and how much money moved with them.

mod files;
mod moved;
pub(super) mod moves;
mod pictures;

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use egui::{Align, Layout, RichText, TextEdit, Ui, vec2};
use egui_material_icons::icons::{ICON_CLOSE, ICON_COMPARE_ARROWS, ICON_DOWNLOAD};

use super::made;
use crate::app::{Action, DatesView, FeaturesTab, Measure, Status};
use crate::chart::Pointed;
use crate::format;
use crate::pipeline::Stage;
use crate::recipe::TableShape;
use crate::rfm::{Migration, Movement, RfmOut};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::chart::{self, Pointing};
use crate::ui::widgets::{button, card, chip, choice, state, text};

/// Days before the snapshot that are offered.
const AGO: [u64; 4] = [30, 90, 180, 365];
/// The first offer of the empty panel.
const FIRST: u64 = 90;

pub fn show(ui: &mut Ui, scene: &mut Scene, rfm: &Arc<RfmOut>) {
    let t = theme::of(ui);
    let shape = scene.session.roles.get().map(|r| r.shape.shape);
    let (Some(snapshot), Some(TableShape::Transactions)) = (rfm.snapshot, shape) else {
        let why = "This table has one row per customer and no purchases, so it says nothing about another date. Open the \
                   transactions to compare two dates.";
        if state::empty(ui, ICON_COMPARE_ARROWS, why, Some("Go to the features")) {
            scene.view.features.tab = FeaturesTab::Features;
        }
        return;
    };
    let other = scene.session.recipe().and_then(|r| r.rfm.compare_to);
    if other.is_none() {
        let what =
            "Compare segments at two dates, and see who moved up, who is slipping, and how much money moved with them.";
        // A short file is cut in half.
        let span = rfm.first_day.map_or(FIRST, |first| (snapshot - first).num_days().max(2) as u64);
        let days = if span > FIRST { FIRST } else { span / 2 };
        let offer = format!("Compare with {} before", format::plural(days as usize, "day", "days"));
        if state::empty(ui, ICON_COMPARE_ARROWS, what, Some(&offer)) {
            compare_with(scene, snapshot.checked_sub_days(Days::new(days)));
        }
        return;
    }
    head(ui, scene, snapshot, other, rfm.first_day);
    ui.add_space(t.space.xs);
    let Some(migration) = scene.session.migration.get().filter(|m| m.is_some()).cloned() else {
        return state::waiting(ui, scene, Stage::Compare);
    };
    let current = *scene.session.migration.status() == Status::Ready;
    state::dimmed(ui, !current, |ui| {
        if let Some(found) = migration.as_ref() {
            summary(ui, scene, found);
            content(ui, scene, &migration, found);
        }
    });
}

fn compare_with(scene: &mut Scene, date: Option<NaiveDate>) {
    let label = date.map_or("Compare with no other date".to_string(), |d| format!("Compare with {d}"));
    scene.decide(label, false, |r| r.rfm.compare_to = date);
}

/// Both dates, and what they are shown as.
fn head(ui: &mut Ui, scene: &mut Scene, snapshot: NaiveDate, other: Option<NaiveDate>, first: Option<NaiveDate>) {
    let t = theme::of(ui);
    card::card(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(t.space.s, t.space.xs);
            ui.label(RichText::new(format!("{snapshot} compared with")).color(t.text.muted))
                .on_hover_text("The snapshot date is set beside the scores");
            let shown = other.map_or(String::new(), |d| d.to_string());
            let mut typed = scene.view.rfm.other_date.clone().unwrap_or(shown);
            let read = NaiveDate::parse_from_str(typed.trim(), "%Y-%m-%d");
            let color = if read.is_ok() { t.text.normal } else { t.state.bad };
            let field = TextEdit::singleline(&mut typed)
                .desired_width(92.0)
                .margin(vec2(t.space.s, t.space.xs))
                .text_color(color)
                .hint_text("year-month-day");
            let field = ui.add(field).accessible_name("The other date").on_hover_text("Write the date as 2011-09-11");
            if field.changed() {
                scene.view.rfm.other_date = Some(typed);
            }
            if field.lost_focus()
                && scene.view.rfm.other_date.take().is_some()
                && let Ok(date) = read
                && Some(date) != other
            {
                compare_with(scene, Some(date));
            }
            text::muted(ui, "or");
            for days in AGO {
                let date = snapshot.checked_sub_days(Days::new(days));
                let chosen = date == other;
                let label = RichText::new(days.to_string()).size(t.font.small);
                let name = format!("Compare with {days} days before");
                // Before the first transaction there is nothing to compare with.
                let there = first.is_none_or(|first| date.is_some_and(|date| date > first));
                let button = ui.add_enabled(there, egui::Button::selectable(chosen, label)).accessible_name(name);
                let early = first.map_or(String::new(), |first| format!("The first transaction is of {first}"));
                if button.on_disabled_hover_text(early).clicked() && !chosen {
                    compare_with(scene, date);
                }
            }
            text::muted(ui, "days before");
            if button::icon(ui, ICON_CLOSE, "Compare with no other date").clicked() {
                compare_with(scene, None);
            }
        });
    });
}

/// How many moved which way.
fn summary(ui: &mut Ui, scene: &mut Scene, found: &Migration) {
    let t = theme::of(ui);
    let all: usize = found.cells.iter().map(|c| c.customers).sum();
    let says = [
        (Movement::Up, "moved up", t.diverging(-0.7)),
        (Movement::Slipping, "slipping", t.diverging(0.7)),
        (Movement::Level, "neither up nor down", t.text.muted),
        (Movement::New, "not yet seen then", t.text.muted),
        (Movement::Gone, "gone", t.text.muted),
    ];
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = t.space.s;
        for (which, words, color) in says {
            let n = moves::count(found, which);
            if n == 0 && matches!(which, Movement::New | Movement::Gone) {
                continue;
            }
            text::dot(ui, color);
            let name = format!("{} {words}", format::count(n));
            let label = egui::Label::new(RichText::new(&name)).sense(egui::Sense::click());
            let share = format::percent(n as f64 / all.max(1) as f64);
            if ui.add(label).on_hover_text(format!("{share} of all. Click to select them")).clicked() {
                let who = found.customers.iter().filter(|c| found.movement(c) == which);
                scene.select(moves::places(who), format!("{} since {}", capital(words), found.from));
            }
            ui.add_space(t.space.s);
        }
    });
    if !found.notes.is_empty() {
        chip::fold(ui, "notes of two dates", "How the dates were compared", |ui| {
            for note in &found.notes {
                text::muted(ui, state::sentence(note));
            }
        });
    }
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
}

fn content(ui: &mut Ui, scene: &mut Scene, migration: &Arc<Option<Migration>>, found: &Migration) {
    let t = theme::of(ui);
    let views = [
        (DatesView::Matrix, "Matrix", "From each segment to each other one"),
        (DatesView::Flow, "Flow", "The same as bands"),
        (DatesView::Up, "Moved up", "Customers in a better segment than before"),
        (DatesView::Slipping, "Slipping", "Customers in a worse segment than before"),
    ];
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = t.space.m;
        if let Some(view) = choice::segmented(ui, "View", &views, scene.view.rfm.dates) {
            scene.view.rfm.dates = view;
        }
        if matches!(scene.view.rfm.dates, DatesView::Matrix | DatesView::Flow) {
            let measures = [
                (Measure::Customers, "Customers", "How many customers moved"),
                (Measure::Revenue, "Net spend", "What they have spent up to the later date"),
            ];
            if let Some(measure) = choice::segmented(ui, "Cells show", &measures, scene.view.rfm.dates_measure) {
                scene.view.rfm.dates_measure = measure;
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let hint = "Write from_segment, to_segment, customers and revenue as CSV";
            if button::plain(ui, ICON_DOWNLOAD, "Save as CSV…").on_hover_text(hint).clicked() {
                scene.act(Action::Save(files::cells(migration)));
            }
        });
    });
    cell_bar(ui, scene, migration, found);
    match scene.view.rfm.dates {
        DatesView::Matrix | DatesView::Flow => picture(ui, scene, migration, found),
        DatesView::Up => moved::show(ui, scene, migration, Movement::Up),
        DatesView::Slipping => moved::show(ui, scene, migration, Movement::Slipping),
    }
}

/// The move that was clicked, with its customers as a file.
fn cell_bar(ui: &mut Ui, scene: &mut Scene, migration: &Arc<Option<Migration>>, found: &Migration) {
    let t = theme::of(ui);
    let Some((from, to)) = scene.view.rfm.cell else { return };
    let Some(cell) = found.cells.iter().find(|c| (c.from, c.to) == (from, to)) else { return };
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = t.space.s;
        text::heading(ui, moves::called(found, from, to));
        let money = format::money(cell.revenue, scene.currency());
        let mut words = format!("{}, {money}", format::plural(cell.customers, "customer", "customers"));
        if to.is_none() {
            words += "; they are not in the table of the snapshot in force, so they cannot be selected";
        }
        text::muted_line(ui, words);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if button::icon(ui, ICON_CLOSE, "Close this move").clicked() {
                scene.view.rfm.cell = None;
            }
            let hint = "Write these customers with their segments and what they spent as CSV";
            if button::link(ui, "Save these customers…").on_hover_text(hint).clicked() {
                scene.act(Action::Save(files::customers(migration, from, to)));
            }
        });
    });
}

fn picture(ui: &mut Ui, scene: &mut Scene, migration: &Arc<Option<Migration>>, found: &Migration) {
    let t = theme::of(ui);
    let measure = scene.view.rfm.dates_measure;
    let flow = scene.view.rfm.dates == DatesView::Flow;
    let currency = scene.currency().map(str::to_string);
    let input = ((migration.clone(), scene.selection.customers.clone()), (measure as usize, flow), currency);
    let rows = found.customers.len();
    let made = made::of(ui, scene, "two dates", input, rows, move |((migration, selection), _, currency)| {
        migration.as_ref().as_ref().map(|found| {
            let rings = pictures::Rings::of(found, selection);
            let draw = if flow { pictures::flow } else { pictures::matrix };
            draw(found, &rings, measure, currency.as_deref())
        })
    });
    let Some(Some(made)) = made.as_deref() else {
        text::muted(ui, "Drawing…");
        return;
    };
    let height = (ui.clip_rect().bottom() - ui.cursor().top() - t.space.s).max(400.0);
    let size = vec2(ui.available_width(), height);
    if let Some(Pointed::Mark(mark)) = chart::show(ui, scene, &made.chart, size, Pointing::Marks)
        && let Some(&Some((from, to))) = made.marks.get(mark)
    {
        let who = found.customers.iter().filter(|c| (c.from, c.to) == (from, to));
        scene.select(moves::places(who), moves::called(found, from, to));
        scene.view.rfm.cell = Some((from, to));
    }
}
