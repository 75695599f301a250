//! The number of clusters in the title row: one fewer, one more, or automatic.

use egui::{Button, Color32, RichText, Stroke, Ui, WidgetInfo, vec2};
use egui_material_icons::icons::{ICON_ADD, ICON_REMOVE};

use super::decide;
use crate::recipe::{Algorithm, KChoice};
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::button;

/// Most clusters that can be asked for here.
pub const MOST: usize = 30;

/// Widths of the number and of the button beside it.
const NUMBER: f32 = 44.0;
const AUTO: f32 = 44.0;

/// The k in force: the one asked for, or the one that was found. `None` while it is not known.
pub fn in_force(scene: &Scene) -> Option<usize> {
    match scene.session.recipe().map(|r| r.cluster.k) {
        Some(KChoice::Fixed(k)) => Some(k as usize),
        _ => scene.session.chosen.get().map(|c| c.clustering.clusters()),
    }
}

/// Whether the algorithm is told how many clusters to find.
pub fn takes_k(scene: &Scene) -> bool {
    scene.session.recipe().is_some_and(|r| r.cluster.algorithm != Algorithm::Hdbscan)
}

/// Fewer, k, more, and automatic, in the look of the tabs beside.
pub fn show(ui: &mut Ui, scene: &mut Scene) {
    if !takes_k(scene) {
        return;
    }
    let t = theme::of(ui);
    let k = in_force(scene);
    let automatic = scene.session.recipe().is_some_and(|r| r.cluster.k == KChoice::Auto);
    // As wide as what is in it: a row that runs from right to left has to know.
    let words = k.map_or("k".into(), |k| format!("k = {k}"));
    let wide = 2.0 * (t.shape.row - t.space.xs) + NUMBER + AUTO + 4.0 * t.shape.ring + 2.0 * t.shape.ring;
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    ui.allocate_ui_with_layout(vec2(wide, t.shape.row + 2.0 * (t.shape.ring + t.shape.hairline)), layout, |ui| {
        let frame = egui::Frame::new()
            .fill(t.bg.input)
            .stroke(Stroke::new(t.shape.hairline, t.bg.line))
            .corner_radius(t.shape.radius)
            .inner_margin(t.shape.ring as i8);
        frame.show(ui, |ui| {
            ui.spacing_mut().item_spacing.x = t.shape.ring;
            let fewer = ui.add_enabled_ui(k.is_some_and(|k| k > 1), |ui| {
                button::small_icon(ui, ICON_REMOVE, "One cluster fewer")
            });
            let galley =
                ui.painter().layout_no_wrap(words.clone(), egui::FontId::new(t.font.small, semibold()), t.text.normal);
            let (rect, label) = ui.allocate_exact_size(vec2(NUMBER, t.shape.row), egui::Sense::hover());
            ui.painter().galley(rect.center() - galley.size() / 2.0, galley, t.text.normal);
            label.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, format!("Number of clusters: {words}")));
            let more = ui
                .add_enabled_ui(k.is_some_and(|k| k < MOST), |ui| button::small_icon(ui, ICON_ADD, "One cluster more"));
            let step = match k {
                Some(k) if fewer.inner.clicked() => Some(k - 1),
                Some(k) if more.inner.clicked() => Some(k + 1),
                _ => None,
            };
            if let Some(k) = step {
                decide::k(scene, k, false);
            }
            let color = if automatic { t.text.normal } else { t.text.muted };
            let auto = Button::new(RichText::new("Auto").size(t.font.small).color(color))
                .frame_when_inactive(automatic)
                .fill(if automatic { t.bg.hover } else { Color32::TRANSPARENT })
                .stroke(Stroke::NONE)
                .corner_radius(t.shape.radius_small)
                .min_size(vec2(AUTO, t.shape.row));
            let hint = match automatic {
                true => "k is chosen by a criterion (Automatic goes by). Click to keep the present k.",
                false => "k was set by hand. Click to have it chosen by a criterion.",
            };
            let response = ui.add(auto).on_hover_text(hint);
            response.widget_info(|| WidgetInfo::selected(egui::Role::CheckBox, true, automatic, "Automatic"));
            if response.clicked() {
                match k.filter(|_| automatic) {
                    Some(k) => decide::k(scene, k, false),
                    None => scene.decide("Choose k automatically", false, |r| r.cluster.k = KChoice::Auto),
                }
            }
        });
    });
}
