//! The list of decisions: what is in force, what was taken back, and what came of each; a click travels there.

use egui::{Align, Key, Layout, Popup, PopupCloseBehavior, Response, RichText, ScrollArea, TextEdit, Ui, vec2};
use egui_material_icons::icons::ICON_CHECK;

use super::palette::rank;
use crate::app::{Action, Command};
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{button, text};

const WIDTH: f32 = 400.0;
/// From this many entries on there is a field to search them by.
const MANY: usize = 8;

/// One line as it is shown.
struct Line {
    at: usize,
    label: String,
    /// What the analysis gave.
    outcome: String,
    when: String,
}

/// Draws the list below its button, while it is open.
pub fn show(scene: &mut Scene, button: &Response) {
    let was = scene.view.frame.history_open;
    let mut open = was;
    let travel = Popup::from_response(button)
        .open_bool(&mut open)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .width(WIDTH)
        .show(|ui| list(ui, scene))
        .and_then(|shown| shown.inner);
    if button.clicked() {
        open = !was;
    }
    if let Some(at) = travel {
        scene.act(Action::Travel(at));
        // The highlight goes with what is in force.
        scene.view.frame.history_at = None;
    }
    if open != was {
        scene.view.frame.history_filter.clear();
        scene.view.frame.history_at = None;
    }
    scene.view.frame.history_open = open;
}

/// Returns the entry to travel to.
fn list(ui: &mut Ui, scene: &mut Scene) -> Option<usize> {
    let t = theme::of(ui);
    ui.set_width(WIDTH);
    let history = scene.session.history()?;
    let (entries, now) = history.entries();
    let up = ui.input_mut(|i| i.consume_key(egui::Modifiers::NONE, Key::ArrowUp));
    let down = ui.input_mut(|i| i.consume_key(egui::Modifiers::NONE, Key::ArrowDown));
    let enter = ui.input_mut(|i| i.consume_key(egui::Modifiers::NONE, Key::Enter));
    head(ui, entries.len(), now);
    if entries.len() >= MANY {
        let field = TextEdit::singleline(&mut scene.view.frame.history_filter)
            .hint_text("Search decisions")
            .desired_width(f32::INFINITY)
            .margin(vec2(t.space.s, t.space.xs));
        let field = ui.add(field).accessible_name("Search decisions");
        field.request_focus();
        if field.changed() {
            scene.view.frame.history_at = None;
        }
    }
    let wanted = scene.view.frame.history_filter.clone();
    // Newest first.
    let shown: Vec<Line> = (0..entries.len())
        .rev()
        .map(|at| {
            let (entry, trail) = (&entries[at], scene.trail);
            Line {
                at,
                label: trail.label(&entry.label, &entry.recipe),
                outcome: trail.outcome(&entry.recipe).map(|o| o.words()).unwrap_or_default(),
                when: trail.when(&entry.recipe).map(|w| w.format("%H:%M").to_string()).unwrap_or_default(),
            }
        })
        .filter(|line| rank(&wanted, &line.label).is_some())
        .collect();
    let marked = scene.view.frame.history_at.unwrap_or(now);
    let mut place = shown.iter().position(|l| l.at == marked).unwrap_or(0);
    if up || down {
        place = if down { (place + 1).min(shown.len().saturating_sub(1)) } else { place.saturating_sub(1) };
        scene.view.frame.history_at = shown.get(place).map(|l| l.at);
    }
    let mut travel = None;
    ScrollArea::vertical().max_height(420.0).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        for (i, line) in shown.iter().enumerate() {
            if one(ui, line, now, i == place, up || down) {
                travel = Some(line.at);
            }
        }
        if shown.is_empty() {
            text::muted(ui, "No decision has these letters in this order.");
        }
    });
    ui.add_space(t.shape.ring);
    if enter {
        travel = shown.get(place).map(|l| l.at);
    }
    travel.filter(|at| *at != now)
}

fn head(ui: &mut Ui, n: usize, now: usize) {
    let t = theme::of(ui);
    ui.horizontal(|ui| {
        ui.label(RichText::new("History").family(semibold()));
        let undone = n - 1 - now;
        let words = match undone {
            0 => crate::format::plural(n, "decision", "decisions"),
            undone => format!("{} in force, {} taken back", now + 1, undone),
        };
        ui.label(RichText::new(words).size(t.font.small).color(t.text.muted));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let keys = [Command::Undo, Command::Redo].map(|c| c.shortcut().map(|k| ui.ctx().format_shortcut(&k)));
            let keys = keys.map(Option::unwrap_or_default).join(" · ");
            ui.label(RichText::new(keys).size(t.font.tiny).color(t.text.faint));
        });
    });
}

/// A decision over what came of it. Returns whether it was clicked.
fn one(ui: &mut Ui, line: &Line, now: usize, marked: bool, moved: bool) -> bool {
    let t = theme::of(ui);
    let undone = line.at > now;
    let height = if line.outcome.is_empty() { t.shape.control } else { t.shape.control + t.font.small };
    let name = format!("Travel to: {}", line.label);
    let (rect, response) = button::row(ui, height, &name, marked);
    if marked && moved {
        response.scroll_to_me(None);
    }
    let inner = rect.shrink2(vec2(t.space.s, t.space.xs));
    let mut row = ui.new_child(egui::UiBuilder::new().max_rect(inner).layout(Layout::left_to_right(Align::Center)));
    let width = t.font.icon;
    row.allocate_ui(vec2(width, inner.height()), |ui| {
        ui.set_width(width);
        if line.at == now {
            ui.label(ICON_CHECK.rich_text().size(t.font.icon).color(t.accent.normal));
        }
    });
    row.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.label(RichText::new(&line.when).size(t.font.tiny).color(t.text.faint));
        ui.with_layout(Layout::top_down(Align::Min), |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let color = if undone { t.text.faint } else { t.text.normal };
            ui.add(egui::Label::new(RichText::new(&line.label).color(color)).truncate());
            if !line.outcome.is_empty() {
                let outcome = RichText::new(&line.outcome).size(t.font.tiny).color(t.text.faint);
                ui.add(egui::Label::new(outcome).truncate());
            }
        });
    });
    let hint = if undone { "Taken back; click to do everything up to here again" } else { "Click to go back to this" };
    response.on_hover_text(format!("{}\n{hint}", line.label)).clicked()
}
