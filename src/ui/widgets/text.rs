//! Text in the sizes and colours of the theme.

use egui::{Align, Label, Layout, Response, RichText, Ui};
use egui_material_icons::MaterialIcon;

use crate::ui::glossary;
use crate::ui::style::semibold;
use crate::ui::theme;

/// Small text of the second level.
pub fn muted(ui: &mut Ui, text: impl Into<String>) -> Response {
    let t = theme::of(ui);
    ui.add(Label::new(RichText::new(text).size(t.font.small).color(t.text.muted)).wrap())
}

/// Small text of the second level on one line, cut with an ellipsis where there is no room.
pub fn muted_line(ui: &mut Ui, text: impl Into<String>) -> Response {
    let t = theme::of(ui);
    ui.add(Label::new(RichText::new(text).size(t.font.small).color(t.text.muted)).truncate())
}

/// A heading within a panel; a term of the glossary says what it means.
pub fn heading(ui: &mut Ui, text: impl Into<String>) -> Response {
    let t = theme::of(ui);
    let text = text.into();
    let shown = RichText::new(text.as_str()).size(t.font.body).family(semibold()).color(t.text.normal);
    glossary::term_as(ui, &text, shown)
}

/// A heading whose words mean what everybody takes them for.
pub fn plain_heading(ui: &mut Ui, text: impl Into<String>) -> Response {
    let t = theme::of(ui);
    ui.add(Label::new(RichText::new(text).size(t.font.body).family(semibold()).color(t.text.normal)).truncate())
}

/// A heading with a remark beside it, on one line.
pub fn heading_and_note(ui: &mut Ui, text: &str, note: impl Into<String>) {
    let t = theme::of(ui);
    ui.scope(|ui| {
        ui.spacing_mut().interact_size.y = t.font.body + t.space.xs;
        ui.horizontal(|ui| {
            heading(ui, text);
            muted_line(ui, note);
        });
    });
}

/// The one big number of a card.
pub fn big(ui: &mut Ui, text: impl Into<String>) -> Response {
    let t = theme::of(ui);
    ui.add(Label::new(RichText::new(text).size(t.font.big).family(semibold()).color(t.text.normal)).truncate())
}

/// Body text on one line, cut with an ellipsis where there is no room.
pub fn line(ui: &mut Ui, text: impl Into<String>) -> Response {
    let t = theme::of(ui);
    ui.add(Label::new(RichText::new(text).size(t.font.body).color(t.text.normal)).truncate())
}

/// A name on the left, its value on the right of one row; a name of the glossary says what it means.
pub fn fact(ui: &mut Ui, name: &str, value: impl Into<String>) -> Response {
    let t = theme::of(ui);
    ui.scope(|ui| {
        // A line of text, not a row of controls.
        ui.spacing_mut().interact_size.y = t.font.body + t.space.xs;
        fact_line(ui, name, value.into())
    })
    .inner
}

fn fact_line(ui: &mut Ui, name: &str, value: String) -> Response {
    let t = theme::of(ui);
    ui.horizontal(|ui| {
        glossary::term(ui, name);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add(Label::new(RichText::new(value).size(t.font.small).color(t.text.normal)).truncate())
        })
        .inner
    })
    .inner
}

/// An icon in a colour of the theme.
pub fn icon(ui: &mut Ui, icon: MaterialIcon, color: egui::Color32) -> Response {
    let size = theme::of(ui).font.icon;
    ui.add(Label::new(icon.rich_text().size(size).color(color)))
}

/// A small word on a tinted ground.
pub fn chip(ui: &mut Ui, text: impl Into<String>) -> Response {
    let t = theme::of(ui);
    tinted(ui, text, t.bg.hover, t.text.muted)
}

/// A small word in a colour of its own on a ground of its own.
pub fn tinted(ui: &mut Ui, text: impl Into<String>, fill: egui::Color32, color: egui::Color32) -> Response {
    let t = theme::of(ui);
    let text = text.into();
    let font = egui::FontId::proportional(t.font.tiny);
    let galley = ui.painter().layout_no_wrap(text.clone(), font, color);
    let size = galley.size() + egui::vec2(t.space.s + 2.0, 3.0);
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::hover());
    ui.painter().rect_filled(rect, t.shape.radius_small, fill);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, color);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &text));
    response
}

/// The dot in a segment's colour.
pub fn dot(ui: &mut Ui, color: egui::Color32) -> Response {
    let t = theme::of(ui);
    let size = t.space.s + 1.0;
    let (rect, response) = ui.allocate_exact_size(egui::vec2(size, t.font.body), egui::Sense::hover());
    // Lower case letters stand below the middle of their line.
    ui.painter().circle_filled(rect.center() + egui::vec2(0.0, t.shape.hairline), size / 2.0, color);
    response
}

/// A file size as people read it.
pub fn bytes(bytes: u64) -> String {
    let value = bytes as f64;
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", crate::format::number(value / 1e3, 0)),
        1_000_000..1_000_000_000 => format!("{} MB", crate::format::number(value / 1e6, 1)),
        _ => format!("{} GB", crate::format::number(value / 1e9, 1)),
    }
}
