//! The command palette: anything by a few of its letters.

mod found;
mod rank;

use egui::text::LayoutJob;
use egui::{Align2, FontId, Key, Modal, RichText, TextEdit, TextFormat, Ui, vec2};

use found::Line;
pub use rank::rank;

use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{button, text};

const WIDTH: f32 = 560.0;
/// Height of the list, in lines.
const LINES: f32 = 12.0;

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
            .hint_text("A command, a setting, a segment, a customer's id, a term, a file opened before")
            .desired_width(f32::INFINITY)
            .margin(vec2(t.space.s, t.space.s));
        let field = ui.add(field).accessible_name("Command");
        field.request_focus();
        if field.changed() {
            scene.view.typed.palette_at = 0;
        }
        let query = scene.view.typed.palette.clone();
        let found = found::search(&query, ui.ctx(), scene);
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
        let list = egui::ScrollArea::vertical().max_height(LINES * t.shape.control).auto_shrink([false, true]);
        list.show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            for (i, one) in found.iter().enumerate() {
                if line(ui, one, i == at, up || down) && one.blocked.is_none() {
                    run = Some(one.clone());
                }
            }
            if found.is_empty() {
                text::muted(ui, "Nothing has these letters in this order.");
            }
        });
        if enter {
            run = found.get(at).filter(|line| line.blocked.is_none()).cloned();
        }
    });
    if let Some(line) = run {
        scene.view.palette_open = false;
        found::take(scene, line);
    } else if modal.should_close() {
        scene.view.palette_open = false;
    }
}

fn line(ui: &mut Ui, line: &Line, chosen: bool, moved: bool) -> bool {
    let t = theme::of(ui);
    let name = match line.blocked {
        Some(why) => format!("{}, not now: {why}", line.text),
        None => line.text.clone(),
    };
    let (rect, response) = button::row(ui, t.shape.control, &name, chosen);
    if chosen && moved {
        response.scroll_to_me(None);
    }
    let inner = rect.shrink2(vec2(t.space.s, 0.0));
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    let mut row = ui.new_child(egui::UiBuilder::new().max_rect(inner).layout(layout));
    row.add(egui::Label::new(highlighted(&row, line)).truncate().show_tooltip_when_elided(false));
    row.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        if let Some(keys) = line.key {
            ui.label(RichText::new(ui.ctx().format_shortcut(&keys)).size(t.font.small).color(t.text.muted));
        }
        ui.with_layout(layout, |ui| {
            let detail = RichText::new(line.blocked.unwrap_or(&line.detail)).size(t.font.small);
            let color = if line.blocked.is_some() { t.text.faint } else { t.text.muted };
            ui.add(egui::Label::new(detail.color(color)).truncate().show_tooltip_when_elided(false));
        });
    });
    response.clicked()
}

/// The text of a line with the letters that match standing out.
fn highlighted(ui: &Ui, line: &Line) -> LayoutJob {
    let t = theme::of(ui);
    let plain = if line.blocked.is_some() { t.text.faint } else { t.text.normal };
    let mut job = LayoutJob::default();
    for (i, letter) in line.text.chars().enumerate() {
        let format = match line.places.binary_search(&i) {
            Ok(_) if line.blocked.is_none() => {
                TextFormat::simple(FontId::new(t.font.body, semibold()), t.accent.normal)
            }
            _ => TextFormat::simple(FontId::proportional(t.font.body), plain),
        };
        job.append(letter.encode_utf8(&mut [0; 4]), 0.0, format);
    }
    job
}
