//! The most telling differences in words, each with this segment's median beside everyone's.

use egui::{Align, Align2, FontId, Label, Layout, RichText, Sense, Ui, vec2};

use super::{line, section};
use crate::format;
use crate::profile::{Profile, Telling, telling};
use crate::ui::panels::profiles::shown::Shown;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::customers::value;
use crate::ui::widgets::text;

/// Differences on a card.
const MOST: usize = 3;
/// Differences beyond this many standard deviations have the full colour.
const FULL: f64 = 1.5;

pub fn show(ui: &mut Ui, scene: &Scene, shown: &Shown, profile: &Profile) {
    let rfm = &shown.findings.rfm;
    let found = telling(profile, &rfm.customers, &shown.findings.matrix, MOST);
    section(
        ui,
        "Differs most in",
        "Where its mean lies farthest from everyone's, in standard deviations after transform and scale. The numbers are \
         medians: the customer in the middle of this segment, and of everyone.",
    );
    for one in &found {
        difference(ui, scene, shown, profile, one);
    }
    if found.is_empty() {
        text::muted(ui, "Close to the average customer in every feature.");
    }
}

fn difference(ui: &mut Ui, scene: &Scene, shown: &Shown, profile: &Profile, one: &Telling) {
    let t = theme::of(ui);
    let feature = &shown.findings.rfm.customers.features[one.feature];
    let own = &profile.features[one.feature];
    let everyone = shown.findings.portraits.everyone.get(one.feature);
    let write = |v: f64| value(v, feature.unit, scene.currency());
    let sign = if one.difference > 0.0 { "+" } else { "" };
    let mut hint = format!(
        "{}\nMedian {}, half of them between {} and {}, mean {}",
        feature.definition,
        write(own.median),
        write(own.q1),
        write(own.q3),
        write(own.mean)
    );
    if let Some(all) = everyone {
        hint +=
            &format!("\nEveryone: median {}, half between {} and {}", write(all.median), write(all.q1), write(all.q3));
    }
    hint += &format!("\n{sign}{} standard deviations from everyone's mean", format::number(one.difference, 2));
    let line = line(ui, |ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(t.font.small, t.font.body), Sense::hover());
        let arrow = if one.difference > 0.0 { "▲" } else { "▼" };
        let color = t.diverging((one.difference / FULL) as f32).lerp_to_gamma(t.text.normal, 0.25);
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, arrow, FontId::proportional(t.font.tiny), color);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = t.space.xs;
            if let Some(all) = everyone {
                ui.label(
                    RichText::new(format!("everyone {}", write(all.median))).size(t.font.small).color(t.text.faint),
                );
            }
            ui.label(RichText::new(write(own.median)).size(t.font.small).color(t.text.normal));
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let words = format!("{} {}", feature.label, one.words);
                ui.add(Label::new(RichText::new(words).size(t.font.small).color(t.text.muted)).truncate());
            });
        });
    });
    line.on_hover_text(hint);
}
