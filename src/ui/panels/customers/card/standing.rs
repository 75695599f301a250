//! Scores with their cut points, the rule, and what would lift the customer.

use egui::{Align2, FontId, Label, Rect, RichText, Sense, Ui, pos2, vec2};

use super::share_of_all;
use crate::format;
use crate::profile::card::{AxisStanding, FeatureValue, Standing, better, raise};
use crate::rfm::{RfmOut, Unit};
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::customers::value;
use crate::ui::widgets::text;

pub fn show(ui: &mut Ui, scene: &Scene, rfm: &RfmOut, standing: &Standing, features: &[FeatureValue]) {
    let t = theme::of(ui);
    let rule = RichText::new(&standing.rule).size(t.font.body).family(semibold()).color(t.text.normal);
    ui.add(Label::new(rule).wrap()).on_hover_text(format!("The rule of the map “{}”", rfm.map.title));
    text::muted(ui, format!("{} {}", standing.meaning, standing.action));
    for (i, axis) in standing.axes.iter().enumerate() {
        ui.add_space(t.space.xs);
        scale(ui, scene, i, axis, features.get(i));
    }
    ui.add_space(t.space.xs);
    lift(ui, scene, rfm, standing);
}

/// An axis: its value, the share of customers it is better than, and its place between the cut points.
fn scale(ui: &mut Ui, scene: &Scene, at: usize, axis: &AxisStanding, feature: Option<&FeatureValue>) {
    let t = theme::of(ui);
    let unit = if axis.unit == Unit::Days { " days" } else { "" };
    // A cut point of 13.8 days is not one of 14.
    let shown = |v: f64| match axis.unit {
        Unit::Money => value(v, axis.unit, scene.currency()),
        _ => format::short(v),
    };
    let better = feature.map(|f| if at == 0 { f.higher } else { f.lower }).filter(|s| s.is_finite());
    let mut words = format!("{}{unit}", shown(axis.value));
    if let Some(better) = better {
        words += &format!(" · better than {}", share_of_all(better));
    }
    let mut hint = format!(
        "{} {} of {}: cut points at {}{unit}.",
        axis.label,
        axis.score,
        axis.most,
        axis.cuts.iter().map(|c| shown(*c)).collect::<Vec<_>>().join(", ")
    );
    if let Some(better) = better {
        let than = if at == 0 { "higher" } else { "lower" };
        hint += &format!("\n{} of all customers have a {than} value.", share_of_all(better));
    }
    if let Some(among) = &axis.among {
        hint += &format!("\nThese are the cut points among {among}.");
    }
    if let Some(feature) = feature {
        hint += &format!("\n{}", feature.definition);
    }
    text::fact(ui, &axis.label, words).on_hover_text(&hint);
    let high = t.font.small + t.space.xs;
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), high + t.font.tiny + t.space.xs), Sense::hover());
    let spoken = format!("{} score {} of {}", axis.label, axis.score, axis.most);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &spoken));
    let (n, gap) = (axis.cuts.len() + 1, t.shape.ring);
    let wide = (rect.width() - gap * (n - 1) as f32) / n as f32;
    for i in 0..n {
        // From few to many, so that recency runs from score 5 to score 1.
        let score = if at == 0 { n - i } else { i + 1 };
        let left = rect.left() + i as f32 * (wide + gap);
        let cell = Rect::from_min_size(pos2(left, rect.top()), vec2(wide, high));
        let mine = score == usize::from(axis.score);
        let (fill, ink) = if mine { (t.accent.normal, t.accent.on) } else { (t.bg.hover, t.text.muted) };
        ui.painter().rect_filled(cell, t.shape.radius_small, fill);
        ui.painter().text(
            cell.center(),
            Align2::CENTER_CENTER,
            score.to_string(),
            FontId::proportional(t.font.tiny),
            ink,
        );
        if let Some(cut) = axis.cuts.get(i) {
            let x = left + wide + gap / 2.0;
            let font = FontId::proportional(t.font.tiny);
            ui.painter().text(pos2(x, rect.bottom()), Align2::CENTER_BOTTOM, shown(*cut), font, t.text.muted);
        }
    }
    response.on_hover_text(hint);
}

/// What each value alone would do, and the nearest better segment.
fn lift(ui: &mut Ui, scene: &Scene, rfm: &RfmOut, standing: &Standing) {
    let t = theme::of(ui);
    let hint = "With the cut points as they are and every other value as it is";
    let line = |ui: &mut Ui, words: String| {
        ui.add(Label::new(RichText::new(words).size(t.font.small).color(t.text.normal)).wrap()).on_hover_text(hint);
    };
    match &standing.better {
        Some(goal) => {
            text::muted(ui, "Nearest better segment");
            line(ui, format!("{}, with {}", goal.name, better(rfm, goal, scene.currency())));
        }
        None => {
            text::muted(
                ui,
                match standing.is_best {
                    true => "There is no better segment in the map.",
                    false => "No higher score leads to a better segment of the map.",
                },
            );
        }
    }
    if standing.raises.is_empty() {
        return;
    }
    text::muted(ui, "One value alone");
    for step in &standing.raises {
        let letter = ["R", "F", "M"][step.axis.min(2)];
        let leads = match step.segment == standing.segment {
            true => "the segment stays".to_string(),
            false => step.name.clone(),
        };
        line(ui, format!("{} → {letter} {}, {leads}", sentence(&raise(rfm, step, scene.currency())), step.score));
    }
}

fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}
