//! Which features customers are clustered by.

use egui::Ui;

use crate::rfm::RfmOut;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, card, text};

pub fn show(ui: &mut Ui, scene: &mut Scene, rfm: &RfmOut) {
    let Some(choice) = scene.session.recipe().map(|r| r.features.clone()) else { return };
    let all = &rfm.customers.features;
    let names = rfm.features(&choice).columns;
    let is_on = |i: usize| names.as_ref().is_none_or(|n| n.iter().any(|name| rfm.customers.position(name) == Some(i)));
    let on: Vec<bool> = (0..all.len()).map(is_on).collect();
    let count = on.iter().filter(|o| **o).count();
    let t = theme::of(ui);
    card::card(ui, |ui| {
        ui.horizontal(|ui| {
            text::heading(ui, "Clustered by");
            text::muted_line(ui, format!("{count} of {}", crate::format::plural(all.len(), "feature", "features")));
            if choice.columns.is_some() && button::link(ui, "Use the usual ones").clicked() {
                scene.decide("Use the usual features", false, |r| r.features.columns = None);
            }
        });
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = t.space.m;
            for (i, feature) in all.iter().enumerate() {
                let mut chosen = on[i];
                // The last one stays: there is nothing to cluster by without any.
                let may_change = !chosen || count > 1;
                let check = ui.add_enabled(may_change, egui::Checkbox::new(&mut chosen, feature.label.as_str()));
                if check.on_hover_text(feature.definition.as_str()).changed() {
                    let names = (0..all.len()).filter(|&j| if j == i { chosen } else { on[j] });
                    let names: Vec<String> = names.map(|j| all[j].name.clone()).collect();
                    let verb = if chosen { "Cluster by" } else { "Do not cluster by" };
                    let label = format!("{verb} {}", feature.label.to_lowercase());
                    scene.decide(label, false, |r| r.features.columns = Some(names));
                }
            }
        });
        for note in &rfm.notes {
            text::muted(ui, note.as_str());
        }
    });
}
