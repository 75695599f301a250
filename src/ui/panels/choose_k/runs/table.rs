//! The runs as a table that can be sorted, named and thinned out.

use std::cmp::Ordering;

use chrono::Local;
use egui::{Align, Button, Label, Layout, RichText, TextEdit, Ui};
use egui_extras::{Column, TableBuilder, TableRow};
use egui_material_icons::icons::{
    ICON_ARROW_DOWNWARD, ICON_ARROW_UPWARD, ICON_CHECK_BOX, ICON_CHECK_BOX_OUTLINE_BLANK, ICON_DELETE, ICON_KEEP,
    ICON_REPLAY,
};

use crate::app::{Action, Run, RunChange, RunColumn};
use crate::format;
use crate::ui::glossary;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{button, text};

const HEADS: [(RunColumn, &str, &str); 9] = [
    (RunColumn::Number, "#", "In the order in which they were done"),
    (RunColumn::Name, "Run", "Click a name to change it"),
    (RunColumn::Ended, "Ended", "When it was done"),
    (RunColumn::Took, "Took", "Seconds for features, all numbers of clusters, projecting and describing"),
    (RunColumn::K, "k", "Number of clusters, noise aside"),
    (RunColumn::Silhouette, "Silhouette", "Mean silhouette, −1 to 1; high is good"),
    (RunColumn::CalinskiHarabasz, "Calinski-H.", "Calinski-Harabasz; high is good"),
    (RunColumn::DaviesBouldin, "Davies-B.", "Davies-Bouldin; low is good"),
    (RunColumn::Smallest, "Smallest", "Customers in the smallest cluster"),
];

/// Widths of the ticks, of the columns but for the name, and of the actions.
const TICK: f32 = 26.0;
const WIDTHS: [f32; 9] = [20.0, 0.0, 40.0, 44.0, 24.0, 66.0, 72.0, 64.0, 62.0];
const ACTIONS: f32 = 76.0;
const MOST_ROWS: f32 = 9.0;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    ui.scope(|ui| list(ui, scene));
}

fn list(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let mut order: Vec<&Run> = scene.runs.list().iter().collect();
    let (column, turned) = scene.view.choose_k.runs.sort;
    order.sort_by(|a, b| {
        let order = compare(a, b, column);
        if turned { order.reverse() } else { order }
    });
    let in_force = scene.runs.in_force(scene.session.keys()).map(|r| r.number);
    let gaps = t.space.s * (WIDTHS.len() + 1) as f32;
    let name = (ui.available_width() - TICK - ACTIONS - WIDTHS.iter().sum::<f32>() - gaps).max(120.0);
    let height = t.shape.row + t.space.xs;
    ui.spacing_mut().item_spacing.y = 0.0;
    let mut table = TableBuilder::new(ui)
        .id_salt("runs")
        .striped(false)
        .cell_layout(Layout::left_to_right(Align::Center))
        .max_scroll_height(MOST_ROWS * height)
        .auto_shrink([false, true])
        .column(Column::exact(TICK));
    for width in WIDTHS {
        table = table.column(Column::exact(if width == 0.0 { name } else { width }).clip(true));
    }
    table
        .column(Column::exact(ACTIONS))
        .header(t.shape.row, |mut row| {
            row.col(|_| {});
            for (at, (column, words, hint)) in HEADS.into_iter().enumerate() {
                row.col(|ui| head(ui, scene, at, column, words, hint));
            }
            row.col(|_| {});
        })
        .body(|body| {
            body.rows(height, order.len(), |mut row| {
                let run = order[row.index()];
                one(&mut row, scene, run, in_force == Some(run.number));
            });
        });
}

fn right(at: usize) -> bool {
    !matches!(at, 0..=2)
}

fn head(ui: &mut Ui, scene: &mut Scene, at: usize, column: RunColumn, words: &str, hint: &str) {
    let t = theme::of(ui);
    let (sorted, turned) = scene.view.choose_k.runs.sort;
    let add = |ui: &mut Ui| {
        let color = if sorted == column { t.text.normal } else { t.text.muted };
        let label = RichText::new(words).size(t.font.small).family(semibold()).color(color);
        let arrow = if turned { ICON_ARROW_DOWNWARD } else { ICON_ARROW_UPWARD };
        let arrow = arrow.rich_text().size(t.font.tiny).color(t.accent.normal);
        ui.spacing_mut().button_padding = egui::Vec2::ZERO;
        ui.spacing_mut().item_spacing.x = 1.0;
        let button = if sorted == column && at > 0 { Button::new((label, arrow)) } else { Button::new(label) };
        let response = ui.add(button.frame(false)).on_hover_text(hint).accessible_name(format!("Sort by {words}"));
        glossary::define(response, words)
    };
    let response = if right(at) { ui.with_layout(Layout::right_to_left(Align::Center), add).inner } else { add(ui) };
    if response.clicked() {
        scene.view.choose_k.runs.sort = (column, sorted == column && !turned);
    }
}

