//! The hover card: who this is.

use egui::{RichText, Ui};

use super::colors::cluster_color;
use crate::chart::Palette;
use crate::pipeline::Findings;
use crate::rfm::Unit;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::chart::paint;
use crate::ui::widgets::customers::{shown_features, value};
use crate::ui::widgets::text;

const WIDTH: f32 = 240.0;

pub fn show(ui: &mut Ui, scene: &Scene, findings: &Findings, customer: u32) {
    let t = theme::of(ui);
    let i = customer as usize;
    let rfm = &findings.rfm;
    let cluster = findings.chosen.clustering.labels[i] as usize;
    ui.set_max_width(WIDTH);
    ui.spacing_mut().item_spacing.y = t.space.xs;
    ui.label(RichText::new(format!("Customer {}", rfm.customers.ids[i])).family(semibold()));
    ui.horizontal(|ui| {
        text::dot(ui, paint::color(cluster_color(findings, Palette::of(scene.view.dark), cluster)));
        ui.label(findings.profiles.get(cluster).map_or("", |p| p.name.as_str()));
    });
    let mut places = shown_features(rfm, 5);
    // What is on the axes and in the colours is told too.
    let color = match scene.view.segments.map.color {
        crate::app::MapColor::Feature(i) => Some(i),
        _ => None,
    };
    for place in scene.view.axes.features().into_iter().chain(color) {
        if !places.contains(&place) && place < rfm.customers.features.len() {
            places.push(place);
        }
    }
    for place in places {
        let feature = &rfm.customers.features[place];
        let unit = match feature.unit {
            Unit::Days => "days",
            Unit::Count if feature.name == crate::rfm::FREQUENCY => rfm.frequency_of,
            _ => "",
        };
        let unit = if feature.values[i] == 1.0 { unit.strip_suffix('s').unwrap_or(unit) } else { unit };
        let value = value(feature.values[i], feature.unit, scene.currency());
        text::fact(ui, &feature.label, format!("{value} {unit}"));
    }
    if let Some(&segment) = rfm.segment.get(i) {
        let scores: Vec<String> = rfm.scores.iter().map(|a| a.scores[i].to_string()).collect();
        text::fact(ui, "RFM scores", scores.join(" "));
        text::fact(ui, "RFM segment", rfm.map.segments[segment as usize].name.as_str());
    }
}
