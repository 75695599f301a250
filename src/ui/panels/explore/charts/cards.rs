//! The grid of charts; each card with its settings, or one that fills the room.

use std::sync::Arc;

use egui::{Align, Layout, Margin, Rect, ScrollArea, Ui, UiBuilder, Vec2, vec2};
use egui_material_icons::icons::{ICON_CLOSE, ICON_CLOSE_FULLSCREEN, ICON_OPEN_IN_FULL};

use super::kinds::{Kind, Known};
use super::settings::Settings;
use super::words;
use crate::app::Card;
use crate::chart::{Chart, Pointed, Scale};
use crate::explore::{Answer, Question};
use crate::format;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::chart::{self, Pointing};
use crate::ui::widgets::{button, card, pick, state, text};

/// Least width of a card, and its height.
const NARROWEST: f32 = 372.0;
const HEIGHT: f32 = 320.0;
/// Least size of one of several charts.
const LEAST: Vec2 = vec2(320.0, 150.0);

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
        let inner = ui.available_size() - vec2(0.0, 2.0 * (t.shape.row + t.space.xs));
        let over_time = matches!(card.question, Question::Timeline { .. });
        let (shown, columns) = arrange(inner, charts.len(), t.space.m, over_time);
        let more = charts.len() - shown;
        let charts = &charts[..shown];
        head(ui, scene, card, charts, rect.size());
        let settings = Settings { known, number };
        let has_settings = !matches!(card.question, Question::Missing { .. } | Question::Pareto);
        let settings = |ui: &mut Ui, scene: &mut Scene| {
            pick::small(ui);
            let changed = settings.show(ui, &card.question);
            if more > 0 {
                let words = format!("{} when enlarged", format::plural(more, "more chart", "more charts"));
                if button::link(ui, &words).clicked() {
                    scene.view.explore.enlarged = Some(card.id);
                }
            }
            changed
        };
        let changed =
            (has_settings || more > 0).then(|| ui.horizontal_wrapped(|ui| settings(ui, scene)).inner).flatten();
        if let Some(question) = changed {
            scene.view.explore.change(card.id, question);
        }
        if let [only] = charts {
            let note = only.whole_note();
            if !note.is_empty() {
                text::muted_line(ui, note);
            }
        }
        let room = ui.available_rect_before_wrap();
        if let Some(error) = &asked.error {
            text::muted(ui, state::sentence(error));
        } else if charts.is_empty() {
            let words = egui::RichText::new("Working it out…").size(t.font.small).color(t.text.faint);
            ui.put(room, egui::Label::new(words));
        } else {
            let dim = waits_long(ui, asked.current);
            let form = Form { card, room, columns, current: asked.current };
            state::dimmed(ui, dim, |ui| pictures(ui, scene, known, charts, &form));
        }
    });
}

fn head(ui: &mut Ui, scene: &mut Scene, card: &Card, charts: &[Arc<Chart>], size: Vec2) {
    let t = theme::of(ui);
    let kind = Kind::of(&card.question).map_or("Chart", Kind::name);
    let title = match charts {
        [only] if !only.title.is_empty() => only.title.as_str(),
        _ => kind,
    };
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
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| text::heading(ui, title));
        });
    });
}

/// Whether an answer keeps one waiting: one that comes at once need not flicker.
fn waits_long(ui: &Ui, current: bool) -> bool {
    const PATIENCE: f64 = 0.25;
    let (id, now) = (ui.scope_id().with("waits since"), ui.input(|i| i.time));
    if current {
        ui.data_mut(|d| d.remove_temp::<f64>(id));
        return false;
    }
    let since = ui.data_mut(|d| *d.get_temp_mut_or_insert_with(id, || now));
    if now - since < PATIENCE {
        ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(PATIENCE));
    }
    now - since >= PATIENCE
}

/// How many of `n` charts are drawn in the room there is, and in how many columns: all of them where each has enough
/// room, else the first ones. Charts over time stand one below the other.
fn arrange(room: Vec2, n: usize, gap: f32, over_time: bool) -> (usize, usize) {
    /// How much wider than high a chart looks best.
    const SHAPE: f32 = 1.6;
    for shown in (2..=n).rev() {
        let size = |columns: usize| {
            let rows = shown.div_ceil(columns);
            let each = |all: f32, parts: usize| (all - gap * (parts - 1) as f32) / parts as f32;
            vec2(each(room.x, columns), each(room.y, rows))
        };
        let most = if over_time { 1 } else { shown };
        let fits = (1..=most).filter(|&c| size(c).x >= LEAST.x && size(c).y >= LEAST.y);
        let off = |columns: &usize| (size(*columns).x / size(*columns).y / SHAPE).ln().abs();
        if let Some(columns) = fits.min_by(|a, b| off(a).total_cmp(&off(b))) {
            return (shown, columns);
        }
    }
    (n.min(1), 1)
}

/// How the charts of an answer are drawn.
struct Form<'a> {
    card: &'a Card,
    room: Rect,
    columns: usize,
    current: bool,
}

/// The charts of an answer in a grid; one alone has its words in the head of the card.
fn pictures(ui: &mut Ui, scene: &mut Scene, known: &Known, charts: &[Arc<Chart>], form: &Form) {
    let gap = theme::of(ui).space.m;
    let (columns, rows) = (form.columns, charts.len().div_ceil(form.columns));
    let each = |all: f32, parts: usize| (all - gap * (parts - 1) as f32) / parts as f32;
    let size = vec2(each(form.room.width(), columns), each(form.room.height(), rows));
    for (i, chart) in charts.iter().enumerate() {
        let place = vec2((i % columns) as f32 * (size.x + gap), (i / columns) as f32 * (size.y + gap));
        let rect = Rect::from_min_size(form.room.min + place, size);
        let mut child = ui.new_child(UiBuilder::new().id_salt(("picture", i)).max_rect(rect));
        // What is about to change is not to be pointed at.
        let pointing = if form.current { pointing(&form.card.question) } else { Pointing::Nothing };
        let pointed = match charts.len() {
            1 => chart::body(&mut child, scene, chart, size, pointing),
            _ => chart::show(&mut child, scene, chart, size, pointing),
        };
        if let Some(pointed) = pointed {
            act(scene, known, &form.card.question, chart, pointed);
        }
    }
}

/// What one may point at in the answer to a question.
fn pointing(question: &Question) -> Pointing {
    match question {
        Question::Histogram { .. } | Question::Outliers { .. } | Question::Timeline { .. } | Question::Pareto => {
            Pointing::Range
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_of_one_answer_share_the_room_or_wait_for_more() {
        let gap = 12.0;
        assert_eq!(arrange(vec2(500.0, 240.0), 0, gap, false), (0, 1));
        assert_eq!(arrange(vec2(500.0, 240.0), 1, gap, false), (1, 1));
        // A card has room for two of three beside each other, but not for several over time.
        assert_eq!(arrange(vec2(700.0, 240.0), 3, gap, false), (2, 2));
        assert_eq!(arrange(vec2(500.0, 240.0), 3, gap, true), (1, 1));
        // Enlarged, all are there.
        assert_eq!(arrange(vec2(800.0, 600.0), 3, gap, true), (3, 1));
        assert_eq!(arrange(vec2(1200.0, 600.0), 3, gap, false), (3, 2));
    }
}
