//! Sheets over the window: settings, keys, glossary. Escape or a click beside one closes it.

mod glossary;
mod settings;
mod shortcuts;

use egui::{Align, Id, Layout, Modal, RichText, ScrollArea, TextEdit, Ui, vec2};
use egui_material_icons::icons::ICON_CLOSE;

use crate::app::Sheet;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::button;

/// Share of the window's height that a sheet may take.
const HEIGHT: f32 = 0.82;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let Some(sheet) = scene.view.frame.sheet else { return };
    let (title, width) = match sheet {
        Sheet::Settings => ("Settings", 520.0),
        Sheet::Shortcuts => ("Keyboard shortcuts", 760.0),
        Sheet::Glossary => ("Glossary", 620.0),
    };
    let mut closed = false;
    let id = Id::unique("sheet");
    let high = ui.ctx().content_rect().height() * HEIGHT;
    let t = theme::of(ui);
    let frame = egui::Frame::popup(ui.style()).inner_margin(t.space.l);
    let area = Modal::default_area(id).default_size(vec2(width, high));
    let modal = Modal::new(id).area(area).frame(frame).show(ui.ctx(), |ui| {
        ui.set_width(width);
        ui.horizontal(|ui| {
            ui.label(RichText::new(title).size(t.font.title).family(semibold()));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                closed = button::icon(ui, ICON_CLOSE, &format!("Close: {title}")).clicked();
            });
        });
        ui.add_space(t.space.xs);
        match sheet {
            Sheet::Settings => settings::show(ui, scene),
            Sheet::Shortcuts => shortcuts::show(ui, scene),
            Sheet::Glossary => glossary::show(ui, scene),
        }
    });
    if closed || modal.should_close() {
        scene.view.frame.sheet = None;
        scene.view.frame.currency = None;
    }
}

/// What is higher than the window lets a sheet be can be scrolled; `shrink`: a sheet with less in it is lower.
fn scrolled(ui: &mut Ui, shrink: bool, add: impl FnOnce(&mut Ui)) {
    let high = (ui.ctx().content_rect().height() * HEIGHT - 2.0 * theme::of(ui).frame.top).max(160.0);
    // The room is taken whatever the sheet before this one left.
    ui.allocate_ui(vec2(ui.available_width(), high), |ui| {
        ScrollArea::vertical().max_height(high).auto_shrink([false, shrink]).show(ui, add);
    });
}

/// The field that narrows a list. Returns what is wanted.
fn filter(ui: &mut Ui, scene: &mut Scene, name: &str) -> String {
    let t = theme::of(ui);
    let field = TextEdit::singleline(&mut scene.view.frame.filter)
        .hint_text(name)
        .desired_width(f32::INFINITY)
        .margin(vec2(t.space.s, t.space.xs + t.shape.ring));
    let field = ui.add(field).accessible_name(name);
    if ui.memory(|m| m.focused().is_none()) {
        field.request_focus();
    }
    ui.add_space(t.space.xs);
    scene.view.frame.filter.clone()
}