fn one(row: &mut TableRow, scene: &mut Scene, run: &Run, in_force: bool) {
    let number = run.number;
    let pair = scene.view.choose_k.runs.pair.clone();
    let ticked = pair.contains(&number);
    row.set_selected(ticked);
    row.col(|ui| {
        let (icon, words) = match ticked {
            true => (ICON_CHECK_BOX, format!("Leave out run {number}")),
            false => (ICON_CHECK_BOX_OUTLINE_BLANK, format!("Compare run {number}")),
        };
        if button::small_icon(ui, icon, &words).clicked() {
            let pair = &mut scene.view.choose_k.runs.pair;
            if ticked {
                pair.retain(|n| *n != number);
            } else {
                // A third one takes the place of the first.
                pair.push(number);
                let drop = pair.len().saturating_sub(2);
                pair.drain(..drop);
            }
        }
    });
    row.col(|ui| drop(text::muted_line(ui, number.to_string())));
    row.col(|ui| name(ui, scene, run, in_force));
    let ended = run.ended.with_timezone(&Local);
    row.col(|ui| {
        text::muted_line(ui, ended.format("%H:%M").to_string())
            .on_hover_text(ended.format("%-d %B %Y, %H:%M:%S").to_string());
    });
    let score = |v: Option<f64>, decimals| v.map_or("–".to_string(), |v| format::number(v, decimals));
    let cells = [
        (
            run.secs
                .map_or("–".into(), |secs| format!("{} s", format::number(secs, if secs < 10.0 { 1 } else { 0 }))),
            false,
        ),
        (run.clustering.clusters().to_string(), true),
        (score(run.scores.silhouette, 3), true),
        (score(run.scores.calinski_harabasz, 0), true),
        (score(run.scores.davies_bouldin, 3), true),
        (format::count(run.scores.smallest), true),
    ];
    for (words, strong) in cells {
        row.col(|ui| {
            let t = theme::of(ui);
            let color = if strong { t.text.normal } else { t.text.muted };
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add(Label::new(RichText::new(words).size(t.font.small).color(color)).truncate());
            });
        });
    }
    row.col(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| actions(ui, scene, run, in_force));
    });
}

/// The name, its algorithm and features; a click changes the name.
fn name(ui: &mut Ui, scene: &mut Scene, run: &Run, in_force: bool) {
    let t = theme::of(ui);
    if let Some((_, words)) = scene.view.choose_k.runs.naming.as_mut().filter(|(number, _)| *number == run.number) {
        let field = TextEdit::singleline(words).desired_width(f32::INFINITY).font(egui::TextStyle::Small);
        let response = ui.add(field).accessible_name(format!("Name of run {}", run.number));
        if response.lost_focus() {
            let words = words.clone();
            let given_up = ui.input(|i| i.key_pressed(egui::Key::Escape));
            scene.view.choose_k.runs.naming = None;
            if !given_up {
                scene.act(Action::Run(run.number, RunChange::Label(words)));
            }
        } else {
            response.request_focus();
        }
        return;
    }
    if in_force {
        ui.spacing_mut().item_spacing.x = t.space.xs;
        text::dot(ui, t.accent.normal).on_hover_text("In force");
    }
    let called = run.name();
    let words = RichText::new(&called).size(t.font.small).color(t.text.normal);
    let label =
        ui.add(Button::new(words).frame(false).truncate()).accessible_name(format!("Rename run {}", run.number));
    let took = format!("by {}", run.features.join(", ").to_lowercase());
    let segments = run.segments.join("\n");
    let hint = format!("{} {took}\n\n{segments}\n\nClick to change the name", run.recipe.cluster.algorithm.label());
    if label.on_hover_text(hint).clicked() {
        scene.view.choose_k.runs.naming = Some((run.number, run.label.clone()));
    }
}

fn actions(ui: &mut Ui, scene: &mut Scene, run: &Run, in_force: bool) {
    let t = theme::of(ui);
    ui.spacing_mut().item_spacing.x = t.space.xs;
    let number = run.number;
    if button::small_icon(ui, ICON_DELETE, &format!("Forget run {number}")).clicked() {
        scene.act(Action::Run(number, RunChange::Forget));
    }
    let words = match run.kept {
        true => format!("Let run {number} go when memory is short"),
        false => format!("Keep run {number} when memory is short"),
    };
    let keep = if run.kept {
        let glyph = ICON_KEEP.rich_text().size(t.font.icon).color(t.accent.normal);
        ui.scope(|ui| {
            ui.spacing_mut().button_padding = egui::Vec2::ZERO;
            let button = Button::new(glyph).frame_when_inactive(false);
            ui.add(button.min_size(egui::Vec2::splat(t.shape.row - t.space.xs)))
        })
        .inner
        .on_hover_text(&words)
        .accessible_name(words.as_str())
    } else {
        button::small_icon(ui, ICON_KEEP, &words)
    };
    if keep.clicked() {
        scene.act(Action::Run(number, RunChange::Keep(!run.kept)));
    }
    ui.add_enabled_ui(!in_force, |ui| {
        let words = format!("Use the choices of run {number}: algorithm, k and features");
        if button::small_icon(ui, ICON_REPLAY, &words).accessible_name(format!("Use run {number}")).clicked() {
            super::take_over(scene, run);
        }
    });
}

fn compare(a: &Run, b: &Run, column: RunColumn) -> Ordering {
    // What has no score stands last.
    let score = |v: Option<f64>| v.unwrap_or(f64::INFINITY);
    match column {
        RunColumn::Number | RunColumn::Ended => a.number.cmp(&b.number),
        RunColumn::Name => a.name().to_lowercase().cmp(&b.name().to_lowercase()),
        RunColumn::Took => score(a.secs).total_cmp(&score(b.secs)),
        RunColumn::K => a.clustering.clusters().cmp(&b.clustering.clusters()),
        RunColumn::Silhouette => score(a.scores.silhouette).total_cmp(&score(b.scores.silhouette)),
        RunColumn::CalinskiHarabasz => score(a.scores.calinski_harabasz).total_cmp(&score(b.scores.calinski_harabasz)),
        RunColumn::DaviesBouldin => score(a.scores.davies_bouldin).total_cmp(&score(b.scores.davies_bouldin)),
        RunColumn::Smallest => a.scores.smallest.cmp(&b.scores.smallest),
    }
    .then(a.number.cmp(&b.number))
}
