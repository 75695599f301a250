//! The segments in front, with their colours.

use std::sync::Arc;

use egui::{Color32, Ui};

use crate::chart::Ink;
use crate::pipeline::Findings;
use crate::profile::{Grouping, Portrait, Profile};
use crate::rfm::Unit;
use crate::ui::panels::rfm::ink;
use crate::ui::scene::Scene;
use crate::ui::theme;

/// Clusters, or the segments of the map.
pub struct Shown {
    pub findings: Arc<Findings>,
    pub current: bool,
    pub grouping: Grouping,
    /// One per segment, in charts and in the window.
    pub inks: Vec<Ink>,
    pub colors: Vec<Color32>,
}

impl Shown {
    pub fn of(ui: &Ui, findings: Arc<Findings>, current: bool, grouping: Grouping) -> Shown {
        let (t, map) = (theme::of(ui), findings.rfm.map.clone());
        let (profiles, _) = findings.portraits.of(grouping, &findings.profiles);
        let of = |(i, profile): (usize, &Profile)| match grouping {
            Grouping::Clusters if findings.chosen.clustering.is_noise(i as u32) => (Ink::Faint, t.text.faint),
            Grouping::Clusters => (Ink::Segment(i), t.segment(i)),
            Grouping::Rfm => {
                let place = map.segments.iter().position(|s| s.name == profile.name).unwrap_or(i);
                (ink::of(&map, place), ink::color(t, &map, place))
            }
        };
        let (inks, colors) = profiles.iter().enumerate().map(of).unzip();
        Shown { findings, current, grouping, inks, colors }
    }

    pub fn profiles(&self) -> &[Profile] {
        self.findings.portraits.of(self.grouping, &self.findings.profiles).0
    }

    pub fn portrait(&self, segment: usize) -> Option<&Portrait> {
        self.findings.portraits.of(self.grouping, &self.findings.profiles).1.get(segment)
    }

    /// Selects the customers of a segment.
    pub fn select(&self, scene: &mut Scene, segment: usize) {
        if let Some(profile) = self.profiles().get(segment).filter(|_| self.current) {
            scene.view.selection_open = true;
            scene.select(profile.members.clone(), profile.name.as_str());
        }
    }

    /// Whether the selection is exactly this segment.
    pub fn is_selected(&self, scene: &Scene, segment: usize) -> bool {
        let members = self.profiles().get(segment).map_or(&[][..], |p| &p.members);
        !members.is_empty() && scene.selection.customers[..] == *members
    }

    /// Places in the customer table of the features that were clustered, in the order of the matrix.
    pub fn clustered(&self) -> Vec<usize> {
        let features = &self.findings.rfm.customers.features;
        let place = |name: &String| features.iter().position(|f| f.name == *name);
        self.findings.matrix.columns.iter().filter_map(|c| place(&c.name)).collect()
    }

    /// Places of all features that are numbers.
    pub fn numbers(&self) -> Vec<usize> {
        let features = self.findings.rfm.customers.features.iter().enumerate();
        features.filter(|(_, f)| f.unit != Unit::Words).map(|(i, _)| i).collect()
    }

    /// What a segment is a part of, for definitions.
    pub fn everyone(&self) -> String {
        crate::format::plural(self.findings.rfm.customers.len(), "customer", "customers")
    }
}
