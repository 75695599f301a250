//! The grid of charts; each card with its settings, or one that fills the room.

use std::sync::Arc;

use egui::{Align, Layout, Margin, Rect, ScrollArea, Ui, UiBuilder, Vec2, pos2, vec2};
use egui_material_icons::icons::{ICON_CLOSE, ICON_CLOSE_FULLSCREEN, ICON_OPEN_IN_FULL};

use super::kinds::{Kind, Known};
use super::settings::Settings;
use super::words;
use crate::app::Card;
use crate::chart::{Chart, Pointed, Scale};
use crate::explore::{Answer, Question};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::chart::{self, Pointing};
use crate::ui::widgets::{button, card, state, text};

/// Least width of a card, and its height.
const NARROWEST: f32 = 372.0;
const HEIGHT: f32 = 320.0;
/// Least height of one of several charts.
const LEAST: f32 = 150.0;

/// Draws the cards of the table that is shown.
pub fn show(ui: &mut Ui, scene: &mut Scene, known: &Known) {
    let t = theme::of(ui);
    let cards: Vec<Card> = scene.view.explore.cards().to_vec();
    let enlarged = scene.view.explore.enlarged.and_then(|id| cards.iter().position(|c| c.id == id));
    if let Some(at) = enlarged {
        let rect = ui.available_rect_before_wrap();
        ui.allocate_rect(rect, egui::Sense::hover());
        return one(ui, scene, known, &cards[at], at + 1, rect);
    }
    let gap = t.space.m;
    ScrollArea::vertical().id_salt(("charts", known.source)).auto_shrink([false, false]).show(ui, |ui| {
        let width = ui.available_width() - t.space.xs;
        let columns = (((width + gap) / (NARROWEST + gap)) as usize).clamp(1, 4);
        let size = vec2((width - gap * (columns - 1) as f32) / columns as f32, HEIGHT);
        let rows = cards.len().div_ceil(columns);
        let (all, _) = ui.allocate_exact_size(vec2(width, rows as f32 * (size.y + gap)), egui::Sense::hover());
        for (i, card) in cards.iter().enumerate() {
            let place = vec2((i % columns) as f32 * (size.x + gap), (i / columns) as f32 * (size.y + gap));
            let rect = Rect::from_min_size(all.min + place, size);
            if scene.view.explore.reveal == Some(card.id) {
                ui.scroll_to_rect(rect, None);
                scene.view.explore.reveal = None;
            }
            // What one does not see asks nothing.
            if ui.is_rect_visible(rect) {
                one(ui, scene, known, card, i + 1, rect);
            }
        }
    });
}

/// One card: head, settings, chart, note.
fn one(ui: &mut Ui, scene: &mut Scene, known: &Known, card: &Card, number: usize, rect: Rect) {
    let t = theme::of(ui);
    let mut ui = ui.new_child(UiBuilder::new().id_salt(("chart", card.id)).max_rect(rect));
    let frame = card::frame(&ui).inner_margin(Margin::symmetric(t.space.m as i8, t.space.s as i8));
    frame.show(&mut ui, |ui| {
        ui.set_min_size(rect.size() - frame.total_margin().sum());
        ui.spacing_mut().item_spacing.y = t.space.xs;
        let asked = scene.ask(("card", card.id), &card.question);
        let charts: Vec<Arc<Chart>> = match asked.answer.as_deref() {
            Some(Answer::Chart(chart)) => vec![chart.clone()],
            Some(Answer::Charts(charts)) => charts.clone(),
            Some(Answer::Summaries(_)) | None => Vec::new(),
        };
        let charts = if fits_all(card, &charts, rect) { charts } else { charts.into_iter().take(1).collect() };
        head(ui, scene, card, &charts, rect.size());
        let settings = Settings { known, number };
        let changed = ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = Vec2::splat(t.space.xs);
            settings.show(ui, &card.question)
        });
        if let Some(question) = changed.inner {
            scene.view.explore.change(card.id, question);
        }
        if let [only] = charts.as_slice() {
            let note = only.whole_note();
            if !note.is_empty() {
                text::muted_line(ui, &note).on_hover_text(&note);
            }
        }
        let room = ui.available_rect_before_wrap();
        if let Some(error) = &asked.error {
            text::muted(ui, state::sentence(error));
        } else if charts.is_empty() {
            let words = egui::RichText::new("Working it out…").size(t.font.small).color(t.text.faint);
            ui.put(room, egui::Label::new(words));
        } else {
            state::dimmed(ui, !asked.current, |ui| pictures(ui, scene, known, card, &charts, room, asked.current));
        }
    });
}

