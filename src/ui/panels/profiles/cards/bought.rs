//! What a segment buys, where its customers are, and on which days they buy.

use egui::{Align, Grid, Label, Layout, RichText, Ui};

use super::section;
use crate::format;
use crate::profile::{Top, Tops};
use crate::ui::panels::profiles::shown::Shown;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::text;

/// Values of a column that a card shows; hovering shows all that are known.
const MOST: usize = 3;
/// How much more than usual a share is to stand out.
const USUAL: f64 = 1.25;

pub fn show(ui: &mut Ui, scene: &Scene, shown: &Shown, i: usize) {
    let Some(portrait) = shown.portrait(i) else { return };
    for tops in &portrait.tops {
        section(
            ui,
            &tops.column,
            "The values on which most was spent, net of returns. Percent: their part of what this segment spent. ×: that \
             part divided by the same part of everyone, so ×2 means twice as much as usual. Hover a line for more.",
        );
        for top in tops.list.iter().take(MOST) {
            line(ui, scene, tops, top);
        }
    }
}

fn line(ui: &mut Ui, scene: &Scene, tops: &Tops, top: &Top) {
    let t = theme::of(ui);
    let row = ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = t.font.body + t.space.xs;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.set_min_height(t.font.body + t.space.xs);
            let color = if top.lift >= USUAL { t.text.normal } else { t.text.faint };
            ui.add_sized(
                [t.space.xl + t.space.s, t.font.body],
                Label::new(RichText::new(lift(top)).size(t.font.small).color(color)).halign(Align::RIGHT),
            );
            ui.add_sized(
                [t.space.xl * 2.0, t.font.body],
                Label::new(RichText::new(format::percent(top.share)).size(t.font.small)).halign(Align::RIGHT),
            );
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(Label::new(RichText::new(&top.name).size(t.font.small).color(t.text.muted)).truncate());
            });
        });
    });
    row.response.on_hover_ui(|ui| all(ui, scene, tops));
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
    let head = |ui: &mut Ui, words: &str| {
        ui.label(RichText::new(words).size(t.font.small).family(semibold()).color(t.text.muted));
    };
    let number = |ui: &mut Ui, words: String| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| ui.label(RichText::new(words).size(t.font.small)));
    };
    Grid::new("tops").num_columns(5).spacing([t.space.m, 2.0]).show(ui, |ui| {
        for words in [tops.column.as_str(), "Net spend", "Share", "Usual ×", "Customers"] {
            head(ui, words);
        }
        ui.end_row();
        for top in &tops.list {
            let name: String = top.name.chars().take(40).collect();
            ui.label(RichText::new(name).size(t.font.small));
            number(ui, format::money(top.amount, scene.currency()));
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
