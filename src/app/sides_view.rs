//! What the other sides of the Segments panel show: components, distances, lines.

use serde::{Deserialize, Serialize};

/// How features are drawn side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum LinesKind {
    /// Every feature an upright axis.
    #[default]
    Parallel,
    /// Means in standard deviations on one axis.
    Snake,
}

/// A stretch of a feature's axis that customers have to lie in.
#[derive(Debug, Clone, PartialEq)]
pub struct Brush {
    /// The feature's name in outputs.
    pub feature: String,
    /// Least and greatest value in the transformed, scaled space.
    pub from: f64,
    pub to: f64,
}

/// State of the lines.
#[derive(Debug, Clone, PartialEq)]
pub struct LinesView {
    pub kind: LinesKind,
    /// Each axis with its feature's own range and units, in place of one scale of standard deviations for all.
    pub own_units: bool,
    /// Whether single customers are drawn, and the quartiles of each cluster.
    pub customers: bool,
    pub quartiles: bool,
    /// Names of features from the left; those that are not in it follow in the order of the table.
    pub order: Vec<String>,
    pub brushes: Vec<Brush>,
}

impl Default for LinesView {
    fn default() -> Self {
        LinesView {
            kind: LinesKind::Parallel,
            own_units: true,
            customers: true,
            quartiles: true,
            order: Vec::new(),
            brushes: Vec::new(),
        }
    }
}

impl LinesView {
    /// Places in `names` in the order that was chosen.
    pub fn arranged(&self, names: &[String]) -> Vec<usize> {
        let mut order: Vec<usize> = self.order.iter().filter_map(|n| names.iter().position(|m| m == n)).collect();
        order.extend((0..names.len()).filter(|i| !self.order.contains(&names[*i])));
        order
    }

    /// Moves the axis at place `from` to place `to`.
    pub fn move_axis(&mut self, names: &[String], from: usize, to: usize) {
        let mut order = self.arranged(names);
        if from < order.len() && to < order.len() {
            let moved = order.remove(from);
            order.insert(to, moved);
            self.order = order.into_iter().map(|i| names[i].clone()).collect();
        }
    }
}

/// State of those sides that changes no finding.
#[derive(Debug, Clone)]
pub struct SidesView {
    /// Components across and up, from 0.
    pub components: (usize, usize),
    pub lines: LinesView,
}

impl Default for SidesView {
    fn default() -> Self {
        SidesView { components: (0, 1), lines: LinesView::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_move_and_unknown_names_are_forgotten() {
        let names = ["r", "f", "m"].map(String::from);
        let mut view = LinesView { order: vec!["gone".into(), "m".into()], ..LinesView::default() };
        assert_eq!(view.arranged(&names), [2, 0, 1]);
        view.move_axis(&names, 0, 2);
        assert_eq!(view.arranged(&names), [0, 1, 2]);
        view.move_axis(&names, 2, 1);
        assert_eq!(view.arranged(&names), [0, 2, 1]);
        view.move_axis(&names, 0, 7);
        assert_eq!(view.arranged(&names), [0, 2, 1]);
    }
}
