//! The snake plot: the same picture as on the Lines side of Segments, of clusters or of the segments of the map.

use egui::Ui;

use super::shown::Shown;
use crate::app::LinesKind;
use crate::profile::Grouping;
use crate::ui::panels::segments::lines::{self, Lines};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, choice, state};

pub fn controls(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let view = &mut scene.view.segments.sides.lines;
    choice::switch(ui, &mut view.quartiles, "Quartiles")
        .on_hover_text("Bars that hold the middle half of each segment's customers");
    ui.add_space(t.space.s);
    if !view.order.is_empty() && button::link(ui, "Usual order").clicked() {
        view.order.clear();
    }
}

pub fn show(ui: &mut Ui, scene: &mut Scene, shown: &Shown) {
    let rfm = shown.grouping == Grouping::Rfm;
    let ctx = ui.ctx().clone();
    let noise = shown.findings.chosen.clustering.noise.is_some();
    let segments: Vec<_> = shown.profiles().iter().map(|p| p.name.clone()).zip(shown.inks.iter().copied()).collect();
    let made = scene.cache.follow("profile lines", (shown.findings.clone(), rfm), &ctx, move |(findings, rfm), ctx| {
        let mut labels = vec![u32::MAX; findings.rfm.customers.len()];
        let grouping = if *rfm { Grouping::Rfm } else { Grouping::Clusters };
        let (profiles, _) = findings.portraits.of(grouping, &findings.profiles);
        // Who belongs to no cluster is no segment with a mean.
        let count = profiles.len() - usize::from(noise && !*rfm);
        for (segment, profile) in profiles[..count].iter().enumerate() {
            profile.members.iter().for_each(|&place| labels[place as usize] = segment as u32);
        }
        Lines::of(findings, segments[..count].to_vec(), &labels, ctx)
    });
    let Some(lines) = made.value else {
        ui.vertical_centered(|ui| {
            ui.add_space(ui.available_height() / 3.0);
            ui.spinner();
        });
        return;
    };
    let usable = shown.current && made.current;
    let clicked = state::dimmed(ui, !made.current, |ui| {
        lines::picture(ui, scene, "profile snake", &lines, LinesKind::Snake, usable)
    });
    if let Some(segment) = clicked {
        shown.select(scene, segment);
    }
}
