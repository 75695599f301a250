//! What a segment buys, where its customers are, and on which days they buy.

use egui::{
    Align, Align2, Color32, FontId, Grid, Label, Layout, Rect, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2,
};

use super::{line, section};
use crate::format;
use crate::profile::{Top, Tops};
use crate::ui::panels::profiles::shown::Shown;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::text;

/// Values of a column that a card shows; hovering shows all that are known.
const MOST: usize = 3;
const HOW_MUCH: &str = "The values on which most was spent, net of returns. Percent: their part of what this segment spent. \
    ×: that part divided by the same part of everyone, so ×2 means twice as much as usual. Hover for more.";
const HOW_MANY: &str = "The most frequent values. Percent: their part of this segment's customers. ×: that part divided by \
    the same part of everyone, so ×2 means twice as many as usual. Hover for more.";
/// How much more than usual a share is to stand out.
const UNUSUAL: f64 = 1.25;
/// The column of weekdays, and its values.
const WEEKDAY: &str = "Weekday";
const WEEK: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

pub fn show(ui: &mut Ui, scene: &Scene, shown: &Shown, i: usize) {
    let Some(portrait) = shown.portrait(i) else { return };
    for tops in &portrait.tops {
        section(ui, &tops.column, if tops.list.iter().any(|top| top.amount.is_nan()) { HOW_MANY } else { HOW_MUCH });
        if tops.column == WEEKDAY && tops.list.iter().all(|top| WEEK.contains(&top.name.as_str())) {
            week(ui, scene, tops, shown.colors[i]);
        } else {
            for top in tops.list.iter().take(MOST) {
                value(ui, scene, tops, top);
            }
        }
    }
}

fn value(ui: &mut Ui, scene: &Scene, tops: &Tops, top: &Top) {
    let t = theme::of(ui);
    let right = |ui: &mut Ui, width: f32, words: RichText| {
        ui.add_sized([width, t.font.body], Label::new(words.size(t.font.small)).halign(Align::RIGHT));
    };
    let row = line(ui, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let color = if top.lift >= UNUSUAL { t.text.normal } else { t.text.faint };
            right(ui, t.space.xl + t.space.s, RichText::new(lift(top)).color(color));
            right(ui, t.space.xl * 2.0, RichText::new(format::percent(top.share)));
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(Label::new(RichText::new(&top.name).size(t.font.small).color(t.text.muted)).truncate());
            });
        });
    });
    row.on_hover_ui(|ui| all(ui, scene, tops));
}

/// Shares of the days of the week as bars, Monday first.
fn week(ui: &mut Ui, scene: &Scene, tops: &Tops, color: Color32) {
    let t = theme::of(ui);
    let high = t.space.xl + t.font.tiny + t.space.xs;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), high), Sense::hover());
    let spoken: Vec<String> = tops.list.iter().map(|d| format!("{} {}", d.name, format::percent(d.share))).collect();
    let spoken = format!("Weekdays: {}", spoken.join(", "));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    let most = tops.list.iter().map(|top| top.share).fold(0.0, f64::max);
    let wide = rect.width() / WEEK.len() as f32;
    let base = rect.bottom() - t.font.tiny - t.space.xs;
    for (i, day) in WEEK.iter().enumerate() {
        let x = rect.left() + wide * i as f32;
        let share = tops.list.iter().find(|top| top.name == *day).map_or(0.0, |top| top.share);
        let tall = if most > 0.0 { (share / most) as f32 * t.space.xl } else { 0.0 };
        let bar = Rect::from_min_max(pos2(x, base - tall.max(t.shape.hairline)), pos2(x + wide - t.shape.ring, base));
        ui.painter().rect_filled(bar, t.shape.ring, if share > 0.0 { color } else { t.bg.hover });
        let at = pos2(bar.center().x, rect.bottom());
        let font = FontId::proportional(t.font.tiny);
        ui.painter().text(at, Align2::CENTER_BOTTOM, &day[..1], font, t.text.muted);
    }
    response.on_hover_ui(|ui| all(ui, scene, tops));
}

/// How many times as much as usual.
fn lift(top: &Top) -> String {
    match top.lift {
        lift if !lift.is_finite() => String::new(),
        lift => format!("×{}", format::number(lift, if lift < 9.95 { 1 } else { 0 })),
    }
}

/// Everything that is known of a column.
fn all(ui: &mut Ui, scene: &Scene, tops: &Tops) {
    let t = theme::of(ui);
    ui.spacing_mut().interact_size.y = t.font.body + t.space.xs;
    let head = |ui: &mut Ui, words: &str| {
        ui.label(RichText::new(words).size(t.font.small).family(semibold()).color(t.text.muted));
    };
    let number = |ui: &mut Ui, words: String| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| ui.label(RichText::new(words).size(t.font.small)));
    };
    let money = tops.list.iter().all(|top| top.amount.is_finite());
    Grid::new("tops").num_columns(5).spacing([t.space.m, 2.0]).show(ui, |ui| {
        head(ui, &tops.column);
        if money {
            head(ui, "Net spend");
        }
        for words in ["Share", "Usual ×", "Customers"] {
            head(ui, words);
        }
        ui.end_row();
        for top in &tops.list {
            let name: String = top.name.chars().take(40).collect();
            ui.label(RichText::new(name).size(t.font.small));
            if money {
                number(ui, format::money(top.amount, scene.currency()));
            }
            number(ui, format::percent(top.share));
            number(ui, lift(top));
            number(ui, format::count(top.customers));
            ui.end_row();
        }
    });
    if tops.others > 0 {
        text::muted(ui, format!("and {} more", format::count(tops.others)));
    }
}
