//! Buttons: one primary per panel, plain ones, and icons that always have a name.

use egui::{Button, Response, RichText, Stroke, Ui, Vec2, vec2};
use egui_material_icons::MaterialIcon;

use crate::app::Command;
use crate::ui::style::semibold;
use crate::ui::theme;

/// The one next action of a panel.
pub fn primary(ui: &mut Ui, icon: MaterialIcon, text: &str) -> Response {
    let t = theme::of(ui);
    let color = t.accent.on;
    ui.scope(|ui| {
        // The fill stays on hover; only its brightness says that the pointer is there.
        let visuals = &mut ui.style_mut().visuals.widgets;
        for (state, fill) in [
            (&mut visuals.inactive, t.accent.normal),
            (&mut visuals.hovered, t.accent.normal.lerp_to_gamma(t.text.normal, 0.15)),
            (&mut visuals.active, t.accent.normal.lerp_to_gamma(t.bg.app, 0.15)),
        ] {
            state.weak_bg_fill = fill;
            state.bg_stroke = Stroke::NONE;
        }
        let label = RichText::new(text).family(semibold()).color(color);
        let icon = icon.rich_text().size(t.font.icon).color(color);
        ui.add(Button::new((icon, label)).min_size(Vec2::Y * t.shape.control)).accessible_name(text)
    })
    .inner
}

/// Any other action.
pub fn plain(ui: &mut Ui, icon: MaterialIcon, text: &str) -> Response {
    let t = theme::of(ui);
    let icon = icon.rich_text().size(t.font.icon).color(t.text.muted);
    ui.add(Button::new((icon, RichText::new(text))).min_size(Vec2::Y * t.shape.control)).accessible_name(text)
}

/// A square button with nothing but an icon; `name` is its tooltip and its accessible name.
pub fn icon(ui: &mut Ui, icon: MaterialIcon, name: &str) -> Response {
    let t = theme::of(ui);
    let glyph = icon.rich_text().size(t.font.icon).color(t.text.muted);
    let side = t.shape.control - t.space.xs;
    ui.scope(|ui| {
        ui.spacing_mut().button_padding = Vec2::ZERO;
        let button = Button::new(glyph).frame_when_inactive(false).min_size(Vec2::splat(side));
        ui.add(button).on_hover_text(name).accessible_name(name)
    })
    .inner
}

/// A command as an icon, with its text and its key as tooltip.
pub fn command(ui: &mut Ui, glyph: MaterialIcon, command: Command, enabled: bool) -> Response {
    let name = command.text();
    let tooltip = match command.shortcut() {
        Some(keys) => format!("{name}  {}", ui.ctx().format_shortcut(&keys)),
        None => name.clone(),
    };
    ui.add_enabled_ui(enabled, |ui| icon(ui, glyph, &tooltip)).inner.accessible_name(name)
}

/// Text that does something, without a frame.
pub fn link(ui: &mut Ui, text: &str) -> Response {
    let t = theme::of(ui);
    ui.add(Button::new(RichText::new(text).size(t.font.small).color(t.accent.normal)).frame(false))
        .on_hover_cursor(egui::CursorIcon::PointingHand)
}

/// A whole row that can be clicked; returns the response and draws the hover ground.
pub fn row(ui: &mut Ui, height: f32, name: &str, selected: bool) -> (egui::Rect, Response) {
    let t = theme::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), egui::Sense::click());
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, ui.is_enabled(), selected, name));
    if ui.is_rect_visible(rect) {
        let fill = if selected {
            t.accent.soft
        } else if response.hovered() || response.has_focus() {
            t.bg.hover
        } else {
            egui::Color32::TRANSPARENT
        };
        ui.painter().rect_filled(rect, t.shape.radius, fill);
    }
    (rect, response)
}

/// [`icon`] for heads and lines of text, where a whole control would be too large.
pub fn small_icon(ui: &mut Ui, icon: MaterialIcon, name: &str) -> Response {
    let t = theme::of(ui);
    let glyph = icon.rich_text().size(t.font.icon).color(t.text.faint);
    ui.scope(|ui| {
        ui.spacing_mut().button_padding = Vec2::ZERO;
        ui.spacing_mut().interact_size.y = t.shape.row - t.space.xs;
        let button = Button::new(glyph).frame_when_inactive(false).min_size(Vec2::splat(t.shape.row - t.space.xs));
        ui.add(button).on_hover_text(name).accessible_name(name)
    })
    .inner
}
