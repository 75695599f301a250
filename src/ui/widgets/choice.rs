//! Choosing one of a few, on or off, or one of many.

use egui::{ComboBox, Label, Response, RichText, Sense, Stroke, Ui, WidgetInfo, vec2};

use crate::ui::glossary;
use crate::ui::theme;

/// One of a few, side by side. Returns what was clicked. `options` are value, label and hint.
pub fn segmented<T: Copy + PartialEq>(ui: &mut Ui, name: &str, options: &[(T, &str, &str)], current: T) -> Option<T> {
    let t = theme::of(ui);
    let mut picked = None;
    egui::Frame::new()
        .fill(t.bg.input)
        .stroke(Stroke::new(t.shape.hairline, t.bg.line))
        .corner_radius(t.shape.radius)
        .inner_margin(2)
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 2.0;
                // Where rows run from right to left (title rows), the first option still stands on the left.
                let reversed = ui.layout().prefer_right_to_left();
                for i in 0..options.len() {
                    let (value, label, hint) = options[if reversed { options.len() - 1 - i } else { i }];
                    let chosen = value == current;
                    let color = if chosen { t.text.normal } else { t.text.muted };
                    let button = egui::Button::new(RichText::new(label).size(t.font.small).color(color))
                        .frame_when_inactive(chosen)
                        .fill(if chosen { t.bg.hover } else { egui::Color32::TRANSPARENT })
                        .stroke(Stroke::NONE)
                        .corner_radius(t.shape.radius_small)
                        .min_size(vec2(0.0, t.shape.row));
                    let mut response = ui.add(button).accessible_name(format!("{name}: {label}"));
                    if !hint.is_empty() {
                        response = response.on_hover_text(hint);
                    }
                    if response.clicked() && !chosen {
                        picked = Some(value);
                    }
                }
            });
        });
    picked
}

/// The sides of a panel, side by side. Changes `current` to what was clicked.
pub fn tabs<T: Copy + PartialEq>(ui: &mut Ui, current: &mut T, options: &[(T, &str)]) {
    let options: Vec<(T, &str, &str)> = options.iter().map(|(value, label)| (*value, *label, "")).collect();
    if let Some(picked) = segmented(ui, "Show", &options, *current) {
        *current = picked;
    }
}

/// A switch with its label. Returns whether it was switched; `on` has the new state then.
pub fn switch(ui: &mut Ui, on: &mut bool, label: &str) -> Response {
    let t = theme::of(ui);
    ui.horizontal(|ui| {
        let mut response = toggle(ui, on, label);
        if ui.add(Label::new(RichText::new(label).size(t.font.body)).sense(Sense::click())).clicked() {
            *on = !*on;
            response.mark_changed();
        }
        response
    })
    .inner
}

/// A switch alone; `name` is what a screen reader calls it. Returns whether it was switched.
pub fn toggle(ui: &mut Ui, on: &mut bool, name: &str) -> Response {
    let t = theme::of(ui);
    let size = vec2(t.space.xl + t.space.xs, t.font.icon);
    let (rect, mut response) = ui.allocate_exact_size(size, Sense::click());
    if response.clicked() {
        *on = !*on;
        response.mark_changed();
    }
    response.widget_info(|| WidgetInfo::selected(egui::Role::CheckBox, ui.is_enabled(), *on, name));
    let how = ui.ctx().animate_bool_responsive(response.id, *on);
    let fill = t.bg.line.lerp_to_gamma(t.accent.normal, how);
    let radius = rect.height() / 2.0;
    ui.painter().rect_filled(rect, radius, fill);
    if response.has_focus() {
        let ring = Stroke::new(t.shape.ring, t.accent.soft);
        ui.painter().rect_stroke(rect, radius, ring, egui::StrokeKind::Outside);
    }
    let x = egui::lerp(rect.left() + radius..=rect.right() - radius, how);
    let knob = t.text.muted.lerp_to_gamma(t.accent.on, how);
    ui.painter().circle_filled(egui::pos2(x, rect.center().y), radius - t.shape.ring, knob);
    response
}

/// One of many: a drop-down. Returns what was picked. `options` are value and text.
pub fn combo<T: Clone + PartialEq>(
    ui: &mut Ui,
    name: &str,
    width: f32,
    selected: &str,
    options: &[(T, String)],
    current: &T,
) -> Option<T> {
    let mut picked = None;
    let combo = ComboBox::from_id_salt(name).selected_text(selected).width(width).icon(chevron).truncate();
    let response = combo.show_ui(ui, |ui| {
        ui.set_min_width(width);
        for (value, text) in options {
            if ui.selectable_label(value == current, text.as_str()).clicked() && value != current {
                picked = Some(value.clone());
            }
        }
    });
    response.response.accessible_name(name);
    picked
}

/// A thin arrow down in place of egui's solid one.
fn chevron(ui: &Ui, rect: egui::Rect, _visuals: &egui::style::WidgetVisuals, _open: bool) {
    let t = theme::of(ui);
    let (c, w) = (rect.center(), t.space.xs);
    let points = vec![c + vec2(-w, -w / 2.0), c + vec2(0.0, w / 2.0), c + vec2(w, -w / 2.0)];
    ui.painter().line(points, Stroke::new(t.shape.curve, t.text.muted));
}

/// A name above a control, the way settings are stacked; a name of the glossary says what it means beside the hint.
pub fn setting<R>(ui: &mut Ui, name: &str, hint: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    let t = theme::of(ui);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = t.space.xs;
        let label = ui.label(RichText::new(name).size(t.font.small).color(t.text.muted));
        let entry = glossary::find(name);
        if entry.is_some() {
            glossary::underline(ui, &label);
        }
        if entry.is_some() || !hint.is_empty() {
            label.on_hover_ui(|ui| {
                if !hint.is_empty() {
                    ui.label(hint);
                }
                if let Some(entry) = entry {
                    glossary::card(ui, entry);
                }
            });
        }
        add(ui)
    })
    .inner
}

/// What the choices of a recipe have in common.
pub trait Words {
    fn label(self) -> &'static str;
    fn hint(self) -> &'static str;
}

macro_rules! words {
    ($($kind:ident),+) => {
        $(impl Words for crate::recipe::$kind {
            fn label(self) -> &'static str { <crate::recipe::$kind>::label(self) }
            fn hint(self) -> &'static str { <crate::recipe::$kind>::hint(self) }
        })+
    };
}
words!(KeepRow, MissingAction, CellType, LetterCase, Compare, OutlierRule, OutlierAction, Operation, BinMethod);

/// A choice of the recipe as buttons side by side.
pub fn one_of<T: Copy + PartialEq + Words>(ui: &mut Ui, name: &str, all: &[T], current: &mut T) {
    let options: Vec<_> = all.iter().map(|c| (*c, c.label(), c.hint())).collect();
    if let Some(picked) = segmented(ui, name, &options, *current) {
        *current = picked;
    }
}

/// A choice of the recipe as a drop-down with its own labels and hints. Returns what was picked.
macro_rules! recipe_combo {
    ($ui:expr, $kind:ty, $name:expr, $width:expr, $current:expr) => {{
        let options: Vec<($kind, String)> = <$kind>::ALL.iter().map(|c| (*c, c.label().to_string())).collect();
        $crate::ui::widgets::choice::combo($ui, $name, $width, $current.label(), &options, &$current)
    }};
}
pub(crate) use recipe_combo;