fn head(ui: &mut Ui, scene: &mut Scene, card: &Card, charts: &[Arc<Chart>], size: Vec2) {
    let t = theme::of(ui);
    let kind = Kind::of(&card.question).map_or("Chart", Kind::name);
    let title = charts.first().map(|c| c.title.as_str()).filter(|title| !title.is_empty()).unwrap_or(kind);
    let enlarged = scene.view.explore.enlarged == Some(card.id);
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = t.shape.row;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            let remove = button::small_icon(ui, ICON_CLOSE, "Remove this chart");
            if remove.accessible_name(format!("Remove {title}")).clicked() {
                scene.view.explore.remove(card.id);
            }
            let (icon, name) = match enlarged {
                true => (ICON_CLOSE_FULLSCREEN, "Back to all charts"),
                false => (ICON_OPEN_IN_FULL, "Enlarge this chart"),
            };
            if button::small_icon(ui, icon, name).accessible_name(format!("{name}, {title}")).clicked() {
                scene.view.explore.enlarged = (!enlarged).then_some(card.id);
            }
            if let [only] = charts {
                chart::menu_button(ui, scene, only, size);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| text::heading(ui, title).on_hover_text(title));
        });
    });
}

/// Whether there is room for all the charts of an answer; a card draws the first of several over time alone.
fn fits_all(card: &Card, charts: &[Arc<Chart>], rect: Rect) -> bool {
    let over_time = matches!(card.question, Question::Timeline { .. });
    !over_time || rect.height() > LEAST * charts.len() as f32 + HEIGHT / 2.0
}

/// The charts of an answer: beside each other where there is room, else one below the other.
fn pictures(
    ui: &mut Ui,
    scene: &mut Scene,
    known: &Known,
    card: &Card,
    charts: &[Arc<Chart>],
    room: Rect,
    current: bool,
) {
    let n = charts.len() as f32;
    let gap = theme::of(ui).space.m;
    let over_time = matches!(card.question, Question::Timeline { .. });
    let beside = n == 1.0 || !over_time && room.height() < 2.0 * LEAST * n;
    let size = match beside {
        true => vec2((room.width() - gap * (n - 1.0)) / n, room.height()),
        false => vec2(room.width(), (room.height() - gap * (n - 1.0)) / n),
    };
    for (i, chart) in charts.iter().enumerate() {
        let step = i as f32;
        let offset = if beside { vec2(step * (size.x + gap), 0.0) } else { vec2(0.0, step * (size.y + gap)) };
        let rect = Rect::from_min_size(pos2(room.left(), room.top()) + offset, size);
        let mut child = ui.new_child(UiBuilder::new().id_salt(("picture", i)).max_rect(rect));
        // What is about to change is not to be pointed at.
        let pointing = if current { pointing(&card.question) } else { Pointing::Nothing };
        let pointed = match charts.len() {
            1 => chart::body(&mut child, scene, chart, size, pointing),
            _ => chart::show(&mut child, scene, chart, size, pointing),
        };
        if let Some(pointed) = pointed {
            act(scene, known, &card.question, chart, pointed);
        }
    }
}

/// What one may point at in the answer to a question.
fn pointing(question: &Question) -> Pointing {
    match question {
        Question::Histogram { .. } | Question::Timeline { .. } | Question::Pareto => Pointing::Range,
        Question::Scatter { .. } => Pointing::Area,
        Question::Summaries { .. } => Pointing::Nothing,
        _ => Pointing::Marks,
    }
}

/// A cell of correlations draws its two columns; anything else selects customers.
fn act(scene: &mut Scene, known: &Known, question: &Question, chart: &Arc<Chart>, pointed: Pointed) {
    match (question, pointed) {
        (Question::Correlations { .. }, Pointed::Mark(mark)) => {
            if let Some(scatter) = pair(known, chart, mark) {
                scene.view.explore.add(scatter);
            }
        }
        _ => scene.pick(question, chart, pointed, words::pointed(chart, pointed)),
    }
}

/// The scatter of the two columns that a cell compares; nothing for a column and itself.
fn pair(known: &Known, chart: &Chart, mark: usize) -> Option<Question> {
    let (Scale::Names(x), Scale::Names(y)) = (&chart.x.scale, &chart.y.scale) else { return None };
    let column = |label: &str| known.columns.iter().find(|c| c.label == label || c.name == label);
    let (x, y) = (column(x.get(mark % x.len().max(1))?)?, column(y.get(mark / x.len().max(1))?)?);
    known.scatter(&x.name, &y.name)
}
