//! The command palette: any command by a part of its name.

use egui::{Align2, Key, Modal, RichText, TextEdit, Ui, vec2};

use crate::app::Command;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, text};

const WIDTH: f32 = 520.0;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    if !scene.view.palette_open {
        scene.view.typed.palette.clear();
        scene.view.typed.palette_at = 0;
        return;
    }
    let t = theme::of(ui);
    let id = egui::Id::unique("palette");
    let area = Modal::default_area(id).anchor(Align2::CENTER_TOP, vec2(0.0, 2.0 * t.frame.top));
    let mut run = None;
    let modal = Modal::new(id).area(area).show(ui.ctx(), |ui| {
        ui.set_width(WIDTH);
        let up = ui.input_mut(|i| i.consume_key(egui::Modifiers::NONE, Key::ArrowUp));
        let down = ui.input_mut(|i| i.consume_key(egui::Modifiers::NONE, Key::ArrowDown));
        let enter = ui.input_mut(|i| i.consume_key(egui::Modifiers::NONE, Key::Enter));
        let field = TextEdit::singleline(&mut scene.view.typed.palette)
            .hint_text("What do you want to do?")
            .desired_width(f32::INFINITY)
            .margin(vec2(t.space.s, t.space.s));
        let field = ui.add(field).accessible_name("Command");
        field.request_focus();
        if field.changed() {
            scene.view.typed.palette_at = 0;
        }
        let found = search(&scene.view.typed.palette);
        let at = &mut scene.view.typed.palette_at;
        if down {
            *at += 1;
        }
        if up {
            *at = at.saturating_sub(1);
        }
        *at = (*at).min(found.len().saturating_sub(1));
        let at = *at;
        ui.add_space(t.space.xs);
        egui::ScrollArea::vertical().max_height(360.0).auto_shrink([false, true]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            for (i, command) in found.iter().enumerate() {
                if line(ui, *command, i == at, up || down) {
                    run = Some(*command);
                }
            }
            if found.is_empty() {
                text::muted(ui, "No command has these letters in this order.");
            }
        });
        if enter {
            run = found.get(at).copied();
        }
    });
    if let Some(command) = run {
        scene.view.palette_open = false;
        scene.command(command);
    } else if modal.should_close() {
        scene.view.palette_open = false;
    }
}

fn line(ui: &mut Ui, command: Command, chosen: bool, moved: bool) -> bool {
    let t = theme::of(ui);
    let text = command.text();
    let (rect, response) = button::row(ui, t.shape.control, &text, chosen);
    if chosen && moved {
        response.scroll_to_me(None);
    }
    let inner = rect.shrink2(vec2(t.space.s, 0.0));
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    let mut line = ui.new_child(egui::UiBuilder::new().max_rect(inner).layout(layout));
    line.label(RichText::new(text));
    line.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        if let Some(keys) = command.shortcut() {
            ui.label(RichText::new(ui.ctx().format_shortcut(&keys)).size(t.font.small).color(t.text.muted));
        }
        ui.with_layout(layout, |ui| text::muted_line(ui, command.tooltip()));
    });
    response.clicked()
}

/// Commands whose name has the letters of `query` in order, best first.
pub fn search(query: &str) -> Vec<Command> {
    let mut found: Vec<(i32, Command)> =
        Command::all().filter(|c| *c != Command::Palette).filter_map(|c| Some((score(query, &c.text())?, c))).collect();
    if !query.trim().is_empty() {
        found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    }
    found.into_iter().map(|(_, c)| c).collect()
}

/// How well `text` matches: letters that follow each other and starts of words count more; `None` for no match.
fn score(query: &str, text: &str) -> Option<i32> {
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let (mut at, mut score, mut last) = (0, 0, None);
    for letter in query.to_lowercase().chars().filter(|c| !c.is_whitespace()) {
        let found = (at..text.len()).find(|&i| text[i] == letter)?;
        let word_start = found == 0 || !text[found - 1].is_alphanumeric();
        score += 1 + if word_start { 6 } else { 0 } + if last.is_some_and(|l| l + 1 == found) { 4 } else { 0 };
        last = Some(found);
        at = found + 1;
    }
    Some(score * 16 - text.len() as i32 / 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Panel;

    #[test]
    fn letters_in_order_find_commands_best_first() {
        assert_eq!(search("goto prof").first(), Some(&Command::Go(Panel::Profiles)));
        assert_eq!(search("excel").first(), Some(&Command::ExportWorkbook));
        assert_eq!(search("undo").first(), Some(&Command::Undo));
        assert!(search("zzzq").is_empty());
        assert_eq!(search("").len(), Command::all().count() - 1);
    }
}
