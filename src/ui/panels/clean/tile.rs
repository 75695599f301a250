//! A station of the funnel: a title with the figures that are left, a note, and a bar to scale at its foot.

use egui::{Align, Frame, Label, Layout, Margin, RichText, Sense, Stroke, Ui, vec2};
use egui_material_icons::MaterialIcon;
use egui_material_icons::icons::{ICON_ERROR, ICON_WARNING};

use crate::format;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{card, text};

/// Rows, customers and money: name and width of their columns.
const FIGURES: [(&str, f32); 3] = [("rows", 92.0), ("customers", 80.0), ("money", 104.0)];

/// What is left at a station.
#[derive(Clone, Default)]
pub struct Left {
    pub rows: usize,
    /// Unknown before cleaning has run with the steps as they are.
    pub customers: Option<usize>,
    pub money: Option<String>,
}

/// The widths of all figures together.
fn figures_width(ui: &Ui) -> f32 {
    FIGURES.iter().map(|f| f.1).sum::<f32>() + ui.spacing().item_spacing.x * (FIGURES.len() - 1) as f32
}

/// What the columns of figures are called, once above all stations.
pub fn heads(ui: &mut Ui) {
    let t = theme::of(ui);
    let size = vec2(ui.available_width(), t.font.body);
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().interact_size.y = t.font.body;
        ui.add_space(2.0 * t.space.m + t.shape.hairline);
        for (name, width) in FIGURES.iter().rev() {
            figure(ui, *width, RichText::new(format!("{name} left")).size(t.font.tiny).color(t.text.faint));
        }
    });
}

fn figure(ui: &mut Ui, width: f32, text: RichText) {
    let height = ui.spacing().interact_size.y;
    ui.allocate_ui_with_layout(vec2(width, height), Layout::right_to_left(Align::Center), |ui| {
        ui.set_width(width);
        ui.add(Label::new(text).truncate());
    });
}

/// The card of a station.
pub fn show(ui: &mut Ui, stroke: Option<Stroke>, add: impl FnOnce(&mut Ui)) -> egui::Rect {
    let t = theme::of(ui);
    let frame: Frame = card::frame(ui).inner_margin(Margin::symmetric(t.space.m as i8, (t.space.s - 2.0) as i8));
    let frame = match stroke {
        Some(stroke) => frame.stroke(stroke),
        None => frame,
    };
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = t.space.xs - 1.0;
        add(ui);
    });
    shown.response.rect
}

/// The first line: what `lead` draws, the title and a remark on the left, the figures on the right.
pub fn head(ui: &mut Ui, title: &str, remark: &str, left: Option<&Left>, lead: impl FnOnce(&mut Ui)) {
    let t = theme::of(ui);
    let figures = figures_width(ui) + t.space.m;
    ui.horizontal(|ui| {
        let width = (ui.available_width() - figures).max(t.frame.rail / 2.0);
        ui.allocate_ui_with_layout(vec2(width, t.shape.row), Layout::left_to_right(Align::Center), |ui| {
            ui.set_width(width);
            lead(ui);
            ui.add(Label::new(RichText::new(title).family(semibold())).truncate());
            if !remark.is_empty() {
                text::muted_line(ui, remark);
            }
        });
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let Some(left) = left else { return };
            let unknown = || "–".to_string();
            let shown = [
                format::count(left.rows),
                left.customers.map_or_else(unknown, format::count),
                left.money.clone().unwrap_or_else(unknown),
            ];
            for ((_, width), value) in FIGURES.iter().zip(shown).rev() {
                figure(ui, *width, RichText::new(value).size(t.font.body).color(t.text.normal));
            }
        });
    });
}

/// The bar at the foot: rows left in blue, rows that this step took in amber, of the file's rows.
pub fn bar(ui: &mut Ui, before: usize, after: usize, most: usize) {
    let t = theme::of(ui);
    ui.add_space(t.shape.hairline);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), t.space.xs), Sense::hover());
    let part = |rows: usize| {
        let share = rows as f32 / most.max(1) as f32;
        let least = if rows > 0 { t.shape.ring } else { 0.0 };
        egui::Rect::from_min_size(rect.min, vec2((rect.width() * share.min(1.0)).max(least), rect.height()))
    };
    let radius = t.space.xs / 2.0;
    ui.painter().rect_filled(rect, radius, t.bg.input);
    if before > after {
        ui.painter().rect_filled(part(before), radius, t.state.warn.gamma_multiply(0.6));
    }
    ui.painter().rect_filled(part(after), radius, t.accent.normal);
    let share = format::percent(after as f64 / most.max(1) as f64);
    response.on_hover_text(format!("{share} of the file's rows are left"));
}

/// The line between two stations.
pub fn connector(ui: &mut Ui) {
    let t = theme::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), t.space.s), Sense::hover());
    let x = ui.painter().round_to_pixel_center(rect.left() + t.space.l);
    ui.painter().vline(x, rect.y_range(), Stroke::new(t.shape.hairline, t.bg.line));
}

/// What went wrong, in place.
pub fn problem(ui: &mut Ui, sentence: &str) {
    let color = theme::of(ui).state.bad;
    remark(ui, ICON_ERROR, color, sentence);
}

/// What has to be seen to, in place.
pub fn warning(ui: &mut Ui, sentence: &str) {
    let color = theme::of(ui).state.warn;
    remark(ui, ICON_WARNING, color, sentence);
}

fn remark(ui: &mut Ui, icon: MaterialIcon, color: egui::Color32, sentence: &str) {
    let t = theme::of(ui);
    ui.horizontal_top(|ui| {
        text::icon(ui, icon, color);
        ui.add(Label::new(RichText::new(sentence).size(t.font.small).color(t.text.normal)).wrap());
    });
}
