//! The button for one more chart, and the menu of all kinds behind it.

use egui::{Align, Label, Layout, RichText, Ui, UiBuilder, vec2};
use egui_material_icons::icons::ICON_ADD;

use super::kinds::{Kind, Known};
use crate::explore::Question;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{button, text};

/// Width of the menu.
const WIDTH: f32 = 460.0;

pub fn button(ui: &mut Ui, scene: &mut Scene, known: &Known) {
    let response = button::plain(ui, ICON_ADD, "Add chart…");
    let mut picked = None;
    egui::Popup::menu(&response).show(|ui| {
        let t = theme::of(ui);
        ui.set_width(WIDTH);
        ui.spacing_mut().item_spacing.y = 0.0;
        for kind in Kind::ALL {
            // Only what the table has something for is offered.
            let Some(question) = kind.question(known, scene.view.explore.focus.as_deref()) else { continue };
            if line(ui, kind) {
                picked = Some(question);
            }
        }
        let left_out = Kind::ALL.iter().filter(|k| k.question(known, None).is_none()).count();
        if left_out > 0 {
            ui.add_space(t.space.xs);
            ui.horizontal(|ui| {
                ui.add_space(t.space.s);
                text::muted(ui, why_not(known));
            });
        }
    });
    if let Some(question) = picked {
        egui::Popup::close_all(&response.ctx);
        let question: Question = question;
        scene.view.explore.add(question);
    }
}

/// Why some kinds are not offered.
fn why_not(known: &Known) -> &'static str {
    use crate::explore::Source;
    match known.source {
        _ if !known.of_sales => "Charts over time need a file of purchases; each row of this one is a customer.",
        Source::Transactions if !known.has_time => "Weekday × hour needs a time of day, and the dates have none.",
        Source::Transactions => "What is missing here needs columns of numbers or words.",
        Source::File | Source::Customers => "Charts over time are offered for Transactions.",
    }
}

fn line(ui: &mut Ui, kind: Kind) -> bool {
    let t = theme::of(ui);
    let (rect, response) = button::row(ui, t.shape.control, kind.name(), false);
    let layout = Layout::left_to_right(Align::Center);
    let mut line = ui.new_child(UiBuilder::new().max_rect(rect.shrink2(vec2(t.space.s, 0.0))).layout(layout));
    text::icon(&mut line, kind.icon(), t.accent.normal);
    let name = vec2(t.frame.rail * 0.66, t.shape.control);
    line.allocate_ui_with_layout(name, layout, |ui| {
        ui.set_width(name.x);
        ui.add(Label::new(RichText::new(kind.name()).family(semibold())).selectable(false));
    });
    text::muted_line(&mut line, kind.hint());
    response.clicked()
}
