//! A chart in the window: drawn, pointed at, copied and saved.

use std::sync::Arc;

use egui::{Ui, Vec2};

use crate::chart::{Chart, Pointed};
use crate::ui::scene::Scene;

/// What the user may point at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointing {
    /// Only look.
    Nothing,
    /// Click marks.
    Marks,
    /// Click marks, and drag over a stretch of the horizontal axis.
    Range,
    /// Drag a rectangle over points.
    Area,
}

/// Draws a chart with its title, note and menu (copy, save as PNG, SVG or CSV) into `size`. Returns what was pointed at
/// in this frame, once the click or drag is over.
pub fn show(
    _ui: &mut Ui,
    _scene: &mut Scene,
    _chart: &Arc<Chart>,
    _size: Vec2,
    _pointing: Pointing,
) -> Option<Pointed> {
    None
}

/// The same without title, note and menu, for small pictures within other things.
pub fn bare(
    _ui: &mut Ui,
    _scene: &mut Scene,
    _chart: &Arc<Chart>,
    _size: Vec2,
    _pointing: Pointing,
) -> Option<Pointed> {
    None
}

/// A cut point that is being dragged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CutDrag {
    /// Which of the cuts.
    pub cut: usize,
    /// Where it is now, in values of the axis; stays between its neighbours.
    pub at: f64,
    /// Whether it was let go in this frame.
    pub done: bool,
}

/// [`show`] for bars with vertical lines that can be dragged along the horizontal axis. `cuts` are ascending.
pub fn with_cuts(
    _ui: &mut Ui,
    _scene: &mut Scene,
    _chart: &Arc<Chart>,
    _size: Vec2,
    _cuts: &[f64],
) -> Option<CutDrag> {
    None
}
